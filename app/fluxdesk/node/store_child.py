"""The process that writes the tables: `python -m fluxdesk.node.store_child FILE`, started by the node alone.

It takes batches from standard input and ends when that closes, so it never outlives its node by more than one batch. It
opens no socket. A process of its own, because writing tables would take a third of the interpreter from the pipeline.
"""

import signal
import sys
import traceback
from pathlib import Path
from typing import IO

from fluxdesk.node.memory import calm_gc, one_heap
from fluxdesk.node.store_messages import (
    Begin,
    Commit,
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
from fluxdesk.store.facts import Batch, Sighting
from fluxdesk.store.writer import Store


class Child:
    """One store, fed from one pipe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._begun: Begin | None = None
        self._sightings: list[Sighting] = []

    def take(self, body: bytes) -> Reply | None:
        """Acts on a request; the answer, if it has one."""
        request = read_request(body)
        if isinstance(request, Begin):
            self._begun, self._sightings = request, []
            return None
        if isinstance(request, Part):
            self._sightings += request.sightings
            return None
        try:
            if isinstance(request, Commit):
                self._commit()
            elif isinstance(request, Describe):
                self._store.describe(request.network, request.mint, request.text)
        except StoreFull as error:
            return Full(str(error))
        return Done()

    def _commit(self) -> None:
        begun, sightings = self._begun, self._sightings
        self._begun, self._sightings = None, []
        if begun is not None:
            self._store.apply(
                Batch(
                    through_seq=begun.through_seq,
                    sightings=sightings,
                    races=begun.races,
                    ghosts=begun.ghosts,
                    tokens=begun.tokens,
                    pools=begun.pools,
                    gaps=begun.gaps,
                    notes=begun.notes,
                )
            )


def run(path: Path, requests: IO[bytes], replies: IO[bytes]) -> int:
    """Serves until the requests end. Exit code: 0, or 1 after a `Failed`."""
    try:
        store = Store(path)
        try:
            send(replies, Hello(store.checkpoint()))
            child = Child(store)
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
    one_heap()
    calm_gc()
    sys.exit(run(Path(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer))


if __name__ == "__main__":
    main()
