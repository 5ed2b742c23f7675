// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IGuardedPause} from "../../src/interfaces/IGuardedPause.sol";
import {GovernanceToken} from "../../src/governance/GovernanceToken.sol";
import {GovernanceDeployment} from "../../src/governance/GovernanceDeployment.sol";
import {FluxdeskGovernor} from "../../src/governance/FluxdeskGovernor.sol";
import {Stage} from "./Stage.sol";

/// @notice Borrows votes and gives them back in one call, as a flash loan would.
contract FlashVoter {
    function run(GovernanceToken token, FluxdeskGovernor governor, address lender, uint256 amount, bytes calldata call_)
        external
        returns (bool ok)
    {
        token.transferFrom(lender, address(this), amount);
        token.delegate(address(this));
        token.stake(1);
        (ok,) = address(governor).call(call_);
        token.transfer(lender, amount - 1);
    }
}

/// @notice What the attacker of August 2021 ran: a batch that makes itself scheduled while it is executed.
contract SelfScheduler {
    TimelockController private immutable CONTROL;
    bytes32 private constant SALT = 0;

    constructor(TimelockController control) {
        CONTROL = control;
    }

    function batch() public view returns (address[] memory targets, uint256[] memory values, bytes[] memory datas) {
        targets = new address[](3);
        values = new uint256[](3);
        datas = new bytes[](3);
        (targets[0], targets[1], targets[2]) = (address(CONTROL), address(CONTROL), address(this));
        datas[0] = abi.encodeCall(CONTROL.updateDelay, (0));
        datas[1] = abi.encodeCall(CONTROL.grantRole, (CONTROL.PROPOSER_ROLE(), address(this)));
        datas[2] = abi.encodeCall(this.schedule, ());
    }

    function schedule() external {
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = batch();
        CONTROL.scheduleBatch(targets, values, datas, 0, SALT, 0);
    }

    function attack() external {
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = batch();
        CONTROL.executeBatch(targets, values, datas, 0, SALT);
    }
}

/// @notice A target that executes the operation it is part of once more.
contract Reenterer {
    uint256 public runs;
    bool public nested;

    function hit(TimelockController control, bytes calldata again) external {
        ++runs;
        (nested,) = address(control).call(again);
    }
}

contract GovernorTest is Stage {
    string private constant WHY = "why";

    function setUp() public {
        stage();
        give(alice, SUPPLY / 10);
        give(bob, SUPPLY / 20);
        give(carol, THRESHOLD);
        pass(1);
    }

    function setGuardian(address to) private pure returns (bytes memory) {
        return abi.encodeCall(IGuardedPause.setGuardian, (to));
    }

    /* WHO HAS WHAT AFTER DEPLOYMENT */

    function test_nobody_but_the_timelock_owns_anything() public view {
        bytes32 admin = timelock.DEFAULT_ADMIN_ROLE();
        bytes32[3] memory roles = [admin, timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE()];
        address[7] memory others =
            [address(this), address(deployment), guardian, alice, address(token), address(registry), address(0)];
        for (uint256 i; i < roles.length; ++i) {
            for (uint256 k; k < others.length; ++k) {
                assertFalse(timelock.hasRole(roles[i], others[k]));
            }
        }
        assertTrue(timelock.hasRole(admin, address(timelock)));
        assertFalse(timelock.hasRole(admin, address(governor)));
        assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), address(governor)));
        assertTrue(timelock.hasRole(timelock.CANCELLER_ROLE(), address(governor)));
        assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)));
        assertEq(token.owner(), address(timelock));
        assertEq(registry.owner(), address(timelock));
        assertEq(governor.timelock(), address(timelock));
        assertEq(timelock.getMinDelay(), 2 days);
    }

    function test_the_governor_is_what_was_said_and_deployed_once() public {
        bytes memory code = vm.getCode("FluxdeskGovernor.sol:FluxdeskGovernor");
        vm.expectRevert(GovernanceDeployment.AlreadyDeployed.selector);
        deployment.deployGovernor(code);
        code[code.length - 1] ^= 0x01;
        vm.expectRevert(abi.encodeWithSelector(GovernanceDeployment.CodeHashDiffers.selector, keccak256(code)));
        deployment.deployGovernor(code);
        assertGt(address(governor).code.length, 0);
        assertLe(address(governor).code.length, 24_576);
    }

    function test_the_terms_are_the_governors() public view {
        assertEq(governor.votingDelay(), 2 days);
        assertEq(governor.votingPeriod(), 5 days);
        assertEq(governor.proposalThreshold(), THRESHOLD);
        assertEq(governor.quorum(now_ - 1), SUPPLY * 4 / 100);
        assertEq(governor.lateQuorumVoteExtension(), 1 days);
        // a whole round fits in the guardian's pause, so governance can lengthen it before it ends
        assertLe(
            governor.votingDelay() + governor.votingPeriod() + governor.lateQuorumVoteExtension()
                + timelock.getMinDelay(),
            token.MAX_PAUSE()
        );
    }

    function test_no_terms_change_without_the_timelock(address account) public {
        vm.assume(account != address(timelock));
        vm.startPrank(account);
        bytes memory refusal = abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, account);
        vm.expectRevert(refusal);
        governor.setVotingDelay(0);
        vm.expectRevert(refusal);
        governor.setVotingPeriod(1);
        vm.expectRevert(refusal);
        governor.setProposalThreshold(0);
        vm.expectRevert(refusal);
        governor.updateQuorumNumerator(0);
        vm.expectRevert(refusal);
        governor.updateTimelock(TimelockController(payable(account)));
        vm.expectRevert(refusal);
        governor.setLateQuorumVoteExtension(0);
        vm.expectRevert(refusal);
        governor.relay(address(token), 0, "");
        vm.expectRevert(abi.encodeWithSelector(TimelockController.TimelockUnauthorizedCaller.selector, account));
        timelock.updateDelay(0);
    }

    /* A PROPOSAL'S WAY */

    function test_a_proposal_passes_waits_and_is_executed_by_anybody() public {
        govern(alice, address(token), setGuardian(bob), WHY);
        assertEq(token.guardian(), bob);
    }

    function test_a_proposal_can_change_the_terms_of_the_governor_itself() public {
        govern(alice, address(governor), abi.encodeCall(governor.setVotingDelay, (3 days)), WHY);
        assertEq(governor.votingDelay(), 3 days);
    }

    function test_nothing_is_executed_before_the_delay() public {
        uint256 proposal = propose(alice, address(token), setGuardian(bob), WHY);
        pass(2 days + 1);
        vote(alice, proposal, 1);
        pass(5 days);
        queue(address(token), setGuardian(bob), WHY);
        pass(2 days - 1);
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(address(token), setGuardian(bob));
        vm.expectRevert();
        governor.execute(targets, values, datas, keccak256(bytes(WHY)));
        pass(1);
        governor.execute(targets, values, datas, keccak256(bytes(WHY)));
    }

    function test_below_the_threshold_nobody_proposes() public {
        vm.prank(carol);
        token.transfer(bob, 1);
        pass(1);
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(address(token), "");
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernor.GovernorInsufficientProposerVotes.selector, carol, THRESHOLD - 1, THRESHOLD
            )
        );
        vm.prank(carol);
        governor.propose(targets, values, datas, WHY);
    }

    function test_without_quorum_nothing_passes() public {
        uint256 proposal = propose(carol, address(token), setGuardian(bob), WHY);
        pass(2 days + 1);
        vote(carol, proposal, 1);
        pass(5 days);
        assertEq(uint8(governor.state(proposal)), uint8(IGovernor.ProposalState.Defeated));
    }

    function test_a_late_quorum_lengthens_the_vote() public {
        uint256 proposal = propose(carol, address(token), setGuardian(bob), WHY);
        pass(2 days + 1);
        vote(carol, proposal, 1);
        pass(5 days - 60);
        vote(bob, proposal, 1);
        assertEq(governor.proposalDeadline(proposal), now_ + 1 days);
        pass(12 hours);
        vote(alice, proposal, 0);
        pass(1 days);
        assertEq(uint8(governor.state(proposal)), uint8(IGovernor.ProposalState.Defeated));
    }

    function test_the_guardian_can_stop_no_vote_and_move_nothing() public {
        vm.prank(guardian);
        token.pause(10 days);
        govern(alice, address(token), abi.encodeCall(IGuardedPause.unpause, ()), WHY);
        assertFalse(token.paused());
        vm.startPrank(guardian);
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(address(token), "");
        vm.expectRevert();
        timelock.scheduleBatch(targets, values, datas, 0, 0, 2 days);
        vm.expectRevert();
        timelock.cancel(0);
        vm.expectRevert(abi.encodeWithSelector(IGuardedPause.NotOwner.selector, guardian));
        token.setGuardian(guardian);
    }

    /* INCIDENTS */

    /// @dev Beanstalk, April 2022: votes that were borrowed in the transaction that used them.
    function test_borrowed_votes_weigh_nothing() public {
        FlashVoter flash = new FlashVoter();
        token.approve(address(flash), type(uint256).max);
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(address(token), setGuardian(bob));
        bytes memory proposing = abi.encodeCall(governor.propose, (targets, values, datas, WHY));
        assertFalse(flash.run(token, governor, address(this), SUPPLY / 2, proposing), "no proposal");
        uint256 proposal = propose(carol, address(token), setGuardian(bob), WHY);
        bytes memory voting = abi.encodeWithSignature("castVote(uint256,uint8)", proposal, uint8(1));
        assertFalse(flash.run(token, governor, address(this), SUPPLY / 2, voting), "no vote before the delay");
        pass(2 days + 1);
        assertTrue(flash.run(token, governor, address(this), SUPPLY / 2, voting));
        (, uint256 infavour,) = governor.proposalVotes(proposal);
        assertEq(infavour, 2, "the two units that it kept staked, its own by then");
    }

    function test_what_is_moved_after_voting_does_not_vote_again() public {
        uint256 proposal = propose(alice, address(token), setGuardian(bob), WHY);
        pass(2 days + 1);
        vote(alice, proposal, 1);
        address second = makeAddr("second");
        vm.startPrank(alice);
        token.transfer(second, SUPPLY / 20);
        token.delegate(second);
        vm.stopPrank();
        vm.prank(second);
        token.delegate(second);
        pass(1);
        vote(second, proposal, 1);
        (, uint256 infavour,) = governor.proposalVotes(proposal);
        assertEq(infavour, SUPPLY / 10);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, alice));
        governor.castVote(proposal, 1);
    }

    function test_staking_around_the_snapshot_makes_no_votes() public {
        uint256 proposal = propose(alice, address(token), setGuardian(bob), WHY);
        vm.startPrank(alice);
        token.stake(SUPPLY / 20);
        token.unstake(SUPPLY / 40);
        pass(2 days + 1);
        token.cancelUnstake();
        token.stake(1);
        governor.castVote(proposal, 1);
        vm.stopPrank();
        (, uint256 infavour,) = governor.proposalVotes(proposal);
        assertEq(infavour, SUPPLY / 10);
    }

    function test_what_was_executed_is_not_executed_again() public {
        govern(alice, address(token), setGuardian(bob), WHY);
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(address(token), setGuardian(bob));
        bytes32 hash = keccak256(bytes(WHY));
        vm.expectRevert();
        governor.execute(targets, values, datas, hash);
        vm.expectRevert();
        governor.queue(targets, values, datas, hash);
        vm.expectRevert();
        timelock.executeBatch(targets, values, datas, 0, bytes20(address(governor)) ^ hash);
        vm.expectRevert();
        propose(alice, address(token), setGuardian(bob), WHY);
        assertEq(token.guardian(), bob);
    }

    /// @dev OpenZeppelin's TimelockController before August 2021 asked only afterwards whether a batch had been scheduled.
    function test_a_batch_that_schedules_itself_is_refused() public {
        SelfScheduler attacker = new SelfScheduler(timelock);
        vm.expectRevert();
        attacker.attack();
        assertEq(timelock.getMinDelay(), 2 days);
        assertFalse(timelock.hasRole(timelock.PROPOSER_ROLE(), address(attacker)));
    }

    function test_an_operation_cannot_run_itself_again() public {
        Reenterer target = new Reenterer();
        (address[] memory targets, uint256[] memory values, bytes[] memory datas) = one(address(target), "");
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(WHY));
        // the nested call names another, unscheduled operation; then the proposal itself through the governor
        bytes memory again = abi.encodeCall(timelock.executeBatch, (targets, values, datas, 0, salt));
        bytes memory call_ = abi.encodeCall(target.hit, (timelock, again));
        govern(alice, address(target), call_, WHY);
        assertEq(target.runs(), 1);
        assertFalse(target.nested());
        (targets, values, datas) = one(address(target), call_);
        vm.expectRevert();
        timelock.executeBatch(targets, values, datas, 0, salt);
        assertEq(target.runs(), 1);
    }
}
