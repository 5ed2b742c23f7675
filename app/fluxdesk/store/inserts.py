"""Inserting many rows of one table: SQLAlchemy compiles the statement once, then rows go to the driver as they are.

Measured at 2,000 rows a batch, `connection.execute(insert(table), rows)` spends more time on naming parameters anew for
every row than SQLite spends on storing it. The columns come from the file itself, which the migrations made after the
models: the models would add 11 MB to the process that writes.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, column, insert, table
from sqlalchemy.dialects.sqlite import dialect

from fluxdesk.store.amounts import NARROW, stored_u256
from fluxdesk.store.facts import Columns


class InsertRows:
    """The insert of one table. Every row gives every column."""

    def __init__(self, connection: Connection, name: str) -> None:
        found = connection.exec_driver_sql("SELECT name FROM pragma_table_info(?) ORDER BY cid", (name,))
        self.columns: tuple[str, ...] = tuple(found.scalars())
        named = table(name, *map(column, self.columns))
        compiled = insert(named).compile(dialect=dialect(paramstyle="qmark"))
        assert tuple(compiled.positiontup or ()) == self.columns
        self._sql = str(compiled)
        self._values: Callable[[Columns], tuple[Any, ...]] = itemgetter(*self.columns)

    def run(self, connection: Connection, rows: Iterable[Columns]) -> None:
        """Inserts the rows, which stay as they were."""
        self.run_rows(connection, [tuple(map(stored, self._values(row))) for row in rows])

    def run_rows(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Inserts rows whose values stand in the table's order and are as SQLite takes them.

        Raises `sqlite3.IntegrityError` for a fact that is in the table; the rows before it are then there.
        """
        # The driver's own cursor takes lists as they are.
        connection.connection.cursor().executemany(self._sql, rows)


def stored(value: Any) -> Any:
    """A value of a row as SQLite takes it: integers too wide for it as blobs, everything else as it is."""
    return stored_u256(value) if type(value) is int and value > NARROW else value
