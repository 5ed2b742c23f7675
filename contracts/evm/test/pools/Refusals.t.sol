// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LiquidityPoolManager} from "../../src/core/LiquidityPoolManager.sol";
import {PoolCurve} from "../../src/core/PoolCurve.sol";
import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {AssetSlots} from "../../src/libraries/AssetSlots.sol";
import {StableMath} from "../../src/libraries/StableMath.sol";
import {WeightedMath} from "../../src/libraries/WeightedMath.sol";
import {PoolBase} from "./PoolBase.sol";

/// @notice What pools and their curve refuse by name, and what is too little to be worth anything.
contract RefusalsTest is PoolBase {
    PoolCurve private immutable curve = new PoolCurve();

    /* THE MANAGER */

    function test_aFirstDepositNamesAnAmountOfEachAssetThatItsSlotHolds() public {
        uint256 pool = _weighted(_tokens(2, 18), _same(2, 0.5e18), 0.003e18, 0);
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.initialize(pool, _same(3, 1e20), address(this));
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.initialize(pool, _numbers(1e20, 0), address(this));
        vm.expectRevert(AssetSlots.BalanceTooLarge.selector);
        manager.initialize(pool, _numbers(1e20, 1 << 112), address(this));
        manager.initialize(pool, _numbers(1e20, 1), address(this));
    }

    function test_aPathThatPaysTooLittleIsNone() public {
        uint256 pool = _weighted(_tokens(2, 18), _same(2, 0.5e18), 0.003e18, 0);
        manager.initialize(pool, _same(2, 1e24), address(this));
        Pools.Hop[] memory path = new Pools.Hop[](1);
        path[0] = Pools.Hop(pool, 0, 1);
        uint256 before = vm.snapshotState();
        (uint256 out,) = manager.swapPath(path, 1e20, 0, Pools.Payment.Token, false, address(this), FOREVER, "");
        vm.revertToState(before);
        vm.expectRevert(abi.encodeWithSelector(Pools.InsufficientOutput.selector, out));
        manager.swapPath(path, 1e20, out + 1, Pools.Payment.Token, false, address(this), FOREVER, "");
        manager.swapPath(path, 1e20, out, Pools.Payment.Token, false, address(this), FOREVER, "");
    }

    function test_liquidityIsOfTheAssetsThatAreThere() public {
        uint256 pool = _weighted(_tokens(2, 18), _same(2, 0.5e18), 0.003e18, 0);
        manager.initialize(pool, _same(2, 1e24), address(this));
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.removeProportional(pool, 1e15, _same(3, 0), false, address(this), FOREVER);
        vm.expectRevert(Pools.UnknownAsset.selector);
        manager.addOneExactIn(pool, 2, 1e18, 0, address(this), FOREVER);
    }

    function test_theProtocolTakesNoMoreThanHalfOfAFee() public {
        vm.expectRevert(Pools.InvalidParameters.selector);
        new LiquidityPoolManager(OWNER, GUARDIAN, 0.5e18 + 1);
        assertEq(new LiquidityPoolManager(OWNER, GUARDIAN, 0.5e18).PROTOCOL_SHARE(), 0.5e18);
    }

    function test_aCapIsOneThatItsSlotHolds() public {
        uint256 pool = _weighted(_tokens(2, 18), _same(2, 0.5e18), 0.003e18, 0);
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(Pools.AmountTooLarge.selector, 1 << 128));
        manager.setSupplyCap(pool, 1 << 128);
        manager.setSupplyCap(pool, type(uint128).max);
        vm.expectRevert(Pools.UnknownPool.selector);
        manager.setSupplyCap(pool + 1, 1);
    }

    /// @notice What the protocol is owed has 96 bits: a trade over that waits until it is collected, and nothing is lost.
    function test_whatTheProtocolIsOwedIsCollectedBeforeItsSlotIsFull() public {
        uint256 pool = _weighted(_tokens(2, 18), _same(2, 0.5e18), 0.1e18, 0);
        manager.initialize(pool, _same(2, 1e33), address(this));
        uint256 most = uint256(type(uint96).max) * 20; // half of a tenth
        manager.swapExactIn(pool, 0, 1, most / 2, 0, address(this), FOREVER);
        uint256 owed = manager.protocolFeeOf(pool, 0);
        vm.expectPartialRevert(Pools.AmountTooLarge.selector);
        manager.swapExactIn(pool, 0, 1, most / 2 + 1e6, 0, address(this), FOREVER);
        assertEq(manager.protocolFeeOf(pool, 0), owed);
        assertEq(manager.collectProtocolFee(pool, 0), owed);
        manager.swapExactIn(pool, 0, 1, most / 2 + 1e6, 0, address(this), FOREVER);
    }

    function test_whatAPoolMayNotBe() public {
        address[] memory tokens = _tokens(3, 18);
        uint256[] memory none = new uint256[](0);
        uint256[] memory weights = _same(3, 0.3e18);
        weights[0] = 0.4e18;
        vm.expectRevert(Pools.InvalidParameters.selector); // a weighted pool is not amplified
        manager.createPool(Pools.PoolParameters(Pools.Kind.Weighted, tokens, weights, none, 100, 0, 0, 0));
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.createPool(Pools.PoolParameters(Pools.Kind.Weighted, tokens, weights, none, 0, 0, 10, 0));
        uint256[] memory groups = new uint256[](3);
        groups[2] = 1;
        weights = _same(3, 0.5e18);
        weights[1] = 0.4e18; // two assets of a group have one weight
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.createPool(Pools.PoolParameters(Pools.Kind.Hybrid, tokens, weights, groups, 20_000, 0, 10, 0));
        _hybrid(tokens, 20_000, 0);
    }

    function test_theLedgerSaysThatItIsOneOfERC6909() public view {
        assertTrue(manager.supportsInterface(0x0f632fb3));
        assertTrue(manager.supportsInterface(0x01ffc9a7));
        assertFalse(manager.supportsInterface(0xffffffff));
    }

    /* THE CURVE */

    function _pool(uint256 first, uint256 second, uint256 rate) private pure returns (Pools.CurvePool memory pool) {
        (pool.balances, pool.rates) = (_numbers(first, second), _same(2, rate));
        (pool.weights, pool.groups) = (_same(2, 0.5e18), _numbers(0, 1));
        (pool.amplification, pool.offPegMultiplier) = (20_000, 10);
    }

    function _stablePool(uint256 first, uint256 second) private pure returns (Pools.CurvePool memory pool) {
        pool = _pool(first, second, 1);
        (pool.weights, pool.groups) = (_same(2, 1e18), _same(2, 0));
    }

    function test_nothingIsNoTradeAndNoLiquidity() public {
        Pools.CurvePool memory pool = _pool(1e24, 1e24, 1);
        bytes4 zero = StableMath.ZeroAmount.selector;
        vm.expectRevert(zero);
        curve.amountOut(pool, 0, 1, 0, 0);
        vm.expectRevert(zero);
        curve.amountIn(pool, 0, 1, 0, 0);
        vm.expectRevert(zero);
        curve.sharesForOne(pool, 0, 1e24, 0, 0);
        vm.expectRevert(zero);
        curve.oneForNewShares(pool, 0, 1e24, 0, 0);
        vm.expectRevert(zero);
        curve.oneForShares(pool, 0, 1e24, 0, 0);
        vm.expectRevert(zero);
        curve.sharesForOneOut(pool, 0, 1e24, 0, 0);
    }

    function test_moreThanThereIsIsRefused() public {
        Pools.CurvePool memory pool = _pool(1e24, 1e24, 1);
        vm.expectRevert(StableMath.NotEnoughLiquidity.selector);
        curve.amountIn(pool, 0, 1, 1e24, 0);
        vm.expectRevert(StableMath.NotEnoughLiquidity.selector);
        curve.amountIn(pool, 0, 1, 1e24 - 1, 0.01e18); // with the fee on top
        vm.expectRevert(StableMath.NotEnoughLiquidity.selector);
        curve.sharesForOneOut(pool, 0, 1e24, 1e24, 0);
        vm.expectRevert(StableMath.NotEnoughLiquidity.selector);
        curve.oneForShares(pool, 0, 1e24, 1e24, 0);
        vm.expectRevert(WeightedMath.TooLarge.selector);
        curve.amountIn(pool, 0, 1, 0.9e24, 0);
    }

    /// @dev What a trade moves is lost in the rounding for the pool: a unit against balances of 10^33 is worth nothing.
    function test_tooLittleIsWorthNothing() public view {
        (uint256 out,) = curve.amountOut(_pool(1e33, 1e9, 1), 0, 1, 1, 0);
        assertEq(out, 0);
        (out,) = curve.amountOut(_pool(1e24, 1e3, 1), 0, 1, 1e20, 0);
        assertEq(out, 0);
        (uint256 shares,) = curve.sharesForOne(_stablePool(1e33, 1e33), 0, 1e24, 1, 0);
        assertEq(shares, 0);
    }

    function test_whatDoesNotFitInTheCurvesWordsIsRefused() public {
        Pools.CurvePool memory pool = _pool(1e20, 1e20, 1e18);
        vm.expectRevert(PoolCurve.InvariantTooLarge.selector);
        curve.amountOut(pool, 0, 1, 1e21, 0);
        vm.expectRevert(PoolCurve.InvariantTooLarge.selector);
        curve.oneForNewShares(_stablePool(1e24, 1e24), 0, 1, 1 << 100, 0); // of a supply of one unit, so many times D
    }

    /// @dev Of 1,333 units the fee on their half would leave 1,331.0005; but the half is ceiled and its fee is, so that three are
    /// taken and 1,330 left. One more is paid for, and whoever asked for 1,331 is given them.
    function test_twoCeilingsInAFeeArePaidForByAUnit() public view {
        Pools.CurvePool memory pool = _pool(1e24, 1e24, 1);
        (uint256 shares, uint256 taken) = curve.sharesForOneOut(pool, 0, 1e24, 1331, 0.003e18);
        assertEq(taken, 3);
        (uint256 without,) = curve.sharesForOneOut(pool, 0, 1e24, 1334, 0);
        assertEq(shares, without, "the shares of 1,334 units");
        (without,) = curve.sharesForOneOut(pool, 0, 1e24, 1333, 0);
        assertGt(shares, without, "and not of 1,333");
    }
}
