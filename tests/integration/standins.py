"""Stand-ins for RPC servers that misbehave in ways no real one does on request. Each is labelled as one by its name.

They speak real WebSocket over loopback (the `websockets` server); only what they say is made up by the test.
"""

import json
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Behaviour = Callable[[ServerConnection], Awaitable[None]]


class HostileRpcStandin:
    """A WebSocket server whose every connection is handled by `behaviour`.

    Attributes:
        connections: How many were accepted so far.
    """

    def __init__(self, behaviour: Behaviour, process_request: Any = None):
        self.connections = 0
        self._behaviour, self._process_request = behaviour, process_request
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}"

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._handle, "127.0.0.1", 0, process_request=self._process_request, compression=None, close_timeout=0.2
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _handle(self, connection: ServerConnection) -> None:
        self.connections += 1
        try:
            await self._behaviour(connection)
        except ConnectionClosed:
            return


async def answers(connection: ServerConnection, results: dict[str, Any], count: int) -> dict[str, int]:
    """Answer `count` requests by method, as a server would; method -> subscription id of the last such answer."""
    given: dict[str, int] = {}
    for number in range(1, count + 1):
        request = json.loads(await connection.recv())
        result = results.get(request["method"], number)
        given[request["method"]] = number
        await connection.send(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}))
    return given


def notification(method: str, subscription: int | str, result: object) -> str:
    """One notification frame."""
    params = {"subscription": subscription, "result": result}
    return json.dumps({"jsonrpc": "2.0", "method": method, "params": params})


def slot(number: int, parent: int | None = None) -> dict[str, int]:
    """The result of a slotNotification."""
    return {"slot": number, "parent": number - 1 if parent is None else parent, "root": max(0, number - 32)}


async def silence(connection: ServerConnection) -> None:
    """Say nothing more and stay connected until the other side leaves."""
    await connection.wait_closed()
