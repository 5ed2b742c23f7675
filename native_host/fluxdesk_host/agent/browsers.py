"""The agent's lasting channel key and the browsers that were paired with it: one small file, for its owner alone.

Not in the keystore, because a browser is to be told "locked" by an agent it knows. Neither key signs anything.

A file that cannot be read as one is set aside as `.damaged` and a new key is made: browsers then see another key, which
they refuse, and are paired anew. Nothing is guessed from half a file.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


KEY_BYTES: Final = 32
LONGEST: Final = 1 << 20
"""Bytes of a file that is read."""


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
            self._file = self._read() or self._fresh()
        return self._file

    def _read(self) -> _File | None:
        try:
            with open(self._path, "rb") as file:
                data = file.read(LONGEST + 1)
        except FileNotFoundError:
            return None
        try:
            read = msgspec.json.decode(data, type=_File)
            if len(read.key) == KEY_BYTES and len(data) <= LONGEST:
                return read
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
        self._path.replace(self._path.with_suffix(".damaged"))
        return None

    def _fresh(self) -> _File:
        file = _File(os.urandom(KEY_BYTES))
        self._write(file)
        return file

    def _write(self, file: _File) -> None:
        new = self._path.with_suffix(".next")
        new.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(new, flags, 0o600), "wb") as out:
            out.write(msgspec.json.encode(file))
            out.flush()
            os.fsync(out.fileno())
        new.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
