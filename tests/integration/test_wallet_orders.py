"""Orders of the wallet: a real node makes them, a real agent signs them, a real chain takes them."""

import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import pytest

from agent_process import EVM, AgentProcess, make_keystore
from fluxdesk.client import NodeProblem
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core import wallet_views as w
from fluxdesk.core.paths import Profile
from fluxdesk.node.wallet_signer import LOCKED, NOT_RUNNING
from integration.nodes import RunningNode, running
from integration.servers import ANVIL, UNISWAP_V2, Anvil, UniswapV2, word
from integration.wallets import client_of, ends
from needs import tool
from waiting import eventually

CHAIN = "eip155:31337"
ETHER = 10**18
ACCOUNT = EVM.partition(":")[2]
SOMEONE = "0x00000000000000000000000000000000000a11ce"
OTHER = "0x0000000000000000000000000000000000000b0b"
ALLOWED = {
    "allowances": [
        {
            "name": "rent", "account": EVM, "origin": "node:wallet", "chain": CHAIN, "kinds": ["evm_tx"],
            "methods": ["native_out"], "assets": {"native": {"per_transaction": 2 * ETHER, "per_day": 9 * ETHER}},
            "recipients": [SOMEONE],
        }
    ],
    "loosen_delay_s": 0,
}  # fmt: skip


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runtime folder of node and agent; short enough for sockets."""
    folder = tmp_path_factory.mktemp("r")
    folder.chmod(0o700)
    monkeypatch.setenv("FLUXDESK_RUNTIME", str(folder))
    monkeypatch.setenv("FLUXDESK_AGENT_SOCKET", "a.sock")
    return folder


@pytest.fixture
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil() as server:
        server.rpc("anvil_setBalance", [ACCOUNT, hex(100 * ETHER)])
        yield server


@pytest.fixture
def profile(chain: Anvil, runtime: Path, tmp_path: Path) -> Profile:
    made = Profile.of("live", tmp_path / "data")
    made.folder.mkdir(mode=0o700)
    settings = {
        "solana_rpc": [], "chain_rpc": [f"{CHAIN} {chain.rpc_url}"], "chains_added": ["31337 Local EVM ETH test"],
        "rpc_per_second": 1_000,
    }  # fmt: skip
    made.settings.write_bytes(msgspec.json.encode(settings))
    return made


@pytest.fixture
def agent(runtime: Path, tmp_path: Path) -> Iterator[AgentProcess]:
    """Locked, with the test wallet."""
    make_keystore(tmp_path / "agent")
    with AgentProcess(tmp_path / "agent", runtime) as started:
        yield started.ready()


@contextlib.asynccontextmanager
async def known_node(profile: Profile, agent: AgentProcess) -> AsyncIterator[tuple[RunningNode, WalletClient]]:
    """A node that the agent's owner named."""
    with running(profile) as node:
        agent.desk.do("admit_node", process=node.process.pid)
        async with client_of(node) as client:
            yield node, client


def order(*items: w.Pay | w.Revoke, **more: object) -> w.OrderAsked:
    return w.OrderAsked(account=ACCOUNT, items=list(items), **more)  # type: ignore[arg-type]


def pay(number: str, amount: int = ETHER, to: str = SOMEONE, asset: str = "native") -> w.Pay:
    return w.Pay(id=number, asset=asset, recipient=to, amount_base=str(amount))


def approve(agent: AgentProcess) -> dict[str, object]:
    """The owner approves what waits."""
    waits = agent.desk.push("pending")
    agent.desk.do("approve", id=waits["id"], digest=waits["digest"])
    return waits


async def stands(client: WalletClient, number: str, **wanted: object) -> w.SendView:
    async def so() -> w.SendView | None:
        found = await client.send(number)
        return found if all(getattr(found, name) == value for name, value in wanted.items()) else None

    found = await eventually(so)
    assert found is not None
    return found


async def test_an_order_is_approved_broadcast_and_ends(profile: Profile, agent: AgentProcess, chain: Anvil) -> None:
    agent.desk.unlock()
    async with known_node(profile, agent) as (_, client):
        plan = await client.plan(CHAIN, order(pay("order-0001")))
        assert [item.payments for item in plan.items] == [["order-0001"]]
        (ordered,) = (await client.order(CHAIN, order(pay("order-0001")))).items
        assert (ordered.state, ordered.ordered, ordered.can) == ("queued", True, ["cancel"])
        waits = approve(agent)
        assert (waits["origin"], waits["account"], waits["chain"]) == ("node:wallet", EVM, CHAIN)
        await stands(client, "order-0001", included=True)
        chain.rpc("anvil_mine", ["0xc"])
        over = await ends(client, "order-0001")
        assert over.state == "paid"
        assert int(over.fee_base or 0) <= int(over.cost_most_base or 0) == int(plan.total.total_base)
        assert (await client.order(CHAIN, order(pay("order-0001")))).items[0].txs == over.txs
        with pytest.raises(NodeProblem, match="another payment"):
            await client.order(CHAIN, order(pay("order-0001", 2)))
    assert int(chain.rpc("eth_getBalance", [SOMEONE, "latest"]), 16) == ETHER


async def test_it_waits_for_the_agent_to_be_unlocked(profile: Profile, agent: AgentProcess) -> None:
    async with known_node(profile, agent) as (_, client):
        await client.order(CHAIN, order(pay("order-lock")))
        await stands(client, "order-lock", state="sending", txs=[], reason=LOCKED)
        agent.desk.unlock()
        approve(agent)
        await stands(client, "order-lock", included=True)


async def test_without_an_agent_it_waits_and_can_be_taken_back(profile: Profile, runtime: Path) -> None:
    with running(profile) as node:
        async with client_of(node) as client:
            await client.order(CHAIN, order(pay("order-none")))
            await stands(client, "order-none", state="sending", can=["cancel"], reason=NOT_RUNNING)
            assert (await client.cancel("order-none")).state == "cancelled"


async def test_what_the_owner_refuses_ends_and_is_not_asked_again(profile: Profile, agent: AgentProcess) -> None:
    agent.desk.unlock()
    async with known_node(profile, agent) as (_, client):
        await client.order(CHAIN, order(pay("order-no01")))
        agent.desk.do("reject", id=agent.desk.push("pending")["id"])
        over = await ends(client, "order-no01")
        assert (over.state, over.txs) == ("refused", [])
        assert "user said no" in over.reason


async def test_an_allowance_lets_orders_through_and_nobody_is_asked(profile: Profile, agent: AgentProcess) -> None:
    agent.desk.unlock()
    agent.desk.do("set_policy", policy=ALLOWED)
    async with known_node(profile, agent) as (_, client):
        await client.order(CHAIN, order(pay("order-rent-1"), pay("order-rent-2")))
        for number in ("order-rent-1", "order-rent-2"):
            await stands(client, number, included=True)


async def test_an_order_survives_the_death_of_the_node(profile: Profile, agent: AgentProcess, chain: Anvil) -> None:
    agent.desk.unlock()
    async with known_node(profile, agent) as (node, client):
        await client.order(CHAIN, order(pay("order-kill")))
        first = agent.desk.push("pending")
        node.kill()
    assert agent.desk.push("gone", id=first["id"])
    async with known_node(profile, agent) as (_, client):
        again = approve(agent)
        assert again["id"] != first["id"]
        await stands(client, "order-kill", included=True)
    assert int(chain.rpc("eth_getBalance", [SOMEONE, "latest"]), 16) == ETHER


async def test_one_that_waits_is_sped_up_and_taken_back(profile: Profile, agent: AgentProcess, chain: Anvil) -> None:
    agent.desk.unlock()
    chain.rpc("evm_setAutomine", [False])
    async with known_node(profile, agent) as (_, client):
        await client.order(CHAIN, order(pay("order-slow")))
        approve(agent)
        sent = await stands(client, "order-slow", can=["cancel", "speed_up"])
        assert len(sent.txs) == 1
        await client.speed_up("order-slow")
        approve(agent)

        async def twice() -> bool:
            return len((await client.send("order-slow")).txs) == 2

        await eventually(twice)
        await client.cancel("order-slow")
        approve(agent)

        async def thrice() -> bool:
            return len((await client.send("order-slow")).txs) == 3

        await eventually(thrice)
        assert (await client.send("order-slow")).can == []
        chain.rpc("anvil_mine", ["0xd"])
        assert (await ends(client, "order-slow")).state == "cancelled"
    assert int(chain.rpc("eth_getBalance", [SOMEONE, "latest"]), 16) == 0


async def test_an_allowance_of_a_token_is_found_and_taken_back(
    profile: Profile, agent: AgentProcess, chain: Anvil
) -> None:
    tool(UNISWAP_V2)
    token = UniswapV2(chain).token(5 * ETHER)
    chain.rpc("anvil_impersonateAccount", [ACCOUNT])
    call = "0x095ea7b3" + word(OTHER) + "ff" * 32
    chain.mined({"from": ACCOUNT, "to": token, "data": call})
    agent.desk.unlock()
    async with known_node(profile, agent) as (_, client):
        (given,) = (found := await client.allowances(CHAIN, ACCOUNT)).items
        assert (given.kind, given.asset, given.spender, given.unlimited) == ("erc20", token, OTHER, True)
        assert (given.held_base, given.block is not None, given.time_s is not None) == ("0", True, True)
        assert [(a.asset, a.symbol, a.decimals) for a in found.assets] == [(token, "UNI-V2", 18)]
        revoke = w.Revoke(id="order-revoke", asset=token, spender=OTHER, kind="erc20")
        view = await client.revoke(CHAIN, ACCOUNT, revoke)
        assert view.fields is not None and view.fields["to"] == token
        await client.order(CHAIN, order(revoke))
        approve(agent)
        await stands(client, "order-revoke", included=True)
        assert (await client.allowances(CHAIN, ACCOUNT)).items == []
        tx = (await client.send("order-revoke")).txs[0]
        evidence = await client.chain_transaction(CHAIN, tx)
        assert evidence.raw_b64 and evidence.fields["hash"] == tx and evidence.time_s


async def test_a_program_that_greets_as_the_node_is_not_it(profile: Profile, agent: AgentProcess) -> None:
    """An allowance is for the node that the owner named, not for whoever asks in its name."""
    agent.desk.unlock()
    agent.desk.do("admit_node", process=os.getpid())
    agent.desk.do("set_policy", policy=ALLOWED)
    with running(profile) as node:
        async with client_of(node) as client:
            await client.order(CHAIN, order(pay("order-alien")))
            waits = agent.desk.push("pending")
            assert waits["origin"] == "node:wallet"


async def test_solana_payments_share_a_transaction_that_the_agent_signs(runtime: Path, tmp_path: Path) -> None:
    make_keystore(tmp_path / "agent")
    local = "solana:local"
    with (
        AgentProcess(tmp_path / "agent", runtime, "--mode", "practice") as agent,
        running(Profile.of("practice", tmp_path / "data")) as node,
    ):
        agent.ready().desk.unlock()
        agent.desk.do("admit_node", process=node.process.pid)
        accounts = [a["id"] for a in agent.desk.do("list_accounts") if a["family"] == "solana"]
        account = accounts[0].partition(":")[2]
        async with client_of(node) as client:
            await client.fund(local, account)
            to = ["4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T", "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin"]
            items = [pay(f"sol-order-{n}", 10**9, key) for n, key in enumerate(to)]
            asked = w.OrderAsked(account=account, items=list(items))
            plan = await client.plan(local, asked)
            assert [item.payments for item in plan.items] == [["sol-order-0", "sol-order-1"]]
            await client.order(local, asked)
            assert approve(agent)["origin"] == "node:wallet"
            first, second = [await ends(client, item.id) for item in items]
            assert (first.state, second.state, first.shared, first.txs) == ("paid", "paid", 2, second.txs)
            assert first.fee_base == "5000" and int(first.cost_most_base or 0) >= 5000
            await client.order(local, w.OrderAsked(account=account, items=[w.MakeNonce(id="sol-nonce")]))
            approve(agent)
            assert (await ends(client, "sol-nonce")).state == "paid"
            assert [nonce.busy for nonce in (await client.nonces(local, account)).items] == [False]
            late = w.OrderAsked(account=account, items=[pay("sol-durable", 5 * 10**8, to[0])], durable=True)
            await client.order(local, late)
            waiting = await stands(client, "sol-durable", state="sending", txs=[])
            assert waiting.nonce == 0
            approve(agent)
            assert (await ends(client, "sol-durable")).state == "paid"
