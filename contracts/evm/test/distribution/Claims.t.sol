// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DistributionVault} from "../../src/distribution/DistributionVault.sol";
import {IDistribution} from "../../src/interfaces/IDistribution.sol";
import {IDistributionVault} from "../../src/interfaces/IDistributionVault.sol";
import {Tokens} from "../../src/libraries/Tokens.sol";
import {MockWallet1271} from "../mocks/Wallets.sol";
import {TreeBase} from "./TreeBase.sol";

/// @dev Distributions by tree: who is paid what, when and how often.
contract ClaimsTest is TreeBase {
    /* CLAIMS */

    function test_a_leaf_is_paid_once() public {
        _claim(3);
        assertEq(token.balanceOf(accountOf(3)), 100e18);
        assertTrue(vault.isClaimed(3));
        assertFalse(vault.isClaimed(4));
        _expect(IDistributionVault.Reason.AlreadyClaimed);
        _claim(3);
    }

    function test_every_leaf_is_paid_and_nothing_is_left() public {
        for (uint256 i; i < 10; ++i) {
            _claim(i);
        }
        assertEq(token.balanceOf(address(vault)), 0);
    }

    function testFuzz_another_amount_account_or_index_is_not_in_the_tree(uint256 amount, address who, uint256 index) public {
        vm.assume(amount != 100e18 && who != accountOf(3) && index != 3);
        bytes32[] memory proof = proofOf(tree, 3);
        amount = bound(amount, 0, 1000e18);
        index = bound(index, 0, 9);
        if (amount != 100e18) {
            _expect(IDistributionVault.Reason.NotInTree);
            vm.prank(accountOf(3));
            vault.claimWithProof(3, amount, proof);
        }
        _expect(IDistributionVault.Reason.NotInTree);
        vm.prank(who);
        vault.claimWithProof(3, 100e18, proof);
        if (index != 3) {
            _expect(IDistributionVault.Reason.NotInTree);
            vm.prank(accountOf(3));
            vault.claimWithProof(index, 100e18, proof);
        }
    }

    function test_an_inner_node_is_no_leaf() public {
        // The parent of two leaves, with the proof from there: only a leaf of that very hash would pass.
        bytes32[] memory shorter = new bytes32[](proofOf(tree, 3).length - 1);
        for (uint256 i; i < shorter.length; ++i) {
            shorter[i] = proofOf(tree, 3)[i + 1];
        }
        _expect(IDistributionVault.Reason.NotInTree);
        vm.prank(accountOf(3));
        vault.claimWithProof(3, 100e18, shorter);
    }

    function test_a_leaf_of_one_distribution_is_none_of_another_with_the_same_list() public {
        bytes32[] memory old = tree;
        bytes32 root = old[0];
        ++salts;
        IDistribution.Parameters memory p = plain(root, 10, 1000e18); // the same root, another id
        DistributionVault twin = create(p);
        _expect(IDistributionVault.Reason.NotInTree);
        vm.prank(accountOf(3));
        twin.claimWithProof(3, 100e18, proofOf(old, 3));
    }

    function test_a_tree_of_another_chain_is_none_here() public {
        bytes32 here = front.idOf(address(this), 0);
        vm.chainId(5);
        assertNotEq(front.idOf(address(this), 0), here);
    }

    function test_claims_begin_at_start_and_end_after_the_grace() public {
        uint256 start = vault.terms().start;
        vm.warp(start - 1);
        _expect(IDistributionVault.Reason.NotStarted);
        _claim(1);
        vm.warp(start);
        _claim(1);
        vm.warp(start + 40 * DAY);
        _claim(2);
        vm.warp(start + 40 * DAY + 1);
        _expect(IDistributionVault.Reason.Ended);
        _claim(3);
    }

    /* CAPS THAT HOLD WHATEVER THE TREE SAYS */

    function test_a_tree_for_more_than_was_funded_pays_what_was_funded() public {
        vault = _vaultOf(10, 100e18, 250e18);
        _claim(0);
        _claim(1);
        IDistributionVault.Reason why =
            vault.verifyRequirements(accountOf(2), 2, 100e18, proofOf(tree, 2), none(), "");
        assertEq(uint256(why), uint256(IDistributionVault.Reason.OverFunds));
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        _claim(2);
        assertEq(token.balanceOf(address(vault)), 50e18);
    }

    function test_a_wrong_tree_of_one_distribution_cannot_touch_another() public {
        DistributionVault rich = vault;
        vault = _vaultOf(10, 100e18, 100e18);
        _claim(0);
        vm.expectRevert();
        _claim(1);
        assertEq(token.balanceOf(address(rich)), 1000e18);
    }

    function test_no_index_beyond_the_leaves_and_no_claim_beyond_the_maximum() public {
        IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
        (p.recipients, p.maxPerClaim) = (5, 99e18);
        vault = create(p);
        _expect(IDistributionVault.Reason.NoSuchIndex);
        _claim(5);
        _expect(IDistributionVault.Reason.OverMaximum);
        _claim(4);
    }

    function testFuzz_an_index_twice_in_a_tree_is_paid_once(uint256 index) public {
        index = bound(index, 0, 1000);
        IDistributionVault.Leaf[] memory twice = someLeaves(2, 10);
        (twice[0].index, twice[1].index) = (index, index);
        bytes32[] memory t = treeOf(twice, nextId());
        vault = create(plain(t[0], 1001, 1000));
        vm.prank(accountOf(0));
        vault.claimWithProof(index, 10, proofOf(t, 0));
        _expect(IDistributionVault.Reason.AlreadyClaimed);
        vm.prank(accountOf(1));
        vault.claimWithProof(index, 10, proofOf(t, 1));
    }

    /* FOR ANOTHER */

    function test_a_claim_for_another_goes_where_the_other_signed() public {
        (address signer, uint256 key) = makeAddrAndKey("account");
        vault = _vaultFor(signer);
        bytes memory signature = _authorise(key, signer, address(0xBEEF), 0, vm.getBlockTimestamp());
        _claimFor(signer, address(0xBEEF), 0, vm.getBlockTimestamp(), signature);
        assertEq(token.balanceOf(address(0xBEEF)), 100e18);
    }

    function test_a_claim_for_another_needs_its_signature_over_recipient_index_and_deadline() public {
        (address signer, uint256 key) = makeAddrAndKey("account");
        vault = _vaultFor(signer);
        bytes memory signature = _authorise(key, signer, address(0xBEEF), 0, vm.getBlockTimestamp());
        vm.expectRevert(IDistributionVault.NotAuthorised.selector);
        _claimFor(signer, address(0xBAD), 0, vm.getBlockTimestamp(), signature);
        vm.expectRevert(IDistributionVault.NotAuthorised.selector);
        _claimFor(signer, address(0xBEEF), 0, vm.getBlockTimestamp() + 1, signature);
        vm.expectRevert(IDistributionVault.NotAuthorised.selector);
        _claimFor(signer, signer, 0, vm.getBlockTimestamp(), "");
        vm.warp(vm.getBlockTimestamp() + 1);
        vm.expectRevert(IDistributionVault.Expired.selector);
        _claimFor(signer, address(0xBEEF), 0, vm.getBlockTimestamp() - 1, signature);
        vm.warp(vm.getBlockTimestamp() - 1);
        vm.chainId(99);
        vm.expectRevert(IDistributionVault.NotAuthorised.selector);
        _claimFor(signer, address(0xBEEF), 0, vm.getBlockTimestamp(), signature);
    }

    function test_a_contract_says_by_ERC_1271_where_its_claim_goes() public {
        (address owner, uint256 key) = makeAddrAndKey("owner");
        MockWallet1271 wallet = new MockWallet1271(owner);
        vault = _vaultFor(address(wallet));
        bytes32 digest = _authorisationDigest(address(wallet), address(0xBEEF), 0, vm.getBlockTimestamp());
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        wallet.setAnswer(MockWallet1271.Answer.No);
        vm.expectRevert(IDistributionVault.NotAuthorised.selector);
        _claimFor(address(wallet), address(0xBEEF), 0, vm.getBlockTimestamp(), abi.encodePacked(r, s, v));
        wallet.setAnswer(MockWallet1271.Answer.Honest);
        _claimFor(address(wallet), address(0xBEEF), 0, vm.getBlockTimestamp(), abi.encodePacked(r, s, v));
        assertEq(token.balanceOf(address(0xBEEF)), 100e18);
    }

    /* BY ID, MANY AT ONCE, AND PAYOUTS */

    function test_a_claim_by_id_pays_the_caller_and_the_view_says_why_not() public {
        bytes32 id = vault.terms().id;
        bytes memory proof = abi.encode(uint256(2), 100e18, proofOf(tree, 2), none(), bytes(""));
        (bool met, IDistributionVault.Reason reason) = front.verifyRequirements(id, accountOf(2), proof);
        assertTrue(met);
        vm.prank(accountOf(2));
        front.claimTokens(id, proof);
        assertEq(token.balanceOf(accountOf(2)), 100e18);
        (met, reason) = front.verifyRequirements(id, accountOf(2), proof);
        assertFalse(met);
        assertEq(uint256(reason), uint256(IDistributionVault.Reason.AlreadyClaimed));
        (, reason) = front.verifyRequirements(vault.terms().id, accountOf(3), proof);
        assertEq(uint256(reason), uint256(IDistributionVault.Reason.AlreadyClaimed));
        vm.expectRevert(IDistribution.NoSuchDistribution.selector);
        front.claimTokens(bytes32(uint256(1)), proof);
    }

    function testFuzz_a_batch_pays_each_of_its_leaves(uint256 from, uint256 count) public {
        from = bound(from, 0, 9);
        count = bound(count, 1, 10 - from);
        _batch(from, count);
        for (uint256 i; i < 10; ++i) {
            assertEq(token.balanceOf(accountOf(i)), i >= from && i < from + count ? 100e18 : 0);
            assertEq(vault.isClaimed(i), i >= from && i < from + count);
        }
        _expect(IDistributionVault.Reason.AlreadyClaimed);
        _batch(from, count);
    }

    function test_a_batch_with_a_leaf_twice_or_a_foreign_one_pays_none() public {
        IDistributionVault.Leaf[] memory batch = new IDistributionVault.Leaf[](2);
        (batch[0], batch[1]) = (leaves[0], leaves[0]);
        (bytes32[] memory proof, bool[] memory flags) = proofOfRange(tree, 0, 2);
        _expect(IDistributionVault.Reason.NotInTree);
        vault.claimBatch(batch, proof, flags);
        (batch[1]) = IDistributionVault.Leaf(1, accountOf(1), 101e18);
        _expect(IDistributionVault.Reason.NotInTree);
        vault.claimBatch(batch, proof, flags);
        assertEq(token.balanceOf(accountOf(0)), 0);
    }

    function test_a_batch_over_words_of_bits_marks_each() public {
        vault = _vaultOf(600, 1e18, 600e18);
        _batch(200, 360);
        assertFalse(vault.isClaimed(199));
        assertTrue(vault.isClaimed(200) && vault.isClaimed(256) && vault.isClaimed(511) && vault.isClaimed(559));
        assertFalse(vault.isClaimed(560));
    }

    function testFuzz_a_payout_pays_each_and_keeps_nothing(uint8 count, uint96 amount) public {
        (address[] memory to, uint256[] memory amounts) = (new address[](count), new uint256[](count));
        uint256 total;
        for (uint256 i; i < count; ++i) {
            (to[i], amounts[i]) = (accountOf(i), uint256(amount) + i);
            total += amounts[i];
        }
        front.payout(address(token), to, amounts, total);
        for (uint256 i; i < count; ++i) {
            assertEq(token.balanceOf(accountOf(i)), uint256(amount) + i);
        }
        assertEq(token.balanceOf(address(front)), 0);
    }

    function test_a_payout_whose_total_is_not_the_sum_pays_nobody() public {
        (address[] memory to, uint256[] memory amounts) = (new address[](2), new uint256[](2));
        (to[0], to[1], amounts[0], amounts[1]) = (accountOf(0), accountOf(1), 5, 6);
        vm.expectRevert(abi.encodeWithSelector(IDistribution.TotalDiffers.selector, 11));
        front.payout(address(token), to, amounts, 12);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        front.payout(address(token), to, amounts, 10);
        vm.expectRevert(IDistribution.LengthsDiffer.selector);
        front.payout(address(token), to, new uint256[](3), 11);
        amounts[0] = type(uint256).max; // a sum that wraps to the total
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(token)));
        front.payout(address(token), to, amounts, 5);
        assertEq(token.balanceOf(accountOf(1)), 0);
    }

    /* CREATION */

    function test_terms_that_nobody_could_keep_are_refused() public {
        IDistribution.Parameters memory good = _parametersOf(10, 100e18, 1000e18);
        for (uint256 i; i < 15; ++i) {
            IDistribution.Parameters memory p = _parametersOf(10, 100e18, 1000e18);
            if (i == 0) p.amount = 0;
            if (i == 1) p.amount = uint256(type(uint128).max) + 1;
            if (i == 2) p.recipients = 0;
            if (i == 3) p.maxPerClaim = 0;
            if (i == 4) p.maxPerClaim = p.amount + 1;
            if (i == 5) p.root = 0;
            if (i == 6) p.end = p.start - 1;
            if (i == 7) (p.start, p.end) = (1, vm.getBlockTimestamp() - 1);
            if (i == 8) p.end = uint256(1) << 48;
            if (i == 9) p.cliff = 1; // of no duration
            if (i == 10) p.threshold = 1; // of no verifiers
            if (i == 11) (p.verifiers, p.threshold) = (verifiers(), 2); // no requirements
            if (i == 12) (p.verifiers, p.requirementsHash) = (verifiers(), REQUIREMENTS); // no threshold
            if (i == 13) (p.verifier, p.requirementsHash) = (address(0xE0A), REQUIREMENTS); // no contract
            if (i == 14) {
                (p.verifiers, p.requirementsHash, p.threshold) = (verifiers(), REQUIREMENTS, 2);
                p.verifiers[1] = p.verifiers[0]; // twice
            }
            vm.expectRevert(IDistribution.BadParameters.selector);
            front.createDistribution(p);
        }
        front.createDistribution(good);
        vm.expectRevert(IDistribution.SaltUsed.selector);
        front.createDistribution(good);
    }
}
