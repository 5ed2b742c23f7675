// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The part of a fee that grows while balances stand off their moving averages
/// @notice The twin of `fluxdesk.core.curves.dynamic_fee`, bit for bit. It reads the state before the trade alone: exact in
/// and exact out pay the same.
library DynamicFee {
    uint256 internal constant UNIT = 1e18;
    uint256 internal constant MAX_FEE = 0.1e18;

    /// @notice |bi eo - bo ei| / (bi eo + bo ei) in units of 1e-18, floored. All of 112 bits.
    function deviation(uint256 balanceIn, uint256 averageIn, uint256 balanceOut, uint256 averageOut)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            uint256 ours = balanceIn * averageOut;
            uint256 theirs = balanceOut * averageIn;
            uint256 whole = ours + theirs;
            if (whole == 0) return 0;
            uint256 apart = ours > theirs ? ours - theirs : theirs - ours;
            uint256 shift = whole >> 192 == 0 ? 0 : 64;
            return (apart >> shift) * UNIT / (whole >> shift);
        }
    }

    /// @notice The fee with its volatile part, a tenth at most. `multiplier` has 16 bits.
    function volatileFee(uint256 fee, uint256 multiplier, uint256 apart) internal pure returns (uint256) {
        unchecked {
            fee += fee * multiplier * apart / UNIT;
            return fee > MAX_FEE ? MAX_FEE : fee;
        }
    }
}
