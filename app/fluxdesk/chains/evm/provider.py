"""web3's asynchronous client over our own port: fail-over, limits and words stay ours, web3 gives methods and shapes.

Contract calls never follow off-chain lookups (EIP-3668): they would send the node to an address that a contract names.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from fluxdesk.chains.evm.libraries import load
from fluxdesk.chains.evm.refusals import classified
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused
from fluxdesk.chains.rpc.port import ChainRpc

if TYPE_CHECKING:
    from web3 import AsyncWeb3
    from web3.types import RPCEndpoint, RPCResponse


def web3_over(rpc: ChainRpc) -> "AsyncWeb3[Any]":
    """A client without middleware but the one for proof-of-authority headers (BNB, Polygon), and without ENS."""
    load()
    from web3 import AsyncWeb3
    from web3.middleware import ExtraDataToPOAMiddleware
    from web3.providers.async_base import AsyncBaseProvider

    class Provider(AsyncBaseProvider):
        """Hands every request to the port."""

        global_ccip_read_enabled = False

        async def make_request(self, method: "RPCEndpoint", params: Any) -> "RPCResponse":
            try:
                result = await rpc.call(method, [_plain(param) for param in params])
            except Refused as refused:
                raise classified(refused) from None
            try:
                return {"jsonrpc": "2.0", "id": 0, "result": msgspec.json.decode(result)}
            except (msgspec.MsgspecError, RecursionError):
                raise NotUnderstood(str(method)) from None

        async def is_connected(self, show_traceback: bool = False) -> bool:
            return True

    return AsyncWeb3(Provider(), middleware=[ExtraDataToPOAMiddleware], ens=None)


def _plain(value: Any) -> Any:
    """A parameter in what JSON has: web3 leaves mappings of its own kind and bytes in it."""
    if isinstance(value, (bytes, bytearray)):
        return "0x" + bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    return value
