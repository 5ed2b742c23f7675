"""Where contracts of ours stand: a file in the agent's folder that others hand over, and what of it is believed.

`fluxdesk contracts deploy` writes it. Nothing in it is taken on trust: see `signing.ours.deployments`.
"""

import os
from pathlib import Path
from typing import Final

from fluxdesk_host.signing.ours.deployments import MOST_BYTES, read, registry_with
from fluxdesk_host.signing.ours.families import METHODS
from fluxdesk_host.signing.registry import Registry
from fluxdesk_host.signing.standard import standard

FILE: Final = "deployments.json"


class Deployments:
    """The recognisers in force, with those of our contracts where they stand. A file that is not there adds none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity: tuple[int, ...] | None = None
        self._registry: Registry | None = None

    def registry(self) -> Registry:
        """Read anew when the file is another one than before."""
        identity = self._look()
        if self._registry is None or identity != self._identity:
            self._identity = identity
            self._registry = registry_with(standard(), read(self._bytes()) if identity else (), METHODS)
        return self._registry

    def _look(self) -> tuple[int, ...] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_size, found.st_mtime_ns)

    def _bytes(self) -> bytes:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return b""
        data = bytearray()
        try:
            while len(data) <= MOST_BYTES and (more := os.read(descriptor, 1 << 20)):
                data += more
        except OSError:  # a folder, for one
            return b""
        finally:
            os.close(descriptor)
        return bytes(data)
