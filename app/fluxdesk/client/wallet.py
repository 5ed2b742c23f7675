"""Typed calls of the node's wallet side. The agent signs; only unsigned and signed bytes pass here.

Paying takes two calls: `plan` says what an order would come to, `order` has the node make it. The node asks the agent
as `node:wallet`, so the approval window of the owner opens, or an allowance lets it through; it broadcasts what was
signed and follows it to its end. Nothing more is to be done by whoever ordered: topic `sends` and `sends()` say how it
stands.
"""

from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from fluxdesk.client.rest import NodeClient, T
from fluxdesk.core import wallet_views as w

CHAIN_TIMEOUT_S = 120.0
"""A chain is asked several questions, of several endpoints, each with eight seconds; the first one loads libraries."""


class WalletClient(NodeClient):
    """A node's chains and payments. Calls raise what those of `NodeClient` do; a chain that is away is a problem 503,
    what the chain does not allow a problem 409.
    """

    async def chains(self) -> w.ChainsView:
        """The chains of the profile; nobody is asked for it."""
        return await self._get("/v1/chains", w.ChainsView)

    async def chain(self, chain: str) -> w.ChainView:
        """One chain, its endpoints asked now."""
        return await self._get(_path(chain), w.ChainView, timeout_s=CHAIN_TIMEOUT_S)

    async def balances(self, chain: str, accounts: Sequence[str], tokens: Sequence[str] = ()) -> w.BalancesView:
        """What accounts hold."""
        query = {"account": list(accounts), "token": list(tokens)}
        return await self._get(_path(chain, "balances"), w.BalancesView, query, CHAIN_TIMEOUT_S)

    async def fees(self, chain: str) -> w.FeesView:
        """What to offer for each speed."""
        return await self._get(_path(chain, "fees"), w.FeesView, timeout_s=CHAIN_TIMEOUT_S)

    async def transfer(self, chain: str, asked: w.TransferAsked) -> w.TransferView:
        """An unsigned transaction and its cost."""
        return await self._post(_path(chain, "transfers"), w.TransferView, asked)

    async def simulate(self, chain: str, account: str, payload_b64: str) -> w.SimulationView:
        """What unsigned bytes would do."""
        asked = w.SimulationAsked(account=account, payload_b64=payload_b64)
        return await self._post(_path(chain, "simulations"), w.SimulationView, asked)

    async def broadcast(self, chain: str, asked: w.BroadcastAsked) -> w.SendView:
        """Gives signed bytes to the chain; topic `sends` says how they come on."""
        return await self._post(_path(chain, "broadcasts"), w.SendView, asked)

    async def plan(self, chain: str, asked: w.OrderAsked) -> w.PlanView:
        """What an order would come to now: its transactions, and their whole cost. Nothing is kept."""
        return await self._post(_path(chain, "plans"), w.PlanView, asked)

    async def order(self, chain: str, asked: w.OrderAsked) -> w.SendsView:
        """Has the node make it; on disk when this returns. The same ids with the same values are the same order, so
        that asking again after a timeout pays nothing twice.
        """
        return await self._post(_path(chain, "orders"), w.SendsView, asked)

    async def cancel(self, send: str) -> w.SendView:
        """Takes one back: at once while nothing is signed, else by a transaction in its place, which needs a signature
        as well. Its end says which of the two landed.
        """
        return await self._post(_send(send, "cancel"), w.SendView, w.NothingAsked())

    async def speed_up(self, send: str) -> w.SendView:
        """Offers more for one that waits (EVM); the agent is asked for the signature."""
        return await self._post(_send(send, "speed-up"), w.SendView, w.NothingAsked())

    async def send(self, send: str) -> w.SendView:
        """One of them."""
        return await self._get(_send(send), w.SendView, timeout_s=CHAIN_TIMEOUT_S)

    async def sends(self, *, limit: int = 50) -> w.SendsView:
        """Payments that were ordered and transactions that were broadcast, newest first."""
        return await self._get("/v1/sends", w.SendsView, {"limit": limit}, CHAIN_TIMEOUT_S)

    async def history(self, chain: str, account: str, *, cursor: str | None = None, limit: int = 20) -> w.HistoryView:
        """Transactions of an account, newest first."""
        query = {"cursor": cursor, "limit": limit}
        return await self._get(_path(chain, "accounts", account, "history"), w.HistoryView, query, CHAIN_TIMEOUT_S)

    async def allowances(self, chain: str, account: str) -> w.AllowancesView:
        """What others may take from an account: spenders and operators (EVM), delegates (Solana)."""
        path = _path(chain, "accounts", account, "allowances")
        return await self._get(path, w.AllowancesView, timeout_s=CHAIN_TIMEOUT_S)

    async def revoke(self, chain: str, account: str, asked: w.Revoke, *, priority: w.Priority = 1) -> w.TransferView:
        """The transaction that would take an allowance back, and its cost; `order` with the same item has it made."""
        order = w.OrderAsked(account=account, items=[asked], priority=priority)
        return (await self.plan(chain, order)).items[0]

    async def nonces(self, chain: str, account: str) -> w.NoncesView:
        """Durable nonce accounts that a Solana account made."""
        return await self._get(_path(chain, "accounts", account, "nonces"), w.NoncesView, timeout_s=CHAIN_TIMEOUT_S)

    async def chain_transaction(self, chain: str, tx: str) -> w.TxView:
        """A transaction with its bytes, as far as an endpoint has them."""
        return await self._get(_path(chain, "transactions", tx), w.TxView, timeout_s=CHAIN_TIMEOUT_S)

    async def tables(self, chain: str, tables: Sequence[str]) -> w.TablesView:
        """The addresses in lookup tables, so that a message that names them can be read."""
        query = {"table": list(tables)}
        return await self._get(_path(chain, "tables"), w.TablesView, query, CHAIN_TIMEOUT_S)

    async def test_endpoint(self, chain: str, url: str, *, number: int | None = None) -> w.EndpointView:
        """Asks an endpoint for its chain and its head; nothing is kept. `number`: of an EVM chain not known yet."""
        asked = w.EndpointAsked(chain=chain, url=url, number=None if number is None else str(number))
        return await self._post("/v1/endpoints", w.EndpointView, asked)

    async def rpc(self, chain: str, method: str, params: Sequence[object] = ()) -> w.RpcView:
        """A read of the chain, by the list of docs/protocol.md."""
        asked = w.RpcAsked(method=method, params=[msgspec.Raw(msgspec.json.encode(p)) for p in params])
        return await self._post(_path(chain, "rpc"), w.RpcView, asked)

    async def fund(self, chain: str, account: str) -> w.BalancesView:
        """Fills an account on a practice chain."""
        return await self._post(_path(chain, "funds"), w.BalancesView, w.FundsAsked(account=account))

    async def _post(self, path: str, kind: type[T], body: msgspec.Struct) -> T:
        return await self._call("POST", path, kind, body=msgspec.json.encode(body), timeout_s=CHAIN_TIMEOUT_S)


def _path(chain: str, *more: str) -> str:
    return "/".join(["/v1/chains", quote(chain, safe=""), *(quote(part, safe="") for part in more)])


def _send(send: str, *more: str) -> str:
    return "/".join(["/v1/sends", quote(send, safe=""), *more])
