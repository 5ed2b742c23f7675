"""The known-bad list: a local file of addresses that are warned of, sorted, looked up by halving, never loaded whole.

Its form is ours: a first line `fluxdesk-known-bad 1 DATE COUNT SOURCE`, then one line an address, `ACCOUNT WHY`,
sorted by their bytes. `imported` reads what others publish: one address a line, CSV, or JSON arrays of addresses or of
objects. There is no network here: the user fetches lists. A list is a help and no proof: what is missing from it is not
cleared by that.
"""

import contextlib
import csv
import io
import os
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from fluxdesk_host.agent.limits import canonical
from fluxdesk_host.keys.addresses import parse_evm_address, parse_solana_address
from fluxdesk_host.keys.errors import KeyFormatError

FILE: Final = "known-bad.txt"
MAGIC: Final = "fluxdesk-known-bad 1 "
LONGEST_WHY: Final = 120
LONGEST_FILE: Final = 256 << 20
MOST: Final = 2_000_000
_BLOCK: Final = 1_024
"""Bytes that are read at a time: longer than any line."""


class NoList(Exception):
    """A file that is not taken as a list; the message is for the user."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One address of the list, as an account name, and why it is there."""

    account: str
    why: str = ""


class KnownBad:
    """The list of one folder. A missing or damaged one is empty, and says so."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1
        self._identity: tuple[int, ...] | None = None
        self._start = self._end = 0
        self.date = ""
        self.source = ""
        self.count = 0
        self.problem = ""

    def refresh(self) -> bool:
        """Opens the file if it is another one than before. Whether it was."""
        try:
            found = self._path.stat()
            identity = (found.st_ino, found.st_size, found.st_mtime_ns)
        except FileNotFoundError:
            identity = None
        except OSError as error:
            self.problem = f"It cannot be read ({error.strerror})."
            return False
        if identity == self._identity and (identity is None) == (self._file < 0):
            return False
        self.close()
        self._identity = identity
        if identity is not None:
            self._open()
        return True

    def _open(self) -> None:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as error:
            self.problem = f"It cannot be read ({error.strerror})."
            return
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            self.problem = "It is no file. Bring a list in again."
            return
        head = os.pread(descriptor, _BLOCK, 0)
        line, newline, _ = head.partition(b"\n")
        try:
            parts = line.decode().removeprefix(MAGIC).split(" ", 2)
            if not newline or not line.startswith(MAGIC.encode()):
                raise ValueError
            self.date, self.count = date.fromisoformat(parts[0]).isoformat(), int(parts[1])
            self.source = parts[2] if len(parts) > 2 else ""
        except (ValueError, IndexError):
            os.close(descriptor)
            self.problem = "It has not the form of a list. It was left as it is; bring one in again."
            return
        self._file, self._start = descriptor, len(line) + 1
        self._end = os.fstat(descriptor).st_size

    def close(self) -> None:
        """Knows no list any more."""
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
        self.date = self.source = self.problem = ""
        self.count = 0

    def find(self, account: str) -> Entry | None:
        """The entry of an account name in canonical form."""
        if self._file < 0:
            return None
        wanted = account.encode()
        low, high = self._start, self._end  # the line we look for begins in [low, high)
        while low < high:
            middle = (low + high) // 2
            at, line = self._line_from(middle, low)
            name, _, why = line.partition(b" ")
            if name == wanted:
                return Entry(account, why.decode("utf-8", "replace"))
            if not line or name > wanted:
                high = middle
            else:
                low = at + len(line) + 1
        return None

    def _line_from(self, at: int, low: int) -> tuple[int, bytes]:
        """The first line that begins at `at` or after it; empty at the end."""
        if at > low:
            block = os.pread(self._file, _BLOCK, at - 1)
            newline = block.find(b"\n")
            if newline < 0 or at + newline >= self._end:
                return self._end, b""
            at += newline
        return at, os.pread(self._file, _BLOCK, at).partition(b"\n")[0]


def imported(text: bytes, name: str) -> tuple[list[Entry], int]:
    """The addresses of a published list, and how many entries were no address. Raises `NoList`."""
    try:
        written = text.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoList(f"{name} is not a text. Nothing was changed.") from None
    stripped = written.lstrip()
    rows = _json_rows(written, name) if stripped[:1] in {"[", "{"} else _text_rows(written)
    found: dict[str, Entry] = {}
    strange = 0
    for address, why in rows:
        account = account_of(address)
        if account is None:
            strange += 1
        elif account not in found or not found[account].why:
            found[account] = Entry(account, _plain(why))
        if len(found) > MOST:
            raise NoList(f"{name} names more than {MOST:,} addresses. Nothing was changed.")
    if not found:
        raise NoList(f"No address was found in {name}. Nothing was changed.")
    return sorted(found.values(), key=lambda e: e.account.encode()), strange


def account_of(address: str) -> str | None:
    """The account name of an address of either family, or of an account name; None for anything else."""
    address = address.strip().strip("\"'")
    family, colon, rest = address.partition(":")
    if colon and family in {"evm", "solana"}:
        address = rest
    with contextlib.suppress(KeyFormatError):
        if address[:2].lower() == "0x":
            return "evm:0x" + parse_evm_address(canonical(address)).hex()
        parse_solana_address(address)
        return f"solana:{address}"
    return None


def store(folder: Path, entries: Iterable[Entry], day: str, source: str) -> int:
    """Puts a list in the place of the one before, whole or not at all; how many it holds. Raises `OSError`."""
    rows = sorted({e.account: e for e in entries}.values(), key=lambda e: e.account.encode())
    new, path = folder / (FILE + ".new"), folder / FILE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    new.unlink(missing_ok=True)
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(f"{MAGIC}{day} {len(rows)} {_plain(source)}\n")
            file.writelines(f"{e.account} {e.why}".rstrip() + "\n" for e in rows)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    return len(rows)


def update(folder: Path, file: Path, day: str | None = None) -> tuple[int, int, str]:
    """Brings a published list in: how many addresses, how many entries were none, its date. Raises `NoList`, `OSError`.

    `day`: of the list, `YYYY-MM-DD`; that of its file where None.
    """
    found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise NoList(f"{file.name} is no file. Nothing was changed.")
    if found.st_size > LONGEST_FILE:
        raise NoList(f"{file.name} is larger than {LONGEST_FILE >> 20} MiB. Nothing was changed.")
    entries, strange = imported(file.read_bytes(), file.name)
    if day is None:
        day = datetime.fromtimestamp(found.st_mtime, UTC).date().isoformat()
    try:
        day = date.fromisoformat(day).isoformat()
    except ValueError:
        raise NoList(f"{day} is no date. Write it as 2026-11-21. Nothing was changed.") from None
    return store(folder, entries, day, file.name), strange, day


def _text_rows(text: str) -> Iterator[tuple[str, str]]:
    lines = (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "//", MAGIC)))
    for line in lines:
        if "," in line:
            try:
                cells = next(csv.reader(io.StringIO(line)), [])
            except csv.Error:  # a cell of more than 128 KiB
                cells = []
            first = next((i for i, cell in enumerate(cells) if account_of(cell) is not None), None)
            rest = ", ".join(c.strip() for i, c in enumerate(cells) if i != first and c.strip())
            yield ("", "") if first is None else (cells[first], rest)
        else:
            address, _, why = line.strip().partition(" ")
            yield address, why


def _json_rows(text: str, name: str) -> Iterator[tuple[str, str]]:
    try:
        whole = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        raise NoList(f"{name} is not well-formed JSON. Nothing was changed.") from None
    yield from _of_value(whole, "", 0)


def _of_value(value: Any, why: str, depth: int) -> Iterator[tuple[str, str]]:
    """Strings, arrays of them, objects with an `address`, and objects that group any of these under a name."""
    if isinstance(value, str):
        yield value, why
    elif isinstance(value, list) and depth < 4:
        for item in value:
            yield from _of_value(item, why, depth + 1)
    elif isinstance(value, dict):
        address = value.get("address")
        if isinstance(address, str):
            said = (value.get(key) for key in ("why", "comment", "reason", "label", "name", "category"))
            yield address, next((s for s in said if isinstance(s, str) and s), why)
        elif depth < 4:
            for key, item in value.items():
                if account_of(key) is not None:
                    yield key, item if isinstance(item, str) else why
                elif isinstance(item, list | dict):
                    yield from _of_value(item, key if not isinstance(item, dict) else why, depth + 1)


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_WHY]
