"""What the node says about chains, balances, fees and payments, and what it is asked: shared by gateway and client.

Amounts are decimal strings of base units (`*_base`). None means unknown, never zero. Nothing here comes from the agent,
and no address of an endpoint is ever whole: what stands behind its host may be a key.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Account = Annotated[str, Meta(pattern=r"^(0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$", max_length=44)]
"""An EVM or a Solana address."""
Asset = Annotated[str, Meta(pattern=r"^(native|0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$", max_length=44)]
"""`native` or the address of a contract or mint."""
Amount = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,77})$", max_length=78)]
SendId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,80}$", max_length=80)]
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}$", min_length=4, max_length=48_000)]
Method = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]+$", min_length=1, max_length=64)]

Family = Literal["evm", "solana"]
EndpointState = Literal["unasked", "good", "slow", "behind", "failing", "other_chain", "contradicts"]
SendState = Literal["queued", "sending", "paid", "failed", "cancelled", "refused", "superseded"]


class Asked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request's body: no field that we do not know."""


class TransferAsked(Asked):
    """One amount to one recipient, to be made into a transaction.

    With `replaces` the transaction takes the place of one that waits (EVM): the same payment for a higher fee, or with
    `cancel` none at all. The other fields then say again what was paid.
    """

    account: Account
    asset: Asset
    recipient: Account
    amount_base: Amount
    priority: Annotated[int, Meta(ge=0, le=2)] = 1
    """0 fast, 1 normal, 2 slow."""
    replaces: SendId | None = None
    cancel: bool = False


class SimulationAsked(Asked):
    """Unsigned bytes: a Solana message, or the JSON fields of an EVM transaction under their JSON-RPC names."""

    account: Account
    payload_b64: Base64


class BroadcastAsked(Asked):
    """Signed bytes. With `payload_b64` (what was to be signed) they must be exactly that, signed by `account`; on
    Solana `signed_b64` is then the signature alone. Without it they are a whole transaction.
    """

    id: SendId
    account: Account
    signed_b64: Base64
    payload_b64: Base64 | None = None
    replaces: SendId | None = None
    cancel: bool = False


class RpcAsked(Asked):
    """A read of the chain. Methods: docs/protocol.md."""

    method: Method
    params: Annotated[list[msgspec.Raw], Meta(max_length=16)] = []


class FundsAsked(Asked):
    """An account to be filled on a practice chain."""

    account: Account


class EndpointView(msgspec.Struct, kw_only=True):
    """One endpoint of a chain, without what may be a key."""

    shown: str
    state: EndpointState
    latency_ms: int | None
    head: int | None
    reason: str = ""


class ChainView(msgspec.Struct, kw_only=True):
    """One chain and who serves it."""

    id: str
    family: Family
    name: str
    symbol: str
    decimals: int
    test: bool
    added: bool
    practice: str = ""
    """Which program stands for the chain (LiteSVM, anvil); empty for a real one."""
    note: str = ""
    endpoints: list[EndpointView]


class ChainsView(msgspec.Struct, kw_only=True):
    """The chains that have an endpoint, and those that could have one."""

    items: list[ChainView]


class ChainStateView(msgspec.Struct, kw_only=True):
    """A chain in use, as its best endpoint stands."""

    id: str
    state: EndpointState


class TokenAccountView(msgspec.Struct, kw_only=True):
    """One Solana token account."""

    address: str
    amount_base: str
    frozen: bool


class TokenBalanceView(msgspec.Struct, kw_only=True):
    """What an account holds of a token. `decimals`, like the amount, is what the token's contract or mint says."""

    asset: str
    standard: Literal["erc20", "spl", "token2022"]
    amount_base: str | None
    decimals: int | None
    accounts: list[TokenAccountView] = []


class BalanceView(msgspec.Struct, kw_only=True):
    """What an account holds. `problem` says why something is unknown."""

    account: str
    native_base: str | None
    tokens: list[TokenBalanceView]
    block: int | None = None
    """All of it is as of this block (EVM); Solana's answers are not one moment."""
    problem: str = ""


class BalancesView(msgspec.Struct, kw_only=True):
    """What accounts hold on a chain."""

    chain: str
    symbol: str
    decimals: int
    items: list[BalanceView]


class FeeView(msgspec.Struct, kw_only=True):
    """What to offer for a speed. Per gas in wei (EVM); per compute unit in micro-lamports (Solana)."""

    speed: Literal["slow", "normal", "fast"]
    most_per_unit: str
    tip_per_unit: str | None
    transfer_base: str
    """A plain transfer of the coin at that price, at most; without the rollup's data fee."""


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


class ChangeView(msgspec.Struct, kw_only=True):
    """How much of an asset an account gains; negative: loses."""

    account: str
    asset: str
    change_base: str


class ApprovalView(msgspec.Struct, kw_only=True):
    """Who may take how much of an owner's token after the transaction. `amount_base` None: all of a collection."""

    owner: str
    asset: str
    spender: str
    amount_base: str | None
    unlimited: bool


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
    txs: list[str]
    nonce: int | None
    block: int | None
    fee_base: str | None
    asked_wall_ns: int
    included_wall_ns: int | None
    ended_wall_ns: int | None


class SendsView(msgspec.Struct, kw_only=True):
    """Transactions, newest first."""

    items: list[SendView]


class HistoryItem(msgspec.Struct, kw_only=True):
    """One transaction of an account and what it changed there."""

    tx: str
    block: int | None
    time_s: int | None
    ok: bool | None
    fee_base: str | None
    """Only when the account paid it."""
    changes: list[ChangeView]


class HistoryView(msgspec.Struct, kw_only=True):
    """An account's transactions, newest first. `covers` says what is not in it."""

    chain: str
    account: str
    items: list[HistoryItem]
    next_cursor: str | None
    covers: str


class AllowancesView(msgspec.Struct, kw_only=True):
    """What others may take from an account. Amounts are read from the contracts; `covers` says where was looked."""

    chain: str
    account: str
    items: list[ApprovalView]
    covers: str


class RpcRefusal(msgspec.Struct, kw_only=True):
    """What an endpoint said no to."""

    code: int
    message: str


class RpcView(msgspec.Struct, kw_only=True):
    """The chain's answer, or its refusal; one of them is null."""

    result: msgspec.Raw
    error: RpcRefusal | None = None


ANSWERS: tuple[type[msgspec.Struct], ...] = (
    ChainsView, ChainView, BalancesView, FeesView, TransferView, SimulationView, SendView, SendsView, HistoryView,
    AllowancesView, RpcView,
)  # fmt: skip
BODIES: tuple[type[msgspec.Struct], ...] = (TransferAsked, SimulationAsked, BroadcastAsked, RpcAsked, FundsAsked)
