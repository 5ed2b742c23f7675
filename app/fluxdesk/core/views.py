"""What the node shows: the shapes of the gateway's answers and frames, shared by gateway, client, desktop and
terminal.

Amounts that must be exact travel as decimal strings of base units (`*_base`). Fields named `*_f64` are floating
point and for display, sorting and charts only. None means unknown, never zero. Times: `*_s` Unix seconds by the
chain's clock, `*_wall_ns` this machine's wall clock.
"""

from typing import Literal

import msgspec

from fluxdesk.core.events import Kind, Side, Venue
from fluxdesk.core.wallet_views import ChainStateView, SendView

Stage = Literal["curve", "complete", "graduated", "pool"]
"""`curve` trades on its launchpad, `complete` sold out and waits, `graduated` moved to a pool, `pool` never had a
curve.
"""
Tab = Literal["new", "final", "graduated"]
Sort = Literal["age", "price", "mcap", "volume", "trades", "buyers", "progress"]
Interval = Literal["1s", "15s", "1m", "5m", "1h"]
SourceState = Literal["connecting", "up", "slow", "down", "done", "paused"]


class LaunchView(msgspec.Struct, kw_only=True, omit_defaults=False, gc=False):
    """A row of the Launches table. Definitions of every number: docs/definitions.md.

    It can be part of no cycle, so the collector need not walk the thousands that are kept.
    """

    mint: str
    network: str
    venue: Venue
    pool: str | None
    name: str | None
    symbol: str | None
    creator: str | None
    quote_mint: str | None
    quote_symbol: str | None
    quote_decimals: int | None
    token_decimals: int | None
    brand: str | None = None
    """`Believe` when the DBC config is in the user's list; else None."""
    stage: Stage
    created_s: int | None
    first_seen_wall_ns: int
    first_source: str
    lead_ms: float | None = None
    """How much earlier the first source delivered it than the next one; None until a second source has."""
    price_f64: float | None = None
    """Last trade, whole quote units per whole token."""
    change_f64: float | None = None
    """Last price over first known price, minus one."""
    mcap_f64: float | None = None
    """Price times total supply, whole quote units; None while the supply is unknown."""
    liquidity_f64: float | None = None
    """Quote side of the pool, whole quote units."""
    volume_5m_f64: float | None = None
    buys_5m: int = 0
    sells_5m: int = 0
    buyers_5m: int = 0
    trades: int = 0
    """Since Fluxdesk first saw the token."""
    buyers: int = 0
    holders: int | None = None
    progress_ppm: int | None = None
    spark_f64: list[float] = []
    last_seq: int = 0


class TradeView(msgspec.Struct, kw_only=True):
    """One trade of a token, newest first in lists."""

    seq: int
    signature: str
    slot: int | None
    index: str | None
    time_s: int | None
    seen_wall_ns: int
    side: Side
    token_base: str
    quote_base: str
    price_f64: float | None
    trader: str | None
    venue: Venue
    ghost: str | None = None
    """Why the chart leaves this print out, in words; None when it is drawn."""


class CandleView(msgspec.Struct, array_like=True):
    """One bar: start, prices, quote volume in whole units, trade count, unique traders."""

    start_s: int
    open_f64: float
    high_f64: float
    low_f64: float
    close_f64: float
    volume_f64: float
    trades: int
    traders: int


class HolderView(msgspec.Struct, kw_only=True):
    """A wallet's balance as the trades seen so far imply it; not the chain's full holder list."""

    wallet: str
    balance_base: str
    share_f64: float | None
    tag: Literal["creator", "pool", ""] = ""


class GapView(msgspec.Struct, kw_only=True):
    """Slots a source missed. `filled_by` names who filled it; None means it is open."""

    source: str
    from_slot: int
    to_slot: int
    opened_wall_ns: int
    filled_by: str | None = None
    reason: str = ""


class TokenView(msgspec.Struct, kw_only=True):
    """Everything the Token screen shows beside candles and trades."""

    launch: LaunchView
    uri: str | None
    token_program: str | None
    supply_base: str | None
    launch_signature: str | None
    launch_seq: int | None
    pools: list[str]
    holders: list[HolderView]
    holders_note: str
    gaps: list[GapView]
    ghosts: int = 0


class MetadataView(msgspec.Struct, kw_only=True):
    """What the token's `uri` holds, fetched by the node on demand. `state` says why there is none."""

    mint: str
    state: Literal["ok", "off", "blocked", "failed", "none"]
    message: str = ""
    description: str | None = None
    website: str | None = None
    twitter: str | None = None
    telegram: str | None = None
    image_png_b64: str | None = None
    """A square PNG of at most 128 px, re-encoded by the node; None when there is no usable picture."""


class SourceView(msgspec.Struct, kw_only=True):
    """One source's health."""

    id: str
    kind: Literal["file", "solana_ws", "solana_backfill", "evm_ws", "practice"]
    endpoint: str
    """Without credentials: user info and query are removed before this leaves the source."""
    network: str
    state: SourceState
    message: str = ""
    lag_ms: float | None = None
    """Wall clock at arrival minus block time of the newest event, when both are known; else round trip of a ping."""
    last_slot: int | None = None
    received: int = 0
    decoded: int = 0
    unknown: int = 0
    refused: int = 0
    first_seen: int = 0
    """How many facts this source delivered before every other."""
    reconnects: int = 0
    open_gaps: int = 0


class StatusView(msgspec.Struct, kw_only=True):
    """The node in one object: status bar, doctor, tests."""

    version: str
    mode: Literal["practice", "live", "replay"]
    profile: str
    started_wall_ns: int
    seq: int
    last_slot: int | None
    launches: int
    trades: int
    decoded: int
    unknown: int
    refused: int
    open_gaps: int
    journal_bytes: int
    journal_message: str = ""
    """Why ingestion is paused (disk full), in words; empty when it is not."""
    events_per_s: float = 0.0
    chains: list[ChainStateView] = []
    """Those that the wallet has used in this run."""


class LaunchPage(msgspec.Struct, kw_only=True):
    """One page of launches. `hidden_by` counts what each filter alone hides, to say which to loosen."""

    items: list[LaunchView]
    next_cursor: str | None
    total: int
    matched: int
    counts: dict[str, int]
    """Per tab, after filters."""
    hidden_by: dict[str, int]


class TradePage(msgspec.Struct, kw_only=True):
    """One page of trades, newest first."""

    items: list[TradeView]
    next_cursor: str | None


class SearchHit(msgspec.Struct, kw_only=True):
    """One search result, best first."""

    mint: str
    network: str
    name: str | None
    symbol: str | None
    venue: Venue
    created_s: int | None
    score_f64: float
    matched: Literal["mint", "creator", "symbol", "name", "description"]


class Problem(msgspec.Struct, kw_only=True):
    """An error answer: what happened, what was kept, what to do (RFC 9457 names)."""

    title: str
    detail: str
    status: int


class SearchPage(msgspec.Struct, kw_only=True):
    """Search results, best first."""

    items: list[SearchHit]


class CandlePage(msgspec.Struct, kw_only=True):
    """Bars of one token, oldest first. `quote_symbol` is the unit of the volumes."""

    mint: str
    interval: Interval
    quote_symbol: str | None
    items: list[CandleView]
    ghosts: int = 0
    """Prints of the whole token that no bar holds."""


class HolderPage(msgspec.Struct, kw_only=True):
    """Largest balances first, as the trades seen so far imply them."""

    items: list[HolderView]
    total: int
    note: str


class SourcesView(msgspec.Struct, kw_only=True):
    """Health of every source."""

    items: list[SourceView]


class GapsView(msgspec.Struct, kw_only=True):
    """All gaps that are open or were filled in the last hour."""

    items: list[GapView]


class RecordView(msgspec.Struct, kw_only=True):
    """One journal record: the bytes as a source delivered them, both clocks, and what the decoder reads in them now."""

    seq: int
    source: str
    network: str
    shape: str
    slot: int | None
    wall_ns: int
    mono_ns: int
    payload: str
    """The bytes as text (UTF-8 JSON); bytes that are no UTF-8 show as replacement characters."""
    payload_b64: str
    rows: list[msgspec.Raw]
    """Printed rows (docs/decode.md)."""


class TransactionView(msgspec.Struct, kw_only=True):
    """Every journal record that holds a transaction, oldest first."""

    signature: str
    records: list[RecordView]


class SettingView(msgspec.Struct, kw_only=True):
    """One line of the settings table with this profile's value."""

    key: str
    kind: str
    value: str | int | bool | list[str]
    default: str | int | bool | list[str]
    title: str
    help: str
    group: str
    unit: str
    minimum: int | None
    maximum: int | None
    choices: list[str]
    restart_node: bool


class SettingsView(msgspec.Struct, kw_only=True):
    """The settings table."""

    items: list[SettingView]
    restart_needed: bool = False
    """True when a change takes effect only after the node restarts."""


class Accepted(msgspec.Struct, kw_only=True):
    """The node began what was asked."""

    message: str


# --- WebSocket -------------------------------------------------------------------------------------------------------


class Subscribe(msgspec.Struct, tag="subscribe", tag_field="op", kw_only=True):
    """Topics: `launches`, `events`, `token:<mint>`, `sources`, `status`, `sends`. `since` resumes after that seq;
    `every` = no conflation.
    """

    topic: str
    since: int | None = None
    every: bool = False


class Unsubscribe(msgspec.Struct, tag="unsubscribe", tag_field="op", kw_only=True):
    """Stop a topic."""

    topic: str


class LaunchesFrame(msgspec.Struct, tag="launches", tag_field="op", kw_only=True):
    """Change set of the launches list. `snapshot` = replace all you have, by this frame and those that follow it up to
    one without `more`.
    """

    seq: int
    snapshot: bool
    upserts: list[LaunchView]
    new: list[str]
    """Mints first seen in this frame."""
    more: bool = False
    """The set goes on in the next frame. Only what is complete can be resumed from: the `seq` of a frame without it."""


class EventItem(msgspec.Struct, kw_only=True):
    """One decoded row with its journal position. `row` is the printed contract, as JSON."""

    seq: int
    kind: Kind
    row: msgspec.Raw


class EventsFrame(msgspec.Struct, tag="events", tag_field="op", kw_only=True):
    """Decoded rows in journal order. `dropped` counts rows conflated away for a slow client that did not ask for every
    one.
    """

    seq: int
    items: list[EventItem]
    dropped: int = 0


class TokenFrame(msgspec.Struct, tag="token", tag_field="op", kw_only=True):
    """What changed for one token: its row, new trades oldest first, last bars per interval."""

    seq: int
    mint: str
    launch: LaunchView
    trades: list[TradeView]
    bars: dict[str, list[CandleView]]


class SourcesFrame(msgspec.Struct, tag="sources", tag_field="op", kw_only=True):
    """Health of all sources and all gaps that are open or were filled in the last hour."""

    seq: int
    sources: list[SourceView]
    gaps: list[GapView]


class StatusFrame(msgspec.Struct, tag="status", tag_field="op", kw_only=True):
    """The node in one object, once a second."""

    seq: int
    status: StatusView


class SendsFrame(msgspec.Struct, tag="sends", tag_field="op", kw_only=True):
    """The newest transactions that were broadcast here, newest first; sent at each change."""

    seq: int
    items: list[SendView]


class Heartbeat(msgspec.Struct, tag="heartbeat", tag_field="op", kw_only=True):
    """Sent every 2 s; a client that hears nothing for 6 s reconnects."""

    seq: int
    wall_ns: int


class Missed(msgspec.Struct, tag="missed", tag_field="op", kw_only=True):
    """The point to resume from is older than what is kept in memory: rows from..to must be read over REST."""

    topic: str
    from_seq: int
    to_seq: int


class Denied(msgspec.Struct, tag="denied", tag_field="op", kw_only=True):
    """A request the node did not understand or allow."""

    detail: str


ClientMessage = Subscribe | Unsubscribe
ServerMessage = (
    LaunchesFrame | EventsFrame | TokenFrame | SourcesFrame | StatusFrame | SendsFrame | Heartbeat | Missed | Denied
)
