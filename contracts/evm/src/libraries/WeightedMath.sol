// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Powers} from "./Powers.sol";

/// @title Trades of weighted pools
/// @notice The twin of `fluxdesk.core.curves.weighted`, bit for bit: every result is rounded for the pool. Balances fit
/// 128 bits, weights and fees are in units of 1e-18.
library WeightedMath {
    /// @notice An amount of zero.
    error ZeroAmount();
    /// @notice More than three tenths of a balance in one trade.
    error TooLarge();

    uint256 internal constant UNIT = 1e18;
    uint256 internal constant MOST_PER_TRADE = 0.3e18;

    /// @notice What goes out for `amount` net of fees: Bo (1 - (Bi / (Bi + a)) ^ (wi / wo)), floored.
    function amountOut(uint256 heldIn, uint256 weightIn, uint256 heldOut, uint256 weightOut, uint256 amount)
        internal
        pure
        returns (uint256)
    {
        _within(amount, heldIn);
        unchecked {
            if (weightIn == weightOut) return heldOut * amount / (heldIn + amount);
            uint256 left = Powers.powerUp(heldIn, heldIn + amount, weightIn, weightOut);
            return left < Powers.ONE ? heldOut * (Powers.ONE - left) >> 120 : 0;
        }
    }

    /// @notice What must come in, net of fees, for `amount`: Bi ((Bo / (Bo - a)) ^ (wo / wi) - 1), ceiled.
    function amountIn(uint256 heldIn, uint256 weightIn, uint256 heldOut, uint256 weightOut, uint256 amount)
        internal
        pure
        returns (uint256 needed)
    {
        _within(amount, heldOut);
        if (weightIn == weightOut) {
            unchecked {
                needed = _divUp(heldIn * amount, heldOut - amount);
            }
        } else {
            uint256 grown = Powers.powerUp(heldOut, heldOut - amount, weightOut, weightIn);
            needed = _shiftUp(heldIn * (grown - Powers.ONE)); // checked: a power up to 2^60 times a balance
        }
        _within(needed, heldIn);
    }

    /// @notice The fee in an amount, ceiled.
    function feeOf(uint256 amount, uint256 fee) internal pure returns (uint256) {
        return _divUp(amount * fee, UNIT);
    }

    /// @notice The least gross amount that leaves `net` after its fee.
    function withFee(uint256 net, uint256 fee) internal pure returns (uint256) {
        return _divUp(net * UNIT, UNIT - fee);
    }

    function _within(uint256 amount, uint256 held) private pure {
        if (amount == 0) revert ZeroAmount();
        if (amount > type(uint128).max) revert TooLarge();
        unchecked {
            if (amount * UNIT > held * MOST_PER_TRADE) revert TooLarge();
        }
    }

    function _divUp(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a == 0 ? 0 : (a - 1) / b + 1;
        }
    }

    function _shiftUp(uint256 a) private pure returns (uint256) {
        unchecked {
            return a == 0 ? 0 : ((a - 1) >> 120) + 1;
        }
    }
}
