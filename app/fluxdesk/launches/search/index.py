"""The index of one data folder: follows the store on a thread of its own, answers from any thread.

It is not part of a store transaction. `mark.json` beside it says up to which journal number it has read the texts and
how many tokens it held then; what it may have missed is read again, and an index that is missing, of another version,
ahead of the store or damaged is made anew, which `message` says.
"""

import json
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from tantivy import Index, IndexWriter

from fluxdesk.core.views import SearchHit
from fluxdesk.launches.search.asking import question
from fluxdesk.launches.search.ranking import hit_of, order
from fluxdesk.launches.search.schema import VERSION, Asking, document, key_of, register, schema
from fluxdesk.store.repository import TokenText

log = logging.getLogger(__name__)
EVERY_S = 1.0
COMMIT_EVERY = 20_000
CANDIDATES = 3
_HEAP_BYTES = 20_000_000
_MARK = "mark.json"


class TextSource(Protocol):
    """Where the texts come from; a `Repository` is one."""

    def texts(self, since: int = 0) -> Iterator[TokenText]:
        """Texts that changed at or after a journal number, in that order."""
        ...

    def checkpoint(self) -> int:
        """The last journal number that the tables stand for."""
        ...


class SearchIndex:
    """Opened with `SearchIndex(folder, repository)`, started with `start`, given back with `close`."""

    def __init__(self, folder: Path, source: TextSource) -> None:
        self.message = ""
        """Why the index was made anew, in words; empty when it was not."""
        self._folder = folder
        self._source = source
        self._schema = schema()
        self._writer: IndexWriter | None = None
        self._edge: dict[str, TokenText] = {}
        self._stop = threading.Event()
        self._work = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)
        self._index, self._through = self._open()

    @property
    def documents(self) -> int:
        """How many tokens can be found."""
        return self._index.searcher().num_docs

    def start(self) -> None:
        """Begins to follow the store."""
        self._thread.start()

    def close(self) -> None:
        """Stops following; what was not read yet is read the next time."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        with self._work:
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None

    def search(self, text: str, limit: int = 20) -> list[SearchHit]:
        """The best tokens for what a user typed, best first. Never raises for any text."""
        asked = question(text)
        if not asked.typed or limit < 1:
            return []
        searcher = self._index.searcher()
        asking = Asking(self._schema, searcher)
        found = searcher.search(asking.plain(asked), limit * CANDIDATES, count=False, weight_by_field="recency").hits
        if len(found) < limit:
            forgiving = asking.forgiving(asked)
            if forgiving is not None:
                more = searcher.search(forgiving, limit * CANDIDATES, count=False, weight_by_field="recency").hits
                have = {(a.segment_ord, a.doc) for _, a in found}
                found += [(score, a) for score, a in more if (a.segment_ord, a.doc) not in have]
        return order([hit_of(score, searcher.doc(address), asked) for score, address in found])[:limit]

    def follow(self) -> int:
        """Reads what changed in the store since the last time; returns how many tokens that were. Blocking."""
        with self._work:
            done = pending = 0
            edge: dict[str, TokenText] = {}
            reached = self._through
            for text in self._source.texts(self._through):
                if text.text_seq > reached:
                    reached, edge = text.text_seq, {}
                edge[key_of(text)] = text
                if self._edge.get(key_of(text)) == text:
                    continue
                self._put(text)
                pending += 1
                if pending == COMMIT_EVERY:
                    self._commit(reached)
                    done, pending = done + pending, 0
            self._edge = edge
            if pending:
                self._commit(reached)
            return done + pending

    def _put(self, text: TokenText) -> None:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP_BYTES, 1)
        self._writer.delete_documents_by_term("key", key_of(text))
        self._writer.add_document(document(text))

    def _commit(self, through: int) -> None:
        assert self._writer is not None
        self._writer.commit()
        self._index.reload()
        self._through = through
        self._write_mark(through, self._index.searcher().num_docs)

    def _write_mark(self, through: int, documents: int) -> None:
        mark = {"version": VERSION, "through": through, "documents": documents}
        part = self._folder / f"{_MARK}.part"
        part.write_text(json.dumps(mark), encoding="utf-8")
        os.replace(part, self._folder / _MARK)

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                self.follow()
            except (ValueError, OSError, sqlite3.Error) as error:
                # A full disk, mostly. What was not committed is read again; the writer may not be used any more.
                log.warning("the search index was not brought up to date: %s", error)
                self._writer = None

    def _open(self) -> tuple[Index, int]:
        """The index on disk with its mark, else a new one."""
        if self._folder.exists():
            try:
                return self._open_old()
            except _Unusable as why:
                self.message = f"The search index is being made anew: {why}."
                log.warning("%s", self.message)
                shutil.rmtree(self._folder)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        index = Index(self._schema, str(self._folder))
        register(index)
        self._write_mark(0, 0)  # an index of no tokens is finished too
        return index, 0

    def _open_old(self) -> tuple[Index, int]:
        """Raises `_Unusable`."""
        try:
            mark = json.loads((self._folder / _MARK).read_text(encoding="utf-8"))
            version, through, documents = int(mark["version"]), int(mark["through"]), int(mark["documents"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _Unusable("it was not finished") from error
        if version != VERSION:
            raise _Unusable(f"it is of version {version}, not {VERSION}")
        if through > self._source.checkpoint():
            raise _Unusable("it belongs to other tables")
        try:
            index = Index.open(str(self._folder))
            register(index)
            held = index.searcher().num_docs
        except (ValueError, OSError) as error:
            raise _Unusable(f"it is damaged ({error})") from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise _Unusable("it is damaged") from error
        if held < documents:
            raise _Unusable(f"it holds {held:,} of {documents:,} tokens")
        return index, through


class _Unusable(Exception):
    """Why an index on disk cannot be used."""
