"""Removing the oldest blocks by size and age, a little at a time so that no append waits long.

Only a prefix is ever removed: a block whose wall clock is wrong keeps what follows it rather than losing it. The
highest number is written down in the same transaction, so that removing the newest block does not bring a number back.
"""

import sqlite3

from fluxdesk.launches.journal.database import no_room

_DAY_NS = 86_400 * 1_000_000_000
_STEP_BYTES = 4 << 20
_CHECK_EVERY = 16
_VACUUM_PAGES = 256
_SLACK_BYTES = 8 << 20


class Retention:
    """Limits of one journal, applied through its writer's connection. Sizes count pages in use, not free ones."""

    def __init__(self, connection: sqlite3.Connection, max_mb: int, max_days: int) -> None:
        self._connection = connection
        self._appends = 0
        self._owed = 0
        self.limits(max_mb, max_days)

    def limits(self, max_mb: int, max_days: int) -> None:
        """Megabytes (10^6 bytes) and days to keep."""
        self._max_bytes = max_mb * 1_000_000
        self._max_ns = max_days * _DAY_NS

    def after_append(self, size: int, now_wall_ns: int) -> None:
        """Called with each append; every few of them it removes what they added beyond the limits."""
        self._appends += 1
        self._owed += size
        if self._appends % _CHECK_EVERY == 0:
            self.step(now_wall_ns, max(2 * self._owed, _STEP_BYTES // 16))
            self._owed = 0

    def step(self, now_wall_ns: int, at_most: int = _STEP_BYTES) -> bool:
        """Removes up to `at_most` bytes of the oldest blocks, else gives free pages back; True when more is to do."""
        page, pages, free = self._pages()
        excess = (pages - free) * page - self._max_bytes
        cutoff = now_wall_ns - self._max_ns
        doomed = last = 0
        more = False
        oldest = self._connection.execute(
            "SELECT first_seq + count - 1, wall_ns, length(bytes) FROM blocks ORDER BY first_seq"
        )
        for last_of_block, wall_ns, length in oldest:
            if doomed >= excess and wall_ns >= cutoff:
                break
            if doomed >= at_most:
                more = True
                break
            doomed += length
            last = last_of_block
        oldest.close()
        try:
            if last:
                self._remove(last)
                return more or self._loose(page, pages, free + doomed // page)
            if self._loose(page, pages, free):
                self._connection.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
                return self._loose(*self._pages())
        except sqlite3.OperationalError as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if not no_room(error):
                raise
        return False

    def _loose(self, page: int, pages: int, free: int) -> bool:
        """True when the file is over its size by free pages that the next appends will not soon fill."""
        return pages * page > self._max_bytes and free * page > min(_SLACK_BYTES, self._max_bytes // 16)

    def _remove(self, last: int) -> None:
        """Deletes every block up to `last`. On a full disk even this fails, and nothing is removed."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("DELETE FROM blocks WHERE first_seq <= ?", (last,))
        self._connection.execute("UPDATE state SET floor = max(floor, ?)", (last,))
        self._connection.execute("COMMIT")

    def _pages(self) -> tuple[int, int, int]:
        names = ("page_size", "page_count", "freelist_count")
        size, count, free = (int(self._connection.execute(f"PRAGMA {n}").fetchone()[0]) for n in names)
        return size, count, free
