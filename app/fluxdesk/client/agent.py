"""Starts the signing agent with an inherited channel and speaks on it: commands, replies, and what it says unasked.

The channel is a socket pair made here and handed to nobody else; the agent locks and ends when this end closes.
"""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from fluxdesk_host.agent import owner
from fluxdesk_host.agent.wire import Link

_ENCODER = msgspec.json.Encoder()
STORE_S = 10.0
"""How long a secret store may take to answer."""
Ours: TypeAlias = socket.socket
"""Our end of the channel."""


class AgentGone(RuntimeError):
    """The agent does not run, or ended before it answered."""


class AgentRefused(RuntimeError):
    """The agent said no; the message is its sentence, `code` one of `protocol.errors.REFUSALS`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def start(
    data: Path, mode: Literal["practice", "live"], output: Path, key_ring: bool = False
) -> "tuple[subprocess.Popen[bytes], socket.socket]":
    """The process and our end of its channel. Blocks for the fork alone. Raises `OSError`.

    `output` takes what the agent writes: that it is ready, and errors; never a secret. `key_ring`: it may reach the
    desktop's secret store, for which its sandbox leaves Unix sockets connectable.
    """
    output.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    mine, theirs = socket.socketpair()
    number = theirs.fileno()
    line = [sys.executable, "-m", "fluxdesk_host.agent", "--data", str(data), "--mode", mode, "--channel", str(number)]
    if key_ring:
        line.append("--key-ring")
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
                line,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                pass_fds=(number,),
                start_new_session=True,
            )
        finally:
            os.close(descriptor)
    except OSError:
        mine.close()
        raise
    finally:
        theirs.close()
    mine.setblocking(False)
    return process, mine


async def secret_store() -> bool:
    """Whether this desktop has a secret store that can be used: asked in a process of its own, which ends."""
    code = "import sys; from fluxdesk_host.keystore.device import available; sys.exit(0 if available() else 1)"
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        return False
    try:
        return await asyncio.wait_for(process.wait(), STORE_S) == 0
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        return False


class AgentChannel:
    """The owner's end. `on_push` gets what the agent says unasked, `on_end` is told once that it is over."""

    def __init__(self, on_push: Callable[[owner.Reply], None], on_end: Callable[[], None]) -> None:
        self._on_push, self._on_end = on_push, on_end
        self._link: Link | None = None
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._n = 0

    async def open(self, ours: socket.socket) -> None:
        """Takes our end over. Raises `OSError`."""
        link = Link(self._frame, self._closed, b"")
        await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
        self._link = link

    @property
    def closed(self) -> bool:
        """Whether nothing can be said any more."""
        return self._link is None or self._link.closed

    async def ask(self, command: owner.Command) -> Any:
        """The body of the agent's `ok`. The command's secrets are wiped once they are sent.

        Raises:
            AgentRefused: it said no.
            AgentGone: it ended before it answered.
        """
        link = self._link
        if link is None or link.closed:
            wipe(command)
            raise AgentGone
        self._n += 1
        number = self._n  # others ask while this one waits
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        body = bytearray()
        _ENCODER.encode_into(msgspec.structs.replace(command, n=number), body)
        wipe(command)
        link.send(body)
        body[:] = bytes(len(body))
        try:
            return await answer
        finally:
            self._asked.pop(number, None)

    def close(self) -> None:
        """Ends it, and with it the agent."""
        if self._link is not None:
            self._link.close()

    def _frame(self, link: Link, view: memoryview) -> None:
        try:
            reply = owner.decode_reply(view)
        except msgspec.MsgspecError:
            link.close()
            return
        if isinstance(reply, owner.Ok | owner.Failed):
            answer = self._asked.get(reply.n)
            if answer is None or answer.done():
                return
            if isinstance(reply, owner.Ok):
                answer.set_result(reply.body)
            else:
                answer.set_exception(AgentRefused(reply.code, reply.reason))
            return
        self._on_push(reply)

    def _closed(self, link: Link) -> None:
        self._link = None
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(AgentGone())
        self._on_end()


def wipe(command: owner.Command) -> None:
    """Overwrites the secrets of a command."""
    for field in command.__struct_fields__:
        value = getattr(command, field)
        if isinstance(value, bytearray):
            value[:] = bytes(len(value))


async def ended(process: "subprocess.Popen[bytes]", within_s: float) -> int | None:
    """Its exit code, once it has ended; after `within_s` it is terminated, and killed when that does not help."""
    for stop in (None, process.terminate, process.kill):
        if stop is not None:
            with contextlib.suppress(ProcessLookupError):
                stop()
        for _ in range(max(1, round(within_s / 0.02))):
            if process.poll() is not None:
                return process.returncode
            await asyncio.sleep(0.02)
    return process.poll()
