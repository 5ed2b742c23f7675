"""The agent's lasting channel key and the browsers that were paired with it: one small file, for its owner alone.

Not in the keystore, because a browser is to be told "locked" by an agent it knows. Neither key signs anything.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


class _File(msgspec.Struct):
    key: bytes
    browsers: dict[str, str] = {}


class Browsers:
    """Made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: _File | None = None

    def static(self) -> "X25519PrivateKey":
        """The agent's key. Raises `OSError`."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        return X25519PrivateKey.from_private_bytes(self._loaded().key)

    def knows(self, key: bytes) -> bool:
        """Whether a browser's key was paired."""
        return key.hex() in self._loaded().browsers

    def add(self, key: bytes, name: str) -> None:
        """Raises `OSError`, with nothing changed."""
        file = self._loaded()
        file.browsers[key.hex()] = name
        try:
            self._write(file)
        except OSError:
            del file.browsers[key.hex()]
            raise

    def forget(self, key: str) -> bool:
        """Whether there was one. Raises `OSError`."""
        file = self._loaded()
        if file.browsers.pop(key, None) is None:
            return False
        self._write(file)
        return True

    def names(self) -> dict[str, str]:
        """Public key in hex -> the name it gave itself."""
        return dict(self._loaded().browsers)

    def _loaded(self) -> _File:
        if self._file is None:
            try:
                self._file = msgspec.json.decode(self._path.read_bytes(), type=_File)
            except FileNotFoundError:
                self._file = _File(os.urandom(32))
                self._write(self._file)
        return self._file

    def _write(self, file: _File) -> None:
        new = self._path.with_suffix(".next")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, msgspec.json.encode(file))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(self._path)
