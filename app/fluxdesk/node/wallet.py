"""The node's side of the wallet: chains, balances, fees, unsigned transactions, simulation, broadcast. Holds no key.

Until the first request that needs a chain nothing of web3, solana or SQLAlchemy is imported; a transaction that an
earlier run left on its way is such a need.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from fluxdesk.core import settings_file
from fluxdesk.core import wallet_views as w
from fluxdesk.core.chains import ChainId, Family
from fluxdesk.core.paths import Profile
from fluxdesk.gateway.desk import NoSuchThing
from fluxdesk.node.wallet_chains import Place, Places, places

if TYPE_CHECKING:
    from fluxdesk.node.wallet_line import Line
    from fluxdesk.node.wallet_sends import Sends

log = logging.getLogger(__name__)
SENDS_FILE = "sends.sqlite"
_EVM = ("fluxdesk.node.wallet_evm", "web3.middleware", "eth_account")
_SOLANA = ("fluxdesk.node.wallet_solana", "solana.rpc.async_api")


class NodeWallet:
    """See `gateway.wallet_desk.Wallet`. Lives on the event loop. `sends_changed` is called whenever one came on."""

    def __init__(self, profile: Profile, sends_changed: Callable[[], None]) -> None:
        self._profile, self._sends_changed = profile, sends_changed
        self._places: Places | None = None
        self._lines: dict[ChainId, Line] = {}
        self._sends: Sends | None = None
        self._loaded: set[Family] = set()
        self._opening = asyncio.Lock()

    async def resume(self) -> None:
        """Goes on with transactions that an earlier run left on their way."""
        if await asyncio.to_thread(_are_under_way, self._profile):
            await self._open_sends()

    async def close(self) -> None:
        """Stops following and lets every connection go; what is on its way is followed again by the next run."""
        if self._sends is not None:
            await self._sends.close()
        for line in self._lines.values():
            await line.close()

    def states(self) -> list[w.ChainStateView]:
        """The chains in use, as their best endpoint stands."""
        return [w.ChainStateView(id=line.chain.id, state=line.state()) for line in self._lines.values() if line.used]

    async def chains(self) -> w.ChainsView:
        """All chains of the profile, as far as they are known without asking anyone."""
        return w.ChainsView(items=[self._view(place) for place in self._found().by_id.values()])

    async def chain(self, chain: str) -> w.ChainView:
        """One chain, its endpoints asked now."""
        place = self._place(chain)
        if place.endpoints or place.practice:
            await (await self._line(chain)).check()
        return self._view(place)

    async def balances(self, chain: str, accounts: Sequence[str], tokens: Sequence[str]) -> w.BalancesView:
        """What accounts hold; a chain that is away makes them unknown, not an error."""
        line = await self._line(chain)
        line.check_addresses(accounts, tokens)
        asked = list(dict.fromkeys([*tokens, *self._watched(chain)]))
        items = [await line.balance(account, asked) for account in dict.fromkeys(accounts)]
        return w.BalancesView(chain=chain, symbol=line.chain.symbol, decimals=line.chain.decimals, items=items)

    async def fees(self, chain: str) -> w.FeesView:
        """What to offer for each speed."""
        return await (await self._line(chain)).fees()

    async def transfer(self, chain: str, asked: w.TransferAsked) -> w.TransferView:
        """The unsigned transaction and its cost. Raises `NotPossible`."""
        line = await self._line(chain)
        line.check_addresses([asked.account], [])
        sends = await self._open_sends()
        return await sends.transfer(line, asked)

    async def simulate(self, chain: str, asked: w.SimulationAsked) -> w.SimulationView:
        """What unsigned bytes would do."""
        line = await self._line(chain)
        line.check_addresses([asked.account], [])
        return await line.simulate(asked)

    async def broadcast(self, chain: str, asked: w.BroadcastAsked) -> w.SendView:
        """Gives signed bytes to the chain and follows them to their end. Raises `NotPossible`."""
        line = await self._line(chain)
        line.check_addresses([asked.account], [])
        sends = await self._open_sends()
        return await sends.broadcast(line, asked)

    async def plan(self, chain: str, asked: w.OrderAsked) -> w.PlanView:
        """What an order would come to."""
        line = await self._line(chain)
        return await (await self._open_sends()).plan(line, asked)

    async def order(self, chain: str, asked: w.OrderAsked) -> w.SendsView:
        """Has it made, signed by the agent and followed."""
        line = await self._line(chain)
        return await (await self._open_sends()).order(line, asked)

    async def cancel(self, send: str) -> w.SendView:
        """Takes one back."""
        return await (await self._known_sends(send)).cancel(send)

    async def speed_up(self, send: str) -> w.SendView:
        """Offers more for one."""
        return await (await self._known_sends(send)).speed_up(send)

    async def send(self, send: str) -> w.SendView:
        """One of them."""
        return await (await self._known_sends(send)).one(send)

    async def sends(self, limit: int) -> w.SendsView:
        """Payments that were ordered and transactions given to `broadcast`, newest first."""
        if self._sends is None and not (self._profile.folder / SENDS_FILE).exists():
            return w.SendsView(items=[])
        return w.SendsView(items=await (await self._open_sends()).recent(limit))

    async def history(self, chain: str, account: str, cursor: str | None, limit: int) -> w.HistoryView:
        """Transactions of an account."""
        line = await self._line(chain)
        line.check_addresses([account], [])
        return await line.history(account, cursor, limit)

    async def allowances(self, chain: str, account: str) -> w.AllowancesView:
        """What others may take from an account: spenders and operators (EVM), delegates (Solana)."""
        line = await self._line(chain)
        line.check_addresses([account], [])
        return await line.allowances(account)

    async def nonces(self, chain: str, account: str) -> w.NoncesView:
        """Durable nonce accounts. Raises `NotPossible` off Solana."""
        line = await self._line(chain)
        line.check_addresses([account], [])
        return await line.nonces(account, await (await self._open_sends()).nonces_in_use(line, account))

    async def transaction(self, chain: str, tx: str) -> w.TxView:
        """A transaction with its bytes."""
        return await (await self._line(chain)).transaction(tx)

    async def tables(self, chain: str, tables: Sequence[str]) -> w.TablesView:
        """Lookup tables, read. Raises `NotPossible` off Solana."""
        line = await self._line(chain)
        line.check_addresses(tables, [])
        return await line.tables(tables)

    async def test_endpoint(self, asked: w.EndpointAsked) -> w.EndpointView:
        """Asks an endpoint for its chain and its head; nothing is kept. Raises `BadRequest`."""
        from fluxdesk.node.wallet_trial import try_out

        return await try_out(self._found(), asked)

    async def rpc(self, chain: str, asked: w.RpcAsked) -> w.RpcView:
        """A read of the chain, or the broadcast of signed bytes. Raises `BadRequest` for a method not on the list."""
        from fluxdesk.node.wallet_rpc import answer

        return await answer(await self._line(chain), asked, self._open_sends)

    async def fund(self, chain: str, account: str) -> w.BalancesView:
        """Fills an account on a practice chain; what it holds then. Raises `NotPossible` on a real one."""
        line = await self._line(chain)
        line.check_addresses([account], [])
        await line.fund(account)
        return await self.balances(chain, [account], [])

    def _found(self) -> Places:
        if self._places is None:
            self._places = places(self._profile.mode, settings_file.inspect(self._profile.settings).settings)
            for remark in self._places.remarks:
                log.warning("%s", remark)
        return self._places

    def _watched(self, chain: str) -> list[str]:
        """The tokens of a chain that the user watches, as the settings say now."""
        lines = settings_file.inspect(self._profile.settings).settings.lines("tokens_watched")
        return [token for name, _, token in (line.partition(" ") for line in lines) if name == chain]

    def _place(self, chain: str) -> Place:
        place = self._found().by_id.get(ChainId(chain))
        if place is None:
            raise NoSuchThing(f"This profile has no chain {chain}. Chains are added under Settings, Wallet.")
        return place

    async def _line(self, chain: str) -> "Line":
        """The chain, its family's libraries loaded. Raises `NoSuchThing`."""
        place = self._place(chain)
        if not place.endpoints and not place.practice:
            raise NoSuchThing(f"No endpoint of {place.chain.name} is set. Settings, Wallet takes one.")
        if place.chain.family not in self._loaded:
            await asyncio.to_thread(_load, place.chain.family)
            self._loaded.add(place.chain.family)
        return self._opened(place)

    def _opened(self, place: Place) -> "Line":
        line = self._lines.get(place.chain.id)
        if line is None:
            from fluxdesk.node.wallet_line import open_line

            settings = settings_file.inspect(self._profile.settings).settings
            line = open_line(place, settings, self._profile)
            self._lines[place.chain.id] = line
        return line

    async def _open_sends(self) -> "Sends":
        """Raises `ChainAway` when the file of sends cannot be used."""
        async with self._opening:
            if self._sends is None:
                await asyncio.to_thread(_load_sends)
                from fluxdesk.node.wallet_sends import open_sends
                from fluxdesk.node.wallet_signer import AgentSigner, agent_socket

                lines = [self._opened(p) for p in self._found().by_id.values() if p.endpoints or p.practice]
                signer = AgentSigner(agent_socket(), self._profile.mode)
                self._sends = await open_sends(self._profile.folder / SENDS_FILE, lines, signer, self._sends_changed)
            return self._sends

    async def _known_sends(self, send: str) -> "Sends":
        """Raises `NoSuchThing` where nothing was ever sent."""
        if self._sends is None and not (self._profile.folder / SENDS_FILE).exists():
            raise NoSuchThing(f"This profile has no payment {send}.")
        return await self._open_sends()

    def _view(self, place: Place) -> w.ChainView:
        chain, line = place.chain, self._lines.get(place.chain.id)
        endpoints = (
            [w.EndpointView(shown=e.shown, state="unasked", latency_ms=None, head=None) for e in place.endpoints]
            if line is None
            else line.endpoints()
        )
        return w.ChainView(
            id=chain.id, family=chain.family.value, name=chain.name, symbol=chain.symbol, decimals=chain.decimals,
            test=chain.test, added=chain.added and not place.practice, practice=place.practice,
            note=" ".join(filter(None, (chain.note, "" if line is None else line.note))), endpoints=endpoints,
        )  # fmt: skip


def _load(family: Family) -> None:
    """Imports what a family needs: seconds on a slow machine, so on a thread of its own."""
    if family is Family.EVM:
        from fluxdesk.chains.evm.libraries import load

        load()
    for name in _EVM if family is Family.EVM else _SOLANA:
        import_module(name)


def _load_sends() -> None:
    """SQLAlchemy and both families' rails, without their libraries."""
    for name in ("fluxdesk.node.wallet_sends", _EVM[0], _SOLANA[0]):
        import_module(name)


def _are_under_way(profile: Profile) -> bool:
    """Whether the file of sends holds payments not at their end; one that cannot be read is opened to say so."""
    path = profile.folder / SENDS_FILE
    if not path.exists():
        return False
    try:
        connection = sqlite3.connect(path, timeout=5.0)
        try:
            found = connection.execute("SELECT 1 FROM payments WHERE state IN ('queued', 'sending') LIMIT 1")
            return found.fetchone() is not None
        finally:
            connection.close()
    except sqlite3.Error:
        return True
