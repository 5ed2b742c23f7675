"""One class a topic: what a subscription remembers between two frames, and how its next frame is made.

Memory of a subscription is bounded whatever its client does: events are read from the shared ring, launches are a set
of keys, a token's undrawn trades are cut and said to be missing. Only the event loop touches these objects.
"""

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from fluxdesk.core.views import (
    LaunchesFrame,
    LaunchView,
    Missed,
    SendsFrame,
    SourcesFrame,
    StatusFrame,
    Subscribe,
    TokenFrame,
    TradeView,
)
from fluxdesk.gateway.desk import Desk
from fluxdesk.gateway.frames import events_frame, frame
from fluxdesk.gateway.ring import Ring
from fluxdesk.gateway.wallet_desk import Wallet
from fluxdesk.launches.bars import BarSet
from fluxdesk.launches.prints import Print
from fluxdesk.launches.publication import Publication
from fluxdesk.launches.views import Book

SNAPSHOT_NEWEST = 1_000
SNAPSHOT_BUSIEST = 1_000
FRAME_ROWS = 200
"""Launches in one frame at most: about a millisecond for a client to read, and 4,000 rows a second."""
CONFLATED_ITEMS = 500
"""A client that did not ask for every event gets at most so many of the newest in one frame."""
MAX_UNSENT_TRADES = 2_000
FRAME_BARS = 2
SENDS_SHOWN = 50


class TooSlow(Exception):
    """The client asked for every event and no longer keeps up with the ring."""


class Topic(Protocol):
    """A subscription."""

    name: str
    dirty: bool
    """Something waits to be sent."""
    eager: bool
    """Frames go out at once, not at most 20 a second."""

    async def start(self) -> None:
        """Called once the subscription hears publications. Raises `NoSuchThing`."""
        ...

    def publish(self, publication: Publication) -> None:
        """Takes note of a step of the pipeline."""
        ...

    async def frames(self) -> list[str]:
        """What to send now; clears `dirty`. Raises `TooSlow`."""
        ...

    async def close(self) -> None:
        """The client left."""
        ...


class EventsTopic:
    """Decoded rows in journal order, from the ring."""

    name = "events"

    def __init__(self, ring: Ring, request: Subscribe) -> None:
        self.eager = request.every
        self._ring = ring
        self._every = request.every
        self._sent = ring.last_seq if request.since is None else min(request.since, ring.last_seq)
        self._missed: Missed | None = None
        if self._sent < ring.floor:
            self._missed = Missed(topic=self.name, from_seq=self._sent + 1, to_seq=ring.floor)
            self._sent = ring.floor
        self.dirty = self._missed is not None or self._sent < ring.last_seq

    async def start(self) -> None:
        """Nothing to read first."""

    def publish(self, publication: Publication) -> None:
        """Takes note of a step of the pipeline."""
        self.dirty = True

    async def frames(self) -> list[str]:
        """The events since the last frame. Raises `TooSlow`."""
        out: list[str] = []
        if self._missed is not None:
            out.append(frame(self._missed))
            self._missed = None
        dropped = 0
        if self._sent < self._ring.floor:
            if self._every:
                raise TooSlow(
                    f"You asked for every event and are {self._ring.last_seq - self._sent:,} journal records behind, "
                    f"more than is kept in memory. Reconnect and read faster, or subscribe without `every`."
                )
            dropped = self._ring.floor - self._sent
            self._sent = self._ring.floor
        if self._every:
            upto, items = self._ring.after(self._sent)
        else:
            upto, items = self._ring.after(self._sent, limit=1 << 30)
            if len(items) > CONFLATED_ITEMS:
                dropped += len(items) - CONFLATED_ITEMS
                items = items[-CONFLATED_ITEMS:]
        self._sent = upto
        self.dirty = upto < self._ring.last_seq
        out.append(events_frame(upto, items, dropped))
        return out

    async def close(self) -> None:
        """Nothing to give back."""


class LaunchesTopic:
    """Change sets of the launches table: what changed since the last frame, however often it did.

    A set of many rows leaves in pieces, one a frame: what a client has to take in at once is bounded, and so is what
    the node makes at once. What changes while a set is on its way waits for the next one, and is read when its own
    piece is made.
    """

    name = "launches"
    eager = False

    def __init__(self, desk: Desk, request: Subscribe) -> None:
        self.dirty = True
        self._desk = desk
        self._since = request.since
        self._first = True
        self._touched: dict[str, None] = {}
        self._new: dict[str, None] = {}
        self._set: _ChangeSet | None = None

    async def start(self) -> None:
        """Nothing to read first."""

    def publish(self, publication: Publication) -> None:
        """Takes note of a step of the pipeline."""
        if publication.touched:
            self._new.update(dict.fromkeys(publication.new))
            self._touched.update(dict.fromkeys(publication.touched))
            self.dirty = True

    async def frames(self) -> list[str]:
        """The next piece: of a snapshot or a resumption first, then of change sets."""
        going, touched, new, first, since = self._set, self._touched, self._new, self._first, self._since
        if going is None:
            self._touched, self._new, self._first = {}, {}, False
        self.dirty = False

        def next_piece(book: Book) -> tuple[_ChangeSet, LaunchesFrame]:
            rest = going
            if rest is None and not first:
                rest = _ChangeSet(book.last_seq, deque(dict.fromkeys([*new, *touched])), set(new))
            elif rest is None:
                rest = _snapshot(book) if since is None else _changed_since(book, since)
            return rest, rest.piece(book)

        rest, made = await self._desk.ask(next_piece)
        self._set = rest if made.more else None
        self.dirty = made.more or bool(self._touched)
        return [frame(made)] if made.upserts or first or going is not None else []

    async def close(self) -> None:
        """Nothing to give back."""


@dataclass(slots=True)
class _ChangeSet:
    """Tokens of one set that are still to be told.

    Attributes:
        seq: What has happened up to here is told when the set is.
        keys: Token keys in the order in which they are told.
        new: Those among them that are news.
        replaces: The next piece begins a snapshot.
    """

    seq: int
    keys: deque[str]
    new: set[str]
    replaces: bool = False

    def piece(self, book: Book) -> LaunchesFrame:
        """Takes the next rows off the set; tokens that were forgotten meanwhile are passed over."""
        views: list[LaunchView] = []
        fresh: list[str] = []
        while self.keys and len(views) < FRAME_ROWS:
            key = self.keys.popleft()
            if key in book.tokens:
                views.append(book.view(key))
                if key in self.new:
                    fresh.append(views[-1].mint)
        snapshot, self.replaces = self.replaces, False
        return LaunchesFrame(seq=self.seq, snapshot=snapshot, upserts=views, new=fresh, more=bool(self.keys))


def _snapshot(book: Book) -> _ChangeSet:
    """The newest and the most recently traded tokens; the newest come first, a list begins with them."""
    tokens = book.tokens
    newest = heapq.nlargest(SNAPSHOT_NEWEST, tokens, key=lambda k: tokens[k].first_seq)
    busiest = heapq.nlargest(SNAPSHOT_BUSIEST, tokens, key=lambda k: tokens[k].last_seq)
    return _ChangeSet(book.last_seq, deque(dict.fromkeys([*newest, *busiest])), set(), replaces=True)


def _changed_since(book: Book, since: int) -> _ChangeSet:
    """Tokens with a newer fact, and tokens whose five-minute numbers may have fallen meanwhile."""
    keys = deque(key for key, token in book.tokens.items() if token.last_seq > since or token.trades)
    return _ChangeSet(book.last_seq, keys, {key for key, token in book.tokens.items() if token.first_seq > since})


class TokenTopic:
    """One open token: its row, decided trades, the last bars."""

    eager = False

    def __init__(self, desk: Desk, request: Subscribe, key: str) -> None:
        self.name = request.topic
        self.dirty = False
        self._desk = desk
        self._key = key
        self._since = request.since
        self._bars: BarSet | None = None
        self._early: list[tuple[Print, int]] = []
        """Prints that were published while the bars were being read."""
        self._trades: list[TradeView] = []
        self._missed: Missed | None = None

    async def start(self) -> None:
        """Reads the bars so far; what is published meanwhile waits."""
        opened = await self._desk.open_token(self._key)
        for printed, seq in self._early:
            if seq > opened.seq or seq in opened.undecided:
                opened.bars.add(printed)
        self._early.clear()
        self._bars = opened.bars
        if self._since is not None and self._since < opened.seq:
            self._missed = Missed(topic=self.name, from_seq=self._since + 1, to_seq=opened.seq)
        self.dirty = True

    def publish(self, publication: Publication) -> None:
        """Takes note of a step of the pipeline."""
        if self._key not in publication.touched:
            return
        self.dirty = self._bars is not None
        for key, printed, view in publication.drawn:
            if key != self._key:
                continue
            self._trades.append(view)
            if view.ghost is not None:
                continue
            if self._bars is None:
                self._early.append((printed, view.seq))
            else:
                self._bars.add(printed)
        if len(self._trades) > MAX_UNSENT_TRADES:
            self._missed = Missed(topic=self.name, from_seq=self._trades[0].seq, to_seq=publication.last_seq)
            self._trades.clear()

    async def frames(self) -> list[str]:
        """The row, the trades since the last frame, the last bars."""
        trades, self._trades = self._trades, []
        self.dirty = False
        found = await self._desk.ask(lambda book: _token(book, self._key))
        out = [] if self._missed is None else [frame(self._missed)]
        self._missed = None
        if found is not None and self._bars is not None:
            seq, launch, unit = found
            bars = self._bars.views(unit, FRAME_BARS)
            out.append(frame(TokenFrame(seq=seq, mint=launch.mint, launch=launch, trades=trades, bars=bars)))
        return out

    async def close(self) -> None:
        """Tells the book that no screen shows the token any more."""
        await self._desk.ask(lambda book: book.unwatch(self._key))


def _token(book: Book, key: str) -> tuple[int, LaunchView, float] | None:
    token = book.tokens.get(key)
    if token is None:
        return None
    return book.last_seq, book.view(key), 10.0 ** (token.quote_decimals or 0)


class SlowTopic:
    """Sources or status: the whole answer, once a second."""

    eager = False

    def __init__(self, name: str, make: Callable[[], str]) -> None:
        self.name = name
        self.dirty = True
        self._make = make

    async def start(self) -> None:
        """Nothing to read first."""

    def publish(self, publication: Publication) -> None:
        """These go by the clock."""

    async def frames(self) -> list[str]:
        """The current answer."""
        self.dirty = False
        return [self._make()]

    async def close(self) -> None:
        """Nothing to give back."""


class SendsTopic:
    """Transactions that were broadcast here, whenever one of them came on."""

    name = "sends"
    eager = False

    def __init__(self, wallet: Wallet, ring: Ring) -> None:
        self.dirty = True
        self._wallet, self._ring = wallet, ring

    async def start(self) -> None:
        """Nothing to read first."""

    def publish(self, publication: Publication) -> None:
        """The hub says when a transaction came on."""

    async def frames(self) -> list[str]:
        """The newest of them."""
        self.dirty = False
        found = await self._wallet.sends(SENDS_SHOWN)
        return [frame(SendsFrame(seq=self._ring.last_seq, items=found.items))]

    async def close(self) -> None:
        """Nothing to give back."""


def sources_frame(desk: Desk, ring: Ring) -> str:
    """Health of all sources and gaps."""
    return frame(SourcesFrame(seq=ring.last_seq, sources=desk.sources(), gaps=desk.gaps()))


def status_frame(desk: Desk, ring: Ring) -> str:
    """The node in one object."""
    return frame(StatusFrame(seq=ring.last_seq, status=desk.status()))


TOPICS: Sequence[str] = ("launches", "events", "token:<mint>", "sources", "status", "sends")
