"""What the node remembers of one token while it is active: everything the Launches table shows, in exact numbers.

Plain data with small update functions; no clock, no I/O. Saved as it is beside the trades it sums up. The
definition of every number is in docs/definitions.md.
"""

import msgspec
from msgspec.structs import replace

from fluxdesk.analytics.windows.records import Rolling
from fluxdesk.core.events import PoolState, Row, Venue
from fluxdesk.core.views import LaunchView, Stage
from fluxdesk.launches.prints import PrintFilter

SPARK_POINTS = 32
LAUNCHPADS = frozenset({Venue.PUMPFUN, Venue.METEORA_DBC, Venue.RAYDIUM_LAUNCHLAB})
DECIMALS: dict[str, int] = {
    "So11111111111111111111111111111111111111112": 9,
    "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v": 6,
    "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB": 6,
    "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2": 18,
    "0x4200000000000000000000000000000000000006": 18,
    "0x82af49447d8a07e3bd95bd0d56f35241523fbab1": 18,
    "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": 6,
    "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913": 6,
    "0xaf88d065e77c8cc2239327c5edb3a432268e5831": 6,
    "0x0b2c639c533813f4aa9d7837caf62653d097ff85": 6,
    "0xdac17f958d2ee523a2206206994597c13d831ec7": 6,
    "0x6b175474e89094c44da98b954eedeac495271d0f": 18,
}
"""Decimals of the quote mints in the settings' default lists: they are fixed on chain."""
SYMBOLS: dict[str, str] = {
    "So11111111111111111111111111111111111111112": "SOL",
    "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v": "USDC",
    "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB": "USDT",
    "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2": "WETH",
    "0x4200000000000000000000000000000000000006": "WETH",
    "0x82af49447d8a07e3bd95bd0d56f35241523fbab1": "WETH",
    "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": "USDC",
    "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913": "USDC",
    "0xaf88d065e77c8cc2239327c5edb3a432268e5831": "USDC",
    "0x0b2c639c533813f4aa9d7837caf62653d097ff85": "USDC",
    "0xdac17f958d2ee523a2206206994597c13d831ec7": "USDT",
    "0x6b175474e89094c44da98b954eedeac495271d0f": "DAI",
}
PUMP_DECIMALS = 6
"""Every pump.fun mint has six (`create` initialises it so)."""


class Spark(msgspec.Struct):
    """Prices over the token's whole life in at most 32 points: when they are full, every second one goes."""

    points: list[float] = []
    width_s: int = 1
    last_s: int = 0

    def push(self, time_s: int, price_f64: float) -> None:
        """Takes a price; within the same point it replaces the last."""
        start = time_s - time_s % self.width_s
        if self.points and start <= self.last_s:
            self.points[-1] = price_f64
            return
        self.points.append(price_f64)
        self.last_s = start
        if len(self.points) > SPARK_POINTS:
            self.points = self.points[::2]
            self.width_s *= 2
            self.last_s -= self.last_s % self.width_s


class TokenState(msgspec.Struct, kw_only=True):
    """One token. Amounts in base units; `*_s` chain clock."""

    mint: str
    network: str
    venue: Venue
    stage: Stage
    first_seen_wall_ns: int
    first_source: str
    first_seq: int
    pool: str | None = None
    pools: list[str] = []
    name: str | None = None
    symbol: str | None = None
    creator: str | None = None
    uri: str | None = None
    token_program: str | None = None
    quote_mint: str | None = None
    quote_decimals: int | None = None
    token_decimals: int | None = None
    config: str | None = None
    created_s: int | None = None
    lead_ms: float | None = None
    launch_signature: str | None = None
    launch_seq: int | None = None
    supply: int | None = None
    quote_reserve: int | None = None
    progress_ppm: int | None = None
    prints: PrintFilter = msgspec.field(default_factory=PrintFilter)
    first_price_f64: float | None = None
    spark: Spark = msgspec.field(default_factory=Spark)
    trades: int = 0
    buyers: int = 0
    holders: int = 0
    ghosts: int = 0
    last_slot: int = -1
    last_seq: int = 0

    def saved(self) -> bytes:
        """The state as bytes for `read_token`: msgpack, or JSON where an amount has more than 64 bits, as EVM's may."""
        try:
            return _to_msgpack(self)
        except OverflowError:
            return _to_json(self)

    def copy(self) -> "TokenState":
        """A copy that does not change with this one. Lists are shared no longer; rows are immutable."""
        changed = {
            "pools": list(self.pools),
            "spark": replace(self.spark, points=list(self.spark.points)),
            "prints": replace(self.prints),
        }
        return replace(self, **changed)

    def wants(self, row: Row) -> bool:
        """Whether a trade's logs could still tell something; asked before each, since most can not."""
        return (
            self.quote_decimals is None
            or self.token_decimals is None
            or (self.creator is None and row.creator is not None)
            or (row.state is not None and self.supply is None and row.state.supply is not None)
            or (self.token_program is None and row.token_program is not None)
        )

    def learn(self, row: Row) -> None:
        """Fills what was unknown from a row, and never overwrites what is known."""
        self.name = self.name or row.name
        self.symbol = self.symbol or row.symbol
        self.creator = self.creator or row.creator
        self.uri = self.uri or row.uri
        self.token_program = self.token_program or row.token_program
        if self.quote_mint is None and row.quote_mint is not None:
            self.quote_mint = row.quote_mint
        if self.quote_decimals is None and self.quote_mint is not None:
            self.quote_decimals = DECIMALS.get(self.quote_mint)
        if self.token_decimals is None and row.venue is Venue.PUMPFUN:
            self.token_decimals = PUMP_DECIMALS
        if row.state is not None:
            self._learn_state(row, row.state)

    def _learn_state(self, row: Row, state: PoolState) -> None:
        if self.token_decimals is None:
            self.token_decimals = state.token_decimals
        if self.quote_decimals is None and row.quote_mint == self.quote_mint:
            self.quote_decimals = state.quote_decimals
        if self.supply is None:
            self.supply = state.supply
        if self.config is None:
            self.config = state.config

    def add_pool(self, pool: str | None) -> None:
        """Remembers a pool of this token; the first sixteen are kept."""
        if pool is not None and pool not in self.pools and len(self.pools) < 16:
            self.pools.append(pool)
        if self.pool is None:
            self.pool = pool

    def price_of(self, token_amount: int, quote_amount: int) -> float | None:
        """Whole quote units per whole token, or None when that cannot be said."""
        if not token_amount or not quote_amount or self.token_decimals is None or self.quote_decimals is None:
            return None
        return quote_amount / token_amount * 10.0 ** (self.token_decimals - self.quote_decimals)

    @property
    def mcap_f64(self) -> float | None:
        """Price times supply, whole quote units."""
        price = self.prints.price_f64
        if price is None or self.supply is None or self.token_decimals is None:
            return None
        return price * self.supply / 10.0**self.token_decimals

    @property
    def change_f64(self) -> float | None:
        """Price over first price, minus one."""
        price, first = self.prints.price_f64, self.first_price_f64
        return price / first - 1.0 if price is not None and first else None

    def quote_f64(self, amount: int | None) -> float | None:
        """Whole quote units of an amount, or None when it or its decimals are not known."""
        return None if amount is None or self.quote_decimals is None else amount / 10.0**self.quote_decimals

    def view(self, believe: frozenset[str], recent: Rolling) -> LaunchView:
        """The row of the Launches table."""
        return LaunchView(
            mint=self.mint,
            network=self.network,
            venue=self.venue,
            pool=self.pool,
            name=self.name,
            symbol=self.symbol,
            creator=self.creator,
            quote_mint=self.quote_mint,
            quote_symbol=None if self.quote_mint is None else SYMBOLS.get(self.quote_mint),
            quote_decimals=self.quote_decimals,
            token_decimals=self.token_decimals,
            brand="Believe" if self.config in believe else None,
            stage=self.stage,
            created_s=self.created_s,
            first_seen_wall_ns=self.first_seen_wall_ns,
            first_source=self.first_source,
            lead_ms=self.lead_ms,
            price_f64=self.prints.price_f64,
            change_f64=self.change_f64,
            mcap_f64=self.mcap_f64,
            liquidity_f64=self.quote_f64(self.quote_reserve),
            volume_5m_f64=self.quote_f64(recent.quote),
            buys_5m=recent.buys,
            sells_5m=recent.sells,
            buyers_5m=recent.buyers,
            trades=self.trades,
            buyers=self.buyers,
            holders=self.holders,
            progress_ppm=self.progress_ppm,
            spark_f64=list(self.spark.points),
            last_seq=self.last_seq,
        )


_to_msgpack = msgspec.msgpack.Encoder().encode
_to_json = msgspec.json.Encoder().encode
_from_msgpack = msgspec.msgpack.Decoder(TokenState).decode
_from_json = msgspec.json.Decoder(TokenState).decode


def read_token(saved: bytes) -> TokenState | None:
    """A saved token; None when another version of Fluxdesk saved it in another shape."""
    try:
        return _from_json(saved) if saved.startswith(b"{") else _from_msgpack(saved)
    except msgspec.DecodeError:
        return None
