"""What accounts hold, and what others may take of it."""

from typing import Literal

import msgspec

from fluxdesk.core.wallet_views.words import AllowanceKind, Standard


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


class ApprovalView(msgspec.Struct, kw_only=True):
    """Who may take how much of an owner's token after the transaction. `amount_base` None: all of a collection."""

    owner: str
    asset: str
    spender: str
    amount_base: str | None
    unlimited: bool


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
