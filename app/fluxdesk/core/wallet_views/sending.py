"""What a payment costs, would do and became."""

from typing import Literal

import msgspec

from fluxdesk.core.wallet_views.holdings import ApprovalView, AssetView
from fluxdesk.core.wallet_views.words import SendState


class FeeView(msgspec.Struct, kw_only=True):
    """What to offer for a speed. Per gas in wei (EVM); per compute unit in micro-lamports (Solana)."""

    speed: Literal["slow", "normal", "fast"]
    most_per_unit: str
    tip_per_unit: str | None
    transfer_base: str
    """A plain transfer of the coin at that price, at most; without what a rollup takes for its data."""
    data_base: str = "0"
    """What a rollup takes for the data of such a transfer now."""


class FeesView(msgspec.Struct, kw_only=True):
    """What a chain asks for now."""

    chain: str
    symbol: str
    decimals: int
    base_per_unit: str | None
    """Base fee of the next block (EVM); None on a chain without."""
    items: list[FeeView]


class CostView(msgspec.Struct, kw_only=True):
    """What a transaction takes at most, beside the amount, in the chain's coin."""

    total_base: str
    fee_base: str
    priority_base: str
    rent_base: str
    """Stays in new token accounts; comes back when they are closed."""
    data_base: str
    """What a rollup adds for its data on the chain below."""


class TransferView(msgspec.Struct, kw_only=True):
    """An unsigned transaction: exactly what the agent is to be asked for, and what it costs."""

    chain: str
    kind: Literal["evm_tx", "solana_tx"]
    account: str
    payload_b64: str
    fields: dict[str, str] | None
    """The payload read (EVM)."""
    cost: CostView
    nonce: int | None
    expires: int | None
    """Last block height in which it can land (Solana)."""
    payments: list[str] = []
    """Of an order: the ids of what is in it."""
    durable: str = ""
    """The nonce account that it lives by (Solana)."""


class PlanView(msgspec.Struct, kw_only=True):
    """What an order would come to now: its transactions and what they take together. Nothing was made or kept."""

    chain: str
    account: str
    symbol: str
    decimals: int
    items: list[TransferView]
    total: CostView


class ChangeView(msgspec.Struct, kw_only=True):
    """How much of an asset an account gains; negative: loses."""

    account: str
    asset: str
    change_base: str


class SimulationView(msgspec.Struct, kw_only=True):
    """What a transaction would do now, on the user's own endpoint; not from the agent.

    Attributes:
        done: False when it could not be tried out; `reason` says why, and everything else is unknown.
        ok: Whether it would go through; `reason` says why not.
        changes: Measured before and after; None where only success could be found out.
        owners: Token accounts or accounts that change their owner: (account, new owner).
    """

    chain: str
    done: bool
    ok: bool | None
    reason: str
    changes: list[ChangeView] | None
    approvals: list[ApprovalView] | None
    owners: list[tuple[str, str]] | None
    fee_base: str | None
    units: int | None
    block: int | None
    assets: list[AssetView] = []
    """Every token named."""


class SendView(msgspec.Struct, kw_only=True):
    """A transaction on its way, or at its end."""

    id: str
    chain: str
    account: str
    asset: str
    """`call` for anything that is no plain transfer."""
    recipient: str
    amount_base: str
    state: SendState
    included: bool
    """On the chain, not yet for good."""
    reason: str
    """Also why it waits."""
    txs: list[str]
    """Empty: nothing is signed yet. State `sending` without any waits for its signature."""
    nonce: int | None
    block: int | None
    fee_base: str | None
    """Of the whole transaction, which `shared` payments have in common."""
    asked_wall_ns: int
    included_wall_ns: int | None
    ended_wall_ns: int | None
    ordered: bool = False
    """Made by the node for an order; else it came signed."""
    priority: int = 1
    shared: int = 1
    cost_most_base: str | None = None
    """What its transaction takes at most beside the amount; None before there is one."""
    can: list[Literal["cancel", "speed_up"]] = []
    """What may be tried now."""


class SendsView(msgspec.Struct, kw_only=True):
    """Transactions, newest first."""

    items: list[SendView]
