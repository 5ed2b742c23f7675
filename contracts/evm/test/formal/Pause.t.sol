// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuardedPause} from "../../src/access/GuardedPause.sol";

/// @dev The pause in any state that its own functions can reach or not: both times are written as they come.
contract AnyPause is GuardedPause {
    uint256 private constant TIMES_SLOT = 0;

    constructor(address owner_, address guardian_) GuardedPause(owner_, guardian_) {}

    /// @dev The slot holds the guardian (160 bits) and both times (48 each).
    function setTimes(uint48 until, uint48 next) external {
        assembly {
            let kept := and(sload(TIMES_SLOT), 0xffffffffffffffffffffffffffffffffffffffff)
            sstore(TIMES_SLOT, or(kept, or(shl(160, until), shl(208, next))))
        }
    }

    function enter() external view whenNotPaused {}

    function leave() external view {}
}

interface Vm {
    function prank(address sender) external;
    function warp(uint256 time) external;
}

/// @notice For all states, callers, times and lengths, by halmos: `make prove`.
contract PauseFormal {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant OWNER = address(0xAA);
    address private constant GUARDIAN = address(0xBB);
    AnyPause private pausing;

    function setUp() external {
        pausing = new AnyPause(OWNER, GUARDIAN);
    }

    function _any(uint48 until, uint48 next, uint40 time) private {
        pausing.setTimes(until, next);
        assert(pausing.pausedUntil() == until && pausing.nextPauseAt() == next && pausing.guardian() == GUARDIAN);
        vm.warp(time);
    }

    function check_a_pause_is_bounded(uint48 until, uint48 next, uint40 time, address caller, uint256 duration) external {
        _any(until, next, time);
        vm.prank(caller);
        try pausing.pause(duration) {
            assert(pausing.pausedUntil() <= uint256(time) + pausing.MAX_PAUSE());
            assert(pausing.pausedUntil() > time);
        } catch {}
    }

    function check_only_the_guardian_pauses(uint48 until, uint48 next, uint40 time, address caller, uint256 duration)
        external
    {
        if (caller == GUARDIAN) return;
        _any(until, next, time);
        vm.prank(caller);
        try pausing.pause(duration) {
            assert(false);
        } catch {}
    }

    /// @dev A guardian alone: after a pause there is none before its end and the cool-down are over.
    function check_a_guardian_cannot_pause_on_and_on(
        uint48 until,
        uint48 next,
        uint40 time,
        uint40 later,
        uint256 first,
        uint256 second
    ) external {
        if (later < time) return;
        _any(until, next, time);
        vm.prank(GUARDIAN);
        try pausing.pause(first) {
            vm.warp(later);
            vm.prank(GUARDIAN);
            try pausing.pause(second) {
                assert(later >= uint256(time) + first + pausing.PAUSE_COOLDOWN());
            } catch {}
        } catch {}
    }

    function check_only_the_owner_lengthens_and_within_bounds(
        uint48 until,
        uint48 next,
        uint40 time,
        address caller,
        uint256 duration
    ) external {
        _any(until, next, time);
        vm.prank(caller);
        try pausing.extendPause(duration) {
            assert(caller == OWNER);
            assert(pausing.pausedUntil() <= uint256(time) + pausing.MAX_PAUSE());
        } catch {}
    }

    function check_only_the_owner_ends_a_pause(uint48 until, uint48 next, uint40 time, address caller) external {
        _any(until, next, time);
        vm.prank(caller);
        try pausing.unpause() {
            assert(caller == OWNER);
            assert(!pausing.paused());
        } catch {
            assert(caller != OWNER || until <= time);
        }
    }

    function check_only_the_owner_names_a_guardian(uint48 until, uint48 next, uint40 time, address caller, address named)
        external
    {
        _any(until, next, time);
        vm.prank(caller);
        try pausing.setGuardian(named) {
            assert(caller == OWNER && pausing.guardian() == named);
            assert(pausing.pausedUntil() == until);
        } catch {
            assert(caller != OWNER);
        }
    }

    /// @dev Entries are open again when the time is over, whatever anybody does or does not do.
    function check_entries_open_by_themselves(uint48 until, uint48 next, uint40 time) external {
        _any(until, next, time);
        try pausing.enter() {
            assert(time >= until);
        } catch {
            assert(time < until);
        }
    }

    function check_what_is_not_guarded_never_stops(uint48 until, uint48 next, uint40 time) external {
        _any(until, next, time);
        pausing.leave();
    }
}
