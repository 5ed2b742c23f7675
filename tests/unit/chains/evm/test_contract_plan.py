"""Plans: addresses follow from code and arguments; what cannot be followed is said with its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.chains.evm.contracts.built import keccak256, load
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER, address_of, made_by
from fluxdesk.chains.evm.contracts.plan import BadPlan, Step, steps
from fluxdesk.core.resources import path

ME = "0x" + "A1" * 20
_OWNED = {"initialOwner": ME, "initialGuardian": "$account"}
POOLS = {"name": "pools", "contract": "LiquidityPoolManager", "arguments": _OWNED | {"protocolShare": "5"}}


TERMS = {
    "name": "Votes", "symbol": "V", "supply": 9, "holder": ME, "guardian": ME, "proposalThreshold": "77",
    "governorCodeHash": "$code.FluxdeskGovernor",
}  # fmt: skip
VOTES = {"name": "votes", "contract": "GovernanceDeployment", "arguments": {"terms": TERMS}}
GOVERNOR = {"name": "governor", "contract": "FluxdeskGovernor", "by": "$votes"}


def followed(*given: object) -> list[Step]:
    return steps(json.dumps(given), ME, load)


@pytest.mark.parametrize(
    ("sender", "salt", "code", "address"),
    [
        ("00" * 20, "00" * 32, "00", "0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38"),
        ("deadbeef" + "00" * 16, "00" * 32, "00", "0xb928f69bb1d91cd65274e3c79d8986362984fda3"),
        ("00" * 20, "00" * 32, "deadbeef", "0x70f2b2914a2a4b783faefb75f459a580616fcb5e"),
        ("00" * 20, "00" * 32, "", "0xe33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0"),
    ],
)
def test_addresses_are_those_of_eip_1014(sender: str, salt: str, code: str, address: str) -> None:
    assert address_of(bytes.fromhex(code), bytes.fromhex(salt), "0x" + sender) == address


def test_an_address_follows_from_the_arguments() -> None:
    (step,) = followed(POOLS)
    assert step.arguments == 2 * (bytes(12) + bytes.fromhex("a1" * 20)) + (5).to_bytes(32, "big")
    assert step.address != followed(POOLS | {"arguments": _OWNED | {"protocolShare": 6}})[0].address


def test_a_later_step_takes_the_address_of_an_earlier_one_and_the_account() -> None:
    pair = {"name": "pair", "contract": "PairOracle", "arguments": {"base": "$pools", "quote": "$account"}}
    pools, made = followed(POOLS, pair)
    assert made.arguments == bytes(12) + bytes.fromhex(pools.address[2:]) + bytes(12) + bytes.fromhex("a1" * 20)


def test_lists_and_structs_are_encoded() -> None:
    median = {
        "name": "median", "contract": "MedianOracle",
        "arguments": {"list": ["$account", "0x" + "02" * 20], "minLive": 2, "maxSpread": "7"},
    }  # fmt: skip
    (step,) = followed(median)
    words = [step.arguments[at : at + 32] for at in range(0, len(step.arguments), 32)]
    assert [int.from_bytes(word, "big") for word in words[:4]] == [96, 2, 7, 2]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([], "1 to 64 steps"),
        ([POOLS, POOLS], "no name for a step, or is taken"),
        ([POOLS, POOLS | {"name": "again"}], "the same deployment as an earlier step"),
        ([POOLS | {"name": "account"}], "no name for a step, or is taken"),
        ([POOLS | {"name": "../x"}], "no name for a step"),
        ([POOLS | {"contract": "../../etc/passwd"}], "There is no contract"),
        ([POOLS | {"arguments": {}}], r"takes \(initialOwner, initialGuardian, protocolShare\), not \(\)"),
        ([POOLS | {"arguments": _OWNED | {"protocolShare": True}}], "True is no uint256"),
        ([POOLS | {"arguments": _OWNED | {"protocolShare": 1.5}}], "1.5 is no uint256"),
        ([POOLS | {"arguments": _OWNED | {"protocolShare": -1}}], "not of type"),
        ([POOLS | {"arguments": _OWNED | {"protocolShare": 1 << 256}}], "not of type"),
        ([POOLS | {"arguments": _OWNED | {"protocolShare": "$later"}}], "no earlier step is called 'later'"),
        ([POOLS | {"more": 1}], "no list of steps"),
        ([{"name": "p", "contract": "PairOracle", "arguments": {"base": "0x12", "quote": ME}}], "is no address"),
        ([GOVERNOR], "comes by an earlier GovernanceDeployment"),
        ([POOLS, GOVERNOR | {"by": "$pools"}], "comes by an earlier GovernanceDeployment"),
        ([VOTES, GOVERNOR | {"arguments": {"token": ME}}], "follow from votes"),
        ([VOTES, GOVERNOR, GOVERNOR | {"name": "two"}], "the same deployment as an earlier step"),
        ([VOTES, POOLS | {"by": "$votes"}], "only a FluxdeskGovernor comes by another step"),
        ([POOLS | {"arguments": _OWNED | {"protocolShare": "$code.FluxdeskGovernor"}}], "no earlier step is called"),
        ([VOTES, POOLS | {"arguments": _OWNED | {"protocolShare": "$votes.treasury"}}], "no earlier step is called"),
    ],
)
def test_what_cannot_be_followed_is_said_with_its_place(given: object, why: str) -> None:
    with pytest.raises(BadPlan, match=why):
        steps(json.dumps(given), ME, load)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_any_bytes_are_a_plan_or_refused(given: bytes | str) -> None:
    with pytest.raises(BadPlan):
        steps(given, ME, load)


def test_the_plan_that_comes_with_fluxdesk_can_be_followed() -> None:
    made = steps(path("deployment/plan.json").read_bytes(), ME, load)
    assert len({step.address for step in made}) == len(made) > 0


def test_what_governance_makes_has_a_name_for_those_it_owns() -> None:
    owned = {"initialOwner": "$votes.timelock", "initialGuardian": "$account", "protocolShare": "5"}
    votes, governor, pools = followed(VOTES, GOVERNOR, POOLS | {"arguments": owned})
    words = [votes.arguments[at : at + 32] for at in range(0, len(votes.arguments), 32)]
    assert words[7] == keccak256(load("FluxdeskGovernor").code())
    assert (governor.address, governor.maker) == (made_by(votes.address, 4), votes.address)
    token, timelock = made_by(votes.address, 3), made_by(votes.address, 1)
    assert governor.arguments.hex() == f"{token[2:]:0>64}{timelock[2:]:0>64}{77:064x}"
    assert pools.arguments[:32].hex() == f"{timelock[2:]:0>64}"
    assert pools.maker == DEPLOYER


def test_in_the_governed_plan_nobody_but_the_timelock_owns_anything() -> None:
    made = {step.name: step for step in steps(path("deployment/governed.json").read_bytes(), ME, load)}
    plain = steps(path("deployment/plan.json").read_bytes(), ME, load)
    assert {step.built.name for step in plain} <= {step.built.name for step in made.values()}
    timelock = bytes(12) + bytes.fromhex(made_by(made["votes"].address, 1)[2:])
    for name in ("pools", "synthetics", "distributions", "provenance"):
        assert made[name].arguments[:32] == timelock, name
