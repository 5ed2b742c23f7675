// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICrossChainLiquidity as I} from "../../src/interfaces/ICrossChainLiquidity.sol";
import {Tokens} from "../../src/libraries/Tokens.sol";
import {
    CallbackToken,
    FalseToken,
    FeeToken,
    MockToken,
    NoReturnToken,
    RebasingToken,
    RevertingToken
} from "../mocks/OddTokens.sol";
import {Bridges} from "./Bridges.sol";

/// @notice Every odd token of the mocks at home, and the re-entering one through every pair of entries.
contract OddTokensOverTheBridgeTest is Bridges {
    function roundTrip(MockToken odd, uint8 away) private {
        build(odd, away, 18);
        uint256 whole = one(HOME);
        carry(HOME, send(HOME, NEAR, alice, 3 * whole));
        assertEq(held(NEAR, alice), 3 * one(NEAR));
        (bool ok,) = carry(NEAR, send(NEAR, HOME, bob, 3 * one(NEAR)));
        assertTrue(ok);
        assertEq(held(HOME, bob), 3 * whole);
        assertEq(silo(HOME, NEAR), 0);
    }

    function test_decimals_of_6_to_6() public {
        roundTrip(new MockToken(6), 6);
    }

    function test_decimals_of_6_to_18() public {
        roundTrip(new MockToken(6), 18);
    }

    function test_decimals_of_27_to_6() public {
        roundTrip(new MockToken(27), 6);
    }

    function test_decimals_of_18_to_27() public {
        roundTrip(new MockToken(18), 27);
    }

    function test_decimals_of_0_to_18() public {
        roundTrip(new MockToken(0), 18);
    }

    function test_a_token_that_returns_nothing_works() public {
        roundTrip(new NoReturnToken(6), 18);
    }

    function test_a_token_that_takes_a_fee_is_refused() public {
        build(new FeeToken(18), 6, 18);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TokenTakesFee.selector, address(token)));
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_);
    }

    function test_a_token_that_says_false_moves_nothing() public {
        FalseToken odd = new FalseToken(18);
        build(odd, 6, 18);
        carry(HOME, send(HOME, NEAR, alice, 2e18));
        odd.setRefusing(true);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_);
        carry(NEAR, send(NEAR, HOME, bob, 2e6));
        assertEq(bridges[HOME].receiptOf(NEAR, 1, 1).amount, 2e6);
        odd.setRefusing(false);
        bridges[HOME].retry(NEAR, 1, 1);
        assertEq(held(HOME, bob), 2e18);
    }

    function test_a_token_that_reverts_keeps_the_receipt() public {
        RevertingToken odd = new RevertingToken(18);
        build(odd, 6, 18);
        carry(HOME, send(HOME, NEAR, alice, 2e18));
        odd.setRefusing(true);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_);
        carry(NEAR, send(NEAR, HOME, bob, 2e6));
        assertEq(silo(HOME, NEAR), 2e18);
    }

    /// @dev What a rebase took is missing at the end of the silo, and in nobody else's.
    function test_a_token_that_shrinks_is_paid_as_far_as_it_goes_and_the_rest_is_kept() public {
        RebasingToken odd = new RebasingToken(18);
        build(odd, 18, 18);
        carry(HOME, send(HOME, NEAR, alice, 2e18));
        odd.rebase(0.5e18);
        carry(NEAR, send(NEAR, HOME, bob, 1e18));
        assertEq(held(HOME, bob), 1e18);
        carry(NEAR, send(NEAR, HOME, bob, 1e18));
        assertEq(bridges[HOME].receiptOf(NEAR, 1, 2).amount, 1e18);
    }

    /* RE-ENTRANCY */

    function entries() private view returns (bytes[5] memory calls) {
        calls[0] = abi.encodeCall(I.send, (NEAR, bob, 1e18, address(0), 0, now_));
        calls[1] = abi.encodeCall(I.report, (NEAR, address(0), 0));
        calls[2] = abi.encodeCall(I.retry, (NEAR, 1, 1));
        RouterData memory m = routerData();
        calls[3] = m.data;
        calls[4] = abi.encodeCall(bridges[HOME].deliver, (NEAR, bob, 1, 6));
    }

    struct RouterData {
        bytes data;
    }

    function routerData() private view returns (RouterData memory m) {
        bytes memory message =
            abi.encode(bytes32(0), NEAR, abi.encode(address(bridges[NEAR])), bytes(""), new bytes32[](0));
        m.data = abi.encodePacked(bridges[HOME].ccipReceive.selector, uint256(0x20), message);
    }

    function expected(uint256 entry) private pure returns (bytes4) {
        return entry == 4 ? I.OnlySelf.selector : I.Reentrancy.selector;
    }

    function test_no_entry_can_be_entered_from_a_transfer_inside_another() public {
        CallbackToken odd = new CallbackToken(18);
        build(odd, 6, 18);
        carry(HOME, send(HOME, NEAR, alice, 100e18));
        bytes[5] memory calls = entries();
        for (uint256 i; i < calls.length; ++i) {
            odd.program(address(bridges[HOME]), calls[i]);
            send(HOME, NEAR, alice, 1e18);
            assertTrue(odd.called());
            assertEq(odd.errorSaid(), expected(i), "from send");
            odd.program(address(bridges[HOME]), calls[i]);
            (bool ok,) = carry(NEAR, send(NEAR, HOME, bob, 1e6));
            assertTrue(ok);
            assertTrue(odd.called());
            assertEq(odd.errorSaid(), expected(i), "from a receipt");
        }
        vm.prank(timelock);
        bridges[HOME].setLimits(NEAR, 250_000, limitsAt(HOME), I.Limits(0, 0));
        for (uint256 i; i < calls.length; ++i) {
            carry(NEAR, send(NEAR, HOME, bob, 1e6));
        }
        vm.prank(timelock);
        bridges[HOME].setLimits(NEAR, 250_000, limitsAt(HOME), limitsAt(HOME));
        pass(10);
        for (uint256 i; i < calls.length; ++i) {
            odd.program(address(bridges[HOME]), calls[i]);
            bridges[HOME].retry(NEAR, 1, uint64(6 + i));
            assertEq(odd.errorSaid(), expected(i), "from a retry");
        }
        assertEq(held(HOME, bob), 10e18);
        assertEq(silo(HOME, NEAR), 95e18);
    }

    function test_no_entry_can_be_entered_from_a_refund() public {
        build(new MockToken(18), 6, 18);
        token.mint(address(this), 10e18);
        token.approve(address(bridges[HOME]), 10e18);
        vm.deal(address(this), 1);
        bridges[HOME].send{value: 1}(NEAR, bob, 1e18, address(0), 0, now_);
        assertEq(again, I.Reentrancy.selector);
        assertEq(routers[HOME].sent(), 1);
    }

    bytes4 private again;

    receive() external payable {
        (bool ok, bytes memory said) = address(bridges[HOME])
            .call(abi.encodeCall(I.send, (NEAR, bob, 1e18, address(0), 0, now_)));
        assertFalse(ok);
        again = bytes4(said);
    }
}
