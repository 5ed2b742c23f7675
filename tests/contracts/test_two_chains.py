"""Cross-chain liquidity between two EVM nodes, with a relayer in place of CCIP's network.

The router on each chain is `RouterStandIn`, written against Chainlink's own `IRouterClient`; everything else is the
real contract. The relayer knows only what the chains' logs say, so it can be stopped and started again at any block.
Both bridges have one address, as deployments by CREATE2 have.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from eth_typing import ChecksumAddress
from web3 import Web3
from web3.contract import Contract
from web3.exceptions import ContractCustomError
from web3.logs import DISCARD
from web3.types import RPCEndpoint

from integration.servers import ANVIL, Anvil
from needs import tool
from solidity import Compiled, compiled

SEPOLIA, BASE = 16015286601757825753, 10344971235874465080
"""Chain selectors as CCIP numbers chains."""
UNIT = {SEPOLIA: 10**18, BASE: 10**6}
NOBODY = "0x" + "00" * 20
FOREVER = 2**64
FILES = ["src/crosschain/CrossChainLiquidity.sol", "test/crosschain/StandIns.sol", "test/mocks/OddTokens.sol"]
NAMES = ["CrossChainLiquidity", "BridgedToken", "RouterStandIn", "RmnStandIn", "MockToken", "IRouterClient"]
WHOLE = 1_000_000


@pytest.fixture(scope="module")
def built() -> dict[str, Compiled]:
    return compiled(FILES, NAMES)


@dataclass
class Chain:
    """One node and what is deployed on it."""

    selector: int
    web3: Web3
    built: dict[str, Compiled]
    router: Contract = field(init=False)
    rmn: Contract = field(init=False)
    token: Contract = field(init=False)
    bridge: Contract = field(init=False)

    @property
    def people(self) -> list[ChecksumAddress]:
        """Owner, sender, recipient, relayer."""
        return list(self.web3.eth.accounts)

    def deploy(self, name: str, *arguments: Any) -> Contract:
        made = self.built[name]
        factory = self.web3.eth.contract(abi=made.abi, bytecode=made.code)
        sent = factory.constructor(*arguments).transact({"from": self.people[0], "gas": 12_000_000})
        receipt = self.web3.eth.wait_for_transaction_receipt(sent, poll_latency=0.01)
        assert receipt["status"] == 1, name
        return cast(Contract, self.web3.eth.contract(address=receipt["contractAddress"], abi=made.abi))

    def do(self, call: Any, sender: int = 0, value: int = 0) -> Any:
        """Send it; its receipt. It must not revert."""
        sent = call.transact({"from": self.people[sender], "value": value, "gas": 3_000_000})
        receipt = self.web3.eth.wait_for_transaction_receipt(sent, poll_latency=0.01)
        assert receipt["status"] == 1
        return receipt

    def held(self, person: int) -> int:
        """In units of 10^-18."""
        amount: int = self.token.functions.balanceOf(self.people[person]).call()
        return amount * (UNIT[SEPOLIA] // UNIT[self.selector])

    def lane(self, other: int) -> dict[str, Any]:
        names = (
            "selector", "remote", "silo", "epoch", "sequence", "remoteEpoch", "remoteSequence", "remoteLiquidity",
        )  # fmt: skip
        state = self.bridge.functions.laneState(other).call()
        return dict(zip(names, state.values() if isinstance(state, dict) else state, strict=True))

    def send(self, other: int, amount: int, value: int = 0) -> Any:
        call = self.bridge.functions.send(other, self.people[2], amount, NOBODY, value, FOREVER)
        return self.do(call, sender=1, value=value)


@dataclass
class Relayer:
    """Carries messages between routers. Its only memory is which log it has read up to, and that may be lost."""

    chains: dict[int, Chain]
    done: dict[int, int] = field(default_factory=dict)

    def waiting(self, source: int) -> list[Any]:
        """Messages of a chain, from the block after the last that was read."""
        chain = self.chains[source]
        first = self.done.get(source, 0)
        if first > chain.web3.eth.block_number:
            return []
        events = chain.router.events.MessageSent().get_logs(from_block=first)
        return [event["args"] for event in events]

    def carry(self, source: int, message: Any, to: int | None = None) -> tuple[bool, bytes]:
        """What the destination's router says of it: whether the receiver took it, and its answer."""
        there = self.chains[to or message["destination"]]
        receiver = message["receiver"] if to is None else there.bridge.address
        receipt = there.do(
            there.router.functions.route(
                message["id"], source, message["sender"], receiver, message["gasLimit"], message["data"]
            ),
            sender=3,
        )
        (said,) = there.router.events.MessageRouted().process_receipt(receipt, errors=DISCARD)
        return said["args"]["success"], said["args"]["answer"]

    def run(self) -> list[bool]:
        """Everything that waits, in order, both ways."""
        results = []
        for source, chain in self.chains.items():
            block = chain.web3.eth.block_number
            results += [self.carry(source, message)[0] for message in self.waiting(source)]
            self.done[source] = block + 1
        return results


@pytest.fixture
def chains(built: dict[str, Compiled]) -> Iterator[dict[int, Chain]]:
    tool(ANVIL)
    with Anvil(31337) as one, Anvil(84532) as two:
        home = Chain(SEPOLIA, Web3(Web3.HTTPProvider(one.rpc_url)), built)
        away = Chain(BASE, Web3(Web3.HTTPProvider(two.rpc_url)), built)
        home.token = home.deploy("MockToken", 18)
        for chain in (home, away):
            chain.router = chain.deploy("RouterStandIn", chain.selector)
            chain.rmn = chain.deploy("RmnStandIn")
        # token and bridge of the other chain name each other: the bridge is the deployment after the token
        owner = away.people[0]
        nonce = away.web3.eth.get_transaction_count(owner)
        away.token = away.deploy("BridgedToken", "Bridged", "B", 6, create_address(owner, nonce + 1))
        for chain in (home, away):
            setup = {
                "router": chain.router.address, "rmn": chain.rmn.address, "link": NOBODY, "token": chain.token.address,
                "home": chain is home, "localSelector": chain.selector, "firstEpoch": 1,
                "owner": chain.people[0], "guardian": chain.people[0],
            }  # fmt: skip
            chain.bridge = chain.deploy("CrossChainLiquidity", tuple(setup.values()))
        assert home.bridge.address == away.bridge.address
        for chain, other in ((home, away), (away, home)):
            whole = UNIT[chain.selector]
            limits = (WHOLE * whole, WHOLE * whole)
            decimals = other.token.functions.decimals().call()
            chain.do(
                chain.bridge.functions.addLane(other.selector, other.bridge.address, decimals, 250_000, limits, limits)
            )
            chain.do(chain.token.functions.approve(chain.bridge.address, 2**255), sender=1)
            chain.do(chain.token.functions.approve(chain.bridge.address, 2**255), sender=2)
        home.do(home.token.functions.mint(home.people[1], WHOLE * UNIT[SEPOLIA]))
        yield {SEPOLIA: home, BASE: away}


def create_address(sender: str, nonce: int) -> str:
    """Where `sender`'s transaction number `nonce` puts a contract: keccak of RLP (Yellow Paper, section 7)."""
    assert 0 < nonce < 128, "one byte in RLP"
    return Web3.to_checksum_address(Web3.keccak(b"\xd6\x94" + bytes.fromhex(sender[2:]) + bytes([nonce]))[12:])


def people_hold(chains: dict[int, Chain]) -> int:
    return sum(chain.held(person) for chain in chains.values() for person in (1, 2))


def test_the_stand_in_is_a_router_as_chainlink_says(built: dict[str, Compiled]) -> None:
    def signatures(name: str) -> set[str]:
        return {
            f"{part['type']} {part['name']} {[i['type'] for i in part['inputs']]} {part.get('stateMutability')}"
            for part in built[name].abi
            if part["type"] in ("function", "error")
        }

    theirs = {said.removesuffix(" nonpayable") for said in signatures("IRouterClient")}
    ours = {said.removesuffix(" nonpayable").replace(" pure", " view") for said in signatures("RouterStandIn")}
    assert len(theirs) >= 6
    assert theirs <= ours


def test_tokens_go_to_another_chain_and_come_home(chains: dict[int, Chain]) -> None:
    home, away, relayer = chains[SEPOLIA], chains[BASE], Relayer(chains)
    home.send(BASE, 100 * 10**18)
    assert people_hold(chains) == (WHOLE - 100) * 10**18
    assert relayer.run() == [True]
    assert away.held(2) == 100 * 10**18
    assert away.lane(SEPOLIA)["remoteLiquidity"] == 100 * 10**6
    away.do(away.token.functions.transfer(away.people[1], 40 * 10**6), sender=2)
    away.send(SEPOLIA, 40 * 10**6)
    assert relayer.run() == [True]
    assert home.held(2) == 40 * 10**18
    assert home.lane(BASE)["silo"] == 60 * 10**18
    assert home.lane(BASE)["remoteLiquidity"] == 60 * 10**18
    assert people_hold(chains) == WHOLE * 10**18


def test_a_fee_in_the_native_coin_is_paid_and_the_rest_returned(chains: dict[int, Chain]) -> None:
    home = chains[SEPOLIA]
    fee = 10**15
    home.do(home.router.functions.setFee(fee))
    before = home.web3.eth.get_balance(home.people[1])
    receipt = home.send(BASE, 10**18, value=5 * fee)
    spent = before - home.web3.eth.get_balance(home.people[1])
    assert spent == fee + receipt["gasUsed"] * receipt["effectiveGasPrice"]
    assert home.web3.eth.get_balance(home.router.address) == fee


@pytest.mark.parametrize("seed", range(3))
def test_a_relayer_that_repeats_shuffles_and_forgets_pays_each_message_once(
    chains: dict[int, Chain], seed: int
) -> None:
    dice = random.Random(seed)
    home, away = chains[SEPOLIA], chains[BASE]
    home.send(BASE, 1000 * 10**18)
    Relayer(chains).run()
    away.do(away.token.functions.transfer(away.people[1], 500 * 10**6), sender=2)
    sent = 0
    for _ in range(8):
        chain, other = dice.choice([(home, BASE), (away, SEPOLIA)])
        chain.send(other, dice.randrange(1, 50) * UNIT[chain.selector])
        sent += 1
    # a relayer with no memory, that takes all there ever was, three times over, in any order
    again = Relayer(chains)
    every = [(source, message) for source in chains for message in again.waiting(source)] * 3
    dice.shuffle(every)
    taken = [again.carry(source, message)[0] for source, message in every]
    assert sum(taken) == sent, "the first one had been paid before"
    assert people_hold(chains) == WHOLE * 10**18
    assert home.lane(BASE)["silo"] == away.lane(SEPOLIA)["silo"] * 10**12
    assert away.token.functions.totalSupply().call() == away.lane(SEPOLIA)["silo"]
    assert home.lane(BASE)["remoteSequence"] == away.lane(SEPOLIA)["sequence"]
    assert away.lane(SEPOLIA)["remoteSequence"] == home.lane(BASE)["sequence"]


def test_a_message_for_one_chain_is_foreign_on_another(chains: dict[int, Chain]) -> None:
    relayer = Relayer(chains)
    chains[SEPOLIA].send(BASE, 10**18)
    (message,) = relayer.waiting(SEPOLIA)
    taken, answer = relayer.carry(SEPOLIA, message, to=SEPOLIA)
    assert not taken
    assert answer[:4] == Web3.keccak(text="UnknownLane(uint64)")[:4]
    forged = {**message, "sender": chains[SEPOLIA].people[3]}
    taken, answer = relayer.carry(SEPOLIA, forged)
    assert not taken
    assert answer[:4] == Web3.keccak(text="ForeignSender(bytes)")[:4]
    assert relayer.run() == [True], "and it is still paid where it belongs"


def test_what_a_limit_or_a_curse_holds_back_is_paid_later_by_anybody(chains: dict[int, Chain]) -> None:
    home, away, relayer = chains[SEPOLIA], chains[BASE], Relayer(chains)
    away.do(away.bridge.functions.setLimits(SEPOLIA, 250_000, (10**12, 0), (10 * 10**6, 10**6)))
    home.send(BASE, 8 * 10**18)
    home.send(BASE, 9 * 10**18)
    assert relayer.run() == [True, True], "to the router both have arrived"
    assert away.held(2) == 8 * 10**18
    away.do(away.rmn.functions.curse(SEPOLIA, True))
    away.web3.provider.make_request(RPCEndpoint("evm_increaseTime"), [60])
    with pytest.raises(ContractCustomError, match=Web3.keccak(text="LaneCursed(uint64)")[:4].hex()):
        away.bridge.functions.retry(SEPOLIA, 1, 2).call()
    away.do(away.rmn.functions.curse(SEPOLIA, False))
    away.do(away.bridge.functions.retry(SEPOLIA, 1, 2), sender=3)
    assert away.held(2) == 17 * 10**18
    assert relayer.carry(SEPOLIA, relayer_messages(chains)[1])[0] is False
    assert people_hold(chains) == WHOLE * 10**18


def relayer_messages(chains: dict[int, Chain]) -> list[Any]:
    """All that home has ever sent."""
    return Relayer(chains).waiting(SEPOLIA)
