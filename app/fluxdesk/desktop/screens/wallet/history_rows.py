"""The history as lines: one for each thing that moved in a transaction, with its exact amount. Pure: no Qt, no clock.

What the node did not say stays unknown here; nothing is filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fluxdesk.core.wallet_views import ChainView, HistoryItem
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import MINUS, UNKNOWN, remote, short_address
from fluxdesk.desktop.words import amount as exact

_C = "History"
Direction = Literal["in", "out", "none"]
NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Unit:
    """What an asset's amounts are written in. `decimals` None: in base units."""

    symbol: str
    decimals: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that moved, or a transaction in which nothing of the account did.

    Attributes:
        place: Which of its transaction's lines it is.
        amount: Base units, never below zero; None where nothing moved, or nobody said.
        other: The other side, where there is exactly one and the node named it.
    """

    item: HistoryItem
    place: int
    direction: Direction
    asset: str
    amount: int | None
    other: str

    @property
    def key(self) -> tuple[str, int]:
        """Tells it from every other line."""
        return self.item.tx, self.place


def lines(items: Sequence[HistoryItem]) -> list[Line]:
    """One line for each thing that moved, in the order of the items."""
    made = []
    for item in items:
        changes = [(c.asset, int(c.change_base)) for c in item.changes]
        moved = [(asset, n) for asset, n in changes if n]
        for place, (asset, n) in enumerate(moved):
            made.append(Line(item, place, "in" if n > 0 else "out", asset, abs(n), ""))
        if not moved:
            made.append(Line(item, 0, "none", "", None, ""))
    return made


def state_word(item: HistoryItem) -> str:
    """What became of the transaction, as the chain said it."""
    if item.ok is None:
        return tr(_C, "not said")
    return tr(_C, "done") if item.ok else tr(_C, "failed")


def state_tone(item: HistoryItem) -> str:
    """Its colour, which the word says as well."""
    return "warn" if item.ok is None else "text2" if item.ok else "sell"


def direction_word(line: Line) -> str:
    """In or out, with its arrow."""
    if line.direction == "none":
        return tr(_C, "nothing moved")
    return tr(_C, "▲ received") if line.direction == "in" else tr(_C, "▼ sent")


def amount_words(line: Line, units: Mapping[str, Unit]) -> str:
    """The exact amount with its sign; base units where the decimals are unknown."""
    if line.amount is None:
        return "–"
    unit = units.get(line.asset)
    said = exact(str(line.amount), None if unit is None else unit.decimals)
    return f"{'+' if line.direction == 'in' else MINUS}{said}"


def asset_words(asset: str, units: Mapping[str, Unit]) -> str:
    """The symbol, else the ends of its address."""
    if not asset:
        return ""
    unit = units.get(asset)
    if unit is not None and unit.symbol:
        return remote(unit.symbol, 16)
    return short_address(asset, 6)


def other_words(line: Line, names: Mapping[str, str]) -> str:
    """The other side by the owner's own name for it, with its address."""
    if not line.other:
        return tr(_C, "not one address") if line.direction != "none" else ""
    name = names.get(line.other.lower())
    return f"{remote(name, 32)} · {short_address(line.other, 6)}" if name else line.other


def fee_words(item: HistoryItem, chain: ChainView) -> str:
    """What the account paid for it."""
    if item.fee_base is None:
        return "–"
    return f"{exact(item.fee_base, chain.decimals)} {remote(chain.symbol, 12)}"


def height_word(chain: ChainView) -> str:
    """What a chain counts."""
    return tr(_C, "Slot") if chain.family == "solana" else tr(_C, "Block")


def height(item: HistoryItem) -> str:
    """Block or slot."""
    return UNKNOWN if item.block is None else f"{item.block:,}"


def fits(line: Line, which: str, words: str, units: Mapping[str, Unit], names: Mapping[str, str]) -> bool:
    """Whether a line passes the filter: `all`, `in`, `out` or `failed`, and every typed word somewhere in it."""
    if which in ("in", "out") and line.direction != which:
        return False
    if which == "failed" and line.item.ok is not False:
        return False
    known = names.get(line.other.lower(), "") if line.other else ""
    hay = " ".join((line.item.tx, line.asset, line.other, known, asset_words(line.asset, units))).lower()
    return all(word in hay for word in words.lower().split())
