"""The data of a profile while a node runs: journal, tables, and the pipeline restored from both. Blocking."""

import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, field

import msgspec

from fluxdesk.core.clock import Clock
from fluxdesk.core.paths import Profile
from fluxdesk.core.settings import Settings
from fluxdesk.core.views import GapView
from fluxdesk.launches.journal import SqliteJournal
from fluxdesk.launches.pipeline import Pipeline
from fluxdesk.launches.search import SearchIndex
from fluxdesk.launches.views import Book
from fluxdesk.node.keeper import Keeper
from fluxdesk.node.lock import ProfileLock
from fluxdesk.node.mode_mark import claim
from fluxdesk.node.places import FileUnusable
from fluxdesk.node.restoring import Restored, context_of, restore
from fluxdesk.node.shelf import Shelf
from fluxdesk.node.store_link import StoreProcess
from fluxdesk.store.errors import StoreFull
from fluxdesk.store.facts import Batch
from fluxdesk.store.repository import Repository

LAST_SLOTS = "last_slots"
"""Name of the store's note: source id -> highest slot it delivered."""


@dataclass(slots=True)
class Vault:
    """Opened by `open`, given back by `close`."""

    journal: SqliteJournal
    store: StoreProcess
    repository: Repository
    shelf: Shelf
    search: SearchIndex
    keeper: Keeper
    pipeline: Pipeline
    restored: Restored
    gaps: list[GapView] = field(default_factory=list)
    """As an earlier run left them."""
    last_slots: dict[str, int] = field(default_factory=dict)

    @staticmethod
    def open(profile: Profile, settings: Settings, clock: Clock, lock: ProfileLock) -> "Vault":
        """Opens or creates everything and takes up where the last run stopped.

        Raises `OtherMode`, `FileUnusable`, `JournalError`, `JournalFull`, `StoreError`.
        """
        claim(profile)
        with ExitStack() as opened:
            try:
                vault = Vault._open(profile, settings, clock, lock, opened)
            except (sqlite3.Error, OSError) as error:
                raise FileUnusable(profile, str(error)) from error
            opened.pop_all()
            return vault

    @staticmethod
    def _open(profile: Profile, settings: Settings, clock: Clock, lock: ProfileLock, opened: ExitStack) -> "Vault":
        journal = SqliteJournal(
            profile.journal,
            max_mb=settings.integer("journal_max_mb"),
            max_days=settings.integer("journal_max_days"),
            clock=clock,
        )
        opened.callback(journal.close)
        store = StoreProcess(profile.store, lock.descriptor)
        opened.callback(store.close)
        repository = Repository(profile.store)
        opened.callback(repository.close)
        shelf = Shelf(repository)
        book = Book(believe=frozenset(settings.lines("believe_configs")))
        pipeline = Pipeline(journal, context_of(settings, repository, profile.mode), shelf, book)
        note = repository.note(LAST_SLOTS)
        return Vault(
            journal=journal,
            store=store,
            repository=repository,
            shelf=shelf,
            search=SearchIndex(profile.search, repository),
            keeper=Keeper(store.apply, StoreFull, store.checkpoint()),
            pipeline=pipeline,
            restored=restore(pipeline, repository, journal),
            gaps=repository.gaps(),
            last_slots=msgspec.json.decode(note, type=dict[str, int]) if note else {},
        )

    def close(self, last: Batch | None, index_rest: bool = False) -> None:
        """Writes the last cut and closes the files. A store that takes no more is left to the journal.

        `index_rest` also brings the search index up to the tables, which otherwise the next start does.
        """
        self.keeper.finish(last)
        if index_rest:
            self.search.follow()
        self.search.close()
        self.repository.close()
        self.store.close()
        self.journal.close()
