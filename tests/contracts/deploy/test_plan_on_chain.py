"""The plan that comes along, on a real chain, ordered by a stand-in that signs at once; and what the agent believes."""

from collections.abc import Iterator

import msgspec
import pytest
from eth_abi.abi import encode

from fluxdesk.chains.evm.contracts.built import keccak256, load, without_hash
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER, NO_SALT, address_of, call_of, made_by
from fluxdesk.chains.evm.contracts.deploying import How, deploy
from fluxdesk.chains.evm.contracts.plan import Step, steps
from fluxdesk.chains.evm.contracts.recorded import Chains, Recorded
from fluxdesk.chains.rpc.http import RpcConnection
from fluxdesk.cli.contracts_chain import OfUrl, Place, Through
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.resources import path
from fluxdesk_host.signing.ours import deployments as ours
from fluxdesk_host.signing.ours.families import METHODS
from integration.servers import ANVIL, Anvil
from needs import tool

MOST_CODE = 24_576
"""Bytes of a contract (EIP-170)."""


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil() as server:
        yield server


def sent(chain: Anvil, code: bytes) -> dict[str, str]:
    """The receipt of a deployment through the proxy."""
    call = {"from": chain.accounts[0], "to": DEPLOYER, "data": "0x" + call_of(code).hex(), "gas": hex(29_000_000)}
    return chain.mined(call)


class AtOnce:
    """Stands in for the node's queue and the agent: an unlocked account of anvil pays."""

    def __init__(self, chain: Anvil) -> None:
        self.chain, self.made = chain, 0

    async def make(self, step: Step) -> tuple[str, int]:
        self.made += 1
        receipt = sent(self.chain, step.code)
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
    assert believed == {(s.step.built.name, s.step.address) for s in first if s.step.built.name in METHODS}
    assert len(believed) > 4


async def test_what_a_constructor_makes_stands_where_the_agent_believes_it(chain: Anvil) -> None:
    account = chain.accounts[0]
    governor = keccak256(load("FluxdeskGovernor").code())
    terms = ("Votes", "VOTE", 10**24, account, account, 10**21, governor)
    arguments = encode(["(string,string,uint256,address,address,uint256,bytes32)"], [terms])
    code = load("GovernanceDeployment").code(arguments)
    assert sent(chain, code)["status"] == "0x1"
    for contract, nonce in ours.CHILDREN["GovernanceDeployment"]:
        found = without_hash(chain.rpc("eth_getCode", [made_by(address_of(code), nonce), "latest"]))
        child = load(contract)
        expected = msgspec.structs.replace(child, runtime=without_hash(child.runtime))
        assert expected.is_runtime(bytes.fromhex(found[2:])), contract


@pytest.mark.parametrize("contract", sorted(METHODS))
def test_what_is_deployed_fits_a_chain(contract: str) -> None:
    assert len(load(contract).runtime) // 2 - 1 <= MOST_CODE
