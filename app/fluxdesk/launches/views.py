"""The state behind the screens: `advance(book, facts)` turns new facts into changed tokens.

Deterministic: it depends on the book and the facts alone, reads no clock and does no I/O, so a replay of the journal
ends in the same book. Ledgers of quiet tokens may be missing; the caller loads them first (`Book.cold`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fluxdesk.analytics.windows.bank import TradeLike, WindowBank
from fluxdesk.analytics.windows.records import ROLLING_S
from fluxdesk.core.events import Kind, Row, Side
from fluxdesk.core.refusals import Reason
from fluxdesk.core.views import LaunchView, TradeView
from fluxdesk.launches.dedup import Fact, Lead
from fluxdesk.launches.ledger import Ledger
from fluxdesk.launches.prints import Decided, Print
from fluxdesk.launches.token_state import LAUNCHPADS, TokenState
from fluxdesk.store.facts import GhostPrint, Sighting

NANOS = 1_000_000_000
STEP_S = 10
"""How exactly the end of a trade's five minutes is noticed for a token that trades no more."""
AHEAD_NS = 10 * NANOS
"""How far a block time may run ahead of this machine's clock and still move the five-minute windows."""
CLOCK_REACH_SLOTS = 1000
"""A row without a block time borrows the network's newest one when it is at most this many slots away."""
MAKERS = frozenset({Kind.LAUNCH, Kind.TRADE, Kind.POOL, Kind.MIGRATION})
"""Kinds that may introduce a token."""
_TRADE, _UNKNOWN, _REFUSED, _BUY = Kind.TRADE, Kind.UNKNOWN, Kind.REFUSED, Side.BUY
"""Looking a member up in its class takes as long as the comparison it is for."""


@dataclass(slots=True)
class NetworkClock:
    """How far a network has come."""

    slot: int = -1
    time_s: int | None = None
    """The newest block time."""
    time_slot: int = -1
    newest_s: int = 0
    """The newest time of a trade, by block time where there is one (`chain_time`)."""


@dataclass(slots=True)
class Counts:
    """Facts by what they are."""

    launches: int = 0
    trades: int = 0
    decoded: int = 0
    unknown: int = 0
    refused: int = 0


@dataclass(slots=True)
class Changes:
    """What a batch changed."""

    touched: set[str] = field(default_factory=set)
    new: list[str] = field(default_factory=list)
    drawn: list[tuple[str, Print, TradeView]] = field(default_factory=list)
    """Decided prints of watched tokens, oldest first."""
    sightings: list[Sighting] = field(default_factory=list)
    """Every fact, for the store."""
    windows: list[TradeLike] = field(default_factory=list)
    """Drawn prints as the windows count them, in the order in which they were decided."""
    ghosts: list[GhostPrint] = field(default_factory=list)
    """Prints of this or an earlier batch that turned out to be ghosts after they were handed to the store."""


@dataclass(slots=True)
class Book:
    """All tokens in memory, by key: the mint, or `mint@network` when two networks use the same address."""

    tokens: dict[str, TokenState] = field(default_factory=dict)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    clocks: dict[str, NetworkClock] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    per_source: dict[str, Counts] = field(default_factory=dict)
    watched: dict[str, int] = field(default_factory=dict)
    """Token keys that a screen shows, with how many screens do."""
    last_seq: int = 0
    latest_wall_ns: int = 0
    """The latest arrival by this machine's wall clock: what a block time may not run far ahead of."""
    bank: WindowBank = field(default_factory=WindowBank)
    """The last five minutes of every active token, by key."""
    believe: frozenset[str] = frozenset()
    """Meteora DBC configs that the user calls Believe."""
    _waiting: dict[str, dict[int, TradeView]] = field(default_factory=dict)
    """Watched tokens: trades not yet decided, by the identity of their row."""
    _suspects: set[str] = field(default_factory=set)
    _busy: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    """(network, step) -> tokens that traded in it: their five-minute numbers change when it ends."""

    def key_of(self, mint: str, network: str) -> str:
        """The key under which a mint of a network is, or would be, kept."""
        found = self.tokens.get(mint)
        return mint if found is None or found.network == network else f"{mint}@{network}"

    def cold(self, facts: Iterable[Fact]) -> set[str]:
        """Keys of known tokens that these facts trade and whose ledger is not in memory."""
        out: set[str] = set()
        for fact in facts:
            row = fact.row
            if row.kind is Kind.TRADE and row.token_mint is not None and not fact.fuller:
                key = self.key_of(row.token_mint, fact.network)
                if key not in self.ledgers and key in self.tokens:
                    out.add(key)
        return out

    def put(self, token: TokenState) -> None:
        """Takes a token that was saved earlier."""
        key = self.key_of(token.mint, token.network)
        self.tokens[key] = token
        if token.prints.suspect is not None:
            self._suspects.add(key)

    def drop(self, key: str) -> None:
        """Forgets a token that is saved."""
        self.tokens.pop(key, None)
        self.ledgers.pop(key, None)
        self._suspects.discard(key)

    def view(self, key: str) -> LaunchView:
        """The row of the Launches table. Raises `KeyError`."""
        return self.tokens[key].view(self.believe, self.bank.rolling(key))

    def watch(self, key: str) -> None:
        """A screen opens on this token."""
        self.watched[key] = self.watched.get(key, 0) + 1

    def unwatch(self, key: str) -> None:
        """A screen closes."""
        left = self.watched.get(key, 0) - 1
        if left > 0:
            self.watched[key] = left
        else:
            self.watched.pop(key, None)
            self._waiting.pop(key, None)

    def clock(self, network: str) -> NetworkClock:
        """The clock of a network, made when missing."""
        found = self.clocks.get(network)
        if found is None:
            found = self.clocks[network] = NetworkClock()
        return found


def advance(book: Book, facts: Sequence[Fact], leads: Sequence[Lead], last_seq: int) -> Changes:
    """Applies facts in journal order up to `last_seq`."""
    changes = Changes()
    tally: dict[tuple[str, Kind], int] = {}
    for fact in facts:
        row, wall_ns = fact.row, fact.wall_ns
        kind, slot, block_s = row.kind, row.slot, row.block_time
        if not fact.fuller:
            place = (fact.source, kind)
            tally[place] = tally.get(place, 0) + 1
        clock = book.clocks.get(fact.network) or book.clock(fact.network)
        if slot is not None and slot > clock.slot:
            clock.slot = slot
        book.latest_wall_ns = max(book.latest_wall_ns, wall_ns)
        if block_s is not None and (clock.time_s or 0) <= block_s <= _plausible(book) // NANOS:
            clock.time_s = block_s
            clock.time_slot = slot if slot is not None else clock.slot
        time_s = block_s if block_s is not None else chain_time(clock, row, wall_ns)
        ghost = None
        if row.token_mint is not None and kind is not _UNKNOWN and kind is not _REFUSED:
            ghost = _apply(book, fact, time_s, changes)
        changes.sightings.append(Sighting(fact.seq, fact.source, fact.network, wall_ns, row, time_s, ghost))
    for (source, kind), number in tally.items():
        _count(book, source, kind, number)
    for lead in leads:
        if lead.row.kind is not Kind.LAUNCH or lead.row.token_mint is None:
            continue
        key = book.key_of(lead.row.token_mint, lead.network)
        token = book.tokens.get(key)
        if token is not None and token.lead_ms is None:
            token.lead_ms = lead.lead_ns / 1e6
            token.first_source = lead.first
            changes.touched.add(key)
    book.last_seq = max(book.last_seq, last_seq)
    _settle(book, changes)
    if changes.windows:
        book.bank.add(changes.windows, now_ns=_plausible(book))
    _roll(book, changes)
    return changes


def _plausible(book: Book) -> int:
    """The latest time a trade may claim, Unix nanoseconds: one that runs ahead must not end everyone's five minutes."""
    return book.latest_wall_ns + AHEAD_NS


def chain_time(clock: NetworkClock, row: Row, wall_ns: int) -> int:
    """Unix seconds of a row: its block time, else the network's newest one nearby, else this machine's wall clock."""
    if row.block_time is not None:
        return row.block_time
    if clock.time_s is not None and (row.slot is None or abs(row.slot - clock.time_slot) <= CLOCK_REACH_SLOTS):
        return clock.time_s
    return wall_ns // 1_000_000_000


def _count(book: Book, source: str, kind: Kind, number: int) -> None:
    mine = book.per_source.get(source)
    if mine is None:
        mine = book.per_source[source] = Counts()
    for counts in (book.counts, mine):
        if kind is Kind.UNKNOWN:
            counts.unknown += number
        elif kind is Kind.REFUSED:
            counts.refused += number
        else:
            counts.decoded += number
            if kind is Kind.TRADE:
                counts.trades += number
            elif kind is Kind.LAUNCH:
                counts.launches += number


def _apply(book: Book, fact: Fact, time_s: int, changes: Changes) -> str | None:
    """Applies a fact to its token; says why the chart leaves a trade out when that is clear at once."""
    row = fact.row
    assert row.token_mint is not None
    key = row.token_mint
    token = book.tokens.get(key)
    if token is not None and token.network != fact.network:
        key = book.key_of(key, fact.network)
        token = book.tokens.get(key)
    if token is None:
        if row.kind not in MAKERS or row.venue is None:
            return None
        token = TokenState(
            mint=row.token_mint,
            network=fact.network,
            venue=row.venue,
            stage="curve" if row.venue in LAUNCHPADS else "pool",
            first_seen_wall_ns=fact.wall_ns,
            first_source=fact.source,
            first_seq=fact.seq,
        )
        book.tokens[key] = token
        book.ledgers[key] = Ledger()
        changes.new.append(key)
    changes.touched.add(key)
    token.last_seq = max(token.last_seq, fact.seq)
    kind, slot = row.kind, row.slot
    if kind is not _TRADE or fact.fuller or token.wants(row):
        token.learn(row)
    newest = slot is None or slot >= token.last_slot
    if newest and slot is not None:
        token.last_slot = slot
    if kind is _TRADE:
        if row.pool != token.pool:
            token.add_pool(row.pool)
        if newest:
            _learn_pool(token, row)
        if not fact.fuller:
            return _trade(book, token, key, fact, time_s, newest, changes)
    elif row.kind is Kind.LAUNCH:
        _launch(token, fact)
    elif row.kind is Kind.MIGRATION:
        token.stage = "graduated"
        _move_to(token, row.pool)
    elif row.kind is Kind.POOL and row.reason is Reason.CURVE_COMPLETE:
        if token.stage == "curve":
            token.stage = "complete"
    elif row.reason is not Reason.CURVE_COMPLETE:
        token.add_pool(row.pool)
        if newest:
            _learn_pool(token, row)
    return None


def _launch(token: TokenState, fact: Fact) -> None:
    row = fact.row
    assert row.venue is not None
    token.venue = row.venue
    token.created_s = row.block_time if token.created_s is None else token.created_s
    if token.launch_signature is None:
        token.launch_signature, token.launch_seq = row.signature, fact.seq
    if token.stage == "pool" and row.venue in LAUNCHPADS:
        token.stage = "graduated" if token.trades else "curve"
    token.add_pool(row.pool)
    if row.state is not None and token.quote_reserve is None:
        _learn_pool(token, row)


def _move_to(token: TokenState, pool: str | None) -> None:
    token.add_pool(pool)
    token.pool = pool or token.pool
    token.quote_reserve = None


def _learn_pool(token: TokenState, row: Row) -> None:
    """Reserves and progress of the token's main pool."""
    on_launchpad = row.venue in LAUNCHPADS
    if token.stage == "complete" and not on_launchpad and row.kind is Kind.TRADE:
        token.stage = "graduated"
        _move_to(token, row.pool)
    state = row.state
    if state is None or row.pool != token.pool:
        return
    if state.quote_reserve is not None:
        token.quote_reserve = state.quote_reserve
    if on_launchpad:
        if state.progress_ppm is not None:
            token.progress_ppm = state.progress_ppm
        if state.complete and token.stage == "curve":
            token.stage = "complete"


def _trade(
    book: Book, token: TokenState, key: str, fact: Fact, time_s: int, newest: bool, changes: Changes
) -> str | None:
    row = fact.row
    token.trades += 1
    clock = book.clocks[fact.network]
    if time_s > clock.newest_s:
        clock.newest_s = max(clock.newest_s, min(time_s, _plausible(book) // NANOS))
    base, quote, is_buy = row.token_amount or 0, row.quote_amount or 0, row.side is _BUY
    if row.trader is not None and base:
        holders, new_buyer = book.ledgers[key].apply(row.trader, is_buy, base)
        token.holders += holders
        token.buyers += new_buyer
    price = token.price_of(base, quote)
    other_quote = row.quote_mint != token.quote_mint
    same_mint = row.token_mint == row.quote_mint
    slot = -1 if row.slot is None else row.slot
    printed = Print(fact.seq, row, slot, time_s, price, same_mint, other_quote)
    if key in book.watched:
        book._waiting.setdefault(key, {})[id(row)] = trade_view(fact.seq, fact.wall_ns, row, time_s, price)
    if not newest and price is not None and not same_mint and not other_quote:
        # It came late: its neighbours are history, so it is drawn as it is.
        decided: list[Decided] = [(printed, None)]
    else:
        decided = token.prints.step(printed)
    _decide(book, token, key, decided, changes)
    if token.prints.suspect is not None:
        book._suspects.add(key)
    at_once = None
    for one, why in decided:
        if why is not None:
            if one is printed:
                at_once = why
            else:
                changes.ghosts.append(GhostPrint(token.network, one.row, why))
    return at_once


def _decide(book: Book, token: TokenState, key: str, decided: Sequence[Decided], changes: Changes) -> None:
    """Gives drawn prints to the windows, the sparkline and open charts; counts ghosts."""
    waiting = book._waiting.get(key)
    for printed, ghost in decided:
        row, time_s, price = printed.row, printed.time_s, printed.price_f64
        if ghost is not None:
            token.ghosts += 1
        else:
            assert price is not None
            base, quote = row.token_amount or 0, row.quote_amount or 0
            changes.windows.append((key, time_s * NANOS, price, base, quote, row.side is _BUY, row.trader))
            step = (token.network, time_s // STEP_S)
            busy = book._busy.get(step)
            if busy is None:
                busy = book._busy[step] = set()
            busy.add(key)
            if token.first_price_f64 is None:
                token.first_price_f64 = price
            token.spark.push(time_s, price)
        if waiting is not None:
            view = waiting.pop(id(row), None)
            if view is not None:
                view.ghost = ghost
                changes.drawn.append((key, printed, view))


def _settle(book: Book, changes: Changes) -> None:
    """Accepts suspects whose slot has passed."""
    for key in list(book._suspects):
        token = book.tokens[key]
        decided = token.prints.settle(book.clock(token.network).slot)
        if decided:
            _decide(book, token, key, decided, changes)
            changes.touched.add(key)
        if token.prints.suspect is None:
            book._suspects.discard(key)


def _roll(book: Book, changes: Changes) -> None:
    """Notes tokens whose five-minute numbers fall without a trade of their own, as the time of their trades passes."""
    over = [busy for busy in book._busy if busy[1] < (book.clocks[busy[0]].newest_s - ROLLING_S) // STEP_S]
    for busy in over:
        changes.touched |= book._busy.pop(busy) & book.tokens.keys()


def trade_view(seq: int, wall_ns: int, row: Row, time_s: int, price_f64: float | None) -> TradeView:
    """The tape's line of a trade; `ghost` is filled in once its neighbours are known."""
    assert row.venue is not None
    return TradeView(
        seq=seq,
        signature=row.signature or "",
        slot=row.slot,
        index=row.index,
        time_s=time_s,
        seen_wall_ns=wall_ns,
        side=row.side or Side.BUY,
        token_base=str(row.token_amount or 0),
        quote_base=str(row.quote_amount or 0),
        price_f64=price_f64,
        trader=row.trader,
        venue=row.venue,
    )
