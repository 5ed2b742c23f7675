"""One class a topic: what a subscription remembers between two frames, and how its next frame is made.

Memory of a subscription is bounded whatever its client does: events are read from the shared ring, launches are a set
of keys, a token's undrawn trades are cut and said to be missing. Only the event loop touches these objects.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from fluxdesk.core.views import (
    LaunchesFrame,
    LaunchView,
    Missed,
    SourcesFrame,
    StatusFrame,
    Subscribe,
    TokenFrame,
    TradeView,
)
from fluxdesk.gateway.desk import Desk
from fluxdesk.gateway.frames import events_frame, frame
from fluxdesk.gateway.ring import Ring
from fluxdesk.launches.bars import BarSet
from fluxdesk.launches.prints import Print
from fluxdesk.launches.publication import Publication
from fluxdesk.launches.views import Book

SNAPSHOT_NEWEST = 1_000
SNAPSHOT_BUSIEST = 1_000
CONFLATED_ITEMS = 500
"""A client that did not ask for every event gets at most so many of the newest in one frame."""
MAX_UNSENT_TRADES = 2_000
FRAME_BARS = 2


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
    """Change sets of the launches table: what changed since the last frame, however often it did."""

    name = "launches"
    eager = False

    def __init__(self, desk: Desk, request: Subscribe) -> None:
        self.dirty = True
        self._desk = desk
        self._since = request.since
        self._first = True
        self._touched: set[str] = set()
        self._new: dict[str, None] = {}

    async def start(self) -> None:
        """Nothing to read first."""

    def publish(self, publication: Publication) -> None:
        """Takes note of a step of the pipeline."""
        if publication.touched:
            self._touched |= publication.touched
            self._new.update(dict.fromkeys(publication.new))
            self.dirty = True

    async def frames(self) -> list[str]:
        """A snapshot or a resumption first, then change sets."""
        touched, new = self._touched, list(self._new)
        self._touched, self._new = set(), {}
        self.dirty = False
        if self._first:
            self._first = False
            since = self._since
            seq, views, fresh = await self._desk.ask(
                _snapshot if since is None else lambda book: _changed_since(book, since)
            )
            return [frame(LaunchesFrame(seq=seq, snapshot=since is None, upserts=views, new=fresh))]
        seq, views = await self._desk.ask(lambda book: _views(book, touched))
        return [frame(LaunchesFrame(seq=seq, snapshot=False, upserts=views, new=new))] if views else []

    async def close(self) -> None:
        """Nothing to give back."""


def _views(book: Book, keys: set[str]) -> tuple[int, list[LaunchView]]:
    return book.last_seq, [book.view(key) for key in keys if key in book.tokens]


def _snapshot(book: Book) -> tuple[int, list[LaunchView], list[str]]:
    """The newest and the most recently traded tokens."""
    tokens = book.tokens
    keys = sorted(tokens, key=lambda k: tokens[k].first_seq)[-SNAPSHOT_NEWEST:]
    busiest = sorted(tokens, key=lambda k: tokens[k].last_seq)[-SNAPSHOT_BUSIEST:]
    chosen = dict.fromkeys([*keys, *busiest])
    return book.last_seq, [book.view(key) for key in chosen], []


def _changed_since(book: Book, since: int) -> tuple[int, list[LaunchView], list[str]]:
    """Tokens with a newer fact, and tokens whose five-minute numbers may have fallen meanwhile."""
    views = [book.view(key) for key, token in book.tokens.items() if token.last_seq > since or token.trades]
    return book.last_seq, views, [token.mint for token in book.tokens.values() if token.first_seq > since]


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


def sources_frame(desk: Desk, ring: Ring) -> str:
    """Health of all sources and gaps."""
    return frame(SourcesFrame(seq=ring.last_seq, sources=desk.sources(), gaps=desk.gaps()))


def status_frame(desk: Desk, ring: Ring) -> str:
    """The node in one object."""
    return frame(StatusFrame(seq=ring.last_seq, status=desk.status()))


TOPICS: Sequence[str] = ("launches", "events", "token:<mint>", "sources", "status")
