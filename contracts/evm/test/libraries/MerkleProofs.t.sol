// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Test} from "forge-std/Test.sol";
import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";

/// @dev Ours and OpenZeppelin's over the same calldata.
contract Proofs {
    function ours(bytes32[] calldata proof, bytes32 leaf) external pure returns (bytes32) {
        return MerkleProofs.rootOf(proof, leaf);
    }

    function theirs(bytes32[] calldata proof, bytes32 leaf) external pure returns (bytes32) {
        return MerkleProof.processProofCalldata(proof, leaf);
    }

    function oursTogether(bytes32[] calldata proof, bool[] calldata flags, bytes32[] memory leaves)
        external
        pure
        returns (bytes32)
    {
        return MerkleProofs.rootOf(proof, flags, leaves);
    }

    function theirsTogether(bytes32[] calldata proof, bool[] calldata flags, bytes32[] memory leaves)
        external
        pure
        returns (bytes32)
    {
        return MerkleProof.processMultiProofCalldata(proof, flags, leaves);
    }
}

contract MerkleProofsTest is Test {
    Proofs private proofs = new Proofs();

    function testFuzz_a_leaf_is_hashed_twice(bytes32 domain, uint256 index, address account, uint256 amount) public pure {
        bytes32 plain = keccak256(bytes.concat(keccak256(abi.encode(domain, index, account, amount))));
        assertEq(MerkleProofs.leafOf(domain, index, account, amount), plain);
        assertEq(MerkleProofs.leafOf(abi.encode(domain, index, account, amount)), plain);
    }

    function test_dirty_bits_over_an_address_do_not_change_its_leaf() public pure {
        address dirty;
        assembly {
            dirty := or(0xabcd, shl(160, 0xffff))
        }
        assertEq(MerkleProofs.leafOf(bytes32(0), 1, dirty, 2), MerkleProofs.leafOf(bytes32(0), 1, address(0xabcd), 2));
    }

    function testFuzz_a_node_sorts_its_children(bytes32 a, bytes32 b) public pure {
        bytes32 plain = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        assertEq(MerkleProofs.nodeOf(a, b), plain);
    }

    function testFuzz_a_root_is_that_of_OpenZeppelin(bytes32[] calldata proof, bytes32 leaf) public view {
        assertEq(proofs.ours(proof, leaf), proofs.theirs(proof, leaf));
    }

    /// @dev Any lengths and flags: both give one root, or both refuse.
    function testFuzz_a_root_of_many_is_that_of_OpenZeppelin(uint256 seed, uint8 leaves, uint8 given, bool fits)
        public
        view
    {
        bytes32[] memory some = _words(seed, leaves % 24);
        bytes32[] memory proof = _words(~seed, given % 24);
        uint256 steps = some.length + proof.length;
        steps = fits && steps != 0 ? steps - 1 : uint256(keccak256(abi.encode(seed))) % 40;
        bool[] memory flags = new bool[](steps);
        // Enough flags for the leaves at random places, so that many of the cases are trees.
        uint256 joins = some.length == 0 ? 0 : some.length - 1;
        for (uint256 i; i < steps; ++i) {
            uint256 left = steps - i;
            flags[i] = uint256(keccak256(abi.encode(seed, i))) % left < joins;
            if (flags[i]) --joins;
        }
        (bool ok, bytes memory said) = address(proofs).staticcall(abi.encodeCall(proofs.oursTogether, (proof, flags, some)));
        (bool peer, bytes memory told) =
            address(proofs).staticcall(abi.encodeCall(proofs.theirsTogether, (proof, flags, some)));
        if (some.length == 0) return assertFalse(ok); // OpenZeppelin takes a proof of nothing for its first word
        assertEq(ok, peer);
        if (ok) assertEq(said, told);
        else assertEq(bytes4(said), MerkleProofs.BadMultiproof.selector);
    }

    function test_a_proof_of_nothing_is_refused() public {
        vm.expectRevert(MerkleProofs.BadMultiproof.selector);
        proofs.oursTogether(_words(1, 1), new bool[](0), new bytes32[](0));
    }

    function test_a_tree_of_one_leaf_is_that_leaf() public view {
        bytes32[] memory one = _words(1, 1);
        assertEq(proofs.oursTogether(new bytes32[](0), new bool[](0), one), one[0]);
    }

    function test_flags_ask_for_all_of_the_proof_and_for_no_more() public {
        bytes32[] memory two = _words(1, 2);
        bytes32[] memory proof = _words(2, 1);
        bool[] memory flags = new bool[](2);
        vm.expectRevert(MerkleProofs.BadMultiproof.selector); // asks for two words where one is given
        proofs.oursTogether(proof, flags, two);
        (flags[0], flags[1]) = (true, true);
        vm.expectRevert(MerkleProofs.BadMultiproof.selector); // leaves the word that is given
        proofs.oursTogether(proof, flags, two);
        flags[1] = false;
        bytes32 node = MerkleProofs.nodeOf(two[0], two[1]);
        assertEq(proofs.oursTogether(proof, flags, two), MerkleProofs.nodeOf(node, proof[0]));
    }

    function test_an_inner_node_is_no_leaf() public view {
        bytes32[] memory level = new bytes32[](4);
        for (uint256 i; i < 4; ++i) {
            level[i] = MerkleProofs.leafOf(bytes32("tree"), i, address(uint160(i + 1)), 100);
        }
        bytes32 left = MerkleProofs.nodeOf(level[0], level[1]);
        bytes32 right = MerkleProofs.nodeOf(level[2], level[3]);
        bytes32 root = MerkleProofs.nodeOf(left, right);
        // The preimage of an inner node is 64 bytes, given as two values of a shorter leaf it is hashed twice.
        bytes memory preimage = level[0] < level[1] ? abi.encode(level[0], level[1]) : abi.encode(level[1], level[0]);
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = right;
        assertEq(proofs.ours(proof, left), root);
        assertNotEq(proofs.ours(proof, MerkleProofs.leafOf(preimage)), root);
    }

    function _words(uint256 seed, uint256 count) private pure returns (bytes32[] memory words) {
        words = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            words[i] = keccak256(abi.encode(seed, i));
        }
    }
}
