// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Another way to know that requirements were met than attestations of named verifiers
/// @notice A distribution may name one such contract at its creation (zkTLS proofs, a credential of another chain). It is
/// asked in a static call, so it changes nothing; what keeps a person from claiming twice is the nullifier it returns.
interface IRequirementVerifier {
    /// @notice Reverts unless `evidence` shows that `claimant` met the requirements of the distribution.
    /// @return nullifier Of the person: the same for each of the person's wallets, another in each distribution.
    function check(bytes32 distributionId, address claimant, bytes32 requirementsHash, bytes calldata evidence)
        external
        view
        returns (bytes32 nullifier);
}
