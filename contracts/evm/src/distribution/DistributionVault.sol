// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProofs} from "../libraries/MerkleProofs.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {Vesting} from "../libraries/Vesting.sol";
import {VaultTerms} from "./VaultTerms.sol";
import {VerifierQuorum} from "./VerifierQuorum.sol";

/// @title The claims of one distribution
/// @dev Where everything is paid at once no running total is kept: an index is claimed once, is below `leaves` and is of at
/// most `maxPerClaim`, and more than the vault holds cannot leave it. Where claims vest, totals keep what grants hold.
contract DistributionVault is VerifierQuorum {
    /* CONSTANTS */

    bytes32 private constant AUTHORISATION = keccak256(
        "Authorisation(bytes32 distributionId,address account,address recipient,uint256 index,bytes32 nullifier,uint256 deadline)"
    );

    /* IMMUTABLES */

    /// @notice The `Distribution` that made this vault.
    address public immutable DISTRIBUTION;

    /* STORAGE */

    struct Totals {
        uint128 granted;
        uint128 released;
    }

    mapping(uint256 word => Mark bits) private _claimed;
    mapping(uint256 grant => Grant) private _grants;
    /// @notice Of all grants: how much they are, and how much of it was paid.
    Totals public totals;

    /* CONSTRUCTOR */

    constructor(Terms memory t, address[] memory verifiers, address distribution) VaultTerms(t, verifiers) {
        DISTRIBUTION = distribution;
    }

    /* CLAIMS */

    function claimWithProof(uint256 index, uint256 amount, bytes32[] calldata siblings) external nonReentrant {
        _claimByTree(msg.sender, msg.sender, index, amount, siblings);
    }

    function claimWithAttestations(
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings,
        Attestation calldata attestation,
        bytes calldata signatures
    ) external nonReentrant {
        _claimAttested(msg.sender, msg.sender, index, amount, siblings, attestation, signatures);
    }

    function claimFor(
        Leaf calldata leaf,
        bytes32[] calldata siblings,
        Attestation calldata attestation,
        bytes calldata signatures,
        address recipient,
        uint256 deadline,
        bytes calldata authorisation
    ) external nonReentrant {
        if (block.timestamp > deadline) revert Expired();
        if (msg.sender != DISTRIBUTION || recipient != leaf.account) {
            _checkAuthorisation(leaf, attestation.nullifier, recipient, deadline, authorisation);
        }
        if (ATTESTED) {
            _claimAttested(leaf.account, recipient, leaf.index, leaf.amount, siblings, attestation, signatures);
        } else {
            _claimByTree(leaf.account, recipient, leaf.index, leaf.amount, siblings);
        }
    }

    function claimBatch(Leaf[] calldata batch, bytes32[] calldata proof, bool[] calldata flags) external nonReentrant {
        if (ATTESTED) revert NotEligible(Reason.AttestationNeeded);
        if (block.timestamp > LAST) revert NotEligible(Reason.Ended);
        bytes32[] memory leaves = new bytes32[](batch.length);
        for (uint256 i; i < batch.length; ++i) {
            leaves[i] = MerkleProofs.leafOf(ID, batch[i].index, batch[i].account, batch[i].amount);
        }
        if (MerkleProofs.rootOf(proof, flags, leaves) != ROOT) revert NotEligible(Reason.NotInTree);
        uint256 word = type(uint256).max;
        uint256 bits;
        for (uint256 i; i < batch.length; ++i) {
            Leaf calldata leaf = batch[i];
            // Bits of one word are read and written once as long as indices stay in it.
            if (leaf.index >> 8 != word) {
                if (i != 0) _claimed[word].word = bits;
                word = leaf.index >> 8;
                bits = _claimed[word].word;
            }
            uint256 bit = 1 << (leaf.index & 255);
            _require(_termsReason(leaf.index, leaf.amount, bits & bit != 0));
            bits |= bit;
        }
        _claimed[word].word = bits;
        for (uint256 i; i < batch.length; ++i) {
            _pay(batch[i].account, batch[i].account, batch[i].index, batch[i].amount);
        }
    }

    function release(uint256 grant) external nonReentrant returns (uint256 amount) {
        Grant memory g = _grants[grant];
        amount = _vested(g.amount) - g.released;
        if (amount == 0) revert NothingToRelease();
        _release(grant, g, amount);
    }

    /* CLAW-BACK */

    function clawBack() external nonReentrant returns (uint256 amount) {
        _only(CREATOR);
        uint256 from = ATTESTED ? _deadline(_pausedUntil(_state)) : LAST;
        if (block.timestamp <= from) revert TooEarly(from + 1);
        uint256 held = Tokens.balanceOfThis(TOKEN);
        uint256 kept = totals.granted - totals.released;
        amount = held > kept ? held - kept : 0;
        emit ClawedBack(amount);
        Tokens.give(TOKEN, CREATOR, amount);
    }

    /* VIEWS */

    function verifyRequirements(
        address claimant,
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings,
        Attestation calldata attestation,
        bytes calldata signatures
    ) external view returns (Reason reason) {
        uint256 s = _state;
        reason = _leafReason(s, claimant, index, amount, siblings);
        if (reason == Reason.Met && ATTESTED) {
            reason = _attestedReason(s, _nullified[attestation.nullifier].word, claimant, attestation, signatures);
        }
        if (reason != Reason.Met) return reason;
        uint256 whole = ROOT == bytes32(0) ? MAX_PER_CLAIM : amount;
        uint256 left = DURATION == 0 ? Tokens.balanceOfThis(TOKEN) : FUNDED - totals.granted;
        if (whole > left) reason = Reason.OverFunds;
    }

    function isClaimed(uint256 index) public view returns (bool) {
        return (_claimed[index >> 8].word >> (index & 255)) & 1 != 0;
    }

    function grantOf(uint256 grant) external view returns (Grant memory) {
        return _grants[grant];
    }

    function releasable(uint256 grant) external view returns (uint256) {
        Grant memory g = _grants[grant];
        return _vested(g.amount) - g.released;
    }

    /* CLAIMS, INSIDE */

    function _checkAuthorisation(
        Leaf calldata leaf,
        bytes32 nullifier,
        address recipient,
        uint256 deadline,
        bytes calldata authorisation
    ) private view {
        bytes32 structHash =
            keccak256(abi.encode(AUTHORISATION, ID, leaf.account, recipient, leaf.index, nullifier, deadline));
        bytes32 digest = Signatures.digestOf(_domain(), structHash);
        if (!Signatures.isSignedBy(leaf.account, digest, authorisation)) revert NotAuthorised();
    }

    function _claimByTree(
        address account,
        address recipient,
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings
    ) private {
        if (ATTESTED) revert NotEligible(Reason.AttestationNeeded);
        if (block.timestamp > LAST) revert NotEligible(Reason.Ended);
        _takeIndex(account, index, amount, siblings);
        _pay(account, recipient, index, amount);
    }

    function _claimAttested(
        address account,
        address recipient,
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings,
        Attestation calldata attestation,
        bytes calldata signatures
    ) private {
        if (!ATTESTED) revert NotEligible(Reason.TreeOnly);
        uint256 s = _state;
        Mark storage mark = _nullified[attestation.nullifier];
        _require(_attestedReason(s, mark.word, account, attestation, signatures));
        mark.word = 1;
        uint256 grant = index;
        if (ROOT == bytes32(0)) {
            _require(_personReason(s, index, amount, siblings));
            _state = s + (1 << CLAIMS);
            (grant, amount) = (uint256(attestation.nullifier), MAX_PER_CLAIM);
        } else {
            _takeIndex(account, index, amount, siblings);
        }
        _pay(account, recipient, grant, amount);
    }

    /// @dev Checks the leaf and marks it. The word of its bit is read once.
    function _takeIndex(address account, uint256 index, uint256 amount, bytes32[] calldata siblings)
        private
    {
        Mark storage word = _claimed[index >> 8];
        uint256 bits = word.word;
        uint256 bit = 1 << (index & 255);
        _require(_termsReason(index, amount, bits & bit != 0));
        if (MerkleProofs.rootOf(siblings, MerkleProofs.leafOf(ID, index, account, amount)) != ROOT) {
            revert NotEligible(Reason.NotInTree);
        }
        word.word = bits | bit;
    }

    /// @dev Pays an eligible claim: all of it, or where it vests what has vested by now of a new grant.
    function _pay(address account, address recipient, uint256 grant, uint256 amount) private {
        emit Claimed(account, grant, amount);
        if (DURATION == 0) return Tokens.give(TOKEN, recipient, amount);
        uint256 granted = totals.granted + amount;
        if (granted > FUNDED) revert NotEligible(Reason.OverFunds);
        totals.granted = uint128(granted);
        Grant memory g = Grant(recipient, uint128(amount), 0);
        _grants[grant] = g;
        uint256 vested = _vested(amount);
        if (vested != 0) _release(grant, g, vested);
    }

    function _release(uint256 grant, Grant memory g, uint256 amount) private {
        _grants[grant].released = uint128(g.released + amount);
        totals.released += uint128(amount);
        emit Released(grant, g.payee, amount);
        Tokens.give(TOKEN, g.payee, amount);
    }

    /* REASONS */

    function _leafReason(
        uint256 s,
        address account,
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings
    ) private view returns (Reason reason) {
        if (!ATTESTED && block.timestamp > LAST) return Reason.Ended;
        if (ROOT == bytes32(0)) return _personReason(s, index, amount, siblings);
        reason = _termsReason(index, amount, isClaimed(index));
        if (reason != Reason.Met) return reason;
        bytes32 root = MerkleProofs.rootOf(siblings, MerkleProofs.leafOf(ID, index, account, amount));
        return root == ROOT ? Reason.Met : Reason.NotInTree;
    }

    function _termsReason(uint256 index, uint256 amount, bool taken) private view returns (Reason) {
        if (block.timestamp < START) return Reason.NotStarted;
        if (index >= LEAVES) return Reason.NoSuchIndex;
        if (amount > MAX_PER_CLAIM) return Reason.OverMaximum;
        return taken ? Reason.AlreadyClaimed : Reason.Met;
    }

    /// @dev Without a tree: as many persons as there are shares, and no leaf may be given.
    function _personReason(
        uint256 s,
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings
    ) private view returns (Reason) {
        if (block.timestamp < START) return Reason.NotStarted;
        if (index != 0 || amount != 0 || siblings.length != 0) return Reason.NotInTree;
        return s >> CLAIMS < LEAVES ? Reason.Met : Reason.AllClaimed;
    }

    function _vested(uint256 amount) private view returns (uint256) {
        return Vesting.vestedDown(amount, VESTING_START, CLIFF, DURATION, block.timestamp);
    }

    function _require(Reason reason) private pure {
        if (reason != Reason.Met) revert NotEligible(reason);
    }
}
