"""Raydium LaunchLab: pool creation, trades, migration.

Its TradeEvent has pump.fun's discriminator, which is why events are read by the program that stated them. The
events name the pool but no mint: mints come from the instruction's accounts, else from a pool seen before; without
them a trade still has its side and its amounts, since a LaunchLab pool is never reversed.
"""

from fluxdesk.core.curves.progress import launchlab_progress_ppm
from fluxdesk.core.events import Kind, PoolState, Provenance
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import TOKEN_2022
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import Tape, key, num, opt_num, paid, read_events, text, token_program
from fluxdesk.launches.venues.pools import Fields, Pair, curve_pair, pair_row, pool_state, swap_row

_SELL = 1
_TRADING = 2
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


def _pair(tape: Tape, st: Statement, pool: str | None) -> Pair:
    token = st.account("base_token_mint") or st.account("base_mint")
    quote = st.account("quote_token_mint") or st.account("quote_mint")
    return curve_pair(tape, pool, token, quote, _token_program(st))


def _token_program(st: Statement) -> str | None:
    """A migration's two token programs are those of its LP token and of Token-2022 whatever the mints are (seen on
    mainnet in October 2026), so they speak for the token only where they are one and the same.
    """
    base = token_program(st.account("base_token_program"))
    if st.instruction is not None and st.instruction.name in _MIGRATIONS:
        return base if base == st.account("quote_token_program") else token_program(st.account("spl_token_program"))
    if base is None and st.instruction is not None and st.instruction.name == "initialize_with_token_2022":
        return TOKEN_2022
    return base


def _create(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool_state"])
    pair = _pair(tape, st, pool)
    decimals, quote_decimals = opt_num(e.get("base_mint_param.decimals")), tape.pool_decimals(pool, pair.quote)
    tape.learn_decimals(pool, decimals, quote_decimals)
    pair_row(
        tape,
        st,
        Kind.LAUNCH,
        pool,
        pair,
        creator=key(e["creator"]),
        name=text(e["base_mint_param.name"]),
        symbol=text(e["base_mint_param.symbol"]),
        uri=text(e["base_mint_param.uri"]),
        state=PoolState(
            progress_ppm=0,
            supply=opt_num(e.get("supply")),
            token_decimals=decimals,
            quote_decimals=quote_decimals,
            config=st.account("platform_config"),
        ),
    )


def _trade(tape: Tape, st: Statement, e: Fields) -> None:
    if num(e["trade_direction"]) > _SELL or num(e["pool_status"]) > _TRADING:
        tape.unknown(st, Reason.MALFORMED_EVENT)  # such as pump.fun's event under this program's name
        return
    pool = key(e["pool_state"])
    pair = _pair(tape, st, pool)
    swap_row(
        tape,
        st,
        pool,
        pair,
        num(e["trade_direction"]) == _SELL,
        (num(e["amount_in"]), num(e["amount_out"])),
        paid(
            ("protocol", e["protocol_fee"], pair.quote),
            ("platform", e["platform_fee"], pair.quote),
            ("creator", e.get("creator_fee"), pair.quote),
            ("share", e["share_fee"], pair.quote),
        ),
        st.account("payer"),
        pool_state(
            tape,
            pool,
            pair,
            (
                num(e["virtual_base"]) - num(e["real_base_after"]),
                num(e["virtual_quote"]) + num(e["real_quote_after"]),
            ),
            progress_ppm=launchlab_progress_ppm(
                num(e["total_base_sell"]), num(e["virtual_base"]), num(e["virtual_quote"]), num(e["real_quote_after"])
            ),
            complete=num(e["pool_status"]) == _MIGRATING,
        ),
        tape.block_time,
    )


def _migrate(tape: Tape, st: Statement) -> None:
    """The program states no event for this; the new pool is an account of the instruction."""
    named = st.instruction.name if st.instruction is not None else ""
    if named == "migrate_to_amm" and st.account("openbook_program") != _OPENBOOK:
        # announced to lose its OpenBook accounts; without the new list no position in it can be trusted
        tape.unknown(st, Reason.UNKNOWN_INSTRUCTION)
        return
    pair_row(
        tape,
        st,
        Kind.MIGRATION,
        st.account("cpswap_pool") or st.account("amm_pool"),
        _pair(tape, st, st.account("pool_state")),
        trader=st.account("payer"),
        provenance=Provenance.INSTRUCTION,
        state=PoolState(complete=True),
    )
