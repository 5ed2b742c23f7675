"""What a signature would do, in one form for policy and for display. Pure data: no I/O, no clock, no keys.

Amounts are integers in base units. Addresses are canonical: lower-case 0x-hex on EVM chains, base58 on Solana. Texts
that came from outside have been through `text.visible` before they stand here.
"""

from enum import IntEnum, StrEnum
from typing import Literal

import msgspec

Source = Literal[
    "evm_transaction", "evm_authorisation", "evm_typed", "evm_message", "solana_transaction", "solana_message"
]


class Danger(IntEnum):
    """The six levels; what each asks of the user is in docs/signing.md."""

    NOTHING = 0
    PLAIN = 1
    BOUNDED = 2
    CAREFUL = 3
    HIGH = 4
    ALL = 5


class EffectKind(StrEnum):
    """What an effect is. `*_in` is what the called program promises; nobody but it holds it to that."""

    NATIVE_OUT = "native_out"
    NATIVE_IN = "native_in"
    TOKEN_OUT = "token_out"
    TOKEN_IN = "token_in"
    NFT_OUT = "nft_out"
    NFT_IN = "nft_in"
    APPROVAL = "approval"
    NFT_APPROVAL = "nft_approval"
    PERMIT = "permit"
    REVOKE = "revoke"
    OWNERSHIP = "ownership"
    DEPLOY = "deploy"
    DELEGATE = "delegate"
    SIGN_IN = "sign_in"
    MESSAGE = "message"
    ORDER = "order"
    STAKE = "stake"
    ACCOUNT = "account"
    MINT = "mint"
    BURN = "burn"
    NONCE = "nonce"
    UNKNOWN = "unknown"


class Effect(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that would happen or be allowed.

    `asset`: `native`, `token:0x…` (ERC-20, or ERC-721 where the bytes do not tell), `erc721:0x…`, `erc1155:0x…`,
    `spl:MINT`, `spl-account:ACCOUNT` where the bytes name no mint; empty where there is none.
    """

    kind: EffectKind
    asset: str = ""
    amount: int | None = None
    """Base units; None where the bytes do not say."""
    bound: Literal["exact", "most", "least"] = "exact"
    """Whether `amount` is what moves, the most that can, or the least that must."""
    token_id: int | None = None
    source: str | None = None
    """Whose asset it is; None where the bytes do not say."""
    to: str | None = None
    owner: str | None = None
    """Whose wallet the token account `to` is, where the same transaction creates it."""
    spender: str | None = None
    unlimited: bool = False
    expires: int | None = None
    """Unix seconds; None where there is none or it lies beyond year 9999."""
    by: str | None = None
    """The contract that acts, where it is not the signing account itself."""
    through: bool = False
    """It happens inside a call whose native amount is stated already: not to be added to `native_out`."""
    place: str = ""
    """Which call states it: `0`, `0.2`; empty for the request itself."""


class Reason(msgspec.Struct, frozen=True):
    """Why the danger is not lower, in plain words. `code` is one of docs/signing.md's table."""

    code: str
    danger: int
    text: str
    place: str = ""


class Argument(msgspec.Struct, frozen=True):
    """One decoded value for display."""

    name: str
    type: str
    value: str


class Called(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One call of a contract or program, in the order they stand in the bytes; `0.1` is inside `0`."""

    place: str
    target: str | None
    """Address of the contract or program; None where a lookup table hides it."""
    name: str = ""
    """The signature or instruction as we know it; empty when unknown. A contract need not do what its name says."""
    known: str = ""
    """What our own list calls the address; empty when it is not listed."""
    selector: str = ""
    value: int = 0
    by: str | None = None
    arguments: tuple[Argument, ...] = ()


class Unknown(msgspec.Struct, frozen=True):
    """Bytes that could not be read, as they are."""

    place: str
    what: str
    raw: bytes


class Fact(msgspec.Struct, frozen=True):
    """A labelled value that the signed bytes state."""

    label: str
    value: str


class Fee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The most it can cost in the native coin beside what it moves."""

    most: int | None = None
    """Base units; None where the bytes do not bound it."""
    priority: int | None = None
    """The part of `most` that buys priority."""
    payer: str | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that can be said about what is to be signed."""

    source: Source
    sentence: str
    danger: int
    complete: bool
    """True when every byte was read and understood. A policy may approve nothing that is not complete."""
    reasons: tuple[Reason, ...]
    effects: tuple[Effect, ...]
    calls: tuple[Called, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    facts: tuple[Fact, ...] = ()
    fee: Fee | None = None
    chain: str | None = None
    """CAIP-2, such as `eip155:1`; None where the bytes name no chain."""
    account: str | None = None
    """Who signs, where the bytes say so."""
    signers: tuple[str, ...] = ()
    """Everyone whose signature is needed; the fee payer first on Solana."""
    text: str = ""
    """A message as it may be shown, line breaks kept."""
    origin: str = ""
