"""The audit log as the agent writes it: every request, decision and signature, append-only, hash-chained, group commit.

`append` fixes a record's place in the chain at once; the future it returns is done when the record is on disk. Nothing
leaves the agent before that. Many records that come together share one sync.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from fluxdesk_host.agent.audit_file import (
    MAGIC,
    START,
    Head,
    Problem,
    Verdict,
    frame,
    frames,
    head_of,
    seal_of,
    verify,
)
from fluxdesk_host.agent.clocks import Stamp
from fluxdesk_host.keystore.files import sync_folder


class AuditDamaged(Exception):
    """The log is not the one that was written. Nothing is signed on it; it is left as it was found."""

    def __init__(self, log: Path, problems: tuple[Problem, ...]) -> None:
        found = " ".join(p.sentence for p in problems[:3])
        super().__init__(
            f"The audit log {log} does not verify. {found} Nothing was changed and nothing will be signed on it. "
            "Look at it with `fluxdesk keys audit verify`; then set it aside to begin a new one."
        )
        self.problems = problems


class AuditFailed(Exception):
    """A record could not be written, so what it was to record did not happen."""


class Spend(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one effect of a signed request takes, in base units. `amount` None: not to be known."""

    asset: str
    method: str
    to: str = ""
    amount: int | None = 0
    fiat_micro: int | None = None


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One record. Never holds a key, a passphrase or a signature; of signatures and payloads it holds the sha256."""

    n: int = 0
    at: Stamp | None = None
    event: str
    id: str = ""
    origin: str = ""
    account: str = ""
    chain: str = ""
    kind: str = ""
    digest: str = ""
    decision: str = ""
    reason: str = ""
    result: str = ""
    spends: tuple[Spend, ...] = ()
    wallet: str = ""
    note: str = ""
    keystore: str = ""
    """The generation of the keystore from here on, where it is another one than before."""


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Entry)


class AuditLog:
    """One open log. Only one process has it open: the caller holds the profile's lock."""

    def __init__(self, log: Path, stamp: Callable[[], Stamp]) -> None:
        self._log = log
        self._stamp = stamp
        self._file = -1
        self._head_file = -1
        self._queued: list[bytes] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._count = self._written = 0
        self._last = self._written_last = START
        self._end = len(MAGIC)
        self._head = Head()
        self._seal_key: bytes | None = None
        self._task: asyncio.Task[None] | None = None
        self._writer = ThreadPoolExecutor(1, "audit")
        self.torn = 0
        """Bytes of an unfinished record that were set aside when the log was opened."""

    @property
    def records(self) -> int:
        """Appended so far, those included that are on their way to the disk."""
        return self._count

    def open(self, each: Callable[[Entry], None]) -> None:
        """Opens or begins the log and hands every record to `each`. Raises `AuditDamaged` or `OSError`.

        What a crash left unfinished at the end was never acknowledged; it is kept in a file beside the log.
        """
        if not self._log.exists() and not head_of(self._log).exists():
            _begin(self._log)
        verdict = self._checked()
        self._file = os.open(self._log, os.O_RDWR | os.O_CLOEXEC)
        self._head_file = os.open(head_of(self._log), os.O_RDWR | os.O_CLOEXEC)
        self._head = Head.unpack(os.pread(self._head_file, 4096, 0)) or Head()
        self._count = self._written = verdict.records
        self._last = self._written_last = verdict.last
        self._end = verdict.end
        self.torn = os.fstat(self._file).st_size - verdict.end
        if self.torn:
            self._set_tail_aside()
        for entry in entries(self._log):
            each(entry)

    def unseal(self, key: bytes) -> None:
        """Checks the log against the wallet's seal and seals from now on. Raises `AuditDamaged`."""
        verdict = verify(self._log, key)
        if verdict.problems:
            raise AuditDamaged(self._log, verdict.problems)
        self._seal_key = key

    def forget_seal(self) -> None:
        """At lock: the key goes, the last seal stays."""
        self._seal_key = None

    def append(self, entry: Entry) -> "asyncio.Future[None]":
        """Puts a record at the end of the chain. The future is done when it is synced, or fails with `AuditFailed`."""
        self._count += 1
        record = _ENCODER.encode(msgspec.structs.replace(entry, n=self._count, at=self._stamp()))
        data, self._last = frame(record, self._last)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queued.append(data)
        self._waiting.append(done)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._commit())
        return done

    async def flush(self) -> None:
        """Waits until everything appended is on disk or has failed."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> None:
        """Writes what is queued and closes the files."""
        await self.flush()
        self._writer.shutdown()
        for descriptor in (self._file, self._head_file):
            if descriptor >= 0:
                os.close(descriptor)
        self._file = self._head_file = -1

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queued:
            data, waiting = b"".join(self._queued), self._waiting
            count, last, key = self._count, self._last, self._seal_key
            self._queued, self._waiting = [], []
            try:
                await loop.run_in_executor(self._writer, self._write, data, count, last, key)
            except OSError as error:
                waiting += self._waiting  # they follow a record that is not there
                self._queued, self._waiting = [], []
                self._count, self._last = self._written, self._written_last
                why = f"The audit log could not be written ({error.strerror}). Nothing was signed. Make room and retry."
                _settle(waiting, AuditFailed(why))
            else:
                self._written, self._written_last = count, last
                _settle(waiting, None)
        self._task = None

    def _write(self, data: bytes, count: int, last: bytes, key: bytes | None) -> None:
        """In the writer's thread. Raises `OSError`, with the file as it was before."""
        try:
            _write_all(self._file, data, self._end)
            os.fdatasync(self._file)
            head = Head(count, last, self._head.sealed_count, self._head.sealed_last, self._head.seal)
            if key is not None:
                head = Head(count, last, count, last, seal_of(key, count, last))
            _write_all(self._head_file, head.pack(), 0)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
            raise
        self._end += len(data)
        self._head = head

    def _checked(self) -> Verdict:
        """The log as it is found; what lies behind the last synced record is no damage. Raises `AuditDamaged`."""
        try:
            verdict = verify(self._log)
        except FileNotFoundError:
            missing = Problem("missing", 1, 0, "The log is gone; the file that says how far it went is there.")
            raise AuditDamaged(self._log, (missing,)) from None
        if verdict.problems:
            raise AuditDamaged(self._log, verdict.problems)
        return verdict

    def _set_tail_aside(self) -> None:
        tail = os.pread(self._file, self.torn, self._end)
        place = self._log.with_suffix(f".torn-{self._count}")
        with place.open("wb") as file:
            file.write(tail)
            file.flush()
            os.fsync(file.fileno())
        os.ftruncate(self._file, self._end)
        os.fsync(self._file)


def entries(log: Path) -> Iterator[Entry]:
    """Every sound record of a log, in order. Raises `OSError`."""
    with log.open("rb") as file:
        file.seek(len(MAGIC))
        for found in frames(file):
            if not found.sound:
                return
            yield _DECODER.decode(found.record)


def export(log: Path) -> Iterator[bytes]:
    """The records as lines of JSON, each as it was written. Raises `OSError`."""
    with log.open("rb") as file:
        file.seek(len(MAGIC))
        for found in frames(file):
            yield found.record + b"\n"


def set_aside(log: Path) -> Path:
    """Moves a damaged log and its head out of the way, under the next free name. Raises `OSError`."""
    number = 1
    while (place := log.with_name(f"{log.stem}-damaged-{number}.log")).exists():
        number += 1
    for source, target in ((log, place), (head_of(log), head_of(place))):
        with contextlib.suppress(FileNotFoundError):
            source.rename(target)
    sync_folder(log.parent)
    return place


def _begin(log: Path) -> None:
    for path, data in ((head_of(log), Head().pack()), (log, MAGIC)):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            _write_all(descriptor, data, 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    sync_folder(log.parent)


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


def _settle(waiting: "list[asyncio.Future[None]]", error: AuditFailed | None) -> None:
    for future in waiting:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
            future.exception()  # who did not wait for it is not to be told of it again
