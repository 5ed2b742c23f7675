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
