"""Moving to fresh keys on an EVM chain: real anvil, live node and agent; the token goes first, the coin last."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_process import EVM
from fluxdesk.desktop.node_link import NodeLink
from fluxdesk.desktop.screens.wallet.rotation import Rotation
from gui.desktop.agent_desk import linked
from integration.nodes import RunningNode
from integration.servers import ANVIL, UNISWAP_V2, Anvil, UniswapV2, word
from integration.wallets import live_node
from needs import tool
from windows import Run, settle

CHAIN = "eip155:31337"
MINE = EVM.partition(":")[2]
ETHER = 10**18


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil(block_time_s=0.3) as server:
        server.rpc("anvil_setBalance", [MINE, hex(10 * ETHER)])
        yield server


@pytest.fixture(scope="module")
def token(chain: Anvil) -> str:
    tool(UNISWAP_V2)
    made = UniswapV2(chain).token()
    chain.send("0xa9059cbb" + word(MINE) + word(5 * ETHER), made)
    return made


@pytest.fixture(scope="module")
def node(chain: Anvil) -> Iterator[RunningNode]:
    with live_node([f"{CHAIN} {chain.rpc_url}"], ["31337 Local EVM ETH test"]) as started:
        yield started


def test_the_token_goes_first_and_the_coin_that_pays_last(
    run: Run, tmp_path: Path, node: RunningNode, token: str
) -> None:
    async def whole() -> None:
        async with linked(tmp_path) as link:
            joined, made = NodeLink(node.socket), Rotation()
            joined.open()
            made.set_link(link)
            made.set_node(joined.wallet)
            made.set_tokens(lambda chain: [token] if chain == CHAIN else [])
            made.set_accounts(await link.accounts())
            made.source.setCurrentIndex(made.source.findData(EVM))
            assert made.target.currentIndex() == -1, "nobody is chosen for the user"
            made.fresh_button.click()
            await settle(until=lambda: made.target.currentIndex() >= 0)
            target = str(made.target.currentData()).partition(":")[2]
            made.look()
            await settle(until=lambda: len([s for s in made.steps if s.holding.chain.id == CHAIN]) == 2)
            steps = [s for s in made.steps if s.state == "left"]
            assert [s.holding.asset.lower() for s in steps] == [token.lower(), "native"]
            made.go_button.click()
            asked: list[str] = []
            for _ in range(2):
                await settle(until=lambda: bool(set(link.waiting) - set(asked)) or not made.moving)
                assert made.moving, [(s.state, s.reason) for s in made.steps]
                request = next(r for r in link.waiting.values() if r.waits.id not in asked)
                asked.append(request.waits.id)
                assert request.waits.reading is not None
                named = {a for e in request.waits.reading.effects for a in (e.to,)}
                assert target in named
                await link.approve(request)
            await settle(until=lambda: not made.moving)
            assert [s.state for s in steps] == ["moved", "moved"], [(s.state, s.reason) for s in made.steps]
            (left, there) = (await joined.wallet.balances(CHAIN, [MINE, target], [token])).items
            assert [t.amount_base for t in there.tokens] == [str(5 * ETHER)]
            assert [t.amount_base for t in left.tokens] == ["0"]
            assert int(there.native_base or 0) > 9 * ETHER
            assert int(left.native_base or 0) < ETHER // 100, "what is left is less than a fee was allowed to be"
            made.deleteLater()
            await joined.close()

    run(whole())
