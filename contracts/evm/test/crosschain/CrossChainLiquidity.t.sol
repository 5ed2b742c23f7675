// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {IAny2EVMMessageReceiver} from "@chainlink/contracts-ccip/contracts/interfaces/IAny2EVMMessageReceiver.sol";
import {BridgedToken} from "../../src/crosschain/BridgedToken.sol";
import {CrossChainLiquidity} from "../../src/crosschain/CrossChainLiquidity.sol";
import {ICrossChainLiquidity as I} from "../../src/interfaces/ICrossChainLiquidity.sol";
import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {TokenBuckets} from "../../src/libraries/TokenBuckets.sol";
import {Tokens} from "../../src/libraries/Tokens.sol";
import {MockToken, RevertingToken} from "../mocks/OddTokens.sol";
import {Bridges} from "./Bridges.sol";
import {RouterStandIn} from "./StandIns.sol";

contract CrossChainLiquidityTest is Bridges {
    RevertingToken private blocker;

    function setUp() public {
        blocker = new RevertingToken(18);
        build(blocker, 6, 18);
    }

    function refused(bytes memory said) private pure returns (bytes4) {
        return bytes4(said);
    }

    /* THERE AND BACK */

    function test_tokens_go_over_and_come_home() public {
        carry(HOME, send(HOME, NEAR, bob, 100e18));
        assertEq(held(NEAR, bob), 100e6);
        assertEq(silo(HOME, NEAR), 100e18);
        assertEq(silo(NEAR, HOME), 100e6);
        carry(HOME, send(HOME, NEAR, alice, 7e18));
        (bool ok,) = carry(NEAR, send(NEAR, HOME, bob, 5e6));
        assertTrue(ok);
        assertEq(held(HOME, bob), 5e18);
        assertEq(silo(HOME, NEAR), 102e18);
        assertEq(issued[NEAR].totalSupply(), 102e6);
    }

    function test_what_the_other_side_cannot_represent_is_not_taken() public {
        uint256 before = held(HOME, alice);
        vm.prank(alice);
        (, uint256 sent) = bridges[HOME].send(NEAR, bob, 1e18 + 1e12 - 1, address(0), 0, now_);
        assertEq(sent, 1e18);
        assertEq(held(HOME, alice), before - 1e18);
        vm.prank(alice);
        vm.expectRevert(I.ZeroAmount.selector);
        bridges[HOME].send(NEAR, bob, 1e12 - 1, address(0), 0, now_);
    }

    /* NOTHING TWICE, NOTHING FOREIGN */

    function test_a_message_that_comes_twice_pays_once() public {
        uint256 place = send(HOME, NEAR, bob, 100e18);
        carry(HOME, place);
        (bool ok, bytes memory said) = carry(HOME, place);
        assertFalse(ok);
        assertEq(said, abi.encodeWithSelector(I.AlreadyReceived.selector, HOME, 1, 1));
        assertEq(held(NEAR, bob), 100e6);
        assertTrue(bridges[NEAR].isReceived(HOME, 1, 1));
        assertFalse(bridges[NEAR].isReceived(HOME, 1, 2));
    }

    function test_messages_in_another_order_are_all_paid_and_only_the_latest_report_counts() public {
        uint256 first = send(HOME, NEAR, bob, 1e18);
        uint256 second = send(HOME, NEAR, bob, 2e18);
        uint256 third = send(HOME, NEAR, bob, 4e18);
        carry(HOME, third);
        assertEq(bridges[NEAR].laneState(HOME).remoteLiquidity, 7e6);
        carry(HOME, first);
        carry(HOME, second);
        assertEq(held(NEAR, bob), 7e6);
        I.LaneState memory state = bridges[NEAR].liquidityState()[0];
        assertEq(state.remoteSequence, 3);
        assertEq(state.remoteLiquidity, 7e6, "what was overtaken says nothing");
    }

    function test_only_the_router_delivers(address account) public {
        vm.assume(account != address(routers[NEAR]));
        Client.Any2EVMMessage memory message;
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(I.InvalidRouter.selector, account));
        bridges[NEAR].ccipReceive(message);
        vm.prank(account);
        vm.expectRevert(I.OnlySelf.selector);
        bridges[NEAR].deliver(HOME, account, 1, 6);
    }

    function test_foreign_senders_lanes_and_chains_are_refused() public {
        I.Message memory m = I.Message(NEAR, 1, 9, alice, alice, 6, 1e6, 0);
        (bool ok, bytes memory said) = forge(NEAR, HOME, alice, m);
        assertFalse(ok);
        assertEq(refused(said), I.ForeignSender.selector);
        // the right contract of another chain
        (ok, said) = forge(NEAR, FAR, address(bridges[HOME]), m);
        assertFalse(ok);
        assertEq(said, abi.encodeWithSelector(I.UnknownLane.selector, FAR));
        m.destination = FAR;
        (ok, said) = forge(NEAR, HOME, address(bridges[HOME]), m);
        assertFalse(ok);
        assertEq(said, abi.encodeWithSelector(I.WrongChain.selector, FAR));
        assertEq(held(NEAR, alice), 0);
        assertFalse(bridges[NEAR].isReceived(HOME, 1, 9));
    }

    function test_a_sender_of_another_length_and_tokens_beside_the_message_are_refused() public {
        Client.Any2EVMMessage memory message;
        message.sourceChainSelector = HOME;
        message.sender = abi.encodePacked(address(bridges[HOME]));
        vm.startPrank(address(routers[NEAR]));
        vm.expectRevert(abi.encodeWithSelector(I.ForeignSender.selector, message.sender));
        bridges[NEAR].ccipReceive(message);
        message.sender = abi.encode(uint256(uint160(address(bridges[HOME]))) | (1 << 160));
        vm.expectRevert(abi.encodeWithSelector(I.ForeignSender.selector, message.sender));
        bridges[NEAR].ccipReceive(message);
        message.sender = abi.encode(address(bridges[HOME]));
        message.destTokenAmounts = new Client.EVMTokenAmount[](1);
        vm.expectRevert(I.UnexpectedTokens.selector);
        bridges[NEAR].ccipReceive(message);
    }

    function test_the_router_finds_a_receiver() public view {
        assertTrue(bridges[HOME].supportsInterface(type(IAny2EVMMessageReceiver).interfaceId));
        assertTrue(bridges[HOME].supportsInterface(0x01ffc9a7));
        assertFalse(bridges[HOME].supportsInterface(0xffffffff));
    }

    /* WHAT CANNOT BE PAID OUT IS KEPT */

    function test_a_refused_payout_is_kept_and_anybody_retries_it_to_its_recipient() public {
        carry(HOME, send(HOME, NEAR, alice, 100e18));
        blocker.setBlocked(bob, true);
        (bool ok,) = carry(NEAR, send(NEAR, HOME, bob, 40e6));
        assertTrue(ok, "the router sees no failure");
        I.Receipt memory receipt = bridges[HOME].receiptOf(NEAR, 1, 1);
        assertEq(receipt.recipient, bob);
        assertEq(receipt.amount, 40e6);
        assertEq(silo(HOME, NEAR), 100e18, "nothing of a failed payout stays");
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(blocker)));
        bridges[HOME].retry(NEAR, 1, 1);
        blocker.setBlocked(bob, false);
        vm.prank(makeAddr("anybody"));
        bridges[HOME].retry(NEAR, 1, 1);
        assertEq(held(HOME, bob), 40e18);
        vm.expectRevert(abi.encodeWithSelector(I.NothingToRetry.selector, NEAR, 1, 1));
        bridges[HOME].retry(NEAR, 1, 1);
        (ok,) = carry(NEAR, 0);
        assertFalse(ok, "and not by the router either");
    }

    function test_a_receipt_above_the_limit_waits_for_the_bucket() public {
        vm.prank(timelock);
        bridges[NEAR].setLimits(HOME, 250_000, limitsAt(NEAR), I.Limits(100e6, 1e6));
        carry(HOME, send(HOME, NEAR, bob, 80e18));
        carry(HOME, send(HOME, NEAR, bob, 60e18));
        assertEq(held(NEAR, bob), 80e6);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.RateLimited.selector, 60e6, 20e6));
        bridges[NEAR].retry(HOME, 1, 2);
        pass(39);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.RateLimited.selector, 60e6, 59e6));
        bridges[NEAR].retry(HOME, 1, 2);
        pass(1);
        bridges[NEAR].retry(HOME, 1, 2);
        assertEq(held(NEAR, bob), 140e6);
        (, uint256 inbound) = bridges[NEAR].available(HOME);
        assertEq(inbound, 0);
    }

    function test_a_receipt_above_the_capacity_waits_for_the_owner() public {
        vm.prank(timelock);
        bridges[NEAR].setLimits(HOME, 250_000, limitsAt(NEAR), I.Limits(10e6, 1e6));
        carry(HOME, send(HOME, NEAR, bob, 60e18));
        pass(365 days);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.AmountAboveCapacity.selector, 60e6, 10e6));
        bridges[NEAR].retry(HOME, 1, 1);
        vm.prank(timelock);
        bridges[NEAR].setLimits(HOME, 250_000, limitsAt(NEAR), I.Limits(60e6, 60e6));
        pass(1);
        bridges[NEAR].retry(HOME, 1, 1);
        assertEq(held(NEAR, bob), 60e6);
    }

    function test_a_cursed_lane_sends_nothing_and_keeps_what_arrives() public {
        carry(HOME, send(HOME, NEAR, alice, 10e18));
        uint256 place = send(HOME, NEAR, bob, 5e18);
        rmns[HOME].curse(NEAR, true);
        rmns[NEAR].curse(HOME, true);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(I.LaneCursed.selector, NEAR));
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_);
        vm.expectRevert(abi.encodeWithSelector(I.LaneCursed.selector, HOME));
        bridges[NEAR].send(HOME, bob, 1e6, address(0), 0, now_);
        vm.expectRevert(abi.encodeWithSelector(I.LaneCursed.selector, HOME));
        bridges[NEAR].report(HOME, address(0), 0);
        vm.stopPrank();
        carry(HOME, place);
        assertEq(held(NEAR, bob), 0);
        vm.expectRevert(abi.encodeWithSelector(I.LaneCursed.selector, HOME));
        bridges[NEAR].retry(HOME, 1, 2);
        // another lane of the same chain goes on
        send(HOME, FAR, bob, 1e18);
        rmns[NEAR].curse(HOME, false);
        bridges[NEAR].retry(HOME, 1, 2);
        assertEq(held(NEAR, bob), 5e6);
    }

    /// @dev Whatever gas the executor gives, the message is paid, kept, or still to be executed.
    function test_too_little_gas_loses_nothing(uint256 gasLimit) public {
        gasLimit = bound(gasLimit, 1_000, 250_000);
        uint256 place = send(HOME, NEAR, bob, 3e18);
        (bool ok,) = carry(HOME, place, gasLimit);
        if (!ok) {
            assertFalse(bridges[NEAR].isReceived(HOME, 1, 1));
            (ok,) = carry(HOME, place);
            assertTrue(ok);
        } else if (held(NEAR, bob) == 0) {
            bridges[NEAR].retry(HOME, 1, 1);
        }
        assertEq(held(NEAR, bob), 3e6);
        (ok,) = carry(HOME, place);
        assertFalse(ok);
    }

    function test_an_amount_of_other_decimals_that_does_not_fit_is_kept() public {
        (bool ok,) = forge(NEAR, HOME, address(bridges[HOME]), I.Message(NEAR, 1, 1, alice, bob, 18, 1e18 + 1, 1));
        assertTrue(ok);
        vm.expectRevert(abi.encodeWithSelector(I.NotRepresentable.selector, 1e18 + 1, 18));
        bridges[NEAR].retry(HOME, 1, 1);
        (ok,) = forge(NEAR, HOME, address(bridges[HOME]), I.Message(NEAR, 1, 2, alice, bob, 18, 2e18, type(uint256).max));
        assertTrue(ok);
        assertEq(held(NEAR, bob), 2e6);
        assertEq(bridges[NEAR].laneState(HOME).remoteLiquidity, type(uint128).max);
        (ok,) = forge(
            HOME, NEAR, address(bridges[NEAR]), I.Message(HOME, 1, 3, alice, bob, 6, type(uint256).max, 1)
        );
        assertTrue(ok, "an overflow is kept, too");
        assertEq(bridges[HOME].receiptOf(NEAR, 1, 3).amount, type(uint256).max);
    }

    /* SILOS AND LIMITS */

    function test_a_lane_that_lies_gets_its_own_silo_at_most() public {
        carry(HOME, send(HOME, NEAR, alice, 30e18));
        carry(HOME, send(HOME, FAR, alice, 50e18));
        forge(HOME, NEAR, address(bridges[NEAR]), I.Message(HOME, 1, 1, bob, bob, 6, 31e6, 0));
        assertEq(held(HOME, bob), 0);
        vm.expectRevert(abi.encodeWithSelector(I.SiloTooSmall.selector, 31e18, 30e18));
        bridges[HOME].retry(NEAR, 1, 1);
        forge(HOME, NEAR, address(bridges[NEAR]), I.Message(HOME, 1, 2, bob, bob, 6, 30e6, 0));
        assertEq(held(HOME, bob), 30e18);
        (bool ok,) = carry(FAR, send(FAR, HOME, alice, 50e18));
        assertTrue(ok);
        assertEq(silo(HOME, FAR), 0);
    }

    /// @dev With two lanes what the one forged left by the other, out of the silo of people who trusted that one alone.
    function test_elsewhere_than_at_home_there_is_one_lane() public {
        vm.prank(timelock);
        vm.expectRevert(I.BadTerms.selector);
        bridges[NEAR].addLane(FAR, address(bridges[FAR]), 18, 250_000, limitsAt(NEAR), limitsAt(NEAR));
        carry(HOME, send(HOME, NEAR, alice, 30e18));
        (bool ok, bytes memory said) =
            forge(NEAR, FAR, address(bridges[FAR]), I.Message(NEAR, 1, 1, bob, bob, 6, 30e6, 0));
        assertFalse(ok);
        assertEq(said, abi.encodeWithSelector(I.UnknownLane.selector, FAR));
        assertEq(held(NEAR, bob), 0);
        assertEq(silo(HOME, NEAR), 30e18);
    }

    function test_no_more_leaves_than_was_issued() public {
        carry(HOME, send(HOME, NEAR, alice, 30e18));
        deal(address(issued[NEAR]), alice, 31e6);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(I.SiloTooSmall.selector, 31e6, 30e6));
        bridges[NEAR].send(HOME, bob, 31e6, address(0), 0, now_);
    }

    function test_a_lane_sends_no_faster_than_its_bucket() public {
        vm.prank(timelock);
        bridges[HOME].setLimits(NEAR, 250_000, I.Limits(100e18, 1e18), limitsAt(HOME));
        send(HOME, NEAR, bob, 70e18);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.RateLimited.selector, 31e18, 30e18));
        bridges[HOME].send(NEAR, bob, 31e18, address(0), 0, now_);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.AmountAboveCapacity.selector, 101e18, 100e18));
        bridges[HOME].send(NEAR, bob, 101e18, address(0), 0, now_);
        uint256 most = type(uint256).max;
        vm.expectRevert(
            abi.encodeWithSelector(TokenBuckets.AmountAboveCapacity.selector, most - most % 1e12, 100e18)
        );
        bridges[HOME].send(NEAR, bob, most, address(0), 0, now_);
        vm.stopPrank();
        pass(1);
        send(HOME, NEAR, bob, 31e18);
        // the other lane and the other direction have buckets of their own
        (uint256 outbound, uint256 inbound) = bridges[HOME].available(FAR);
        assertEq(outbound, 1_000_000e18);
        (outbound, inbound) = bridges[HOME].available(NEAR);
        assertEq(outbound, 0);
        assertEq(inbound, 1_000_000e18);
    }

    /* EPOCHS AND REPORTS */

    function test_a_new_epoch_outranks_and_an_old_message_is_still_paid() public {
        uint256 old = send(HOME, NEAR, bob, 1e18);
        vm.prank(timelock);
        bridges[HOME].advanceEpoch(NEAR);
        uint256 later = send(HOME, NEAR, bob, 2e18);
        carry(HOME, later);
        I.LaneState memory state = bridges[NEAR].laneState(HOME);
        assertEq(state.remoteEpoch, 2);
        assertEq(state.remoteSequence, 1);
        carry(HOME, old);
        assertEq(held(NEAR, bob), 3e6);
        state = bridges[NEAR].laneState(HOME);
        assertEq(state.remoteEpoch, 2);
        assertEq(state.remoteLiquidity, 3e6);
    }

    function test_a_report_says_the_silo_and_moves_nothing() public {
        carry(HOME, send(HOME, NEAR, alice, 10e18));
        send(NEAR, HOME, bob, 4e6);
        vm.prank(bob);
        bridges[NEAR].report(HOME, address(0), 0);
        (bool ok,) = carry(NEAR, 1);
        assertTrue(ok);
        I.LaneState memory state = bridges[HOME].laneState(NEAR);
        assertEq(state.remoteLiquidity, 6e18);
        assertEq(state.silo, 10e18, "four of it are on their way");
        assertEq(state.remoteSequence, 2);
        assertEq(bridges[HOME].receiptOf(NEAR, 1, 2).amount, 0);
    }

    /* FEES */

    function test_the_fee_is_paid_in_the_native_coin_and_the_rest_returned() public {
        routers[HOME].setFee(0.01 ether);
        assertEq(bridges[HOME].quoteFee(NEAR, bob, 1e18, address(0)), 0.01 ether);
        vm.startPrank(alice);
        bridges[HOME].send{value: 1 ether}(NEAR, bob, 1e18, address(0), 0.01 ether, now_);
        assertEq(alice.balance, 10 ether - 0.01 ether);
        assertEq(address(routers[HOME]).balance, 0.01 ether);
        assertEq(address(bridges[HOME]).balance, 0);
        vm.expectRevert(abi.encodeWithSelector(I.FeeNotPaid.selector, 0.01 ether, 0.009 ether));
        bridges[HOME].send{value: 0.009 ether}(NEAR, bob, 1e18, address(0), 0.01 ether, now_);
        vm.expectRevert(abi.encodeWithSelector(I.FeeAboveMax.selector, 0.01 ether, 0.009 ether));
        bridges[HOME].send{value: 1 ether}(NEAR, bob, 1e18, address(0), 0.009 ether, now_);
    }

    function test_the_fee_is_paid_in_link_to_the_unit() public {
        routers[HOME].setFee(3e18);
        link.mint(alice, 5e18);
        vm.startPrank(alice);
        link.approve(address(bridges[HOME]), 5e18);
        bridges[HOME].send(NEAR, bob, 1e18, address(link), 3e18, now_);
        assertEq(link.balanceOf(alice), 2e18);
        assertEq(link.balanceOf(address(bridges[HOME])), 0);
        assertEq(link.allowance(address(bridges[HOME]), address(routers[HOME])), 0);
        vm.expectRevert(abi.encodeWithSelector(I.FeeTokenRefused.selector, address(link)));
        bridges[HOME].send{value: 1}(NEAR, bob, 1e18, address(link), 3e18, now_);
        vm.expectRevert(abi.encodeWithSelector(I.FeeTokenRefused.selector, address(token)));
        bridges[HOME].send(NEAR, bob, 1e18, address(token), 3e18, now_);
        routers[HOME].setFee(0);
        bridges[HOME].send(NEAR, bob, 1e18, address(link), 0, now_);
    }

    function test_a_sender_that_takes_no_refund_sends_nothing() public {
        token.mint(address(this), 1e18);
        token.approve(address(bridges[HOME]), 1e18);
        vm.deal(address(this), 1);
        vm.expectRevert(I.RefundFailed.selector);
        bridges[HOME].send{value: 1}(NEAR, bob, 1e18, address(0), 0, now_);
    }

    /* BAD INPUT */

    function test_bad_input_is_refused_by_name() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(I.Expired.selector, now_ - 1));
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_ - 1);
        vm.expectRevert(I.ZeroAmount.selector);
        bridges[HOME].send(NEAR, bob, 0, address(0), 0, now_);
        vm.expectRevert(abi.encodeWithSelector(I.BadRecipient.selector, address(0)));
        bridges[HOME].send(NEAR, address(0), 1e18, address(0), 0, now_);
        vm.expectRevert(abi.encodeWithSelector(I.BadRecipient.selector, address(bridges[NEAR])));
        bridges[HOME].send(NEAR, address(bridges[NEAR]), 1e18, address(0), 0, now_);
        vm.expectRevert(abi.encodeWithSelector(I.UnknownLane.selector, 9));
        bridges[HOME].send(9, bob, 1e18, address(0), 0, now_);
        vm.expectRevert(abi.encodeWithSelector(I.UnknownLane.selector, 9));
        bridges[HOME].laneState(9);
        vm.chainId(9);
        vm.expectRevert(abi.encodeWithSelector(I.WrongChain.selector, 9));
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_);
    }

    function test_lanes_are_for_good_and_limits_the_owners() public {
        I.Limits memory limits = I.Limits(1, 1);
        bytes memory refusal = abi.encodeWithSelector(IGuardedPause.NotOwner.selector, address(this));
        vm.expectRevert(refusal);
        bridges[HOME].addLane(9, bob, 6, 250_000, limits, limits);
        vm.expectRevert(refusal);
        bridges[HOME].setLimits(NEAR, 250_000, limits, limits);
        vm.expectRevert(refusal);
        bridges[HOME].advanceEpoch(NEAR);
        vm.startPrank(timelock);
        vm.expectRevert(abi.encodeWithSelector(I.LaneExists.selector, NEAR));
        bridges[HOME].addLane(NEAR, bob, 6, 250_000, limits, limits);
        vm.expectRevert(I.BadTerms.selector);
        bridges[HOME].addLane(0, bob, 6, 250_000, limits, limits);
        vm.expectRevert(I.BadTerms.selector);
        bridges[HOME].addLane(9, address(0), 6, 250_000, limits, limits);
        vm.expectRevert(I.BadTerms.selector);
        bridges[HOME].addLane(HOME, address(bridges[HOME]), 6, 250_000, limits, limits);
        vm.expectRevert(I.BadTerms.selector);
        bridges[HOME].addLane(9, bob, 37, 250_000, limits, limits);
        vm.expectRevert(I.BadTerms.selector);
        bridges[HOME].addLane(9, bob, 6, 99_999, limits, limits);
        vm.expectRevert(abi.encodeWithSelector(I.UnknownLane.selector, 9));
        bridges[HOME].setLimits(9, 250_000, limits, limits);
        // deployments by CREATE2 have the same address on every chain
        bridges[HOME].addLane(9, address(bridges[HOME]), 6, 250_000, limits, limits);
    }

    function test_a_bridge_needs_a_router_a_selector_and_an_epoch() public {
        CrossChainLiquidity.Setup memory setup = CrossChainLiquidity.Setup({
            router: RouterStandIn(bob),
            rmn: rmns[HOME],
            link: address(link),
            token: address(token),
            home: true,
            localSelector: HOME,
            firstEpoch: 1,
            owner: timelock,
            guardian: guardian
        });
        vm.expectRevert(I.BadTerms.selector);
        new CrossChainLiquidity(setup);
        setup.router = routers[HOME];
        setup.localSelector = 0;
        vm.expectRevert(I.BadTerms.selector);
        new CrossChainLiquidity(setup);
        setup.localSelector = HOME;
        setup.firstEpoch = 0;
        vm.expectRevert(I.BadTerms.selector);
        new CrossChainLiquidity(setup);
    }

    function test_only_the_bridge_mints_and_burns() public {
        vm.expectRevert(abi.encodeWithSelector(BridgedToken.NotTheBridge.selector, address(this)));
        issued[NEAR].mint(address(this), 1);
        vm.expectRevert(abi.encodeWithSelector(BridgedToken.NotTheBridge.selector, address(this)));
        issued[NEAR].burn(1);
    }

    /* PAUSE */

    function test_a_pause_stops_locking_and_neither_the_way_home_nor_what_arrives() public {
        carry(HOME, send(HOME, NEAR, alice, 10e18));
        uint256 flying = send(HOME, NEAR, bob, 1e18);
        vm.startPrank(guardian);
        bridges[HOME].pause(10 days);
        bridges[NEAR].pause(10 days);
        vm.stopPrank();
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.EnforcedPause.selector, now_ + 10 days));
        bridges[HOME].send(NEAR, bob, 1e18, address(0), 0, now_);
        carry(HOME, flying);
        assertEq(held(NEAR, bob), 1e6);
        carry(NEAR, send(NEAR, HOME, bob, 10e6));
        assertEq(held(HOME, bob), 10e18);
    }
}
