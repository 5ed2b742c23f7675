"""The practice EVM chain: anvil under the practice node, and what is said where it is not installed."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest

from fluxdesk.client import NodeProblem
from fluxdesk.core import wallet_views as w
from fluxdesk.core.paths import Profile
from integration.nodes import RunningNode, running
from integration.servers import ANVIL
from integration.wallets import client_of, ends, evm_broadcast
from needs import tool
from waiting import until

CHAIN = "eip155:31337"
ETHER = 10**18
FIRST = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
SOMEONE = "0x" + "77" * 20


@pytest.fixture
def home() -> Iterator[Path]:
    """A data home of its own; its path is short enough for a socket beside it."""
    with tempfile.TemporaryDirectory(prefix="fd-h-") as folder:
        yield Path(folder)


def node_in(home: Path, path: str) -> AbstractContextManager[RunningNode]:
    return running(Profile.of("practice", home / "p"), environment={"XDG_DATA_HOME": str(home), "PATH": path})


async def test_a_payment_on_the_practice_chain_ends_and_is_there_after_a_restart(home: Path) -> None:
    tool(ANVIL)
    path = f"{ANVIL.parent}:{os.environ['PATH']}"
    with node_in(home, path) as node:
        async with client_of(node) as client:
            held = await client.fund(CHAIN, FIRST)
            assert int(held.items[0].native_base or 0) >= 100 * ETHER
            asked = w.TransferAsked(account=FIRST, asset="native", recipient=SOMEONE, amount_base=str(ETHER))
            view = await client.transfer(CHAIN, asked)
            await client.broadcast(CHAIN, evm_broadcast(view, "practice-evm"))
            assert (await ends(client, "practice-evm")).state == "paid"
        children = psutil.Process(node.process.pid).children(recursive=True)
        anvils = [child for child in children if child.name() == "anvil"]
        assert len(anvils) == 1
    until(lambda: not anvils[0].is_running())
    with node_in(home, path) as node:
        async with client_of(node) as client:
            found = await client.balances(CHAIN, [SOMEONE])
            assert found.items[0].native_base == str(ETHER)


async def test_without_anvil_the_chain_says_how_to_get_it(home: Path) -> None:
    with node_in(home, "/nonexistent") as node:
        async with client_of(node) as client:
            found = await client.chain(CHAIN)
            assert "fluxdesk practice install" in found.endpoints[0].reason
            assert (await client.balances(CHAIN, [SOMEONE])).items[0].native_base is None
            with pytest.raises(NodeProblem, match="practice install"):
                await client.fees(CHAIN)


def test_without_node_js_the_command_says_so(home: Path) -> None:
    environment = {**os.environ, "XDG_DATA_HOME": str(home), "PATH": "/nonexistent"}
    command = [sys.executable, "-m", "fluxdesk", "practice", "install"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Node.js is not installed" in done.stderr
    assert not (home / "fluxdesk" / "tools").exists()
