// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Powers} from "../../src/libraries/Powers.sol";

contract PowersAlone {
    function power(uint256 numerator, uint256 denominator, uint256 over, uint256 under) external pure returns (uint256) {
        return Powers.power(numerator, denominator, over, under);
    }

    function exp(int256 value) external pure returns (int256) {
        return Powers.exp(value);
    }
}

/// @notice What the series are not made for is refused; their values are tested in `Math.t.sol`.
contract PowersTest is Test {
    PowersAlone private immutable powers = new PowersAlone();

    function test_ratiosBeyondAFactorOf256AreRefused() public {
        vm.expectRevert(Powers.PowerOutOfRange.selector);
        powers.power(1, 0, 1, 1);
        vm.expectRevert(Powers.PowerOutOfRange.selector);
        powers.power(256, 1, 1, 1);
        vm.expectRevert(Powers.PowerOutOfRange.selector);
        powers.power(1, 257, 1, 1);
        assertApproxEqRel(powers.power(255, 1, 1, 1), 255 << 120, 1e6);
        assertApproxEqRel(powers.power(1, 256, 1, 1), 1 << 112, 1e6);
    }

    function test_exponentsBeyondSixtyDoublingsAreRefused() public {
        int256 ln2 = 921350637599661305226344307672478455; // in units of 2^-120
        vm.expectRevert(Powers.PowerOutOfRange.selector);
        powers.exp(60 * ln2 + 1);
        vm.expectRevert(Powers.PowerOutOfRange.selector);
        powers.exp(-60 * ln2 - 1);
        assertApproxEqRel(powers.exp(60 * ln2), int256(1) << 180, 1e6);
        assertApproxEqRel(powers.exp(-60 * ln2), int256(1) << 60, 1e6);
    }
}
