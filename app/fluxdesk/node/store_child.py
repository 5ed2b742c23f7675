"""The process that writes the tables: `python -m fluxdesk.node.store_child FILE`, started by the node alone.

It takes batches from standard input and ends when that closes, so it never outlives its node by more than one batch. It
opens no socket. A process of its own, because writing tables would take a third of the interpreter from the pipeline.
"""

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

from fluxdesk.node.memory import calm_gc, one_heap
from fluxdesk.node.store_messages import (
    Begin,
    Describe,
    Done,
    Failed,
    Full,
    Hello,
    Part,
    Reply,
    read_request,
    receive,
    send,
)
from fluxdesk.store.errors import StoreError, StoreFull
from fluxdesk.store.facts import Batch, Line, Sighting
from fluxdesk.store.schema import is_due, prepare
from fluxdesk.store.writer import Store

NICENESS = 5
"""Below the node: where both want a core, events go before tables."""


class NodeGone(Exception):
    """The pipe closed within a batch."""


class Child:
    """One store, fed from one pipe."""

    def __init__(self, store: Store, requests: IO[bytes]) -> None:
        self._store = store
        self._requests = requests

    def take(self, body: bytes) -> Reply | None:
        """Acts on a request; the answer. None when the node went away within a batch, which is then undone."""
        request = read_request(body)
        try:
            if isinstance(request, Begin):
                self._apply(request)
            elif isinstance(request, Describe):
                self._store.describe(request.network, request.mint, request.text)
        except StoreFull as error:
            return Full(str(error))
        except NodeGone:
            return None
        return Done()

    def _apply(self, begun: Begin) -> None:
        """Writes the batch that comes in parts, while it comes."""
        others: list[Sighting] = []
        parts = self._parts(others)
        try:
            self._store.apply(
                Batch(
                    through_seq=begun.through_seq,
                    sightings=others,
                    lines=chain.from_iterable(parts),
                    races=begun.races,
                    ghosts=begun.ghosts,
                    tokens=begun.tokens,
                    pools=begun.pools,
                    gaps=begun.gaps,
                    notes=begun.notes,
                )
            )
        finally:
            for _ in parts:
                pass

    def _parts(self, others: list[Sighting]) -> Iterator[Sequence[Line]]:
        """The trades of the parts up to the commit; what is no trade goes to `others`. Raises `NodeGone`."""
        while True:
            body = receive(self._requests)
            if body is None:
                raise NodeGone
            request = read_request(body)
            if not isinstance(request, Part):
                return
            others += request.others
            yield request.lines


def run(path: Path, requests: IO[bytes], replies: IO[bytes]) -> int:
    """Serves until the requests end. Exit code: 0, or 1 after a `Failed`."""
    try:
        if is_due(path):
            prepare(path)
            # Begun anew, so that what migrations load (models, Alembic) is not held for the life of the process.
            os.execv(sys.executable, [sys.executable, "-m", "fluxdesk.node.store_child", str(path)])  # noqa: S606
        store = Store(path)
        try:
            send(replies, Hello(store.checkpoint()))
            child = Child(store, requests)
            while (body := receive(requests)) is not None:
                reply = child.take(body)
                if reply is not None:
                    send(replies, reply)
        finally:
            store.close()
    except StoreError as error:
        send(replies, Failed(str(error), expected=True))
        return 1
    except BrokenPipeError:
        return 0
    except Exception:  # noqa: BLE001 - the top of a process: what happened is handed to the node, which says it
        send(replies, Failed(traceback.format_exc(), expected=False))
        return 1
    return 0


def main() -> None:
    """The process. Signals to the node's group are the node's to act on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.setpriority(os.PRIO_PROCESS, 0, max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))
    one_heap()
    calm_gc()
    sys.exit(run(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer))


if __name__ == "__main__":
    main()
