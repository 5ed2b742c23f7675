"""The file of deployments in the agent's folder: read when it changes, believed only as far as it follows from code."""

import json
from pathlib import Path

from eth_abi.abi import encode

from fluxdesk.chains.evm.contracts.built import load
from fluxdesk.chains.evm.contracts.deployer import address_of
from fluxdesk.chains.evm.contracts.recorded import Chains, Recorded, write
from fluxdesk_host.agent.deployments import FILE, Deployments
from fluxdesk_host.agent.signer import read
from fluxdesk_host.protocol.messages import Sign
from fluxdesk_host.signing.standard import standard
from requests_to_sign import ME, OTHER, SOON, calldata

ARGUMENTS = encode(["address", "address", "uint256"], [ME, ME, 5])
AT = address_of(load("LiquidityPoolManager").code(ARGUMENTS))


def written(folder: Path, address: str) -> None:
    """As `fluxdesk contracts deploy` hands it over."""
    chains = Chains()
    entry = Recorded(
        "pools", "LiquidityPoolManager", address, "0x" + "00" * 32, "0x" + ARGUMENTS.hex(), "0x" + "11" * 32, 9
    )
    chains.put("eip155:1", entry)
    write(folder / FILE, chains)


def swap(to: str) -> Sign:
    data = calldata(
        "swapExactIn(uint256,uint256,uint256,uint256,uint256,address,uint256)", 1, 0, 1, 10, 9, ME, SOON
    )  # fmt: skip
    fields = {
        "type": "0x2", "chainId": "0x1", "nonce": "0x0", "gas": "0x30d40", "maxFeePerGas": "0x1",
        "maxPriorityFeePerGas": "0x1", "to": to, "value": "0x0", "input": "0x" + data.hex(),
    }  # fmt: skip
    return Sign("1", "node:wallet", f"evm:{ME}", "eip155:1", "evm_tx", fields)


def test_a_call_is_read_from_when_its_contract_is_noted(tmp_path: Path) -> None:
    deployments = Deployments(tmp_path / FILE)
    assert deployments.registry() is deployments.registry()
    assert not read(swap(AT), deployments.registry()).complete
    written(tmp_path, AT)
    assert read(swap(AT), deployments.registry()).complete
    assert not read(swap(OTHER), deployments.registry()).complete
    (tmp_path / FILE).unlink()
    assert not read(swap(AT), deployments.registry()).complete


def test_who_can_write_the_file_can_make_no_other_contract_known(tmp_path: Path) -> None:
    written(tmp_path, OTHER)
    deployments = Deployments(tmp_path / FILE)
    assert not read(swap(OTHER), deployments.registry()).complete
    assert deployments.registry().contract(1, OTHER) is None


def test_what_is_no_file_of_ours_adds_nothing(tmp_path: Path) -> None:
    deployments = Deployments(tmp_path / FILE)
    for text in ("", "{", json.dumps({"version": 1}), "[" * 100_000):
        (tmp_path / FILE).write_text(text)
        assert deployments.registry().contracts == standard().contracts
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).symlink_to("/dev/zero")
    assert deployments.registry().contracts == standard().contracts
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert deployments.registry().contracts == standard().contracts
