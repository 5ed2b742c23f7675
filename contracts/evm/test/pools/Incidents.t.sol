// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {StableMath} from "../../src/libraries/StableMath.sol";
import {CallbackToken, MockToken} from "../mocks/OddTokens.sol";
import {PoolBase} from "./PoolBase.sol";

/// @notice What has drained pools elsewhere, tried here.
contract IncidentsTest is PoolBase {
    uint256 private constant GUARD = 24;

    function _stableOf(uint8 first, uint8 second, uint256 amplification) private returns (uint256 pool) {
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (_token(first), _token(second));
        pool = _stable(pair, amplification, 0, 10, 0);
    }

    /// @dev D in units of 2^-24, not below the true one (or not above it).
    function _invariant(uint256 pool, bool up) private view returns (uint256) {
        Pools.CurvePool memory curve = manager.poolState(pool).curve;
        uint256[] memory xs = new uint256[](curve.balances.length);
        for (uint256 i; i < xs.length; ++i) {
            xs[i] = curve.balances[i] * curve.rates[i];
        }
        uint256 d = StableMath.invariant(xs, curve.amplification);
        return up
            ? StableMath.invariantUp(xs, curve.amplification, d, GUARD)
            : StableMath.invariantDown(xs, curve.amplification, d, GUARD);
    }

    /// @dev D of two assets of 18 decimals in units of 2^-24, floored, by halving: a few units against thousands are beyond
    /// Newton's steps. ann S = (ann - 1) D + D^3 / 4xy, times 4xy.
    function _halved(uint256 pool) private view returns (uint256 low) {
        Pools.CurvePool memory curve = manager.poolState(pool).curve;
        (uint256 x, uint256 y) = (curve.balances[0], curve.balances[1]);
        uint256 ann = 2 * curve.amplification;
        uint256 high = (x + y + 1) << GUARD;
        while (high - low > 1) {
            uint256 d = (low + high) / 2;
            uint256 right = ((ann - StableMath.AMP_UNIT) * d * 4 * x * y << 2 * GUARD) + StableMath.AMP_UNIT * d ** 3;
            if (right > ann * (x + y) * 4 * x * y << 3 * GUARD) high = d;
            else low = d;
        }
    }

    /// @notice Balancer, November 2025: balances of a few units, a hundred swaps in one transaction, no fee.
    function testFuzz_aHundredSwapsOfAFewUnitsTakeNothing(uint256 seed, uint256 amplification) public {
        amplification = bound(amplification, 1, 5000) * 100;
        uint256 pool = _stableOf(18, 18, amplification);
        manager.initialize(pool, _numbers(8 + seed % 13, 8 + (seed >> 8) % 5), address(this));
        uint256 before = _halved(pool);
        for (uint256 i; i < 100; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 index = seed & 1;
            uint256 held = manager.poolState(pool).curve.balances[1 - index];
            uint256 amount = 1 + (seed >> 8) % 9;
            // which swaps there are is the seed's choice; those the pool refuses take nothing
            if ((seed >> 16) & 1 == 0) {
                try manager.swapExactIn(pool, index, 1 - index, amount, 0, address(this), FOREVER) {} catch {}
            } else if (held > 1) {
                amount = 1 + amount % (held - 1);
                try manager.swapExactOut(pool, index, 1 - index, amount, FOREVER, address(this), FOREVER) {} catch {}
            }
        }
        assertGe(_halved(pool), before, "the pool has no less than it had");
    }

    /// @notice The same as one call, there and back through one pool a hundred times.
    function testFuzz_aPathOfAHundredHopsGivesNoMoreThanItTook(uint256 amount, uint256 size, uint256 amplification)
        public
    {
        amplification = bound(amplification, 1, 5000) * 100;
        size = bound(size, 9, 1e13); // the test itself refines by 24 bits of a unit
        amount = bound(amount, 1, size / 2);
        uint256 pool = _stableOf(18, 6, amplification);
        manager.initialize(pool, _numbers(size * 1e12, size), address(this));
        uint256 before = _invariant(pool, false);
        Pools.Hop[] memory path = new Pools.Hop[](100);
        for (uint256 i; i < path.length; ++i) {
            path[i] = Pools.Hop(pool, (i + 1) & 1, i & 1);
        }
        try manager.swapPath(path, amount, 0, Pools.Payment.Token, false, address(this), FOREVER, "") returns (
            uint256 out, address
        ) {
            assertLe(out, amount);
        } catch {} // a hop that would give nothing
        assertGe(_invariant(pool, true), before);
    }

    /// @notice Bunni, September 2025: many withdrawals of almost nothing, each rounded on its own.
    function testFuzz_microWithdrawalsLeaveTheOthersWhole(uint256 first, uint256 second, uint256 tiny) public {
        address[] memory pair = _tokens(2, 6);
        uint256 pool = _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0);
        (first, second) = (bound(first, 1, 1e12), bound(second, 1, 1e12));
        manager.initialize(pool, _numbers(first, second), address(this));
        tiny = bound(tiny, 1, 1e22);
        for (uint256 i; i < 44; ++i) {
            Pools.PoolState memory before = manager.poolState(pool);
            manager.removeProportional(pool, tiny, _same(2, 0), false, address(this), FOREVER);
            Pools.PoolState memory later = manager.poolState(pool);
            for (uint256 k; k < 2; ++k) { // what a share is worth of each asset never falls
                assertGe(later.curve.balances[k] * before.supply, before.curve.balances[k] * later.supply);
            }
        }
    }

    /// @notice Hundred and Sonne: a gift to an empty market makes the first share dear, and later ones round to nothing.
    function test_aGiftChangesNoPriceAndTheFirstDepositorHasNoHold() public {
        address[] memory pair = _tokens(2, 18);
        uint256 pool = _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0);
        manager.initialize(pool, _numbers(1, 1), address(this));
        MockToken(pair[0]).transfer(address(manager), 1e24);
        assertEq(manager.poolState(pool).curve.balances[0], 1, "a gift is no balance");
        uint256[] memory paid = manager.addProportional(pool, 1e30, _same(2, FOREVER), address(0xCAFE), FOREVER);
        vm.prank(address(0xCAFE));
        uint256[] memory got = manager.removeProportional(pool, 1e30, _same(2, 0), false, address(0xCAFE), FOREVER);
        for (uint256 i; i < 2; ++i) {
            assertGe(got[i] + 1, paid[i], "a unit is the most that rounding takes");
        }
    }

    function test_thePoolKeepsItsBurntSharesWhoeverLeaves() public {
        address[] memory pair = _tokens(2, 18);
        uint256 pool = _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0);
        manager.initialize(pool, _numbers(9, 9), address(this));
        manager.removeProportional(
            pool, manager.balanceOf(address(this), pool), _same(2, 0), false, address(this), FOREVER
        );
        assertEq(manager.totalSupply(pool), manager.BURNT_SHARES());
        assertGt(manager.poolState(pool).curve.balances[0], 0, "no asset is ever empty");
        vm.expectRevert(Pools.AlreadyInitialized.selector);
        manager.initialize(pool, _numbers(9, 9), address(this));
    }

    /// @notice dForce and Curve's consumers: a price read while liquidity is on its way out.
    function test_pricesCannotBeReadWhileACallIsUnderWay() public {
        CallbackToken token = new CallbackToken(18);
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (_own(token), _token(18));
        uint256 pool = _stable(pair, 20_000, 0, 10, 0);
        manager.initialize(pool, _numbers(1e24, 1e24), address(this));
        bytes[3] memory views = [
            abi.encodeCall(manager.poolState, (pool)),
            abi.encodeCall(manager.oraclePrice, (pool, 0, 1)),
            abi.encodeCall(manager.totalSupply, (pool))
        ];
        for (uint256 i; i < views.length; ++i) {
            token.program(address(manager), views[i]);
            manager.removeProportional(pool, 1e22, _same(2, 0), false, address(this), FOREVER);
            assertTrue(token.called());
            assertFalse(token.ok());
            assertEq(token.errorSaid(), Pools.Locked.selector);
        }
        manager.oraclePrice(pool, 0, 1); // free again
    }
}
