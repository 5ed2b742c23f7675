"""What a decoder says: one `Row` per launch, trade, migration, pool or liquidity change, or why there is none.

The first twenty fields of `Row` are the printed contract of `fluxdesk decode --json` (docs/decode.md); the rest travel
inside the program only. Amounts are integers in base units; addresses are text in their chain's usual form.
"""

from enum import StrEnum
from typing import Any

import msgspec

from fluxdesk.core.refusals import Reason

# Enums here hash as the text they are: they are dict keys on the hot path, and Enum's own hash is a call into Python.


class Kind(StrEnum):
    """What a row is about."""

    __hash__ = str.__hash__

    LAUNCH = "launch"
    TRADE = "trade"
    MIGRATION = "migration"
    LIQUIDITY = "liquidity"
    POOL = "pool"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class Venue(StrEnum):
    """A launchpad or exchange whose events are decoded."""

    __hash__ = str.__hash__

    PUMPFUN = "pumpfun"
    PUMPSWAP = "pumpswap"
    METEORA_DBC = "meteora_dbc"
    METEORA_DAMM_V2 = "meteora_damm_v2"
    RAYDIUM_LAUNCHLAB = "raydium_launchlab"
    UNISWAP_V2 = "uniswap_v2"


class Side(StrEnum):
    """The trader's view of `token_mint`."""

    __hash__ = str.__hash__

    BUY = "buy"
    SELL = "sell"


class Provenance(StrEnum):
    """Where the amounts come from, strongest first."""

    __hash__ = str.__hash__

    EVENT_CPI = "event_cpi"
    EVENT_LOG = "event_log"
    INSTRUCTION = "instruction"
    BALANCE_DELTA = "balance_delta"


class Fee(msgspec.Struct, frozen=True, gc=False):
    """One fee as the program states it. `mint` is None when the program does not say which leg paid it."""

    name: str
    amount: int
    mint: str | None


class PoolState(msgspec.Struct, frozen=True, gc=False):
    """What an event says about its pool after it ran. Reserves are the ones that set the price (virtual where
    virtual).
    """

    token_reserve: int | None = None
    quote_reserve: int | None = None
    progress_ppm: int | None = None
    """Quote collected / quote needed to graduate, in millionths; None when the event does not let one know."""
    complete: bool = False
    supply: int | None = None
    token_decimals: int | None = None
    quote_decimals: int | None = None
    config: str | None = None
    """Meteora DBC config or LaunchLab platform: which brand launched it."""
    new_pool_venue: Venue | None = None
    """For a migration: the venue of the new pool, when it is one that is decoded."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One fact read from the chain. See the module docstring for which fields are printed.

    Made with keywords, but for trades, which are most rows: `Tape.trade` states all fields in this order, which costs a
    fifth.
    """

    kind: Kind
    venue: Venue | None = None
    signature: str | None = None
    slot: int | None = None
    index: str | None = None
    pool: str | None = None
    token_mint: str | None = None
    quote_mint: str | None = None
    token_program: str | None = None
    side: Side | None = None
    token_amount: int | None = None
    quote_amount: int | None = None
    fees: tuple[Fee, ...] | None = None
    trader: str | None = None
    creator: str | None = None
    name: str | None = None
    symbol: str | None = None
    uri: str | None = None
    provenance: Provenance | None = None
    reason: Reason | None = None
    # --- not printed ---
    ordinal: int = 0
    """n-th row of the same (venue, kind) in its transaction: with signature, venue and kind it names the fact."""
    block_time: int | None = None
    """Chain clock, Unix seconds, when the event or the transaction states it."""
    state: PoolState | None = None

    def key(self) -> tuple[str | None, Venue | None, Kind, int]:
        """The identity of the fact, equal whether it was read from logs or from the whole transaction."""
        return (self.signature, self.venue, self.kind, self.ordinal)


PRINTED: tuple[str, ...] = (
    "kind", "venue", "signature", "slot", "index", "pool", "token_mint", "quote_mint", "token_program", "side",
    "token_amount", "quote_amount", "fees", "trader", "creator", "name", "symbol", "uri", "provenance", "reason",
)  # fmt: skip
"""Field names of the printed contract, in order."""


def printed(row: Row) -> dict[str, Any]:
    """The JSON object of one row: every key present, None when unknown, amounts as decimal strings."""
    out: dict[str, Any] = {name: getattr(row, name) for name in PRINTED}
    for leg in ("token_amount", "quote_amount"):
        if out[leg] is not None:
            out[leg] = str(out[leg])
    if row.fees is not None:
        out["fees"] = [{"name": f.name, "amount": str(f.amount), "mint": f.mint} for f in row.fees]
    return out


class Shape(StrEnum):
    """How a source wrapped what it delivered; the decoder is chosen by it."""

    __hash__ = str.__hash__

    SOLANA_TX = "solana_tx"
    """A `getTransaction` result object (json, jsonParsed, base64 or base58 encoding)."""
    SOLANA_LOGS = "solana_logs"
    """The `value` and `context` of a `logsNotification`: an object with signature, err, logs, slot."""
    SOLANA_BLOCK = "solana_block"
    """A `blockNotification` or `getBlock` result."""
    HELIUS = "helius"
    """An enhanced-webhook transaction."""
    EVM_LOG = "evm_log"
    EVM_RECEIPT = "evm_receipt"
    BARE_EVENT = "bare_event"
    """`{"program": ..., "program_data": base64}`."""
    AUTO = "auto"
    """Not known yet: found by looking at the keys."""


class Raw(msgspec.Struct, frozen=True, gc=False):
    """Bytes as a source delivered them, before anything was read into them. The journal stores exactly this."""

    source: str
    """Source id, such as `logs A`."""
    network: str
    shape: Shape
    slot: int | None
    wall_ns: int
    mono_ns: int
    payload: bytes
    """UTF-8 JSON, unchanged."""
