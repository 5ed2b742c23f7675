// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";

/// @notice For all inputs, by halmos: `make prove`. Hashes are taken to have no collisions.
contract TreesFormal {
    /// @dev The assembly is the plain expression.
    function check_a_leaf_is_the_plain_double_hash(bytes32 domain, uint256 index, address account, uint256 amount)
        external
        pure
    {
        bytes32 plain = keccak256(bytes.concat(keccak256(abi.encode(domain, index, account, amount))));
        assert(MerkleProofs.leafOf(domain, index, account, amount) == plain);
    }

    /// @dev A leaf of one chain, contract or distribution is none of another.
    function check_a_leaf_has_one_domain(
        bytes32 domain,
        bytes32 other,
        uint256 index,
        address account,
        uint256 amount
    ) external pure {
        if (domain == other) return;
        assert(
            MerkleProofs.leafOf(domain, index, account, amount) != MerkleProofs.leafOf(other, index, account, amount)
        );
    }

    function check_a_leaf_has_one_amount_and_account(
        bytes32 domain,
        uint256 index,
        address account,
        uint256 amount,
        uint256 otherIndex,
        address other,
        uint256 otherAmount
    ) external pure {
        if (account == other && amount == otherAmount && index == otherIndex) return;
        bytes32 leaf = MerkleProofs.leafOf(domain, index, account, amount);
        assert(leaf != MerkleProofs.leafOf(domain, otherIndex, other, otherAmount));
    }

    /// @dev What is hashed once over 64 bytes is not what is hashed over 32: no inner node can be claimed. The node stands
    /// in its plain form: its assembly chooses where to write by comparison, which halmos does not follow (a fuzz test
    /// beside OpenZeppelin holds the two equal).
    function check_an_inner_node_is_no_leaf(
        bytes32 domain,
        uint256 index,
        address account,
        uint256 amount,
        bytes32 a,
        bytes32 b
    ) external pure {
        assert(MerkleProofs.leafOf(domain, index, account, amount) != keccak256(abi.encode(a, b)));
    }

    /// @dev Nor is what a longer leaf hashes, as `leafOf(bytes)` has them.
    function check_leaves_of_other_shapes_differ(bytes32 domain, uint256 index, address account, uint256 amount)
        external
        pure
    {
        bytes32 other = MerkleProofs.leafOf(abi.encode(domain, index, account));
        assert(MerkleProofs.leafOf(domain, index, account, amount) != other);
    }
}
