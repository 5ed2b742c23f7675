"""The client of the paced benchmark, as a process of its own: asks for every event, notes when its frame came.

python paced_reader.py SOCKET RATE TOTAL    prints `ready`, reads the start time (monotonic ns), prints a JSON result
"""

import asyncio
import json
import sys
import time
from array import array
from contextlib import aclosing
from pathlib import Path

import msgspec

from benchmarks.notifications import number_of
from fluxdesk.client import Link, NodeStream
from fluxdesk.core.views import Denied, EventsFrame, Missed

WARM_UP_S = 5
PATIENCE_S = 15.0


class Signed(msgspec.Struct):
    """What is read of a row."""

    signature: str


async def main() -> None:
    """Reads until every event has come, or none comes any more."""
    socket, rate, total = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    read = msgspec.json.Decoder(Signed).decode
    arrived = array("q", bytes(8 * total))
    seen, missed, downs = 0, 0, 0
    stream = NodeStream(socket)
    stream.subscribe("events", every=True)
    start = 0
    last = time.monotonic()
    async with aclosing(stream.messages()) as messages:
        async for message in messages:
            now = time.monotonic_ns()
            if isinstance(message, EventsFrame):
                for item in message.items:
                    number = number_of(read(item.row).signature)
                    seen += not arrived[number]
                    arrived[number] = now
                last = time.monotonic() if message.items else last
            elif isinstance(message, (Missed, Denied)):
                missed += 1
            elif isinstance(message, Link):
                downs += message.state == "down"
                if message.state == "up" and not start:
                    print("ready", flush=True)
                    start = int(await asyncio.to_thread(sys.stdin.readline))
                    last = start / 1e9 + total / rate
            if seen == total or time.monotonic() > last + PATIENCE_S:
                break
    step = 1e9 / rate
    late = sorted((arrived[n] - start - n * step) / 1e6 for n in range(WARM_UP_S * rate, total) if arrived[n])
    at = {f"p{p}": late[min(len(late) - 1, int(len(late) * p / 100))] for p in (50, 90, 99, 99.9)} if late else {}
    print(json.dumps({"seen": seen, "lost": total - seen, "missed": missed, "downs": downs, **at, "max": late[-1:]}))


if __name__ == "__main__":
    asyncio.run(main())
