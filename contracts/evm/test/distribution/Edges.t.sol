// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {TreeBase} from "./TreeBase.sol";

/// @dev Attested claims by another's hand, and what is said before the start and after the end.
contract DistributionEdgesTest is TreeBase {
    uint256 private constant KEY = 0xC1A1;
    bytes32 private constant PERSON = keccak256("a person");
    address private immutable CLAIMANT = vm.addr(KEY);
    address private constant RECIPIENT = address(0xBEEF);

    /* FOR ANOTHER, WITH ATTESTATIONS */

    function test_another_claims_for_whom_verifiers_attested_and_who_signed() public {
        _attestedVault();
        IDistributionVault.Attestation memory a = attestation(PERSON);
        bytes memory signatures = sign(vault, CLAIMANT, a);
        uint256 deadline = vm.getBlockTimestamp();
        bytes memory leave = _leave(PERSON, deadline);
        // what was signed for one person is for no other
        IDistributionVault.Attestation memory other = attestation(keccak256("another person"));
        bytes memory others = sign(vault, CLAIMANT, other);
        vm.expectRevert(IDistributionVault.NotAuthorised.selector);
        _claimAttestedFor(other, others, deadline, leave);
        _expect(IDistributionVault.Reason.TooFewSignatures);
        _claimAttestedFor(a, "", deadline, leave);
        _claimAttestedFor(a, signatures, deadline, leave);
        assertEq(token.balanceOf(RECIPIENT), 100e18);
        assertTrue(vault.isNullified(PERSON));
        _expect(IDistributionVault.Reason.NullifierUsed);
        _claimAttestedFor(a, signatures, deadline, leave);
    }

    function test_an_attested_claim_by_id_pays_its_caller() public {
        _attestedVault();
        IDistributionVault.Attestation memory a = attestation(PERSON);
        bytes memory proof = abi.encode(0, 0, new bytes32[](0), a, sign(vault, CLAIMANT, a));
        bytes32 id = vault.terms().id;
        vm.expectRevert(
            abi.encodeWithSelector(IDistributionVault.NotEligible.selector, IDistributionVault.Reason.NotSigned)
        );
        front.claimTokens(id, proof);
        vm.prank(CLAIMANT);
        front.claimTokens(id, proof);
        assertEq(token.balanceOf(CLAIMANT), 100e18);
    }

    /* BEFORE THE START, AFTER THE END */

    function test_no_person_claims_before_the_start() public {
        _attestedVault();
        IDistributionVault.Attestation memory a = attestation(PERSON);
        a.issuedAt -= 1;
        bytes memory signatures = sign(vault, CLAIMANT, a);
        vm.warp(vault.terms().start - 1);
        IDistributionVault.Reason said =
            vault.verifyRequirements(CLAIMANT, 0, 0, new bytes32[](0), a, signatures);
        assertEq(uint256(said), uint256(IDistributionVault.Reason.NotStarted));
        _expect(IDistributionVault.Reason.NotStarted);
        vm.prank(CLAIMANT);
        vault.claimWithAttestations(0, 0, new bytes32[](0), a, signatures);
        assertFalse(vault.isNullified(PERSON));
    }

    function test_a_batch_and_the_view_end_with_the_claims() public {
        uint256 last = vault.terms().end + vault.terms().grace;
        vm.warp(last);
        assertEq(uint256(_said(0)), uint256(IDistributionVault.Reason.Met));
        _batch(0, 2);
        vm.warp(last + 1);
        assertEq(uint256(_said(2)), uint256(IDistributionVault.Reason.Ended));
        _expect(IDistributionVault.Reason.Ended);
        this.claimRange(2, 1);
        assertEq(token.balanceOf(accountOf(2)), 0);
    }

    function test_a_batch_that_begins_in_the_first_word_sees_what_was_claimed_before() public {
        _claim(1);
        _expect(IDistributionVault.Reason.AlreadyClaimed);
        this.claimRange(0, 3);
        _batch(2, 3);
        _expect(IDistributionVault.Reason.AlreadyClaimed);
        this.claimRange(4, 2);
    }

    function claimRange(uint256 from, uint256 count) external {
        _batch(from, count);
    }

    /* GRANTS */

    function test_a_grant_says_its_payee_its_amount_and_what_was_released() public {
        vault = _vesting(0, 100 days);
        vm.warp(vault.terms().vestingStart + 25 days);
        _claim(3);
        IDistributionVault.Grant memory g = vault.grantOf(3);
        assertEq(g.payee, accountOf(3));
        assertEq(g.amount, 100e18);
        assertEq(g.released, 25e18);
        assertEq(vault.grantOf(4).payee, address(0));
    }

    /* INSIDE */

    function _attestedVault() private {
        IDistribution.Parameters memory p = attested(bytes32(0), 10, 1000e18);
        p.maxPerClaim = 100e18;
        vault = create(p);
    }

    function _leave(bytes32 nullifier, uint256 deadline) private view returns (bytes memory) {
        bytes32 typehash = keccak256(
            "Authorisation(bytes32 distributionId,address account,address recipient,uint256 index,bytes32 nullifier,uint256 deadline)"
        );
        bytes32 inner = keccak256(
            abi.encode(typehash, vault.terms().id, CLAIMANT, RECIPIENT, 0, nullifier, deadline)
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", vault.domainSeparator(), inner)));
        return abi.encodePacked(r, s, v);
    }

    function _claimAttestedFor(
        IDistributionVault.Attestation memory a, bytes memory signatures, uint256 deadline, bytes memory leave
    ) private {
        vault.claimFor(
            IDistributionVault.Leaf(0, CLAIMANT, 0), new bytes32[](0), a, signatures, RECIPIENT, deadline, leave
        );
    }

    function _said(uint256 i) private view returns (IDistributionVault.Reason) {
        return vault.verifyRequirements(accountOf(i), i, 100e18, proofOf(tree, i), none(), "");
    }
}
