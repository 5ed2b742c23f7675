"""The chain that `fluxdesk contracts` works on: the node's, named by `practice`, its id, or the URL of an endpoint.

With a URL, what stands is read at that URL; what is sent goes through the node either way.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from fluxdesk.chains.evm.contracts.deployer import made_by
from fluxdesk.chains.rpc.errors import Refused
from fluxdesk.chains.rpc.http import EndpointFault, RpcConnection
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core import wallet_views as w
from fluxdesk.core.endpoint import BadEndpoint, Endpoint
from fluxdesk.core.paths import Profile

TIMEOUT_S = 30.0
_EVERY_S = 0.3
_CHILDREN = 8
"""Contracts that a constructor may make; they stand already and would be in its own way."""


class ChainUnusable(Exception):
    """The chain is not one of the node's, or cannot be asked; the message is for the user."""


class Rpc(Protocol):
    """Reads. A refusal of the chain raises `Refused`."""

    async def ask(self, method: str, params: list[object]) -> Any:
        """The `result`. Raises `Refused`, `ChainUnusable`."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A chain of the node, and where it is read."""

    id: str
    name: str
    client: WalletClient
    reads: Rpc


class OfNode:
    """Reads through the node."""

    def __init__(self, client: WalletClient, chain: str) -> None:
        self._client, self._chain = client, chain

    async def ask(self, method: str, params: list[object]) -> Any:
        """See `Rpc`."""
        view = await self._client.rpc(self._chain, method, params)
        if view.error is not None:
            raise Refused(view.error.code, view.error.message)
        return msgspec.json.decode(view.result)


class OfUrl:
    """Reads at one endpoint."""

    def __init__(self, connection: RpcConnection) -> None:
        self._connection = connection

    async def ask(self, method: str, params: list[object]) -> Any:
        """See `Rpc`."""
        try:
            return msgspec.json.decode(await self._connection.call(method, params, TIMEOUT_S))
        except EndpointFault as error:
            why = str(error)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            why = "the answer is not JSON"
        raise ChainUnusable(f"The endpoint {self._connection.endpoint.shown} was asked in vain: {why}.") from None


class Through:
    """See `deploying.Chain`."""

    def __init__(self, place: Place) -> None:
        self._reads = place.reads

    async def code(self, address: str) -> bytes:
        """Code of an account at the head."""
        try:
            return await _bytes(self._reads, "eth_getCode", [address, "latest"])
        except Refused as refusal:
            raise ChainUnusable(f"The endpoint does not say what stands at {address} ({refusal})") from None

    async def run(self, code: bytes, at: str, sender: str) -> bytes | None:
        """By `eth_call` with the code in place of what stands there, no storage, and none of what it makes itself."""
        over: dict[str, dict[str, object]] = {at: {"code": "0x" + code.hex(), "state": {}, "nonce": "0x1"}}
        over |= {made_by(at, nonce): {"code": "0x", "nonce": "0x0"} for nonce in range(1, _CHILDREN + 1)}
        try:
            return await _bytes(self._reads, "eth_call", [{"from": sender, "to": at}, "latest", over])
        except Refused:
            return None

    async def tried(self, code: bytes) -> bytes | None:
        """By `eth_call` without a receiver."""
        try:
            return await _bytes(self._reads, "eth_call", [{"data": "0x" + code.hex()}, "latest"])
        except Refused:
            return None


async def _bytes(reads: Rpc, method: str, params: list[object]) -> bytes:
    found = await reads.ask(method, params)
    try:
        return bytes.fromhex(found.removeprefix("0x"))
    except (AttributeError, ValueError):
        raise ChainUnusable(f"The answer to {method} was not understood.") from None


@asynccontextmanager
async def find(profile: Profile, named: str) -> AsyncIterator[Place]:
    """The chain, for the length of a block. Raises `ChainUnusable`, and what a `NodeClient` raises."""
    async with AsyncExitStack() as stack:
        client = WalletClient(profile.socket)
        stack.push_async_callback(client.close)
        chains = (await client.chains()).items
        url: OfUrl | None = None
        if "://" in named:
            connection = RpcConnection(_endpoint(named), 100.0)
            stack.push_async_callback(connection.close)
            url = OfUrl(connection)
            wanted = f"eip155:{await _number(url)}"
        else:
            wanted = _practice(chains) if named == "practice" else named
        chain = next((c for c in chains if c.id == wanted and c.family == "evm"), None)
        if chain is None:
            known = ", ".join(c.id for c in chains if c.family == "evm") or "none"
            raise ChainUnusable(f"{wanted!r:.60} is no EVM chain of the {profile.mode} profile. It has: {known}.")
        if not chain.endpoints:
            raise ChainUnusable(
                f"The {profile.mode} profile has no endpoint of {chain.name}. Add it under Settings, Wallet endpoints "
                f"(`fluxdesk settings set chain_rpc '{chain.id} URL'`), and start the node again."
            )
        node = OfNode(client, chain.id)
        if url is not None:
            await _same(node, url, chain)
        yield Place(chain.id, chain.name, client, url or node)


def _endpoint(text: str) -> Endpoint:
    try:
        return Endpoint.parse(text, ("http", "https"))
    except BadEndpoint as error:
        raise ChainUnusable(f"--chain: {error}") from None


def _practice(chains: list[w.ChainView]) -> str:
    found = next((c.id for c in chains if c.family == "evm" and c.practice), None)
    if found is None:
        raise ChainUnusable("Only the practice profile has a practice chain.")
    return found


async def _number(url: OfUrl) -> int:
    try:
        number = int(await url.ask("eth_chainId", []), 16)
    except (Refused, TypeError, ValueError):
        number = 0
    if not 0 < number < 2**64:
        raise ChainUnusable("The endpoint does not say which chain it serves.")
    return number


async def _same(node: OfNode, url: OfUrl, chain: w.ChainView) -> None:
    """Two chains may share a number; the hash of their first block tells them apart."""
    try:
        first, other = await asyncio.gather(*(r.ask("eth_getBlockByNumber", ["0x0", False]) for r in (node, url)))
    except Refused as refusal:
        raise ChainUnusable(f"The first block of {chain.name} is not given ({refusal})") from None
    if not isinstance(first, dict) or not isinstance(other, dict) or first.get("hash") != other.get("hash"):
        raise ChainUnusable(f"This endpoint and the node's of {chain.name} are of two chains with one number.")


async def settled(place: Place, address: str, within_s: float = TIMEOUT_S) -> bool:
    """Whether code is seen where it is read: an endpoint may lag behind the one that was sent to."""
    through = Through(place)
    end = asyncio.get_running_loop().time() + within_s
    while not await through.code(address):
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(_EVERY_S)
    return True
