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

    async def plan(self, chain: str, asked: w.OrderAsked) -> w.PlanView:
        """What an order would come to. Raises `NotPossible`."""
        ...

    async def order(self, chain: str, asked: w.OrderAsked) -> w.SendsView:
        """Has it made, signed by the agent and followed; on disk when this returns. Raises `NotPossible`."""
        ...

    async def cancel(self, send: str) -> w.SendView:
        """Takes one back. Raises `NoSuchThing` (send), `NotPossible`."""
        ...

    async def speed_up(self, send: str) -> w.SendView:
        """Offers more for one. Raises `NoSuchThing` (send), `NotPossible`."""
        ...

    async def send(self, send: str) -> w.SendView:
        """One of them. Raises `NoSuchThing` (send)."""
        ...

    async def sends(self, limit: int) -> w.SendsView:
        """Payments that were ordered and transactions given to `broadcast`, newest first."""
        ...

    async def history(self, chain: str, account: str, cursor: str | None, limit: int) -> w.HistoryView:
        """Transactions of an account."""
        ...

    async def allowances(self, chain: str, account: str) -> w.AllowancesView:
        """What others may take from an account: spenders and operators (EVM), delegates (Solana)."""
        ...

    async def nonces(self, chain: str, account: str) -> w.NoncesView:
        """Durable nonce accounts. Raises `NotPossible` off Solana."""
        ...

    async def transaction(self, chain: str, tx: str) -> w.TxView:
        """A transaction with its bytes. Raises `NoSuchThing` (transaction)."""
        ...

    async def tables(self, chain: str, tables: Sequence[str]) -> w.TablesView:
        """Lookup tables, read. Raises `NotPossible` off Solana."""
        ...

    async def test_endpoint(self, asked: w.EndpointAsked) -> w.EndpointView:
        """Asks an endpoint for its chain and its head; nothing is kept."""
        ...

    async def rpc(self, chain: str, asked: w.RpcAsked) -> w.RpcView:
        """A read of the chain, or the broadcast of signed bytes. Raises `BadRequest` for a method not on the list."""
        ...

    async def fund(self, chain: str, account: str) -> w.BalancesView:
        """Fills an account on a practice chain; what it holds then. Raises `NotPossible` on a real one."""
        ...
