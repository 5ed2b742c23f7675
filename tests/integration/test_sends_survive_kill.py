"""kill -9 at any moment, on the real chains: every payment arrives once."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from integration.programs.payer import AMOUNT, recipient
from integration.servers import ANVIL, Anvil, Surfpool
from integration.spl import funded
from needs import tool

PROGRAM = Path(__file__).parent / "programs" / "payer.py"
COUNT = 25
pytestmark = pytest.mark.timeout(900)


def run(family: str, url: str, file: Path, killed_after_s: float | None) -> str:
    """What the program said at its end; empty when it was killed before."""
    command = [sys.executable, str(PROGRAM), family, url, str(file), str(COUNT), "-"]
    paths = os.pathsep.join([str(PROGRAM.parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "begun\n", process.stderr.read()[-2000:]
    if killed_after_s is not None:
        time.sleep(killed_after_s)  # the moment of the kill is what is varied here, nothing is waited for
        process.kill()
    said, trouble = process.communicate(timeout=400)
    assert killed_after_s is not None or process.returncode == 0, trouble[-2000:]
    return said.strip()


def test_killed_again_and_again_on_an_evm_chain_every_payment_arrives_once(tmp_path: Path) -> None:
    tool(ANVIL)
    moments = random.Random(1)
    with Anvil(block_time_s=0.2) as chain:
        for _ in range(3):
            run("evm", chain.rpc_url, tmp_path / "sends.sqlite", moments.uniform(0.0, 1.5))
        assert run("evm", chain.rpc_url, tmp_path / "sends.sqlite", None) == "paid"
        got = [int(chain.rpc("eth_getBalance", [recipient("evm", n), "latest"]), 16) for n in range(COUNT)]
        assert got == [AMOUNT + n for n in range(COUNT)]
        assert int(chain.rpc("eth_getTransactionCount", [chain.accounts[0], "latest"]), 16) == COUNT


def test_killed_again_and_again_on_solana_every_payment_arrives_once(tmp_path: Path, surfpool_here: None) -> None:
    moments = random.Random(3)
    with Surfpool([], slot_ms=50) as cluster:
        funded(cluster, 1)
        for _ in range(3):
            run("solana", cluster.rpc_url, tmp_path / "sends.sqlite", moments.uniform(0.0, 0.8))
        assert run("solana", cluster.rpc_url, tmp_path / "sends.sqlite", None) == "paid"
        got = [cluster.rpc("getBalance", [recipient("solana", n)])["value"] for n in range(COUNT)]
        assert got == [AMOUNT + n for n in range(COUNT)]
