"""Fixtures of real servers. What cannot be started here skips, and fails under CI."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from integration.servers import ANVIL, SURFPOOL, UNISWAP_V2, Anvil, Relay, Surfpool, UniswapV2
from needs import program, tool

PUMPFUN = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"
METEORA_DBC = "dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN"


@pytest.fixture(scope="session")
def surfpool_here() -> None:
    """Surfpool can be started."""
    program("node", "nodejs")
    tool(SURFPOOL)


@pytest.fixture(scope="module")
def surfpool(surfpool_here: None) -> Iterator[Surfpool]:
    """A Solana validator with the stand-in program at the ids of pump.fun and Meteora DBC."""
    with Surfpool([PUMPFUN, METEORA_DBC]) as server:
        yield server


@pytest.fixture
async def relay(surfpool: Surfpool) -> AsyncIterator[Relay]:
    """A line to Surfpool's WebSocket that can be cut."""
    async with Relay(surfpool.ws_url) as line:
        yield line


@pytest.fixture
def anvil() -> Iterator[Anvil]:
    """A fresh EVM node; blocks come with transactions."""
    tool(ANVIL)
    with Anvil() as server:
        yield server


@pytest.fixture
def uniswap(anvil: Anvil) -> UniswapV2:
    """Uniswap V2 core as published, on that node."""
    tool(UNISWAP_V2)
    return UniswapV2(anvil)


@pytest.fixture(scope="session")
def pump_events() -> dict[str, str]:
    """Event bytes of a public pump.fun transaction, with its signature."""
    path = Path(__file__).parent / "fixtures" / "pumpfun_create_and_buy.json"
    return dict(json.loads(path.read_text()))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of an agent's sockets."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    return folder
