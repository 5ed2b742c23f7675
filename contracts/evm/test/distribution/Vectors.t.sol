// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";
import {Vesting} from "../../src/libraries/Vesting.sol";

contract Library {
    function root(bytes32[] calldata proof, bytes32 leaf) external pure returns (bytes32) {
        return MerkleProofs.rootOf(proof, leaf);
    }

    function rootOfMany(bytes32[] calldata proof, bool[] calldata flags, bytes32[] memory leaves)
        external
        pure
        returns (bytes32)
    {
        return MerkleProofs.rootOf(proof, flags, leaves);
    }
}

/// @dev The libraries against the models in Python (`tests/contracts/distribution_vectors.py`).
contract VectorsTest is Test {
    string private json;
    Library private libs;

    function setUp() public {
        json = vm.readFile(string.concat(vm.projectRoot(), "/test/vectors/distribution.json"));
        libs = new Library();
    }

    function test_vesting_is_that_of_the_model_to_the_unit() public view {
        uint256[] memory n = vm.parseJsonUintArray(json, ".vesting");
        assertEq(n.length, 2400);
        for (uint256 i; i < n.length; i += 6) {
            assertEq(Vesting.vestedDown(n[i], n[i + 1], n[i + 2], n[i + 3], n[i + 4]), n[i + 5]);
        }
    }

    function test_a_tree_of_the_model_is_a_tree_of_the_contract() public view {
        bytes32 domain = vm.parseJsonBytes32(json, ".domain");
        bytes32 root = vm.parseJsonBytes32(json, ".root");
        address[] memory accounts = vm.parseJsonAddressArray(json, ".accounts");
        uint256[] memory amounts = vm.parseJsonUintArray(json, ".amounts");
        for (uint256 i; i < accounts.length; ++i) {
            bytes32[] memory proof = vm.parseJsonBytes32Array(json, string.concat(".proofs[", vm.toString(i), "]"));
            assertEq(libs.root(proof, MerkleProofs.leafOf(domain, i, accounts[i], amounts[i])), root);
        }
        uint256[] memory indices = vm.parseJsonUintArray(json, ".indices");
        bytes32[] memory leaves = new bytes32[](indices.length);
        for (uint256 k; k < leaves.length; ++k) {
            uint256 i = indices[k];
            leaves[k] = MerkleProofs.leafOf(domain, i, accounts[i], amounts[i]);
        }
        bytes32[] memory many = vm.parseJsonBytes32Array(json, ".proof");
        assertEq(libs.rootOfMany(many, vm.parseJsonBoolArray(json, ".flags"), leaves), root);
    }
}
