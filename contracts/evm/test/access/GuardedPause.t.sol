// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {GuardedPause} from "../../src/access/GuardedPause.sol";
import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";

contract Doors is GuardedPause {
    uint256 public entered;
    uint256 public left;

    constructor(address owner_, address guardian_) GuardedPause(owner_, guardian_) {}

    function enter() external whenNotPaused {
        ++entered;
    }

    function exit() external {
        ++left;
    }
}

contract GuardedPauseTest is Test {
    address private timelock = makeAddr("timelock");
    address private guardian = makeAddr("guardian");
    address private stranger = makeAddr("stranger");
    Doors private doors;

    function setUp() public {
        vm.warp(1_700_000_000);
        doors = new Doors(timelock, guardian);
    }

    function test_a_pause_refuses_entries_and_no_exit() public {
        vm.prank(guardian);
        doors.pause(1 days);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.EnforcedPause.selector, vm.getBlockTimestamp() + 1 days));
        doors.enter();
        doors.exit();
        assertEq(doors.left(), 1);
        assertTrue(doors.paused());
    }

    function test_a_pause_ends_by_itself(uint256 duration) public {
        duration = bound(duration, 1, doors.MAX_PAUSE());
        vm.prank(guardian);
        doors.pause(duration);
        vm.warp(vm.getBlockTimestamp() + duration - 1);
        assertTrue(doors.paused());
        vm.warp(vm.getBlockTimestamp() + 1);
        assertFalse(doors.paused());
        doors.enter();
        assertEq(doors.entered(), 1);
    }

    function test_nobody_but_the_guardian_pauses(address account) public {
        vm.assume(account != guardian);
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotGuardian.selector, account));
        doors.pause(1);
    }

    function test_a_pause_is_bounded(uint256 duration) public {
        duration = bound(duration, doors.MAX_PAUSE() + 1, type(uint256).max);
        vm.startPrank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.PauseTooLong.selector, duration));
        doors.pause(duration);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.PauseTooLong.selector, 0));
        doors.pause(0);
    }

    function test_the_guardian_cannot_pause_again_before_the_cooldown() public {
        vm.startPrank(guardian);
        doors.pause(2 days);
        uint256 next = vm.getBlockTimestamp() + 2 days + doors.PAUSE_COOLDOWN();
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.PauseCoolingDown.selector, next));
        doors.pause(1 days);
        vm.warp(next - 1);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.PauseCoolingDown.selector, next));
        doors.pause(1 days);
        vm.warp(next);
        doors.pause(1 days);
        assertEq(doors.pausedUntil(), next + 1 days);
    }

    function test_the_owner_ends_a_pause_and_the_cooldown_starts_then() public {
        vm.prank(guardian);
        doors.pause(5 days);
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.prank(timelock);
        doors.unpause();
        doors.enter();
        uint256 next = vm.getBlockTimestamp() + doors.PAUSE_COOLDOWN();
        assertEq(doors.nextPauseAt(), next);
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.PauseCoolingDown.selector, next));
        doors.pause(1);
    }

    function test_the_owner_lengthens_a_running_pause_by_a_bounded_time() public {
        uint256 most = doors.MAX_PAUSE();
        vm.startPrank(timelock);
        vm.expectRevert(IGuardedPause.ExpectedPause.selector);
        doors.extendPause(1 days);
        vm.stopPrank();
        vm.prank(guardian);
        doors.pause(most);
        vm.warp(vm.getBlockTimestamp() + most - 1);
        vm.startPrank(timelock);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.PauseTooLong.selector, most + 1));
        doors.extendPause(most + 1);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.PauseTooLong.selector, 0));
        doors.extendPause(0);
        doors.extendPause(most);
        assertEq(doors.pausedUntil(), vm.getBlockTimestamp() + most);
        vm.warp(vm.getBlockTimestamp() + most);
        vm.expectRevert(IGuardedPause.ExpectedPause.selector);
        doors.unpause();
    }

    function test_a_new_guardian_is_not_bound_by_the_old_ones_cooldown() public {
        vm.prank(guardian);
        doors.pause(1 days);
        vm.prank(timelock);
        doors.setGuardian(stranger);
        assertTrue(doors.paused());
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotGuardian.selector, guardian));
        doors.pause(1);
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.prank(stranger);
        doors.pause(1 days);
        assertTrue(doors.paused());
    }

    function test_only_the_owner_does_what_is_the_owners(address account) public {
        vm.assume(account != timelock);
        bytes memory refusal = abi.encodeWithSelector(IGuardedPause.NotOwner.selector, account);
        vm.startPrank(account);
        vm.expectRevert(refusal);
        doors.unpause();
        vm.expectRevert(refusal);
        doors.extendPause(1);
        vm.expectRevert(refusal);
        doors.setGuardian(account);
    }

    function test_there_is_an_owner() public {
        vm.expectRevert(IGuardedPause.ZeroOwner.selector);
        new Doors(address(0), guardian);
    }

    function test_without_a_guardian_nobody_pauses() public {
        vm.prank(timelock);
        doors.setGuardian(address(0));
        vm.prank(guardian);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotGuardian.selector, guardian));
        doors.pause(1);
    }
}
