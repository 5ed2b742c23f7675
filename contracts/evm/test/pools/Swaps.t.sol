// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {StableMath} from "../../src/libraries/StableMath.sol";
import {Tokens} from "../../src/libraries/Tokens.sol";
import {FalseToken, FeeToken, MockToken, NoReturnToken, RevertingToken} from "../mocks/OddTokens.sol";
import {PoolBase} from "./PoolBase.sol";

contract SwapsTest is PoolBase {
    address[] private tokens;
    uint256 private weighted;
    uint256 private stable;
    uint256 private hybrid;

    function setUp() public {
        tokens = _tokens(3, 18);
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (tokens[0], tokens[1]);
        weighted = _weighted(pair, _numbers(0.8e18, 0.2e18), 0.003e18, 50);
        stable = _stable(pair, 20_000, 0.0004e18, 20, 50);
        hybrid = _hybrid(tokens, 20_000, 0.001e18);
        manager.initialize(weighted, _numbers(1e24, 1e24), address(this));
        manager.initialize(stable, _numbers(1e24, 1e24), address(this));
        manager.initialize(hybrid, _same(3, 1e24), address(this));
    }

    function _data(uint256 pool, uint256 amount) private view returns (bytes memory) {
        return abi.encodeCall(manager.swapExactIn, (pool, 0, 1, amount, 0, address(this), FOREVER));
    }

    function testFuzz_exactOutOfWhatExactInGaveCostsNoLess(uint256 amount, uint256 which, uint256 moved) public {
        uint256 pool = [weighted, stable, hybrid][which % 3];
        amount = bound(amount, 1e6, pool == weighted ? 4e22 : 2e23);
        if (moved % 2 == 0) { // off the averages and off parity: both parts of the fee are at work
            manager.swapExactIn(pool, 1, 0, bound(moved, 1e18, 2e23), 0, address(this), FOREVER);
        }
        uint256 state = vm.snapshotState();
        uint256 out = manager.swapExactIn(pool, 0, 1, amount, 0, address(this), FOREVER);
        vm.revertToState(state);
        state = vm.snapshotState();
        uint256 paid = manager.swapExactOut(pool, 0, 1, out, FOREVER, address(this), FOREVER);
        vm.revertToState(state);
        assertApproxEqAbs(paid, amount, 40 + amount / 1e15, "the two are one curve with one fee");
        uint256 again = manager.swapExactIn(pool, 0, 1, paid, 0, address(this), FOREVER);
        // Cross products of a rounding each way: exact in of what exact out asks gives what was asked, or the pool has more
        assertApproxEqAbs(again, out, 40 + out / 1e15);
        if (pool == stable) assertGe(again, out, "exact out is held against exact in");
    }

    function testFuzz_aRoundTripNeverProfits(uint256 amount, uint256 which) public {
        uint256 pool = [weighted, stable, hybrid][which % 3];
        amount = bound(amount, 1e6, pool == weighted ? 4e22 : 2e23);
        uint256 out = manager.swapExactIn(pool, 0, 1, amount, 0, address(this), FOREVER);
        uint256 back = manager.swapExactIn(pool, 1, 0, out, 0, address(this), FOREVER);
        assertLt(back, amount);
    }

    function test_aTradeFarFromTheAveragesPaysMore() public {
        manager.swapExactIn(weighted, 0, 1, 5e22, 0, address(this), FOREVER);
        uint256 state = vm.snapshotState();
        uint256 wild = manager.swapExactIn(weighted, 0, 1, 1e18, 0, address(this), FOREVER);
        vm.revertToState(state);
        skip(1 days); // the averages have caught up
        uint256 later = manager.swapExactIn(weighted, 0, 1, 1e18, 0, address(this), FOREVER);
        assertGt(later, wild);
    }

    function test_aTradeFarFromParityPaysMore() public {
        address[] memory pair = _tokens(2, 18);
        uint256 flat = _stable(pair, 20_000, 0.001e18, 10, 0);
        uint256 steep = _stable(pair, 20_000, 0.001e18, 100, 0);
        manager.initialize(flat, _numbers(1e24, 3e23), address(this));
        manager.initialize(steep, _numbers(1e24, 3e23), address(this));
        uint256 one = manager.swapExactIn(flat, 0, 1, 1e21, 0, address(this), FOREVER);
        uint256 other = manager.swapExactIn(steep, 0, 1, 1e21, 0, address(this), FOREVER);
        assertGt(one, other);
    }

    function test_minimumMaximumAndDeadlineHold() public {
        vm.expectPartialRevert(Pools.InsufficientOutput.selector);
        manager.swapExactIn(weighted, 0, 1, 1e18, 1e19, address(this), FOREVER);
        vm.expectPartialRevert(Pools.ExcessiveInput.selector);
        manager.swapExactOut(weighted, 0, 1, 1e18, 1, address(this), FOREVER);
        vm.expectRevert(abi.encodeWithSelector(Pools.Expired.selector, block.timestamp - 1));
        manager.swapExactIn(weighted, 0, 1, 1e18, 0, address(this), block.timestamp - 1);
    }

    function test_nothingAndTooMuchAreRefusedByName() public {
        vm.expectRevert(StableMath.ZeroAmount.selector);
        manager.swapExactIn(weighted, 0, 1, 0, 0, address(this), FOREVER);
        vm.expectRevert(StableMath.ZeroAmount.selector);
        manager.swapExactIn(stable, 0, 1, 0, 0, address(this), FOREVER);
        for (uint256 pool = 1; pool <= 3; ++pool) {
            vm.expectPartialRevert(Pools.AmountTooLarge.selector);
            manager.swapExactIn(pool, 0, 1, FOREVER, 0, address(this), FOREVER);
            vm.expectPartialRevert(Pools.AmountTooLarge.selector);
            manager.swapExactOut(pool, 0, 1, FOREVER, FOREVER, address(this), FOREVER);
            vm.expectPartialRevert(Pools.AmountTooLarge.selector);
            manager.addOneExactIn(pool, 0, FOREVER, 0, address(this), FOREVER);
        }
        vm.expectRevert(Pools.UnknownPool.selector);
        manager.swapExactIn(99, 0, 1, 1, 0, address(this), FOREVER);
        vm.expectRevert(Pools.UnknownAsset.selector);
        manager.swapExactIn(weighted, 0, 2, 1, 0, address(this), FOREVER);
        vm.expectRevert(Pools.UnknownAsset.selector);
        manager.swapExactIn(weighted, 1, 1, 1, 0, address(this), FOREVER);
    }

    function test_aPathGivesWhatItsHopsGiveAndNeedsTheirTokensToMeet() public {
        Pools.Hop[] memory path = new Pools.Hop[](2);
        (path[0], path[1]) = (Pools.Hop(weighted, 0, 1), Pools.Hop(hybrid, 1, 2));
        uint256 state = vm.snapshotState();
        uint256 first = manager.swapExactIn(weighted, 0, 1, 1e20, 0, address(this), FOREVER);
        uint256 expected = manager.swapExactIn(hybrid, 1, 2, first, 0, address(this), FOREVER);
        vm.revertToState(state);
        uint256 before = MockToken(tokens[2]).balanceOf(address(0xCAFE));
        (uint256 out, address token) =
            manager.swapPath(path, 1e20, expected, Pools.Payment.Token, false, address(0xCAFE), FOREVER, "");
        assertEq(out, expected);
        assertEq(token, tokens[2]);
        assertEq(MockToken(tokens[2]).balanceOf(address(0xCAFE)) - before, expected);
        path[1] = Pools.Hop(hybrid, 0, 2);
        vm.expectRevert(Pools.InvalidPath.selector);
        manager.swapPath(path, 1e20, 0, Pools.Payment.Token, false, address(this), FOREVER, "");
        vm.expectRevert(Pools.InvalidPath.selector);
        manager.swapPath(new Pools.Hop[](0), 1e20, 0, Pools.Payment.Token, false, address(this), FOREVER, "");
    }

    function test_internalBalancesPayAndArePaid() public {
        manager.deposit(tokens[0], 1e20, address(this));
        Pools.Hop[] memory path = new Pools.Hop[](1);
        path[0] = Pools.Hop(weighted, 0, 1);
        uint256 held = MockToken(tokens[0]).balanceOf(address(this));
        (uint256 out,) =
            manager.swapPath(path, 1e20, 0, Pools.Payment.InternalBalance, true, address(this), FOREVER, "");
        assertEq(MockToken(tokens[0]).balanceOf(address(this)), held, "no token moved");
        assertEq(manager.balanceOf(address(this), uint160(tokens[0])), 0);
        assertEq(manager.balanceOf(address(this), uint160(tokens[1])), out);
        held = MockToken(tokens[1]).balanceOf(address(this));
        manager.withdraw(tokens[1], out, address(this));
        assertEq(MockToken(tokens[1]).balanceOf(address(this)), held + out);
        vm.expectRevert();
        manager.withdraw(tokens[1], 1, address(this));
        vm.expectRevert(abi.encodeWithSelector(Pools.InvalidToken.selector, address(uint160(weighted))));
        manager.withdraw(address(uint160(weighted)), 1, address(this)); // shares are no token
    }

    function paySwap(address token, uint256 amount, bytes calldata data) external {
        if (data.length == 0) return;
        MockToken(token).transfer(address(manager), amount);
    }

    function test_aCallbackPaysAllOrTheSwapIsNone() public {
        Pools.Hop[] memory path = new Pools.Hop[](1);
        path[0] = Pools.Hop(weighted, 0, 1);
        manager.swapPath(path, 1e20, 1, Pools.Payment.Callback, false, address(this), FOREVER, "pay");
        vm.expectRevert(abi.encodeWithSelector(Pools.NotPaid.selector, 1e20));
        manager.swapPath(path, 1e20, 1, Pools.Payment.Callback, false, address(this), FOREVER, "");
    }

    function test_aPauseStopsEntriesAndNoExit() public {
        manager.deposit(tokens[0], 1e18, address(this));
        vm.prank(GUARDIAN);
        manager.pause(1 days);
        bytes[4] memory entries = [
            _data(weighted, 1e18),
            abi.encodeCall(manager.addProportional, (weighted, 1e18, _same(2, FOREVER), address(this), FOREVER)),
            abi.encodeCall(manager.addOneExactIn, (weighted, 0, 1e18, 0, address(this), FOREVER)),
            abi.encodeCall(manager.deposit, (tokens[0], 1, address(this)))
        ];
        for (uint256 i; i < entries.length; ++i) {
            (bool ok, bytes memory said) = address(manager).call(entries[i]);
            assertFalse(ok);
            assertEq(bytes4(said), IGuardedPause.EnforcedPause.selector);
        }
        manager.removeProportional(weighted, 1e20, _same(2, 0), false, address(this), FOREVER);
        manager.removeOneExactShares(weighted, 0, 1e20, 0, address(this), FOREVER);
        manager.removeOneExactOut(stable, 0, 1e18, FOREVER, address(this), FOREVER);
        manager.withdraw(tokens[0], 1e18, address(this));
        manager.collectProtocolFee(weighted, 0);
        skip(1 days);
        (bool again,) = address(manager).call(_data(weighted, 1e18));
        assertTrue(again, "it ends by itself");
    }

    function test_oneBlockDoesNotMoveTheOracleAndTimeDoes() public {
        skip(1 hours);
        uint256 price = manager.oraclePrice(stable, 0, 1);
        uint256 second = manager.oraclePrice(weighted, 0, 1);
        manager.swapExactIn(stable, 0, 1, 5e23, 0, address(this), FOREVER);
        manager.swapExactIn(weighted, 0, 1, 2e23, 0, address(this), FOREVER);
        manager.swapExactIn(weighted, 0, 1, 2e23, 0, address(this), FOREVER);
        assertEq(manager.oraclePrice(stable, 0, 1), price);
        assertEq(manager.oraclePrice(weighted, 0, 1), second);
        skip(12);
        uint256 soon = manager.oraclePrice(weighted, 0, 1);
        assertLt(soon, second);
        assertGt(soon, second * 95 / 100, "a block later it has hardly moved");
        skip(2 hours);
        assertLt(manager.oraclePrice(stable, 0, 1), price);
        assertLt(manager.oraclePrice(weighted, 0, 1), second * 6 / 10);
    }

    function test_theProtocolsPartIsKeptApartAndPaidToTheOwner() public {
        manager.swapExactIn(weighted, 0, 1, 1e20, 0, address(this), FOREVER);
        uint256 owed = manager.protocolFeeOf(weighted, 0);
        assertEq(owed, 1e20 * 3 / 1000 / 2);
        assertEq(manager.poolState(weighted).curve.balances[0], 1e24 + 1e20 - owed);
        manager.collectProtocolFee(weighted, 0);
        assertEq(MockToken(tokens[0]).balanceOf(OWNER), owed);
        assertEq(manager.protocolFeeOf(weighted, 0), 0);
        assertEq(manager.collectProtocolFee(weighted, 0), 0, "once");
    }

    function test_amplificationIsRampedSlowlyAndByTheOwner() public {
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotOwner.selector, address(this)));
        manager.rampAmplification(stable, 40_000, block.timestamp + 2 days);
        vm.startPrank(OWNER);
        vm.expectRevert(Pools.InvalidRamp.selector);
        manager.rampAmplification(stable, 40_000, block.timestamp + 1 days - 1);
        vm.expectRevert(Pools.InvalidRamp.selector);
        manager.rampAmplification(stable, 200_001, block.timestamp + 1 days);
        vm.expectRevert(Pools.InvalidRamp.selector);
        manager.rampAmplification(stable, 1999, block.timestamp + 1 days);
        vm.expectRevert(Pools.InvalidRamp.selector);
        manager.rampAmplification(weighted, 40_000, block.timestamp + 2 days);
        manager.rampAmplification(stable, 40_000, block.timestamp + 2 days);
        vm.expectRevert(Pools.InvalidRamp.selector);
        manager.rampAmplification(stable, 80_000, block.timestamp + 2 days);
        vm.stopPrank();
        assertEq(manager.poolState(stable).curve.amplification, 20_000);
        skip(1 days);
        assertEq(manager.poolState(stable).curve.amplification, 30_000);
        uint256 state = vm.snapshotState();
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotOwner.selector, address(this)));
        manager.stopRamp(stable);
        vm.prank(OWNER);
        manager.stopRamp(stable);
        skip(1 days);
        assertEq(manager.poolState(stable).curve.amplification, 30_000);
        vm.revertToState(state);
        skip(2 days);
        manager.stopRamp(stable); // it has arrived: anybody may
        assertEq(manager.poolState(stable).curve.amplification, 40_000);
        vm.expectRevert(Pools.InvalidRamp.selector);
        manager.stopRamp(stable);
    }

    function test_tokensThatDoNotMoveWhatTheySayAreRefusedByName() public {
        FeeToken taking = new FeeToken(18);
        FalseToken lying = new FalseToken(18);
        NoReturnToken silent = new NoReturnToken(18);
        uint256 pool = _pairWith(_own(silent));
        manager.initialize(pool, _numbers(1e20, 1e20), address(this));
        manager.swapExactIn(pool, 0, 1, 1e18, 1, address(this), FOREVER);
        manager.swapExactIn(pool, 1, 0, 1e18, 1, address(this), FOREVER);
        pool = _pairWith(_own(taking));
        vm.expectRevert(abi.encodeWithSelector(Tokens.TokenTakesFee.selector, address(taking)));
        manager.initialize(pool, _numbers(1e20, 1e20), address(this));
        pool = _pairWith(_own(lying));
        manager.initialize(pool, _numbers(1e20, 1e20), address(this));
        lying.setRefusing(true);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(lying)));
        manager.swapExactIn(pool, 0, 1, 1e18, 1, address(this), FOREVER);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(lying)));
        manager.swapExactIn(pool, 1, 0, 1e18, 1, address(this), FOREVER);
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (address(new MockToken(27)), tokens[0]);
        vm.expectRevert(abi.encodeWithSelector(Tokens.UnsupportedDecimals.selector, pair[0]));
        _stable(pair, 100, 0, 10, 0);
        assertGt(_weighted(pair, _numbers(0.5e18, 0.5e18), 0, 0), 0, "a weighted pool asks no decimals");
    }

    function test_aTokenThatRevertsKeepsNobodyFromTheOthers() public {
        RevertingToken token = new RevertingToken(18);
        uint256 pool = _pairWith(_own(token));
        manager.initialize(pool, _numbers(1e20, 1e20), address(this));
        token.setRefusing(true);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        manager.removeProportional(pool, 1e23, _same(2, 0), false, address(this), FOREVER);
        uint256[] memory got = manager.removeProportional(pool, 1e23, _same(2, 0), true, address(this), FOREVER);
        manager.withdraw(tokens[0], got[1], address(this));
        token.setRefusing(false);
        manager.withdraw(address(token), got[0], address(this));
    }

    function test_parametersThatNoPoolCanHaveAreRefused() public {
        address[] memory pair = _tokens(2, 18);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _weighted(pair, _numbers(0.5e18, 0.4e18), 0, 0);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _weighted(pair, _numbers(0.995e18, 0.005e18), 0, 0);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _weighted(pair, _same(3, uint256(1e18) / 3), 0, 0);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _weighted(pair, _numbers(0.5e18, 0.5e18), 0.1e18 + 1, 0);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _weighted(pair, _numbers(0.5e18, 0.5e18), 0, 65_536);
        vm.expectRevert(StableMath.AmplificationOutOfRange.selector);
        _stable(pair, 99, 0, 10, 0);
        vm.expectRevert(StableMath.AmplificationOutOfRange.selector);
        _stable(pair, 1e8 + 1, 0, 10, 0);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _stable(pair, 100, 0, 9, 0);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _stable(pair, 100, 0, 1001, 0);
        pair[1] = pair[0];
        vm.expectRevert(Pools.InvalidParameters.selector);
        _stable(pair, 100, 0, 10, 0);
        pair[1] = address(5);
        vm.expectRevert(abi.encodeWithSelector(Pools.InvalidToken.selector, address(5)));
        _stable(pair, 100, 0, 10, 0);
        pair = _tokens(2, 18);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _hybrid(pair, 100, 0);
        pair = _tokens(9, 18);
        vm.expectRevert(Pools.InvalidParameters.selector);
        _stable(pair, 100, 0, 10, 0);
    }

    function _pairWith(address token) private returns (uint256) {
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (token, tokens[0]);
        return _weighted(pair, _numbers(0.5e18, 0.5e18), 0.001e18, 0);
    }
}
