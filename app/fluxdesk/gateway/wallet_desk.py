"""What the gateway asks of the node's wallet side. The node implements it; it holds no key and signs nothing."""

from collections.abc import Sequence
from typing import Protocol

from fluxdesk.core import wallet_views as w


class ChainAway(Exception):
    """No endpoint gave a usable answer; the message says which and why, without their keys."""


class NotPossible(Exception):
    """Understood, and cannot be done as things stand on the chain; the message says why."""


class Wallet(Protocol):
    """Chains and payments. Every coroutine may raise `NoSuchThing` (chain), `BadRequest`, `ChainAway`."""

    async def chains(self) -> w.ChainsView:
        """All chains of the profile, as far as they are known without asking anyone."""
        ...

    async def chain(self, chain: str) -> w.ChainView:
        """One chain, its endpoints asked now."""
        ...

    async def balances(self, chain: str, accounts: Sequence[str], tokens: Sequence[str]) -> w.BalancesView:
        """What accounts hold; a chain that is away makes them unknown, not an error."""
        ...

    async def fees(self, chain: str) -> w.FeesView:
        """What to offer for each speed."""
        ...

    async def transfer(self, chain: str, asked: w.TransferAsked) -> w.TransferView:
        """The unsigned transaction and its cost. Raises `NotPossible`."""
        ...

    async def simulate(self, chain: str, asked: w.SimulationAsked) -> w.SimulationView:
        """What unsigned bytes would do."""
        ...

    async def broadcast(self, chain: str, asked: w.BroadcastAsked) -> w.SendView:
        """Gives signed bytes to the chain and follows them to their end. Raises `NotPossible`."""
        ...

    async def sends(self, limit: int) -> w.SendsView:
        """Transactions given to `broadcast`, newest first."""
        ...

    async def history(self, chain: str, account: str, cursor: str | None, limit: int) -> w.HistoryView:
        """Transactions of an account."""
        ...

    async def allowances(self, chain: str, account: str) -> w.AllowancesView:
        """What others may take from an account. Raises `NotPossible` off EVM."""
        ...

    async def rpc(self, chain: str, asked: w.RpcAsked) -> w.RpcView:
        """A read of the chain, or the broadcast of signed bytes. Raises `BadRequest` for a method not on the list."""
        ...

    async def fund(self, chain: str, account: str) -> w.BalancesView:
        """Fills an account on a practice chain; what it holds then. Raises `NotPossible` on a real one."""
        ...
