"""`fluxdesk node`: runs the node of a profile until it is told to stop (Quit, SIGTERM, Ctrl+C, `/v1/node/shutdown`)."""

import sys
from collections.abc import Sequence
from pathlib import Path

from fluxdesk.cli.attach import checked, expected_failures, fail
from fluxdesk.core.paths import Mode
from fluxdesk.node.options import BadOptions, NodeOptions


def run(
    mode: str,
    data: Path | None = None,
    seed: int | None = None,
    rpc: Sequence[str] = (),
    replay: Sequence[Path] = (),
    speed: float | None = None,
    on_chain: bool = False,
) -> int:
    """Exit code: 0 after an orderly stop, 1 when the profile or its files cannot be used, 2 for wrong options."""
    if replay:
        mode = "replay"
    if mode not in ("practice", "live", "replay"):
        return fail("node", f"--mode is practice, live or replay, not {mode}.")
    chosen: Mode = "practice" if mode == "practice" else "live" if mode == "live" else "replay"
    try:
        options = checked(NodeOptions(chosen, data, seed, tuple(rpc), tuple(replay), speed, on_chain))
    except BadOptions as wrong:
        return fail("node", str(wrong))
    if chosen == "replay" and not replay:
        return fail("node", "Replay mode needs recordings: --replay PATH.")
    from fluxdesk.node.main import serve

    try:
        serve(options, sys.stdout)
    except expected_failures() as error:
        return fail("node", str(error), 1)
    return 0
