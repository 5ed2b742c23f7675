"""`fluxdesk decode FILE...`: what recorded transactions, notifications, receipts or events say, one row each.

The JSON rows are a contract (docs/decode.md). Every file is read even when another fails; then
the exit code is 2.
"""

import sys
from collections.abc import Iterator, Sequence
from json import dumps, loads
from pathlib import Path
from typing import TextIO

import msgspec

from fluxdesk.core.events import Kind, Row, printed
from fluxdesk.launches.context import DecodeContext

_LARGEST = 1 << 30
_LONGEST_INTEGER = 4300
_GZIP = b"\x1f\x8b"


class UnreadableFile(ValueError):
    """A file holds nothing to decode; the message says why in one line."""


def rows_of(path: Path, ctx: DecodeContext) -> Iterator[Row]:
    """Rows of one file in order. Raises `UnreadableFile` before the first row."""
    from fluxdesk.launches.decode import decode_found, defect
    from fluxdesk.launches.inputs import find

    found = summary = False
    for document in documents(path):
        summary = summary or _is_summary(document)
        for thing in find(document):
            found = True
            try:
                rows = decode_found(thing, ctx)
            except Exception as error:  # noqa: BLE001 - one transaction must not take the others with it
                rows = defect(error, thing.slot)
            yield from rows
    if not found and summary:
        raise UnreadableFile("holds a block without its transactions; ask for it with transactionDetails full")
    if not found:
        raise UnreadableFile("holds no transaction, log or event")


def _is_summary(document: object) -> bool:
    """Whether a document is a block, alone or as an RPC answer, of which only accounts or signatures were asked for."""
    block = document.get("result", document) if isinstance(document, dict) else None
    return (
        isinstance(block, dict) and "blockhash" in block and bool(block.get("signatures") or block.get("transactions"))
    )


def documents(path: Path) -> Iterator[object]:
    """The JSON documents of a file: one, or one a line. Raises `UnreadableFile`."""
    from fluxdesk.launches.sources.recordings import not_a_file

    try:
        if why := not_a_file(path):
            raise UnreadableFile(why)
        with path.open("rb") as file:  # a pipe or device has no size before it is read
            data = file.read(_LARGEST + 1) if path.stat().st_size <= _LARGEST else None
    except UnreadableFile:
        raise
    except (OSError, ValueError) as e:  # a ValueError is a name with a zero in it
        raise UnreadableFile(f"cannot be read: {getattr(e, 'strerror', None) or e}") from None
    if data is None or len(data) > _LARGEST:
        raise UnreadableFile("is larger than 1 GB; split it, or use fluxdesk replay, which streams")
    if data.startswith(_GZIP):
        raise UnreadableFile("is compressed; unpack it first")
    if not data.strip():
        raise UnreadableFile("is empty")
    lines = data.splitlines()
    try:
        document = _parsed(data)
    except _NotJson as e:
        if len(lines) < 2 or not _is_json(lines[0]):
            raise UnreadableFile(f"is not JSON: {e}") from None
    else:
        yield document
        return
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _parsed(line)
        except _NotJson as e:
            raise UnreadableFile(f"line {n} is not JSON: {e}; the lines before it were read") from None


class _NotJson(ValueError):
    """The message is the parser's."""


def _parsed(data: bytes) -> object:
    """JSON as the strict parser reads it, else as Python's own, which takes what only tools write: NaN, integers of any
    size, byte order marks, UTF-16. Raises `_NotJson`.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        if "trailing characters" in str(e):
            raise _NotJson(str(e)) from None
        try:
            value = loads(data, parse_int=_integer)
            dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
        except (ValueError, RecursionError):
            raise _NotJson(str(e)) from None
        return value


def _integer(digits: str) -> int | None:
    """None for what Python itself refuses to count to; no field of ours is that long."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def _is_json(line: bytes) -> bool:
    try:
        _parsed(line)
    except _NotJson:
        return False
    return True


def run(files: Sequence[Path], json: bool = False, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Decode every file to `out`. Returns the exit code: 0, or 2 if any file failed."""
    out, err = out or sys.stdout, err or sys.stderr
    encode = msgspec.json.Encoder().encode
    failed = False
    ctx = DecodeContext()  # one for all files: a pool created in one is known in the next
    for path in files:
        try:
            for row in rows_of(path, ctx):
                out.write(encode(printed(row)).decode() + "\n" if json else sentence(row) + "\n")
        except UnreadableFile as e:
            failed = True
            err.write(f"fluxdesk decode: {path}: {e}\n")
    return 2 if failed else 0


def sentence(row: Row) -> str:
    """One row as a line for people."""
    where = f"{row.venue or '-':<17} {visible(row.signature or '-')[:16]} {row.index or '-':<6}"
    if row.kind in (Kind.UNKNOWN, Kind.REFUSED):
        return f"{row.kind:<9} {where} {row.reason}"
    mint, pool = visible(row.token_mint or "unknown"), visible(row.pool or "unknown")
    token = visible(row.symbol or row.token_mint or "unknown mint")
    if row.kind is Kind.TRADE:
        quote = visible(row.quote_mint or "unknown mint")
        return f"{row.kind:<9} {where} {row.side} {row.token_amount} of {token} for {row.quote_amount} of {quote}"
    if row.kind is Kind.LAUNCH:
        return f"{row.kind:<9} {where} {token} ({visible(row.name or '-')}) mint {mint}"
    return f"{row.kind:<9} {where} {token} pool {pool} {row.reason or ''}".rstrip()


def visible(text: str) -> str:
    """Remote text for a terminal: control and bidi characters as boxes, at most 64 characters."""
    import unicodedata

    return "".join("\u25a1" if unicodedata.category(c).startswith("C") else c for c in text[:64])
