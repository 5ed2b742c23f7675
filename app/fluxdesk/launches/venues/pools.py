"""What the venues share whose pools hold two mints: which one is the token and which the quote, and rows with both
sides in their place.

Programs state a pool's sides in an order of their own (base and quote, A and B). `Pair` knows whether that order has
the quote first; amounts and reserves are handed over in the program's order.
"""

from typing import Any, NamedTuple, TypeVar

from fluxdesk.core.events import Fee, Kind, PoolState, Side
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.layout_reader import FieldValue
from fluxdesk.launches.statements import Statement
from fluxdesk.launches.venues.common import Tape, quote_first, token_program

T = TypeVar("T")
Fields = dict[str, FieldValue]
"""An event's fields by name."""
Amounts = tuple[int | None, int | None]
"""Of a pool's two sides, in the program's order."""


class Pair(NamedTuple):
    """The mints of a pool in the reader's sense, as far as they are known."""

    token: str | None
    quote: str | None
    program: str | None
    """Token program of the token."""
    flipped: bool = False
    """The program has the quote first."""

    def sides(self, first: T, second: T) -> tuple[T, T]:
        """(of the token, of the quote) from two values in the program's order."""
        return (second, first) if self.flipped else (first, second)

    def in_and_out(self, first_in: bool) -> tuple[str | None, str | None]:
        """(mint that went in, mint that came out) of a swap, of which the program's first side was paid in or not."""
        return (self.token, self.quote) if first_in != self.flipped else (self.quote, self.token)


def find_pair(
    tape: Tape, st: Statement, pool: str, first: str | None, second: str | None, programs: tuple[str, str]
) -> Pair | None:
    """The pair of a pool without a launch: from the mints that were stated, else as the pool was seen before.

    `programs` names the accounts that hold the two sides' token programs.
    """
    known = tape.ctx.pools.get(pool)
    if known is not None and (first is None or second is None):
        first, second = known.mint_a, known.mint_b
    if first is None or second is None:
        return None
    flipped = quote_first(tape.ctx.solana_quotes, first, second)
    program = token_program(st.account(programs[flipped])) or (known.token_program if known is not None else None)
    tape.learn(pool, first, second, program)
    return Pair(second, first, program, True) if flipped else Pair(first, second, program)


def curve_pair(tape: Tape, pool: str | None, token: str | None, quote: str | None, program: str | None) -> Pair:
    """The pair of a launchpad's curve, which is never flipped: as stated, completed by what was seen of it before."""
    known = tape.ctx.pools.get(pool) if pool is not None else None
    if known is not None:
        token, quote, program = token or known.mint_a, quote or known.mint_b, program or known.token_program
    tape.learn(pool, token, quote, program)
    return Pair(token, quote, program)


def mints_unknown(tape: Tape, st: Statement, pool: str, trader: str | None = None) -> None:
    """The row of an event whose sides would be a guess."""
    tape.row(Kind.UNKNOWN, st.venue, st.index, pool=pool, trader=trader, reason=Reason.POOL_MINTS_UNKNOWN)


def pool_state(tape: Tape, pool: str, pair: Pair, reserves: Amounts = (None, None), **rest: Any) -> PoolState:
    """Where a pool stands, with the decimals of its mints. `rest` are further fields of `PoolState`."""
    token_reserve, quote_reserve = pair.sides(*reserves)
    return PoolState(
        token_reserve=token_reserve,
        quote_reserve=quote_reserve,
        token_decimals=tape.pool_decimals(pool, pair.token),
        quote_decimals=tape.pool_decimals(pool, pair.quote),
        **rest,
    )


def pair_row(
    tape: Tape, st: Statement, kind: Kind, pool: str | None, pair: Pair, amounts: Amounts = (None, None), **values: Any
) -> None:
    """Append a row about a pool. `values` are further fields of `Row`."""
    token_amount, quote_amount = pair.sides(*amounts)
    values.setdefault("provenance", st.provenance)
    tape.row(
        kind,
        st.venue,
        st.index,
        pool=pool,
        token_mint=pair.token,
        quote_mint=pair.quote,
        token_program=pair.program,
        token_amount=token_amount,
        quote_amount=quote_amount,
        **values,
    )


def swap_row(
    tape: Tape,
    st: Statement,
    pool: str,
    pair: Pair,
    first_in: bool,
    legs: tuple[int, int],
    fees: tuple[Fee, ...] | None,
    trader: str | None,
    state: PoolState,
    block_time: int | None,
    creator: str | None = None,
) -> None:
    """Append a trade. `first_in`: the program's first side was paid in; `legs` are what went in and what came out."""
    sells = first_in != pair.flipped
    amount_in, amount_out = legs
    tape.row(
        Kind.TRADE,
        st.venue,
        st.index,
        pool=pool,
        token_mint=pair.token,
        quote_mint=pair.quote,
        token_program=pair.program,
        side=Side.SELL if sells else Side.BUY,
        token_amount=amount_in if sells else amount_out,
        quote_amount=amount_out if sells else amount_in,
        fees=fees,
        trader=trader,
        creator=creator,
        provenance=st.provenance,
        block_time=block_time,
        state=state,
    )
