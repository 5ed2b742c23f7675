"""Which trades a chart draws: ghost prints are found by their neighbours, left out, counted, and kept in the journal.

Works on one token's trades in chain order and holds at most one of them back. Nothing is removed from the store.
"""

import msgspec

from fluxdesk.core.events import Row

FAR = 10.0
"""A print more than this many times off its neighbours is suspect (docs/definitions.md, Ghost print)."""
NEAR = 2.0
"""The neighbours must agree within this factor, else the market itself moved."""


class Print(msgspec.Struct, frozen=True, gc=False):
    """One trade as the chart sees it. `price_f64` is None when an amount is zero or the decimals are unknown."""

    seq: int
    """Journal number."""
    row: Row
    slot: int
    time_s: int
    price_f64: float | None
    same_mint: bool = False
    other_quote: bool = False


Decided = tuple[Print, str | None]
"""(print, why the chart leaves it out; None when it is drawn)."""


def apart(a: float, b: float) -> float:
    """How many times the smaller fits in the larger; both positive."""
    return a / b if a >= b else b / a


def ghost_reason(before: float, suspect: float) -> str:
    """The words for a suspect whose neighbours agree on `before`."""
    if apart(suspect * before, 1.0) < NEAR:
        return "reversed: the price is one divided by its neighbours'"
    return f"{apart(suspect, before):,.0f} times off its neighbours within one slot, and back"


class PrintFilter(msgspec.Struct):
    """Decides prints one by one. A suspect waits for the next print, or for a later slot without one."""

    price_f64: float | None = None
    """The last drawn price."""
    suspect: Print | None = None

    def step(self, new: Print) -> list[Decided]:
        """Takes the next print; returns what is decided now, oldest first."""
        price = new.price_f64
        if new.same_mint:
            return [(new, "wrap or unwrap: both sides are the same mint")]
        if new.other_quote:
            return [(new, "paid in another mint than the chart")]
        if price is None or price <= 0.0:
            return [(new, "no price: an amount is zero or the decimals are unknown")]
        before = self.price_f64
        if self.suspect is None and (before is None or apart(price, before) <= FAR):
            self.price_f64 = price
            return [(new, None)]
        decided = self._take_back_or_accept(new, price)
        assert self.price_f64 is not None
        if apart(price, self.price_f64) <= FAR:
            self.price_f64 = price
            decided.append((new, None))
        else:
            self.suspect = new
        return decided

    def settle(self, slot: int | None) -> list[Decided]:
        """Accepts the suspect once `slot` is more than one later than it; None accepts it in any case."""
        suspect = self.suspect
        if suspect is None or (slot is not None and slot - suspect.slot <= 1):
            return []
        self.suspect = None
        self.price_f64 = suspect.price_f64
        return [(suspect, None)]

    def _take_back_or_accept(self, new: Print, price: float) -> list[Decided]:
        suspect, before = self.suspect, self.price_f64
        if suspect is None or suspect.price_f64 is None or before is None:
            return []
        self.suspect = None
        off = apart(price, suspect.price_f64) > FAR
        if new.slot - suspect.slot <= 1 and off and apart(price, before) <= NEAR:
            return [(suspect, ghost_reason(before, suspect.price_f64))]
        self.price_f64 = suspect.price_f64
        return [(suspect, None)]
