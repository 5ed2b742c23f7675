"""Meteora DAMM v2: pools, swaps, liquidity. Token A and B stand in the pool creator's order; which one is the quote is
a setting.

The program states events through self-CPI only. `trade_direction` 0 puts A in, 1 puts B in. Amounts: input with its
fees, and output; what a Token-2022 transfer fee took on the way in or out is listed as a fee of its own.
"""

from fluxdesk.core.events import Fee, Kind
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import Tape, key, num, opt_num, read_events
from fluxdesk.launches.venues.meteora import fee_list, legs, swap_event
from fluxdesk.launches.venues.pools import Fields, Pair, find_pair, mints_unknown, pair_row, pool_state, swap_row

_ADDED = 0
"""`change_type` of EvtLiquidityChange: 0 adds, 1 removes."""


def decode(tape: Tape, st: Statement) -> None:
    """Rows of one DAMM v2 instruction."""
    events = read_events(tape, st)
    stated = dict(events)
    if "EvtInitializePool" in stated:
        _create(tape, st, stated["EvtInitializePool"])
    # program 0.1.5 stated a change of liquidity twice, by its old and by its new event
    if change := stated.get("EvtLiquidityChange"):
        _liquidity(tape, st, change, added=num(change["change_type"]) == _ADDED)
    elif change := stated.get("EvtAddLiquidity"):
        _liquidity(tape, st, change, added=True)
    elif change := stated.get("EvtRemoveLiquidity"):
        _liquidity(tape, st, change, added=False)
    swap = swap_event(events, ("EvtSwap2",), "EvtSwap")
    if swap is not None:
        _swap(tape, st, swap[1])


def _pair(tape: Tape, st: Statement, e: Fields) -> Pair | None:
    """Only the creation states its mints; every instruction has them among its accounts."""
    a = key(e["token_a_mint"]) if "token_a_mint" in e else st.account("token_a_mint")
    b = key(e["token_b_mint"]) if "token_b_mint" in e else st.account("token_b_mint")
    return find_pair(tape, st, key(e["pool"]), a, b, ("token_a_program", "token_b_program"))


def _create(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool"])
    pair = _pair(tape, st, e)
    assert pair is not None  # the event names both mints
    pair_row(
        tape,
        st,
        Kind.POOL,
        pool,
        pair,
        (num(e["token_a_amount"]), num(e["token_b_amount"])),
        creator=key(e["creator"]),
        trader=key(e["payer"]),
        state=pool_state(tape, pool, pair),
    )


def _swap(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool"])
    pair = _pair(tape, st, e)
    if pair is None:
        mints_unknown(tape, st, pool)
        return
    swap = legs(e)
    a_in = num(e["trade_direction"]) == 0
    if swap.fee_on_input is None and a_in:
        # oldest event: with A in, both fee modes of the program charge B, which is the output
        swap = swap._replace(fee_on_input=False)
    mints = pair.in_and_out(a_in)
    swap_row(
        tape,
        st,
        pool,
        pair,
        a_in,
        (swap.amount_in, swap.amount_out),
        tuple(fee_list(swap, *mints) + _transfer_fees(e, *mints, swap.amount_in)),
        st.account("payer"),
        pool_state(tape, pool, pair, (opt_num(e.get("reserve_a_amount")), opt_num(e.get("reserve_b_amount")))),
        opt_num(e.get("current_timestamp")) or tape.block_time,
    )


def _transfer_fees(e: Fields, mint_in: str | None, mint_out: str | None, amount_in: int) -> list[Fee]:
    sent = opt_num(e.get("included_transfer_fee_amount_in"))
    before, after = (
        opt_num(e.get("included_transfer_fee_amount_out")),
        opt_num(e.get("excluded_transfer_fee_amount_out")),
    )
    fees = []
    if sent is not None and sent > amount_in:
        fees.append(Fee("transfer", sent - amount_in, mint_in))
    if before is not None and after is not None and before > after:
        fees.append(Fee("transfer", before - after, mint_out))
    return fees


def _liquidity(tape: Tape, st: Statement, e: Fields, added: bool) -> None:
    pool = key(e["pool"])
    pair = _pair(tape, st, e)
    if pair is None:
        mints_unknown(tape, st, pool)
        return
    pair_row(
        tape,
        st,
        Kind.LIQUIDITY,
        pool,
        pair,
        (num(e["token_a_amount"]), num(e["token_b_amount"])),
        trader=key(e["owner"]),
        reason=Reason.LIQUIDITY_ADDED if added else Reason.LIQUIDITY_REMOVED,
    )
