// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {AssetSlots} from "../../src/libraries/AssetSlots.sol";
import {DynamicFee} from "../../src/libraries/DynamicFee.sol";
import {Powers} from "../../src/libraries/Powers.sol";
import {PoolBase} from "./PoolBase.sol";

/// @notice What a share has of each asset on average moves by trades and time, not by liquidity.
contract AveragesTest is PoolBase {
    uint256 private constant MASK = type(uint112).max;
    address[] private tokens;

    /// @dev Averages per share as they were, and how far roundings may have moved them by now.
    struct Past {
        uint256[] averages;
        uint256 supply;
        uint256 allowed;
    }

    function setUp() public {
        tokens = _tokens(8, 18);
    }

    function _pool(uint256 which, uint256 size, uint256 fee) private returns (uint256 pool, uint256 count) {
        count = which % 3 == 0 ? 2 : which % 3 == 1 ? 8 : 3;
        address[] memory own = new address[](count);
        for (uint256 i; i < count; ++i) {
            own[i] = tokens[i];
        }
        if (count == 2) pool = _weighted(own, _numbers(0.8e18, 0.2e18), fee, 20);
        else if (count == 8) pool = _stable(own, 20_000, fee, 20, 20);
        else pool = _hybrid(own, 20_000, fee);
        uint256[] memory amounts = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            amounts[i] = size + size * i / 9;
        }
        manager.initialize(pool, amounts, address(this));
    }

    /* THE INCIDENT: fifty times a pool's liquidity, added at twice its price and held for a block */

    function test_fiftyTimesThePoolAddedAtTwiceThePriceMovesTheOracleAsTheTradeAlone() public {
        for (uint256 stable; stable < 2; ++stable) {
            address[] memory pair = new address[](2);
            (pair[0], pair[1]) = (tokens[0], tokens[1]);
            uint256 pool = stable == 1 ? _stable(pair, 100, 0, 10, 0) : _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0);
            manager.initialize(pool, _numbers(1e24, 1e24), address(this));
            skip(1 days);
            uint256 before = manager.oraclePrice(pool, 1, 0);
            for (uint256 i; i < 2; ++i) { // together to the square root of two: a trade is three tenths at most
                uint256 held = manager.poolState(pool).curve.balances[0];
                manager.swapExactIn(pool, 0, 1, held * 1892 / 10_000, 0, address(this), FOREVER);
            }
            uint256[] memory averages = manager.poolState(pool).averages;
            uint256 alone = _heldForABlock(pool, 0);
            uint256 attacked = _heldForABlock(pool, 50);
            assertApproxEqRel(attacked, alone, 1e3, "the trade alone, within rounding");
            if (stable == 1) continue; // of a pair it is the quotient of the averages
            assertApproxEqRel(alone, before * 10_141 / 10_000, 1e14, "a seventieth in twelve seconds");
            uint256[] memory balances = manager.poolState(pool).curve.balances;
            uint256 unscaled = before * _later(51 * balances[0], averages[0]) / _later(51 * balances[1], averages[1]);
            assertApproxEqRel(unscaled, before * 142 / 100, 1e16, "two fifths, had liquidity a weight in them");
        }
    }

    /// @dev The oracle's price a block after so many times the pool's shares were added; the state is as before then.
    function _heldForABlock(uint256 pool, uint256 times) private returns (uint256 price) {
        uint256 state = vm.snapshotState();
        uint256 supply = manager.totalSupply(pool);
        if (times != 0) manager.addProportional(pool, times * supply, _same(2, FOREVER), address(this), FOREVER);
        skip(12);
        price = manager.oraclePrice(pool, 1, 0);
        vm.revertToState(state);
    }

    /// @dev An average of balances, twelve seconds on, of which the supply is not asked.
    function _later(uint256 balance, uint256 average) private pure returns (uint256) {
        uint256 left = uint256(Powers.exp(-int256((uint256(12) << 120) / AssetSlots.WINDOW)));
        return balance > average
            ? balance - ((balance - average) * left >> 120)
            : balance + ((average - balance) * left >> 120);
    }

    /* ANY LIQUIDITY */

    /// @dev Large pools and pools of a few units, tiny deposits and large ones.
    function testFuzz_noLiquidityMovesWhatAShareHasOnAverage(uint256 seed, uint256 which, uint256 size) public {
        (uint256 pool, uint256 count) = _pool(which, 10 ** bound(size, 1, 27), seed % 2 == 0 ? 0 : 0.003e18);
        _trade(pool, count, seed);
        skip(seed % 900);
        Past memory past = _past(pool);
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 supply = manager.totalSupply(pool);
            _liquidity(pool, count, seed);
            if (manager.totalSupply(pool) != supply) _check(pool, past);
        }
    }

    function testFuzz_aProportionalDepositLeavesThePriceAndTheFeeOnTheirWay(uint256 seed, uint256 which, uint256 shares)
        public
    {
        (uint256 pool, uint256 count) = _pool(which, 1e24, 0.003e18);
        _trade(pool, count, seed);
        skip(seed % 900);
        shares = bound(shares, 1, 1e27);
        uint256 apart = _deviation(pool);
        uint256 state = vm.snapshotState();
        skip(30);
        (uint256 priceAlone, uint256 apartAlone) = (manager.oraclePrice(pool, 0, 1), _deviation(pool));
        vm.revertToState(state);
        manager.addProportional(pool, shares, _same(count, FOREVER), address(this), FOREVER);
        assertApproxEqAbs(_deviation(pool), apart, 10, "at once");
        skip(30);
        assertApproxEqAbs(_deviation(pool), apartAlone, 10, "later");
        assertApproxEqRel(manager.oraclePrice(pool, 0, 1), priceAlone, 100, "later");
    }

    /// @dev To double the supply in steps that round to nothing takes as many calls as there are units, nearly.
    function test_stepsThatRoundToNothingMoveItByHalfAUnitEach() public {
        (uint256 pool, uint256 count) = _pool(0, 1000, 0);
        Past memory past = _past(pool);
        for (uint256 i; i < 100; ++i) { // each grows the averages by less than half a unit
            manager.addProportional(pool, 4e20, _same(count, FOREVER), address(this), FOREVER);
            _check(pool, past);
        }
        assertEq(manager.poolState(pool).averages[0], 1000);
        manager.removeProportional(pool, 4e22, _same(count, 0), false, address(this), FOREVER);
        _check(pool, past);
        assertApproxEqRel(manager.poolState(pool).averages[0], 1000, 0.05e18, "a hundred half units of a thousand");
    }

    function test_whoTakesAllButTheBurntSharesLeavesAnAverageOfOne() public {
        (uint256 pool, uint256 count) = _pool(1, 1e5, 0);
        uint256 shares = manager.balanceOf(address(this), pool);
        manager.removeProportional(pool, shares, _same(count, 0), false, address(this), FOREVER);
        for (uint256 i; i < count; ++i) {
            assertEq(manager.poolState(pool).averages[i], 1);
        }
        manager.oraclePrice(pool, 0, 1);
        manager.addProportional(pool, 1e24, _same(count, FOREVER), address(this), FOREVER);
        manager.oraclePrice(pool, 0, 1);
    }

    /// @notice A thousand units of six decimals beside four tenths of eighteen: all out and in again in one transaction.
    function test_theOnlyOwnerOfAPoolDoesNotTakeItsPricesDigits() public {
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (tokens[0], tokens[1]);
        uint256 pool = _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0);
        manager.initialize(pool, _numbers(1e9, 0.4e18), address(this));
        uint256 price = manager.oraclePrice(pool, 0, 1);
        uint256 shares = manager.balanceOf(address(this), pool);
        manager.removeProportional(pool, shares, _same(2, 0), false, address(this), FOREVER);
        assertApproxEqRel(manager.oraclePrice(pool, 0, 1), price, 0.001e18);
        manager.addProportional(pool, 1e22, _same(2, FOREVER), address(this), FOREVER);
        assertApproxEqRel(manager.oraclePrice(pool, 0, 1), price, 0.001e18);
    }

    /// @notice Nor do small steps up from there, by much: each rounds an average to its unit, and how many a block has room
    /// for decides. docs/contracts.md says these figures.
    function test_aHundredStepsUpFromTheBurntSharesMoveThePriceByATwentieth() public {
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (tokens[0], tokens[1]);
        uint256 pool = _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0);
        manager.initialize(pool, _numbers(1e9, 0.4e18), address(this));
        uint256 price = manager.oraclePrice(pool, 0, 1);
        manager.removeProportional(pool, manager.balanceOf(address(this), pool), _same(2, 0), false, address(this), FOREVER);
        for (uint256 i; i < 100; ++i) {
            uint256 units = manager.poolState(pool).averages[0];
            manager.addProportional(pool, manager.totalSupply(pool) * 49 / 100 / units, _same(2, FOREVER), address(this), FOREVER);
        }
        uint256 moved = manager.oraclePrice(pool, 0, 1) * 100 / price;
        assertGe(moved, 104);
        assertLe(moved, 106);
    }

    /// @notice An average above what a slot holds is the most it holds: entries go on, and no exit can meet it.
    function test_anAverageStaysWithinItsBitsAndNoExitRevertsForIt() public {
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (tokens[0], tokens[1]);
        deal(tokens[0], address(this), 1e34);
        uint256 pool = _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0);
        manager.initialize(pool, _numbers(5e33, 5e24), address(this));
        for (uint256 i; i < 3; ++i) {
            manager.removeOneExactShares(pool, 0, 1e23, 0, address(this), FOREVER);
        }
        // the average is above the balance now
        manager.addProportional(pool, 0.5e24, _same(2, FOREVER), address(this), FOREVER);
        assertEq(manager.poolState(pool).averages[0], MASK);
        skip(60);
        manager.removeProportional(pool, manager.balanceOf(address(this), pool), _same(2, 0), false, address(this), FOREVER);
        assertLt(manager.poolState(pool).averages[0], MASK);
    }

    function testFuzz_anAverageIsRescaledToTheNearestUnit(uint256 average, uint256 supply, uint256 supplyAfter) public view {
        average = bound(average, 1, MASK);
        (supply, supplyAfter) = (bound(supply, 1, type(uint128).max), bound(supplyAfter, 1, type(uint128).max));
        uint256 found = AssetSlots.average(AssetSlots.packRescaled(AssetSlots.pack(7, average), 9, supply, supplyAfter));
        uint256 exact = average * supplyAfter;
        if (found == MASK) assertGe(exact + supply / 2, MASK * supply);
        else if (found == 1) assertLt(exact, 2 * supply);
        else assertLe(2 * (found * supply > exact ? found * supply - exact : exact - found * supply), supply);
    }

    /* STEPS */

    function _trade(uint256 pool, uint256 count, uint256 seed) private {
        uint256 index = seed % count;
        uint256 held = manager.poolState(pool).curve.balances[index];
        try manager.swapExactIn(pool, index, (index + 1) % count, held / 4, 0, address(this), FOREVER) {} catch {}
    }

    function _liquidity(uint256 pool, uint256 count, uint256 seed) private {
        uint256 index = (seed >> 8) % count;
        uint256 shares = manager.totalSupply(pool) / 10 ** ((seed >> 16) % 16) * (1 + (seed >> 24) % 9) / 5 + 1;
        uint256 held = manager.balanceOf(address(this), pool);
        uint256 amount = manager.poolState(pool).curve.balances[index] / (4 + (seed >> 32) % 97) + 1;
        // which of them there are is the seed's choice; those that the pool refuses change nothing
        if (seed % 6 == 0) {
            try manager.addProportional(pool, shares, _same(count, FOREVER), address(this), FOREVER) {} catch {}
        } else if (seed % 6 == 1) {
            shares = shares > held ? held / 2 + 1 : shares;
            try manager.removeProportional(pool, shares, _same(count, 0), false, address(this), FOREVER) {} catch {}
        } else if (seed % 6 == 2) {
            try manager.addOneExactIn(pool, index, amount, 0, address(this), FOREVER) {} catch {}
        } else if (seed % 6 == 3) {
            try manager.addOneExactShares(pool, index, shares, FOREVER, address(this), FOREVER) {} catch {}
        } else if (seed % 6 == 4) {
            try manager.removeOneExactShares(pool, index, shares, 0, address(this), FOREVER) {} catch {}
        } else {
            try manager.removeOneExactOut(pool, index, amount, FOREVER, address(this), FOREVER) {} catch {}
        }
    }

    function _past(uint256 pool) private view returns (Past memory) {
        Pools.PoolState memory state = manager.poolState(pool);
        return Past(state.averages, state.supply, 0);
    }

    /// @dev After each call: half a unit of that supply is added to what roundings may have moved a share's part by, which is
    /// kept in units of 1 / (first supply).
    function _check(uint256 pool, Past memory past) private view {
        Pools.PoolState memory state = manager.poolState(pool);
        past.allowed += past.supply * 1e18 / (2 * state.supply) + 1;
        for (uint256 i; i < state.averages.length; ++i) {
            if (state.averages[i] == 1) past.averages[i] = 0; // one at least: from here on nothing is known of it
            if (past.averages[i] == 0) continue;
            (uint256 a, uint256 b) = (state.averages[i] * past.supply, past.averages[i] * state.supply);
            assertLe((a > b ? a - b : b - a) / state.supply, past.allowed / 1e18 + 1, "half a unit a call");
        }
    }

    function _deviation(uint256 pool) private view returns (uint256) {
        Pools.PoolState memory state = manager.poolState(pool);
        return DynamicFee.deviation(
            state.curve.balances[0], state.averages[0], state.curve.balances[1], state.averages[1]
        );
    }
}
