// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Stage} from "./Stage.sol";

contract PlainVotes is ERC20, ERC20Votes {
    constructor(address holder, uint256 supply) ERC20("Plain", "P") EIP712("Plain", "1") {
        _mint(holder, supply);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function _update(address from, address to, uint256 amount) internal override(ERC20, ERC20Votes) {
        super._update(from, to, amount);
    }
}

/// @notice Whole transactions: run with `--isolate`.
contract GovernanceGas is Stage {
    PlainVotes private plain;

    function setUp() public {
        stage();
        plain = new PlainVotes(address(this), SUPPLY);
        give(alice, 1000e18);
        give(bob, 1000e18);
        plain.transfer(alice, 1000e18);
        plain.transfer(bob, 1000e18);
        vm.prank(alice);
        plain.delegate(alice);
        vm.prank(bob);
        plain.delegate(bob);
        token.transfer(address(timelock), 1000e18);
        vm.prank(address(timelock));
        token.fundRewards(1000e18, 100 days);
        vm.prank(bob);
        token.stake(10e18);
        pass(1);
    }

    function test_gas_votesTransfer() public {
        vm.prank(alice);
        token.transfer(bob, 1e18);
        uint256 ours = vm.snapshotGasLastCall("GovernanceGas", "votesTransfer");
        vm.prank(alice);
        plain.transfer(bob, 1e18);
        uint256 peer = vm.snapshotGasLastCall("GovernanceGas", "votesTransfer, OpenZeppelin ERC20Votes");
        assertLe(ours, 104_000);
        assertLt(ours, peer);
    }

    function test_gas_stake() public {
        vm.prank(alice);
        token.stake(1e18);
        vm.snapshotGasLastCall("GovernanceGas", "stake");
        pass(1);
        vm.prank(alice);
        token.unstake(1e18);
        vm.snapshotGasLastCall("GovernanceGas", "unstake");
        pass(10 days);
        vm.prank(alice);
        token.withdraw();
        vm.snapshotGasLastCall("GovernanceGas", "withdraw");
        vm.prank(bob);
        token.claimRewards();
        vm.snapshotGasLastCall("GovernanceGas", "claimRewards");
    }

    function test_gas_delegate() public {
        token.transfer(carol, 1);
        vm.prank(carol);
        token.delegate(carol);
        vm.snapshotGasLastCall("GovernanceGas", "delegate");
    }
}
