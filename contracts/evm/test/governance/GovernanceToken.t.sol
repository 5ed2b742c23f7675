// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {GovernanceToken} from "../../src/governance/GovernanceToken.sol";
import {IGovernanceToken} from "../../src/interfaces/IGovernanceToken.sol";
import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {Votes128} from "../../src/governance/Votes128.sol";
import {Stage} from "./Stage.sol";

contract GovernanceTokenTest is Stage {
    function setUp() public {
        stage();
        give(alice, 1000e18);
        give(bob, 3000e18);
        pass(1);
    }

    /* STAKE */

    function test_staked_tokens_keep_their_votes_and_cannot_be_moved() public {
        vm.startPrank(alice);
        token.stake(600e18);
        assertEq(token.getVotes(alice), 1000e18);
        assertEq(token.balanceOf(alice), 400e18);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, 400e18, 401e18)
        );
        token.transfer(bob, 401e18);
        token.delegate(carol);
        assertEq(token.getVotes(alice), 0);
        assertEq(token.getVotes(carol), 1000e18);
    }

    function test_staking_and_unstaking_makes_no_votes(uint256 amount, uint8 rounds) public {
        amount = bound(amount, 1, 1000e18);
        vm.startPrank(alice);
        for (uint256 i; i < rounds % 5; ++i) {
            token.stake(amount);
            token.unstake(amount);
            assertEq(token.getVotes(alice), 1000e18);
            token.cancelUnstake();
            token.unstake(amount);
            pass(token.COOLDOWN());
            assertEq(token.withdraw(), amount);
        }
        assertEq(token.getVotes(alice), 1000e18);
        assertEq(token.balanceOf(alice), 1000e18);
        assertEq(token.numCheckpoints(alice), 1, "no checkpoint is written by staking");
    }

    /// @dev A permit and a delegation by signature count with one number.
    function test_a_signature_uses_up_one_number() public {
        (address signer, uint256 key) = makeAddrAndKey("signer");
        assertEq(token.nonces(signer), 0);
        bytes32 typeHash = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        bytes32 structHash = keccak256(abi.encode(typeHash, carol, 0, now_));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        token.delegateBySig(carol, 0, now_, v, r, s);
        assertEq(token.nonces(signer), 1);
        assertEq(token.delegates(signer), carol);
    }

    function test_what_cools_down_votes_and_is_given_back_only_after_it() public {
        vm.startPrank(alice);
        token.stake(600e18);
        token.unstake(200e18);
        uint256 releaseAt = now_ + token.COOLDOWN();
        assertEq(token.positionOf(alice).cooling, 200e18);
        assertEq(token.positionOf(alice).releaseAt, releaseAt);
        assertEq(token.totalStaked(), 400e18);
        assertEq(token.totalCooling(), 200e18);
        pass(token.COOLDOWN() - 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.CoolingDown.selector, releaseAt));
        token.withdraw();
        assertEq(token.getVotes(alice), 1000e18);
        pass(1);
        token.withdraw();
        assertEq(token.balanceOf(alice), 600e18);
        vm.expectRevert(IGovernanceToken.NothingCoolingDown.selector);
        token.withdraw();
    }

    function test_a_second_unstake_makes_all_wait_for_the_later_time() public {
        vm.startPrank(alice);
        token.stake(600e18);
        token.unstake(200e18);
        pass(token.COOLDOWN() - 1);
        token.unstake(1);
        pass(1);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernanceToken.CoolingDown.selector, now_ - 1 + token.COOLDOWN())
        );
        token.withdraw();
    }

    function test_more_than_the_stake_cannot_be_unstaked() public {
        vm.startPrank(alice);
        token.stake(5);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.AmountAboveStake.selector, 6, 5));
        token.unstake(6);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernanceToken.AmountAboveStake.selector, type(uint256).max, 5)
        );
        token.unstake(type(uint256).max);
        vm.expectRevert(IGovernanceToken.ZeroAmount.selector);
        token.unstake(0);
        vm.expectRevert(IGovernanceToken.ZeroAmount.selector);
        token.stake(0);
        vm.expectRevert(IGovernanceToken.NothingCoolingDown.selector);
        token.cancelUnstake();
        uint256 most = type(uint256).max;
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, 1000e18 - 5, most)
        );
        token.stake(most);
    }

    function test_a_pause_refuses_stakes_and_no_exit() public {
        fund(1000e18, 10 days);
        vm.startPrank(alice);
        token.stake(100);
        token.unstake(40);
        vm.stopPrank();
        vm.prank(guardian);
        token.pause(10 days);
        vm.startPrank(alice);
        bytes memory refusal = abi.encodeWithSelector(IGuardedPause.EnforcedPause.selector, now_ + 10 days);
        vm.expectRevert(refusal);
        token.stake(1);
        vm.expectRevert(refusal);
        token.cancelUnstake();
        pass(10 days - 1);
        token.unstake(60);
        assertGt(token.claimRewards(), 0);
        token.transfer(bob, 1);
        pass(10 days);
        assertEq(token.withdraw(), 100);
    }

    /* REWARDS */

    function fund(uint256 amount, uint256 duration) internal {
        token.transfer(address(timelock), amount);
        vm.prank(address(timelock));
        token.fundRewards(amount, duration);
    }

    function test_rewards_go_by_stake_and_seconds() public {
        fund(1000e18, 1000 days);
        vm.prank(alice);
        token.stake(100e18);
        pass(100 days);
        vm.prank(bob);
        token.stake(300e18);
        pass(100 days);
        assertApproxEqAbs(token.positionOf(alice).earned, 125e18, 1e6);
        assertApproxEqAbs(token.positionOf(bob).earned, 75e18, 1e6);
        vm.prank(alice);
        uint256 paid = token.claimRewards();
        assertEq(token.balanceOf(alice), 900e18 + paid);
        assertEq(token.getVotes(alice), 1000e18 + paid, "a reward votes");
        vm.prank(alice);
        assertEq(token.claimRewards(), 0);
    }

    function test_what_cools_down_earns_nothing() public {
        fund(1000e18, 1000 days);
        vm.startPrank(alice);
        token.stake(100e18);
        token.unstake(100e18);
        pass(50 days);
        assertEq(token.positionOf(alice).earned, 0);
    }

    function test_rewards_of_a_time_without_stakes_are_not_lost() public {
        fund(1000e18, 100 days);
        pass(500 days);
        vm.prank(alice);
        token.stake(1e18);
        assertEq(token.periodFinish(), now_ + 100 days);
        pass(101 days);
        vm.prank(alice);
        assertApproxEqAbs(token.claimRewards(), 1000e18, 1e6);
    }

    function test_a_promise_of_rewards_cannot_be_thinned_out() public {
        fund(1000e18, 100 days);
        vm.prank(alice);
        token.stake(1e18);
        pass(50 days);
        token.transfer(address(timelock), 1000e18);
        vm.startPrank(address(timelock));
        vm.expectRevert(IGovernanceToken.RewardsWouldFall.selector);
        token.fundRewards(1, 100 days);
        vm.expectRevert(IGovernanceToken.RewardsWouldFall.selector);
        token.fundRewards(100e18, 49 days);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.BadDuration.selector, 1 days - 1));
        token.fundRewards(1, 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IGovernanceToken.BadDuration.selector, 4 * 365 days + 1));
        token.fundRewards(1, 4 * 365 days + 1);
        vm.expectRevert(IGovernanceToken.ZeroAmount.selector);
        token.fundRewards(0, 1 days);
        token.fundRewards(500e18, 100 days);
        vm.stopPrank();
        assertEq(token.periodFinish(), now_ + 100 days);
        pass(100 days);
        vm.prank(alice);
        assertApproxEqAbs(token.claimRewards(), 1500e18, 1e6);
    }

    function test_only_the_owner_funds() public {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotOwner.selector, alice));
        token.fundRewards(1, 1 days);
    }

    function test_rewards_never_exceed_what_was_given(uint256 amount, uint256 a, uint256 b, uint256 time) public {
        amount = bound(amount, 1, 1_000_000e18);
        a = bound(a, 1, 1000e18);
        b = bound(b, 1, 3000e18);
        time = bound(time, 1, 2000 days);
        fund(amount, 1000 days);
        vm.prank(alice);
        token.stake(a);
        pass(time / 2);
        vm.prank(bob);
        token.stake(b);
        pass(time);
        vm.prank(alice);
        uint256 paid = token.claimRewards();
        vm.prank(bob);
        paid += token.claimRewards();
        assertLe(paid, amount);
        assertEq(token.rewardReserve(), amount - paid);
        if (time / 2 + time >= 1000 days) assertLe(amount - paid, 10, "no more than the roundings stay");
    }

    /* PERMIT AND DELEGATION BY SIGNATURE */

    function test_a_permit_counts_once_and_in_time() public {
        (address signer, uint256 key) = makeAddrAndKey("signer");
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        uint256 deadline = now_ + 1;
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901", token.DOMAIN_SEPARATOR(), keccak256(abi.encode(kind, signer, bob, 5, 0, deadline))
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        token.permit(signer, bob, 5, deadline, v, r, s);
        assertEq(token.allowance(signer, bob), 5);
        vm.expectRevert();
        token.permit(signer, bob, 5, deadline, v, r, s);
        pass(2);
        vm.expectRevert(abi.encodeWithSignature("ERC2612ExpiredSignature(uint256)", deadline));
        token.permit(signer, bob, 5, deadline, v, r, s);
    }

    function test_a_delegation_by_signature_moves_staked_votes_too() public {
        (address signer, uint256 key) = makeAddrAndKey("signer");
        token.transfer(signer, 10e18);
        vm.prank(signer);
        token.stake(4e18);
        bytes32 kind = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        bytes32 digest = keccak256(
            abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), keccak256(abi.encode(kind, carol, 0, now_)))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        token.delegateBySig(carol, 0, now_, v, r, s);
        assertEq(token.getVotes(carol), 10e18);
    }

    function test_a_delegation_by_signature_counts_once_and_in_time() public {
        (address signer, uint256 key) = makeAddrAndKey("signer");
        bytes32 kind = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        bytes32 digest = keccak256(
            abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), keccak256(abi.encode(kind, carol, 0, now_)))
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        uint256 expiry = now_;
        token.delegateBySig(carol, 0, expiry, v, r, s);
        assertEq(token.delegates(signer), carol);
        vm.expectRevert(abi.encodeWithSelector(Nonces.InvalidAccountNonce.selector, signer, 1));
        token.delegateBySig(carol, 0, expiry, v, r, s);
        pass(1);
        vm.expectRevert(abi.encodeWithSelector(IVotes.VotesExpiredSignature.selector, expiry));
        token.delegateBySig(carol, 0, expiry, v, r, s);
    }

    function test_now_and_later_are_not_past() public {
        bytes memory refusal = abi.encodeWithSelector(Votes128.ERC5805FutureLookup.selector, now_, now_);
        vm.expectRevert(refusal);
        token.getPastVotes(alice, now_);
        vm.expectRevert(refusal);
        token.getPastTotalSupply(now_);
        assertEq(token.getPastVotes(alice, now_ - 1), 1000e18);
        assertEq(token.getPastTotalSupply(now_ - 1), SUPPLY);
        assertEq(token.getPastVotes(alice, now_ - 2), 0);
    }

    function test_the_clock_counts_seconds() public view {
        assertEq(token.clock(), now_);
        assertEq(token.CLOCK_MODE(), "mode=timestamp");
        assertEq(governor.clock(), now_);
    }

    /* TERMS */

    function test_a_token_has_a_supply_or_a_predecessor() public {
        vm.expectRevert(IGovernanceToken.ZeroAmount.selector);
        new GovernanceToken("a", "a", registry, guardian, address(0), alice, 0);
        vm.expectRevert(IGovernanceToken.ZeroAmount.selector);
        new GovernanceToken("a", "a", registry, guardian, address(token), alice, 1);
        uint256 above = uint256(type(uint128).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(Votes128.VotesOverflow.selector, above));
        new GovernanceToken("a", "a", registry, guardian, address(0), alice, above);
    }
}
