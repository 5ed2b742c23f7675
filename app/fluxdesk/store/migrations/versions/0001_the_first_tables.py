"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Brings the tables from nothing to 0001."""
    op.create_table(
        "arrivals",
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("wall_ns", sa.BigInteger(), nullable=True),
        sa.Column("lead_ns", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("fact", "origin_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "balances",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("wallet", sa.String(), nullable=False),
        sa.Column("net", sa.LargeBinary(), nullable=False),
        sa.Column("last_buy_s", sa.BigInteger(), nullable=True),
        sa.Column("last_drawn_s", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("token_id", "wallet"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "candles_1m",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.BigInteger(), nullable=False),
        sa.Column("open_f64", sa.Float(), nullable=False),
        sa.Column("high_f64", sa.Float(), nullable=False),
        sa.Column("low_f64", sa.Float(), nullable=False),
        sa.Column("close_f64", sa.Float(), nullable=False),
        sa.Column("quote_f64", sa.Float(), nullable=False),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.Column("traders", sa.Integer(), nullable=False),
        sa.Column("open_slot", sa.BigInteger(), nullable=False),
        sa.Column("close_slot", sa.BigInteger(), nullable=False),
        sa.Column("traders_wide", sa.Integer(), nullable=False),
        sa.Column("traders_hour", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "start_s"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "candles_1s",
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("start_s", sa.BigInteger(), nullable=False),
        sa.Column("open_f64", sa.Float(), nullable=False),
        sa.Column("high_f64", sa.Float(), nullable=False),
        sa.Column("low_f64", sa.Float(), nullable=False),
        sa.Column("close_f64", sa.Float(), nullable=False),
        sa.Column("quote_f64", sa.Float(), nullable=False),
        sa.Column("trades", sa.Integer(), nullable=False),
        sa.Column("traders", sa.Integer(), nullable=False),
        sa.Column("open_slot", sa.BigInteger(), nullable=False),
        sa.Column("close_slot", sa.BigInteger(), nullable=False),
        sa.Column("traders_wide", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "start_s"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("journal_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "decode_counts",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "kind", "venue", "reason"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gaps",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("from_slot", sa.BigInteger(), nullable=False),
        sa.Column("to_slot", sa.BigInteger(), nullable=False),
        sa.Column("opened_wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("filled_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "from_slot"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "launches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.Column("market_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("time_s", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provenance", sa.Integer(), nullable=False),
        sa.Column("creator", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("symbol", sa.String(), nullable=True),
        sa.Column("uri", sa.String(), nullable=True),
        sa.Column("config", sa.String(), nullable=True),
        sa.Column("supply", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("launches", schema=None) as batch_op:
        batch_op.create_index("ix_launches_token", ["token_id"], unique=False)
        batch_op.create_index("ux_launches_fact", ["fact"], unique=True)

    op.create_table(
        "liquidity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.Column("market_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("time_s", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provenance", sa.Integer(), nullable=False),
        sa.Column("token_base", sa.LargeBinary(), nullable=True),
        sa.Column("quote_base", sa.LargeBinary(), nullable=True),
        sa.Column("trader", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("liquidity", schema=None) as batch_op:
        batch_op.create_index("ix_liquidity_token", ["token_id"], unique=False)
        batch_op.create_index("ux_liquidity_fact", ["fact"], unique=True)

    op.create_table(
        "markets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=True),
        sa.Column("token_mint", sa.String(), nullable=True),
        sa.Column("quote_mint", sa.String(), nullable=True),
        sa.Column("token_program", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("markets", schema=None) as batch_op:
        batch_op.create_index("ix_markets_pool", ["pool"], unique=False)

    op.create_table(
        "migrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.Column("market_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("time_s", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provenance", sa.Integer(), nullable=False),
        sa.Column("token_base", sa.LargeBinary(), nullable=True),
        sa.Column("quote_base", sa.LargeBinary(), nullable=True),
        sa.Column("trader", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("migrations", schema=None) as batch_op:
        batch_op.create_index("ix_migrations_token", ["token_id"], unique=False)
        batch_op.create_index("ux_migrations_fact", ["fact"], unique=True)

    op.create_table(
        "notes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "origins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("origins", schema=None) as batch_op:
        batch_op.create_index("ux_origins", ["network", "source"], unique=True)

    op.create_table(
        "pool_mints",
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("mint_a", sa.String(), nullable=False),
        sa.Column("mint_b", sa.String(), nullable=False),
        sa.Column("token_program", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("network", "pool"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.Column("market_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("time_s", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provenance", sa.Integer(), nullable=False),
        sa.Column("creator", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("pools", schema=None) as batch_op:
        batch_op.create_index("ix_pools_token", ["token_id"], unique=False)
        batch_op.create_index("ux_pools_fact", ["fact"], unique=True)

    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("mint", sa.String(), nullable=False),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("first_wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("symbol", sa.String(), nullable=True),
        sa.Column("creator", sa.String(), nullable=True),
        sa.Column("uri", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("quote_mint", sa.String(), nullable=True),
        sa.Column("text_seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index("ix_tokens_text_seq", ["text_seq"], unique=False)
        batch_op.create_index("ux_tokens", ["mint", "network"], unique=True)

    op.create_table(
        "trades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.LargeBinary(), nullable=False),
        sa.Column("market_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=True),
        sa.Column("time_s", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("wall_ns", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provenance", sa.Integer(), nullable=False),
        sa.Column("side", sa.Integer(), nullable=True),
        sa.Column("token_base", sa.LargeBinary(), nullable=True),
        sa.Column("quote_base", sa.LargeBinary(), nullable=True),
        sa.Column("trader", sa.String(), nullable=True),
        sa.Column("ghost", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("trades", schema=None) as batch_op:
        batch_op.create_index("ix_trades_token", ["token_id", "time_s"], unique=False)
        batch_op.create_index("ux_trades_fact", ["fact"], unique=True)
