// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Merkle trees of domain-separated, double-hashed leaves
/// @notice A leaf is hashed twice, a node once, so no inner node can be given as a leaf. Nodes are hashes of their sorted
/// children: the trees are those of the npm package merkle-tree of OpenZeppelin with the leaf types `bytes32, uint256, address,
/// uint256`, in which the first value is the domain.
library MerkleProofs {
    /// @notice The lengths of leaves, proof and flags cannot be those of one tree.
    error BadMultiproof();

    /// @notice The leaf of `amount` for `account` at `index` in the tree of `domain`.
    /// @param domain Names chain, contract and use, so that a leaf of one tree is none of another.
    function leafOf(bytes32 domain, uint256 index, address account, uint256 amount) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            let ptr := mload(0x40)
            mstore(ptr, domain)
            mstore(add(ptr, 0x20), index)
            mstore(add(ptr, 0x40), and(account, 0xffffffffffffffffffffffffffffffffffffffff))
            mstore(add(ptr, 0x60), amount)
            mstore(0x00, keccak256(ptr, 0x80))
            leaf := keccak256(0x00, 0x20)
        }
    }

    /// @notice The leaf of any values, given as `abi.encode(domain, ...)`. At least two of them: a value alone would
    /// be hashed like the inner hash of a leaf.
    function leafOf(bytes memory encoded) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(encoded)));
    }

    /// @notice A node over two children in any order.
    function nodeOf(bytes32 a, bytes32 b) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            let greater := gt(a, b)
            mstore(shl(5, greater), a)
            mstore(shl(5, iszero(greater)), b)
            node := keccak256(0x00, 0x40)
        }
    }

    /// @notice The root to which `siblings` lead from `leaf`.
    function rootOf(bytes32[] calldata siblings, bytes32 leaf) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            root := leaf
            let ptr := siblings.offset
            let end := add(ptr, shl(5, siblings.length))
            // An odd one first, then two at a time: half as many turns.
            if and(siblings.length, 1) {
                let sibling := calldataload(ptr)
                let greater := shl(5, gt(root, sibling))
                mstore(greater, root)
                mstore(xor(greater, 0x20), sibling)
                root := keccak256(0x00, 0x40)
                ptr := add(ptr, 0x20)
            }
            if xor(ptr, end) {
                for {} 1 {} {
                    let sibling := calldataload(ptr)
                    let greater := shl(5, gt(root, sibling))
                    mstore(greater, root)
                    mstore(xor(greater, 0x20), sibling)
                    root := keccak256(0x00, 0x40)
                    sibling := calldataload(add(ptr, 0x20))
                    greater := shl(5, gt(root, sibling))
                    mstore(greater, root)
                    mstore(xor(greater, 0x20), sibling)
                    root := keccak256(0x00, 0x40)
                    ptr := add(ptr, 0x40)
                    if eq(ptr, end) { break }
                }
            }
        }
    }

    /// @notice The root to which `leaves` lead together. A step takes the next of the leaves, then of the nodes made so
    /// far, and joins it with the next of them (flag) or of `proof` (no flag): the order of OpenZeppelin's multiproofs.
    /// @param leaves Used as the queue of the nodes: its content is lost.
    function rootOf(bytes32[] calldata proof, bool[] calldata flags, bytes32[] memory leaves)
        internal
        pure
        returns (bytes32 root)
    {
        uint256 steps = flags.length;
        uint256 count = leaves.length;
        if (count == 0 || count + proof.length != steps + 1) revert BadMultiproof();
        if (steps == 0) return leaves[0];
        // A step reads one or two of the queue and writes one: a ring as long as the leaves holds all of it. It cannot
        // run dry where all of the proof is used, for then the joins are one fewer than the leaves.
        uint256 read;
        uint256 write;
        uint256 given;
        unchecked {
            for (uint256 i; i < steps; ++i) {
                root = leaves[read];
                if (++read == count) read = 0;
                if (flags[i]) {
                    root = nodeOf(root, leaves[read]);
                    if (++read == count) read = 0;
                } else {
                    if (given == proof.length) revert BadMultiproof();
                    root = nodeOf(root, proof[given++]);
                }
                leaves[write] = root;
                if (++write == count) write = 0;
            }
        }
        if (given != proof.length) revert BadMultiproof();
    }
}
