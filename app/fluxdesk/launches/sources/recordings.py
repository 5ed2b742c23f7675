"""Reading recorded transactions from disk, one document at a time: whole JSON files, JSON lines, journals of ours.

Blocking; runs in a worker thread. Memory stays bounded by one document: a file is read whole only up to
`WHOLE_MAX_BYTES`, larger ones are taken as JSON lines. The bytes of a document are passed on unchanged."""

import sqlite3
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fluxdesk.core.clock import Clock
from fluxdesk.core.events import Raw, Shape
from fluxdesk.core.ids import SOLANA, evm_network
from fluxdesk.launches.inputs import Found, find
from fluxdesk.launches.journal.errors import JournalError

SUFFIXES = (".json", ".jsonl", ".ndjson", ".sqlite")
"""What is taken out of a folder. A file named by itself is read whatever it is called."""
WHOLE_MAX_BYTES = 64 * 1024 * 1024
LINE_MAX_BYTES = 16 * 1024 * 1024
_LINES = (".jsonl", ".ndjson")
_SQLITE = b"SQLite format 3\x00"
_EVM = (Shape.EVM_LOG, Shape.EVM_RECEIPT)


class Recorded(NamedTuple):
    """A document, and when it happened (nanoseconds since the Unix epoch) where the recording says so."""

    raw: Raw
    at_ns: int | None


class NotReadable(Exception):
    """A file, or a line of it, cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a document gets that its recording does not state."""

    source: str
    clock: Clock
    evm_chain_id: int = 1
    """A recorded log does not say its chain."""


def not_a_file(path: Path) -> str | None:
    """Why a path cannot be read like a file, in words; None when it can. Opens nothing.

    A pipe may have no writer and a device no end. What a shell hands over by `/dev/stdin` or `<(...)` has a writer.

    Raises:
        OSError: There is nothing, or nothing that may be looked at.
    """
    mode = path.stat().st_mode
    if stat.S_ISREG(mode) or (stat.S_ISFIFO(mode) and path.parts[:2] == ("/", "dev")):
        return None
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    return f"is {kinds.get(stat.S_IFMT(mode), 'a device')}, not a file; save what it gives in one first"


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file to read: in the order given, a folder's by path, hidden ones left out. Blocking."""
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            shown = (p for p in inside if not any(part.startswith(".") for part in p.relative_to(path).parts))
            yield from sorted(shown)
        else:
            yield path


def read_file(path: Path, stamp: Stamp) -> Iterator[Recorded | NotReadable]:
    """The documents of a file in order; what cannot be read comes as `NotReadable` in its place, and the rest
    follows."""
    try:
        if why := not_a_file(path):
            yield NotReadable(f"it {why}")
            return
        if not path.is_file():
            yield from _lines(path, stamp)  # a pipe from the shell: read once, and only forwards
            return
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
        if head == _SQLITE:
            yield from _journal(path)
        elif path.suffix.lower() in _LINES or path.stat().st_size > WHOLE_MAX_BYTES:
            yield from _lines(path, stamp)
        else:
            yield from _whole(path, stamp)
    except OSError as error:
        yield NotReadable(error.strerror or type(error).__name__)


def _journal(path: Path) -> Iterator[Recorded | NotReadable]:
    from fluxdesk.launches.journal.reader import JournalReader

    try:
        reader = JournalReader(path)
        try:
            for _, raw in reader.read():
                yield Recorded(raw, raw.wall_ns)
        finally:
            reader.close()
    except (JournalError, sqlite3.Error) as error:
        yield NotReadable(str(error))


def _whole(path: Path, stamp: Stamp) -> Iterator[Recorded | NotReadable]:
    content = path.read_bytes()
    try:
        document = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        if b"\n" not in content.strip():
            yield NotReadable("it is not JSON")
        else:
            yield from _lines(path, stamp)
        return
    if isinstance(document, list) and document and not _is_log(document[0]):
        # One document each, so that one bad transaction refuses itself and not its neighbours.
        parts = msgspec.json.decode(content, type=list[msgspec.Raw])
        for part, value in zip(parts, document, strict=True):
            yield _document(bytes(part), value, stamp)
    else:
        yield _document(content, document, stamp)


def _lines(path: Path, stamp: Stamp) -> Iterator[Recorded | NotReadable]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LINE_MAX_BYTES):
            number += 1
            if len(line) == LINE_MAX_BYTES and not line.endswith(b"\n"):
                while (rest := file.readline(LINE_MAX_BYTES)) and not rest.endswith(b"\n"):
                    pass
                yield NotReadable(f"line {number:,} is longer than {LINE_MAX_BYTES >> 20} MB")
                continue
            if not (line := line.strip()):
                continue
            try:
                value = msgspec.json.decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                yield NotReadable(f"line {number:,} is not JSON")
                continue
            yield _document(line, value, stamp)


def _document(content: bytes, value: Any, stamp: Stamp) -> Recorded | NotReadable:
    found = list(find(value))
    if not found:
        return NotReadable("it holds no transaction or log")
    shape = found[0].shape if len(found) == 1 and found[0].value is value else Shape.AUTO
    network = evm_network(stamp.evm_chain_id) if all(f.shape in _EVM for f in found) else SOLANA
    now = stamp.clock.now()
    raw = Raw(stamp.source, network, shape, _slot(found[0]), now.wall, now.mono, content)
    return Recorded(raw, _time_ns(found[0]))


def _slot(found: Found) -> int | None:
    slot = found.slot
    if slot is None and isinstance(found.value, dict):
        slot = found.value.get("slot")
    return slot if type(slot) is int else None


def _time_ns(found: Found) -> int | None:
    time = found.block_time
    if time is None and isinstance(found.value, dict):
        time = found.value.get("blockTime", found.value.get("timestamp"))
    return time * 1_000_000_000 if type(time) is int else None


def _is_log(value: object) -> bool:
    return isinstance(value, dict) and "topics" in value
