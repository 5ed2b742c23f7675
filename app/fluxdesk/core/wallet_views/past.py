"""What was, by account and by transaction."""

from typing import Literal

import msgspec

from fluxdesk.core.wallet_views.holdings import AssetView
from fluxdesk.core.wallet_views.sending import ChangeView
from fluxdesk.core.wallet_views.words import HistoryState, MoveKind


class MoveView(msgspec.Struct, kw_only=True):
    """One movement of one asset. `other`: the other side, where there is exactly one."""

    kind: MoveKind
    asset: str
    change_base: str
    other: str | None = None


class HistoryItem(msgspec.Struct, kw_only=True):
    """One transaction of an account and what it changed there."""

    tx: str
    block: int | None
    time_s: int | None
    ok: bool | None
    fee_base: str | None
    """Only when the account paid it."""
    changes: list[ChangeView]
    moves: list[MoveView] = []
    state: HistoryState | None = None
    """`withdrawn`: it was on the chain, and the chain took it back."""
    block_hash: str = ""
    clock: Literal["chain", "node", ""] = ""
    """Whose clock `time_s` is of: the block's, or this node's when it saw it."""


class HistoryView(msgspec.Struct, kw_only=True):
    """An account's transactions, newest first. `covers` says what is not in it."""

    chain: str
    account: str
    items: list[HistoryItem]
    next_cursor: str | None
    covers: str
    assets: list[AssetView] = []
    """Every token named."""


class TxView(msgspec.Struct, kw_only=True):
    """A transaction as an endpoint has it. `raw_b64` is empty where it has no bytes; else they were checked to be those
    of `tx`.
    """

    chain: str
    tx: str
    block: int | None
    block_hash: str
    time_s: int | None
    raw_b64: str
    fields: dict[str, str]
    """JSON-RPC fields as text."""
