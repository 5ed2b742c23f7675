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
    /// @notice In which a change may be carried out, from its time on: one that lay forgotten may not be wanted any more.
    uint256 public constant ROTATION_WINDOW = 14 days;
    uint256 public constant MAX_PAUSE = 10 days;
    uint256 public constant PAUSE_COOLDOWN = 20 days;
    /// @notice Of the creation and added ones, removed ones included: a verifier's place is a bit and seven of a byte.
    uint256 public constant MAX_VERIFIERS = 64;
    uint256 private constant PAUSED_UNTIL = 16;
    uint256 private constant NEXT_PAUSE_AT = 64;
    uint256 private constant REMOVED = 112;
    uint256 internal constant CLAIMS = 176;

    /* STORAGE */

    /// @dev All that an attested claim must know besides the terms: threshold 8 | added 8 | paused until 48 | next pause at
    /// 48 | removed 64 | claims 80. A threshold of zero is that of the terms.
    uint256 internal _state;
    mapping(uint256 place => address verifier) private _added;
    mapping(bytes32 change => uint256 from) private _scheduled;
    mapping(bytes32 nullifier => Mark) internal _nullified;

    /// @dev A word whose place is worked out once to be read and written.
    struct Mark {
        uint256 word;
    }

    /* VERIFIERS */

    function removeVerifier(uint256 place) external {
        _only(GUARDIAN);
        uint256 s = _state;
        if (place >= _count(s) || _isRemoved(s, place)) revert BadVerifiers();
        _state = s | (1 << (REMOVED + place));
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
        if (block.timestamp > from + ROTATION_WINDOW) revert TooLate(from + ROTATION_WINDOW);
        uint256 s = _state;
        uint256 count = _count(s);
        if (count + added.length > MAX_VERIFIERS) revert BadVerifiers();
        for (uint256 i; i < added.length; ++i) {
            address one = added[i];
            if (one == address(0)) revert BadVerifiers();
            for (uint256 k; k < count; ++k) {
                if (!_isRemoved(s, k) && _verifier(k) == one) revert BadVerifiers();
            }
            _added[count++] = one;
        }
        // places are under MAX_VERIFIERS, and a threshold over their number is refused
        s = (s & ~uint256(0xffff)) | uint8(threshold) | ((count - VERIFIERS) << 8);
        if (threshold == 0 || threshold > _active(s)) revert BadVerifiers();
        _state = s;
        emit VerifiersChanged(added, threshold);
    }

    /* PAUSE */

    function pauseAttestations(uint256 duration) external {
        _only(GUARDIAN);
        uint256 s = _state;
        if (duration == 0 || duration > MAX_PAUSE) revert PauseTooLong(duration);
        if (block.timestamp < uint48(s >> NEXT_PAUSE_AT)) revert TooEarly(uint48(s >> NEXT_PAUSE_AT));
        // ten days of claims follow each pause: one after the last claim would open them again, and keep the creator waiting
        if (block.timestamp > _deadline(_pausedUntil(s))) revert Expired();
        uint256 until = block.timestamp + duration;
        _state = _withPause(s, until, until + PAUSE_COOLDOWN);
        emit AttestationsPaused(until);
    }

    function unpauseAttestations() external {
        _only(ADMIN);
        uint256 s = _state;
        if (block.timestamp >= _pausedUntil(s)) revert NotScheduled();
        _state = _withPause(s, block.timestamp, uint48(s >> NEXT_PAUSE_AT));
        emit AttestationsPaused(block.timestamp);
    }

    /* VIEWS */

    function verifierAt(uint256 place) external view returns (address verifier, bool active) {
        uint256 s = _state;
        if (place < _count(s)) return (_verifier(place), !_isRemoved(s, place));
    }

    function quorum() external view returns (uint256 threshold, uint256 active, uint256 pausedUntil) {
        uint256 s = _state;
        return (_threshold(s), _active(s), _pausedUntil(s));
    }

    function isNullified(bytes32 nullifier) external view returns (bool) {
        return _nullified[nullifier].word != 0;
    }

    /* INTERNAL */

    function _pausedUntil(uint256 s) internal pure returns (uint256) {
        return uint48(s >> PAUSED_UNTIL);
    }

    /// @dev The last second in which an attested claim is paid: ten days after a pause at the earliest.
    function _deadline(uint256 pausedUntil) internal view returns (uint256 deadline) {
        unchecked {
            deadline = LAST;
            if (pausedUntil != 0 && pausedUntil + MAX_PAUSE > deadline) deadline = pausedUntil + MAX_PAUSE;
        }
    }

    /// @dev Whether the attestation holds and enough verifiers, or the distribution's other judge, stand behind it.
    /// @param used The word of its nullifier.
    function _attestedReason(
        uint256 s,
        uint256 used,
        address claimant,
        Attestation calldata attestation,
        bytes calldata signatures
    ) internal view returns (Reason) {
        {
            uint256 pausedUntil = _pausedUntil(s);
            if (block.timestamp < pausedUntil) return Reason.Paused;
            if (block.timestamp > _deadline(pausedUntil)) return Reason.Ended;
        }
        (bytes32 nullifier, uint256 issuedAt, uint256 expiresAt) =
            (attestation.nullifier, attestation.issuedAt, attestation.expiresAt);
        if (issuedAt > block.timestamp) return Reason.IssuedInFuture;
        if (issuedAt > END) return Reason.IssuedAfterEnd;
        if (block.timestamp > expiresAt) return Reason.AttestationExpired;
        if (used != 0) return Reason.NullifierUsed;
        if (VERIFIER != address(0)) {
            bytes32 person = _judge(claimant, signatures);
            return person != bytes32(0) && person == nullifier ? Reason.Met : Reason.NotSigned;
        }
        bytes32 structHash =
            Attestations.hashOf(ID, claimant, nullifier, REQUIREMENTS_HASH, issuedAt, expiresAt);
        return _signedReason(s, Signatures.digestOf(_domain(), structHash), signatures);
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
    function _signedReason(uint256 s, bytes32 digest, bytes calldata signatures) private view returns (Reason) {
        uint256 needed = _threshold(s);
        uint256 count = _count(s);
        uint256 removed = s >> REMOVED; // and claims above the bits of any place
        uint256 next;
        address last;
        unchecked {
            for (; needed != 0; --needed) {
                if (signatures.length < next + 3) return Reason.TooFewSignatures;
                uint256 head = uint256(Signatures.wordAt(signatures, next));
                uint256 place = (head >> 248) & 127;
                if (place >= count || (removed >> place) & 1 != 0) return Reason.NotAVerifier;
                address verifier = place < VERIFIERS ? _firstVerifier(place) : _added[place];
                if (verifier <= last) return Reason.SignersNotAscending;
                last = verifier;
                if (head >> 255 == 0) {
                    next += 65;
                    if (signatures.length < next) return Reason.TooFewSignatures;
                    if (Signatures.signerAt(digest, signatures, next - 64) != verifier) return Reason.NotSigned;
                } else {
                    uint256 start = next + 3;
                    next = start + uint16(head >> 232);
                    if (signatures.length < next) return Reason.TooFewSignatures;
                    if (!Signatures.isApprovedBy(verifier, digest, signatures[start:next])) return Reason.NotSigned;
                }
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

    function _withPause(uint256 s, uint256 until, uint256 nextAt) private pure returns (uint256) {
        uint256 mask = uint256(type(uint96).max) << PAUSED_UNTIL;
        return (s & ~mask) | (uint256(uint48(until)) << PAUSED_UNTIL) | (uint256(uint48(nextAt)) << NEXT_PAUSE_AT);
    }

    /// @dev `place` is under MAX_VERIFIERS.
    function _isRemoved(uint256 s, uint256 place) private pure returns (bool) {
        return (s >> REMOVED >> place) & 1 != 0;
    }

    function _count(uint256 s) private view returns (uint256) {
        unchecked {
            return VERIFIERS + uint8(s >> 8);
        }
    }

    function _threshold(uint256 s) private view returns (uint256 threshold) {
        threshold = uint8(s);
        if (threshold == 0) threshold = THRESHOLD;
    }

    function _verifier(uint256 place) private view returns (address) {
        return place < VERIFIERS ? _firstVerifier(place) : _added[place];
    }

    function _active(uint256 s) private view returns (uint256 active) {
        uint256 count = _count(s);
        for (uint256 i; i < count; ++i) {
            if (!_isRemoved(s, i)) ++active;
        }
    }
}
