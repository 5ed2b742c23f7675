// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Distribution} from "../../src/distribution/Distribution.sol";
import {VaultDeployer} from "../../src/distribution/VaultDeployer.sol";
import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";
import {MockToken} from "../mocks/OddTokens.sol";

/// @title What tests of distributions share: trees, attestations of real keys, and plain terms
abstract contract DistributionBase is Test {
    uint256 internal constant DAY = 86_400;
    address internal constant OWNER = address(0x0A11);
    address internal constant GUARDIAN = address(0x0A12);
    address internal constant ADMIN = address(0x0A13);
    bytes32 internal constant REQUIREMENTS = keccak256("followed and reposted");

    Distribution internal front;
    MockToken internal token;
    uint256[] internal keys; // of the verifiers, in the order of their addresses
    uint256 internal salts;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        front = new Distribution(OWNER, GUARDIAN, new VaultDeployer());
        token = new MockToken(18);
        for (uint256 i = 1; i <= howMany(); ++i) {
            keys.push(uint256(keccak256(abi.encode("verifier", i))));
        }
        for (uint256 i; i < keys.length; ++i) {
            for (uint256 k = i + 1; k < keys.length; ++k) {
                if (vm.addr(keys[k]) < vm.addr(keys[i])) (keys[i], keys[k]) = (keys[k], keys[i]);
            }
        }
        token.mint(address(this), type(uint128).max);
        token.approve(address(front), type(uint256).max);
    }

    /// @dev Verifiers a test has keys of.
    function howMany() internal pure virtual returns (uint256) {
        return 3;
    }

    /* TERMS */

    function plain(bytes32 root, uint256 leaves, uint256 amount) internal view returns (IDistribution.Parameters memory p) {
        p.salt = bytes32(salts);
        p.root = root;
        p.token = address(token);
        p.amount = amount;
        p.recipients = leaves;
        p.maxPerClaim = amount;
        p.start = vm.getBlockTimestamp();
        p.end = vm.getBlockTimestamp() + 30 * DAY;
        p.grace = 10 * DAY;
        p.vestingStart = vm.getBlockTimestamp();
        p.admin = ADMIN;
        p.guardian = GUARDIAN;
    }

    function attested(bytes32 root, uint256 leaves, uint256 amount)
        internal
        view
        returns (IDistribution.Parameters memory p)
    {
        p = plain(root, leaves, amount);
        p.requirementsHash = REQUIREMENTS;
        p.threshold = 2;
        p.verifiers = verifiers();
    }

    function verifiers() internal view returns (address[] memory list) {
        list = new address[](keys.length);
        for (uint256 i; i < list.length; ++i) {
            list[i] = vm.addr(keys[i]);
        }
    }

    function nextId() internal view returns (bytes32) {
        return front.idOf(address(this), bytes32(salts));
    }

    function create(IDistribution.Parameters memory p) internal returns (DistributionVault) {
        bytes32 id = front.createDistribution(p);
        ++salts;
        return DistributionVault(address(front.vaultOf(id)));
    }

    /* ATTESTATIONS */

    function attestation(bytes32 nullifier) internal view returns (IDistributionVault.Attestation memory) {
        return IDistributionVault.Attestation(nullifier, uint64(vm.getBlockTimestamp()), uint64(vm.getBlockTimestamp() + DAY));
    }

    function digestOf(bytes32 domain, bytes32 id, address claimant, IDistributionVault.Attestation memory a)
        internal
        pure
        returns (bytes32)
    {
        bytes32 typehash = keccak256(
            "Attestation(bytes32 distributionId,address claimant,bytes32 nullifier,bytes32 requirementsHash,uint64 issuedAt,uint64 expiresAt)"
        );
        bytes32 inner =
            keccak256(abi.encode(typehash, id, claimant, a.nullifier, REQUIREMENTS, a.issuedAt, a.expiresAt));
        return keccak256(abi.encodePacked(hex"1901", domain, inner));
    }

    /// @dev Signatures of the verifiers at `places` over a digest, each with its place.
    function signedBy(bytes32 digest, uint256[] memory places) internal view returns (bytes memory all) {
        for (uint256 i; i < places.length; ++i) {
            all = bytes.concat(all, bytes1(uint8(places[i])), compact(keys[places[i]], digest));
        }
    }

    function sign(DistributionVault vault, address claimant, IDistributionVault.Attestation memory a)
        internal
        view
        returns (bytes memory)
    {
        bytes32 digest = digestOf(vault.domainSeparator(), vault.terms().id, claimant, a);
        return signedBy(digest, two(0, 2));
    }

    function two(uint256 a, uint256 b) internal pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function compact(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function none() internal pure returns (IDistributionVault.Attestation memory a) {}

    /* TREES */

    /// @dev As OpenZeppelin's merkle-tree lays them out without sorting: leaf i of n stands at 2n - 2 - i.
    function treeOf(IDistributionVault.Leaf[] memory leaves, bytes32 id) internal pure returns (bytes32[] memory tree) {
        uint256 n = leaves.length;
        tree = new bytes32[](2 * n - 1);
        for (uint256 i; i < n; ++i) {
            tree[2 * n - 2 - i] = MerkleProofs.leafOf(id, leaves[i].index, leaves[i].account, leaves[i].amount);
        }
        for (uint256 i = n - 1; i > 0; --i) {
            tree[i - 1] = MerkleProofs.nodeOf(tree[2 * i - 1], tree[2 * i]);
        }
    }

    function proofOf(bytes32[] memory tree, uint256 leaf) internal pure returns (bytes32[] memory proof) {
        uint256 place = tree.length - 1 - leaf;
        uint256 depth;
        for (uint256 i = place; i > 0; i = (i - 1) / 2) {
            ++depth;
        }
        proof = new bytes32[](depth);
        for (uint256 k; k < depth; ++k) {
            proof[k] = tree[place & 1 == 1 ? place + 1 : place - 1];
            place = (place - 1) / 2;
        }
    }

    /// @dev Proof and flags for the leaves `from` to `from + count - 1`.
    function proofOfRange(bytes32[] memory tree, uint256 from, uint256 count)
        internal
        pure
        returns (bytes32[] memory proof, bool[] memory flags)
    {
        uint256[] memory queue = new uint256[](2 * tree.length);
        for (uint256 i; i < count; ++i) {
            queue[i] = tree.length - 1 - from - i;
        }
        (proof, flags) = (new bytes32[](tree.length), new bool[](tree.length));
        (uint256 head, uint256 tail, uint256 given, uint256 steps) = (0, count, 0, 0);
        while (queue[head] != 0) {
            uint256 place = queue[head++];
            uint256 sibling = place & 1 == 1 ? place + 1 : place - 1;
            flags[steps] = head < tail && queue[head] == sibling;
            if (flags[steps]) ++head;
            else proof[given++] = tree[sibling];
            queue[tail++] = (place - 1) / 2;
            ++steps;
        }
        assembly {
            mstore(proof, given)
            mstore(flags, steps)
        }
    }

    /// @dev Leaves 0 to count - 1, of accounts that have nothing yet.
    function someLeaves(uint256 count, uint256 amount) internal pure returns (IDistributionVault.Leaf[] memory leaves) {
        leaves = new IDistributionVault.Leaf[](count);
        for (uint256 i; i < count; ++i) {
            leaves[i] = IDistributionVault.Leaf(i, accountOf(i), amount);
        }
    }

    function accountOf(uint256 i) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("account", i)))));
    }
}
