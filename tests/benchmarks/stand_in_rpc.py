"""A stand-in for a Solana RPC server, as a process of its own: answers subscriptions and sends made-up trades on time.

It is not a node of any network: it speaks `logsSubscribe` and `slotSubscribe` and nothing else. Event n is due at
`start + n / rate`; what is due is sent at the next millisecond, whether the reader keeps up or not (open loop).

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


def framed(payload: bytes) -> bytes:
    """One unmasked text frame (RFC 6455, 5.2)."""
    if len(payload) < 126:
        return b"\x81" + bytes([len(payload)]) + payload
    return b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload


class StandInRpc:
    """One client; the load begins when `start` is known."""

    def __init__(self, rate: int, seconds: float) -> None:
        self._rate = rate
        self._total = int(rate * seconds)
        self._start: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.done = asyncio.Event()

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
                    await connection.send(json.dumps({"jsonrpc": "2.0", "result": ident, "id": ident}))
                    if request["method"] == "slotSubscribe":
                        work.create_task(self._slots(connection, ident))
                    elif request["method"] == "logsSubscribe" and request["params"][0]["mentions"] == [PUMP]:
                        work.create_task(self._trades(connection, ident))
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

    async def _trades(self, connection: ServerConnection, ident: int) -> None:
        frames = Frames(ident, int(time.time()))
        start = await self._start
        sent = 0
        while sent < self._total:
            elapsed = (time.monotonic_ns() - start) / 1e9
            due = min(self._total, int(elapsed * self._rate))
            if due > sent:
                # Straight to the socket: the library's per-message cost would be the load's, not the node's.
                out = b"".join([framed(frames.frame(number, number / self._rate)) for number in range(sent, due)])
                connection.transport.write(out)
                sent = due
            await asyncio.sleep(TICK_S)
        self.done.set()


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
