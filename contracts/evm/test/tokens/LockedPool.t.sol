// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {LiquidityPoolManager} from "../../src/core/LiquidityPoolManager.sol";
import {IMemeToken} from "../../src/interfaces/IMemeToken.sol";
import {ITokenGenerator} from "../../src/interfaces/ITokenGenerator.sol";
import {LiquidityLock} from "../../src/tokens/LiquidityLock.sol";
import {TokenGenerator} from "../../src/tokens/TokenGenerator.sol";
import {MockToken} from "../mocks/OddTokens.sol";

/// @dev A token with a pool at once, in the real pool manager.
contract LockedPoolTest is Test {
    address private constant KEEPER = address(0x4EE9);
    LiquidityPoolManager private pools;
    TokenGenerator private generator;
    LiquidityLock private lock;
    MockToken private quote;

    function setUp() public {
        vm.warp(1_800_000_000);
        pools = new LiquidityPoolManager(address(1), address(2), 0);
        generator = new TokenGenerator(pools);
        lock = generator.LOCK();
        quote = new MockToken(18);
        quote.mint(address(this), 1000e18);
        quote.approve(address(generator), type(uint256).max);
    }

    function test_the_pool_trades_at_once_and_its_shares_are_locked_until_the_time() public {
        (address token, uint256 pool, uint256 id) = _make(vm.getBlockTimestamp() + 100 days);
        uint256 shares = lock.lockOf(id).shares;
        assertEq(pools.balanceOf(address(lock), pool), shares);
        assertEq(pools.totalSupply(pool) - shares, pools.BURNT_SHARES());
        assertEq(MockToken(token).balanceOf(address(this)), 400e18);
        assertEq(MockToken(token).balanceOf(address(generator)), 0);
        assertEq(MockToken(token).allowance(address(generator), address(pools)), 0);
        assertEq(quote.allowance(address(generator), address(pools)), 0);
        quote.approve(address(pools), type(uint256).max);
        uint256 out = pools.swapExactIn(pool, 1, 0, 1e18, 1, address(this), vm.getBlockTimestamp());
        assertGt(out, 0);
        vm.startPrank(KEEPER);
        vm.expectPartialRevert(LiquidityLock.StillLocked.selector);
        lock.unlock(id, KEEPER);
        vm.expectRevert(LiquidityLock.InvalidLock.selector);
        lock.extend(id, vm.getBlockTimestamp() + 99 days); // no lock is shortened
        lock.extend(id, vm.getBlockTimestamp() + 101 days);
        vm.warp(vm.getBlockTimestamp() + 101 days - 1);
        vm.expectPartialRevert(LiquidityLock.StillLocked.selector);
        lock.unlock(id, KEEPER);
        vm.warp(vm.getBlockTimestamp() + 1);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(LiquidityLock.NotBeneficiary.selector, address(this)));
        lock.unlock(id, address(this));
        vm.startPrank(KEEPER);
        lock.unlock(id, KEEPER);
        assertEq(pools.balanceOf(KEEPER, pool), shares);
        vm.expectRevert(abi.encodeWithSelector(LiquidityLock.NotBeneficiary.selector, KEEPER));
        lock.unlock(id, KEEPER); // once
    }

    function test_a_lock_forever_is_never_over() public {
        (,, uint256 id) = _make(type(uint256).max);
        assertEq(lock.lockOf(id).unlockTime, lock.FOREVER());
        vm.warp(type(uint64).max);
        vm.prank(KEEPER);
        vm.expectPartialRevert(LiquidityLock.StillLocked.selector);
        lock.unlock(id, KEEPER);
    }

    function test_a_lock_of_nothing_for_nobody_or_of_no_time_is_refused() public {
        vm.expectRevert(LiquidityLock.InvalidLock.selector);
        lock.lock(1, 0, KEEPER, vm.getBlockTimestamp() + 1);
        vm.expectRevert(LiquidityLock.InvalidLock.selector);
        lock.lock(1, 1, address(0), vm.getBlockTimestamp() + 1);
        vm.expectRevert(LiquidityLock.InvalidLock.selector);
        lock.lock(1, 1, KEEPER, vm.getBlockTimestamp());
    }

    function test_a_pool_that_cannot_be_leaves_no_token_behind() public {
        (ITokenGenerator.Creation memory c, ITokenGenerator.Pool memory p) = _terms(type(uint256).max);
        p.weight = 1e15; // under the least weight
        vm.expectRevert();
        generator.generateWithPool(c, p);
        assertEq(generator.tokenOf(address(this), c).code.length, 0);
        assertEq(quote.balanceOf(address(this)), 1000e18);
        p.weight = 2e18;
        vm.expectRevert(ITokenGenerator.InvalidParameters.selector);
        generator.generateWithPool(c, p);
    }

    function _make(uint256 unlockTime) private returns (address token, uint256 pool, uint256 id) {
        (ITokenGenerator.Creation memory c, ITokenGenerator.Pool memory p) = _terms(unlockTime);
        return generator.generateWithPool(c, p);
    }

    function _terms(uint256 unlockTime)
        private
        view
        returns (ITokenGenerator.Creation memory c, ITokenGenerator.Pool memory p)
    {
        IMemeToken.Parameters memory t;
        (t.name, t.symbol, t.initialSupply, t.cap) = ("Pooled", "POOL", 1000e18, 1000e18);
        c = ITokenGenerator.Creation(0, keccak256("snapshot"), address(this), t);
        p = ITokenGenerator.Pool(address(quote), 600e18, 300e18, 0.5e18, 0.003e18, KEEPER, unlockTime);
    }
}
