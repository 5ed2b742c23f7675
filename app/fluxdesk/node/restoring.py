"""Takes up where the last run stopped: the state saved with the tables, then the journal beyond them. Blocking."""

import logging
import time
from dataclasses import dataclass
from itertools import islice

import msgspec

from fluxdesk.analytics.windows.bank import WindowBank
from fluxdesk.analytics.windows.records import InvalidSnapshot
from fluxdesk.core.events import Kind, Venue
from fluxdesk.core.paths import Mode
from fluxdesk.core.settings import Settings
from fluxdesk.launches.context import PRACTICE_PROGRAMS, PROGRAMS, DecodeContext, PoolInfo
from fluxdesk.launches.pipeline import MAX_TOKENS, WINDOWS, Pipeline, SavedWindows
from fluxdesk.launches.ports import Journal
from fluxdesk.launches.token_state import read_token
from fluxdesk.launches.views import Book, Counts
from fluxdesk.store.repository import Repository

log = logging.getLogger(__name__)
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What was taken up: tokens from the tables, journal records after them, and how long it took."""

    tokens: int
    records: int
    seconds: float


_PROGRAMS: dict[Mode, dict[str, Venue]] = {
    "live": PROGRAMS,
    "practice": PRACTICE_PROGRAMS,
    "replay": {**PROGRAMS, **PRACTICE_PROGRAMS},
}
"""A practice event in a live stream, or the other way round, is of no known program. A recording may be of either."""


def context_of(settings: Settings, repository: Repository, mode: Mode) -> DecodeContext:
    """The decode context of a profile: its mode's programs, its settings, and the pools that earlier runs learnt."""
    context = DecodeContext(
        programs=_PROGRAMS[mode],
        solana_quotes=settings.lines("solana_quotes"),
        evm_quotes=tuple(quote.lower() for quote in settings.lines("evm_quotes")),
    )
    extra = tuple(factory.lower() for factory in settings.lines("evm_factories"))
    context.factories = (*context.factories, *extra)
    for pool in repository.pools():
        context.pools[pool.pool] = PoolInfo(pool.mint_a, pool.mint_b, pool.token_program)
    return context


def restore(pipeline: Pipeline, repository: Repository, journal: Journal) -> Restored:
    """Fills a new pipeline. Afterwards its book stands for the whole journal."""
    began = time.monotonic()
    book = pipeline.book
    saved = repository.checkpoint()
    for state in repository.token_states(MAX_TOKENS):
        token = read_token(state.state)
        if token is not None:
            book.put(token)
            book.last_seq = max(book.last_seq, token.last_seq)
            clock = book.clock(token.network)
            clock.slot = max(clock.slot, token.last_slot)
    pipeline.archived = repository.tokens() > len(book.tokens)
    for network, clock in book.clocks.items():
        pipeline.dedup.remembered_up_to(network, clock.slot)
    _counts(book, repository)
    _windows(book, repository, saved)
    book.last_seq = max(book.last_seq, saved)
    tokens = len(book.tokens)
    records = journal.read(after=saved)
    count = 0
    while chunk := list(islice(records, CHUNK)):
        pipeline.take(chunk)
        count += len(chunk)
    return Restored(tokens, count, time.monotonic() - began)


def _windows(book: Book, repository: Repository, saved: int) -> None:
    """The five-minute numbers of an orderly end. After a crash they begin anew, rather than miss what came between."""
    note = repository.note(WINDOWS)
    if note is None:
        return
    try:
        windows = msgspec.msgpack.decode(note, type=SavedWindows)
        if windows.seq == saved:
            book.bank = WindowBank.restore(windows.bank)
    except (msgspec.DecodeError, InvalidSnapshot) as error:
        log.warning("the five-minute numbers begin anew: %s", error)


def _counts(book: Book, repository: Repository) -> None:
    """Totals go on from the tables; those of a source begin anew with each run, like its connection."""
    total = Counts()
    for kinds in repository.decode_counts().values():
        for kind, count in kinds.items():
            if kind == Kind.UNKNOWN:
                total.unknown += count
            elif kind == Kind.REFUSED:
                total.refused += count
            else:
                total.decoded += count
                total.trades += count if kind == Kind.TRADE else 0
                total.launches += count if kind == Kind.LAUNCH else 0
    book.counts = total
