// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title One distribution: its funds, its terms and its claims
/// @notice Amounts are in base units of the token, times in seconds since 1970. Terms never change. The funds of a
/// distribution are in its own contract: whatever its tree says, no more than them can leave.
interface IDistributionVault {
    /// @param id Names chain, `Distribution`, creator and salt: the domain of the leaves and of attestations.
    /// @param root Of the tree of `MerkleProofs.leafOf(id, index, account, amount)`; zero: attestations alone.
    /// @param requirementsHash What attestations attest.
    /// @param creator Who funded it, and whom a claw-back pays.
    /// @param admin Schedules verifiers (after `ROTATION_DELAY`) and ends a pause. Zero: nobody.
    /// @param guardian Removes verifiers at once and pauses attested claims for a bounded time. Zero: nobody.
    /// @param verifier Another judge of requirements in the place of named verifiers; zero: none.
    /// @param maxPerClaim No claim is larger. Without a tree it is what each person gets.
    /// @param leaves Indices are below it; without a tree no more persons claim.
    /// @param end Attestations are issued until then; claims are paid until `end + grace`, claw-back starts after.
    /// @param duration Of the vesting from `vestingStart`; nothing before `vestingStart + cliff`. Zero: all at once.
    /// @param threshold How many of the verifiers must sign at first.
    /// @param verifiers How many there are at first.
    struct Terms {
        bytes32 id;
        bytes32 root;
        bytes32 requirementsHash;
        address token;
        address creator;
        address admin;
        address guardian;
        address verifier;
        uint256 funded;
        uint256 maxPerClaim;
        uint256 leaves;
        uint256 start;
        uint256 end;
        uint256 grace;
        uint256 vestingStart;
        uint256 cliff;
        uint256 duration;
        uint256 threshold;
        uint256 verifiers;
    }

    /// @notice What a verifier says besides the claimant: a person (nullifier), when, and until when it holds.
    struct Attestation {
        bytes32 nullifier;
        uint64 issuedAt;
        uint64 expiresAt;
    }

    struct Leaf {
        uint256 index;
        address account;
        uint256 amount;
    }

    /// @notice A claim that vests: who is paid, how much in all and how much so far.
    struct Grant {
        address payee;
        uint128 amount;
        uint128 released;
    }

    /// @notice Why a claim cannot be paid. `Met` is that it can.
    enum Reason {
        Met,
        NotStarted,
        Ended,
        NoSuchIndex,
        OverMaximum,
        AlreadyClaimed,
        NotInTree,
        TreeOnly,
        AttestationNeeded,
        IssuedInFuture,
        IssuedAfterEnd,
        AttestationExpired,
        NullifierUsed,
        TooFewSignatures,
        SignersNotAscending,
        NotAVerifier,
        NotSigned,
        Paused,
        AllClaimed,
        OverFunds
    }

    event Claimed(address indexed account, uint256 index, uint256 amount);
    event Released(uint256 indexed grant, address indexed payee, uint256 amount);
    event ClawedBack(uint256 amount);
    event VerifierRemoved(address indexed verifier);
    event VerifiersScheduled(bytes32 indexed change, address[] added, uint256 threshold, uint256 from);
    event VerifiersCancelled(bytes32 indexed change);
    event VerifiersChanged(address[] added, uint256 threshold);
    event AttestationsPaused(uint256 until);

    error NotEligible(Reason reason);
    error NotAuthorised();
    error Expired();
    error NothingToRelease();
    error TooEarly(uint256 from);
    error TooLate(uint256 until);
    error BadVerifiers();
    error NotScheduled();
    error NotFrom(address caller);
    error PauseTooLong(uint256 duration);
    error Reentered();

    /// @notice Pays the caller the leaf of a distribution without attestations.
    function claimWithProof(uint256 index, uint256 amount, bytes32[] calldata siblings) external;

    /// @notice Pays the caller who met the requirements: with a tree the leaf, without one `maxPerClaim` (index and
    /// amount zero, no siblings).
    /// @param signatures Of verifiers in ascending order of their addresses: a byte with the verifier's place and r, vs
    /// (EIP-2098), or the place + 128, two bytes of length and that many bytes for a contract (ERC-1271). For another
    /// judge of requirements, its evidence.
    function claimWithAttestations(
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings,
        Attestation calldata attestation,
        bytes calldata signatures
    ) external;

    /// @notice Claims for `account`, which signed that `recipient` be paid (EIP-712; a key or ERC-1271). The
    /// `Distribution` that made this vault needs no signature to have its caller paid.
    function claimFor(
        Leaf calldata leaf,
        bytes32[] calldata siblings,
        Attestation calldata attestation,
        bytes calldata signatures,
        address recipient,
        uint256 deadline,
        bytes calldata authorisation
    ) external;

    /// @notice Pays many leaves of a distribution without attestations, each to its own account. Any failure is one of
    /// all of them.
    function claimBatch(Leaf[] calldata batch, bytes32[] calldata proof, bool[] calldata flags) external;

    /// @notice Pays what has vested of a grant to its payee. Anyone may call; nothing can stop it.
    /// @param grant The index of the leaf, or without a tree the nullifier.
    function release(uint256 grant) external returns (uint256 amount);

    /// @notice After `end + grace`, gives the creator what no claim holds. What grants hold stays, vested or not.
    function clawBack() external returns (uint256 amount);

    /// @notice The guardian takes a verifier out, at once.
    function removeVerifier(uint256 place) external;

    /// @notice The admin schedules more verifiers and a threshold, for `ROTATION_DELAY` from now.
    function scheduleVerifiers(address[] calldata added, uint256 threshold) external;

    /// @notice The guardian or the admin drops a change that was scheduled.
    function cancelVerifiers(address[] calldata added, uint256 threshold) external;

    /// @notice Anyone carries out a change that was scheduled, once its time has come and no more than `ROTATION_WINDOW`
    /// later: from then on it must be scheduled anew.
    function applyVerifiers(address[] calldata added, uint256 threshold) external;

    /// @notice The guardian stops attested claims that are not yet made, for at most `MAX_PAUSE`; again after
    /// `PAUSE_COOLDOWN`. Claims by tree alone and releases of grants are never stopped, and the time is given back:
    /// attested claims are paid, and nothing is clawed back, until `MAX_PAUSE` after the pause. Not once claims are over.
    function pauseAttestations(uint256 duration) external;

    /// @notice The admin ends a pause.
    function unpauseAttestations() external;

    /// @notice Why `claimant` would not be paid now.
    function verifyRequirements(
        address claimant,
        uint256 index,
        uint256 amount,
        bytes32[] calldata siblings,
        Attestation calldata attestation,
        bytes calldata signatures
    ) external view returns (Reason);

    function terms() external view returns (Terms memory);
    function verifierAt(uint256 place) external view returns (address verifier, bool active);
    function quorum() external view returns (uint256 threshold, uint256 active, uint256 pausedUntil);
    function isClaimed(uint256 index) external view returns (bool);
    function isNullified(bytes32 nullifier) external view returns (bool);
    function grantOf(uint256 grant) external view returns (Grant memory);
    function releasable(uint256 grant) external view returns (uint256);
    function domainSeparator() external view returns (bytes32);
}
