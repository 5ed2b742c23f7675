// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Typed data (EIP-712) and who signed it: keys (ECDSA) and contracts (ERC-1271)
/// @notice A domain names the chain as it is now and the contract that asks. Who keeps one to save its hash (about 200
/// gas) asks again once `block.chainid` is another: after a fork no stale domain is there to play signatures again with.
library Signatures {
    bytes32 internal constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    /// @dev Half the order of secp256k1. Above it lies the second signature of each message, which anyone can compute.
    uint256 private constant HIGHEST_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    bytes4 private constant IS_VALID = 0x1626ba7e; // isValidSignature(bytes32,bytes)

    /// @notice The domain of this contract on this chain, with the hashes of its name and version.
    function domainOf(bytes32 name, bytes32 version) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, name, version, block.chainid, address(this)));
    }

    /// @notice What is signed for a struct of a domain.
    function digestOf(bytes32 domain, bytes32 structHash) internal pure returns (bytes32 digest) {
        assembly ("memory-safe") {
            let ptr := mload(0x40)
            mstore(ptr, hex"1901")
            mstore(add(ptr, 0x02), domain)
            mstore(add(ptr, 0x22), structHash)
            digest := keccak256(ptr, 0x42)
        }
    }

    /// @notice Who signed `digest`, or zero: of r, s, v (65 bytes, v 27 or 28) or r, vs (64 bytes, EIP-2098).
    function signerOf(bytes32 digest, bytes calldata signature) internal view returns (address) {
        bytes32 r;
        bytes32 s;
        uint256 v;
        if (signature.length == 65) {
            r = bytes32(signature[0:32]);
            s = bytes32(signature[32:64]);
            v = uint8(signature[64]);
        } else if (signature.length == 64) {
            r = bytes32(signature[0:32]);
            s = bytes32(signature[32:64]);
            v = (uint256(s) >> 255) + 27;
            s &= bytes32(type(uint256).max >> 1);
        } else {
            return address(0);
        }
        return signerOf(digest, v, r, s);
    }

    /// @notice Who signed `digest`, or zero: for a v that is not 27 or 28, a high s, or a signature of nobody.
    function signerOf(bytes32 digest, uint256 v, bytes32 r, bytes32 s) internal view returns (address signer) {
        if (uint256(s) > HIGHEST_S || (v != 27 && v != 28)) return address(0);
        assembly ("memory-safe") {
            let ptr := mload(0x40)
            mstore(ptr, digest)
            mstore(add(ptr, 0x20), v)
            mstore(add(ptr, 0x40), r)
            mstore(add(ptr, 0x60), s)
            mstore(0x00, 0)
            // For a signature of nobody the precompile returns nothing, and the word stays zero.
            pop(staticcall(gas(), 1, ptr, 0x80, 0x00, 0x20))
            signer := mload(0x00)
        }
    }

    /// @notice Who signed `digest` by r, vs at `offset` of `signatures`, or zero. Does not look whether so many bytes
    /// are there: the caller does.
    function signerAt(bytes32 digest, bytes calldata signatures, uint256 offset) internal view returns (address signer) {
        assembly ("memory-safe") {
            let r := calldataload(add(signatures.offset, offset))
            let vs := calldataload(add(add(signatures.offset, offset), 0x20))
            let s := shr(1, shl(1, vs))
            if iszero(gt(s, HIGHEST_S)) {
                let ptr := mload(0x40)
                mstore(ptr, digest)
                mstore(add(ptr, 0x20), add(shr(255, vs), 27))
                mstore(add(ptr, 0x40), r)
                mstore(add(ptr, 0x60), s)
                mstore(0x00, 0)
                pop(staticcall(gas(), 1, ptr, 0x80, 0x00, 0x20))
                signer := mload(0x00)
            }
        }
    }

    /// @notice The 32 bytes at `offset` of `data`, of which those behind its end are of no meaning.
    function wordAt(bytes calldata data, uint256 offset) internal pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(add(data.offset, offset))
        }
    }

    /// @notice Whether `signer` signed `digest`: by its key, or by what its code says (ERC-1271). An account of EIP-7702
    /// may do either. Nobody (zero) never signed.
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signer == address(0)) return false;
        if (signerOf(digest, signature) == signer) return true;
        return signer.code.length != 0 && isApprovedBy(signer, digest, signature);
    }

    /// @notice Whether the contract `signer` says yes. One that reverts, returns less than a word or anything else says
    /// no; what it may return is not copied.
    function isApprovedBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool yes) {
        bytes memory data = abi.encodeWithSelector(IS_VALID, digest, signature);
        assembly ("memory-safe") {
            mstore(0x00, 0)
            yes := staticcall(gas(), signer, add(data, 0x20), mload(data), 0x00, 0x20)
            yes := and(and(yes, gt(returndatasize(), 31)), eq(mload(0x00), IS_VALID))
        }
    }
}
