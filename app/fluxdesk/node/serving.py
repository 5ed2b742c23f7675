"""Runs the gateway's application on the node's own socket with uvicorn."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

SHUTDOWN_S = 3


class Serving(uvicorn.Server):
    """A uvicorn server that leaves signals to the node."""

    def __init__(self, app: FastAPI) -> None:
        config = uvicorn.Config(
            app,
            http="httptools",
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            ws_per_message_deflate=False,
            ws_max_size=65_536,
            ws_ping_interval=None,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=SHUTDOWN_S,
            backlog=128,
        )
        super().__init__(config)
        self.ready = asyncio.Event()
        """Set once connections are accepted."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to accept connections."""
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The node decides when to end."""
        yield

    async def run_on(self, listening: socket.socket) -> None:
        """Serves until `should_exit`; closes the socket."""
        await self.serve(sockets=[listening])
