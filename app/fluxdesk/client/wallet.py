"""Typed calls of the node's wallet side. The agent signs; only unsigned and signed bytes pass here."""

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

    async def sends(self, *, limit: int = 50) -> w.SendsView:
        """Transactions that were broadcast, newest first."""
        return await self._get("/v1/sends", w.SendsView, {"limit": limit})

    async def history(self, chain: str, account: str, *, cursor: str | None = None, limit: int = 20) -> w.HistoryView:
        """Transactions of an account, newest first."""
        query = {"cursor": cursor, "limit": limit}
        return await self._get(_path(chain, "accounts", account, "history"), w.HistoryView, query, CHAIN_TIMEOUT_S)

    async def allowances(self, chain: str, account: str) -> w.AllowancesView:
        """What others may take from an EVM account."""
        path = _path(chain, "accounts", account, "allowances")
        return await self._get(path, w.AllowancesView, timeout_s=CHAIN_TIMEOUT_S)

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
