"""What Meteora's two programs share: both state a swap once or twice (EvtSwap, EvtSwap2), and fees on the side that
paid them.
"""

from typing import NamedTuple

from fluxdesk.core.events import Fee
from fluxdesk.launches.venues.common import num, opt_num
from fluxdesk.launches.venues.pools import Fields

_FEES = (
    ("trading", "trading_fee"),
    ("lp", "lp_fee"),
    ("lp", "claiming_fee"),
    ("compounding", "compounding_fee"),
    ("protocol", "protocol_fee"),
    ("partner", "partner_fee"),
    ("referral", "referral_fee"),
)
"""Fees of a swap result over all versions of both programs. Every one is a share of its own; their sum is the fee
paid.
"""


_COMPOUNDING = 2


def _named(fee: str, e: Fields) -> str:
    """DAMM v2 reused the partner's place in the swap result for its compounding fee, of one fee mode alone."""
    return "partner" if fee == "compounding" and e.get("collect_fee_mode") != _COMPOUNDING else fee


class Legs(NamedTuple):
    """A swap as the program states it: what went in with its fees, what came out after them."""

    amount_in: int
    amount_out: int
    fees: tuple[tuple[str, int], ...]
    fee_on_input: bool | None
    """None when the version does not let one know."""


def swap_event(events: list[tuple[str, Fields]], newest: tuple[str, ...], older: str) -> tuple[str, Fields] | None:
    """The one event that stands for the swap: the newest that was stated."""
    for names in (newest, (older,)):
        for name, e in events:
            if name in names:
                return name, e
    return None


def legs(e: Fields) -> Legs:
    """Legs of any version of a swap event."""
    fees = tuple(
        (_named(name, e), num(e[f"swap_result.{f}"])) for name, f in _FEES if opt_num(e.get(f"swap_result.{f}"))
    )
    total = sum(amount for _, amount in fees)
    out = num(e["swap_result.output_amount"])
    included = opt_num(e.get("swap_result.included_fee_input_amount"))
    if included is not None:
        return Legs(included, out, fees, included != num(e["swap_result.excluded_fee_input_amount"]))
    net_in = opt_num(e.get("swap_result.actual_input_amount"))
    if net_in is not None:
        paid_in = num(e["amount_in"])
        on_input = net_in != paid_in if total else False
        return Legs(paid_in, out, fees, on_input)
    return Legs(num(e["actual_amount_in"]), out, fees, None)


def fee_list(swap: Legs, mint_in: str | None, mint_out: str | None) -> list[Fee]:
    """The fees with the mint of the leg they were taken from."""
    mint = None if swap.fee_on_input is None else mint_in if swap.fee_on_input else mint_out
    return [Fee(name, amount, mint) for name, amount in swap.fees]
