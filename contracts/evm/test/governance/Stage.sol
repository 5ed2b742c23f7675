// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Test} from "forge-std/Test.sol";
import {FluxdeskGovernor} from "../../src/governance/FluxdeskGovernor.sol";
import {GovernanceDeployment} from "../../src/governance/GovernanceDeployment.sol";
import {GovernanceToken} from "../../src/governance/GovernanceToken.sol";
import {Registry} from "../../src/governance/Registry.sol";

/// @notice What `GovernanceDeployment` deploys, and the walk of a proposal through it.
abstract contract Stage is Test {
    uint256 internal constant SUPPLY = 100_000_000e18;
    uint256 internal constant THRESHOLD = SUPPLY / 1000;

    GovernanceDeployment internal deployment;
    TimelockController internal timelock;
    Registry internal registry;
    GovernanceToken internal token;
    FluxdeskGovernor internal governor;

    address internal guardian = makeAddr("guardian");
    address internal alice = makeAddr("alice");
    address internal bob = makeAddr("bob");
    address internal carol = makeAddr("carol");

    uint256 internal now_ = 1_800_000_000;

    function stage() internal {
        vm.warp(now_);
        deployment = new GovernanceDeployment(
            GovernanceDeployment.Terms(
                "Fluxdesk",
                "FLUX",
                SUPPLY,
                address(this),
                guardian,
                THRESHOLD,
                keccak256(vm.getCode("FluxdeskGovernor.sol:FluxdeskGovernor"))
            )
        );
        deployment.deployGovernor(vm.getCode("FluxdeskGovernor.sol:FluxdeskGovernor"));
        timelock = deployment.timelock();
        registry = deployment.registry();
        token = deployment.token();
        governor = FluxdeskGovernor(payable(deployment.governor()));
    }

    /// @dev The IR pipeline may keep `block.timestamp` over a warp, so the time is ours.
    function pass(uint256 time) internal {
        now_ += time;
        vm.warp(now_);
    }

    function give(address to, uint256 amount) internal {
        token.transfer(to, amount);
        vm.prank(to);
        token.delegate(to);
    }

    function one(address target, bytes memory data)
        internal
        pure
        returns (address[] memory targets, uint256[] memory values, bytes[] memory datas)
    {
        targets = new address[](1);
        values = new uint256[](1);
        datas = new bytes[](1);
        (targets[0], datas[0]) = (target, data);
    }

    function propose(address proposer, address target, bytes memory data, string memory why) internal returns (uint256) {
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(target, data);
        vm.prank(proposer);
        return governor.propose(targets, values, datas, why);
    }

    function vote(address voter, uint256 proposal, uint8 support) internal {
        vm.prank(voter);
        governor.castVote(proposal, support);
    }

    function queue(address target, bytes memory data, string memory why) internal {
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(target, data);
        governor.queue(targets, values, datas, keccak256(bytes(why)));
    }

    function execute(address target, bytes memory data, string memory why) internal {
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(target, data);
        governor.execute(targets, values, datas, keccak256(bytes(why)));
    }

    /// @dev From the proposal to its execution, with `voter` alone in favour.
    function govern(address voter, address target, bytes memory data, string memory why) internal {
        uint256 proposal = propose(voter, target, data, why);
        pass(governor.votingDelay() + 1);
        vote(voter, proposal, 1);
        pass(governor.votingPeriod());
        queue(target, data, why);
        pass(timelock.getMinDelay());
        execute(target, data, why);
    }
}
