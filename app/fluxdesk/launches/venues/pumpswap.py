"""PumpSwap: pools, swaps, deposits, withdrawals.

Its trade events name the pool but not its mints, and a pool may be reversed (base = wrapped SOL). The mints come
from the instruction's accounts, else from a pool seen before, else the quote alone is proven by the trader's own
token account being the associated account of the first quote mint; where none of these holds the row is `unknown`,
since side and amounts would be a guess.
"""

from fluxdesk.core.events import Kind
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import SPL_TOKEN
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import Tape, key, num, opt_key, opt_num, paid, read_events
from fluxdesk.launches.venues.pools import Fields, Pair, find_pair, mints_unknown, pair_row, pool_state, swap_row

_PROGRAMS = ("base_token_program", "quote_token_program")


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


def _pair(tape: Tape, st: Statement, e: Fields) -> Pair | None:
    pool = key(e["pool"])
    base = opt_key(e.get("base_mint")) or st.account("base_mint")
    quote = opt_key(e.get("quote_mint")) or st.account("quote_mint")
    if st.instruction is not None and st.instruction.name == "multi_hop_swap":
        # its hops stand behind the named accounts, five each: base mint, quote mint, pool, base vault, quote vault
        base, quote = st.account_before(pool, 2), st.account_before(pool, 1)
    return find_pair(tape, st, pool, base, quote, _PROGRAMS) or _proven_by_account(tape, e)


def _proven_by_account(tape: Tape, e: Fields) -> Pair | None:
    user = key(e["user"])
    base_account, quote_account = key(e["user_base_token_account"]), key(e["user_quote_token_account"])
    # the first quote mint alone: a pool that holds a later one may hold the first as well, in an account of any address
    for mint in tape.ctx.solana_quotes[:1]:
        own = _associated(user, mint)
        if own in (base_account, quote_account):
            return Pair(None, mint, None, flipped=own == base_account)
    return None


def _associated(owner: str, mint: str) -> str:
    """The owner's associated token account of an SPL Token mint."""
    from solders.pubkey import Pubkey
    from solders.token.associated import get_associated_token_address

    return str(
        get_associated_token_address(Pubkey.from_string(owner), Pubkey.from_string(mint), Pubkey.from_string(SPL_TOKEN))
    )


def _swap(tape: Tape, st: Statement, e: Fields, buys_base: bool) -> None:
    pool, trader = key(e["pool"]), key(e["user"])
    pair = _pair(tape, st, e)
    if pair is None:
        mints_unknown(tape, st, pool, trader)
        return
    base_leg = num(e["base_amount_out"] if buys_base else e["base_amount_in"])
    quote_leg = num(e["quote_amount_in"] if buys_base else e["quote_amount_out"])
    base_after = num(e["pool_base_token_reserves"]) + (-base_leg if buys_base else base_leg)
    moved = num(e["quote_amount_in_with_lp_fee"]) if buys_base else -num(e["quote_amount_out_without_lp_fee"])
    quote_after = num(e["pool_quote_token_reserves"]) + moved + (opt_num(e.get("virtual_quote_reserves")) or 0)
    charged = pair.token if pair.flipped else pair.quote
    swap_row(
        tape,
        st,
        pool,
        pair,
        not buys_base,
        (quote_leg, base_leg) if buys_base else (base_leg, quote_leg),
        paid(
            ("lp", e["lp_fee"], charged),
            ("protocol", e["protocol_fee"], charged),
            ("creator", e.get("coin_creator_fee"), charged),
            ("cashback", e.get("cashback"), charged),
        ),
        trader,
        pool_state(
            tape,
            pool,
            pair,
            (base_after, quote_after),
            supply=None if pair.flipped else opt_num(e.get("base_supply")) or None,
        ),
        num(e["timestamp"]),
        creator=opt_key(e.get("coin_creator")),
    )


def _create(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool"])
    pair = _pair(tape, st, e)
    assert pair is not None  # the event names both mints
    tape.learn_decimals(pool, opt_num(e["base_mint_decimals"]), opt_num(e["quote_mint_decimals"]))
    pair_row(
        tape,
        st,
        Kind.POOL,
        pool,
        pair,
        (num(e["base_amount_in"]), num(e["quote_amount_in"])),
        creator=opt_key(e.get("coin_creator")) or key(e["creator"]),
        trader=key(e["creator"]),
        block_time=num(e["timestamp"]),
        state=pool_state(tape, pool, pair, (num(e["pool_base_amount"]), num(e["pool_quote_amount"]))),
    )


def _liquidity(tape: Tape, st: Statement, e: Fields, base_field: str, quote_field: str, reason: Reason) -> None:
    pool, owner = key(e["pool"]), key(e["user"])
    pair = _pair(tape, st, e)
    if pair is None:
        mints_unknown(tape, st, pool, owner)
        return
    pair_row(
        tape,
        st,
        Kind.LIQUIDITY,
        pool,
        pair,
        (num(e[base_field]), num(e[quote_field])),
        trader=owner,
        reason=reason,
        block_time=num(e["timestamp"]),
    )
