"""Meteora Dynamic Bonding Curve: pool creation, swaps, completion, migration. Believe is a list of its configs
(settings).

The program states events through self-CPI only, so logs alone hold none of this. Amounts: input with its fees, and
output. `trade_direction` 0 sells the token, 1 buys it (base to quote, quote to base).
"""

from fluxdesk.core.curves.progress import progress_ppm
from fluxdesk.core.events import Kind, PoolState, Provenance, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022
from fluxdesk.launches.layout_reader import BadPayload
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import (
    Tape,
    key,
    minted_supply,
    num,
    opt_key,
    opt_num,
    read_events,
    text,
    token_program,
)
from fluxdesk.launches.venues.meteora import fee_list, legs, swap_event
from fluxdesk.launches.venues.pools import Fields, Pair, curve_pair, pair_row, pool_state, swap_row

_SELL = 0
_CREATED = ("EvtInitializePool", "EvtInitializePoolWithTransferHook")
_COMPLETED = ("EvtCurveComplete", "EvtCurveCompleteWithTransferHook")


def decode(tape: Tape, st: Statement) -> None:
    """Rows of one instruction of the bonding-curve program."""
    events = read_events(tape, st)
    for name, e in events:
        if name in _CREATED:
            _create(tape, st, e)
    swap = swap_event(events, ("EvtSwap2", "EvtSwap2WithTransferHook"), "EvtSwap")
    if swap is not None:
        _swap(tape, st, swap[1])
    for name, e in events:
        if name in _COMPLETED:
            _complete(tape, st, e)
    if (
        st.call is not None
        and st.instruction is not None
        and st.instruction.name in ("migration_damm_v2", "migrate_meteora_damm")
    ):
        _migrate(tape, st)


def _create(tape: Tape, st: Statement, e: Fields) -> None:
    pool, mint = key(e["pool"]), key(e["base_mint"])
    quote = st.account("quote_mint")
    program = token_program(st.account("token_program"))
    if program is None and st.instruction is not None:
        program = TOKEN_2022 if "2022" in st.instruction.name else SPL_TOKEN
    args = _arguments(st)
    supply = decimals = None
    if tape.tx is not None and st.call is not None:
        supply, decimals = minted_supply(tape.tx, st.call, mint)
    tape.learn(pool, mint, quote, program, decimals_a=decimals)
    pair = Pair(mint, quote, program)
    pair_row(
        tape,
        st,
        Kind.LAUNCH,
        pool,
        pair,
        creator=key(e["creator"]),
        name=_argument(args, "name"),
        symbol=_argument(args, "symbol"),
        uri=_argument(args, "uri"),
        state=pool_state(tape, pool, pair, progress_ppm=0, supply=supply, config=key(e["config"])),
    )


def _arguments(st: Statement) -> Fields:
    """What the instruction was called with; nothing where its bytes cannot be read: the event alone proves a launch."""
    if st.instruction is None or not st.data:
        return {}
    try:
        return st.instruction.args(st.data)
    except BadPayload:
        return {}


def _argument(args: Fields, name: str) -> str | None:
    for field, value in args.items():
        if field == name or field.endswith("." + name):
            return text(value)
    return None


def _pair(tape: Tape, st: Statement, pool: str) -> Pair:
    program = token_program(st.account("token_base_program"))
    return curve_pair(tape, pool, st.account("base_mint"), st.account("quote_mint"), program)


def _swap(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool"])
    pair = _pair(tape, st, pool)
    sells = num(e["trade_direction"]) == _SELL
    swap = legs(e)
    collected, threshold = opt_num(e.get("quote_reserve_amount")), opt_num(e.get("migration_threshold"))
    swap_row(
        tape,
        st,
        pool,
        pair,
        sells,
        (swap.amount_in, swap.amount_out),
        tuple(fee_list(swap, *pair.in_and_out(sells))),
        st.account("payer"),
        pool_state(
            tape,
            pool,
            pair,
            (None, collected),
            progress_ppm=progress_ppm(collected, threshold) if collected is not None and threshold else None,
            config=opt_key(e.get("config")),
        ),
        opt_num(e.get("current_timestamp")) or tape.block_time,
    )


def _complete(tape: Tape, st: Statement, e: Fields) -> None:
    pool = key(e["pool"])
    pair_row(
        tape,
        st,
        Kind.POOL,
        pool,
        _pair(tape, st, pool),
        trader=st.account("payer"),
        reason=Reason.CURVE_COMPLETE,
        state=PoolState(complete=True, progress_ppm=1_000_000, config=key(e["config"])),
    )


def _migrate(tape: Tape, st: Statement) -> None:
    """The program states no event for this; the new pool is an account of the instruction."""
    damm_v2 = st.instruction is not None and st.instruction.name == "migration_damm_v2"
    pool = st.account("pool")
    pair = Pair(
        st.account("base_mint") or st.account("token_a_mint"),
        st.account("quote_mint") or st.account("token_b_mint"),
        token_program(st.account("token_base_program")),
    )
    if damm_v2:
        tape.learn(pool, *pair[:3])
    pair_row(
        tape,
        st,
        Kind.MIGRATION,
        pool,
        pair,
        trader=st.account("payer"),
        provenance=Provenance.INSTRUCTION,
        state=PoolState(
            complete=True,
            config=st.account("config"),
            new_pool_venue=Venue.METEORA_DAMM_V2 if damm_v2 else None,
            token_decimals=tape.decimals(pair.token),
            quote_decimals=tape.decimals(pair.quote),
        ),
    )
