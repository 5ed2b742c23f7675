// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {ILiquidityPoolManager} from "../interfaces/ILiquidityPoolManager.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Liquidity from one manager to another in one call
/// @notice It holds nothing between calls. The caller allows it the old pool's shares; what the new pool has no place for at
/// its own proportions goes back to the caller.
contract PoolMigrator {
    struct Migration {
        ILiquidityPoolManager from;
        uint256 poolFrom;
        uint256 shares;
        ILiquidityPoolManager to;
        uint256 poolTo;
        /// Of each asset when leaving, in the old pool's order.
        uint256[] minAmounts;
        /// Of each asset that goes into the new pool, in its order. Whoever is first in an empty pool chooses its price, and
        /// may come between this call and its sender: shares of a pool at a wrong price are no measure of anything.
        uint256[] minUsed;
        /// Of the new pool.
        uint256 minShares;
        uint256 deadline;
    }

    error DifferentTokens();
    error InsufficientShares(uint256 shares);
    error InsufficientUse(address token, uint256 amount);

    /// @notice Takes shares of the old pool, leaves, and joins the new one with as much as its proportions take.
    function migrate(Migration calldata m) external returns (uint256 shares) {
        address[] memory tokensFrom = m.from.poolState(m.poolFrom).tokens;
        ILiquidityPoolManager.PoolState memory target = m.to.poolState(m.poolTo);
        IAccountLedger(address(m.from)).transferFrom(msg.sender, address(this), m.poolFrom, m.shares);
        uint256[] memory amounts =
            m.from.removeProportional(m.poolFrom, m.shares, m.minAmounts, false, address(this), m.deadline);

        amounts = _inOrderOf(target.tokens, tokensFrom, amounts);
        if (m.minUsed.length != amounts.length) revert DifferentTokens();
        for (uint256 i; i < amounts.length; ++i) {
            Tokens.approve(target.tokens[i], address(m.to), amounts[i]);
        }
        uint256[] memory used = amounts;
        if (target.supply == 0) {
            shares = m.to.initialize(m.poolTo, amounts, msg.sender);
        } else {
            shares = type(uint256).max;
            for (uint256 i; i < amounts.length; ++i) {
                // one unit less: the manager takes amounts rounded up
                uint256 most = amounts[i] == 0 ? 0 : amounts[i] - 1;
                uint256 part = Math.mulDiv(most, target.supply, target.curve.balances[i]);
                if (part < shares) shares = part;
            }
            used = m.to.addProportional(m.poolTo, shares, amounts, msg.sender, m.deadline);
            for (uint256 i; i < amounts.length; ++i) {
                Tokens.approve(target.tokens[i], address(m.to), 0);
                Tokens.give(target.tokens[i], msg.sender, amounts[i] - used[i]);
            }
        }
        for (uint256 i; i < used.length; ++i) {
            if (used[i] < m.minUsed[i]) revert InsufficientUse(target.tokens[i], used[i]);
        }
        if (shares < m.minShares) revert InsufficientShares(shares);
    }

    function _inOrderOf(address[] memory wanted, address[] memory held, uint256[] memory got)
        private
        pure
        returns (uint256[] memory amounts)
    {
        if (wanted.length != held.length) revert DifferentTokens();
        amounts = new uint256[](wanted.length);
        for (uint256 i; i < wanted.length; ++i) {
            uint256 k;
            while (k < held.length && held[k] != wanted[i]) ++k;
            if (k == held.length) revert DifferentTokens();
            amounts[i] = got[k];
        }
    }
}
