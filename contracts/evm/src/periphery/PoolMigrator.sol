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
    error DifferentTokens();
    error InsufficientShares(uint256 shares);
    error InsufficientUse(address token, uint256 amount);

    /// @notice Takes `shares` of `poolFrom`, leaves, and joins `poolTo` with as much as its proportions take.
    /// @param minAmounts Of each asset when leaving, in the old pool's order.
    /// @param minUsed Of each asset that goes into the new pool, in its order. Whoever is first in an empty pool chooses its
    /// price, and may come between this call and its sender: shares of a pool at a wrong price are no measure of anything.
    /// @param minShares Of the new pool.
    function migrate(
        ILiquidityPoolManager from,
        uint256 poolFrom,
        uint256 shares,
        ILiquidityPoolManager to,
        uint256 poolTo,
        uint256[] calldata minAmounts,
        uint256[] calldata minUsed,
        uint256 minShares,
        uint256 deadline
    ) external returns (uint256 sharesTo) {
        address[] memory tokensFrom = from.poolState(poolFrom).tokens;
        ILiquidityPoolManager.PoolState memory target = to.poolState(poolTo);
        IAccountLedger(address(from)).transferFrom(msg.sender, address(this), poolFrom, shares);
        uint256[] memory got = from.removeProportional(poolFrom, shares, minAmounts, false, address(this), deadline);

        uint256[] memory amounts = _inOrderOf(target.tokens, tokensFrom, got);
        if (minUsed.length != amounts.length) revert DifferentTokens();
        for (uint256 i; i < amounts.length; ++i) {
            Tokens.approve(target.tokens[i], address(to), amounts[i]);
        }
        uint256[] memory used = amounts;
        if (target.supply == 0) {
            sharesTo = to.initialize(poolTo, amounts, msg.sender);
        } else {
            sharesTo = type(uint256).max;
            for (uint256 i; i < amounts.length; ++i) {
                // one unit less: the manager takes amounts rounded up
                uint256 most = amounts[i] == 0 ? 0 : amounts[i] - 1;
                uint256 part = Math.mulDiv(most, target.supply, target.curve.balances[i]);
                if (part < sharesTo) sharesTo = part;
            }
            used = to.addProportional(poolTo, sharesTo, amounts, msg.sender, deadline);
            for (uint256 i; i < amounts.length; ++i) {
                Tokens.approve(target.tokens[i], address(to), 0);
                Tokens.give(target.tokens[i], msg.sender, amounts[i] - used[i]);
            }
        }
        for (uint256 i; i < used.length; ++i) {
            if (used[i] < minUsed[i]) revert InsufficientUse(target.tokens[i], used[i]);
        }
        if (sharesTo < minShares) revert InsufficientShares(sharesTo);
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
