"""What the node reads out of the tables: for the pipeline what it forgot, for screens what was. Everything blocks."""

from collections.abc import Iterable, Sequence

from fluxdesk.core.events import Kind, Row
from fluxdesk.core.views import CandleView, HolderView, Interval, TradePage, TradeView
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.launches.bars import BarSet
from fluxdesk.launches.ledger import Holding
from fluxdesk.launches.prints import Print
from fluxdesk.launches.token_state import TokenState, read_token
from fluxdesk.store.repository import BadCursor, Money, Repository

HOUR_S = 3600
PAGE = 1000
LIVE_BARS = 8
"""Bars that an open token keeps per interval: frames show the last ones only."""


class Shelf:
    """`launches.pipeline.Archive` and the screens' questions, on one `Repository`."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def known(self, network: str, rows: Sequence[Row]) -> Sequence[bool]:
        """For each row, whether its fact is stored."""
        return self._repository.known(network, rows)

    def holdings(self, network: str, mint: str) -> Iterable[Holding]:
        """What every wallet that traded a token holds."""
        for held in self._repository.balances(network, mint):
            yield Holding(held.wallet, held.net, held.last_buy_s is not None)

    def token(self, network: str | None, mint: str) -> TokenState | None:
        """A token as it was saved; on any network when None."""
        saved = self._repository.token_state(mint, network)
        return None if saved is None else read_token(saved.state)

    def last_hour(self, token: TokenState, undecided: frozenset[int]) -> tuple[BarSet, int]:
        """Bars of the newest hour from its trades, without the journal numbers `undecided`; and the journal number
        that the tables stand for."""
        seq = self._repository.checkpoint()
        views: list[TradeView] = []
        cursor: str | None = None
        while True:
            page = self._repository.trades(token.network, token.mint, PAGE, cursor, money_of(token))
            views += page.items
            cursor = page.next_cursor
            newest, oldest = views[0].time_s if views else None, page.items[-1].time_s if page.items else None
            if cursor is None or newest is None or oldest is None or oldest < newest - newest % HOUR_S:
                break
        bars = BarSet(LIVE_BARS)
        for view in reversed(views):
            if view.ghost is None and view.price_f64 is not None and view.seq <= seq and view.seq not in undecided:
                bars.add(print_of(view))
        return bars, seq

    def trades(self, token: TokenState, before: str | None, limit: int) -> TradePage:
        """A page of trades, newest first. Raises `BadRequest` for a cursor of somebody else."""
        try:
            return self._repository.trades(token.network, token.mint, limit, before, money_of(token))
        except BadCursor as error:
            raise BadRequest(str(error)) from error

    def candles(self, token: TokenState, interval: Interval, end_s: int | None, limit: int) -> list[CandleView]:
        """The last bars that start before `end_s`, oldest first; none while the decimals are unknown."""
        money = money_of(token)
        if money is None:
            return []
        return self._repository.candles(token.network, token.mint, interval, limit, money, end_s)

    def holders(self, token: TokenState, limit: int) -> tuple[list[HolderView], int]:
        """Largest balances first, and how many wallets hold any."""
        return self._repository.holders(
            token.network, token.mint, limit, creator=token.creator, supply=token.supply, leave_out=token.pools
        )

    def signature_seqs(self, signature: str) -> Sequence[int]:
        """Journal numbers of the records that a transaction's facts came from."""
        return self._repository.journal_seqs(None, signature)


def money_of(token: TokenState) -> Money | None:
    """Decimals of both sides, or None while one is unknown."""
    if token.token_decimals is None or token.quote_decimals is None:
        return None
    return Money(token.token_decimals, token.quote_decimals)


def print_of(view: TradeView) -> Print:
    """A stored trade as a chart sees it."""
    row = Row(kind=Kind.TRADE, venue=view.venue, quote_amount=int(view.quote_base), trader=view.trader, side=view.side)
    return Print(view.seq, row, view.slot if view.slot is not None else -1, view.time_s or 0, view.price_f64)
