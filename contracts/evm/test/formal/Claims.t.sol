// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {IRequirementVerifier} from "../../src/interfaces/IRequirementVerifier.sol";
import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";

/// @dev Pays whatever it is asked for: the marks alone have to hold.
contract EndlessToken {
    function transfer(address, uint256) external pure returns (bool) {
        return true;
    }
}

/// @dev Takes whatever nullifier is shown for a person's.
contract WillingJudge is IRequirementVerifier {
    function check(bytes32, address, bytes32, bytes calldata evidence) external pure returns (bytes32) {
        return abi.decode(evidence, (bytes32));
    }
}

interface Vm {
    function prank(address sender) external;
    function warp(uint256 time) external;
}

/// @notice Of the vault that is shipped, for all indices, claimants, amounts and nullifiers, by halmos: `make prove`.
contract ClaimsFormal {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bytes32 private constant ID = keccak256("a distribution");
    uint256 private constant NOW = 1000;
    address private token;
    address private judge;

    function setUp() external {
        token = address(new EndlessToken());
        judge = address(new WillingJudge());
        vm.warp(NOW);
    }

    function _vault(bytes32 root, address verifier) private returns (DistributionVault) {
        vm.warp(NOW);
        IDistributionVault.Terms memory t;
        (t.id, t.root, t.token, t.verifier) = (ID, root, token, verifier);
        (t.funded, t.maxPerClaim, t.leaves, t.end) = (type(uint128).max, type(uint128).max, 1 << 40, NOW + 1 days);
        return new DistributionVault(t, new address[](0), address(this));
    }

    /* THE CLAIM BITMAP */

    function check_an_index_is_claimed_once(uint32 index, address account, uint128 amount) external {
        DistributionVault vault = _vault(MerkleProofs.leafOf(ID, index, account, amount), address(0));
        assert(!vault.isClaimed(index));
        vm.prank(account);
        vault.claimWithProof(index, amount, new bytes32[](0));
        assert(vault.isClaimed(index));
        vm.prank(account);
        try vault.claimWithProof(index, amount, new bytes32[](0)) {
            assert(false);
        } catch {}
    }

    function check_a_claim_marks_no_other_index(uint32 index, uint32 other, address account, uint128 amount) external {
        if (other == index) return;
        DistributionVault vault = _vault(MerkleProofs.leafOf(ID, index, account, amount), address(0));
        vm.prank(account);
        vault.claimWithProof(index, amount, new bytes32[](0));
        assert(!vault.isClaimed(other));
    }

    /* NULLIFIERS */

    function _person(DistributionVault vault, address claimant, bytes32 nullifier) private returns (bool) {
        IDistributionVault.Attestation memory attestation;
        (attestation.nullifier, attestation.expiresAt) = (nullifier, uint64(NOW + 1));
        vm.prank(claimant);
        try vault.claimWithAttestations(0, 0, new bytes32[](0), attestation, abi.encode(nullifier)) {
            return true;
        } catch {
            return false;
        }
    }

    function check_a_nullifier_is_paid_once(bytes32 nullifier, address first, address second) external {
        DistributionVault vault = _vault(bytes32(0), judge);
        assert(_person(vault, first, nullifier) == (nullifier != bytes32(0)));
        assert(!_person(vault, second, nullifier));
    }

    function check_a_nullifier_bars_no_other_person(bytes32 nullifier, bytes32 other, address first, address second)
        external
    {
        if (other == nullifier || other == bytes32(0)) return;
        DistributionVault vault = _vault(bytes32(0), judge);
        _person(vault, first, nullifier);
        assert(!vault.isNullified(other));
        assert(_person(vault, second, other));
        assert(vault.isNullified(other));
    }
}
