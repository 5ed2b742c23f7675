// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICrossChainLiquidity as I} from "../../src/interfaces/ICrossChainLiquidity.sol";
import {TokenBuckets} from "../../src/libraries/TokenBuckets.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {Bridges} from "./Bridges.sol";

contract SiloEdgesTest is Bridges {
    function setUp() public {
        build(new MockToken(18), 18, 18);
    }

    function test_a_silo_holds_what_its_word_does_and_no_unit_more() public {
        uint128 most = type(uint128).max;
        I.Limits memory all = I.Limits(most, most);
        vm.prank(timelock);
        bridges[HOME].setLimits(NEAR, 250_000, all, all);
        token.mint(alice, most);
        uint256 before = silo(HOME, NEAR);
        pass(1);
        send(HOME, NEAR, bob, most);
        assertEq(silo(HOME, NEAR), before + most);
        pass(1); // the bucket is full again, the silo is not emptier
        uint256 kept = held(HOME, alice);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.AmountAboveCapacity.selector, uint256(most) + 1, most));
        bridges[HOME].send(NEAR, bob, 1, address(0), 0, now_);
        assertEq(held(HOME, alice), kept);
    }
}
