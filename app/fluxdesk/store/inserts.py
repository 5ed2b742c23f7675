"""Inserting many rows of one table: the statement is written once, then rows go to the driver as they are.

It is the statement that SQLAlchemy core compiles for the model's table (a test holds them together), without loading
SQLAlchemy: that is 33 MB in each process and, at 2,000 rows a batch, more time spent on naming the parameters of every
row anew than SQLite spends on storing it. The columns come from the file itself, which the migrations made.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from fluxdesk.store.amounts import NARROW, stored_u256
from fluxdesk.store.facts import Columns


class InsertRows:
    """The insert of one table. Every row gives every column."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        found = connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (name,))
        self.columns: tuple[str, ...] = tuple(column for (column,) in found)
        marks = ", ".join("?" * len(self.columns))
        self.sql = f"INSERT INTO {name} ({', '.join(self.columns)}) VALUES ({marks})"  # noqa: S608
        self._values: Callable[[Columns], tuple[Any, ...]] = itemgetter(*self.columns)

    def run(self, connection: sqlite3.Connection, rows: Iterable[Columns]) -> None:
        """Inserts the rows, which stay as they were."""
        self.run_rows(connection, [tuple(map(stored, self._values(row))) for row in rows])

    def run_rows(self, connection: sqlite3.Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Inserts rows whose values stand in the table's order and are as SQLite takes them.

        Raises `sqlite3.IntegrityError` for a fact that is in the table; the rows before it are then there.
        """
        connection.executemany(self.sql, rows)


def stored(value: Any) -> Any:
    """A value of a row as SQLite takes it: integers too wide for it as blobs, everything else as it is."""
    return stored_u256(value) if type(value) is int and value > NARROW else value
