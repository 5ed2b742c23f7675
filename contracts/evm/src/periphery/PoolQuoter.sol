// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {LiquidityPoolManager} from "../core/LiquidityPoolManager.sol";
import {PoolCurve} from "../core/PoolCurve.sol";
import {ILiquidityPoolManager} from "../interfaces/ILiquidityPoolManager.sol";
import {DynamicFee} from "../libraries/DynamicFee.sol";

/// @title What the manager would do, for those who ask first
/// @notice Every quote is of the state and the second it is asked in, and reverts while the manager is locked.
contract PoolQuoter {
    uint256 private constant UNIT = 1e18;
    uint256 private constant PRICE_UNIT = 1e36;

    LiquidityPoolManager public immutable MANAGER;
    PoolCurve public immutable CURVE;

    constructor(LiquidityPoolManager manager) {
        MANAGER = manager;
        CURVE = manager.CURVE();
    }

    /// @notice What `amountIn` would give, and the part of its value at the price before that it would lose to the curve
    /// and the fee, in units of 1e-18.
    function quoteExactIn(uint256 pool, uint256 indexIn, uint256 indexOut, uint256 amountIn)
        external
        view
        returns (uint256 amountOut, uint256 impact)
    {
        ILiquidityPoolManager.PoolState memory state = _pair(pool, indexIn, indexOut);
        ILiquidityPoolManager.CurvePool memory curve = state.curve;
        uint256 fee = pairFee(state, indexIn, indexOut);
        if (state.kind == ILiquidityPoolManager.Kind.Weighted) {
            (amountOut,) = CURVE.weightedAmountOut(
                curve.balances[indexIn],
                curve.weights[indexIn],
                curve.balances[indexOut],
                curve.weights[indexOut],
                amountIn,
                fee
            );
        } else {
            (amountOut,) = CURVE.amountOut(curve, indexIn, indexOut, amountIn, fee);
        }
        impact = _impact(curve, indexIn, indexOut, amountIn, amountOut);
    }

    /// @notice What `amountOut` would cost, and the impact as of `quoteExactIn`.
    function quoteExactOut(uint256 pool, uint256 indexIn, uint256 indexOut, uint256 amountOut)
        external
        view
        returns (uint256 amountIn, uint256 impact)
    {
        ILiquidityPoolManager.PoolState memory state = _pair(pool, indexIn, indexOut);
        ILiquidityPoolManager.CurvePool memory curve = state.curve;
        uint256 fee = pairFee(state, indexIn, indexOut);
        if (state.kind == ILiquidityPoolManager.Kind.Weighted) {
            (amountIn,) = CURVE.weightedAmountIn(
                curve.balances[indexIn],
                curve.weights[indexIn],
                curve.balances[indexOut],
                curve.weights[indexOut],
                amountOut,
                fee
            );
        } else {
            (amountIn,) = CURVE.amountIn(curve, indexIn, indexOut, amountOut, fee);
        }
        impact = _impact(curve, indexIn, indexOut, amountIn, amountOut);
    }

    /// @notice Shares for exactly `amount` of one asset.
    function quoteAddExactIn(uint256 pool, uint256 index, uint256 amount) external view returns (uint256 shares) {
        ILiquidityPoolManager.PoolState memory state = _side(pool, index);
        (shares,) = CURVE.sharesForOne(state.curve, index, state.supply, amount, sideFee(state, index));
    }

    /// @notice What one asset must bring for exactly `shares`.
    function quoteAddExactShares(uint256 pool, uint256 index, uint256 shares) external view returns (uint256 amount) {
        ILiquidityPoolManager.PoolState memory state = _side(pool, index);
        (amount,) = CURVE.oneForNewShares(state.curve, index, state.supply, shares, sideFee(state, index));
    }

    /// @notice What one asset pays for exactly `shares`.
    function quoteRemoveExactShares(uint256 pool, uint256 index, uint256 shares)
        external
        view
        returns (uint256 amount)
    {
        ILiquidityPoolManager.PoolState memory state = _side(pool, index);
        (amount,) = CURVE.oneForShares(state.curve, index, state.supply, shares, sideFee(state, index));
    }

    /// @notice Shares that exactly `amount` of one asset costs.
    function quoteRemoveExactOut(uint256 pool, uint256 index, uint256 amount) external view returns (uint256 shares) {
        ILiquidityPoolManager.PoolState memory state = _side(pool, index);
        (shares,) = CURVE.sharesForOneOut(state.curve, index, state.supply, amount, sideFee(state, index));
    }

    /// @notice The price at the margin now, as `oraclePrice` has it of the averages. For display: one trade moves it.
    function spotPrice(uint256 pool, uint256 indexIn, uint256 indexOut) external view returns (uint256) {
        return CURVE.price(_pair(pool, indexIn, indexOut).curve, indexIn, indexOut);
    }

    /// @notice The fee of a trade between two assets, before what its distance from parity adds.
    function pairFee(ILiquidityPoolManager.PoolState memory state, uint256 indexIn, uint256 indexOut)
        public
        pure
        returns (uint256)
    {
        return DynamicFee.volatileFee(state.fee, state.volatilityMultiplier, _deviation(state, indexIn, indexOut));
    }

    /// @notice The fee of liquidity in one asset, before what its distance from parity adds.
    function sideFee(ILiquidityPoolManager.PoolState memory state, uint256 index) public pure returns (uint256) {
        uint256 apart;
        for (uint256 i; i < state.tokens.length; ++i) {
            uint256 found = i == index ? 0 : _deviation(state, index, i);
            if (found > apart) apart = found;
        }
        return DynamicFee.volatileFee(state.fee, state.volatilityMultiplier, apart);
    }

    function _pair(uint256 pool, uint256 indexIn, uint256 indexOut)
        private
        view
        returns (ILiquidityPoolManager.PoolState memory state)
    {
        state = _side(pool, indexIn);
        if (indexIn == indexOut || indexOut >= state.tokens.length) revert ILiquidityPoolManager.UnknownAsset();
    }

    function _side(uint256 pool, uint256 index) private view returns (ILiquidityPoolManager.PoolState memory state) {
        state = MANAGER.poolState(pool);
        if (index >= state.tokens.length) revert ILiquidityPoolManager.UnknownAsset();
    }

    function _deviation(ILiquidityPoolManager.PoolState memory state, uint256 i, uint256 k)
        private
        pure
        returns (uint256)
    {
        return DynamicFee.deviation(
            state.curve.balances[i], state.averages[i], state.curve.balances[k], state.averages[k]
        );
    }

    function _impact(
        ILiquidityPoolManager.CurvePool memory curve,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amountIn,
        uint256 amountOut
    ) private view returns (uint256) {
        uint256 worth = Math.mulDiv(amountIn, CURVE.price(curve, indexIn, indexOut), PRICE_UNIT);
        return worth > amountOut ? Math.mulDiv(worth - amountOut, UNIT, worth) : 0;
    }
}
