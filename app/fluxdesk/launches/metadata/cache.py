"""Metadata on disk: what each `uri` held, stored by content, so that a picture copied a thousand times is kept once.

Blocking; runs in a worker thread. Bounded in bytes: the least recently used goes first. Anything damaged or missing is
a miss."""

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec

from fluxdesk.launches.metadata.document import Document

MAX_BYTES = 64 * 1024 * 1024
KEEP_PART = 0.8


class _Entry(msgspec.Struct, frozen=True):
    """What a `uri` held: the document, the hash of the small picture if there is one, a remark, and when (Unix
    seconds)."""

    uri: str
    document: Document
    picture: str | None
    message: str
    wall_s: int


class Kept(msgspec.Struct, frozen=True):
    """A hit: the same, with the picture itself."""

    document: Document
    picture: bytes | None
    message: str


class MetadataCache:
    """A folder with `names/` (one small file a `uri`) and `pictures/` (PNG files named by their SHA-256)."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES):
        self._folder, self._names, self._pictures = folder, folder / "names", folder / "pictures"
        self._max_bytes = max_bytes

    def get(self, uri: str, newer_than_s: int) -> Kept | None:
        """What the `uri` held when last asked, unless that was before `newer_than_s`."""
        path = self._names / _digest(uri.encode())
        try:
            entry = msgspec.json.decode(path.read_bytes(), type=_Entry)
            if entry.uri != uri or entry.wall_s < newer_than_s:
                return None
            picture = self._picture(entry.picture) if entry.picture else None
            os.utime(path)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, _Damaged):
            return None
        return Kept(entry.document, picture, entry.message)

    def put(self, uri: str, kept: Kept, wall_s: int) -> None:
        """Remember what a `uri` held. Losing it (disk full) costs another fetch and is not an error."""
        try:
            for folder in (self._folder, self._names, self._pictures):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            digest = _digest(kept.picture) if kept.picture is not None else None
            if kept.picture is not None and digest is not None:
                _write(self._pictures / digest, kept.picture)
            entry = _Entry(uri, kept.document, digest, kept.message, wall_s)
            _write(self._names / _digest(uri.encode()), msgspec.json.encode(entry))
            self._trim()
        except OSError:
            return

    def _picture(self, digest: str) -> bytes:
        path = self._pictures / digest
        data = path.read_bytes()
        if _digest(data) != digest:
            raise _Damaged
        os.utime(path)
        return data

    def _trim(self) -> None:
        files = [
            (s.st_mtime_ns, s.st_size, p) for f in (self._names, self._pictures) for p in f.iterdir() if (s := p.stat())
        ]
        size = sum(size for _, size, _ in files)
        if size <= self._max_bytes:
            return
        for _, part, path in sorted(files):
            path.unlink(missing_ok=True)
            size -= part
            if size <= self._max_bytes * KEEP_PART:
                return


class _Damaged(Exception):
    """A file is not what its name says."""


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    """All or nothing: a reader never sees half a file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
