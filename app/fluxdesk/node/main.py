"""The node as a process: logs, event loop, signals, garbage collection. Says on standard output when it is ready."""

import asyncio
import logging
import signal
import sys
from typing import TextIO

from fluxdesk.core import settings_file
from fluxdesk.core.logs import configure
from fluxdesk.core.redaction import redact
from fluxdesk.node.lock import FolderUnusable
from fluxdesk.node.memory import calm_gc, one_heap
from fluxdesk.node.node import Node
from fluxdesk.node.options import NodeOptions
from fluxdesk.node.places import check_places

log = logging.getLogger(__name__)


def serve(options: NodeOptions, out: TextIO) -> None:
    """Runs a node until it is asked to stop. Raises `FolderUnusable` and what `Node.__aenter__` raises."""
    import uvloop

    one_heap()
    profile = options.profile()
    check_places(profile)
    try:
        logs = configure(profile.logs, "node", settings_file.inspect(profile.settings).settings)
    except OSError as error:
        raise FolderUnusable(profile.folder, error) from error
    for problem in logs.problems:
        log.warning("%s", problem)
    uvloop.run(_serve(options, out))


async def _serve(options: NodeOptions, out: TextIO) -> None:
    loop = asyncio.get_running_loop()
    async with Node(options) as node:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, node.ask_to_stop)
        calm_gc()
        for remark in node.remarks:
            print(f"fluxdesk node: {redact(remark)}", file=sys.stderr, flush=True)
        out.write(f"ready {node.profile.socket}\n")
        out.flush()
        await node.wait()
