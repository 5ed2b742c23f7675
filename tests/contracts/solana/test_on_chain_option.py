"""The option that has the practice market run on the practice launchpad, from the command line on."""

import subprocess
import sys
from pathlib import Path

import pytest

from fluxdesk.node.options import BadOptions, NodeOptions


def watched(folder: Path, *extra: str) -> list[str]:
    """What `fluxdesk watch` printed in a few seconds."""
    command = [sys.executable, "-m", "fluxdesk", "watch", "--practice", "--seed", "3", "--for", "10", "--json"]
    done = subprocess.run(
        [*command, "--data", str(folder), *extra], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_watch_on_the_chain_shows_what_one_on_paper_shows(tmp_path: Path) -> None:
    """The rows of the market's past, which the seed alone decides; how many there are by now depends on the machine."""
    paper, chain = watched(tmp_path / "paper"), watched(tmp_path / "chain", "--on-chain")
    both = min(len(paper), len(chain))
    assert both > 50
    assert chain[:both] == paper[:both]


def test_the_chain_is_for_practice_only() -> None:
    with pytest.raises(BadOptions, match="--on-chain goes with practice"):
        NodeOptions("live", on_chain=True).check()
