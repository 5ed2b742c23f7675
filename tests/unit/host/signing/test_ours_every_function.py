"""Every function of ours that changes state is read, or is an unknown call for a reason that stands here.

An unknown call is danger 4 and no allowance lets it through: what is missing from the recognisers is never harmless.
"""

from typing import Any

import pytest
from binding_build.kinds import canonical

from fluxdesk.chains.evm.contracts import built as kept
from fluxdesk_host.signing import EffectKind, Reading, read_evm_transaction
from fluxdesk_host.signing.ours import deployments as ours
from fluxdesk_host.signing.ours.families import METHODS
from fluxdesk_host.signing.registry import selector_of
from fluxdesk_host.signing.standard import standard
from requests_to_sign import ME, codes, only, transaction

OWNER = "the owner's alone, who is a timelock: what a proposal does is not for an allowance to let through"
GUARDIAN = "a guardian's or the owner's: it stops what others do"
CONTRACT = "for another contract of ours or of the network to call; from an account it reverts"
ONCE = "once, by the contract that makes it, in the transaction that makes it"
UNLISTED = "makes a contract that no factory lists, or is asked by one that makes it"
GOVERNOR = "the timelock's alone, by a proposal"

PAUSES = dict.fromkeys(("pause(uint256)", "extendPause(uint256)", "unpause()", "setGuardian(address)"), GUARDIAN)
UNKNOWN: dict[str, dict[str, str]] = {
    "BridgedToken": {"mint(address,uint256)": CONTRACT},
    "CrossChainLiquidity": {
        **PAUSES,
        "addLane(uint64,address,uint8,uint32,(uint128,uint128),(uint128,uint128))": OWNER,
        "advanceEpoch(uint64)": OWNER,
        "setLimits(uint64,uint32,(uint128,uint128),(uint128,uint128))": OWNER,
        "ccipReceive((bytes32,uint64,bytes,bytes,(address,uint256)[]))": CONTRACT,
        "deliver(uint64,address,uint256,uint8)": CONTRACT,
    },
    "Distribution": PAUSES,
    "FluxdeskGovernor": {
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": CONTRACT,
        "onERC1155Received(address,address,uint256,uint256,bytes)": CONTRACT,
        "onERC721Received(address,address,uint256,bytes)": CONTRACT,
        "relay(address,uint256,bytes)": GOVERNOR,
        "setLateQuorumVoteExtension(uint48)": GOVERNOR,
        "setProposalThreshold(uint256)": GOVERNOR,
        "setVotingDelay(uint48)": GOVERNOR,
        "setVotingPeriod(uint32)": GOVERNOR,
        "updateQuorumNumerator(uint256)": GOVERNOR,
        "updateTimelock(address)": GOVERNOR,
    },
    "GovernanceToken": {
        **PAUSES,
        "fundRewards(uint256,uint256)": OWNER,
        "receiveMigratedStake(address,uint256,address)": CONTRACT,
    },
    "LiquidityPoolManager": {
        **PAUSES,
        "rampAmplification(uint256,uint256,uint256)": OWNER,
        "setSupplyCap(uint256,uint256)": OWNER,
    },
    "MemeToken": {"initialize(address)": ONCE, "mint(address,uint256)": OWNER},
    "OrderSettlement": {"paySwap(address,uint256,bytes)": CONTRACT},
    "PoolIncentives": {"addReward(uint256,address)": OWNER},
    "Registry": {
        "register(bytes32,uint256,bytes32,bytes32,bytes32)": OWNER,
        "setSuccessor(address,address)": OWNER,
    },
    "SupplyChainTracker": {"setFeed(bytes32,address)": OWNER, "setRoles(address,uint256)": OWNER},
    "SyntheticAssetFactory": {
        "createSynthetic(bytes32,address,address,(string,string,uint256,uint256,uint256,uint256,uint256,uint256,uint256,"
        "uint256,uint256,address,address))": OWNER,
        "deployToken(string,string)": UNLISTED,
    },
    "SyntheticToken": {"mint(address,uint256)": CONTRACT, "burn(address,uint256)": CONTRACT},
    "SyntheticVault": PAUSES,
    "SyntheticVaultDeployer": {"deploy(bytes32,bytes)": UNLISTED},
    "TokenGenerator": {
        "generateFor(address,(bytes32,bytes32,address,(string,string,uint256,uint256,bool,address,uint256,uint256)))": (
            CONTRACT
        ),
    },
    "VaultDeployer": {
        "deploy((bytes32,bytes32,bytes32,address,address,address,address,address,uint256,uint256,uint256,uint256,"
        "uint256,uint256,uint256,uint256,uint256,uint256,uint256),address[])": UNLISTED,
    },
}  # fmt: skip
CHANGING = ("nonpayable", "payable")
AT = "0x" + "c0" * 20


def changing(contract: str) -> set[str]:
    """Signatures of the functions that change state."""
    return {
        f"{entry['name']}({','.join(canonical(one) for one in entry['inputs'])})"
        for entry in kept.load(contract).abi
        if entry["type"] == "function" and entry["stateMutability"] in CHANGING
    }


def registry(contract: str) -> Any:
    return ours.registry_with(standard(), [ours.Believed(1, AT, contract)], METHODS)


def read(contract: str, data: bytes) -> Reading:
    return read_evm_transaction(transaction(data, AT), "node:wallet", account=ME, chain=1, registry=registry(contract))


@pytest.mark.parametrize("contract", kept.names())
def test_every_function_is_read_or_unknown_for_a_reason(contract: str) -> None:
    known = registry(contract)
    read_ = {
        signature
        for signature in changing(contract)
        if any(m.canonical == signature for m in known.methods_of(1, AT, selector_of(signature)))
    }
    unknown = set(UNKNOWN.get(contract, {}))
    assert changing(contract) - read_ - unknown == set(), "neither read nor said to be unknown"
    assert unknown <= changing(contract), "said to be unknown, and not there"
    assert not read_ & unknown, "said to be unknown, and read"


def test_contracts_that_are_said_to_be_unknown_are_ours() -> None:
    assert set(UNKNOWN) <= set(kept.names())


@pytest.mark.parametrize(("contract", "signature"), [(c, s) for c, listed in UNKNOWN.items() for s in listed])
def test_what_is_unknown_is_shown_as_that(contract: str, signature: str) -> None:
    reading = read(contract, selector_of(signature) + bytes(64))
    assert (reading.complete, reading.danger >= 4) == (False, True)
    assert {"unknown-call"} == codes(reading) & {"unknown-call", "unread-arguments"}
    assert only(reading, EffectKind.UNKNOWN).to == AT
