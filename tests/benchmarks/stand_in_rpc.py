"""A stand-in for a Solana RPC server, as a process of its own: answers subscriptions and sends made-up trades on time.

It is not a node of any network: it speaks `logsSubscribe` and `slotSubscribe` and nothing else. Event n is due at
`start + n / rate`; what is due is sent at the next millisecond, whether the reader keeps up or not (open loop). The
trades are made up before its port is known: the load must not take the processor from what is measured.

    python stand_in_rpc.py RATE SECONDS    prints its port, reads the start time (monotonic ns) from standard input
"""

import asyncio
import json
import sys
import time

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.notifications import PUMP, SLOT0, Frames

TICK_S = 0.001
TRADES_ID = 1_000
"""The subscription of the trades."""


def header(size: int) -> bytes:
    """What stands before an unmasked text frame of 126 to 65,535 bytes (RFC 6455, 5.2)."""
    return b"\x81\x7e" + size.to_bytes(2, "big")


class StandInRpc:
    """One client; the load begins when `start` is known."""

    def __init__(self, rate: int, seconds: float) -> None:
        self._rate = rate
        self._frames = Frames(TRADES_ID, int(time.time()))
        self._parts = [self._frames.part(n, n / rate) for n in range(int(rate * seconds))]
        self._start: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def go(self, start_ns: int) -> None:
        """Events count from here."""
        self._start.set_result(start_ns)

    async def handle(self, connection: ServerConnection) -> None:
        """Answers requests; sends slots from the first subscription to them, trades from the start on."""
        try:
            async with asyncio.TaskGroup() as work:
                while True:
                    request = json.loads(await connection.recv())
                    ident = request["id"]
                    wanted = request["method"] == "logsSubscribe" and request["params"][0]["mentions"] == [PUMP]
                    subscription = TRADES_ID if wanted else TRADES_ID + ident
                    await connection.send(json.dumps({"jsonrpc": "2.0", "result": subscription, "id": ident}))
                    if request["method"] == "slotSubscribe":
                        work.create_task(self._slots(connection, subscription))
                    elif wanted:
                        work.create_task(self._trades(connection))
        except* ConnectionClosed:
            pass

    async def _slots(self, connection: ServerConnection, ident: int) -> None:
        slot = SLOT0 - 10
        while True:
            started = self._start.done()
            if started:
                slot = max(slot, SLOT0 + int((time.monotonic_ns() - self._start.result()) / 1e9 * 2.5))
            result = {"slot": slot, "parent": slot - 1, "root": slot - 32}
            params = {"result": result, "subscription": ident}
            await connection.send(json.dumps({"jsonrpc": "2.0", "method": "slotNotification", "params": params}))
            await asyncio.sleep(0.4)

    async def _trades(self, connection: ServerConnection) -> None:
        frames, parts, rate = self._frames, self._parts, self._rate
        head = header(len(b"".join(frames.pieces(parts[:1], 0.0))))
        start = await self._start
        sent = 0
        while sent < len(parts):
            elapsed = (time.monotonic_ns() - start) / 1e9
            due = min(len(parts), int(elapsed * rate))
            if due > sent:
                # Straight to the socket: the library's per-message cost would be the load's, not the node's.
                connection.transport.write(b"".join(frames.pieces(parts[sent:due], elapsed, head)))
                sent = due
            await asyncio.sleep(TICK_S)


async def main() -> None:
    """Serves until standard input closes."""
    stand_in = StandInRpc(int(sys.argv[1]), float(sys.argv[2]))
    async with serve(stand_in.handle, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        start = await asyncio.to_thread(sys.stdin.readline)
        stand_in.go(int(start))
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main())
