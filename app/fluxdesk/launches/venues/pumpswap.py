"""PumpSwap: pools, swaps, deposits, withdrawals.

Its trade events name the pool but not its mints, and a pool may be reversed (base = wrapped SOL). The mints come
from the instruction's accounts, else from a pool seen before, else the quote alone is proven by the trader's own
token account being the associated account of the first quote mint; where none of these holds the row is `unknown`,
since side and amounts would be a guess.
"""

from typing import NamedTuple

from fluxdesk.core.events import Kind, PoolState, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import SPL_TOKEN
from fluxdesk.launches.layout_reader import FieldValue
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import (
    Tape,
    key,
    num,
    opt_key,
    opt_num,
    paid,
    quote_first,
    read_events,
    token_program,
)


class _Mints(NamedTuple):
    base: str | None
    quote: str | None
    reversed: bool
    """The base is the quote in the reader's sense."""
    program: str | None
    """Token program of the token side."""


def decode(tape: Tape, st: Statement) -> None:
    """Rows of one PumpSwap instruction."""
    for name, e in read_events(tape, st):
        if name in ("BuyEvent", "SellEvent"):
            _swap(tape, st, e, name == "BuyEvent")
        elif name == "CreatePoolEvent":
            _create(tape, st, e)
        elif name == "DepositEvent":
            _liquidity(tape, st, e, "base_amount_in", "quote_amount_in", Reason.LIQUIDITY_ADDED)
        elif name == "WithdrawEvent":
            _liquidity(tape, st, e, "base_amount_out", "quote_amount_out", Reason.LIQUIDITY_REMOVED)


def _mints(tape: Tape, st: Statement, e: dict[str, FieldValue]) -> _Mints | None:
    pool = key(e["pool"])
    base = opt_key(e.get("base_mint")) or st.account("base_mint")
    quote = opt_key(e.get("quote_mint")) or st.account("quote_mint")
    if st.instruction is not None and st.instruction.name == "multi_hop_swap":
        # its hops stand behind the named accounts, five each: base mint, quote mint, pool, base vault, quote vault
        base, quote = st.account_before(pool, 2), st.account_before(pool, 1)
    known = tape.ctx.pools.get(pool)
    if (base is None or quote is None) and known is not None:
        base, quote = known.mint_a, known.mint_b
    if base is not None and quote is not None:
        flip = quote_first(tape.ctx.solana_quotes, base, quote)
        program = token_program(st.account("quote_token_program" if flip else "base_token_program"))
        program = program or (known.token_program if known else None)
        tape.learn(pool, base, quote, program)
        return _Mints(base, quote, flip, program)
    return _proven_by_account(tape, e)


def _proven_by_account(tape: Tape, e: dict[str, FieldValue]) -> _Mints | None:
    user = key(e["user"])
    base_account, quote_account = key(e["user_base_token_account"]), key(e["user_quote_token_account"])
    # the first quote mint alone: a pool that holds a later one may hold the first as well, in an account of any address
    for mint in tape.ctx.solana_quotes[:1]:
        own = _associated(user, mint)
        if own == base_account:
            return _Mints(mint, None, True, None)
        if own == quote_account:
            return _Mints(None, mint, False, None)
    return None


def _associated(owner: str, mint: str) -> str:
    """The owner's associated token account of an SPL Token mint."""
    from solders.pubkey import Pubkey
    from solders.token.associated import get_associated_token_address

    return str(
        get_associated_token_address(Pubkey.from_string(owner), Pubkey.from_string(mint), Pubkey.from_string(SPL_TOKEN))
    )


def _swap(tape: Tape, st: Statement, e: dict[str, FieldValue], buys_base: bool) -> None:
    m = _mints(tape, st, e)
    if m is None:
        tape.row(
            Kind.UNKNOWN,
            Venue.PUMPSWAP,
            st.index,
            pool=key(e["pool"]),
            trader=key(e["user"]),
            reason=Reason.POOL_MINTS_UNKNOWN,
        )
        return
    base_leg = num(e["base_amount_out"] if buys_base else e["base_amount_in"])
    quote_leg = num(e["quote_amount_in"] if buys_base else e["quote_amount_out"])
    base_after = num(e["pool_base_token_reserves"]) + (-base_leg if buys_base else base_leg)
    moved = num(e["quote_amount_in_with_lp_fee"]) if buys_base else -num(e["quote_amount_out_without_lp_fee"])
    quote_after = num(e["pool_quote_token_reserves"]) + moved + (opt_num(e.get("virtual_quote_reserves")) or 0)
    token, quote = (m.quote, m.base) if m.reversed else (m.base, m.quote)
    tape.row(
        Kind.TRADE,
        Venue.PUMPSWAP,
        st.index,
        pool=key(e["pool"]),
        token_mint=token,
        quote_mint=quote,
        token_program=m.program,
        side=Side.BUY if buys_base != m.reversed else Side.SELL,
        token_amount=quote_leg if m.reversed else base_leg,
        quote_amount=base_leg if m.reversed else quote_leg,
        fees=paid(
            ("lp", e["lp_fee"], m.quote),
            ("protocol", e["protocol_fee"], m.quote),
            ("creator", e.get("coin_creator_fee"), m.quote),
            ("cashback", e.get("cashback"), m.quote),
        ),
        trader=key(e["user"]),
        creator=opt_key(e.get("coin_creator")),
        provenance=st.provenance,
        block_time=num(e["timestamp"]),
        state=PoolState(
            token_reserve=quote_after if m.reversed else base_after,
            quote_reserve=base_after if m.reversed else quote_after,
            token_decimals=tape.pool_decimals(key(e["pool"]), token),
            quote_decimals=tape.pool_decimals(key(e["pool"]), quote),
            supply=None if m.reversed else opt_num(e.get("base_supply")) or None,
        ),
    )


def _create(tape: Tape, st: Statement, e: dict[str, FieldValue]) -> None:
    m = _mints(tape, st, e)
    assert m is not None  # the event names both mints
    tape.learn_decimals(key(e["pool"]), opt_num(e["base_mint_decimals"]), opt_num(e["quote_mint_decimals"]))
    base, quote = num(e["pool_base_amount"]), num(e["pool_quote_amount"])
    token_mint, quote_mint = (m.quote, m.base) if m.reversed else (m.base, m.quote)
    tape.row(
        Kind.POOL,
        Venue.PUMPSWAP,
        st.index,
        pool=key(e["pool"]),
        token_mint=token_mint,
        quote_mint=quote_mint,
        token_program=m.program,
        token_amount=num(e["quote_amount_in"] if m.reversed else e["base_amount_in"]),
        quote_amount=num(e["base_amount_in"] if m.reversed else e["quote_amount_in"]),
        creator=opt_key(e.get("coin_creator")) or key(e["creator"]),
        trader=key(e["creator"]),
        provenance=st.provenance,
        block_time=num(e["timestamp"]),
        state=PoolState(
            token_reserve=quote if m.reversed else base,
            quote_reserve=base if m.reversed else quote,
            token_decimals=tape.pool_decimals(key(e["pool"]), token_mint),
            quote_decimals=tape.pool_decimals(key(e["pool"]), quote_mint),
        ),
    )


def _liquidity(
    tape: Tape, st: Statement, e: dict[str, FieldValue], base_field: str, quote_field: str, reason: Reason
) -> None:
    m = _mints(tape, st, e)
    if m is None:
        tape.row(
            Kind.UNKNOWN,
            Venue.PUMPSWAP,
            st.index,
            pool=key(e["pool"]),
            trader=key(e["user"]),
            reason=Reason.POOL_MINTS_UNKNOWN,
        )
        return
    base, quote = num(e[base_field]), num(e[quote_field])
    token_mint, quote_mint = (m.quote, m.base) if m.reversed else (m.base, m.quote)
    tape.row(
        Kind.LIQUIDITY,
        Venue.PUMPSWAP,
        st.index,
        pool=key(e["pool"]),
        token_mint=token_mint,
        quote_mint=quote_mint,
        token_program=m.program,
        token_amount=quote if m.reversed else base,
        quote_amount=base if m.reversed else quote,
        trader=key(e["user"]),
        provenance=st.provenance,
        reason=reason,
        block_time=num(e["timestamp"]),
    )
