"""Reading and replacing the keystore's file: whole or not at all, on the disk before it counts, one generation kept.

At every moment the path holds a complete file. Order of a write: `.new` written and synced, the present file linked as
`.previous`, `.new` renamed over it, the folder synced. https://man7.org/linux/man-pages/man2/rename.2.html
"""

import errno
import os
from pathlib import Path

from fluxdesk_host.keystore.errors import KeystoreDiskFull, KeystoreMissing, KeystoreUnreadable, KeystoreUnwritable
from fluxdesk_host.keystore.sealed import LONGEST

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def previous_of(path: Path) -> Path:
    """Where the generation before the present one is."""
    return path.with_name(path.name + ".previous")


def read(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        KeystoreMissing, KeystoreUnreadable: as their names say.
    """
    try:
        with open(path, "rb", opener=_regular) as file:
            data = file.read(LONGEST + 1)
    except FileNotFoundError:
        raise KeystoreMissing(path) from None
    except OSError as error:
        raise KeystoreUnreadable(path, error.strerror or "unknown") from None
    if len(data) > LONGEST:
        raise KeystoreUnreadable(path, f"it is larger than {LONGEST} bytes")
    return data


def _regular(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe in its place must not hold us up


def replace(path: Path, data: bytes, *, keep_previous: bool = True) -> None:
    """Put `data` in the place of the file, readable by its owner only. The present one becomes the previous generation.

    Raises:
        KeystoreDiskFull, KeystoreUnwritable: nothing was changed.
    """
    new = path.with_name(path.name + ".new")
    try:
        _write(new, data)
        if keep_previous and path.exists():
            _keep(path)
        os.replace(new, path)
        sync_folder(path.parent)
    except OSError as error:
        new.unlink(missing_ok=True)
        if error.errno in _FULL:
            raise KeystoreDiskFull(path) from None
        raise KeystoreUnwritable(path, error.strerror or "unknown") from None


def put_aside(path: Path) -> None:
    """Give a damaged file another name, under which it stays. Does nothing where there is none.

    Raises:
        KeystoreUnwritable: nothing was changed.
    """
    number, aside = 1, path.with_name(path.name + ".damaged")
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{number}")
    try:
        os.rename(path, aside)
    except FileNotFoundError:
        return
    except OSError as error:
        raise KeystoreUnwritable(path, error.strerror or "unknown") from None


def _write(new: Path, data: bytes) -> None:
    new.unlink(missing_ok=True)  # left by a write that was cut off
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep(path: Path) -> None:
    """Give the present file its second name; where the file system has no links, a synced copy."""
    previous = previous_of(path)
    link = path.with_name(path.name + ".link")
    link.unlink(missing_ok=True)
    try:
        os.link(path, link)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        _write(link, path.read_bytes())
    os.replace(link, previous)
    link.unlink(missing_ok=True)  # two names of one file: rename(2) does nothing then


def sync_folder(folder: Path) -> None:
    """What was made or renamed in it is on the disk when this returns. Blocks. Raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
