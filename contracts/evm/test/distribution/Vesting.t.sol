// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {Vesting} from "../../src/libraries/Vesting.sol";
import {TreeBase} from "./TreeBase.sol";

/// @dev What vests, what the creator takes back, and what a pause stops.
contract VestingTest is TreeBase {
    /* VESTING */

    function testFuzz_what_has_vested_never_falls_and_is_all_at_the_end(uint128 amount, uint48 a, uint48 b, uint32 cliff)
        public
        pure
    {
        (uint256 early, uint256 late) = a < b ? (a, b) : (b, a);
        uint256 duration = uint256(cliff) + 1000;
        uint256 one = Vesting.vestedDown(amount, 500, cliff, duration, early);
        uint256 two_ = Vesting.vestedDown(amount, 500, cliff, duration, late);
        assertLe(one, two_);
        assertLe(two_, amount);
        assertEq(Vesting.vestedDown(amount, 500, cliff, duration, 500 + duration), amount);
        if (cliff != 0) assertEq(Vesting.vestedDown(amount, 500, cliff, duration, 499 + uint256(cliff)), 0);
    }

    function test_a_claim_that_vests_is_paid_as_time_goes_on() public {
        vault = _vesting(25 * DAY, 100 * DAY);
        uint256 start = vm.getBlockTimestamp();
        vm.warp(start + 10 * DAY);
        _claim(0);
        assertEq(token.balanceOf(accountOf(0)), 0); // before the cliff
        vm.expectRevert(IDistributionVault.NothingToRelease.selector);
        vault.release(0);
        vm.warp(start + 25 * DAY);
        assertEq(vault.release(0), 25e18);
        vm.warp(start + 26 * DAY);
        assertEq(vault.releasable(0), 1e18);
        vm.prank(address(0xF00));
        vault.release(0); // by anyone
        assertEq(token.balanceOf(accountOf(0)), 26e18);
        vm.warp(start + 1000 * DAY);
        vault.release(0);
        assertEq(token.balanceOf(accountOf(0)), 100e18);
        vm.expectRevert(IDistributionVault.NothingToRelease.selector);
        vault.release(0);
    }

    function test_grants_are_never_for_more_than_was_funded() public {
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 250e18);
        (p.cliff, p.duration) = (0, 100 * DAY);
        vault = create(p);
        _claim(0);
        _claim(1);
        _expect(IDistributionVault.Reason.OverFunds);
        _claim(2);
    }

    /* CLAW-BACK */

    function test_a_claw_back_comes_after_the_grace_and_takes_what_nobody_claimed() public {
        _claim(0);
        uint256 last = vault.terms().end + vault.terms().grace;
        vm.warp(last);
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooEarly.selector, last + 1));
        vault.clawBack();
        vm.warp(last + 1);
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotFrom.selector, accountOf(0)));
        vm.prank(accountOf(0));
        vault.clawBack();
        uint256 before = token.balanceOf(address(this));
        assertEq(vault.clawBack(), 900e18);
        assertEq(token.balanceOf(address(this)) - before, 900e18);
    }

    function test_a_claw_back_leaves_grants_whole_vested_or_not() public {
        vault = _vesting(0, 400 * DAY);
        uint256 start = vm.getBlockTimestamp();
        vm.warp(start + 20 * DAY);
        _claim(0); // 5 of 100 paid
        _claim(1);
        vm.warp(start + 41 * DAY);
        assertEq(vault.clawBack(), 800e18);
        assertEq(vault.clawBack(), 0);
        assertEq(token.balanceOf(address(vault)), 190e18);
        vm.warp(start + 400 * DAY);
        vault.release(0);
        vault.release(1);
        assertEq(token.balanceOf(accountOf(0)), 100e18);
        assertEq(token.balanceOf(accountOf(1)), 100e18);
    }

    /* PAUSE */

    function test_a_pause_stops_new_distributions_and_payouts_but_no_claim_and_no_release() public {
        DistributionVault vested = _vesting(0, 100 * DAY);
        vm.warp(vm.getBlockTimestamp() + DAY);
        vault = vested;
        _claim(0);
        vm.prank(GUARDIAN);
        front.pause(10 * DAY);
        vm.warp(vm.getBlockTimestamp() + DAY);
        vault.release(0);
        _claim(1);
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        vm.expectPartialRevert(IGuardedPause.EnforcedPause.selector);
        front.createDistribution(p);
        vm.expectPartialRevert(IGuardedPause.EnforcedPause.selector);
        front.payout(address(token), new address[](0), new uint256[](0), 0);
    }
}
