// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";
import {Coin} from "../gas/Coin.sol";
import {MinimalClaims, MinimalPayout, TransferMeter} from "../gas/Minimal.sol";
import {DistributionBase} from "./DistributionBase.sol";

/// @dev Whole transactions (`--isolate`), cold: new recipients, no bit of the word set.
contract DistributionGas is DistributionBase {
    uint256 private constant DEPTH = 17;
    uint256 private constant INDEX = 77_777;
    uint256 private constant AMOUNT = 1_234.5e18;

    Coin private coin;
    DistributionVault private tree;
    DistributionVault private people;
    DistributionVault private wide;
    bytes32[] private treeProof;
    bytes32[] private peopleProof;
    bytes32[] private wideTree;
    address private immutable ACCOUNT = accountOf(INDEX);

    function setUp() public override {
        super.setUp();
        coin = new Coin();
        coin.mint(address(this), 1e30);
        coin.approve(address(front), type(uint256).max);
        for (uint256 i; i < DEPTH; ++i) {
            treeProof.push(keccak256(abi.encode(i)));
            peopleProof.push(keccak256(abi.encode(i, "people")));
        }
        tree = _create(plain(_root(treeProof), 1 << DEPTH, 1e26));
        people = _create(attested(_root(peopleProof), 1 << DEPTH, 1e26));
        IDistributionVault.Leaf[] memory leaves = someLeaves(512, AMOUNT);
        wideTree = treeOf(leaves, nextId());
        wide = _create(plain(wideTree[0], 512, 1e26));
        vm.warp(vm.getBlockTimestamp() + DAY);
    }

    function test_claim() public {
        vm.prank(ACCOUNT);
        tree.claimWithProof(INDEX, AMOUNT, treeProof);
        vm.snapshotGasLastCall("DistributionGas", "claimAtDepth17");
        assertEq(coin.balanceOf(ACCOUNT), AMOUNT);
    }

    function test_claimTokens_by_id() public {
        bytes memory proof = abi.encode(INDEX, AMOUNT, treeProof, none(), bytes(""));
        bytes32 id = tree.terms().id;
        vm.prank(ACCOUNT);
        front.claimTokens(id, proof);
        vm.snapshotGasLastCall("DistributionGas", "claimById");
    }

    function test_claimWithAttestations() public {
        IDistributionVault.Attestation memory a = attestation(keccak256("person"));
        bytes memory signatures = sign(people, ACCOUNT, a);
        vm.prank(ACCOUNT);
        people.claimWithAttestations(INDEX, AMOUNT, peopleProof, a, signatures);
        vm.snapshotGasLastCall("DistributionGas", "claimAttestedAtDepth17");
        assertEq(coin.balanceOf(ACCOUNT), AMOUNT);
    }

    function test_claimWithAttestations_minimal() public {
        bytes32 id = people.terms().id;
        MinimalClaims minimal = new MinimalClaims(id, people.terms().root, REQUIREMENTS, address(coin), verifiers());
        coin.mint(address(minimal), 1e26);
        IDistributionVault.Attestation memory a = attestation(keccak256("person"));
        bytes memory signatures = signedBy(digestOf(minimal.domainSeparator(), id, ACCOUNT, a), two(0, 2));
        vm.prank(ACCOUNT);
        minimal.claim(INDEX, AMOUNT, peopleProof, a.nullifier, a.issuedAt, a.expiresAt, signatures);
        vm.snapshotGasLastCall(
            "DistributionGas", "claimAttestedAtDepth17, the same without pause, rotation, ERC-1271, lock, times and caps"
        );
        assertEq(coin.balanceOf(ACCOUNT), AMOUNT);
    }

    function test_payout_minimal() public {
        MinimalPayout minimal = new MinimalPayout();
        coin.approve(address(minimal), type(uint256).max);
        address[] memory recipients = new address[](1000);
        uint256[] memory amounts = new uint256[](1000);
        for (uint256 i; i < 1000; ++i) {
            (recipients[i], amounts[i]) = (accountOf(i), 100e18);
        }
        minimal.payout(address(coin), recipients, amounts, 100e18 * 1000);
        vm.snapshotValue(
            "DistributionGas",
            "payoutEach, the same without pause, lock, event and checks of answers, addresses and the sum",
            vm.lastCallGas().gasTotalUsed / 1000
        );
        assertEq(coin.balanceOf(accountOf(999)), 100e18);
    }

    /// @dev No payout with two words a recipient is under this, however it loops and whatever it leaves out; the goal is.
    function test_payout_floor() public {
        TransferMeter meter = new TransferMeter();
        coin.mint(address(meter), 1e30);
        address[] memory recipients = new address[](1000);
        bytes memory words;
        for (uint256 i; i < 1000; ++i) {
            recipients[i] = accountOf(i);
            if (i < 100) words = bytes.concat(words, abi.encode(recipients[i], 100e18));
        }
        uint256 transfer = meter.last(address(coin), recipients, 100e18);
        vm.snapshotValue(
            "DistributionGas",
            "payoutEach, the token's transfer and the words of recipient and amount alone",
            transfer + _calldataGas(words) / 100
        );
        assertGt(transfer + _calldataGas(words) / 100, 25_200);
        assertEq(coin.balanceOf(recipients[999]), 100e18);
    }

    function test_claimBatch() public {
        IDistributionVault.Leaf[] memory batch = new IDistributionVault.Leaf[](64);
        for (uint256 i; i < 64; ++i) {
            batch[i] = IDistributionVault.Leaf(i + 64, accountOf(i + 64), AMOUNT);
        }
        (bytes32[] memory proof, bool[] memory flags) = proofOfRange(wideTree, 64, 64);
        wide.claimBatch(batch, proof, flags);
        vm.snapshotValue("DistributionGas", "claimBatchOf64Each", vm.lastCallGas().gasTotalUsed / 64);
        assertEq(coin.balanceOf(accountOf(127)), AMOUNT);
    }

    function test_payout() public {
        address[] memory recipients = new address[](1000);
        uint256[] memory amounts = new uint256[](1000);
        for (uint256 i; i < 1000; ++i) {
            (recipients[i], amounts[i]) = (accountOf(i), 100e18);
        }
        front.payout(address(coin), recipients, amounts, 100e18 * 1000);
        vm.snapshotValue("DistributionGas", "payoutEach", vm.lastCallGas().gasTotalUsed / 1000);
        front.payout(address(coin), recipients, amounts, 100e18 * 1000);
        vm.snapshotValue("DistributionGas", "payoutEachKnown", vm.lastCallGas().gasTotalUsed / 1000);
        assertEq(coin.balanceOf(accountOf(999)), 200e18);
    }

    function test_create() public {
        IDistribution.Parameters memory p = attested(bytes32("root"), 1 << DEPTH, 1e26);
        p.token = address(coin);
        front.createDistribution(p);
        vm.snapshotGasLastCall("DistributionGas", "createDistribution");
    }

    function _calldataGas(bytes memory data) private pure returns (uint256 cost) {
        for (uint256 i; i < data.length; ++i) {
            cost += data[i] == 0 ? 4 : 16;
        }
    }

    function _root(bytes32[] storage proof) private view returns (bytes32 root) {
        root = MerkleProofs.leafOf(nextId(), INDEX, ACCOUNT, AMOUNT);
        for (uint256 i; i < proof.length; ++i) {
            root = MerkleProofs.nodeOf(root, proof[i]);
        }
    }

    function _create(IDistribution.Parameters memory p) private returns (DistributionVault) {
        p.token = address(coin);
        return create(p);
    }
}
