"""What the send queue needs from a chain family and from whoever signs, and the values that pass between them.

Amounts are integers in base units of `asset`. Nothing here knows a key.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, NewType, Protocol

import msgspec

from fluxdesk.core.chains import Chain, ChainId

NATIVE = "native"
"""`asset` of the chain's own coin; every other asset is the address of its contract or mint."""

CALL = "call"
"""`asset` of what is no plain payment."""

PaymentId = NewType("PaymentId", str)
"""Chosen by whoever asks, and unique for good: the same id is never paid twice."""


class Payment(msgspec.Struct, frozen=True):
    """One amount to one recipient. `priority`: 0 before 1 before 2.

    Attributes:
        call: What is done in place of a plain payment, where `asset` is `CALL`: calldata on EVM, one of
            `chains.solana.chores.CHORES` on Solana.
        durable: By a durable nonce (Solana).
        adopted: It came signed: it is followed, and never made anew.
    """

    id: PaymentId
    chain: ChainId
    account: str
    asset: str
    recipient: str
    amount: int
    priority: int = 1
    call: bytes = b""
    durable: bool = False
    adopted: bool = False


class Draft(msgspec.Struct, frozen=True):
    """An unsigned transaction.

    Attributes:
        payload: What the signer gets: message bytes on Solana, JSON fields with JSON-RPC names on EVM.
        took: The payments in it, the first ones of those that were offered.
        nonce: EVM; on Solana the number of the durable nonce account, where there is one.
        expires: Solana: the last block height in which it can land.
        cost_most: Fees and rent at most, in the chain's base units.
        cost_data: What of it a rollup takes for its data on the chain below.
    """

    payload: bytes
    took: tuple[PaymentId, ...]
    nonce: int | None = None
    expires: int | None = None
    cost_most: int = 0
    cost_data: int = 0


class SignRequest(msgspec.Struct, frozen=True):
    """What the agent is asked. `id` stays the same when the same bytes are asked for again."""

    id: str
    account: str
    chain: ChainId
    kind: Literal["evm_tx", "solana_tx"]
    payload: bytes


class SignRefused(Exception):
    """The signer said no; the text says why, for the user."""


class SignerAway(Exception):
    """The signer is locked or not there; it is to be asked again later. The text says which, for the user."""


class Signer(Protocol):
    """Whoever holds the key."""

    async def sign(self, request: SignRequest) -> bytes:
        """The signed transaction as it is broadcast (EVM), or the 64 bytes of the signature (Solana).

        May take as long as a person takes. Raises `SignRefused`, `SignerAway`.
        """
        ...


class SignedOtherwise(Exception):
    """What came back is not the signature of what was asked for; it was not broadcast."""


class Attempt(msgspec.Struct, frozen=True):
    """One signed transaction of a send. `raw` and `tx` are what is broadcast and its name on the chain."""

    id: int
    payload: bytes
    raw: bytes
    tx: str
    expires: int | None
    cancels: bool = False


class Fate(StrEnum):
    """What is known of a send's attempts."""

    WAITING = "waiting"
    INCLUDED = "included"
    """On the chain, and may still be taken back by it."""
    FINAL = "final"
    FAILED = "failed"
    """On the chain for good, and it did nothing but pay its fee."""
    DEAD = "dead"
    """None of them can land any more, for certain: another signature for the same payments is safe."""
    SUPERSEDED = "superseded"
    """The nonce went to a transaction that is none of them."""


class Sighting(msgspec.Struct, frozen=True):
    """What a look at the chain gave. `attempt` landed, where one did; `fee` is what the chain took."""

    fate: Fate
    attempt: int | None = None
    block: int | None = None
    fee: int | None = None


class Unpayable(Exception):
    """A payment can never be made as it is asked for; the text says why, for the user."""


class NotNow(Exception):
    """A payment cannot be made at present (funds, fee above the limit); the text says why, for the user."""


class Rail(Protocol):
    """One chain, as the queue needs it. All methods may raise `ChainError` when the chain cannot be reached."""

    @property
    def chain(self) -> Chain:
        """Which."""
        ...

    @property
    def kind(self) -> Literal["evm_tx", "solana_tx"]:
        """What the signer is asked for."""
        ...

    async def prepare(self, payments: Sequence[Payment], taken: frozenset[int]) -> Draft:
        """One transaction with as many of the payments, in their order, as fit; all are of one account.

        `taken`: nonces of this account that live sends hold. Raises `Unpayable` (about the first payment), `NotNow`.
        """
        ...

    async def fill(self, account: str, taken: frozenset[int]) -> Draft | None:
        """A transaction that pays nobody and takes the nonce for which those of live sends wait; None without a gap."""
        ...

    async def outbid(self, last: Attempt, cancel: bool, account: str) -> Draft:
        """A transaction that can land only in place of the attempt. Raises `NotNow`; `Unpayable` where none can."""
        ...

    def accept(self, payload: bytes, account: str, signed: bytes) -> tuple[bytes, str]:
        """(bytes to broadcast, name on the chain). Raises `SignedOtherwise` unless it is exactly the payload."""
        ...

    async def broadcast(self, raw: bytes) -> str:
        """Give it to every endpoint. Empty when one took it or may have, else why every one of them refused it."""
        ...

    async def look(self, account: str, sends: Sequence[Sequence[Attempt]]) -> list[Sighting]:
        """What became of each send's attempts; those of one send exclude each other on the chain."""
        ...

    async def expired(self, expires: int) -> bool:
        """Whether no transaction with this last block height can land any more."""
        ...
