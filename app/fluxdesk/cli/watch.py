"""`fluxdesk watch`: what happens, as it happens. Attaches to the running node of the profile, else runs one inside.

With `--json` one object a line: the printed row contract (docs/decode.md) and `seq`, its journal number, which is
durable before it is printed.
"""

import asyncio
import logging
import signal
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from fluxdesk.cli.attach import checked, expected_failures, fail, is_running
from fluxdesk.cli.table import LiveTable, line, plain, sentence
from fluxdesk.client import Link, NodeStream
from fluxdesk.core.paths import Mode, Profile
from fluxdesk.core.redaction import redact
from fluxdesk.core.views import (
    Denied,
    EventItem,
    EventsFrame,
    LaunchesFrame,
    Missed,
    ServerMessage,
    SourcesFrame,
    StatusFrame,
)
from fluxdesk.node.options import BadOptions, NodeOptions

if TYPE_CHECKING:
    from fluxdesk.node.node import Node

STARTING_S = 15.0
LOOK_EVERY_S = 0.1


def run(
    practice: bool = False,
    seed: int | None = None,
    rpc: Sequence[str] = (),
    data: Path | None = None,
    seconds: float | None = None,
    json: bool = False,
    out: TextIO | None = None,
    on_chain: bool = False,
) -> int:
    """Exit code: 0 when it ended as asked, 1 when the profile cannot be used, 2 for wrong options.

    Raises the defect that ended the node inside, if one did: the top says so with exit code 70.
    """
    out = out or sys.stdout
    try:
        if practice and rpc:
            raise BadOptions("--practice and --rpc exclude each other.")
        mode: Mode = "practice" if practice else "live"
        options = checked(NodeOptions(mode, data, seed, tuple(rpc), on_chain=on_chain), seconds)
    except BadOptions as wrong:
        return fail("watch", str(wrong))
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr, format="%(message)s")
    try:
        with _place(options) as placed:
            asyncio.run(_watch(placed, seconds, _printer(json, out)))
    except expected_failures() as error:
        return fail("watch", str(error), 1)
    return 0


@contextmanager
def _place(options: NodeOptions) -> Iterator[NodeOptions]:
    """A seed asks for the same rows again, so it gets a market without a past unless a folder is named with it."""
    if options.seed is None or options.data is not None:
        yield options
        return
    with tempfile.TemporaryDirectory(prefix="fluxdesk-watch-") as folder:
        yield replace(options, data=Path(folder))


class Printer(ABC):
    """Where frames go. Lines are written on a worker thread: a reader that stalls must not stall the node inside."""

    topics: Sequence[str] = ()

    def __init__(self, out: TextIO) -> None:
        self._out = out

    async def show(self, message: ServerMessage | Link) -> None:
        """Writes what a frame adds."""
        text = self.text(message)
        if text:
            await asyncio.to_thread(self._write, text)

    @abstractmethod
    def text(self, message: ServerMessage | Link) -> str:
        """What a frame adds, as text."""

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


class Lines(Printer):
    """One line a row: an object for a program, or a sentence for a file or a pipe."""

    topics = ("events", "status", "sources")

    def __init__(self, out: TextIO, one: Callable[[EventItem], str]) -> None:
        super().__init__(out)
        self._one = one
        self._remarks = Remarks()

    def text(self, message: ServerMessage | Link) -> str:
        """The rows of an events frame."""
        if isinstance(message, EventsFrame):
            return "".join([f"{self._one(item)}\n" for item in message.items])
        self._remarks.say(message)
        return ""


class Screen(Printer):
    """A table of the newest launches that is painted again as it changes."""

    topics = ("launches", "status")

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._table = LiveTable()

    def text(self, message: ServerMessage | Link) -> str:
        """The screen after a frame, at most a few times a second."""
        if isinstance(message, LaunchesFrame):
            self._table.take(message)
        elif isinstance(message, StatusFrame):
            self._table.status = message.status
            return self._table.paint()
        elif isinstance(message, Link):
            self._table.link = message
            return self._table.paint()
        return ""


def _printer(json: bool, out: TextIO) -> Printer:
    if json:
        return Lines(out, line)
    return Screen(out) if out.isatty() else Lines(out, _numbered)


def _numbered(item: EventItem) -> str:
    return f"{item.seq:>9} {sentence(bytes(item.row))}"


class Remarks:
    """What is not a row goes to standard error: once when it begins, once when it is over."""

    def __init__(self) -> None:
        self._paused = ""
        self._down: set[str] = set()

    def say(self, message: ServerMessage | Link) -> None:
        """Says what is new in a message."""
        for text in self.of(message):
            print(f"fluxdesk watch: {plain(text, 400)}", file=sys.stderr, flush=True)

    def of(self, message: ServerMessage | Link) -> Iterator[str]:
        """The sentences that a message is worth."""
        if isinstance(message, Missed):
            yield f"records {message.from_seq} to {message.to_seq} are not shown; the journal has them."
        elif isinstance(message, Denied):
            yield message.detail
        elif isinstance(message, Link) and message.state == "down":
            yield f"{message.reason} Trying again."
        elif isinstance(message, StatusFrame):
            now = message.status.journal_message
            if bool(now) != bool(self._paused):
                yield now or "recording goes on."
            self._paused = now
        elif isinstance(message, SourcesFrame):
            for source in message.sources:
                if source.state == "down" and source.id not in self._down:
                    self._down.add(source.id)
                    yield f"{source.id} {source.endpoint}: {source.message}"
                elif source.state == "up" and source.id in self._down:
                    self._down.remove(source.id)
                    yield f"{source.id} {source.endpoint}: up again."


async def _watch(options: NodeOptions, seconds: float | None, printer: Printer) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with AsyncExitStack() as stack:
        profile = options.profile()
        node = await _ensure_node(options, stack)
        since = None if node is None else node.first_seq
        stream = NodeStream(profile.socket)
        for topic in printer.topics:
            stream.subscribe(topic, every=topic == "events", since=since if topic == "events" else None)
        shown = asyncio.create_task(_show(stream.messages(), printer))
        tasks = [shown, asyncio.create_task(stop.wait())]
        if node is not None:
            tasks.append(asyncio.create_task(node.wait()))
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in reversed(ended):  # a defect of the node inside before what it did to the stream
            if isinstance(outcome, Exception):
                raise outcome


async def _ensure_node(options: NodeOptions, stack: AsyncExitStack) -> "Node | None":
    """The node that had to be started inside, None when one runs already."""
    profile = options.profile()
    if not is_running(profile):
        from fluxdesk.node.lock import ProfileBusy
        from fluxdesk.node.node import Node

        try:
            node = await stack.enter_async_context(Node(options))
        except ProfileBusy:
            # A node that is just starting holds the lock before it answers.
            if not await _answers_soon(profile):
                raise
        else:
            for remark in node.remarks:
                print(f"fluxdesk watch: {redact(remark)}", file=sys.stderr, flush=True)
            return node
    if options.seed is not None or options.rpc or options.on_chain:
        print(
            "fluxdesk watch: attached to the running node; --seed, --rpc and --on-chain do not apply.", file=sys.stderr
        )
    return None


async def _answers_soon(profile: Profile) -> bool:
    for _ in range(int(STARTING_S / LOOK_EVERY_S)):
        if is_running(profile):
            return True
        await asyncio.sleep(LOOK_EVERY_S)
    return False


async def _show(messages: AsyncIterator[ServerMessage | Link], printer: Printer) -> None:
    async for message in messages:
        await printer.show(message)
