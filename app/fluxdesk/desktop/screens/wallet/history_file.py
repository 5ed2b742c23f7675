"""The history as a file: comma-separated lines, and beside them a file that says what each column is."""

import csv
import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from fluxdesk.core.private_file import write_private
from fluxdesk.core.wallet_views import ChainView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.screens.wallet.history_rows import Line, Unit, state_word
from fluxdesk.desktop.words import address_key

_C = "History"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a cell that begins so."""


def columns() -> tuple[tuple[str, str], ...]:
    """(name, definition) of every column."""
    return (
        ("time_utc", tr(_C, "Time in UTC. Empty where the chain said none.")),
        ("clock", tr(_C, "Whose clock that is: chain for the block's, node for when this computer saw it.")),
        ("chain", tr(_C, "The chain, as CAIP-2 names it.")),
        ("account", tr(_C, "The account this is the history of.")),
        ("direction", tr(_C, "in, out, or none where nothing of the account moved.")),
        ("amount", tr(_C, "The exact amount in whole units. Empty where the decimals of the asset are unknown.")),
        ("symbol", tr(_C, "What the asset's contract or mint calls itself; anyone can choose any name.")),
        ("amount_base", tr(_C, "The exact amount in base units, without a sign.")),
        ("decimals", tr(_C, "Base units in a whole one, as a power of ten.")),
        ("asset", tr(_C, "native for the chain's own coin, else the address of contract or mint.")),
        ("counterparty", tr(_C, "The other side, where there is exactly one and the node named it.")),
        ("counterparty_name", tr(_C, "Your own name for it, from accounts and address book.")),
        ("fee_base", tr(_C, "What the account paid for the whole transaction in base units of the chain's coin. "
                           "Repeated on every line of the transaction: count it once. Empty: it paid none.")),
        ("state", tr(_C, "final; not final: the chain may still take it back; failed: only the fee was paid; "
                        "withdrawn: the chain took it back; done: went through, finality not asked; not said.")),
        ("block", tr(_C, "Block or slot.")),
        ("block_hash", tr(_C, "Hash of the block, where the endpoint gave it.")),
        ("transaction", tr(_C, "Hash or signature.")),
    )  # fmt: skip


def table(
    lines: Sequence[Line], chain: ChainView, account: str, units: Mapping[str, Unit], names: Mapping[str, str]
) -> str:
    """The lines as comma-separated text with a head."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name for name, _ in columns()])
    for line in lines:
        writer.writerow([_plain(cell) for cell in _cells(line, chain, account, units, names)])
    return out.getvalue()


def definitions(covers: str, whole: bool) -> str:
    """What each column is, and what is not in the file, likewise."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["column", "definition"])
    writer.writerows(columns())
    writer.writerow(["(covers)", covers])
    if not whole:
        writer.writerow(["(covers)", tr(_C, "Older transactions exist and were not read into this file.")])
    return out.getvalue()


def write(path: Path, text: str, about: str) -> Path:
    """Both files, for the user alone, each whole or not at all; the path of the second. Blocks. Raises `OSError`."""
    beside = path.with_name(f"{path.stem}-definitions.csv")
    for file, content in ((beside, about), (path, text)):
        write_private(file, content.encode())
    return beside


def _cells(
    line: Line, chain: ChainView, account: str, units: Mapping[str, Unit], names: Mapping[str, str]
) -> list[str]:
    item, unit = line.item, units.get(line.asset)
    decimals = None if unit is None else unit.decimals
    at = "" if item.time_s is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(item.time_s))
    return [
        at,
        item.clock,
        chain.id,
        account,
        line.direction,
        "" if line.amount is None or decimals is None else _whole(line.amount, decimals),
        "" if unit is None else unit.symbol,
        "" if line.amount is None else str(line.amount),
        "" if decimals is None else str(decimals),
        line.asset,
        line.other,
        names.get(address_key(line.other), ""),
        item.fee_base or "",
        state_word(item),
        "" if item.block is None else str(item.block),
        item.block_hash,
        item.tx,
    ]


def _whole(base: int, decimals: int) -> str:
    digits = f"{base:0{decimals + 1}d}"
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


def _plain(cell: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    one = "".join(c if c.isprintable() else " " for c in cell)
    return f"'{one}" if one.startswith(_FORMULA) else one
