// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Linear vesting with a cliff
library Vesting {
    /// @notice What of `amount` has vested at `time`, floored: nothing before the cliff, then all that time since
    /// `start` has earned, everything from `start + duration` on. Never falls as time goes on.
    /// @param amount At most 128 bits, as `duration` is of 64: the product cannot overflow.
    function vestedDown(uint256 amount, uint256 start, uint256 cliff, uint256 duration, uint256 time)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            if (time < start || time - start < cliff) return 0;
            uint256 elapsed = time - start;
            return elapsed >= duration ? amount : amount * elapsed / duration;
        }
    }
}
