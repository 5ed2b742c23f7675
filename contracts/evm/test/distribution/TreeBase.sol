// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {DistributionBase} from "./DistributionBase.sol";

/// @title A distribution by tree of ten leaves, and how they are claimed
abstract contract TreeBase is DistributionBase {
    IDistributionVault.Leaf[] internal leaves;
    bytes32[] internal tree;
    DistributionVault internal vault;

    function setUp() public override {
        super.setUp();
        vault = _vaultOf(10, 100e18, 1000e18);
    }

    function _parametersOf(uint256 count, uint256 each, uint256 funds) internal returns (IDistribution.Parameters memory) {
        delete leaves;
        IDistributionVault.Leaf[] memory list = someLeaves(count, each);
        for (uint256 i; i < count; ++i) {
            leaves.push(list[i]);
        }
        tree = treeOf(list, nextId());
        return plain(tree[0], count, funds);
    }

    function _vaultOf(uint256 count, uint256 each, uint256 funds) internal returns (DistributionVault) {
        return create(_parametersOf(count, each, funds));
    }

    function _vesting(uint256 cliff, uint256 duration) internal returns (DistributionVault) {
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        (p.cliff, p.duration) = (cliff, duration);
        return create(p);
    }

    function _vaultFor(address account) internal returns (DistributionVault) {
        IDistributionVault.Leaf[] memory list = someLeaves(2, 100e18);
        list[0].account = account;
        tree = treeOf(list, nextId());
        return create(plain(tree[0], 2, 200e18));
    }

    function _switchTo(MockToken other) internal {
        token = other;
        token.mint(address(this), 1e30);
        (bool ok,) = address(token).call(abi.encodeCall(token.approve, (address(front), type(uint256).max)));
        assertTrue(ok); // what it returns, if anything, does not matter
    }

    function _claim(uint256 i) internal {
        bytes32[] memory proof = proofOf(tree, i);
        vm.prank(accountOf(i));
        vault.claimWithProof(i, leaves[i].amount, proof);
    }

    function _batch(uint256 from, uint256 count) internal {
        IDistributionVault.Leaf[] memory batch = new IDistributionVault.Leaf[](count);
        for (uint256 i; i < count; ++i) {
            batch[i] = leaves[from + i];
        }
        (bytes32[] memory proof, bool[] memory flags) = proofOfRange(tree, from, count);
        vault.claimBatch(batch, proof, flags);
    }

    function _authorisationDigest(address account, address recipient, uint256 index, uint256 deadline)
        internal
        view
        returns (bytes32)
    {
        bytes32 typehash = keccak256(
            "Authorisation(bytes32 distributionId,address account,address recipient,uint256 index,bytes32 nullifier,uint256 deadline)"
        );
        bytes32 inner =
            keccak256(abi.encode(typehash, vault.terms().id, account, recipient, index, bytes32(0), deadline));
        return keccak256(abi.encodePacked(hex"1901", vault.domainSeparator(), inner));
    }

    function _authorise(uint256 key, address account, address recipient, uint256 index, uint256 deadline)
        internal
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _authorisationDigest(account, recipient, index, deadline));
        return abi.encodePacked(r, s, v);
    }

    function _claimFor(address account, address recipient, uint256 index, uint256 deadline, bytes memory signature) internal {
        vault.claimFor(
            IDistributionVault.Leaf(index, account, 100e18),
            proofOf(tree, index),
            none(),
            "",
            recipient,
            deadline,
            signature
        );
    }

    function _expect(IDistributionVault.Reason reason) internal {
        vm.expectRevert(abi.encodeWithSelector(IDistributionVault.NotEligible.selector, reason));
    }
}
