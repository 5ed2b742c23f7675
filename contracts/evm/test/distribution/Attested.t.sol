// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {IRequirementVerifier} from "../../src/interfaces/IRequirementVerifier.sol";
import {MockWallet1271, SafeStandIn} from "../mocks/Wallets.sol";
import {DistributionBase} from "./DistributionBase.sol";

contract Judge is IRequirementVerifier {
    function check(bytes32, address claimant, bytes32 requirements, bytes calldata evidence)
        external
        pure
        returns (bytes32)
    {
        require(requirements != 0 && evidence.length == 32, "no evidence");
        return keccak256(abi.encode(bytes32(evidence), claimant == address(0)));
    }
}

/// @dev Attestations: what holds, and everything that was signed for something else.
contract AttestedTest is DistributionBase {
    uint256 private constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    address private constant CLAIMANT = address(0xC1A1);
    bytes32 private constant PERSON = keccak256("a person");

    DistributionVault private people; // no tree: 100 for each of ten persons
    IDistributionVault.Attestation private a;

    function setUp() public override {
        super.setUp();
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        p.maxPerClaim = 100e18;
        people = create(p);
        a = attestation(PERSON);
    }

    /* WHAT HOLDS */

    function test_two_of_three_are_enough_and_any_two() public {
        _claim(CLAIMANT, PERSON, two(0, 1));
        _claim(CLAIMANT, keccak256("b"), two(0, 2));
        _claim(CLAIMANT, keccak256("c"), two(1, 2));
        assertEq(token.balanceOf(CLAIMANT), 300e18);
        assertTrue(people.isNullified(PERSON));
    }

    function test_tree_and_attestation_are_both_asked_for() public {
        IDistributionVault.Leaf[] memory leaves = someLeaves(4, 50e18);
        bytes32[] memory tree = treeOf(leaves, nextId());
        DistributionVault both = create(attested(tree[0], 4, 200e18));
        bytes32[] memory proof = proofOf(tree, 1);
        _expect(IDistributionVault.Reason.AttestationNeeded);
        vm.prank(accountOf(1));
        both.claimWithProof(1, 50e18, proof);
        (bytes32[] memory many, bool[] memory flags) = proofOfRange(tree, 0, 4);
        _expect(IDistributionVault.Reason.AttestationNeeded);
        both.claimBatch(leaves, many, flags);
        bytes memory signatures = sign(both, accountOf(1), a);
        vm.prank(accountOf(1));
        both.claimWithAttestations(1, 50e18, proof, a, signatures);
        assertEq(token.balanceOf(accountOf(1)), 50e18);
        // The leaf is used, whatever person comes with it; the person is used, whatever leaf.
        IDistributionVault.Attestation memory other = attestation(keccak256("another person"));
        signatures = sign(both, accountOf(1), other);
        _expect(IDistributionVault.Reason.AlreadyClaimed);
        vm.prank(accountOf(1));
        both.claimWithAttestations(1, 50e18, proof, other, signatures);
        signatures = sign(both, accountOf(2), a);
        proof = proofOf(tree, 2);
        _expect(IDistributionVault.Reason.NullifierUsed);
        vm.prank(accountOf(2));
        both.claimWithAttestations(2, 50e18, proof, a, signatures);
        assertFalse(both.isNullified(other.nullifier));
    }

    function test_a_tree_alone_takes_no_attestation() public {
        IDistributionVault.Leaf[] memory leaves = someLeaves(2, 50e18);
        DistributionVault plainVault = create(plain(treeOf(leaves, nextId())[0], 2, 100e18));
        _expect(IDistributionVault.Reason.TreeOnly);
        plainVault.claimWithAttestations(0, 0, new bytes32[](0), a, "");
    }

    function test_a_contract_may_be_a_verifier() public {
        MockWallet1271 wallet = new MockWallet1271(vm.addr(77));
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        p.maxPerClaim = 100e18;
        p.verifiers = new address[](2);
        address key = vm.addr(keys[0]);
        bool first = address(wallet) < key;
        (p.verifiers[0], p.verifiers[1]) = first ? (address(wallet), key) : (key, address(wallet));
        people = create(p);
        bytes32 digest = _digest(CLAIMANT, a);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(77, digest);
        bytes memory byContract =
            abi.encodePacked(uint8(first ? 128 : 129), uint16(65), abi.encodePacked(r, s, v));
        bytes memory byKey = abi.encodePacked(uint8(first ? 1 : 0), compact(keys[0], digest));
        bytes memory all = first ? bytes.concat(byContract, byKey) : bytes.concat(byKey, byContract);
        wallet.setAnswer(MockWallet1271.Answer.No);
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, all);
        wallet.setAnswer(MockWallet1271.Answer.Honest);
        _send(CLAIMANT, a, all);
        assertEq(token.balanceOf(CLAIMANT), 100e18);
    }

    function test_another_judge_of_requirements_may_stand_in_the_place_of_verifiers() public {
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        (p.maxPerClaim, p.threshold, p.verifiers) = (100e18, 0, new address[](0));
        p.verifier = address(new Judge());
        people = create(p);
        a.nullifier = keccak256(abi.encode(bytes32("evidence"), false));
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, "");
        a.nullifier = 0; // what a judge that reverts is taken to say
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, "");
        a.nullifier = keccak256(abi.encode(bytes32("evidence"), false));
        _send(CLAIMANT, a, abi.encode(bytes32("evidence")));
        _refused(IDistributionVault.Reason.NullifierUsed, address(0xB), a, abi.encode(bytes32("evidence")));
    }

    /* THE MATRIX OF REPLAYS */

    function test_a_person_claims_once_whatever_the_wallet() public {
        _claim(CLAIMANT, PERSON, two(0, 1));
        _refused(IDistributionVault.Reason.NullifierUsed, CLAIMANT, a, sign(people, CLAIMANT, a));
        _refused(IDistributionVault.Reason.NullifierUsed, address(0xB0B), a, sign(people, address(0xB0B), a));
    }

    function test_an_attestation_for_another_claimant_does_not_hold() public {
        _refused(IDistributionVault.Reason.NotSigned, address(0xB0B), a, sign(people, CLAIMANT, a));
    }

    function test_an_attestation_of_another_chain_does_not_hold() public {
        bytes memory here = sign(people, CLAIMANT, a);
        vm.chainId(block.chainid + 1);
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, here);
    }

    function test_an_attestation_of_another_contract_or_distribution_does_not_hold() public {
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        p.maxPerClaim = 100e18;
        DistributionVault twin = create(p);
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, sign(twin, CLAIMANT, a));
        // the domain of this vault, the id of the twin, and the other way about
        bytes32 mixed = digestOf(people.domainSeparator(), twin.terms().id, CLAIMANT, a);
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, signedBy(mixed, two(0, 1)));
        mixed = digestOf(twin.domainSeparator(), people.terms().id, CLAIMANT, a);
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, signedBy(mixed, two(0, 1)));
    }

    /// @dev EIP-5267: what a wallet shows of a domain is what is signed.
    function test_the_domain_that_is_said_is_the_one_that_is_signed() public view {
        (bytes1 fields, string memory name, string memory version, uint256 chain, address vault, bytes32 salt, uint256[] memory more) =
            people.eip712Domain();
        assertEq(fields, bytes1(0x0f), "name, version, chain and contract, no salt");
        assertEq(salt, bytes32(0));
        assertEq(more.length, 0);
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 said = keccak256(abi.encode(kind, keccak256(bytes(name)), keccak256(bytes(version)), chain, vault));
        assertEq(people.domainSeparator(), said);
        assertEq(chain, block.chainid);
        assertEq(vault, address(people));
    }

    function test_an_attestation_of_other_requirements_does_not_hold() public {
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        (p.maxPerClaim, p.requirementsHash) = (100e18, keccak256("less"));
        people = create(p);
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, sign(people, CLAIMANT, a));
    }

    function test_an_attestation_holds_from_its_issue_to_its_expiry() public {
        bytes memory signatures = sign(people, CLAIMANT, a);
        uint256 now_ = vm.getBlockTimestamp();
        vm.warp(now_ + DAY + 1);
        _refused(IDistributionVault.Reason.AttestationExpired, CLAIMANT, a, signatures);
        vm.warp(now_ + DAY);
        _send(CLAIMANT, a, signatures);
        a = IDistributionVault.Attestation(keccak256("b"), uint64(vm.getBlockTimestamp() + 1), uint64(vm.getBlockTimestamp() + DAY));
        signatures = sign(people, CLAIMANT, a);
        _refused(IDistributionVault.Reason.IssuedInFuture, CLAIMANT, a, signatures);
        vm.warp(vm.getBlockTimestamp() + 1);
        _send(CLAIMANT, a, signatures);
    }

    function test_requirements_are_met_until_the_end_and_claimed_until_the_grace_is_over() public {
        uint64 end = uint64(people.terms().end);
        vm.warp(end + 5 * DAY);
        a = IDistributionVault.Attestation(PERSON, end + 1, end + uint64(20 * DAY));
        _refused(IDistributionVault.Reason.IssuedAfterEnd, CLAIMANT, a, sign(people, CLAIMANT, a));
        a.issuedAt = end;
        bytes memory signatures = sign(people, CLAIMANT, a);
        vm.warp(end + 10 * DAY + 1);
        _refused(IDistributionVault.Reason.Ended, CLAIMANT, a, signatures);
        vm.warp(end + 10 * DAY);
        _send(CLAIMANT, a, signatures);
    }

    function test_a_signer_twice_counts_once() public {
        bytes32 digest = _digest(CLAIMANT, a);
        _refused(IDistributionVault.Reason.SignersNotAscending, CLAIMANT, a, signedBy(digest, two(1, 1)));
    }

    function test_signers_out_of_order_are_refused() public {
        bytes32 digest = _digest(CLAIMANT, a);
        _refused(IDistributionVault.Reason.SignersNotAscending, CLAIMANT, a, signedBy(digest, two(2, 0)));
    }

    function test_too_few_or_cut_signatures_are_refused_and_so_is_a_rest() public {
        bytes memory both = sign(people, CLAIMANT, a);
        for (uint256 length; length < both.length; ++length) {
            bytes memory cut = new bytes(length);
            for (uint256 i; i < length; ++i) {
                cut[i] = both[i];
            }
            _refused(IDistributionVault.Reason.TooFewSignatures, CLAIMANT, a, cut);
        }
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, bytes.concat(both, hex"00"));
        // a contract's signature that claims more bytes than there are
        _refused(IDistributionVault.Reason.TooFewSignatures, CLAIMANT, a, abi.encodePacked(uint8(128), uint16(10), bytes9(0)));
    }

    function test_a_high_s_is_refused() public {
        bytes32 digest = _digest(CLAIMANT, a);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], digest);
        uint256 high = ORDER - uint256(s); // above half the order, its top bit is set or its size shows
        bytes memory second = abi.encodePacked(uint8(0), r, bytes32(high | (uint256(28 - v) << 255)));
        bytes memory rest = abi.encodePacked(uint8(1), compact(keys[1], digest));
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, bytes.concat(second, rest));
    }

    function test_a_stranger_and_a_place_of_nobody_do_not_count() public {
        bytes32 digest = _digest(CLAIMANT, a);
        bytes memory one = abi.encodePacked(uint8(0), compact(0xBAD, digest), uint8(1), compact(keys[1], digest));
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, one);
        one = abi.encodePacked(uint8(0), compact(keys[0], digest), uint8(3), compact(keys[1], digest));
        _refused(IDistributionVault.Reason.NotAVerifier, CLAIMANT, a, one);
        // a signature of nobody, for a place that holds the zero address
        one = abi.encodePacked(uint8(5), bytes32(0), bytes32(0), uint8(6), bytes32(0), bytes32(0));
        _refused(IDistributionVault.Reason.NotAVerifier, CLAIMANT, a, one);
    }

    function test_without_a_tree_no_leaf_may_be_given_and_no_more_persons_come_than_shares() public {
        bytes memory signatures = sign(people, CLAIMANT, a);
        _expect(IDistributionVault.Reason.NotInTree);
        vm.prank(CLAIMANT);
        people.claimWithAttestations(0, 1e18, new bytes32[](0), a, signatures);
        for (uint256 i; i < 10; ++i) {
            _claim(CLAIMANT, bytes32(i + 1), two(0, 1));
        }
        token.mint(address(people), 1000e18); // the count holds even when there is more to give
        _refused(IDistributionVault.Reason.AllClaimed, CLAIMANT, a, signatures);
    }

    function test_a_vesting_share_of_a_person_is_released_by_its_nullifier() public {
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        (p.maxPerClaim, p.duration) = (100e18, 100 * DAY);
        people = create(p);
        vm.warp(vm.getBlockTimestamp() + 10 * DAY);
        a = attestation(PERSON);
        _send(CLAIMANT, a, sign(people, CLAIMANT, a));
        assertEq(token.balanceOf(CLAIMANT), 10e18);
        vm.warp(vm.getBlockTimestamp() + 90 * DAY);
        people.release(uint256(PERSON));
        assertEq(token.balanceOf(CLAIMANT), 100e18);
    }

    /* ROTATION */

    function test_the_guardian_removes_a_verifier_at_once() public {
        bytes memory signatures = sign(people, CLAIMANT, a); // of places 0 and 2
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotFrom.selector, ADMIN));
        vm.prank(ADMIN);
        people.removeVerifier(2);
        vm.prank(GUARDIAN);
        people.removeVerifier(2);
        _refused(IDistributionVault.Reason.NotAVerifier, CLAIMANT, a, signatures);
        _send(CLAIMANT, a, signedBy(_digest(CLAIMANT, a), two(0, 1)));
        vm.startPrank(GUARDIAN);
        vm.expectRevert(IDistributionVault.BadVerifiers.selector);
        people.removeVerifier(2);
        vm.expectRevert(IDistributionVault.BadVerifiers.selector);
        people.removeVerifier(3);
    }

    function test_a_verifier_is_added_and_the_threshold_lowered_after_the_delay_alone() public {
        keys.push(0xADD);
        address[] memory added = new address[](1);
        added[0] = vm.addr(0xADD);
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotFrom.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        people.scheduleVerifiers(added, 1);
        vm.prank(ADMIN);
        people.scheduleVerifiers(added, 1);
        uint256 from = vm.getBlockTimestamp() + 2 * DAY;
        bytes32 digest = _digest(CLAIMANT, a);
        bytes memory one = abi.encodePacked(uint8(3), compact(0xADD, digest));
        _refused(IDistributionVault.Reason.NotAVerifier, CLAIMANT, a, one);
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooEarly.selector, from));
        people.applyVerifiers(added, 1);
        vm.warp(from);
        people.applyVerifiers(added, 1);
        vm.expectRevert(IDistributionVault.NotScheduled.selector);
        people.applyVerifiers(added, 1);
        a = attestation(PERSON);
        _send(CLAIMANT, a, abi.encodePacked(uint8(3), compact(0xADD, _digest(CLAIMANT, a))));
        (address who, bool active) = people.verifierAt(3);
        assertTrue(who == added[0] && active);
        (uint256 threshold, uint256 count,) = people.quorum();
        assertEq(threshold, 1);
        assertEq(count, 4);
    }

    function test_guardian_and_admin_drop_a_change() public {
        address[] memory added = new address[](0);
        for (uint256 i; i < 2; ++i) {
            vm.prank(ADMIN);
            people.scheduleVerifiers(added, 1);
            vm.prank(i == 0 ? GUARDIAN : ADMIN);
            people.cancelVerifiers(added, 1);
            vm.warp(vm.getBlockTimestamp() + 3 * DAY);
            vm.expectRevert(IDistributionVault.NotScheduled.selector);
            people.applyVerifiers(added, 1);
        }
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotFrom.selector, address(this)));
        people.cancelVerifiers(added, 1);
    }

    function test_a_change_that_makes_no_quorum_or_names_somebody_twice_is_refused() public {
        address[] memory added = new address[](1);
        added[0] = vm.addr(keys[1]);
        _applied(added, 2, true);
        added[0] = address(0);
        _applied(added, 2, true);
        added[0] = address(0xABC);
        _applied(added, 0, true);
        _applied(added, 5, true);
        _applied(added, 4, false);
    }

    /* PAUSE */

    function test_a_pause_is_bounded_cools_down_and_ten_days_of_claims_follow() public {
        bytes memory signatures = sign(people, CLAIMANT, a);
        vm.startPrank(GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.PauseTooLong.selector, 10 * DAY + 1));
        people.pauseAttestations(10 * DAY + 1);
        people.pauseAttestations(DAY / 2);
        uint256 again = vm.getBlockTimestamp() + DAY / 2 + 20 * DAY;
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooEarly.selector, again));
        people.pauseAttestations(1);
        vm.stopPrank();
        _refused(IDistributionVault.Reason.Paused, CLAIMANT, a, signatures);
        vm.warp(vm.getBlockTimestamp() + DAY / 2);
        _send(CLAIMANT, a, signatures);
        // A pause over the end of the grace: claims are paid, and nothing is clawed back, for ten days after it.
        uint256 last = people.terms().end + people.terms().grace;
        vm.warp(last - DAY);
        vm.prank(GUARDIAN);
        people.pauseAttestations(10 * DAY);
        uint64 end = uint64(people.terms().end);
        a = IDistributionVault.Attestation(keccak256("late"), end, end + uint64(60 * DAY));
        signatures = sign(people, CLAIMANT, a);
        vm.warp(last + 1);
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.TooEarly.selector, last + 19 * DAY + 1));
        people.clawBack();
        vm.warp(last + 19 * DAY);
        _send(CLAIMANT, a, signatures);
        vm.warp(last + 19 * DAY + 1);
        people.clawBack();
    }

    /// @dev It used to open claims again, and to put the creator's claw-back off by twenty days of every thirty.
    function test_no_pause_comes_after_the_last_claim() public {
        uint64 end = uint64(people.terms().end);
        uint256 last = end + people.terms().grace;
        a = IDistributionVault.Attestation(keccak256("late"), end, end + uint64(60 * DAY));
        bytes memory signatures = sign(people, CLAIMANT, a);
        vm.warp(last + 1);
        _refused(IDistributionVault.Reason.Ended, CLAIMANT, a, signatures);
        vm.expectRevert(IDistributionVault.Expired.selector);
        vm.prank(GUARDIAN);
        people.pauseAttestations(10 * DAY);
        people.clawBack();
        // and one that began in time is followed by ten days, and no more
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        p.maxPerClaim = 100e18;
        people = create(p);
        last = people.terms().end + people.terms().grace;
        vm.warp(last);
        vm.prank(GUARDIAN);
        people.pauseAttestations(10 * DAY);
        vm.warp(last + 30 * DAY);
        vm.expectRevert(IDistributionVault.Expired.selector);
        vm.prank(GUARDIAN);
        people.pauseAttestations(10 * DAY);
        people.clawBack();
    }

    function test_the_admin_alone_ends_a_pause() public {
        vm.prank(GUARDIAN);
        people.pauseAttestations(DAY);
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotFrom.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        people.unpauseAttestations();
        vm.startPrank(ADMIN);
        people.unpauseAttestations();
        vm.expectRevert(IDistributionVault.NotScheduled.selector);
        people.unpauseAttestations();
        vm.stopPrank();
        _claim(CLAIMANT, PERSON, two(0, 1));
    }

    function test_a_pause_stops_no_release_of_a_grant() public {
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        (p.maxPerClaim, p.duration) = (100e18, 100 * DAY);
        people = create(p);
        _claim(CLAIMANT, PERSON, two(0, 1));
        vm.prank(GUARDIAN);
        people.pauseAttestations(10 * DAY);
        vm.warp(vm.getBlockTimestamp() + 5 * DAY);
        assertEq(people.release(uint256(PERSON)), 5e18);
    }

    /* ROLES THAT ARE A MULTISIG */

    function test_a_multisig_like_a_Safe_is_guardian_admin_and_verifier() public {
        address[] memory owners = verifiers();
        SafeStandIn safe = new SafeStandIn(owners, 2);
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        (p.maxPerClaim, p.admin, p.guardian, p.threshold) = (100e18, address(safe), address(safe), 1);
        p.verifiers = new address[](1);
        p.verifiers[0] = address(safe);
        people = create(p);
        // verifier: two owners sign the message of the attestation
        bytes32 message = safe.getMessageHash(_digest(CLAIMANT, a));
        bytes memory inner = bytes.concat(_full(keys[0], message), _full(keys[2], message));
        bytes memory few = bytes.concat(_full(keys[0], message), _full(keys[0], message));
        _refused(IDistributionVault.Reason.NotSigned, CLAIMANT, a, abi.encodePacked(uint8(128), uint16(130), few));
        _send(CLAIMANT, a, abi.encodePacked(uint8(128), uint16(130), inner));
        assertEq(token.balanceOf(CLAIMANT), 100e18);
        // guardian and admin: two owners sign the call
        _execute(safe, abi.encodeCall(people.pauseAttestations, (DAY)));
        (,, uint256 until) = people.quorum();
        assertEq(until, vm.getBlockTimestamp() + DAY);
        _execute(safe, abi.encodeCall(people.unpauseAttestations, ()));
        _execute(safe, abi.encodeCall(people.scheduleVerifiers, (owners, 2)));
        vm.warp(vm.getBlockTimestamp() + 2 * DAY);
        people.applyVerifiers(owners, 2);
        _execute(safe, abi.encodeCall(people.removeVerifier, (0)));
        (, bool active) = people.verifierAt(0);
        assertFalse(active);
    }

    /* WHO MAY CALL WHAT */

    function test_no_stranger_moves_anything_by_a_call_of_a_role() public {
        address[] memory some = new address[](0);
        bytes[] memory calls = new bytes[](6);
        calls[0] = abi.encodeCall(people.removeVerifier, (0));
        calls[1] = abi.encodeCall(people.scheduleVerifiers, (some, 1));
        calls[2] = abi.encodeCall(people.cancelVerifiers, (some, 1));
        calls[3] = abi.encodeCall(people.pauseAttestations, (1));
        calls[4] = abi.encodeCall(people.unpauseAttestations, ());
        calls[5] = abi.encodeCall(people.clawBack, ());
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(address(0x5712A));
            (bool ok, bytes memory said) = address(people).call(calls[i]);
            assertFalse(ok);
            assertEq(bytes4(said), IDistributionVault.NotFrom.selector);
        }
    }

    /* HELPERS */

    function _digest(address claimant, IDistributionVault.Attestation memory what) private view returns (bytes32) {
        return digestOf(people.domainSeparator(), people.terms().id, claimant, what);
    }

    function _claim(address claimant, bytes32 nullifier, uint256[] memory places) private {
        IDistributionVault.Attestation memory what = attestation(nullifier);
        _send(claimant, what, signedBy(_digest(claimant, what), places));
    }

    function _send(address claimant, IDistributionVault.Attestation memory what, bytes memory signatures) private {
        vm.prank(claimant);
        people.claimWithAttestations(0, 0, new bytes32[](0), what, signatures);
    }

    /// @dev The call reverts with the reason, and the view says the same.
    function _refused(
        IDistributionVault.Reason reason,
        address claimant,
        IDistributionVault.Attestation memory what,
        bytes memory signatures
    ) private {
        _expect(reason);
        _send(claimant, what, signatures);
        IDistributionVault.Reason said =
            people.verifyRequirements(claimant, 0, 0, new bytes32[](0), what, signatures);
        assertEq(uint256(said), uint256(reason));
    }

    function _expect(IDistributionVault.Reason reason) private {
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotEligible.selector, reason));
    }

    function _applied(address[] memory added, uint256 threshold, bool refused) private {
        vm.prank(ADMIN);
        people.scheduleVerifiers(added, threshold);
        vm.warp(vm.getBlockTimestamp() + 2 * DAY);
        if (refused) vm.expectRevert(IDistributionVault.BadVerifiers.selector);
        people.applyVerifiers(added, threshold);
    }

    function _full(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _execute(SafeStandIn safe, bytes memory data) private {
        bytes32 digest = safe.getTransactionHash(address(people), 0, data, safe.nonce());
        safe.execTransaction(address(people), 0, data, bytes.concat(_full(keys[0], digest), _full(keys[1], digest)));
    }
}
