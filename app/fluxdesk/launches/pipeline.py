"""The way of an event: journal, decode, dedup, views. One thread owns a pipeline and calls it batch by batch.

Only what the journal has made durable is decoded, so only that is ever published. The result depends on the journal's
bytes in their order and on nothing else: pools are learnt in journal order, and no clock is read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import msgspec

from fluxdesk.core.events import Kind, Raw, Row, Shape
from fluxdesk.core.refusals import Reason
from fluxdesk.core.views import GapView
from fluxdesk.launches.context import DecodeContext, PoolInfo
from fluxdesk.launches.decode import decode_raw, defect
from fluxdesk.launches.dedup import Dedup, Fact
from fluxdesk.launches.ledger import Holding, Ledger
from fluxdesk.launches.ports import Journal
from fluxdesk.launches.printing import event_item
from fluxdesk.launches.publication import Publication
from fluxdesk.launches.token_state import TokenState
from fluxdesk.launches.views import Book, advance
from fluxdesk.store.facts import Batch, GhostPrint, LearntPool, Race, Sighting, TokenSave

ASK_WHOLE = frozenset({Reason.POOL_MINTS_UNKNOWN, Reason.LOGS_TRUNCATED, Reason.EVENT_MISSING})
"""What a whole transaction can answer and logs could not: unnamed mints, cut logs, venues that log no event."""


MAX_TOKENS = 10_000
"""Tokens in memory: the last ones active. Older ones come back from the store when they trade or are asked for."""
MAX_WALLETS = 400_000
"""(token, wallet) pairs in memory."""


WINDOWS = "windows"
"""Name of the store's note that holds `SavedWindows`."""


class SavedWindows(msgspec.Struct, frozen=True, array_like=True):
    """The window bank as it was when the tables stood for the journal up to `seq`."""

    seq: int
    bank: bytes


class Archive(Protocol):
    """What earlier runs stored, as far as the pipeline needs it. Called on the pipeline's thread, rarely."""

    def known(self, network: str, rows: Sequence[Row]) -> Sequence[bool]:
        """For each row, whether its fact is stored."""
        ...

    def holdings(self, network: str, mint: str) -> Iterable[Holding]:
        """What every wallet that traded a token holds."""
        ...

    def token(self, network: str | None, mint: str) -> TokenState | None:
        """A token as it was saved; on any network when None."""
        ...


class NoArchive:
    """Nothing was stored before and nothing is asked back: for a pipeline that lives in memory."""

    def known(self, network: str, rows: Sequence[Row]) -> Sequence[bool]:
        """No row."""
        return [False] * len(rows)

    def holdings(self, network: str, mint: str) -> Iterable[Holding]:
        """None."""
        return ()

    def token(self, network: str | None, mint: str) -> TokenState | None:
        """None."""
        return None


@dataclass(slots=True)
class Step:
    """What one batch came to."""

    publication: Publication
    asks: list[tuple[str, str]] = field(default_factory=list)
    """(network, signature) of transactions that are wanted whole."""
    known: int = 0
    """Rows that were known already."""


class Pipeline:
    """Owns decode context, dedup and book."""

    def __init__(
        self,
        journal: Journal,
        context: DecodeContext,
        archive: Archive,
        book: Book | None = None,
        decode: Callable[[Raw, DecodeContext], list[Row]] = decode_raw,
    ) -> None:
        self.book = book if book is not None else Book()
        self.dedup = Dedup(archive.known)
        self.context = context
        self._journal = journal
        self._archive = archive
        self._decode = decode
        self._unsaved: list[Sighting] = []
        self._races: list[Race] = []
        self._ghosts: list[GhostPrint] = []
        self._touched: set[str] = set()
        context.pools.take_learnt()  # what is known at the start came from the store
        self.gaps: Sequence[GapView] = ()
        """All gaps of all sources, for the next cut."""
        self.notes: Mapping[str, bytes] = {}
        """What the node wants to find again, for the next cut."""
        self.archived = False
        """True when the store holds tokens that are not in memory: a mint that seems new is looked up there first."""

    @property
    def unsaved(self) -> list[Sighting]:
        """Facts since the last cut, in journal order."""
        return self._unsaved

    def append(self, batch: Sequence[Raw]) -> Step:
        """Journals a batch and takes it in. Raises `JournalFull`: then nothing happened."""
        numbers = self._journal.append(batch)
        return self.take(list(zip(numbers, batch, strict=True)))

    def take(self, records: Sequence[tuple[int, Raw]]) -> Step:
        """Takes in records that the journal holds, in its order; at least one."""
        decode, context = self._decode, self.context
        decoded: list[tuple[int, Raw, Sequence[Row]]] = []
        for seq, raw in records:
            try:
                rows = decode(raw, context)
            except Exception as error:  # noqa: BLE001 - the journal holds it: what raises now would at every start
                rows = defect(error, raw.slot)
            decoded.append((seq, raw, rows))
        sifted = self.dedup.sift(decoded)
        facts = sifted.facts
        self._warm(facts)
        last_seq = records[-1][0]
        changes = advance(self.book, facts, sifted.leads, last_seq)
        self._unsaved += changes.sightings
        self._ghosts += changes.ghosts
        self._races += [Race(lead.network, lead.row, lead.first, lead.other, lead.lead_ns) for lead in sifted.leads]
        self._touched |= changes.touched
        fresh = [fact for fact in facts if not fact.fuller]
        publication = Publication(
            first_seq=records[0][0],
            last_seq=last_seq,
            seqs=[fact.seq for fact in fresh],
            items=[event_item(fact.seq, fact.row) for fact in fresh],
            touched=changes.touched,
            new=changes.new,
            drawn=changes.drawn,
        )
        return Step(publication, _asks(decoded), sifted.known)

    def cut(self) -> Batch:
        """Hands over what the store does not have yet; it stands for the journal up to its `through_seq`."""
        pools = self.context.pools.take_learnt()
        sightings, self._unsaved = self._unsaved, []
        races, self._races = self._races, []
        ghosts, self._ghosts = self._ghosts, []
        touched, self._touched = self._touched, set()
        tokens = []
        for key in touched:
            token = self.book.tokens.get(key)
            if token is not None:
                tokens.append(TokenSave(token.network, token.mint, token.saved()))
        return Batch(
            through_seq=self.book.last_seq,
            sightings=sightings,
            races=races,
            ghosts=ghosts,
            tokens=tokens,
            pools=[learnt(pool, info) for pool, info in pools],
            gaps=self.gaps,
            notes=self.notes,
        )

    def last_cut(self) -> Batch:
        """The cut of an orderly end: it carries the windows too, which a crash loses (docs/definitions.md)."""
        cut = self.cut()
        windows = SavedWindows(cut.through_seq, self.book.bank.snapshot())
        return replace(cut, notes={**cut.notes, WINDOWS: msgspec.msgpack.encode(windows)})

    def trim(self, saved_seq: int) -> None:
        """Lets go of what is saved and quiet when there is too much: tokens, then ledgers."""
        book = self.book
        surplus = len(book.tokens) - MAX_TOKENS
        wallets = sum(map(len, book.ledgers.values()))
        if surplus <= 0 and wallets <= MAX_WALLETS:
            return
        quiet = sorted((token.last_seq, key) for key, token in book.tokens.items() if token.last_seq <= saved_seq)
        for _, key in quiet:
            if surplus <= 0 and wallets <= MAX_WALLETS * 7 // 8:
                break
            if key in book.watched:
                continue
            wallets -= len(book.ledgers.pop(key, ()))
            if surplus > 0:
                book.drop(key)
                self.archived = True
                surplus -= 1

    def recall(self, network: str | None, mint: str) -> bool:
        """Brings a stored token back into memory; False when there is none."""
        token = self._archive.token(network, mint)
        if token is not None:
            self.book.put(token)
        return token is not None

    def _warm(self, facts: Sequence[Fact]) -> None:
        """Loads what the archive knows of the tokens that these facts concern and memory does not hold."""
        book = self.book
        if self.archived:
            for fact in facts:
                mint = fact.row.token_mint
                if mint is not None and book.key_of(mint, fact.network) not in book.tokens:
                    self.recall(fact.network, mint)
        for key in book.cold(facts):
            token = book.tokens[key]
            book.ledgers[key] = Ledger(self._archive.holdings(token.network, token.mint))


def learnt(pool: str, info: PoolInfo) -> LearntPool:
    """A pool as the store keeps it. Pool addresses are unique over all networks that are followed."""
    return LearntPool("", pool, info.mint_a, info.mint_b, info.token_program)


def _asks(decoded: Iterable[tuple[int, Raw, Sequence[Row]]]) -> list[tuple[str, str]]:
    out: dict[tuple[str, str], None] = {}
    for _, raw, rows in decoded:
        if raw.shape is not Shape.SOLANA_LOGS:
            continue
        for row in rows:
            if row.kind is Kind.UNKNOWN and row.reason in ASK_WHOLE and row.signature is not None:
                out[raw.network, row.signature] = None
    return list(out)
