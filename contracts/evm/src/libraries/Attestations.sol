// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The struct hash of an attestation (EIP-712)
library Attestations {
    bytes32 internal constant TYPEHASH = keccak256(
        "Attestation(bytes32 distributionId,address claimant,bytes32 nullifier,bytes32 requirementsHash,uint64 issuedAt,uint64 expiresAt)"
    );

    /// @notice `keccak256(abi.encode(TYPEHASH, ...))`, without taking the memory.
    function hashOf(
        bytes32 distributionId,
        address claimant,
        bytes32 nullifier,
        bytes32 requirementsHash,
        uint256 issuedAt,
        uint256 expiresAt
    ) internal pure returns (bytes32 structHash) {
        bytes32 typehash = TYPEHASH;
        assembly ("memory-safe") {
            let ptr := mload(0x40)
            mstore(ptr, typehash)
            mstore(add(ptr, 0x20), distributionId)
            mstore(add(ptr, 0x40), shr(96, shl(96, claimant)))
            mstore(add(ptr, 0x60), nullifier)
            mstore(add(ptr, 0x80), requirementsHash)
            mstore(add(ptr, 0xa0), issuedAt)
            mstore(add(ptr, 0xc0), expiresAt)
            structHash := keccak256(ptr, 0xe0)
        }
    }
}
