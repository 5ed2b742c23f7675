"""pump.fun: create, every form of buy and sell, completion of the curve, migration.

Amounts are `token_amount` and `sol_amount`, or `quote_amount` where the quote is not SOL (the SOL fields of such a
trade are zero). The all-zero key in `quote_mint` means SOL. `buyback_fee` is a share of `fee` and `shareholders`
share `creator_fee`, so neither is listed again: sol_amount plus the listed fees is what a buyer pays (checked on a
public buy_exact_sol_in of 3 SOL: 2.962962962 + 0.028148149 + 0.008888889).
"""

from functools import cache

from fluxdesk.core.curves.progress import pump_progress_ppm
from fluxdesk.core.events import Fee, Kind, PoolState, Provenance, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022, WSOL
from fluxdesk.launches.layout import EventLayouts, PickedFields, program
from fluxdesk.launches.layout_reader import FieldValue
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import (
    Tape,
    curve_address,
    key,
    minted_supply,
    num,
    opt_key,
    opt_num,
    paid,
    read_events,
    text,
    token_program,
)
from fluxdesk.launches.venues.pools import Pair, pair_row

_BUY, _SELL = Side.BUY, Side.SELL
_DECIMALS = 6
"""Every pump.fun mint has six decimals (set by the program)."""


_TRADE_FIELDS = (
    "mint",
    "sol_amount",
    "token_amount",
    "is_buy",
    "user",
    "timestamp",
    "virtual_sol_reserves",
    "virtual_token_reserves",
    "real_sol_reserves",
    "real_token_reserves",
    "fee",
    "creator",
    "creator_fee",
    "cashback",
    "quote_mint",
    "quote_amount",
    "virtual_quote_reserves",
    "real_quote_reserves",
)


@cache
def _events() -> dict[bytes, EventLayouts | PickedFields]:
    """The table, with the trade (nearly everything that happens) reading only what a row needs."""
    table = program(Venue.PUMPFUN).events
    return {
        d: e.picking(_TRADE_FIELDS, optional_keys=("creator", "quote_mint")) if e.name == "TradeEvent" else e
        for d, e in table.items()
    }


def decode(tape: Tape, st: Statement) -> None:
    """Rows of one pump.fun instruction."""
    for name, e in read_events(tape, st, _events()):
        if name == "TradeEvent":
            _trade(tape, st, *e)
        elif name == "CreateEvent":
            _create(tape, st, e)
        elif name == "CompleteEvent":
            _complete(tape, st, e)
        elif name == "PostCompleteBuyEvent":
            _buy_after_complete(tape, st, e)
        elif name == "CompletePumpAmmMigrationEvent":
            _migrate(tape, st, e)
    if not st.events and st.instruction is not None and st.instruction.name == "withdraw":
        _withdraw(tape, st)


def _quote(e: dict[str, FieldValue]) -> str:
    return opt_key(e.get("quote_mint")) or WSOL


def _program(tape: Tape, st: Statement, pool: str) -> str | None:
    if st.call is not None:
        stated = token_program(st.account("base_token_program")) or token_program(st.account("token_program"))
        if stated is not None:
            return stated
    known = tape.ctx.pools.get(pool)
    return known.token_program if known is not None else None


def _create(tape: Tape, st: Statement, e: dict[str, FieldValue]) -> None:
    pool, mint, quote = key(e["bonding_curve"]), key(e["mint"]), _quote(e)
    program = opt_key(e.get("token_program"))
    if program is None and st.instruction is not None:
        program = TOKEN_2022 if st.instruction.name == "create_v2" else SPL_TOKEN
    tape.learn(pool, mint, quote, program)
    supply = opt_num(e.get("token_total_supply"))
    if supply is None and tape.tx is not None and st.call is not None:
        supply, _ = minted_supply(tape.tx, st.call, mint)
    quote_reserve = e.get("virtual_sol_reserves") if quote == WSOL else e.get("virtual_quote_reserves")
    pair_row(
        tape,
        st,
        Kind.LAUNCH,
        pool,
        Pair(mint, quote, program),
        creator=opt_key(e.get("creator")) or key(e["user"]),
        name=text(e["name"]),
        symbol=text(e["symbol"]),
        uri=text(e["uri"]),
        block_time=opt_num(e.get("timestamp")) or tape.block_time,
        state=PoolState(
            token_reserve=opt_num(e.get("virtual_token_reserves")),
            quote_reserve=opt_num(quote_reserve),
            progress_ppm=0,
            supply=supply,
            token_decimals=_DECIMALS,
            quote_decimals=_quote_decimals(tape, quote),
        ),
    )


def _quote_decimals(tape: Tape, quote: str) -> int | None:
    return 9 if quote == WSOL else tape.decimals(quote)


def _trade(
    tape: Tape,
    st: Statement,
    mint: str,
    sol_amount: int,
    token_amount: int,
    is_buy: bool,
    user: str,
    timestamp: int,
    virtual_sol: int | None,
    virtual_token: int,
    real_sol: int | None,
    real_token: int | None,
    fee: int | None,
    creator: str | None,
    creator_fee: int | None,
    cashback: int | None,
    quote_mint: str | None,
    quote_amount: int | None,
    virtual_quote: int | None,
    real_quote: int | None,
) -> None:
    """Takes `_TRADE_FIELDS`; the first eight are in every version of the event."""
    quote = quote_mint or WSOL
    sol = quote == WSOL
    amount, reserve, collected = sol_amount, virtual_sol, real_sol
    if not sol:
        if quote_amount is None:
            tape.unknown(st, Reason.MALFORMED_EVENT)
            return
        amount, reserve, collected = quote_amount, virtual_quote, real_quote
    pool = st.account("bonding_curve") or curve_address(st.program, mint)
    progress = None
    if reserve is not None and collected is not None and real_token is not None:  # early 2024 states no real reserves
        progress = pump_progress_ppm(virtual_token, reserve, real_token, collected)
    decimals = 9 if sol else tape.decimals(quote)
    tape.trade(
        st,
        pool,
        mint,
        quote,
        _program(tape, st, pool),
        _BUY if is_buy else _SELL,
        token_amount,
        amount,
        _trade_fees(quote, fee, creator_fee, cashback),
        user,
        creator,
        timestamp,
        PoolState(virtual_token, reserve, progress, False, None, _DECIMALS, decimals),
    )


def _trade_fees(quote: str, protocol: int | None, creator: int | None, cashback: int | None) -> tuple[Fee, ...] | None:
    if protocol is None:  # versions only ever appended: the others are not there either
        return None
    fees = [Fee("protocol", protocol, quote)] if protocol else []
    if creator:
        fees.append(Fee("creator", creator, quote))
    if cashback:
        fees.append(Fee("cashback", cashback, quote))
    return tuple(fees)


def _complete(tape: Tape, st: Statement, e: dict[str, FieldValue]) -> None:
    pool = key(e["bonding_curve"])
    known = tape.ctx.pools.get(pool)
    stated = opt_key(e.get("quote_mint"))
    tape.row(
        Kind.POOL,
        Venue.PUMPFUN,
        st.index,
        pool=pool,
        token_mint=key(e["mint"]),
        quote_mint=stated or (known.mint_b if known else WSOL),
        token_program=_program(tape, st, pool),
        trader=key(e["user"]),
        provenance=st.provenance,
        reason=Reason.CURVE_COMPLETE,
        block_time=num(e["timestamp"]),
        state=PoolState(complete=True, progress_ppm=1_000_000, token_decimals=_DECIMALS),
    )


def _buy_after_complete(tape: Tape, st: Statement, e: dict[str, FieldValue]) -> None:
    """Since late 2026 a finished curve goes on selling against its own reserves until it is migrated."""
    pool, quote = key(e["bonding_curve"]), _quote(e)
    tape.row(
        Kind.TRADE,
        Venue.PUMPFUN,
        st.index,
        pool=pool,
        token_mint=key(e["mint"]),
        quote_mint=quote,
        token_program=_program(tape, st, pool),
        side=Side.BUY,
        token_amount=num(e["base_out"]),
        quote_amount=num(e["quote_in"]),
        fees=paid(("protocol", e["fee"], quote), ("creator", e["creator_fee"], quote)),
        trader=key(e["user"]),
        provenance=st.provenance,
        block_time=num(e["timestamp"]),
        state=PoolState(
            token_reserve=num(e["pool_base_reserves_after"]),
            quote_reserve=num(e["pool_quote_reserves_after"]),
            complete=True,
            token_decimals=_DECIMALS,
            quote_decimals=_quote_decimals(tape, quote),
        ),
    )


def _migrate(tape: Tape, st: Statement, e: dict[str, FieldValue]) -> None:
    pool, mint, quote = key(e["pool"]), key(e["mint"]), _quote(e)
    program = _program(tape, st, key(e["bonding_curve"]))
    tape.learn(pool, mint, quote, program)
    pair_row(
        tape,
        st,
        Kind.MIGRATION,
        pool,
        Pair(mint, quote, program),
        (num(e["mint_amount"]), num(e["sol_amount"])),
        fees=paid(("migration", e["pool_migration_fee"], quote)),
        trader=key(e["user"]),
        block_time=num(e["timestamp"]),
        state=PoolState(complete=True, token_decimals=_DECIMALS, new_pool_venue=Venue.PUMPSWAP),
    )


def _withdraw(tape: Tape, st: Statement) -> None:
    """Until March 2025 a curve was left by `withdraw`, which states no event; the Raydium pool was made in a later
    transaction.
    """
    tape.row(
        Kind.MIGRATION,
        Venue.PUMPFUN,
        st.index,
        token_mint=st.account("mint"),
        quote_mint=WSOL,
        token_program=SPL_TOKEN,
        provenance=Provenance.INSTRUCTION,
        state=PoolState(complete=True, token_decimals=_DECIMALS),
    )
