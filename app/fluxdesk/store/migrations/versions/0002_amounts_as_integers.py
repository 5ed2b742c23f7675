"""Amounts that fit SQLite's integers become such; what is in no table of its own is counted by day."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_U256 = {
    "trades": ("token_base", "quote_base"),
    "liquidity": ("token_base", "quote_base"),
    "migrations": ("token_base", "quote_base"),
    "launches": ("supply",),
}
_NARROW = (1 << 63) - 1


def _narrow(blob: bytes, offset: int) -> Any:
    """0001 kept every amount as a big-endian blob, balances moved up by an offset."""
    value = int.from_bytes(blob, "big") - offset
    return value if -_NARROW <= value <= _NARROW else blob


def upgrade() -> None:
    """Brings the tables from 0001 to 0002."""
    driver: Any = op.get_bind().connection.driver_connection
    driver.create_function("narrow_u256", 1, lambda blob: _narrow(blob, 0), deterministic=True)
    driver.create_function("narrow_i320", 1, lambda blob: _narrow(blob, 1 << 319), deterministic=True)
    for table, columns in _U256.items():
        for column in columns:
            op.execute(f"UPDATE {table} SET {column} = narrow_u256({column}) WHERE {column} IS NOT NULL")  # noqa: S608
    op.execute("UPDATE balances SET net = narrow_i320(net)")
    op.create_table(
        "decode_counts_by_day",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "venue", "reason", "day"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO decode_counts_by_day (source, kind, venue, reason, day, count) "
        "SELECT source, kind, venue, reason, 0, count FROM decode_counts"
    )
    op.drop_table("decode_counts")
    op.rename_table("decode_counts_by_day", "decode_counts")
