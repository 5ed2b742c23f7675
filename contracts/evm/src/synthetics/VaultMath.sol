// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISyntheticVault} from "../interfaces/ISyntheticVault.sol";

/// @title The arithmetic of a synthetic's vault
/// @dev The same integers in the same order as `fluxdesk.core.curves.vault`. Debts are rounded up, the value of collateral
/// down. A normal debt is a debt over the index of the stability fee; it is below 2^112 and the index is at most 2^16, so
/// a debt is below 2^128.
library VaultMath {
    uint256 internal constant WAD = 1e18;
    uint256 internal constant RAY = 1e27;
    uint256 internal constant PRICE_UNIT = 1e36;
    /// @notice Where the index stops: above it nothing may overflow, for an exit must not.
    uint256 internal constant MAX_INDEX = RAY << 16;

    struct Liquidation {
        uint256 burned;
        uint256 seized;
        uint256 badDebt;
    }

    struct Terms {
        uint256 lltv;
        uint256 incentive;
        uint256 targetHealth;
        uint256 minDebt;
    }

    /// @notice The index after `elapsed` seconds. It is compounded by the second, so it does not matter how often one asks.
    function accrueUp(uint256 index, uint256 feePerSecond, uint256 elapsed) internal pure returns (uint256) {
        uint256 factor = RAY;
        uint256 base = feePerSecond;
        while (elapsed != 0) {
            if (elapsed & 1 != 0) factor = _mulRayUp(factor, base);
            elapsed >>= 1;
            if (elapsed != 0) base = _mulRayUp(base, base);
        }
        return _mulRayUp(index, factor);
    }

    function debtUp(uint256 normal, uint256 index) internal pure returns (uint256) {
        unchecked {
            return (normal * index + (RAY - 1)) / RAY;
        }
    }

    function debtDown(uint256 normal, uint256 index) internal pure returns (uint256) {
        unchecked {
            return normal * index / RAY;
        }
    }

    function normalUp(uint256 debt, uint256 index) internal pure returns (uint256) {
        return (debt * RAY + (index - 1)) / index;
    }

    /// @notice What is left of a normal debt after `burned` of `debt`; nothing when all of it is.
    function normalLeft(uint256 normal, uint256 debt, uint256 burned, uint256 index) internal pure returns (uint256) {
        return burned == debt ? 0 : normal - burned * RAY / index;
    }

    function valueDown(uint256 collateral, uint256 price) internal pure returns (uint256) {
        return Math.mulDiv(collateral, price, PRICE_UNIT);
    }

    function limitDown(uint256 collateral, uint256 price, uint256 ltv) internal pure returns (uint256) {
        return Math.mulDiv(valueDown(collateral, price), ltv, WAD);
    }

    /// @notice 1 / (1 - 0.3 (1 - LLTV)), at most 1.15: what a liquidator gets for one.
    function incentiveOf(uint256 lltv) internal pure returns (uint256) {
        return Math.min(1.15e18, WAD * WAD / (WAD - 0.3e18 * (WAD - lltv) / WAD));
    }

    /// @notice What a liquidation burns and seizes: as little as brings the position to the target, all of it where the
    /// rest would be dust, and all of the collateral where it does not cover the debt and the incentive.
    function liquidation(uint256 collateral, uint256 debt, uint256 price, uint256 maxBurn, Terms memory terms)
        internal
        pure
        returns (Liquidation memory done)
    {
        uint256 value = valueDown(collateral, price);
        uint256 limit = Math.mulDiv(value, terms.lltv, WAD);
        if (debt <= limit) revert ISyntheticVault.HealthyPosition(debt, limit);
        if (Math.ceilDiv(debt * terms.incentive, WAD) >= value) {
            // to take a part with its incentive would leave the rest worse covered than it was: all or nothing
            done.burned = Math.min(debt, Math.ceilDiv(value * WAD, terms.incentive));
            if (maxBurn < done.burned) revert ISyntheticVault.BurnTooSmall(done.burned);
            done.seized = collateral;
            done.badDebt = debt - done.burned;
            return done;
        }
        uint256 missing = terms.targetHealth * debt - value * terms.lltv;
        uint256 burned = Math.min(
            debt, Math.ceilDiv(missing, terms.targetHealth - Math.ceilDiv(terms.incentive * terms.lltv, WAD))
        );
        if (debt - burned < terms.minDebt) burned = debt;
        if (burned > maxBurn) {
            burned = maxBurn;
            if (debt - burned < terms.minDebt) revert ISyntheticVault.BelowMinimumDebt(debt - burned);
        }
        done.burned = burned;
        done.seized = Math.mulDiv(burned * terms.incentive / WAD, PRICE_UNIT, price);
    }

    /// @notice What may still be minted so that debt and mint fee stay within the limit.
    function mintable(uint256 limit, uint256 debt, uint256 mintFee, uint256 index) internal pure returns (uint256) {
        // normal debts are rounded up to whole units, each worth up to index / RAY, and the debt to a whole one once more
        uint256 margin = Math.ceilDiv(index, RAY) + 1;
        if (limit <= debt + margin) return 0;
        return Math.mulDiv(limit - debt - margin, WAD, WAD + mintFee);
    }

    /// @notice What a redemption of up to `amount` burns, and what of a debt it pays: as much, or less by everyone's equal
    /// part of the shortfall.
    function redemption(uint256 amount, uint256 debt, uint256 debts, uint256 supply)
        internal
        pure
        returns (uint256 burned, uint256 paid)
    {
        if (debts >= supply) {
            burned = Math.min(amount, debt);
            return (burned, burned);
        }
        if (amount > supply) amount = supply;
        paid = amount * debts / supply;
        if (paid <= debt) return (amount, paid);
        return (Math.ceilDiv(debt * supply, debts), debt);
    }

    function _mulRayUp(uint256 a, uint256 b) private pure returns (uint256 product) {
        unchecked {
            // both are at most 2^16 in units of 10^-27, which is 2^106
            product = (a * b + (RAY - 1)) / RAY;
        }
        if (product > MAX_INDEX) product = MAX_INDEX;
    }
}
