// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRequirementVerifier} from "../interfaces/IRequirementVerifier.sol";
import {Attestations} from "../libraries/Attestations.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {VaultTerms} from "./VaultTerms.sol";

/// @title The verifiers of a distribution: M of N, their rotation, their pause, and the persons that claimed
/// @notice The chain cannot see whether requirements were met. It sees that M of N named verifiers say so.
abstract contract VerifierQuorum is VaultTerms {
    /* CONSTANTS */

    /// @notice Between the scheduling of verifiers and their first signature.
    uint256 public constant ROTATION_DELAY = 2 days;
    uint256 public constant MAX_PAUSE = 10 days;
    uint256 public constant PAUSE_COOLDOWN = 20 days;
    /// @notice Of the creation and added ones, removed ones included: a verifier's place is a bit and seven of a byte.
    uint256 public constant MAX_VERIFIERS = 64;

    /* STORAGE */

    /// @dev One slot, all that an attested claim must know besides the terms. A threshold of zero is that of the terms.
    struct State {
        uint8 threshold;
        uint8 added;
        uint48 pausedUntil;
        uint48 nextPauseAt;
        uint64 removed;
        uint64 claims;
    }

    State internal _state;
    mapping(uint256 place => address verifier) private _added;
    mapping(bytes32 change => uint256 from) private _scheduled;
    mapping(bytes32 nullifier => uint256) internal _nullified; // zero or one

    /* VERIFIERS */

    function removeVerifier(uint256 place) external {
        _only(GUARDIAN);
        State memory s = _state;
        if (place >= VERIFIERS + s.added || _isRemoved(s, place)) revert BadVerifiers();
        _state.removed = uint64(s.removed | (1 << place));
        emit VerifierRemoved(_verifier(place));
    }

    function scheduleVerifiers(address[] calldata added, uint256 threshold) external {
        _only(ADMIN);
        if (VERIFIERS == 0) revert BadVerifiers();
        bytes32 change = keccak256(abi.encode(added, threshold));
        uint256 from = block.timestamp + ROTATION_DELAY;
        _scheduled[change] = from;
        emit VerifiersScheduled(change, added, threshold, from);
    }

    function cancelVerifiers(address[] calldata added, uint256 threshold) external {
        if (msg.sender != GUARDIAN) _only(ADMIN);
        emit VerifiersCancelled(_unschedule(added, threshold));
    }

    function applyVerifiers(address[] calldata added, uint256 threshold) external {
        uint256 from = _scheduled[keccak256(abi.encode(added, threshold))];
        if (block.timestamp < from) revert TooEarly(from);
        _unschedule(added, threshold);
        State memory s = _state;
        uint256 count = VERIFIERS + s.added;
        if (count + added.length > MAX_VERIFIERS) revert BadVerifiers();
        for (uint256 i; i < added.length; ++i) {
            address one = added[i];
            if (one == address(0)) revert BadVerifiers();
            for (uint256 k; k < count; ++k) {
                if (!_isRemoved(s, k) && _verifier(k) == one) revert BadVerifiers();
            }
            _added[count++] = one;
        }
        (s.added, s.threshold) = (uint8(count - VERIFIERS), uint8(threshold));
        if (threshold == 0 || threshold > _active(s)) revert BadVerifiers();
        _state = s;
        emit VerifiersChanged(added, threshold);
    }

    /* PAUSE */

    function pauseAttestations(uint256 duration) external {
        _only(GUARDIAN);
        State memory s = _state;
        if (duration == 0 || duration > MAX_PAUSE) revert PauseTooLong(duration);
        if (block.timestamp < s.nextPauseAt) revert TooEarly(s.nextPauseAt);
        // a pause gives its time back: after the last claim it would open claims again, and keep the creator from the rest
        if (block.timestamp > _deadline(s)) revert Expired();
        s.pausedUntil = uint48(block.timestamp + duration);
        s.nextPauseAt = uint48(block.timestamp + duration + PAUSE_COOLDOWN);
        _state = s;
        emit AttestationsPaused(s.pausedUntil);
    }

    function unpauseAttestations() external {
        _only(ADMIN);
        if (block.timestamp >= _state.pausedUntil) revert NotScheduled();
        _state.pausedUntil = uint48(block.timestamp);
        emit AttestationsPaused(block.timestamp);
    }

    /* VIEWS */

    function verifierAt(uint256 place) external view returns (address verifier, bool active) {
        State memory s = _state;
        if (place < VERIFIERS + s.added) return (_verifier(place), !_isRemoved(s, place));
    }

    function quorum() external view returns (uint256 threshold, uint256 active, uint256 pausedUntil) {
        State memory s = _state;
        return (_threshold(s), _active(s), s.pausedUntil);
    }

    function isNullified(bytes32 nullifier) external view returns (bool) {
        return _nullified[nullifier] != 0;
    }

    /* INTERNAL */

    /// @dev The last second in which an attested claim is paid: a pause gives its time back.
    function _deadline(State memory s) internal view returns (uint256 deadline) {
        unchecked {
            deadline = LAST;
            if (s.pausedUntil != 0 && s.pausedUntil + MAX_PAUSE > deadline) deadline = s.pausedUntil + MAX_PAUSE;
        }
    }

    /// @dev Whether the attestation holds and enough verifiers, or the distribution's other judge, stand behind it.
    function _attestedReason(
        State memory s,
        address claimant,
        Attestation calldata attestation,
        bytes calldata signatures
    ) internal view returns (Reason) {
        if (block.timestamp < s.pausedUntil) return Reason.Paused;
        if (block.timestamp > _deadline(s)) return Reason.Ended;
        if (attestation.issuedAt > block.timestamp) return Reason.IssuedInFuture;
        if (attestation.issuedAt > END) return Reason.IssuedAfterEnd;
        if (block.timestamp > attestation.expiresAt) return Reason.AttestationExpired;
        if (_nullified[attestation.nullifier] != 0) return Reason.NullifierUsed;
        if (VERIFIER != address(0)) {
            bytes32 person = _judge(claimant, signatures);
            return person != bytes32(0) && person == attestation.nullifier ? Reason.Met : Reason.NotSigned;
        }
        bytes32 structHash = Attestations.hashOf(
            ID, claimant, attestation.nullifier, REQUIREMENTS_HASH, attestation.issuedAt, attestation.expiresAt
        );
        bytes32 digest = Signatures.digestOf(_domain(), structHash);
        return _signedReason(s, digest, signatures);
    }

    /// @dev Zero where the judge reverts: no person's nullifier is zero.
    function _judge(address claimant, bytes calldata evidence) private view returns (bytes32 nullifier) {
        try IRequirementVerifier(VERIFIER).check(ID, claimant, REQUIREMENTS_HASH, evidence) returns (
            bytes32 person
        ) {
            nullifier = person;
        } catch {
            nullifier = bytes32(0);
        }
    }

    /// @dev Signers are strictly ascending, so none counts twice, whatever places it has.
    function _signedReason(State memory s, bytes32 digest, bytes calldata signatures)
        private
        view
        returns (Reason)
    {
        uint256 needed = _threshold(s);
        uint256 count = VERIFIERS + s.added;
        uint256 next;
        address last;
        unchecked {
            for (; needed != 0; --needed) {
                uint256 left = signatures.length - next;
                if (left < 3) return Reason.TooFewSignatures;
                uint256 place = uint8(Signatures.wordAt(signatures, next)[0]);
                bool isContract = place > 127;
                place &= 127;
                if (place >= count || _isRemoved(s, place)) return Reason.NotAVerifier;
                address verifier = _verifier(place);
                if (verifier <= last) return Reason.SignersNotAscending;
                last = verifier;
                uint256 length = isContract ? 3 + uint16(bytes2(Signatures.wordAt(signatures, next + 1))) : 65;
                if (left < length) return Reason.TooFewSignatures;
                bool signed = isContract
                    ? Signatures.isApprovedBy(verifier, digest, signatures[next + 3:next + length])
                    : Signatures.signerAt(digest, signatures, next + 1) == verifier;
                if (!signed) return Reason.NotSigned;
                next += length;
            }
        }
        return next == signatures.length ? Reason.Met : Reason.NotSigned;
    }

    function _only(address role) internal view {
        if (msg.sender != role) revert NotFrom(msg.sender);
    }

    /* PRIVATE */

    function _unschedule(address[] calldata added, uint256 threshold) private returns (bytes32 change) {
        change = keccak256(abi.encode(added, threshold));
        if (_scheduled[change] == 0) revert NotScheduled();
        delete _scheduled[change];
    }

    function _isRemoved(State memory s, uint256 place) private pure returns (bool) {
        return (s.removed >> place) & 1 != 0;
    }

    function _threshold(State memory s) private view returns (uint256) {
        return s.threshold == 0 ? THRESHOLD : s.threshold;
    }

    function _verifier(uint256 place) private view returns (address) {
        return place < VERIFIERS ? _firstVerifier(place) : _added[place];
    }

    function _active(State memory s) private view returns (uint256 active) {
        for (uint256 i; i < VERIFIERS + s.added; ++i) {
            if (!_isRemoved(s, i)) ++active;
        }
    }
}
