// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuardedPause} from "../access/GuardedPause.sol";
import {IDistribution} from "../interfaces/IDistribution.sol";
import {IDistributionVault} from "../interfaces/IDistributionVault.sol";
import {BatchTransfers} from "../libraries/BatchTransfers.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {VaultDeployer} from "./VaultDeployer.sol";

/// @title Makes distributions, and finds them by id
/// @dev A pause stops what puts tokens in: new distributions and payouts. No claim asks it.
contract Distribution is IDistribution, GuardedPause {
    /* CONSTANTS */

    /// @notice Named at the creation; more may be added later.
    uint256 public constant MAX_FIRST_VERIFIERS = 8;
    /// @notice Longer than any guardian may pause, where verifiers decide.
    uint256 public constant MIN_GRACE = 10 days;
    uint256 private constant MAX_TIME = type(uint48).max;

    /* IMMUTABLES */

    VaultDeployer public immutable DEPLOYER;

    /* STORAGE */

    /// @inheritdoc IDistribution
    mapping(bytes32 id => IDistributionVault) public vaultOf;
    bool private transient _busy;

    /* CONSTRUCTOR */

    constructor(address owner_, address guardian_, VaultDeployer deployer) GuardedPause(owner_, guardian_) {
        DEPLOYER = deployer;
    }

    modifier nonReentrant() {
        if (_busy) revert Reentered();
        _busy = true;
        _;
        _busy = false;
    }

    /* CREATION */

    function createDistribution(Parameters calldata p) external nonReentrant whenNotPaused returns (bytes32 id) {
        _check(p);
        id = idOf(msg.sender, p.salt);
        if (address(vaultOf[id]) != address(0)) revert SaltUsed();
        address vault = DEPLOYER.deploy(_terms(p, id), p.verifiers);
        vaultOf[id] = IDistributionVault(vault);
        emit DistributionCreated(id, msg.sender, p.token, vault, p.amount, p.recipients, p.root, p.requirementsHash);
        Tokens.take(p.token, msg.sender, p.amount);
        Tokens.give(p.token, vault, p.amount);
        if (_balanceOf(p.token, vault) < p.amount) revert Tokens.TokenTakesFee(p.token);
    }

    /* CLAIMS */

    function claimTokens(bytes32 distributionId, bytes calldata proof) external {
        (
            uint256 index,
            uint256 amount,
            bytes32[] memory siblings,
            IDistributionVault.Attestation memory attestation,
            bytes memory signatures
        ) = abi.decode(proof, (uint256, uint256, bytes32[], IDistributionVault.Attestation, bytes));
        IDistributionVault.Leaf memory leaf = IDistributionVault.Leaf(index, msg.sender, amount);
        _vault(distributionId).claimFor(leaf, siblings, attestation, signatures, msg.sender, block.timestamp, "");
    }

    function verifyRequirements(bytes32 distributionId, address claimer, bytes calldata proof)
        external
        view
        returns (bool met, IDistributionVault.Reason reason)
    {
        (
            uint256 index,
            uint256 amount,
            bytes32[] memory siblings,
            IDistributionVault.Attestation memory attestation,
            bytes memory signatures
        ) = abi.decode(proof, (uint256, uint256, bytes32[], IDistributionVault.Attestation, bytes));
        reason = _vault(distributionId).verifyRequirements(claimer, index, amount, siblings, attestation, signatures);
        met = reason == IDistributionVault.Reason.Met;
    }

    /* PAYOUT */

    function payout(address token, address[] calldata recipients, uint256[] calldata amounts, uint256 total)
        external
        nonReentrant
        whenNotPaused
    {
        if (recipients.length != amounts.length) revert LengthsDiffer();
        emit PaidOut(msg.sender, token, recipients.length, total);
        Tokens.take(token, msg.sender, total);
        uint256 sum = BatchTransfers.giveAll(token, recipients, amounts);
        if (sum != total) revert TotalDiffers(sum);
    }

    /* VIEWS */

    function idOf(address creator, bytes32 salt) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), creator, salt));
    }

    /* INTERNAL */

    function _vault(bytes32 id) private view returns (IDistributionVault vault) {
        vault = vaultOf[id];
        if (address(vault) == address(0)) revert NoSuchDistribution();
    }

    /// @dev What reached the vault: a token may take its fee, or round, on the way there only.
    function _balanceOf(address token, address holder) private view returns (uint256) {
        (bool ok, bytes memory said) = token.staticcall(abi.encodeWithSelector(0x70a08231, holder)); // balanceOf(address)
        return ok && said.length >= 32 ? abi.decode(said, (uint256)) : 0;
    }

    function _check(Parameters calldata p) private view {
        uint256 count = p.verifiers.length;
        bool attested = count != 0 || p.verifier != address(0);
        bool bad = p.amount == 0 || p.amount > type(uint128).max || p.recipients == 0;
        bad = bad || p.maxPerClaim == 0 || p.maxPerClaim > p.amount;
        // One way to be eligible at least; named verifiers or another judge, not both.
        bad = bad || (p.root == bytes32(0) && !attested) || (count != 0 && p.verifier != address(0));
        bad = bad || (p.verifier != address(0) && p.verifier.code.length == 0);
        bad = bad || (attested && (p.requirementsHash == bytes32(0) || p.grace < MIN_GRACE));
        // Without a tree each person gets the maximum: the funds must be enough for all of them.
        bad = bad || (p.root == bytes32(0) && p.recipients > p.amount / p.maxPerClaim);
        bad = bad || p.end < p.start || p.end < block.timestamp || p.end > MAX_TIME || p.grace > MAX_TIME;
        bad = bad || p.vestingStart > MAX_TIME || p.duration > MAX_TIME || p.cliff > p.duration;
        bad = bad || count > MAX_FIRST_VERIFIERS || p.threshold > count || (count != 0 && p.threshold == 0);
        for (uint256 i; i < count; ++i) {
            // Ascending addresses: no verifier is there twice.
            bad = bad || p.verifiers[i] <= (i == 0 ? address(0) : p.verifiers[i - 1]);
        }
        if (bad) revert BadParameters();
    }

    function _terms(Parameters calldata p, bytes32 id) private view returns (IDistributionVault.Terms memory) {
        return IDistributionVault.Terms({
            id: id,
            root: p.root,
            requirementsHash: p.requirementsHash,
            token: p.token,
            creator: msg.sender,
            admin: p.admin,
            guardian: p.guardian,
            verifier: p.verifier,
            funded: p.amount,
            maxPerClaim: p.maxPerClaim,
            leaves: p.recipients,
            start: p.start,
            end: p.end,
            grace: p.grace,
            vestingStart: p.vestingStart,
            cliff: p.cliff,
            duration: p.duration,
            threshold: p.threshold,
            verifiers: p.verifiers.length
        });
    }
}
