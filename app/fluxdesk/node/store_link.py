"""The node's end of the store process: the `Store` it would otherwise hold, one blocking call at a time."""

import subprocess
import sys
import threading
from pathlib import Path

from fluxdesk.node.store_messages import (
    PART,
    Begin,
    Commit,
    Describe,
    Failed,
    Full,
    Hello,
    Reply,
    Request,
    part_of,
    read_reply,
    receive,
    send,
)
from fluxdesk.store.errors import StoreError, StoreFull
from fluxdesk.store.facts import Batch


class StoreProcessEnded(Exception):
    """The store process is gone; the journal has everything, and the next start reads it again."""


class StoreUnusable(StoreError):
    """The tables cannot be opened; the message is the store's own."""


class StoreProcess:
    """Started on construction; `close` ends it."""

    def __init__(self, path: Path, lock_descriptor: int | None = None) -> None:
        """`lock_descriptor` is inherited, so that the profile stays locked until the last batch is written.

        Raises `StoreError`, `StoreProcessEnded`.
        """
        self._path = path
        self._lock = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "fluxdesk.node.store_child", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=() if lock_descriptor is None else (lock_descriptor,),
            process_group=0,  # a Ctrl+C while it starts is the node's to act on, not its end
        )
        hello = self._answer()
        assert isinstance(hello, Hello)
        self._checkpoint = hello.checkpoint

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def checkpoint(self) -> int:
        """The journal number that the tables stood for when they were opened."""
        return self._checkpoint

    def apply(self, batch: Batch) -> None:
        """Writes a batch, all or nothing. Raises `StoreFull`, `StoreProcessEnded`."""
        begin = Begin(
            through_seq=batch.through_seq,
            races=list(batch.races),
            ghosts=list(batch.ghosts),
            tokens=list(batch.tokens),
            pools=list(batch.pools),
            gaps=list(batch.gaps),
            notes=dict(batch.notes),
        )
        sightings = batch.sightings
        with self._lock:
            self._send(begin)
            for start in range(0, len(sightings), PART):
                self._send(part_of(sightings[start : start + PART]))
            self._send(Commit())
            self._answer()

    def describe(self, network: str, mint: str, description: str) -> None:
        """Keeps a token's description for the search. Raises `StoreFull`, `StoreProcessEnded`."""
        with self._lock:
            self._send(Describe(network, mint, description))
            self._answer()

    def close(self) -> None:
        """Ends the process in order."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                pass
            self._process.wait()
            self._process.stdout.close()

    def _send(self, message: Request) -> None:
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, message)
        except (BrokenPipeError, ValueError):
            self._answer()
            raise StoreProcessEnded(self._ended()) from None

    def _answer(self) -> Reply:
        """The next reply. Raises what a reply stands for."""
        assert self._process.stdout is not None
        body = receive(self._process.stdout)
        if body is None:
            raise StoreProcessEnded(self._ended())
        reply = read_reply(body)
        if isinstance(reply, Full):
            raise StoreFull(self._path)
        if isinstance(reply, Failed):
            raise StoreUnusable(reply.message) if reply.expected else StoreProcessEnded(reply.message)
        return reply

    def _ended(self) -> str:
        return (
            f"The process that writes the tables ended (exit {self._process.poll()}). "
            "Nothing recorded is lost: the tables are brought up to the journal at the next start."
        )
