"""`fluxdesk contracts deploy`: a real node, a real agent and anvil; killed in the middle, run again, lied to."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent_process import EVM, AgentProcess, make_keystore
from fluxdesk.chains.evm.contracts.built import load
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER, DEPLOYER_CODE
from fluxdesk.chains.evm.contracts.plan import steps
from fluxdesk.chains.evm.contracts.synthetic_asset_factory import CreateSyntheticCall, Parameters
from fluxdesk.core.paths import Profile
from integration.nodes import RunningNode, running
from integration.servers import ANVIL, Anvil
from needs import tool

CHAIN = "eip155:31337"
ACCOUNT = EVM.partition(":")[2]
ETHER = 10**18
_OWNED = {"initialOwner": "$account", "initialGuardian": "$account"}
PLAN = [
    {"name": "pools", "contract": "LiquidityPoolManager", "arguments": _OWNED | {"protocolShare": str(ETHER // 10)}},
    {"name": "more", "contract": "LiquidityPoolManager", "arguments": _OWNED | {"protocolShare": 0}},
]
TEXT = json.dumps(PLAN)
POOLS, MORE = (step.address for step in steps(TEXT, ACCOUNT, load))


@pytest.fixture
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
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


def profile_in(folder: Path, chain: Anvil) -> Profile:
    made = Profile.of("live", folder / "data")
    made.folder.mkdir(mode=0o700)
    settings = {
        "solana_rpc": [], "chain_rpc": [f"{CHAIN} {chain.rpc_url}"], "chains_added": ["31337 Local EVM ETH test"],
        "rpc_per_second": 1_000,
    }  # fmt: skip
    made.settings.write_bytes(msgspec.json.encode(settings))
    return made


@pytest.fixture
def profile(chain: Anvil, runtime: Path, tmp_path: Path) -> Profile:
    return profile_in(tmp_path, chain)


@pytest.fixture
def agent(runtime: Path, tmp_path: Path) -> Iterator[AgentProcess]:
    make_keystore(tmp_path / "agent")
    with AgentProcess(tmp_path / "agent", runtime) as started:
        started.ready()
        started.desk.unlock()
        yield started


@pytest.fixture
def node(profile: Profile, agent: AgentProcess) -> Iterator[RunningNode]:
    started = RunningNode(profile)
    try:
        agent.desk.do("admit_node", process=started.process.pid)
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Profile, Anvil]]:
    """A node over a chain, and nobody who signs: for what is refused before."""
    tool(ANVIL)
    runtime = tmp_path_factory.mktemp("q")
    runtime.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch, Anvil() as server:
        patch.setenv("FLUXDESK_RUNTIME", str(runtime))
        patch.setenv("FLUXDESK_AGENT_SOCKET", "a.sock")
        server.rpc("anvil_setBalance", [ACCOUNT, hex(100 * ETHER)])
        profile = profile_in(tmp_path_factory.mktemp("p"), server)
        started = RunningNode(profile)
        try:
            yield profile, server
        finally:
            started.stop()


@pytest.fixture
def refusing(unsigned: tuple[Profile, Anvil]) -> Iterator[tuple[Profile, Anvil]]:
    """The same, its chain put back after each test."""
    before = unsigned[1].rpc("evm_snapshot")
    yield unsigned
    unsigned[1].rpc("evm_revert", [before])


class Command:
    """`fluxdesk contracts deploy` as a process."""

    def __init__(self, profile: Profile, plan: object, chain: str, account: str = ACCOUNT) -> None:
        file = profile.folder.parent / "plan.json"
        file.write_text(plan if isinstance(plan, str) else json.dumps(plan))
        line = [
            sys.executable, "-m", "fluxdesk", "contracts", "deploy", "--chain", chain, "--account", account, "--plan",
            str(file), "--data", str(profile.folder), "--profile", profile.mode, "--json",
        ]  # fmt: skip
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)

    def ends(self) -> tuple[int, list[dict[str, object]], str]:
        out, said = self.process.communicate(timeout=120)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], said

    def says(self) -> str:
        """The next line about what it waits for."""
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


def approve(agent: AgentProcess) -> dict[str, object]:
    waits = agent.desk.push("pending")
    agent.desk.do("approve", id=waits["id"], digest=waits["digest"])
    return waits


def code_at(chain: Anvil, address: str) -> str:
    return str(chain.rpc("eth_getCode", [address, "latest"]))


def nonce(chain: Anvil) -> int:
    return int(chain.rpc("eth_getTransactionCount", [ACCOUNT, "latest"]), 16)


def test_a_plan_is_deployed_by_its_owner_and_again_changes_nothing(
    profile: Profile, agent: AgentProcess, node: RunningNode, chain: Anvil
) -> None:
    command = Command(profile, PLAN, CHAIN)
    approve(agent)
    approve(agent)
    code, rows, said = command.ends()
    assert code == 0, said
    assert [(r["name"], r["address"], r["deployed"], r["immutables_compared"]) for r in rows] == [
        ("pools", POOLS, True, True), ("more", MORE, True, True),
    ]  # fmt: skip
    share = chain.rpc("eth_call", [{"to": POOLS, "data": _selector("PROTOCOL_SHARE()")}, "latest"])
    assert int(share, 16) == ETHER // 10
    noted = json.loads((profile.folder / "deployments.json").read_bytes())["chains"][CHAIN]
    assert [(entry["address"], entry["tx"]) for entry in noted] == [(r["address"], r["tx"]) for r in rows]
    sent = nonce(chain)
    code, rows, _ = Command(profile, PLAN, chain.rpc_url).ends()  # by the endpoint's address this time
    assert (code, [r["deployed"] for r in rows], nonce(chain)) == (0, [False, False], sent)
    assert json.loads((profile.folder / "deployments.json").read_bytes())["chains"][CHAIN] == noted


def test_governance_comes_in_two_steps_and_the_owner_sees_which_governor(
    profile: Profile, agent: AgentProcess, node: RunningNode, chain: Anvil, tmp_path: Path
) -> None:
    (profile.folder / "agent").symlink_to(tmp_path / "agent")  # the agent is handed what is noted
    terms = {
        "name": "Votes", "symbol": "VOTE", "supply": str(10**24), "holder": "$account", "guardian": "$account",
        "proposalThreshold": "0", "governorCodeHash": "$code.FluxdeskGovernor",
    }  # fmt: skip
    plan = [
        {"name": "votes", "contract": "GovernanceDeployment", "arguments": {"terms": terms}},
        {"name": "governor", "contract": "FluxdeskGovernor", "by": "$votes"},
    ]
    command = Command(profile, plan, CHAIN)
    approve(agent)
    waits = approve(agent)
    code, rows, said = command.ends()
    assert code == 0, said
    assert [(r["name"], r["deployed"], r["immutables_compared"]) for r in rows] == [
        ("votes", True, True), ("governor", True, True),
    ]  # fmt: skip
    assert "Puts Fluxdesk's governor where the timelock of this deployment expects it" in json.dumps(waits["reading"])
    assert Command(profile, plan, CHAIN).ends()[1][1]["deployed"] is False


def test_killed_in_the_middle_it_goes_on_and_nothing_is_sent_twice(
    profile: Profile, agent: AgentProcess, node: RunningNode, chain: Anvil
) -> None:
    command = Command(profile, PLAN, CHAIN)
    approve(agent)
    second = agent.desk.push("pending")  # the first one stands, the second waits for its signature
    command.kill()
    assert code_at(chain, POOLS) != "0x"
    noted = json.loads((profile.folder / "deployments.json").read_bytes())["chains"][CHAIN]
    assert [entry["name"] for entry in noted] == ["pools"]
    again = Command(profile, PLAN, CHAIN)
    assert "an earlier run ordered it" in again.says()
    agent.desk.do("approve", id=second["id"], digest=second["digest"])
    code, rows, said = again.ends()
    assert code == 0, said
    assert [(r["name"], r["deployed"]) for r in rows] == [("pools", False), ("more", True)]
    assert nonce(chain) == 2


def test_what_the_owner_refuses_is_not_deployed_and_can_be_asked_for_again(
    profile: Profile, agent: AgentProcess, node: RunningNode, chain: Anvil
) -> None:
    command = Command(profile, PLAN[:1], CHAIN)
    agent.desk.do("reject", id=agent.desk.push("pending")["id"])
    code, rows, said = command.ends()
    assert (code, rows) == (1, [])
    assert "pools was not deployed (refused)" in said
    assert code_at(chain, POOLS) == "0x"
    again = Command(profile, PLAN[:1], CHAIN)
    approve(agent)
    assert again.ends()[0] == 0


def test_other_code_at_the_address_is_told(refusing: tuple[Profile, Anvil]) -> None:
    profile, chain = refusing
    wrong = bytearray.fromhex(load("LiquidityPoolManager").runtime[2:])
    wrong[100] ^= 1
    chain.rpc("anvil_setCode", [POOLS, "0x" + wrong.hex()])
    code, rows, said = Command(profile, PLAN, CHAIN).ends()
    assert (code, rows) == (1, [])
    assert f"{POOLS} is not LiquidityPoolManager as it was built: the first difference is at byte 100" in said
    chain.rpc("anvil_setCode", [POOLS, "0x" + bytes(wrong[:-1]).hex()])
    assert "bytes, not" in Command(profile, PLAN, CHAIN).ends()[2]
    assert nonce(chain) == 0


def test_another_immutable_is_told(refusing: tuple[Profile, Anvil]) -> None:
    profile, chain = refusing
    contract = load("LiquidityPoolManager")
    wrong = bytearray.fromhex(contract.runtime[2:])
    for start, length in contract.immutables:
        wrong[start : start + length] = (ETHER // 10 + 1).to_bytes(length, "big")
    chain.rpc("anvil_setCode", [POOLS, "0x" + wrong.hex()])
    code, rows, said = Command(profile, PLAN, CHAIN).ends()
    assert (code, rows) == (1, [])
    assert "with other immutables than these arguments give" in said


def test_without_the_deployment_proxy_nothing_is_sent(refusing: tuple[Profile, Anvil]) -> None:
    profile, chain = refusing
    assert code_at(chain, DEPLOYER) == "0x" + DEPLOYER_CODE.hex()
    chain.rpc("anvil_setCode", [DEPLOYER, "0x00"])
    code, _, said = Command(profile, PLAN, CHAIN).ends()
    assert code == 1
    assert "the chain has other code. Nothing was sent." in said
    assert nonce(chain) == 0


def test_a_constructor_that_refuses_its_arguments_is_told(refusing: tuple[Profile, Anvil]) -> None:
    profile, chain = refusing
    greedy = [{"name": "pools", "contract": "LiquidityPoolManager", "arguments": _OWNED | {"protocolShare": ETHER}}]
    code, _, said = Command(profile, greedy, CHAIN).ends()
    assert code == 1
    assert "pools was not deployed" in said
    assert nonce(chain) == 0


@pytest.mark.parametrize(
    ("chain_name", "sentence"),
    [
        ("eip155:99", "is no EVM chain of the live profile"),
        ("nonsense", "is no EVM chain of the live profile"),
        ("practice", "Only the practice profile has a practice chain"),
        ("eip155:1", "has no endpoint of Ethereum"),
        ("http://127.0.0.1:1", "was asked in vain"),
        ("ftp://x", "--chain:"),
    ],
)
def test_a_chain_that_is_not_the_nodes_is_answered_with_a_sentence(
    refusing: tuple[Profile, Anvil], chain_name: str, sentence: str
) -> None:
    code, rows, said = Command(refusing[0], PLAN, chain_name).ends()
    assert (code, rows) == (1, [])
    assert sentence in said
    assert "Traceback" not in said


def test_another_chain_with_the_same_number_is_not_taken_for_it(refusing: tuple[Profile, Anvil]) -> None:
    with Anvil() as other:
        other.rpc("anvil_reset")
        other.rpc("anvil_mine", ["0x1"])
        same = other.rpc("eth_getBlockByNumber", ["0x0", False])["hash"]
        mine = refusing[1].rpc("eth_getBlockByNumber", ["0x0", False])["hash"]
        code, _, said = Command(refusing[0], PLAN[:1], other.rpc_url).ends()
        assert same != mine
        assert code == 1
        assert "two chains with one number" in said


def test_a_damaged_note_stops_before_anything_is_sent(refusing: tuple[Profile, Anvil]) -> None:
    file = refusing[0].folder / "deployments.json"
    file.write_text("{")
    try:
        code, _, said = Command(refusing[0], PLAN, CHAIN).ends()
    finally:
        assert file.read_text() == "{"
        file.unlink()
    assert code == 2
    assert "is damaged. It was left as it is" in said


def vaults(profile: Profile) -> subprocess.CompletedProcess[str]:
    line = [
        sys.executable, "-m", "fluxdesk", "contracts", "vaults", "--chain", CHAIN, "--data", str(profile.folder),
        "--profile", profile.mode, "--json",
    ]  # fmt: skip
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)


def test_the_vaults_of_noted_factories_are_noted_once(refusing: tuple[Profile, Anvil]) -> None:
    profile, chain = refusing
    note = profile.folder / "deployments.json"
    assert vaults(profile).returncode == 0  # of a chain where nothing is noted, nothing is found
    assert not note.exists()
    plan = [
        {"name": "code", "contract": "SyntheticVaultDeployer"},
        {"name": "synthetics", "contract": "SyntheticAssetFactory", "arguments": {
            "owner": chain.accounts[0], "deployer": "$code"}},
    ]  # fmt: skip
    made = steps(json.dumps(plan), chain.accounts[0], load)
    for step in made:
        data = "0x" + (bytes(32) + step.code).hex()
        sent = {"from": chain.accounts[0], "to": DEPLOYER, "data": data, "gas": hex(29_000_000)}
        assert chain.mined(sent)["status"] == "0x1"
    factory = made[1].address
    unit, me = 10**18, chain.accounts[0]
    terms = Parameters(
        "Dollar", "USD", 8 * unit // 10, 86 * unit // 100, 105 * unit // 100, 10**27, unit // 100, unit // 100, 10**24,
        unit, 86_400, me, me,
    )  # fmt: skip
    create = "0x" + CreateSyntheticCall(b"\x05" * 32, factory, factory, terms).encode().hex()
    assert chain.mined({"from": me, "to": factory, "data": create, "gas": hex(29_000_000)})["status"] == "0x1"
    rows = [
        {"name": s.name, "contract": s.built.name, "address": s.address, "salt": "0x" + "00" * 32,
         "arguments": "0x" + s.arguments.hex()} for s in made
    ]  # fmt: skip
    note.write_text(json.dumps({"version": 1, "chains": {CHAIN: rows}}))
    for _ in range(2):
        done = vaults(profile)
        assert done.returncode == 0, done.stderr
        (row,) = [json.loads(line) for line in done.stdout.splitlines()]
        assert (row["contract"], code_at(chain, row["address"]) != "0x") == ("SyntheticVault", True)
        kept = json.loads(note.read_bytes())["chains"][CHAIN]
        assert [entry["contract"] for entry in kept] == [
            "SyntheticVaultDeployer",
            "SyntheticAssetFactory",
            "SyntheticVault",
        ]
    note.unlink()


def test_without_a_node_no_vaults_are_looked_for(profile: Profile) -> None:
    done = vaults(profile)
    assert (done.returncode, "No node of the live profile runs" in done.stderr) == (1, True)


def test_without_a_node_it_says_what_to_start(profile: Profile) -> None:
    code, _, said = Command(profile, PLAN, CHAIN).ends()
    assert code == 1
    assert "No node of the live profile runs" in said


def _selector(signature: str) -> str:
    from fluxdesk.chains.evm.contracts.built import keccak256

    return "0x" + keccak256(signature.encode())[:4].hex()


def test_on_the_practice_chain_it_waits_for_the_agent_and_says_so(runtime: Path, tmp_path: Path) -> None:
    tool(ANVIL)
    environment = {**os.environ, "PATH": f"{ANVIL.parent}:{os.environ['PATH']}", "XDG_DATA_HOME": str(tmp_path)}
    practice = Profile.of("practice", tmp_path / "p")
    with running(practice, environment=environment):
        start = "import asyncio; from fluxdesk.client.wallet import WalletClient as W;"
        fund = f"asyncio.run(W(Path({str(practice.socket)!r})).fund({CHAIN!r}, {ACCOUNT!r}))"
        subprocess.run([sys.executable, "-c", f"{start} from pathlib import Path; {fund}"], check=True, timeout=120)
        command = Command(practice, PLAN, "practice")
        assert "the agent does not run" in command.says()
        command.kill()
