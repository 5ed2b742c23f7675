// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {StableMath} from "../../src/libraries/StableMath.sol";

/// @notice What a call of the stable curve's maths needs, each in the caller's words, so that its stack has room.
struct Trade {
    uint256 xIn;
    uint256 xOut;
    uint256 amount;
    uint256 amp;
    uint256 fee;
    uint256 offPeg;
    bool firstIn;
}

/// @notice The stable curve at its ends: empty balances, pools of a few units, pools that no steps price.
contract StableMathTest is Test {
    function _pair(uint256 first, uint256 second) private pure returns (uint256[] memory xs) {
        xs = new uint256[](2);
        (xs[0], xs[1]) = (first, second);
    }

    function _saysNo(bytes memory data, bytes4 selector) private view {
        (bool ok, bytes memory said) = address(this).staticcall(data);
        assertFalse(ok);
        assertEq(bytes4(said), selector);
    }

    function test_whereCurvesStepsGoToAndFroStepsOfFewerFloorsEnd() public view {
        assertEq(StableMath.invariant(_pair(799_309, 4), 1000), 57_539, "by the loops");
        (uint256 out,) = this.ofTwo(Trade(799_309, 4, 1, 1000, 0, 10, true));
        assertEq(out, 0, "and by the path of a pair, which gives nothing for it");
        (out,) = this.ofAny(Trade(799_309, 4, 1, 1000, 0, 10, true));
        assertEq(out, 0);
    }

    function test_aPoolThatNoStepsPriceIsRefused() public view {
        bytes4 no = StableMath.NoConvergence.selector;
        _saysNo(abi.encodeCall(this.whole, (_pair(93_927_502_329_068_575_548, 3), 1000)), no);
        _saysNo(abi.encodeCall(this.ofTwo, (Trade(93_927_502_329_068_575_548, 3, 1, 1000, 0, 10, true))), no);
        _saysNo(abi.encodeCall(this.refined, (_pair(928_053, 2), 150, 27_264)), no);
        // one unit and three: the step towards what completes three of the first has no divisor
        _saysNo(abi.encodeCall(this.completed, (_pair(3, 3), 20_000, 67_053_419, 0)), no);
        _saysNo(abi.encodeCall(this.ofTwo, (Trade(1, 3, 2, 20_000, 0, 10, true))), no);
        _saysNo(abi.encodeCall(this.ofAny, (Trade(1, 3, 2, 20_000, 0, 10, true))), no);
    }

    function test_anEmptyBalanceIsNamedAndNothingIsNoTrade() public view {
        bytes4 empty = StableMath.EmptyBalance.selector;
        _saysNo(abi.encodeCall(this.whole, (_pair(0, 5), 1000)), empty);
        _saysNo(abi.encodeCall(this.solved, (_pair(0, 5), 1000, 10)), empty);
        Trade memory none = Trade(1e18, 1e18, 0, 1000, 0, 10, true);
        _saysNo(abi.encodeCall(this.ofAny, (none)), StableMath.ZeroAmount.selector);
        _saysNo(abi.encodeCall(this.exactOut, (none)), StableMath.ZeroAmount.selector);
        assertFalse(StableMath.fitsUnchecked(1e18, 1e18, 0));
        assertFalse(StableMath.fitsUnchecked(1 << 99, 1 << 99, 1));
        assertFalse(StableMath.fitsUnchecked(1 << 20, 1, 1));
    }

    function test_anAmountThatNoStepOfTheDynamicFeeReachesIsRefused() public view {
        Trade memory most = Trade(
            77_286_722_853_414_590_259_561_746, 2_774_398_067_008_614_883_282_782_363,
            332_967_672_487_908_619_986_047_564, 1000, 0.1e18, 1000, true
        );
        _saysNo(abi.encodeCall(this.exactOut, (most)), StableMath.NotEnoughLiquidity.selector);
        most.amount = 1e24;
        (uint256 needed,) = this.exactOut(most);
        assertGt(needed, 0);
    }

    function test_whatIsBelowTheSlackIsNothing() public pure {
        // a guard of none takes four units off
        assertEq(StableMath.invariantDown(_pair(1, 1), 1000, 2, 0), 0);
        assertGt(StableMath.invariantDown(_pair(10, 10), 1000, 20, 0), 0);
    }

    function test_feesEndAtHalf() public pure {
        assertEq(StableMath.offPegFee(1e18, 1, 0.1e18, 100e18), StableMath.MAX_RATE);
        assertEq(StableMath.offPegFee(1e18, 1, 0.1e18, 1e18), 0.1e18);
        assertLt(StableMath.offPegFee(1e18, 1e18, 0.1e18, 2e18), 0.1e18 + 1);
    }

    function test_guardBitsLeaveRoomForTheProducts() public pure {
        assertEq(StableMath.guardBits((1 << 88) - 1), 24);
        assertEq(StableMath.guardBits(1 << 88), 12);
        assertEq(StableMath.guardBits(1 << 100), 0);
    }

    function whole(uint256[] memory xs, uint256 amp) external pure returns (uint256) {
        return StableMath.invariant(xs, amp);
    }

    function refined(uint256[] memory xs, uint256 amp, uint256 d) external pure returns (uint256) {
        return StableMath.invariantUp(xs, amp, d, StableMath.guardBits(d));
    }

    function solved(uint256[] memory xs, uint256 amp, uint256 d) external pure returns (uint256) {
        return StableMath.solve(xs, 1, amp, d);
    }

    function completed(uint256[] memory xs, uint256 amp, uint256 up, uint256 y) external pure returns (uint256) {
        return StableMath.solveUp(xs, 1, amp, up, y, 24);
    }

    function ofTwo(Trade memory one) external pure returns (uint256, uint256) {
        return StableMath.swapOutOfTwo(
            one.xIn, one.xOut, one.firstIn, one.amount, one.amp, one.fee, one.offPeg, 1
        );
    }

    function ofAny(Trade memory one) external pure returns (uint256, uint256) {
        return StableMath.swapOut(_pair(one.xIn, one.xOut), 0, 1, one.amount, one.amp, one.fee, one.offPeg, 1);
    }

    function exactOut(Trade memory one) external pure returns (uint256, uint256) {
        return StableMath.swapIn(_pair(one.xIn, one.xOut), 0, 1, one.amount, one.amp, one.fee, one.offPeg, 1, 1);
    }
}
