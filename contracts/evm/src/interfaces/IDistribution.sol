// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IDistributionVault} from "./IDistributionVault.sol";

/// @title Distributions of tokens: their creation, claims by id, and payouts
/// @notice Every distribution is a contract of its own (`IDistributionVault`), whose calls may be made directly and
/// cost less than those by id.
interface IDistribution {
    /// @notice See `IDistributionVault.Terms`; `salt` is the creator's, once each.
    struct Parameters {
        bytes32 salt;
        bytes32 root;
        bytes32 requirementsHash;
        address token;
        uint256 amount;
        uint256 recipients;
        uint256 maxPerClaim;
        uint256 start;
        uint256 end;
        uint256 grace;
        uint256 vestingStart;
        uint256 cliff;
        uint256 duration;
        address admin;
        address guardian;
        address verifier;
        uint256 threshold;
        address[] verifiers;
    }

    event DistributionCreated(
        bytes32 indexed id,
        address indexed creator,
        address indexed token,
        address vault,
        uint256 amount,
        uint256 recipients,
        bytes32 root,
        bytes32 requirementsHash
    );
    event PaidOut(address indexed from, address indexed token, uint256 recipients, uint256 total);

    error BadParameters();
    error NoSuchDistribution();
    error SaltUsed();
    error LengthsDiffer();
    error TotalDiffers(uint256 sum);
    error Reentered();

    /// @notice Makes a distribution and funds it from the caller, who approved `amount`.
    function createDistribution(Parameters calldata parameters) external returns (bytes32 id);

    /// @notice Claims for the caller.
    /// @param proof `abi.encode(uint256 index, uint256 amount, bytes32[] siblings, IDistributionVault.Attestation
    /// attestation, bytes signatures)`; the last two are zero and empty where no attestation is asked for.
    function claimTokens(bytes32 distributionId, bytes calldata proof) external;

    /// @notice Whether the claimer would be paid now, and the reason if not.
    function verifyRequirements(bytes32 distributionId, address claimer, bytes calldata proof)
        external
        view
        returns (bool met, IDistributionVault.Reason reason);

    /// @notice Pays each recipient from the caller's tokens at once: for lists that need no claims.
    /// @param total The sum of `amounts`, which is taken from the caller first.
    function payout(address token, address[] calldata recipients, uint256[] calldata amounts, uint256 total) external;

    /// @notice The id that a creator's salt will have: leaves and attestations are made for it before it exists.
    function idOf(address creator, bytes32 salt) external view returns (bytes32);

    function vaultOf(bytes32 id) external view returns (IDistributionVault);
}
