"""Meteora DAMM v2: pools, swaps, liquidity. Token A and B stand in the pool creator's order; which one is the quote is
a setting.

The program states events through self-CPI only. `trade_direction` 0 puts A in, 1 puts B in. Amounts: input with its
fees, and output; what a Token-2022 transfer fee took on the way in or out is listed as a fee of its own.
"""

from fluxdesk.core.events import Fee, Kind, PoolState, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import Tape, key, num, opt_num, quote_first, read_events, token_program
from fluxdesk.launches.venues.meteora import Fields, fee_list, legs, swap_event

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


def _mints(tape: Tape, st: Statement, pool: str) -> tuple[str, str, bool, str | None] | None:
    """(A, B, A is the quote, token program of the token side)."""
    a, b = st.account("token_a_mint"), st.account("token_b_mint")
    known = tape.ctx.pools.get(pool)
    if (a is None or b is None) and known is not None:
        a, b = known.mint_a, known.mint_b
    if a is None or b is None:
        return None
    flip = quote_first(tape.ctx.solana_quotes, a, b)
    program = token_program(st.account("token_b_program" if flip else "token_a_program")) or (
        known.token_program if known else None
    )
    tape.learn(pool, a, b, program)
    return a, b, flip, program


def _no_mints(tape: Tape, st: Statement, pool: str) -> None:
    tape.row(Kind.UNKNOWN, Venue.METEORA_DAMM_V2, st.index, pool=pool, reason=Reason.POOL_MINTS_UNKNOWN)


def _create(tape: Tape, st: Statement, e: Fields) -> None:
    pool, a, b = key(e["pool"]), key(e["token_a_mint"]), key(e["token_b_mint"])
    flip = quote_first(tape.ctx.solana_quotes, a, b)
    program = token_program(st.account("token_b_program" if flip else "token_a_program"))
    tape.learn(pool, a, b, program)
    token, quote = (b, a) if flip else (a, b)
    amount_a, amount_b = num(e["token_a_amount"]), num(e["token_b_amount"])
    tape.row(
        Kind.POOL,
        Venue.METEORA_DAMM_V2,
        st.index,
        pool=pool,
        token_mint=token,
        quote_mint=quote,
        token_program=program,
        token_amount=amount_b if flip else amount_a,
        quote_amount=amount_a if flip else amount_b,
        creator=key(e["creator"]),
        trader=key(e["payer"]),
        provenance=st.provenance,
        state=PoolState(token_decimals=tape.pool_decimals(pool, token), quote_decimals=tape.pool_decimals(pool, quote)),
    )


def _swap(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool"])
    mints = _mints(tape, st, pool)
    if mints is None:
        _no_mints(tape, st, pool)
        return
    a, b, flip, program = mints
    swap = legs(e)
    a_in = num(e["trade_direction"]) == 0
    mint_in, mint_out = (a, b) if a_in else (b, a)
    token, quote = (b, a) if flip else (a, b)
    buys = mint_in == quote
    if swap.fee_on_input is None and a_in:
        # oldest event: with A in, both fee modes of the program charge B, which is the output
        swap = swap._replace(fee_on_input=False)
    fees = fee_list(swap, mint_in, mint_out) + _transfer_fees(e, mint_in, mint_out, swap.amount_in)
    reserve_a, reserve_b = opt_num(e.get("reserve_a_amount")), opt_num(e.get("reserve_b_amount"))
    tape.row(
        Kind.TRADE,
        Venue.METEORA_DAMM_V2,
        st.index,
        pool=pool,
        token_mint=token,
        quote_mint=quote,
        token_program=program,
        side=Side.BUY if buys else Side.SELL,
        token_amount=swap.amount_out if buys else swap.amount_in,
        quote_amount=swap.amount_in if buys else swap.amount_out,
        fees=tuple(fees),
        trader=st.account("payer"),
        provenance=st.provenance,
        block_time=opt_num(e.get("current_timestamp")) or tape.block_time,
        state=PoolState(
            token_reserve=reserve_b if flip else reserve_a,
            quote_reserve=reserve_a if flip else reserve_b,
            token_decimals=tape.pool_decimals(pool, token),
            quote_decimals=tape.pool_decimals(pool, quote),
        ),
    )


def _transfer_fees(e: Fields, mint_in: str, mint_out: str, amount_in: int) -> list[Fee]:
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
    pool, amount_a, amount_b = key(e["pool"]), num(e["token_a_amount"]), num(e["token_b_amount"])
    mints = _mints(tape, st, pool)
    if mints is None:
        _no_mints(tape, st, pool)
        return
    a, b, flip, program = mints
    tape.row(
        Kind.LIQUIDITY,
        Venue.METEORA_DAMM_V2,
        st.index,
        pool=pool,
        token_mint=b if flip else a,
        quote_mint=a if flip else b,
        token_program=program,
        token_amount=amount_b if flip else amount_a,
        quote_amount=amount_a if flip else amount_b,
        trader=key(e["owner"]),
        provenance=st.provenance,
        reason=Reason.LIQUIDITY_ADDED if added else Reason.LIQUIDITY_REMOVED,
    )
