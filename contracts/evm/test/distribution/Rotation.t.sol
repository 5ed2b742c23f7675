// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {DistributionBase} from "./DistributionBase.sol";

/// @dev When a change of verifiers may be carried out, and that it may not be for ever.
contract RotationTest is DistributionBase {
    DistributionVault private people;
    address[] private added = [address(0xADD)];

    function setUp() public override {
        super.setUp();
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        p.maxPerClaim = 100e18;
        people = create(p);
    }

    function test_a_change_that_was_forgotten_is_not_carried_out() public {
        uint256 until = _schedule() + 14 days;
        vm.warp(until + 1);
        _tooLate(until);
        vm.warp(until + 1000 days);
        _tooLate(until);
        (uint256 threshold, uint256 active,) = people.quorum();
        assertEq(threshold, 2);
        assertEq(active, 3);
    }

    function test_a_change_is_carried_out_until_the_last_second_of_its_window() public {
        uint256 until = _schedule() + 14 days;
        assertEq(until, vm.getBlockTimestamp() + people.ROTATION_DELAY() + people.ROTATION_WINDOW());
        vm.warp(until);
        people.applyVerifiers(added, 1);
        (address who, bool active) = people.verifierAt(3);
        assertTrue(who == added[0] && active);
    }

    function test_a_change_that_is_too_late_may_be_scheduled_anew_or_dropped() public {
        uint256 until = _schedule() + 14 days;
        vm.warp(until + 1);
        uint256 from = _schedule(); // the same words, another time
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooEarly.selector, from));
        people.applyVerifiers(added, 1);
        vm.warp(from + 14 days + 1);
        vm.prank(GUARDIAN);
        people.cancelVerifiers(added, 1);
        vm.expectRevert(IDistributionVault.NotScheduled.selector);
        people.applyVerifiers(added, 1);
        vm.warp(_schedule());
        people.applyVerifiers(added, 1);
        (uint256 threshold,,) = people.quorum();
        assertEq(threshold, 1);
    }

    function testFuzz_a_change_counts_in_its_window_and_never_outside(uint256 wait) public {
        uint256 from = _schedule();
        wait = bound(wait, 0, 400 days);
        vm.warp(from - 2 days + wait);
        if (wait < 2 days) vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooEarly.selector, from));
        if (wait > 16 days) vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooLate.selector, from + 14 days));
        people.applyVerifiers(added, 1);
    }

    function test_where_no_verifiers_were_named_none_are_scheduled() public {
        DistributionVault byTree = create(plain(keccak256("root"), 10, 1000e18));
        vm.prank(ADMIN);
        vm.expectRevert(IDistributionVault.BadVerifiers.selector);
        byTree.scheduleVerifiers(added, 1);
    }

    function _schedule() private returns (uint256 from) {
        vm.prank(ADMIN);
        people.scheduleVerifiers(added, 1);
        return vm.getBlockTimestamp() + 2 days;
    }

    function _tooLate(uint256 until) private {
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooLate.selector, until));
        people.applyVerifiers(added, 1);
    }
}
