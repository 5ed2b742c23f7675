"""Every message as a msgspec struct, told apart by `op`; the JSON schemas in docs/ and the extension come from here.

Three conversations: extension and bridge (`ToBridge`, `FromBridge`), any program and the agent's socket (`Greeting`),
extension or node and agent (`ToAgent`, `FromAgent`). A field that is not here is refused, so that nothing is carried
past a reader.
"""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

_END = r"$(?!\n)"
"""The end and nothing after it, to Python's `re` (whose `$` lets a line feed pass) and to JavaScript's alike."""

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,64}" + _END)]
Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Origin = Annotated[str, Meta(max_length=256, pattern=r"^(https?://[^/?#@\s\\]+|node:[a-z0-9_-]{1,64})" + _END)]
AccountId = Annotated[str, Meta(pattern=r"^(evm:0x[0-9a-fA-F]{40}|solana:[1-9A-HJ-NP-Za-km-z]{32,44})" + _END)]
Chain = Annotated[str, Meta(pattern=r"^(eip155:[0-9]{1,20}|solana:[a-z]{1,16})" + _END)]
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]*={0,2}" + _END)]
Nonce = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{43}=" + _END)]
Text = Annotated[str, Meta(max_length=400)]
Code = Annotated[str, Meta(pattern=r"^[a-z_]{1,32}" + _END)]
Family = Literal["evm", "solana"]
Kind = Literal["evm_tx", "evm_message", "evm_typed", "solana_tx", "solana_message", "solana_offchain"]


class Message(msgspec.Struct, tag_field="op", frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of all of them."""


# ---- extension and bridge


class Hello(Message, frozen=True, tag="hello"):
    """First word of the extension."""

    protocol: Number
    version: Text


class Welcome(Message, frozen=True, tag="welcome"):
    """The bridge's answer: versions agree; `app` says whether an agent's socket is there."""

    protocol: Number
    version: Text
    app: Literal["running", "stopped"]
    can_start: bool = False


class Open(Message, frozen=True, tag="open"):
    """Connect the channel to the agent."""


class Opened(Message, frozen=True, tag="opened"):
    """The agent's socket has answered; the Noise handshake may begin."""


class Bytes(Message, frozen=True, tag="bytes"):
    """One Noise message, either way. The bridge does not look into it."""

    data: Annotated[str, Meta(max_length=87380, pattern=r"^[A-Za-z0-9+/]*={0,2}" + _END)]


class Close(Message, frozen=True, tag="close"):
    """End the channel to the agent."""


class Closed(Message, frozen=True, tag="closed"):
    """The channel to the agent has ended."""

    code: Code
    reason: Text = ""


class Ask(Message, frozen=True, tag="ask", rename={"given": "with"}):
    """A read from the node: docs/protocol.md has the closed list."""

    id: Number
    what: Literal["status", "launches", "search", "token", "chains", "balances", "rpc"]
    given: dict[str, Any] = {}


class Answer(Message, frozen=True, tag="answer"):
    """What the node said; `body` is its JSON."""

    id: Number
    body: Any


class Start(Message, frozen=True, tag="start"):
    """Start Fluxdesk, if the launcher knows how."""


class Started(Message, frozen=True, tag="started"):
    """Fluxdesk was started; its sockets follow in a moment."""


class Failed(Message, frozen=True, tag="failed"):
    """What could not be done. With `id`: that read."""

    code: Code
    reason: Text
    id: Number | None = None


# ---- on the agent's socket, before anything else


class Greeting(Message, frozen=True, tag="greeting"):
    """First frame of a connection: `browser` goes on with raw Noise messages, `node` with the messages below as
    JSON.
    """

    protocol: Number
    role: Literal["browser", "node"]


# ---- extension (or node) and agent


class PairCommit(Message, frozen=True, tag="pair_commit"):
    """Begins a pairing; see pairing.py."""

    commitment: Nonce
    browser: Annotated[str, Meta(max_length=64)]


class PairNonce(Message, frozen=True, tag="pair_nonce"):
    """The agent's nonce."""

    nonce: Nonce


class PairReveal(Message, frozen=True, tag="pair_reveal"):
    """The extension's nonce, which fits the commitment."""

    nonce: Nonce


class PairConfirm(Message, frozen=True, tag="pair_confirm"):
    """The user said in the browser that the codes are the same."""


class Paired(Message, frozen=True, tag="paired"):
    """The owner said so in the desktop as well; this key is known from now on."""

    desktop: Annotated[str, Meta(max_length=64)]


class Status(Message, frozen=True, tag="status"):
    """Asks for a `State`."""

    id: Id


class Connect(Message, frozen=True, tag="connect"):
    """A site asks for accounts. `silent`: only if it has them already."""

    id: Id
    origin: Origin
    family: Family
    silent: bool = False


class Disconnect(Message, frozen=True, tag="disconnect"):
    """A site gives its accounts back, or the user takes them in the popup."""

    id: Id
    origin: Origin
    family: Family | None = None


class SwitchChain(Message, frozen=True, tag="switch_chain"):
    """A site asks for another chain, for itself."""

    id: Id
    origin: Origin
    chain: Chain


class Propose(Message, frozen=True, tag="propose"):
    """A site proposes a chain (EIP-3085) or a token (EIP-747) for the user's lists."""

    id: Id
    origin: Origin
    kind: Literal["add_chain", "watch_asset"]
    payload: dict[str, Any]


class Sign(Message, frozen=True, tag="sign"):
    """A signature is asked for. `payload`: base64 for bytes; an object for transactions and typed data."""

    id: Id
    origin: Origin
    account: AccountId
    chain: Chain
    kind: Kind
    payload: str | dict[str, Any]


class Cancel(Message, frozen=True, tag="cancel"):
    """The page that asked is gone; the request need not be shown any longer."""

    id: Id


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One account a site may see."""

    id: AccountId
    label: Annotated[str, Meta(max_length=64)]


class Grant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one site has been given. `chain` is the one it looks at."""

    origin: Origin
    accounts: list[AccountId]
    chain: Chain


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request that waits for the owner, as the popup shows it. It cannot be approved there."""

    id: Id
    origin: Origin
    sentence: Text
    danger: Annotated[int, Meta(ge=0, le=5)]
    expires_unix_ms: Number


class State(Message, frozen=True, tag="state"):
    """How things stand; the answer to `status` (with its id), and pushed at every change (without).

    Locked, the lists of accounts and grants are empty.
    """

    locked: bool
    mode: Literal["practice", "live"]
    accounts: list[Account]
    grants: list[Grant]
    waiting: list[Waiting]
    id: Id | None = None


class Connected(Message, frozen=True, tag="connected"):
    """The accounts a site has, the preferred one first; empty for a silent `connect` without a grant."""

    id: Id
    accounts: list[AccountId]
    chain: Chain


class Done(Message, frozen=True, tag="done"):
    """It is done, and there is nothing to hand over."""

    id: Id


class Signed(Message, frozen=True, tag="signed"):
    """The signature, or the signed transaction: base64, or 0x-hex where the chain's RPC has hex."""

    id: Id
    result: str


class Refused(Message, frozen=True, tag="refused"):
    """No, and why. Without `id`: about the session itself."""

    code: Code
    reason: Text
    id: Id | None = None


ToBridge: TypeAlias = Hello | Open | Bytes | Close | Ask | Start
FromBridge: TypeAlias = Welcome | Opened | Bytes | Closed | Answer | Started | Failed
ToAgent: TypeAlias = (
    PairCommit | PairReveal | PairConfirm | Status | Connect | Disconnect | SwitchChain | Propose | Sign | Cancel
)
FromAgent: TypeAlias = PairNonce | Paired | State | Connected | Done | Signed | Refused

encode = msgspec.json.Encoder().encode
to_agent = msgspec.json.Decoder(ToAgent).decode
from_agent = msgspec.json.Decoder(FromAgent).decode
from_bridge = msgspec.json.Decoder(FromBridge).decode
greeting = msgspec.json.Decoder(Greeting).decode
