"""The tables, as SQLModel classes. Changing one needs a migration beside it (migrations/versions).

Facts (`launches`, `pools`, `liquidity`, `migrations`, `trades`) are named by `fact`, 128 bits of BLAKE2b over (network,
signature, venue, kind, ordinal), and carry the journal number of the bytes that first stated them. `candles_1s`,
`candles_1m` and `balances` are sums over `trades` and can be rebuilt from it. What is only read back whole is a blob.
"""

from typing import ClassVar

from sqlalchemy import BigInteger, Index, Table
from sqlmodel import Field, SQLModel

from fluxdesk.store.columns import I320, U256

_CLUSTERED = {"sqlite_with_rowid": False}


def table_of(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a model class."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


class Origin(SQLModel, table=True):
    """A source on a network, named once."""

    __tablename__ = "origins"
    __table_args__ = (Index("ux_origins", "network", "source", unique=True),)
    id: int | None = Field(default=None, primary_key=True)
    network: str
    source: str


class Token(SQLModel, table=True):
    """A mint on a network: what its launch said, and the node's saved state of it."""

    __tablename__ = "tokens"
    __table_args__ = (
        Index("ux_tokens", "mint", "network", unique=True),
        Index("ix_tokens_text_seq", "text_seq"),
    )
    id: int | None = Field(default=None, primary_key=True)
    network: str
    mint: str
    venue: str
    first_wall_ns: int = Field(sa_type=BigInteger)
    first_seq: int = Field(sa_type=BigInteger)
    created_s: int | None = Field(default=None, sa_type=BigInteger)
    name: str | None = None
    symbol: str | None = None
    creator: str | None = None
    uri: str | None = None
    description: str | None = None
    quote_mint: str | None = None
    text_seq: int = Field(sa_type=BigInteger)
    """Journal number at which something that is searched changed last."""
    state: bytes | None = None
    """Opaque to the store."""


class Market(SQLModel, table=True):
    """Where a fact happened: venue, pool and mints as its row stated them; with fewer of them known it is another."""

    __tablename__ = "markets"
    __table_args__ = (Index("ix_markets_pool", "pool"),)
    id: int | None = Field(default=None, primary_key=True)
    network: str
    venue: str
    pool: str | None = None
    token_mint: str | None = None
    quote_mint: str | None = None
    token_program: str | None = None


class Fact(SQLModel):
    """Columns of every fact. `time_s` is the chain's clock where it is known and is never changed afterwards."""

    id: int | None = Field(default=None, primary_key=True)
    fact: bytes
    market_id: int
    token_id: int | None = None
    time_s: int = Field(sa_type=BigInteger)
    seq: int = Field(sa_type=BigInteger)
    origin_id: int
    wall_ns: int = Field(sa_type=BigInteger)
    slot: int | None = Field(default=None, sa_type=BigInteger)
    position: str | None = None
    signature: str
    ordinal: int
    provenance: int
    """0 is the strongest (`core.events.Provenance`, in order)."""


class Trade(Fact, table=True):
    """A swap. `side` is 1 for a buy, 0 for a sell. `ghost` says why the chart leaves it out."""

    __tablename__ = "trades"
    __table_args__ = (
        Index("ux_trades_fact", "fact", unique=True),
        Index("ix_trades_token", "token_id", "time_s"),
    )
    side: int | None = None
    token_base: int | None = Field(default=None, sa_type=U256)
    quote_base: int | None = Field(default=None, sa_type=U256)
    trader: str | None = None
    ghost: str | None = None


class Launch(Fact, table=True):
    """A token came into being on a launchpad."""

    __tablename__ = "launches"
    __table_args__ = (
        Index("ux_launches_fact", "fact", unique=True),
        Index("ix_launches_token", "token_id"),
    )
    creator: str | None = None
    name: str | None = None
    symbol: str | None = None
    uri: str | None = None
    config: str | None = None
    supply: int | None = Field(default=None, sa_type=U256)


class PoolFact(Fact, table=True):
    """A pool was made, or its curve sold out (`reason`)."""

    __tablename__ = "pools"
    __table_args__ = (Index("ux_pools_fact", "fact", unique=True), Index("ix_pools_token", "token_id"))
    creator: str | None = None
    reason: str | None = None


class Liquidity(Fact, table=True):
    """Liquidity was added or removed (`reason`)."""

    __tablename__ = "liquidity"
    __table_args__ = (
        Index("ux_liquidity_fact", "fact", unique=True),
        Index("ix_liquidity_token", "token_id"),
    )
    token_base: int | None = Field(default=None, sa_type=U256)
    quote_base: int | None = Field(default=None, sa_type=U256)
    trader: str | None = None
    reason: str | None = None


class Migration(Fact, table=True):
    """A token left its launchpad; the market's pool is the new one."""

    __tablename__ = "migrations"
    __table_args__ = (
        Index("ux_migrations_fact", "fact", unique=True),
        Index("ix_migrations_token", "token_id"),
    )
    token_base: int | None = Field(default=None, sa_type=U256)
    quote_base: int | None = Field(default=None, sa_type=U256)
    trader: str | None = None


class Arrival(SQLModel, table=True):
    """A further source delivered a fact. `lead_ns`: how much later than the first one, by the monotonic clock."""

    __tablename__ = "arrivals"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    fact: bytes = Field(primary_key=True)
    origin_id: int = Field(primary_key=True)
    seq: int | None = Field(default=None, sa_type=BigInteger)
    wall_ns: int | None = Field(default=None, sa_type=BigInteger)
    lead_ns: int | None = Field(default=None, sa_type=BigInteger)


class Candle(SQLModel):
    """One bar of drawn trades. Prices are quote base units per token base unit; the volume is in quote base units.

    `open_slot` and `close_slot` order trades that arrive late. Traders of a wider interval are counted in the bar of
    this one in which they traded first, so that they add up over it.
    """

    token_id: int = Field(primary_key=True)
    start_s: int = Field(primary_key=True, sa_type=BigInteger)
    open_f64: float
    high_f64: float
    low_f64: float
    close_f64: float
    quote_f64: float
    trades: int
    traders: int
    open_slot: int = Field(sa_type=BigInteger)
    close_slot: int = Field(sa_type=BigInteger)


class CandleSecond(Candle, table=True):
    """Bars of one second; `traders_wide` counts for the 15 seconds."""

    __tablename__ = "candles_1s"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    traders_wide: int


class CandleMinute(Candle, table=True):
    """Bars of one minute; `traders_wide` counts for the 5 minutes, `traders_hour` for the hour."""

    __tablename__ = "candles_1m"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    traders_wide: int
    traders_hour: int


class Balance(SQLModel, table=True):
    """What a wallet holds of a token as its trades imply it; below zero when it sold what came otherwise."""

    __tablename__ = "balances"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    token_id: int = Field(primary_key=True)
    wallet: str = Field(primary_key=True)
    net: int = Field(sa_type=I320)
    last_buy_s: int | None = Field(default=None, sa_type=BigInteger)
    last_drawn_s: int | None = Field(default=None, sa_type=BigInteger)


class Gap(SQLModel, table=True):
    """Slots that a source missed."""

    __tablename__ = "gaps"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    source: str = Field(primary_key=True)
    from_slot: int = Field(primary_key=True, sa_type=BigInteger)
    to_slot: int = Field(sa_type=BigInteger)
    opened_wall_ns: int = Field(sa_type=BigInteger)
    filled_by: str | None = None
    reason: str = ""


class DecodeCount(SQLModel, table=True):
    """How many rows of a kind a source delivered first. It is all that is kept of what was unknown or refused."""

    __tablename__ = "decode_counts"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    source: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    venue: str = Field(primary_key=True)
    """Empty when the row names none."""
    reason: str = Field(primary_key=True)
    """Empty when the row has none."""
    day: int = Field(primary_key=True)
    """Days since 1970 for rows that are in no other table; 0 for all others, whose tables have their time."""
    count: int


class PoolMints(SQLModel, table=True):
    """The mints of a pool in the program's own order, which decoding needs and events do not repeat."""

    __tablename__ = "pool_mints"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    network: str = Field(primary_key=True)
    pool: str = Field(primary_key=True)
    mint_a: str
    mint_b: str
    token_program: str | None = None


class Note(SQLModel, table=True):
    """What the node wants to find again after a restart, written with the checkpoint. Opaque to the store."""

    __tablename__ = "notes"
    __table_args__: ClassVar[dict[str, bool]] = _CLUSTERED
    name: str = Field(primary_key=True)
    value: bytes


class Checkpoint(SQLModel, table=True):
    """The last journal number whose rows are in the tables. One row."""

    __tablename__ = "checkpoint"
    one: int = Field(default=1, primary_key=True)
    journal_seq: int = Field(default=0, sa_type=BigInteger)
