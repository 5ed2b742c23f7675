"""Typed calls of the gateway's REST side over the node's socket."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import quote

import msgspec

from fluxdesk.client.errors import NodeProblem, NodeUnreachable
from fluxdesk.client.link import UntrustedFolder, check_folder, why
from fluxdesk.client.stream import NodeStream
from fluxdesk.core import views

if TYPE_CHECKING:
    import httpx

T = TypeVar("T", bound=msgspec.Struct)
Parameter = str | int | float | Sequence[str] | None
TIMEOUT_S = 10.0
METADATA_TIMEOUT_S = 30.0


class NodeClient:
    """One node, by its socket. Every call raises `NodeUnreachable` or `NodeProblem`; none blocks the event loop."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self._http: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._asked: set[asyncio.Task[httpx.Response]] = set()

    async def close(self) -> None:
        """Releases the connections; the client can be used again. What waits for an answer fails as unreachable."""
        http, self._http = self._http, None
        # Before the sockets: Qt's loop would go on watching one that is closed while somebody reads from it.
        for asked in self._asked:
            asked.cancel()
        if self._asked:
            await asyncio.wait(self._asked)
        if http is not None:
            await http.aclose()

    def stream(self) -> NodeStream:
        """A live stream of its own connection."""
        return NodeStream(self.socket)

    async def status(self) -> views.StatusView:
        """The node in one object."""
        return await self._get("/v1/status", views.StatusView)

    async def launches(self, **query: Parameter) -> views.LaunchPage:
        """One page of the Launches list; parameters as in the OpenAPI document (tab, sort, min_mcap, cursor, ...)."""
        return await self._get("/v1/launches", views.LaunchPage, query)

    async def token(self, mint: str) -> views.TokenView:
        """Everything the Token screen shows beside candles and trades."""
        return await self._get(f"/v1/tokens/{quote(mint, safe='')}", views.TokenView)

    async def trades(self, mint: str, *, cursor: str | None = None, limit: int = 100) -> views.TradePage:
        """Trades of a token, newest first."""
        query = {"cursor": cursor, "limit": limit}
        return await self._get(f"/v1/tokens/{quote(mint, safe='')}/trades", views.TradePage, query)

    async def candles(
        self, mint: str, interval: views.Interval = "1m", *, end_s: int | None = None, limit: int = 500
    ) -> views.CandlePage:
        """The last bars that start before `end_s`, oldest first."""
        query = {"interval": interval, "end_s": end_s, "limit": limit}
        return await self._get(f"/v1/tokens/{quote(mint, safe='')}/candles", views.CandlePage, query)

    async def holders(self, mint: str, *, limit: int = 50) -> views.HolderPage:
        """Largest balances first."""
        return await self._get(f"/v1/tokens/{quote(mint, safe='')}/holders", views.HolderPage, {"limit": limit})

    async def metadata(self, mint: str) -> views.MetadataView:
        """What the token's uri holds; the node may fetch it now."""
        path = f"/v1/tokens/{quote(mint, safe='')}/metadata"
        return await self._get(path, views.MetadataView, timeout_s=METADATA_TIMEOUT_S)

    async def search(self, words: str, *, limit: int = 20) -> views.SearchPage:
        """Tokens by name, symbol, description, creator or mint, best first."""
        return await self._get("/v1/search", views.SearchPage, {"q": words, "limit": limit})

    async def sources(self) -> views.SourcesView:
        """Health of every source."""
        return await self._get("/v1/sources", views.SourcesView)

    async def gaps(self) -> views.GapsView:
        """Slots that sources missed."""
        return await self._get("/v1/gaps", views.GapsView)

    async def transaction(self, signature: str) -> views.TransactionView:
        """Every journal record of a transaction."""
        return await self._get(f"/v1/transactions/{quote(signature, safe='')}", views.TransactionView)

    async def record(self, seq: int) -> views.RecordView:
        """One journal record."""
        return await self._get(f"/v1/journal/{seq}", views.RecordView)

    async def settings(self) -> views.SettingsView:
        """The settings table with this profile's values."""
        return await self._get("/v1/settings", views.SettingsView)

    async def change_settings(self, changes: Mapping[str, object]) -> views.SettingsView:
        """Changes settings; either all of them or none."""
        body = msgspec.json.encode(dict(changes))
        return await self._call("PATCH", "/v1/settings", views.SettingsView, body=body)

    async def shut_down(self) -> views.Accepted:
        """Stops the node in an orderly way."""
        return await self._call("POST", "/v1/node/shutdown", views.Accepted)

    async def _get(
        self, path: str, kind: type[T], query: Mapping[str, Parameter] | None = None, timeout_s: float = TIMEOUT_S
    ) -> T:
        return await self._call("GET", path, kind, query=query, timeout_s=timeout_s)

    async def _call(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        query: Mapping[str, Parameter] | None = None,
        body: bytes | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> T:
        try:
            check_folder(self.socket)
        except UntrustedFolder as error:
            raise NodeUnreachable(why(error, self.socket)) from error
        http = await self._open()
        import httpx

        parameters = {name: value for name, value in (query or {}).items() if value is not None}
        headers = {"content-type": "application/json"} if body is not None else None
        asked = asyncio.ensure_future(
            http.request(method, path, params=parameters, content=body, headers=headers, timeout=timeout_s)
        )
        self._asked.add(asked)
        asked.add_done_callback(self._asked.discard)
        try:
            reply = await asked
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if caller is not None and caller.cancelling():
                raise
            raise NodeUnreachable("The connection was closed before the node answered.") from None
        except httpx.TimeoutException as error:
            raise NodeUnreachable(why(TimeoutError(), self.socket)) from error
        except httpx.TransportError as error:
            raise NodeUnreachable(self._found()) from error
        try:
            if reply.status_code >= 400:
                raise NodeProblem(msgspec.json.decode(reply.content, type=views.Problem))
            return msgspec.json.decode(reply.content, type=kind)
        except msgspec.MsgspecError as error:
            detail = f"The node answered {reply.status_code} with something this program does not read ({error})."
            raise NodeProblem(
                views.Problem(title="Unreadable answer", detail=detail, status=reply.status_code)
            ) from error

    async def _open(self) -> "httpx.AsyncClient":
        async with self._opening:
            if self._http is None:
                self._http = await asyncio.to_thread(_make_http, self.socket)
            return self._http

    def _found(self) -> str:
        if not self.socket.exists():
            return why(FileNotFoundError(), self.socket)
        return "The node does not accept connections on its socket, or closed this one."


def _make_http(socket: Path) -> "httpx.AsyncClient":
    """httpx, imported off the event loop: it takes longer than a frame of a screen."""
    # Its command line, which nobody here calls, would bring rich and pygments: twice its own memory and time.
    sys.modules.setdefault("httpx._main", cast(ModuleType, None))
    import httpx

    # A socket file of this user's own: nothing is encrypted, so no list of authorities is read.
    transport = httpx.AsyncHTTPTransport(uds=str(socket), verify=False)
    return httpx.AsyncClient(transport=transport, base_url="http://fluxdesk", trust_env=False)
