"""The history as lines: one for each thing that moved in a transaction, with its exact amount. Pure: no Qt, no clock.

What the node did not say stays unknown here; nothing is filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from fluxdesk.core.wallet_views import ChainView, HistoryItem
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import MINUS, UNKNOWN, address_key, remote, short_address
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
        transfer: From one address to another; else a program moved it.
    """

    item: HistoryItem
    place: int
    direction: Direction
    asset: str
    amount: int | None
    other: str
    transfer: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Tells it from every other line."""
        return self.item.tx, self.place


def lines(items: Sequence[HistoryItem]) -> list[Line]:
    """One line for each thing that moved, in the order of the items. Fees stand beside, not among them."""
    made = []
    for item in items:
        if item.moves:
            moved = [(m.kind, m.asset, int(m.change_base), m.other or "") for m in item.moves if m.kind != "fee"]
        else:
            moved = [("change", c.asset, int(c.change_base), "") for c in item.changes]
        moved = [one for one in moved if one[2]]
        for place, (kind, asset, n, other) in enumerate(moved):
            made.append(Line(item, place, "in" if n > 0 else "out", asset, abs(n), other, kind == "transfer"))
        if not moved:
            made.append(Line(item, 0, "none", "", None, ""))
    return made


def state_word(item: HistoryItem) -> str:
    """What became of the transaction, as the chain said it."""
    if item.state is not None:
        return {
            "included": tr(_C, "not final"),
            "final": tr(_C, "final"),
            "failed": tr(_C, "failed"),
            "withdrawn": tr(_C, "withdrawn"),
        }[item.state]
    if item.ok is None:
        return tr(_C, "not said")
    return tr(_C, "done") if item.ok else tr(_C, "failed")


def state_sentence(item: HistoryItem) -> str:
    """The same, with what it means."""
    more = {
        "included": tr(_C, "On the chain; the chain may still take it back"),
        "final": tr(_C, "On the chain for good, by the number of blocks on top that this chain asks for"),
        "failed": tr(_C, "It ran and failed: only the fee was paid"),
        "withdrawn": tr(_C, "It was on the chain, and the chain took it back: it counts as never having happened"),
    }
    if item.state is not None:
        return more[item.state]
    if item.ok is None:
        return tr(_C, "The endpoint does not say whether it went through")
    return tr(_C, "It went through; whether for good was not asked") if item.ok else more["failed"]


def state_tone(item: HistoryItem) -> str:
    """Its colour, which the word says as well."""
    if item.state == "failed" or (item.state is None and item.ok is False):
        return "sell"
    return "text2" if item.state == "final" or (item.state is None and item.ok) else "warn"


def counts(item: HistoryItem) -> bool:
    """Whether what it moved stands: a transaction that the chain took back moved nothing."""
    return item.state != "withdrawn"


def direction_word(line: Line) -> str:
    """In or out, with its arrow."""
    if line.direction == "none":
        return tr(_C, "no change")
    return tr(_C, "▲ received") if line.direction == "in" else tr(_C, "▼ sent")


def kind_word(line: Line) -> str:
    """What a movement was, for the head of its amount."""
    if line.direction == "in":
        return tr(_C, "Received") if line.transfer else tr(_C, "Gained")
    return tr(_C, "Sent") if line.transfer else tr(_C, "Lost")


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
    name = names.get(address_key(line.other))
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
    if which == "failed" and line.item.ok is not False and line.item.state not in ("failed", "withdrawn"):
        return False
    known = names.get(address_key(line.other), "") if line.other else ""
    hay = " ".join((line.item.tx, line.asset, line.other, known, asset_words(line.asset, units))).lower()
    return all(word in hay for word in words.lower().split())
