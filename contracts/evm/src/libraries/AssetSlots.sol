// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Powers} from "./Powers.sol";

/// @title One slot for an asset of a pool: balance (112 bits), its moving average (112) and when both were true (32)
/// @notice The average is exponential over time, exact between two touches because a balance does not change between
/// them. A balance of this block has no weight in it yet, but the very first one. What liquidity changes is the supply of
/// shares: averages go with it, so that what a share has of each moves by time alone. The twin of
/// `fluxdesk.core.curves.averages`.
library AssetSlots {
    /// @notice A balance over 112 bits.
    error BalanceTooLarge();

    /// @notice In how many seconds an average nears its balance by 1 - 1/e.
    uint256 internal constant WINDOW = 600;
    uint256 private constant MASK = type(uint112).max;

    function balance(uint256 slot) internal pure returns (uint256) {
        return slot & MASK;
    }

    /// @notice A balance with its average, as of now.
    function pack(uint256 newBalance, uint256 newAverage) internal view returns (uint256) {
        if (newBalance > MASK) revert BalanceTooLarge();
        unchecked {
            return newBalance | (newAverage << 112) | (uint256(uint32(block.timestamp)) << 224);
        }
    }

    /// @notice A balance with the average of `slot` as of now and of another supply: it is to `supplyAfter` as it was to
    /// `supply`, to the nearest unit, one at least and 112 bits at most. `supply` is not zero, and both fit 128 bits.
    function packRescaled(uint256 slot, uint256 newBalance, uint256 supply, uint256 supplyAfter)
        internal
        view
        returns (uint256)
    {
        unchecked {
            uint256 scaled = (average(slot) * supplyAfter + (supply >> 1)) / supply;
            if (scaled > MASK) scaled = MASK;
            return pack(newBalance, scaled == 0 ? 1 : scaled);
        }
    }

    /// @notice The average as of now: it nears the balance by 1 - e^(-seconds / window).
    function average(uint256 slot) internal view returns (uint256) {
        unchecked {
            uint256 held = slot & MASK;
            uint256 past = (slot >> 112) & MASK;
            uint256 elapsed = uint32(uint32(block.timestamp) - uint32(slot >> 224));
            if (elapsed == 0 || past == held) return past;
            if (elapsed >= WINDOW << 5) return held; // e^-32 is nothing in 112 bits of which the rest is noise
            uint256 left = uint256(Powers.exp(-int256((elapsed << 120) / WINDOW)));
            return past > held ? held + ((past - held) * left >> 120) : held - ((held - past) * left >> 120);
        }
    }
}
