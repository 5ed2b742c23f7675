// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {StableMath} from "../../src/libraries/StableMath.sol";
import {PoolQuoter} from "../../src/periphery/PoolQuoter.sol";
import {PoolBase} from "./PoolBase.sol";

/// @notice Prices at the averages: the manager's short ways against the curve, and what they say of pools that hold nothing.
contract PricesTest is PoolBase {
    PoolQuoter private immutable quoter = new PoolQuoter(manager);

    function testFuzz_aWeightedPriceIsTheCurves(uint256 weight, uint256 first, uint256 second, uint256 moved) public {
        weight = bound(weight, 0.01e18, 0.99e18);
        uint256 pool = _weighted(_tokens(2, 18), _numbers(weight, 1e18 - weight), 0.003e18, 0);
        _check(pool, bound(first, 1, 1e33), bound(second, 1, 1e33), moved);
    }

    function testFuzz_thePriceOfAStablePairIsTheCurves(
        uint256 amp, uint8 decimals, uint256 first, uint256 second, uint256 moved
    ) public {
        address[] memory tokens = new address[](2);
        (tokens[0], tokens[1]) = (_token(uint8(bound(decimals, 0, 18))), _token(18));
        uint256 pool = _stable(tokens, bound(amp, 100, 1e8), 0.0004e18, 20, 0);
        // within what the short way takes, and beyond it
        first = bound(first, 1, 1e32);
        _check(pool, first, bound(second, (first >> 18) + 1, first << 18 > 1e33 ? 1e33 : first << 18), moved);
    }

    function test_aPoolThatHoldsNothingHasNoPrice() public {
        uint256 weighted = _weighted(_tokens(3, 18), _thirds(), 0.003e18, 0);
        uint256 stable = _stable(_tokens(2, 6), 20_000, 0.0004e18, 20, 0);
        uint256 wide = _stable(_tokens(3, 18), 20_000, 0.0004e18, 20, 1);
        for (uint256 pool = weighted; pool <= wide; ++pool) {
            _refused(address(manager), abi.encodeCall(manager.oraclePrice, (pool, 0, 1)), StableMath.EmptyBalance.selector);
            _refused(address(quoter), abi.encodeCall(quoter.spotPrice, (pool, 1, 0)), StableMath.EmptyBalance.selector);
            _named(abi.encodeCall(quoter.quoteExactIn, (pool, 0, 1, 1e6)));
            _named(abi.encodeCall(quoter.quoteExactOut, (pool, 0, 1, 1e6)));
            _named(abi.encodeCall(quoter.quoteAddExactIn, (pool, 0, 1e6)));
            _named(abi.encodeCall(quoter.quoteAddExactShares, (pool, 0, 1e6)));
            _named(abi.encodeCall(quoter.quoteRemoveExactShares, (pool, 0, 1e6)));
            _named(abi.encodeCall(quoter.quoteRemoveExactOut, (pool, 0, 1e6)));
            assertEq(manager.poolState(pool).supply, 0);
            assertEq(manager.totalSupply(pool), 0);
        }
    }

    function test_anAssetThatIsNotInThePoolIsNamed() public {
        uint256 pool = _stable(_tokens(2, 18), 20_000, 0.0004e18, 20, 0);
        manager.initialize(pool, _numbers(1e24, 1e24), address(this));
        bytes4 unknown = Pools.UnknownAsset.selector;
        for (uint256 other = 2; other < 12; other += 3) {
            _refused(address(manager), abi.encodeCall(manager.oraclePrice, (pool, 0, other)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.spotPrice, (pool, 0, other)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.spotPrice, (pool, other, 0)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.quoteExactIn, (pool, other, 0, 1e18)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.quoteExactOut, (pool, 0, other, 1e18)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.quoteAddExactIn, (pool, other, 1e18)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.quoteAddExactShares, (pool, other, 1e18)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.quoteRemoveExactShares, (pool, other, 1e18)), unknown);
            _refused(address(quoter), abi.encodeCall(quoter.quoteRemoveExactOut, (pool, other, 1e18)), unknown);
        }
        _refused(address(quoter), abi.encodeCall(quoter.quoteExactIn, (pool, 1, 1, 1e18)), unknown);
        Pools.CurvePool memory curve = manager.poolState(pool).curve;
        address held = address(manager.CURVE());
        _refused(held, abi.encodeCall(manager.CURVE().price, (curve, 0, 2)), unknown);
        _refused(held, abi.encodeCall(manager.CURVE().amountOut, (curve, 2, 0, 1e18, 0)), unknown);
        _refused(held, abi.encodeCall(manager.CURVE().amountIn, (curve, 0, 2, 1e18, 0)), unknown);
    }

    /// @dev Averages that are not the balances: some of what was brought leaves, and a part of the window goes by.
    function _check(uint256 pool, uint256 first, uint256 second, uint256 moved) private {
        manager.initialize(pool, _numbers(first, second), address(this));
        try manager.removeOneExactShares(pool, 0, bound(moved, 1, 1e23), 0, address(this), FOREVER) {} catch {}
        skip(moved % 3000);
        Pools.PoolState memory state = manager.poolState(pool);
        state.curve.balances = state.averages;
        _agree(pool, state.curve, 0, 1);
        _agree(pool, state.curve, 1, 0);
    }

    function _agree(uint256 pool, Pools.CurvePool memory averages, uint256 indexIn, uint256 indexOut) private view {
        (bool ok, bytes memory said) =
            address(manager).staticcall(abi.encodeCall(manager.oraclePrice, (pool, indexIn, indexOut)));
        (bool curveOk, bytes memory curveSaid) = address(manager.CURVE())
            .staticcall(abi.encodeCall(manager.CURVE().price, (averages, indexIn, indexOut)));
        assertEq(ok, curveOk);
        assertEq(said, curveSaid);
    }

    function _named(bytes memory data) private view {
        (bool ok, bytes memory said) = address(quoter).staticcall(data);
        if (!ok) assertTrue(said.length >= 4 && bytes4(said) != 0x4e487b71, "a panic");
    }

    function _refused(address asked, bytes memory data, bytes4 selector) private view {
        (bool ok, bytes memory said) = asked.staticcall(data);
        assertFalse(ok);
        assertEq(bytes4(said), selector);
    }

    function _thirds() private pure returns (uint256[] memory weights) {
        weights = _same(3, 0.3e18);
        weights[0] = 0.4e18;
    }
}
