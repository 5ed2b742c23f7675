// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountLedger} from "../../src/interfaces/IAccountLedger.sol";
import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {LiquidityPoolManager} from "../../src/core/LiquidityPoolManager.sol";
import {PoolIncentives} from "../../src/core/PoolIncentives.sol";
import {IPoolIncentives} from "../../src/interfaces/IPoolIncentives.sol";
import {PoolMigrator} from "../../src/periphery/PoolMigrator.sol";
import {MockToken, RevertingToken} from "../mocks/OddTokens.sol";
import {PoolBase} from "./PoolBase.sol";

contract LiquidityTest is PoolBase {
    address private constant ANN = address(0xA);
    address private constant BEN = address(0xBE);
    address[] private tokens;
    uint256[3] private pools;

    function setUp() public {
        tokens = _tokens(3, 18);
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (tokens[0], tokens[1]);
        pools[0] = _weighted(pair, _numbers(0.8e18, 0.2e18), 0.003e18, 0);
        pools[1] = _stable(pair, 20_000, 0.0004e18, 20, 0);
        pools[2] = _hybrid(tokens, 20_000, 0.001e18);
        manager.initialize(pools[0], _numbers(1e24, 1e24), address(this));
        manager.initialize(pools[1], _numbers(1e24, 1e24), address(this));
        manager.initialize(pools[2], _same(3, 1e24), address(this));
    }

    function testFuzz_oneAssetInAndOutAgainNeverProfits(uint256 amount, uint256 which) public {
        uint256 pool = pools[which % 3];
        amount = bound(amount, 1e6, 2e23);
        uint256 shares = manager.addOneExactIn(pool, 0, amount, 0, address(this), FOREVER);
        assertLe(manager.removeOneExactShares(pool, 0, shares, 0, address(this), FOREVER), amount);
    }

    function testFuzz_liquidityIsNoCheaperSwap(uint256 amount, uint256 which) public {
        uint256 pool = pools[which % 3];
        amount = bound(amount, 1e15, 4e22);
        uint256 state = vm.snapshotState();
        uint256 swapped = manager.swapExactIn(pool, 0, 1, amount, 0, address(this), FOREVER);
        vm.revertToState(state);
        uint256 shares = manager.addOneExactIn(pool, 0, amount, 0, address(this), FOREVER);
        uint256 got = manager.removeOneExactShares(pool, 1, shares, 0, address(this), FOREVER);
        // of the two fees the first stays in the pool of which the shares are a part: a millionth of the trade at these sizes
        assertLe(got, swapped + swapped / 1e4);
    }

    function testFuzz_exactSharesAndExactAmountsAgree(uint256 amount, uint256 which) public {
        uint256 pool = pools[which % 3];
        amount = bound(amount, 1e9, 1e23);
        uint256 state = vm.snapshotState();
        uint256 shares = manager.addOneExactIn(pool, 1, amount, 0, address(this), FOREVER);
        vm.revertToState(state);
        state = vm.snapshotState();
        uint256 paid = manager.addOneExactShares(pool, 1, shares, FOREVER, address(this), FOREVER);
        assertApproxEqAbs(paid, amount, 10 + amount / 1e15);
        vm.revertToState(state);
        state = vm.snapshotState();
        uint256 got = manager.removeOneExactShares(pool, 1, shares, 0, address(this), FOREVER);
        vm.revertToState(state);
        uint256 burnt = manager.removeOneExactOut(pool, 1, got, FOREVER, address(this), FOREVER);
        assertApproxEqAbs(burnt, shares, 10 + shares / 1e15 + shares / amount * 4);
    }

    function testFuzz_proportionalInAndOutNeverProfits(uint256 shares, uint256 which) public {
        uint256 pool = pools[which % 3];
        uint256 count = pool == pools[2] ? 3 : 2;
        shares = bound(shares, 1, 1e27);
        uint256[] memory paid = manager.addProportional(pool, shares, _same(count, FOREVER), address(this), FOREVER);
        uint256[] memory got = manager.removeProportional(pool, shares, _same(count, 0), false, address(this), FOREVER);
        for (uint256 i; i < count; ++i) {
            assertLe(got[i], paid[i]);
        }
    }

    function test_boundsOfLiquidityHold() public {
        uint256 pool = pools[1];
        vm.expectPartialRevert(Pools.InsufficientOutput.selector);
        manager.addOneExactIn(pool, 0, 1e18, 1e18, address(this), FOREVER);
        vm.expectPartialRevert(Pools.ExcessiveInput.selector);
        manager.addOneExactShares(pool, 0, 1e18, 1, address(this), FOREVER);
        vm.expectPartialRevert(Pools.InsufficientOutput.selector);
        manager.removeOneExactShares(pool, 0, 1e18, 1e19, address(this), FOREVER);
        vm.expectPartialRevert(Pools.ExcessiveInput.selector);
        manager.removeOneExactOut(pool, 0, 1e18, 1, address(this), FOREVER);
        vm.expectPartialRevert(Pools.ExcessiveInput.selector);
        manager.addProportional(pool, 1e18, _same(2, 1), address(this), FOREVER);
        vm.expectPartialRevert(Pools.InsufficientOutput.selector);
        manager.removeProportional(pool, 1e18, _same(2, 1e19), false, address(this), FOREVER);
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.removeProportional(pool, 0, _same(2, 0), false, address(this), FOREVER);
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.addProportional(pool, 0, _same(2, 1), address(this), FOREVER);
        vm.expectRevert(Pools.InvalidParameters.selector);
        manager.addProportional(pool, 1, _same(3, 1), address(this), FOREVER);
        vm.prank(ANN);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.InsufficientBalance.selector, 0));
        manager.removeProportional(pool, 1e18, _same(2, 0), false, ANN, FOREVER);
    }

    function test_aCapStopsWhatComesAndNotWhatGoes() public {
        uint256 pool = pools[0];
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotOwner.selector, address(this)));
        manager.setSupplyCap(pool, 1e24);
        vm.prank(OWNER);
        manager.setSupplyCap(pool, 1e24);
        vm.expectRevert(abi.encodeWithSelector(Pools.SupplyCapExceeded.selector, 1e24 + 1));
        manager.addProportional(pool, 1, _same(2, FOREVER), address(this), FOREVER);
        manager.removeProportional(pool, 1e20, _same(2, 0), false, address(this), FOREVER);
        manager.addProportional(pool, 1e20, _same(2, FOREVER), address(this), FOREVER);
    }

    function test_sharesMoveAsTheLedgerSays() public {
        uint256 pool = pools[0];
        manager.transfer(ANN, pool, 5e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.InsufficientAllowance.selector, 0));
        manager.transferFrom(ANN, BEN, pool, 1);
        vm.prank(ANN);
        manager.approve(address(this), pool, 2e18);
        manager.transferFrom(ANN, BEN, pool, 2e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.InsufficientAllowance.selector, 0));
        manager.transferFrom(ANN, BEN, pool, 1);
        vm.prank(ANN);
        manager.setOperator(address(this), true);
        manager.transferFrom(ANN, BEN, pool, 3e18);
        assertEq(manager.balanceOf(BEN, pool), 5e18);
        vm.expectRevert(abi.encodeWithSelector(IAccountLedger.InsufficientBalance.selector, 0));
        manager.transferFrom(ANN, BEN, pool, 1);
    }

    /* INCENTIVES */

    function test_rewardsFollowSharesAndTimeAndNeverExceedWhatWasFunded() public {
        (PoolIncentives incentives, MockToken reward, uint256 pool) = _incentives(new MockToken(18));
        manager.transfer(ANN, pool, 3e20);
        vm.startPrank(ANN);
        manager.approve(address(incentives), pool, 3e20);
        incentives.stake(pool, 3e20);
        vm.stopPrank();
        manager.approve(address(incentives), pool, 1e20);
        skip(1 days);
        incentives.stake(pool, 1e20);
        skip(1 days);
        assertApproxEqAbs(incentives.claimable(pool, 0, ANN), 1e20 + 0.75e20, 10);
        assertApproxEqAbs(incentives.claimable(pool, 0, address(this)), 0.25e20, 10);
        vm.prank(ANN);
        uint256 got = incentives.claim(pool, 0, BEN);
        assertEq(reward.balanceOf(BEN), got);
        assertEq(incentives.claimable(pool, 0, ANN), 0);
        skip(30 days);
        vm.prank(ANN);
        got += incentives.claim(pool, 0, BEN);
        got += incentives.claim(pool, 0, address(this));
        assertLe(got, 1e21);
        assertGt(got, 1e21 - 100);
    }

    function test_aRewardThatRevertsDoesNotKeepTheShares() public {
        RevertingToken bad = new RevertingToken(18);
        (PoolIncentives incentives,, uint256 pool) = _incentives(bad);
        manager.approve(address(incentives), pool, 1e20);
        incentives.stake(pool, 1e20);
        skip(1 days);
        bad.setRefusing(true);
        vm.expectRevert();
        incentives.claim(pool, 0, address(this));
        incentives.unstake(pool, 1e20, BEN);
        assertEq(manager.balanceOf(BEN, pool), 1e20);
        bad.setRefusing(false);
        assertGt(incentives.claim(pool, 0, address(this)), 0, "and what was earned is kept");
    }

    function test_fundingIsOpenAndNeverLowersTheRate() public {
        (PoolIncentives incentives,, uint256 pool) = _incentives(new MockToken(18));
        vm.expectPartialRevert(IPoolIncentives.RateWouldFall.selector);
        incentives.fund(pool, 0, 1, 20 days);
        vm.expectPartialRevert(IPoolIncentives.InvalidDuration.selector);
        incentives.fund(pool, 0, 1e20, 1 days - 1);
        skip(5 days); // nobody staked: what fell to nobody is paid later
        incentives.fund(pool, 0, 1e21, 10 days);
        assertEq(incentives.rewardsOf(pool)[0].rate, uint256(2e21) * 1e18 / 10 days);
        vm.expectRevert(abi.encodeWithSelector(IPoolIncentives.NotOwner.selector, address(this)));
        incentives.addReward(pool, tokens[0]);
        vm.startPrank(OWNER);
        for (uint256 i = 1; i < 8; ++i) {
            incentives.addReward(pool, tokens[0]);
        }
        vm.expectRevert(IPoolIncentives.TooManyRewards.selector);
        incentives.addReward(pool, tokens[0]);
        vm.stopPrank();
        vm.expectRevert(IPoolIncentives.UnknownReward.selector);
        incentives.fund(pool, 8, 1e20, 1 days);
        vm.expectPartialRevert(IPoolIncentives.InvalidDuration.selector);
        incentives.fund(pool, 0, 1e20, 365 days + 1);
        vm.expectRevert(IPoolIncentives.InvalidAmount.selector);
        incentives.fund(pool, 0, 0, 10 days);
        vm.expectRevert(IPoolIncentives.InvalidAmount.selector);
        incentives.fund(pool, 0, 1 << 112, 10 days);
        vm.expectRevert(IPoolIncentives.InvalidAmount.selector);
        incentives.stake(pool, 0);
        vm.expectRevert(abi.encodeWithSelector(IPoolIncentives.InsufficientStake.selector, 0));
        incentives.unstake(pool, 1, address(this));
    }

    /// @dev One unit used to pull months of rewards into the day in which its sender had most of the stake.
    function test_aFundingDoesNotBringTheEndOfWhatWasPromisedNearer() public {
        (PoolIncentives incentives,, uint256 pool) = _incentives(new MockToken(18)); // 1e21 over ten days
        manager.approve(address(incentives), pool, 1e20);
        incentives.stake(pool, 1e20);
        uint256 rate = incentives.rewardsOf(pool)[0].rate;
        vm.expectRevert(abi.encodeWithSelector(IPoolIncentives.InvalidDuration.selector, 1 days));
        incentives.fund(pool, 0, 1, 1 days);
        vm.expectRevert(abi.encodeWithSelector(IPoolIncentives.InvalidDuration.selector, 10 days - 1));
        incentives.fund(pool, 0, 99e21, 10 days - 1);
        incentives.fund(pool, 0, 1, 10 days);
        assertApproxEqAbs(incentives.rewardsOf(pool)[0].rate, rate, 1e18);
        skip(1 days);
        assertApproxEqAbs(incentives.claimable(pool, 0, address(this)), 1e20, 10, "a tenth in a tenth of the time");
        incentives.fund(pool, 0, 91e21, 1 days); // a hundred times what is left
        skip(1 days);
        assertApproxEqAbs(incentives.claimable(pool, 0, address(this)), 92e21, 1000);
    }

    /// @dev Nor does a unit over a year bind those who fund after it.
    function test_aFundingOfNothingDoesNotLengthenThoseToCome() public {
        (PoolIncentives incentives,, uint256 pool) = _incentives(new MockToken(18));
        manager.approve(address(incentives), pool, 1e20);
        incentives.stake(pool, 1e20);
        skip(10 days);
        incentives.fund(pool, 0, 1, 365 days);
        incentives.fund(pool, 0, 1e21, 1 days);
        skip(1 days);
        assertApproxEqAbs(incentives.claimable(pool, 0, address(this)), 2e21, 1000);
    }

    function _incentives(MockToken reward) private returns (PoolIncentives incentives, MockToken, uint256 pool) {
        pool = pools[0];
        incentives = new PoolIncentives(address(manager));
        vm.prank(OWNER);
        incentives.addReward(pool, address(reward));
        reward.mint(address(this), 1e24);
        reward.approve(address(incentives), type(uint256).max);
        incentives.fund(pool, 0, 1e21, 10 days);
        return (incentives, reward, pool);
    }

    /* MIGRATION */

    function test_liquidityMovesToASuccessorInOneCall() public {
        LiquidityPoolManager next = new LiquidityPoolManager(OWNER, GUARDIAN, 0.1e18);
        PoolMigrator migrator = new PoolMigrator();
        address[] memory turned = new address[](2);
        (turned[0], turned[1]) = (tokens[1], tokens[0]); // the same tokens in another order
        uint256[] memory none = new uint256[](0);
        uint256 to = next.createPool(
            Pools.PoolParameters(Pools.Kind.Stable, turned, none, none, 10_000, 0.0001e18, 10, 0)
        );
        uint256 from = pools[1];
        manager.approve(address(migrator), from, type(uint256).max);
        uint256 shares = _move(migrator, from, 1e23, next, to, _same(2, 9e22), 1);
        assertEq(shares, 1e24 - 1e18, "the first there");
        manager.swapExactIn(from, 0, 1, 1e22, 0, address(this), FOREVER); // other proportions than the new pool's
        uint256[2] memory before = [MockToken(tokens[0]).balanceOf(address(this)), MockToken(tokens[1]).balanceOf(address(this))];
        vm.prank(GUARDIAN);
        manager.pause(1 days); // the old manager is paused, as it would be
        shares = _move(migrator, from, 1e23, next, to, _same(2, 9e22), 9e23);
        assertEq(next.balanceOf(address(this), to), 1e24 - 1e18 + shares);
        uint256 rest = MockToken(tokens[0]).balanceOf(address(this)) - before[0];
        assertGt(rest, 1e20, "what has no place comes back");
        assertLt(MockToken(tokens[1]).balanceOf(address(this)) - before[1], 1e6);
        for (uint256 i; i < 2; ++i) {
            assertEq(MockToken(tokens[i]).balanceOf(address(migrator)), 0, "it keeps nothing");
            assertEq(MockToken(tokens[i]).allowance(address(migrator), address(next)), 0);
        }
        vm.expectPartialRevert(PoolMigrator.InsufficientShares.selector);
        _move(migrator, from, 1e20, next, to, _same(2, 9e19), 1e24);
        vm.expectRevert(PoolMigrator.DifferentTokens.selector);
        _move(migrator, from, 1e20, next, to, _same(1, 9e19), 1);
    }

    /// @dev A pool that was empty when the call was made, and has a stranger's price when it arrives: shares are many, and
    /// all of one asset would stand beside next to nothing of the other.
    function test_aPriceThatSomebodyPutIntoTheNewPoolFirstTakesNothing() public {
        LiquidityPoolManager next = new LiquidityPoolManager(OWNER, GUARDIAN, 0.1e18);
        PoolMigrator migrator = new PoolMigrator();
        uint256[] memory none = new uint256[](0);
        uint256 from = pools[0];
        address[] memory pair = manager.poolState(from).tokens;
        uint256 to = next.createPool(
            Pools.PoolParameters(Pools.Kind.Weighted, pair, _same(2, 0.5e18), none, 0, 0.003e18, 0, 0)
        );
        manager.approve(address(migrator), from, type(uint256).max);
        for (uint256 i; i < 2; ++i) {
            MockToken(tokens[i]).approve(address(next), type(uint256).max);
        }
        next.initialize(to, _numbers(1e16, 1e13), BEN);
        uint256 shares = manager.balanceOf(address(this), from);
        vm.expectPartialRevert(PoolMigrator.InsufficientUse.selector);
        _move(migrator, from, 1e22, next, to, _same(2, 1e21), 1e24 - 1e18);
        assertEq(manager.balanceOf(address(this), from), shares);
        _move(migrator, from, 1e22, next, to, _same(2, 1), 1e24 - 1e18);
        assertGt(next.balanceOf(address(this), to), 1e24 - 1e18, "for a minimum of shares alone it is enough");
    }

    function _move(
        PoolMigrator migrator,
        uint256 from,
        uint256 shares,
        LiquidityPoolManager next,
        uint256 to,
        uint256[] memory minUsed,
        uint256 minShares
    ) private returns (uint256) {
        return migrator.migrate(
            PoolMigrator.Migration(manager, from, shares, next, to, _same(2, 1), minUsed, minShares, FOREVER)
        );
    }
}
