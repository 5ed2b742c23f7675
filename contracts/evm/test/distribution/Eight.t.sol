// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {DistributionBase} from "./DistributionBase.sol";

/// @dev As many verifiers as a creation may name: each has its place, and all of them count.
contract EightTest is DistributionBase {
    address private constant CLAIMANT = address(0xC1A1);

    function howMany() internal pure override returns (uint256) {
        return 8;
    }

    function test_each_of_eight_verifiers_is_who_stands_at_its_place() public {
        DistributionVault people = _asking(1);
        for (uint256 place; place < 8; ++place) {
            (address who, bool active) = people.verifierAt(place);
            assertEq(who, vm.addr(keys[place]));
            assertTrue(active);
            _claim(people, place, place, true);
            assertEq(token.balanceOf(CLAIMANT), (place + 1) * 100e18);
        }
        (address nobody, bool there) = people.verifierAt(8);
        assertEq(nobody, address(0));
        assertFalse(there);
        (, uint256 count,) = people.quorum();
        assertEq(count, 8);
    }

    function test_no_verifier_signs_at_the_place_of_another() public {
        DistributionVault people = _asking(1);
        for (uint256 place; place < 8; ++place) {
            for (uint256 other; other < 8; ++other) {
                if (other != place) _claim(people, place, other, false);
            }
        }
        assertEq(token.balanceOf(CLAIMANT), 0);
    }

    function test_eight_of_eight_are_asked_for_and_seven_are_too_few() public {
        DistributionVault people = _asking(8);
        IDistributionVault.Attestation memory a = attestation(keccak256("a person"));
        bytes32 digest = digestOf(people.domainSeparator(), people.terms().id, CLAIMANT, a);
        uint256[] memory places = new uint256[](7);
        for (uint256 left; left < 8; ++left) {
            for (uint256 i; i < 7; ++i) {
                places[i] = i < left ? i : i + 1;
            }
            _refused(people, IDistributionVault.Reason.TooFewSignatures, a, signedBy(digest, places));
        }
        places = new uint256[](8);
        for (uint256 i; i < 8; ++i) {
            places[i] = i;
        }
        _send(people, a, signedBy(digest, places));
        assertEq(token.balanceOf(CLAIMANT), 100e18);
    }

    function test_the_guardian_removes_the_last_of_eight_and_no_other() public {
        DistributionVault people = _asking(1);
        vm.prank(GUARDIAN);
        people.removeVerifier(7);
        IDistributionVault.Attestation memory a = attestation(keccak256("a person"));
        bytes32 digest = digestOf(people.domainSeparator(), people.terms().id, CLAIMANT, a);
        _refused(people, IDistributionVault.Reason.NotAVerifier, a, abi.encodePacked(uint8(7), compact(keys[7], digest)));
        _claim(people, 6, 6, true);
    }

    function test_nine_verifiers_have_no_place() public {
        IDistribution.Parameters memory p = _terms(1);
        address[] memory nine = new address[](9);
        for (uint256 i; i < 8; ++i) {
            nine[i] = p.verifiers[i];
        }
        nine[8] = address(type(uint160).max);
        p.verifiers = nine;
        vm.expectRevert(IDistribution.BadParameters.selector);
        front.createDistribution(p);
    }

    function _terms(uint256 threshold) private view returns (IDistribution.Parameters memory p) {
        p = attested(bytes32(0), 10, 1000e18);
        (p.maxPerClaim, p.threshold) = (100e18, threshold);
    }

    function _asking(uint256 threshold) private returns (DistributionVault) {
        return create(_terms(threshold));
    }

    /// @dev A claim of a new person, signed by the key of `signer` as if it stood at `place`.
    function _claim(DistributionVault people, uint256 place, uint256 signer, bool holds) private {
        IDistributionVault.Attestation memory a = attestation(keccak256(abi.encode(place, signer)));
        bytes32 digest = digestOf(people.domainSeparator(), people.terms().id, CLAIMANT, a);
        bytes memory signed = abi.encodePacked(uint8(place), compact(keys[signer], digest));
        if (holds) _send(people, a, signed);
        else _refused(people, IDistributionVault.Reason.NotSigned, a, signed);
    }

    function _send(DistributionVault people, IDistributionVault.Attestation memory a, bytes memory signed) private {
        vm.prank(CLAIMANT);
        people.claimWithAttestations(0, 0, new bytes32[](0), a, signed);
    }

    function _refused(
        DistributionVault people,
        IDistributionVault.Reason reason,
        IDistributionVault.Attestation memory a,
        bytes memory signed
    ) private {
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotEligible.selector, reason));
        _send(people, a, signed);
    }
}
