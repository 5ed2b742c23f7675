// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Powers} from "../../src/libraries/Powers.sol";
import {StableMath} from "../../src/libraries/StableMath.sol";
import {WeightedMath} from "../../src/libraries/WeightedMath.sol";

/// @notice The contracts' maths against the Python models: cases of `vectors/math.json`, which the models wrote.
contract MathTest is Test {
    string private constant FILE = "test/vectors/math.json";

    function test_weightedTradesAreThoseOfTheModel() public view {
        string memory file = vm.readFile(FILE);
        uint256[] memory given = vm.parseJsonUintArray(file, ".weighted");
        for (uint256 i; i < given.length; i += 7) {
            uint256 out = WeightedMath.amountOut(given[i], given[i + 1], given[i + 2], given[i + 3], given[i + 4]);
            assertEq(out, given[i + 5]);
            assertEq(
                Powers.powerDown(given[i] + given[i + 4], given[i], given[i + 1], given[i + 3]), given[i + 6], "power"
            );
        }
        assertGt(given.length, 700);
    }

    function test_stableTradesAreThoseOfTheModel() public view {
        string memory file = vm.readFile(FILE);
        uint256[] memory given = vm.parseJsonUintArray(file, ".stable");
        uint256 cases;
        for (uint256 i; i < given.length; ++cases) {
            uint256 n = given[i];
            uint256[] memory xs = new uint256[](n);
            for (uint256 k; k < n; ++k) {
                xs[k] = given[i + 1 + k];
            }
            i += n + 1;
            (uint256 amp, uint256 joined, uint256 x) = (given[i], given[i + 1], given[i + 2]);
            uint256 d = StableMath.invariant(xs, amp);
            assertEq(d, given[i + 3]);
            uint256 up = StableMath.invariantUp(xs, amp, d, StableMath.guardBits(d));
            assertEq(up, given[i + 4]);
            uint256 missing = (joined + 1) % n;
            xs[joined] = x;
            uint256 y = StableMath.solve(xs, missing, amp, d);
            assertEq(y, given[i + 5]);
            assertEq(StableMath.solveUp(xs, missing, amp, up, y, StableMath.guardBits(d)), given[i + 6]);
            i += 7;
        }
        assertGt(cases, 100);
    }

    /// @dev The unchecked path of a pair against the checked loops, up to the edges of what it takes.
    function testFuzz_thePathOfAPairIsTheCheckedOne(
        uint256 xIn, uint256 xOut, uint256 amount, uint256 amp, uint256 fee, uint256 offPeg, bool firstIn
    ) public view {
        xIn = bound(xIn, 1, 1 << bound(xIn, 1, 99));
        xOut = bound(xOut, xIn >> 16, xIn < 1 << 83 ? xIn << 16 : (1 << 99));
        amount = bound(amount, 1, 1 << bound(amount, 0, 99));
        (amp, fee, offPeg) = (bound(amp, 100, 1e8), bound(fee, 0, 0.1e18), bound(offPeg, 10, 1000));
        vm.assume(StableMath.fitsUnchecked(xIn, xOut, amount));
        (bool ok, bytes memory said) = address(this).staticcall(
            abi.encodeCall(this.checkedSwap, (xIn, xOut, amount, amp, fee, offPeg, firstIn))
        );
        (bool pairOk, bytes memory pairSaid) = address(this).staticcall(
            abi.encodeCall(this.pairSwap, (xIn, xOut, amount, amp, fee, offPeg, firstIn))
        );
        assertEq(pairOk, ok, "what a check refuses is refused here");
        assertEq(pairSaid, said);
    }

    /* POOLS OF A FEW UNITS AND POOLS FAR FROM PARITY: where Curve's own steps do not end */

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
        (uint256 out,) = this.pairSwap(799_309, 4, 1, 1000, 0, 10, true);
        assertEq(out, 0, "and by the path of a pair, which gives nothing for it");
        (out,) = this.checkedSwap(799_309, 4, 1, 1000, 0, 10, true);
        assertEq(out, 0);
    }

    function test_aPoolThatNoStepsPriceIsRefused() public view {
        bytes4 no = StableMath.NoConvergence.selector;
        _saysNo(abi.encodeCall(this.whole, (_pair(93_927_502_329_068_575_548, 3), 1000)), no);
        _saysNo(abi.encodeCall(this.refined, (_pair(928_053, 2), 150, 27_264)), no);
        // one unit and three: the step towards what completes three of the first has no divisor
        _saysNo(abi.encodeCall(this.completed, (_pair(3, 3), 20_000, 67_053_419, 0)), no);
        _saysNo(abi.encodeCall(this.pairSwap, (1, 3, 2, 20_000, 0, 10, true)), no);
        _saysNo(abi.encodeCall(this.checkedSwap, (1, 3, 2, 20_000, 0, 10, true)), no);
    }

    function test_anEmptyBalanceIsNamedAndNothingIsNoTrade() public view {
        bytes4 empty = StableMath.EmptyBalance.selector;
        _saysNo(abi.encodeCall(this.whole, (_pair(0, 5), 1000)), empty);
        _saysNo(abi.encodeCall(this.solved, (_pair(0, 5), 1000, 10)), empty);
        _saysNo(abi.encodeCall(this.checkedSwap, (1e18, 1e18, 0, 1000, 0, 10, true)), StableMath.ZeroAmount.selector);
        assertFalse(StableMath.fitsUnchecked(1e18, 1e18, 0));
        assertFalse(StableMath.fitsUnchecked(1 << 99, 1 << 99, 1));
        assertFalse(StableMath.fitsUnchecked(1 << 20, 1, 1));
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

    function pairSwap(
        uint256 xIn, uint256 xOut, uint256 amount, uint256 amp, uint256 fee, uint256 offPeg, bool firstIn
    ) external pure returns (uint256, uint256) {
        return StableMath.swapOutOfTwo(xIn, xOut, firstIn, amount, amp, fee, offPeg, 1);
    }

    function checkedSwap(
        uint256 xIn, uint256 xOut, uint256 amount, uint256 amp, uint256 fee, uint256 offPeg, bool firstIn
    ) external pure returns (uint256, uint256) {
        uint256[] memory xs = new uint256[](2);
        (uint256 indexIn, uint256 indexOut) = firstIn ? (uint256(0), uint256(1)) : (uint256(1), uint256(0));
        (xs[indexIn], xs[indexOut]) = (xIn, xOut);
        return StableMath.swapOut(xs, indexIn, indexOut, amount, amp, fee, offPeg, 1);
    }
}
