"""The agent's core, unlocked, with clocks that a test turns. One keystore for all tests: making one takes its time."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from agent_process import PASSPHRASE, POLICY, make_keystore
from agents import TurnedClocks
from fluxdesk_host.agent.policy import Policy
from fluxdesk_host.agent.service import Agent
from fluxdesk_host.agent.vault import Vault


@pytest.fixture(scope="session")
def keystore(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file, with the keys and the passphrase of `agent_process`."""
    data = tmp_path_factory.mktemp("keys")
    make_keystore(data)
    return (data / "keystore.fdk").read_bytes()


@pytest.fixture
def clocks() -> TurnedClocks:
    return TurnedClocks()


@pytest.fixture
async def agent(tmp_path: Path, keystore: bytes, clocks: TurnedClocks) -> AsyncIterator[Agent]:
    (tmp_path / "keystore.fdk").write_bytes(keystore)
    made = Agent(tmp_path, clocks)
    made.start()
    made.said = lambda _: None
    await made.opened(Vault.open(made.keystore, bytearray(PASSPHRASE.encode())), made.generation)
    await made.set_policy(msgspec.convert(POLICY, Policy))
    yield made
    await made.stop()
