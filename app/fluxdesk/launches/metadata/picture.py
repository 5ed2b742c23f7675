"""Turning a downloaded picture into a small PNG, in a process of its own that a hostile file may ruin.

Nothing is decoded here. The child is `picture_child.py`; it is killed when it takes too long.
"""

import asyncio
import os
import sys
from contextlib import suppress

from fluxdesk.launches.metadata.errors import NotAllowed

WITHIN_S = 6.0
ANSWER_MAX = 256 * 1024
_AT_ONCE = 2


class PictureShop:
    """Decodes pictures, a few at once."""

    def __init__(self, at_once: int = _AT_ONCE, within_s: float = WITHIN_S):
        self._slots = asyncio.Semaphore(at_once)
        self._within_s = within_s

    async def small_png(self, data: bytes) -> bytes:
        """A square PNG of at most 128 px. Raises `NotAllowed` with why the file is not shown."""
        async with self._slots:
            return await self._in_child(data)

    async def _in_child(self, data: bytes) -> bytes:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", "fluxdesk.launches.metadata.picture_child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            close_fds=True,
        )
        try:
            async with asyncio.timeout(self._within_s):
                answer, _ = await child.communicate(data)
        except TimeoutError:
            raise NotAllowed("it takes too long to decode") from None
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
        if child.returncode or len(answer) > ANSWER_MAX:
            raise NotAllowed("decoding it takes too much memory or time")
        if answer[:2] != b"OK":
            raise NotAllowed(answer[2:].decode("utf-8", "replace"))
        return answer[2:]
