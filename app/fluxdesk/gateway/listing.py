"""The Launches list: filters in plain numbers, a sort, a page. Pure; runs on the pipeline's thread between two batches.

A number that is not known passes no filter that asks about it. Which numbers: docs/definitions.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from fluxdesk.analytics.windows.bank import WindowBank
from fluxdesk.analytics.windows.records import Rolling
from fluxdesk.core.events import Venue
from fluxdesk.core.views import LaunchPage, Sort, Tab
from fluxdesk.gateway import cursor as cursors
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.launches.token_state import TokenState
from fluxdesk.launches.views import Book

FINAL_PPM = 800_000
"""From here the curve counts as in its final stretch."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One filter: its name in the query, which number, and whether it is a floor or a ceiling."""

    name: str
    number: str
    value: float
    is_floor: bool


@dataclass(frozen=True, slots=True)
class LaunchesQuery:
    """What page of which tokens."""

    tab: Tab | None = None
    venues: frozenset[Venue] = frozenset()
    networks: frozenset[str] = frozenset()
    text: str = ""
    bounds: tuple[Bound, ...] = ()
    sort: Sort = "age"
    descending: bool = True
    cursor: str | None = None
    limit: int = 100
    now_s: float = 0.0


class Place(msgspec.Struct, array_like=True):
    """Where a page ended: the sort it belongs to, the value (None sorts last), the token."""

    sort: str
    descending: bool
    value: float | None
    key: str


def tab_of(token: TokenState) -> Tab:
    """The tab a token is under: graduated or pool, final stretch (curve from 80 % or sold out), else new."""
    if token.stage in ("graduated", "pool"):
        return "graduated"
    if token.stage == "complete" or (token.progress_ppm is not None and token.progress_ppm >= FINAL_PPM):
        return "final"
    return "new"


class Seen:
    """A token as filters and sorts read it; the rolling five minutes are asked for once, when needed."""

    __slots__ = ("_bank", "_recent", "key", "token")

    def __init__(self, key: str, token: TokenState, bank: WindowBank) -> None:
        self.key = key
        self.token = token
        self._bank = bank
        self._recent: Rolling | None = None

    @property
    def recent(self) -> Rolling:
        """The last five minutes."""
        if self._recent is None:
            self._recent = self._bank.rolling(self.key)
        return self._recent

    @property
    def born_s(self) -> float:
        """Created by the chain's clock, else first seen by this machine's."""
        token = self.token
        return token.created_s if token.created_s is not None else token.first_seen_wall_ns / 1e9


NUMBERS: dict[str, Callable[[Seen, float], float | None]] = {
    "mcap": lambda s, now: s.token.mcap_f64,
    "liquidity": lambda s, now: s.token.quote_f64(s.token.quote_reserve),
    "volume_5m": lambda s, now: s.token.quote_f64(s.recent.quote),
    "price": lambda s, now: s.token.prints.price_f64,
    "change": lambda s, now: s.token.change_f64,
    "progress": lambda s, now: None if s.token.progress_ppm is None else s.token.progress_ppm / 1e6,
    "age_s": lambda s, now: max(0.0, now - s.born_s),
    "trades": lambda s, now: s.token.trades,
    "buys_5m": lambda s, now: s.recent.buys,
    "sells_5m": lambda s, now: s.recent.sells,
    "buyers": lambda s, now: s.token.buyers,
    "holders": lambda s, now: s.token.holders,
    "lead_ms": lambda s, now: s.token.lead_ms,
}
SORTS: dict[Sort, Callable[[Seen], float | None]] = {
    # Newest first reads as "descending", like every other column: so age sorts by birth.
    "age": lambda s: s.born_s,
    "price": lambda s: s.token.prints.price_f64,
    "mcap": lambda s: s.token.mcap_f64,
    "volume": lambda s: s.token.quote_f64(s.recent.quote),
    "trades": lambda s: s.token.trades,
    "buyers": lambda s: s.token.buyers,
    "progress": lambda s: s.token.progress_ppm,
}


@dataclass(slots=True)
class _Tally:
    matched: list[Seen] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"new": 0, "final": 0, "graduated": 0})
    hidden: dict[str, int] = field(default_factory=dict)


def list_launches(book: Book, query: LaunchesQuery) -> LaunchPage:
    """One page. Raises `BadRequest` for a cursor of another sort."""
    tests = _tests(query)
    tally = _Tally(hidden=dict.fromkeys((name for name, _ in tests), 0))
    for key, token in book.tokens.items():
        seen = Seen(key, token, book.bank)
        failed = [name for name, passes in tests if not passes(seen)]
        tab = tab_of(token)
        in_tab = query.tab is None or tab == query.tab
        if not failed:
            tally.counts[tab] += 1
            if in_tab:
                tally.matched.append(seen)
        elif len(failed) == 1 and in_tab:
            tally.hidden[failed[0]] += 1
    page, following = _page(tally.matched, query)
    return LaunchPage(
        items=[book.view(key) for key in page],
        next_cursor=following,
        total=len(book.tokens),
        matched=len(tally.matched),
        counts=tally.counts,
        hidden_by=tally.hidden,
    )


def _tests(query: LaunchesQuery) -> list[tuple[str, Callable[[Seen], bool]]]:
    tests: list[tuple[str, Callable[[Seen], bool]]] = []
    if query.venues:
        tests.append(("venue", lambda s: s.token.venue in query.venues))
    if query.networks:
        tests.append(("network", lambda s: s.token.network in query.networks))
    if query.text:
        words = query.text.casefold()
        tests.append(("text", lambda s: _holds(s.token, words)))
    for bound in query.bounds:
        tests.append((bound.name, _bound_test(bound, query.now_s)))
    return tests


def _holds(token: TokenState, words: str) -> bool:
    names = (token.name, token.symbol, token.mint)
    return any(words in name.casefold() for name in names if name is not None)


def _bound_test(bound: Bound, now_s: float) -> Callable[[Seen], bool]:
    read, limit, is_floor = NUMBERS[bound.number], bound.value, bound.is_floor

    def passes(seen: Seen) -> bool:
        value = read(seen, now_s)
        return value is not None and (value >= limit if is_floor else value <= limit)

    return passes


def _page(matched: list[Seen], query: LaunchesQuery) -> tuple[list[str], str | None]:
    read, sign = SORTS[query.sort], -1.0 if query.descending else 1.0

    def rank(value: float | None, key: str) -> tuple[bool, float, str]:
        return (value is None, 0.0 if value is None else sign * value, key)

    ranked = sorted((rank(read(seen), seen.key), seen.key) for seen in matched)
    if query.cursor is not None:
        place = cursors.read(query.cursor, Place)
        if (place.sort, place.descending) != (query.sort, query.descending):
            raise BadRequest("The cursor belongs to another sort; start again without it.")
        after = rank(place.value, place.key)
        ranked = [entry for entry in ranked if entry[0] > after]
    keys = [key for _, key in ranked[: query.limit]]
    if len(ranked) <= query.limit:
        return keys, None
    (unknown, value, key), _ = ranked[query.limit - 1]
    place = Place(query.sort, query.descending, None if unknown else sign * value, key)
    return keys, cursors.write(place)
