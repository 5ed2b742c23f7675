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
ChainName = Annotated[str, Meta(pattern=r"^(eip155|solana):[A-Za-z0-9]{1,32}$", max_length=40)]
Method = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]+$", min_length=1, max_length=64)]

Url = Annotated[str, Meta(min_length=8, max_length=2_000)]
Priority = Literal[0, 1, 2]
"""0 fast, 1 normal, 2 slow."""
AllowanceKind = Literal["erc20", "nft", "operator", "permit2", "delegate"]
"""`nft`: one ERC-721 token; `operator`: all of a collection (ERC-721, ERC-1155); `permit2`: through Uniswap's Permit2;
`delegate`: of a Solana token account, which is then `asset`."""

HistoryState = Literal["included", "final", "failed", "withdrawn"]
MoveKind = Literal["transfer", "fee", "change"]
Standard = Literal["erc20", "erc721", "erc1155", "spl", "token2022", "unknown"]
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
    priority: Priority = 1
    replaces: SendId | None = None
    cancel: bool = False


class Pay(Asked, tag_field="what", tag="pay"):
    """One amount to one recipient. `id` is chosen by who asks, and is never paid twice."""

    id: SendId
    asset: Asset
    recipient: Account
    amount_base: Amount


class Revoke(Asked, tag_field="what", tag="revoke"):
    """Takes back what a spender may take. `token_id` for the kind `nft`."""

    id: SendId
    asset: Account
    spender: Account
    kind: AllowanceKind
    token_id: Amount | None = None


class MakeNonce(Asked, tag_field="what", tag="make_nonce"):
    """Makes a durable nonce account (Solana): payments with it wait for their signature however long that takes."""

    id: SendId


class CloseNonce(Asked, tag_field="what", tag="close_nonce"):
    """Closes a durable nonce account; its coins come back."""

    id: SendId
    address: Account


class Deploy(Asked, tag_field="what", tag="deploy"):
    """Makes one of the contracts that came with Fluxdesk, through the deterministic deployment proxy (EVM).

    `arguments_hex`: of its constructor, ABI-encoded. Where it comes to stand follows from these and the code.
    """

    id: SendId
    contract: Annotated[str, Meta(pattern=r"^[A-Z][A-Za-z0-9]{0,63}$", max_length=64)]
    arguments_hex: Annotated[str, Meta(pattern=r"^0x([0-9a-f]{64})*$", max_length=32_002)]


Item = Pay | Revoke | MakeNonce | CloseNonce | Deploy
"""What can be ordered."""


class OrderAsked(Asked):
    """What the node is to make, have signed by the agent (as `node:wallet`) and follow until its end.

    It is on disk when the answer comes, and survives the end of the node. On Solana payments share transactions.
    """

    account: Account
    items: Annotated[list[Item], Meta(min_length=1, max_length=64)]
    priority: Priority = 1
    durable: bool = False
    """Solana: with a durable nonce, of which the account must have made one."""


class NothingAsked(Asked):
    """No field at all."""


class EndpointAsked(Asked):
    """An endpoint to be tried out; nothing is kept. `number` where the chain is not known yet (EVM)."""

    chain: ChainName
    url: Url
    number: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,15}$", max_length=16)] | None = None


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


class AssetView(msgspec.Struct, kw_only=True):
    """What a token says of itself: its contract, mint or metadata. Nobody vouches for it; any token may call itself
    anything. Cut, and without what cannot be printed; empty where it says nothing.
    """

    asset: str
    symbol: str = ""
    name: str = ""
    decimals: int | None = None
    standard: Standard = "unknown"


class TokenBalanceView(msgspec.Struct, kw_only=True):
    """What an account holds of a token. `decimals`, `symbol` and `name` are its own word, as in `AssetView`."""

    asset: str
    standard: Literal["erc20", "spl", "token2022"]
    amount_base: str | None
    decimals: int | None
    symbol: str = ""
    name: str = ""
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


class AllowanceView(ApprovalView, kw_only=True):
    """One of them that holds now. `tx`, `block`, `time_s`: where it was given last, as far as was looked."""

    kind: AllowanceKind
    token_id: str | None = None
    through: str = ""
    """The contract that holds it, where that is not the token (Permit2)."""
    expires_s: int | None = None
    held_base: str | None = None
    """What the owner holds of the token: what is at risk."""
    tx: str = ""
    block: int | None = None
    time_s: int | None = None


class AllowancesView(msgspec.Struct, kw_only=True):
    """What others may take from an account. Amounts are read from the contracts; `covers` says where was looked."""

    chain: str
    account: str
    items: list[AllowanceView]
    covers: str
    assets: list[AssetView] = []


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


class TableView(msgspec.Struct, kw_only=True):
    """A lookup table; `addresses` None where it cannot be read, with the reason."""

    table: str
    addresses: list[str] | None
    problem: str = ""


class TablesView(msgspec.Struct, kw_only=True):
    """Lookup tables as of a slot, so that a message that names them can be read."""

    chain: str
    slot: int | None
    items: list[TableView]


class NonceView(msgspec.Struct, kw_only=True):
    """A durable nonce account of an account."""

    address: str
    nonce: str
    lamports_base: str
    busy: bool
    """A payment with it is under way."""


class NoncesView(msgspec.Struct, kw_only=True):
    """The durable nonce accounts that an account made here."""

    chain: str
    account: str
    items: list[NonceView]


def _null() -> msgspec.Raw:
    return msgspec.Raw(b"null")


class RpcRefusal(msgspec.Struct, kw_only=True):
    """What an endpoint said no to. `data` is its own JSON, such as the bytes of a revert."""

    code: int
    message: str
    data: msgspec.Raw = msgspec.field(default_factory=_null)


class RpcView(msgspec.Struct, kw_only=True):
    """The chain's answer, or its refusal; one of them is null."""

    result: msgspec.Raw
    error: RpcRefusal | None = None


ANSWERS: tuple[type[msgspec.Struct], ...] = (
    ChainsView, ChainView, EndpointView, BalancesView, FeesView, TransferView, PlanView, SimulationView, SendView,
    SendsView,
    HistoryView, AllowancesView, TxView, TablesView, NoncesView, RpcView,
)  # fmt: skip
BODIES: tuple[type[msgspec.Struct], ...] = (
    TransferAsked, OrderAsked, SimulationAsked, BroadcastAsked, RpcAsked, FundsAsked, EndpointAsked,
    NothingAsked,
)  # fmt: skip
