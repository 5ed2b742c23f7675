"""Writes cuts of the pipeline to the store, on a thread of its own: one transaction each, behind the journal.

A disk that is full or a store that is busy keeps the cut and tries again; the journal has it all.
"""

import logging
import threading
from collections.abc import Callable

from fluxdesk.store.facts import Batch

log = logging.getLogger(__name__)
RETRY_S = 1.0


class Keeper:
    """One cut at a time."""

    def __init__(self, write: Callable[[Batch], object], retriable: type[Exception], saved_seq: int) -> None:
        self.saved_seq = saved_seq
        """The tables stand for the journal up to here."""
        self.message = ""
        """Why the store cannot be written, in words; empty when it can."""
        self.failure: BaseException | None = None
        """The defect that ended the thread, if one did."""
        self.failed: Callable[[], object] = lambda: None
        """Called on the thread after a defect."""
        self._write = write
        self._retriable = retriable
        self._cut: Batch | None = None
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Facts of the cut being written."""
        cut = self._cut
        return 0 if cut is None else max(1, len(cut.sightings))

    def offer(self, cut: Batch) -> bool:
        """Takes a cut when it is idle; False when it is still writing the one before."""
        with self._changed:
            if self._cut is not None:
                return False
            self._cut = cut
            self._changed.notify_all()
        return True

    def offer_when_idle(self, cut: Batch) -> None:
        """Waits for the cut before this one to be written, then takes it. Blocking. Raises the defect of the thread."""
        with self._changed:
            self._changed.wait_for(lambda: self._cut is None or self.failure is not None)
            if self.failure is not None:
                raise self.failure
            self._cut = cut
            self._changed.notify_all()

    def reached(self, seq: int, timeout_s: float) -> bool:
        """Waits until the tables stand for `seq`; False when they do not in time. Blocking."""
        with self._changed:
            self._changed.wait_for(lambda: self.saved_seq >= seq or self.failure is not None, timeout_s)
            return self.saved_seq >= seq

    def finish(self, last: Batch | None) -> None:
        """Writes what is under way and `last`, tries once more where that failed, then ends the thread. Blocking."""
        with self._changed:
            self._changed.wait_for(lambda: self._cut is None or bool(self.message) or self.failure is not None)
            if self._cut is None:
                self._cut = last
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        except BaseException as error:
            log.critical("the store's thread ended", exc_info=error)
            with self._changed:
                self.failure = error
                self._changed.notify_all()
            self.failed()

    def _turn(self) -> bool:
        """Writes one cut; False when it is time to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._cut is not None or self._stopping)
            cut = self._cut
        if cut is None:
            return False
        written = self._try(cut)
        with self._changed:
            if written:
                self.saved_seq = cut.through_seq
                self._cut = None
            self._changed.notify_all()
            if self._stopping and (self._cut is None or not written):
                return False
            if not written:
                self._changed.wait(RETRY_S)
        return True

    def _try(self, cut: Batch) -> bool:
        try:
            self._write(cut)
        except self._retriable as error:
            if not self.message:
                log.warning("the store was not written: %s", error)
            self.message = str(error)
            return False
        self.message = ""
        return True
