"""The plan that comes along, on a real chain, ordered by a stand-in that signs at once; and what the agent believes."""

from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from eth_abi.abi import encode

from fluxdesk.chains.evm.contracts.built import keccak256, load, without_hash
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER, NO_SALT, address_of, call_of, made_by
from fluxdesk.chains.evm.contracts.deploying import How, deploy
from fluxdesk.chains.evm.contracts.distribution import CreateDistributionCall, DistributionCreatedEvent
from fluxdesk.chains.evm.contracts.distribution import Parameters as Terms
from fluxdesk.chains.evm.contracts.governance_deployment import DeployGovernorCall
from fluxdesk.chains.evm.contracts.plan import Step, steps
from fluxdesk.chains.evm.contracts.recorded import Chains, Recorded
from fluxdesk.chains.evm.contracts.synthetic_asset_factory import (
    CreateSyntheticCall,
    Parameters,
    SyntheticCreatedEvent,
)
from fluxdesk.chains.evm.contracts.vaults import Log, found
from fluxdesk.chains.rpc.http import RpcConnection
from fluxdesk.cli.contracts_chain import OfUrl, Place, Through
from fluxdesk.cli.contracts_vaults import OfRpc
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.resources import path
from fluxdesk_host.signing.ours import deployments as ours
from fluxdesk_host.signing.ours.families import BELIEVED, METHODS
from fluxdesk_host.signing.registry import selector_of
from integration.servers import ANVIL, Anvil
from needs import tool

MOST_CODE = 24_576
"""Bytes of a contract (EIP-170)."""
UNIT = 10**18
FEES = (8 * UNIT // 10, 86 * UNIT // 100, 105 * UNIT // 100, 10**27, UNIT // 100, UNIT // 100, 10**24, UNIT, 86_400)
"""Terms of a synthetic that a factory takes."""


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil() as server:
        yield server


def sent(chain: Anvil, code: bytes) -> dict[str, str]:
    """The receipt of a deployment through the proxy."""
    call = {"from": chain.accounts[0], "to": DEPLOYER, "data": "0x" + call_of(code).hex(), "gas": hex(29_000_000)}
    return chain.mined(call)


def governed(chain: Anvil, step: Step) -> dict[str, str]:
    """The receipt of the call that has a deployment make its governor."""
    data = DeployGovernorCall(step.built.code()).encode()
    call = {"from": chain.accounts[0], "to": step.maker, "data": "0x" + data.hex(), "gas": hex(29_000_000)}
    return chain.mined(call)


class AtOnce:
    """Stands in for the node's queue and the agent: an unlocked account of anvil pays."""

    def __init__(self, chain: Anvil) -> None:
        self.chain, self.made = chain, 0

    async def make(self, step: Step) -> tuple[str, int]:
        self.made += 1
        receipt = sent(self.chain, step.code) if step.maker == DEPLOYER else governed(self.chain, step)
        assert receipt["status"] == "0x1", step.name
        return receipt["transactionHash"], int(receipt["blockNumber"], 16)


def through(chain: Anvil) -> tuple[Through, RpcConnection]:
    connection = RpcConnection(Endpoint.parse(chain.rpc_url, ("http",)), 1_000.0)
    return Through(Place("eip155:31337", "anvil", WalletClient(path(".")), OfUrl(connection))), connection


async def test_the_plan_stands_with_every_immutable_compared_and_again_changes_nothing(chain: Anvil) -> None:
    plan = steps(path("deployment/plan.json").read_bytes(), chain.accounts[0], load)
    reads, connection = through(chain)
    orders = AtOnce(chain)
    first = [stands async for stands in deploy(plan, reads, orders)]
    assert [(s.how, s.immutables) for s in first] == [(How.MADE, True)] * len(plan)
    again = [stands async for stands in deploy(plan, reads, orders)]
    assert [(s.how, s.immutables) for s in again] == [(How.THERE, True)] * len(plan)
    assert orders.made == len(plan)
    await connection.close()
    noted = Chains()
    for stands in first:
        step = stands.step
        arguments = "0x" + step.arguments.hex()
        noted.put("eip155:31337", Recorded(step.name, step.built.name, step.address, "0x" + NO_SALT.hex(), arguments))
    believed = {(one.contract, one.address) for one in ours.read(msgspec.json.encode(noted))}
    stand = {(s.step.built.name, s.step.address) for s in first if s.step.built.name in BELIEVED}
    generator = next(s.step.address for s in first if s.step.built.name == "TokenGenerator")
    assert believed == {*stand, ("LiquidityLock", made_by(generator, 2))}
    assert len(stand) > 6


def asked(chain: Anvil, to: str, signature: str, *words: bytes) -> str:
    """What a view of an address says, as an address."""
    data = "0x" + (selector_of(signature) + b"".join(words)).hex()
    return "0x" + str(chain.rpc("eth_call", [{"to": to, "data": data}, "latest"]))[-40:]


async def test_the_governed_plan_hands_everything_to_a_timelock_that_only_the_governor_moves(chain: Anvil) -> None:
    account = chain.accounts[0]
    plan = steps(path("deployment/governed.json").read_bytes(), account, load)
    at = {step.name: step.address for step in plan}
    reads, connection = through(chain)
    orders = AtOnce(chain)
    first = [stands async for stands in deploy(plan, reads, orders)]
    assert all(stands.immutables for stands in first)
    made = orders.made
    again = [stands async for stands in deploy(plan, reads, orders)]
    assert ([s.how for s in again], orders.made) == ([How.THERE] * len(plan), made)
    await connection.close()
    timelock = made_by(at["votes"], 1)
    for name, view in (
        ("pools", "owner()"), ("synthetics", "OWNER()"), ("distributions", "owner()"), ("provenance", "OWNER()"),
    ):  # fmt: skip
        assert asked(chain, at[name], view) == timelock, name
    assert asked(chain, at["governor"], "timelock()") == timelock
    for role in (b"PROPOSER_ROLE", b"CANCELLER_ROLE"):
        held = [
            int(asked(chain, timelock, "hasRole(bytes32,address)", keccak256(role), encode(["address"], [who])), 16)
            for who in (at["governor"], account, DEPLOYER, at["votes"])
        ]
        assert held == [1, 0, 0, 0], role
    admins = [
        int(asked(chain, timelock, "hasRole(bytes32,address)", bytes(32), encode(["address"], [who])), 16)
        for who in (timelock, account, DEPLOYER, at["votes"], at["governor"])
    ]
    assert admins == [1, 0, 0, 0, 0]


def claimed(contract: str, address: str, salt: bytes, arguments: bytes) -> dict[str, str]:
    return {
        "contract": contract, "address": address, "salt": "0x" + salt.hex(), "arguments": "0x" + arguments.hex()
    }  # fmt: skip


def believed(*claims: dict[str, str]) -> set[tuple[str, str]]:
    text = msgspec.json.encode({"version": 1, "chains": {"eip155:31337": claims}})
    return {(one.contract, one.address) for one in ours.read(text)}


def is_there(chain: Anvil, contract: str, address: str) -> bool:
    """Whether that contract's code stands there, whatever its immutables and the hash of its metadata."""
    found = without_hash(chain.rpc("eth_getCode", [address, "latest"]))
    child = load(contract)
    expected = msgspec.structs.replace(child, runtime=without_hash(child.runtime))
    return expected.is_runtime(bytes.fromhex(found[2:]))


def root(chain: Anvil, contract: str, arguments: bytes = b"") -> tuple[str, dict[str, str]]:
    """A contract by the proxy, deployed if it is missing, and the claim of it."""
    code = load(contract).code(arguments)
    address = address_of(code)
    if chain.rpc("eth_getCode", [address, "latest"]) == "0x":
        assert sent(chain, code)["status"] == "0x1"
    return address, claimed(contract, address, NO_SALT, arguments)


async def test_what_a_constructor_makes_stands_where_the_agent_believes_it(chain: Anvil) -> None:
    account = chain.accounts[0]
    governor = load("FluxdeskGovernor").code()
    terms = ("Votes", "VOTE", 10**24, account, account, 10**21, keccak256(governor))
    arguments = encode(["(string,string,uint256,address,address,uint256,bytes32)"], [terms])
    deployment, claim = root(chain, "GovernanceDeployment", arguments)
    deploy_governor = selector_of("deployGovernor(bytes)") + encode(["bytes"], [governor])
    call = {"from": account, "to": deployment, "data": "0x" + deploy_governor.hex(), "gas": hex(29_000_000)}
    assert chain.mined(call)["status"] == "0x1"
    children = believed(claim) - {("GovernanceDeployment", deployment)}
    assert {name for name, _ in children} == {"Registry", "GovernanceToken", "FluxdeskGovernor"}
    pools, _ = root(
        chain, "LiquidityPoolManager", encode(["address", "address", "uint256"], [account, account, 10**17])
    )
    generator, made_with = root(chain, "TokenGenerator", encode(["address"], [pools]))
    children |= believed(made_with) - {("TokenGenerator", generator)}
    assert len(children) == 4
    for contract, address in children:
        assert is_there(chain, contract, address), contract


async def test_vaults_stand_where_the_agent_believes_them(chain: Anvil) -> None:
    account = chain.accounts[0]
    code_of_vaults, first = root(chain, "SyntheticVaultDeployer")
    arguments = encode(["address", "address"], [account, code_of_vaults])
    factory, second = root(chain, "SyntheticAssetFactory", arguments)
    kinds = f"(string,string,{'uint256,' * 9}address,address)"
    terms = ("Dollar", "USD", *FEES, account, account)
    asset = b"\x05" * 32
    create = selector_of(f"createSynthetic(bytes32,address,address,{kinds})") + encode(
        ["bytes32", "address", "address", kinds], [asset, factory, factory, terms]
    )
    assert (
        chain.mined({"from": account, "to": factory, "data": "0x" + create.hex(), "gas": hex(29_000_000)})["status"]
        == "0x1"
    )
    of_vault = encode(["address", "address", "address", "address", kinds], [factory, factory, factory, account, terms])
    salt = keccak256(encode(["address", "bytes32"], [factory, asset]))
    vault = address_of(load("SyntheticVault").code(of_vault), salt, code_of_vaults)
    assert ("SyntheticVault", vault) in believed(first, second, claimed("SyntheticVault", vault, asset, of_vault))
    assert is_there(chain, "SyntheticVault", vault)

    deployer, claim = root(chain, "VaultDeployer")
    kinds = f"(bytes32,bytes32,bytes32,{'address,' * 5}{'uint256,' * 10}uint256)"
    data = encode([kinds, "address[]"], [(asset, asset, asset, *[account] * 5, *[0] * 11), []])
    deploy_ = selector_of(f"deploy({kinds},address[])") + data
    assert (
        chain.mined({"from": account, "to": deployer, "data": "0x" + deploy_.hex(), "gas": hex(29_000_000)})["status"]
        == "0x1"
    )
    number = int(chain.rpc("eth_getTransactionCount", [deployer, "latest"]), 16) - 1
    place = made_by(deployer, number)
    one = claimed("DistributionVault", place, number.to_bytes(32, "big"), encode(["address"], [deployer]))
    assert ("DistributionVault", place) in believed(claim, one)
    assert is_there(chain, "DistributionVault", place)


async def test_vaults_are_found_by_the_logs_of_their_factories_and_then_believed(chain: Anvil) -> None:
    account = chain.accounts[0]
    roots: list[dict[str, str]] = []
    at: dict[str, str] = {}
    for contract in ("SyntheticVaultDeployer", "SyntheticAssetFactory", "VaultDeployer", "Distribution"):
        arguments = {
            "SyntheticAssetFactory": lambda: encode(["address"] * 2, [account, at["SyntheticVaultDeployer"]]),
            "Distribution": lambda: encode(["address"] * 3, [account, account, at["VaultDeployer"]]),
        }.get(contract, bytes)()
        at[contract], claim = root(chain, contract, arguments)
        roots.append(claim)
    token, _ = root(chain, "BridgedToken", encode(["string", "string", "uint8", "address"], ["T", "T", 18, account]))
    terms = Parameters("Dollar", "USD", *FEES, account, account)
    distribution = Terms(
        salt=bytes(32), root=b"\x01" * 32, requirements_hash=bytes(32), token=token, amount=9, recipients=3,
        max_per_claim=3, start=0, end=1 << 40, grace=0, vesting_start=0, cliff=0, duration=0, admin=account,
        guardian=account,
        verifier="0x" + "00" * 20, threshold=0, verifiers=(),
    )  # fmt: skip
    front = at["Distribution"]
    for to, call in (
        (at["SyntheticAssetFactory"], CreateSyntheticCall(b"\x06" * 32, front, front, terms).encode()),
        (token, selector_of("mint(address,uint256)") + encode(["address", "uint256"], [account, 100])),
        (token, selector_of("approve(address,uint256)") + encode(["address", "uint256"], [front, 100])),
        (front, CreateDistributionCall(distribution).encode()),
    ):
        sent_ = {"from": account, "to": to, "data": "0x" + call.hex(), "gas": hex(29_000_000)}
        assert chain.mined(sent_)["status"] == "0x1"
    noted = [Recorded(one["contract"], one["contract"], one["address"], one["salt"], one["arguments"]) for one in roots]
    connection = RpcConnection(Endpoint.parse(chain.rpc_url, ("http",)), 1_000.0)
    vaults = [vault async for vault in found(noted, OfRpc(OfUrl(connection)))]
    await connection.close()
    assert {"SyntheticVault", "DistributionVault"} == {vault.contract for vault in vaults}
    claims = [claimed(v.contract, v.address, bytes.fromhex(v.salt[2:]), bytes.fromhex(v.arguments[2:])) for v in vaults]
    known = believed(*roots, *claims)
    for vault in vaults:
        assert (vault.contract, vault.address) in known
        assert is_there(chain, vault.contract, vault.address)
        assert vault.block > 0
    assert (
        asked(chain, front, "vaultOf(bytes32)", bytes.fromhex(vaults[-1].name.partition("-")[2])) == vaults[-1].address
    )


class Lying:
    """Stands in for an endpoint that makes up logs of every kind."""

    def __init__(self, *rows: Log) -> None:
        self.rows = rows

    async def of(self, address: str, topic: bytes, first: int) -> AsyncIterator[Log]:
        for row in self.rows:
            yield row

    async def made(self, address: str) -> int:
        return 9


async def test_what_an_endpoint_makes_up_of_vaults_is_not_noted() -> None:
    me, other = "0x" + "11" * 20, "0x" + "22" * 20
    pair = encode(["address"] * 3, [me, other, other])
    noted = [
        Recorded("s", "SyntheticAssetFactory", me, "0x" + "00" * 32, "0x" + pair.hex()),
        Recorded("d", "Distribution", me, "0x" + "00" * 32, "0x" + pair.hex()),
    ]
    kinds = f"(string,string,{'uint256,' * 9}address,address)"
    word = bytes(12) + bytes.fromhex(other[2:])
    made = encode(["address", "address", kinds], [other, other, ("A", "B", *[1] * 9, me, me)])
    created = encode(["address", "uint256", "uint256", "bytes32", "bytes32"], [other, 1, 1, bytes(32), bytes(32)])
    rows = (
        Log((SyntheticCreatedEvent.TOPIC, bytes(32), word, word), made, "0x", 5),
        Log((DistributionCreatedEvent.TOPIC, bytes(32), word, word), created, "0x", 5),
        Log((), b"", "0x", 5),
        Log((SyntheticCreatedEvent.TOPIC,), b"x", "0x", 5),
    )
    assert [vault async for vault in found(noted, Lying(*rows))] == []


@pytest.mark.parametrize("contract", sorted(METHODS))
def test_what_is_deployed_fits_a_chain(contract: str) -> None:
    assert len(load(contract).runtime) // 2 - 1 <= MOST_CODE
