"""The audit log as bytes: reading and verifying it. Pure but for reading the two files; writes nothing.

`audit.log` is the eight bytes `FLUXAUD1` and then one frame a record:

    length  4 bytes, little-endian, of the record
    before  32 bytes, the hash of the frame before (of the first: the hash of the eight bytes)
    record  JSON, with its number `n` from 1
    hash    32 bytes, sha256 of length, before and record

`audit.head` is 112 bytes: how many records are on disk for certain (8, little-endian), the hash of the last one (32);
then the same of the last moment the wallet was open (40), with its HMAC-SHA256 under a key of the wallet (32).
"""

import hashlib
import hmac
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal

import msgspec

MAGIC: Final = b"FLUXAUD1"
LONGEST: Final = 1 << 20
"""Bytes of one record, at most."""
REPORTED: Final = 10_000
"""Records between two words of how far a verification is."""
_LENGTH: Final = struct.Struct("<I")
_COUNT: Final = struct.Struct("<Q")
_HASH: Final = 32
OVERHEAD: Final = _LENGTH.size + 2 * _HASH
START: Final = hashlib.sha256(MAGIC).digest()
HEAD_SIZE: Final = 2 * (_COUNT.size + _HASH) + _HASH

What = Literal["changed", "missing", "reordered", "missing at the end", "not a log", "sealed otherwise", "no head"]


class Frame(msgspec.Struct, frozen=True):
    """One whole frame. `sound` when its own hash fits."""

    offset: int
    before: bytes
    record: bytes
    digest: bytes
    sound: bool

    @property
    def number(self) -> int:
        """The record's own number."""
        try:
            return max(0, msgspec.json.decode(self.record, type=_Numbered).n)
        except msgspec.MsgspecError:
            return 0


class _Numbered(msgspec.Struct):
    n: int


class Head(msgspec.Struct, frozen=True):
    """What `audit.head` says: records on disk for certain, and the seal of the wallet."""

    count: int = 0
    last: bytes = START
    sealed_count: int = 0
    sealed_last: bytes = START
    seal: bytes = bytes(_HASH)

    def pack(self) -> bytes:
        """As in the file."""
        return b"".join(
            (_COUNT.pack(self.count), self.last, _COUNT.pack(self.sealed_count), self.sealed_last, self.seal)
        )

    @staticmethod
    def unpack(data: bytes) -> "Head | None":
        """From the file; None when it is none."""
        if len(data) != HEAD_SIZE:
            return None
        step = _COUNT.size + _HASH
        (count,), (sealed,) = _COUNT.unpack_from(data, 0), _COUNT.unpack_from(data, step)
        return Head(count, data[8:step], sealed, data[step + 8 : 2 * step], data[2 * step :])

    def sealed_by(self, key: bytes) -> bool:
        """Whether the seal is that of this key."""
        return hmac.compare_digest(self.seal, seal_of(key, self.sealed_count, self.sealed_last))


class Problem(msgspec.Struct, frozen=True):
    """What is wrong, with the number of the record it was found at and where that stands in the file."""

    what: What
    record: int
    offset: int
    sentence: str


class Verdict(msgspec.Struct, frozen=True):
    """The whole log: how many records are sound from the beginning on, what is wrong, and the bytes of a torn tail."""

    records: int
    last: bytes
    end: int
    problems: tuple[Problem, ...] = ()
    torn: int = 0


def seal_of(key: bytes, count: int, last: bytes) -> bytes:
    """HMAC of a head under the wallet's key."""
    return hmac.digest(key, b"fluxdesk audit head 1" + _COUNT.pack(count) + last, "sha256")


def frame(record: bytes, before: bytes) -> tuple[bytes, bytes]:
    """A record as it goes into the file, and its hash."""
    head = _LENGTH.pack(len(record)) + before
    digest = hashlib.sha256(head + record).digest()
    return head + record + digest, digest


def head_of(log: Path) -> Path:
    """The file beside a log that says how far it was synced."""
    return log.with_suffix(".head")


def read_head(log: Path) -> Head | None:
    """None when there is none or it cannot be one."""
    try:
        return Head.unpack(head_of(log).read_bytes())
    except OSError:
        return None


def frames(file: BinaryIO) -> Iterator[Frame]:
    """The whole frames after the eight bytes, sound or not, as long as their lengths lead to a next one."""
    offset = file.tell()
    while True:
        head = file.read(_LENGTH.size + _HASH)
        if len(head) < _LENGTH.size + _HASH:
            return
        (length,) = _LENGTH.unpack_from(head)
        if not 0 < length <= LONGEST:
            return
        rest = file.read(length + _HASH)
        if len(rest) < length + _HASH:
            return
        record, digest = rest[:length], rest[length:]
        sound = hashlib.sha256(head + record).digest() == digest
        yield Frame(offset, head[_LENGTH.size :], record, digest, sound)
        offset += OVERHEAD + length


def verify(log: Path, key: bytes | None = None, report: Callable[[int, int], None] | None = None) -> Verdict:
    """Reads a log from end to end. `key` is the wallet's, to check the seal with. Raises `OSError`.

    `report` is told now and then how many bytes of how many were read.
    What lies behind the last record that was synced for certain is `torn`, not a problem: nothing ever left on it.
    """
    head = read_head(log)
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        if file.read(len(MAGIC)) != MAGIC:
            return Verdict(0, START, 0, (Problem("not a log", 0, 0, "The file is no audit log of Fluxdesk."),))
        if head is None:
            said = "The file that says how far the log was synced is missing or unreadable."
            return Verdict(0, START, 0, (Problem("no head", 0, 0, said),))
        count, last, end = 0, START, len(MAGIC)
        passed = {0: START}
        for found in frames(file):
            if not found.sound or found.before != last:
                break
            count, last, end = count + 1, found.digest, found.offset + OVERHEAD + len(found.record)
            if report is not None and count % REPORTED == 0:
                report(end, size)
            if count in {head.count, head.sealed_count}:
                passed[count] = last
        problems: tuple[Problem, ...] = ()
        if count < head.count:
            file.seek(len(MAGIC))
            problems = _diagnosis(file, head.count)
        elif passed[head.count] != head.last or (key is not None and not _seal_fits(head, key, passed)):
            said = "The log is whole but is not the one that was written: its end or the wallet's seal differs."
            problems = (Problem("sealed otherwise", head.count, end, said),)
    return Verdict(count, last, end, problems, 0 if problems else size - end)


def _seal_fits(head: Head, key: bytes, passed: dict[int, bytes]) -> bool:
    if head.sealed_count == 0:
        return True
    return head.sealed_by(key) and passed.get(head.sealed_count) == head.sealed_last


def _diagnosis(file: BinaryIO, synced: int) -> tuple[Problem, ...]:
    """What happened to a log whose chain breaks before its end: which records were changed, went or moved."""
    problems: list[Problem] = []
    gaps: list[tuple[range, int]] = []
    digests = {0: START}
    highest = previous = 0
    offset = len(MAGIC)
    for found in frames(file):
        number = found.number if found.sound else previous + 1
        if not found.sound or number in digests:
            problems.append(_problem("changed", number, found.offset))
        elif number < highest:
            problems.append(_problem("reordered", number, found.offset))
        elif number > highest + 1:
            gaps.append((range(highest + 1, number), found.offset))
        elif digests[highest] != found.before:  # the one before it was changed and given a hash that fits
            problems.append(_problem("changed", highest, found.offset))
        digests[number] = found.digest
        highest, previous = max(highest, number), number
        offset = found.offset + OVERHEAD + len(found.record)
    for gap, where in gaps:
        problems += [_problem("missing", gone, where) for gone in gap[:100] if gone not in digests]
    if highest < synced:
        if file.seek(0, 2) > offset:
            problems.append(_problem("changed", highest + 1, offset))
        else:
            said = f"Records {highest + 1} to {synced} are missing at the end; {synced} were synced."
            problems.append(Problem("missing at the end", highest + 1, offset, said))
    return tuple(sorted(problems, key=lambda p: p.record))


def _problem(what: What, record: int, offset: int) -> Problem:
    said = {
        "changed": f"Record {record} was changed (at byte {offset}).",
        "missing": f"Record {record} is missing (before byte {offset}).",
        "reordered": f"Record {record} stands behind a later one (at byte {offset}).",
    }
    return Problem(what, record, offset, said[what])
