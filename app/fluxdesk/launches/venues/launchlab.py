"""Raydium LaunchLab: pool creation, trades, migration.

Its TradeEvent has pump.fun's discriminator, which is why events are read by the program that stated them. The
events name the pool but no mint: mints come from the instruction's accounts, else from a pool seen before; without
them a trade still has its side and its amounts, since a LaunchLab pool is never reversed.
"""

from fluxdesk.core.curves.progress import launchlab_progress_ppm
from fluxdesk.core.events import Kind, PoolState, Provenance, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import TOKEN_2022
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import Tape, key, num, opt_num, paid, read_events, text, token_program
from fluxdesk.launches.venues.meteora import Fields

_SELL = 1
_MIGRATING = 1
"""`pool_status`: 0 funding, 1 sold out and waiting for migration, 2 trading elsewhere."""
_OPENBOOK = "srmqPvymJeFKQ4zGQed1GFppgkRHL9kaELCbyksJtPX"
_MIGRATIONS = ("migrate_to_amm", "migrate_to_cpswap")


def decode(tape: Tape, st: Statement) -> None:
    """Rows of one LaunchLab instruction."""
    for name, e in read_events(tape, st):
        if name == "TradeEvent":
            _trade(tape, st, e)
        elif name == "PoolCreateEvent":
            _create(tape, st, e)
    if st.call is not None and st.instruction is not None and st.instruction.name in _MIGRATIONS:
        _migrate(tape, st)


def _mints(tape: Tape, st: Statement, pool: str | None) -> tuple[str | None, str | None, str | None]:
    """(token, quote, token program), as far as accounts or an earlier sight of the pool tell."""
    token = st.account("base_token_mint") or st.account("base_mint")
    quote = st.account("quote_token_mint") or st.account("quote_mint")
    program = _token_program(st)
    known = tape.ctx.pools.get(pool) if pool is not None else None
    if known is not None:
        token, quote, program = token or known.mint_a, quote or known.mint_b, program or known.token_program
    if program is None and st.instruction is not None and st.instruction.name == "initialize_with_token_2022":
        program = TOKEN_2022
    tape.learn(pool, token, quote, program)
    return token, quote, program


def _token_program(st: Statement) -> str | None:
    """A migration's two token programs are those of its LP token and of Token-2022 whatever the mints are (seen on
    mainnet in October 2026), so they speak for the token only where they are one and the same.
    """
    base = token_program(st.account("base_token_program"))
    if st.instruction is not None and st.instruction.name in _MIGRATIONS:
        return base if base == st.account("quote_token_program") else token_program(st.account("spl_token_program"))
    return base


def _create(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool_state"])
    token, quote, program = _mints(tape, st, pool)
    decimals = opt_num(e.get("base_mint_param.decimals"))
    tape.learn_decimals(pool, decimals, tape.pool_decimals(pool, quote) if quote else None)
    tape.row(
        Kind.LAUNCH,
        Venue.RAYDIUM_LAUNCHLAB,
        st.index,
        pool=pool,
        token_mint=token,
        quote_mint=quote,
        token_program=program,
        creator=key(e["creator"]),
        name=text(e["base_mint_param.name"]),
        symbol=text(e["base_mint_param.symbol"]),
        uri=text(e["base_mint_param.uri"]),
        provenance=st.provenance,
        state=PoolState(
            progress_ppm=0,
            supply=opt_num(e.get("supply")),
            token_decimals=decimals,
            quote_decimals=tape.pool_decimals(pool, quote) if quote else None,
            config=st.account("platform_config"),
        ),
    )


def _trade(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool_state"])
    token, quote, program = _mints(tape, st, pool)
    sells = num(e["trade_direction"]) == _SELL
    amount_in, amount_out = num(e["amount_in"]), num(e["amount_out"])
    quote_reserve = num(e["virtual_quote"]) + num(e["real_quote_after"])
    token_reserve = num(e["virtual_base"]) - num(e["real_base_after"])
    tape.row(
        Kind.TRADE,
        Venue.RAYDIUM_LAUNCHLAB,
        st.index,
        pool=pool,
        token_mint=token,
        quote_mint=quote,
        token_program=program,
        side=Side.SELL if sells else Side.BUY,
        token_amount=amount_in if sells else amount_out,
        quote_amount=amount_out if sells else amount_in,
        fees=paid(
            ("protocol", e["protocol_fee"], quote),
            ("platform", e["platform_fee"], quote),
            ("creator", e.get("creator_fee"), quote),
            ("share", e["share_fee"], quote),
        ),
        trader=st.account("payer"),
        provenance=st.provenance,
        state=PoolState(
            token_reserve=token_reserve,
            quote_reserve=quote_reserve,
            progress_ppm=launchlab_progress_ppm(
                num(e["total_base_sell"]), num(e["virtual_base"]), num(e["virtual_quote"]), num(e["real_quote_after"])
            ),
            complete=num(e["pool_status"]) == _MIGRATING,
            token_decimals=tape.pool_decimals(pool, token),
            quote_decimals=tape.pool_decimals(pool, quote) if quote else None,
        ),
    )


def _migrate(tape: Tape, st: Statement) -> None:
    """The program states no event for this; the new pool is an account of the instruction."""
    named = st.instruction.name if st.instruction is not None else ""
    if named == "migrate_to_amm" and st.account("openbook_program") != _OPENBOOK:
        # announced to lose its OpenBook accounts; without the new list no position in it can be trusted
        tape.unknown(st, Reason.UNKNOWN_INSTRUCTION)
        return
    token, quote, program = _mints(tape, st, st.account("pool_state"))
    new_pool = st.account("cpswap_pool") or st.account("amm_pool")
    tape.row(
        Kind.MIGRATION,
        Venue.RAYDIUM_LAUNCHLAB,
        st.index,
        pool=new_pool,
        token_mint=token,
        quote_mint=quote,
        token_program=program,
        trader=st.account("payer"),
        provenance=Provenance.INSTRUCTION,
        state=PoolState(complete=True),
    )
