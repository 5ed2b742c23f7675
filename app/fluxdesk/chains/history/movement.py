"""One movement of value as the history keeps it, and how far an account has been read. Base units, integers."""

from typing import Protocol

import msgspec

from fluxdesk.core.chains import ChainId


class Movement(msgspec.Struct, frozen=True):
    """Value in or out of one account in one transaction.

    Attributes:
        index: Tells movements of one transaction apart; the same however often it is read.
        asset: `native`, or the address of the token.
        amount: Above zero in, below zero out.
        other: The other side, where there is exactly one.
        block: Height, or slot on Solana.
        kind: `transfer`; `fee` for what the account paid the chain, `failed` where that is all that came of it;
            `change` where a program moved it.
        final: The chain will not take it back.
        withdrawn: The chain took it back.
    """

    chain: ChainId
    account: str
    tx: str
    index: str
    kind: str
    asset: str
    amount: int
    other: str | None
    block: int
    block_hash: str
    time_s: int
    final: bool
    withdrawn: bool = False


class Progress(msgspec.Struct, frozen=True):
    """What one step of reading gave. `done`: the newest block has been reached."""

    read: int
    done: bool


class Indexer(Protocol):
    """Reads the history of accounts of one chain into the repository."""

    async def step(self, account: str) -> Progress:
        """Read the next piece. Raises `ChainError`; what was read before is kept."""
        ...
