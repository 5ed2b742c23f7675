"""Writes a file for the user's eyes alone: mode 0600 from its first byte, whole or not at all, also after a kill."""

import os
from pathlib import Path


def write_private(path: Path, data: bytes | bytearray) -> None:
    """Puts `data` at `path`, over what was there, on the disk before it returns. Blocks. Raises `OSError`."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            os.fchmod(descriptor, 0o600)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
