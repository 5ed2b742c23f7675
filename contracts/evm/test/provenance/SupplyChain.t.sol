// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "forge-std/Test.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISupplyChainTracker} from "../../src/interfaces/ISupplyChainTracker.sol";
import {MerkleProofs} from "../../src/libraries/MerkleProofs.sol";
import {SupplyChainBase} from "./SupplyChainBase.sol";

contract SupplyChainTest is SupplyChainBase {
    bytes32 private item;

    function setUp() public override {
        super.setUp();
        item = _register("one");
    }

    /* ITEMS AND THEIR CHAIN */

    function test_the_way_of_an_item_is_a_chain_that_anyone_computes_again_from_its_events() public {
        vm.recordLogs();
        bytes32 again = _register("two");
        _status(MAKER, again, ISupplyChainTracker.Status.Packed);
        _handOver(again, MAKER, CARRIER);
        vm.warp(vm.getBlockTimestamp() + 100);
        _status(CARRIER, again, ISupplyChainTracker.Status.InTransit);
        _handOver(again, CARRIER, WAREHOUSE);
        _status(WAREHOUSE, again, ISupplyChainTracker.Status.Stored);
        _status(INSPECTOR, again, ISupplyChainTracker.Status.Inspected);
        _handOver(again, WAREHOUSE, SHOP);
        _status(SHOP, again, ISupplyChainTracker.Status.Delivered);
        vm.prank(SHOP);
        tracker.note(again, cid);
        _follow(again, 10);
        assertEq(tracker.itemOf(again).custodian, SHOP);
        assertEq(uint256(tracker.itemOf(again).status), uint256(ISupplyChainTracker.Status.Delivered));
    }

    /// @dev Walks the events of `it` from its id to its head. The times are those of the log's blocks: here two.
    function _follow(bytes32 it, uint256 count) private {
        bytes32 head = it;
        uint256 found;
        Log[] memory logs = _logs();
        for (uint256 i; i < logs.length; ++i) {
            (
                ISupplyChainTracker.Kind kind,
                uint256 sequence,
                bytes32 data,
                ISupplyChainTracker.Payload memory payload,
                bytes32 said
            ) = abi.decode(
                logs[i].data, (ISupplyChainTracker.Kind, uint256, bytes32, ISupplyChainTracker.Payload, bytes32)
            );
            assertEq(sequence, found);
            if (found != 0) {
                uint256 time = found < 3 ? vm.getBlockTimestamp() - 100 : vm.getBlockTimestamp();
                head = tracker.nextHead(head, it, kind, sequence, logs[i].actor, time, data, payload);
            }
            assertEq(head, said);
            ++found;
        }
        assertEq(found, count);
        assertEq(tracker.itemOf(it).head, head);
        assertEq(tracker.itemOf(it).count, count);
    }

    struct Log {
        address actor;
        bytes data;
    }

    function _logs() private returns (Log[] memory logs) {
        bytes32 topic = keccak256("Recorded(bytes32,address,uint8,uint256,bytes32,(bytes32,uint64),bytes32)");
        Vm.Log[] memory all = vm.getRecordedLogs();
        uint256 count;
        logs = new Log[](all.length);
        for (uint256 i; i < all.length; ++i) {
            if (all[i].topics[0] == topic) logs[count++] = Log(address(uint160(uint256(all[i].topics[2]))), all[i].data);
        }
        assembly {
            mstore(logs, count)
        }
    }

    function test_an_item_is_registered_once_by_a_producer() public {
        vm.expectRevert(ISupplyChainTracker.AlreadyRegistered.selector);
        _register("one");
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.MissingRole.selector, 1));
        vm.prank(CARRIER);
        tracker.register("one", cid);
        vm.expectRevert(ISupplyChainTracker.UnknownItem.selector);
        vm.prank(MAKER);
        tracker.note(bytes32("no such"), cid);
    }

    function test_an_id_holds_producer_salt_and_content() public view {
        assertEq(item, tracker.itemIdOf(MAKER, "one", cid));
        assertNotEq(item, tracker.itemIdOf(CARRIER, "one", cid));
        assertNotEq(item, tracker.itemIdOf(MAKER, "one", ISupplyChainTracker.Payload(cid.digest, 0x70)));
    }

    /* STATUS */

    /// @dev Every pair of statuses by every role, by who has the item and who has not: what is allowed is the table.
    function test_steps_are_those_of_the_table_and_of_their_roles() public {
        uint256 allowed;
        for (uint256 from = 1; from <= 8; ++from) {
            for (uint256 to = 1; to <= 8; ++to) {
                for (uint256 role = 1; role <= 32; role <<= 1) {
                    for (uint256 holds; holds < 2; ++holds) {
                        if (_tried(from, to, role, holds == 1)) ++allowed;
                    }
                }
            }
        }
        // recall 6 x 2, destroy 7 x 4 roles, inspect 2 x 2, pack 1, ship 3, store 2 + 1, deliver 3
        assertEq(allowed, 12 + 28 + 4 + 1 + 3 + 3 + 3);
    }

    function _tried(uint256 from, uint256 to, uint256 role, bool holds) private returns (bool ok) {
        uint256 snapshot = vm.snapshotState();
        address actor = holds ? MAKER : address(0xBEE);
        vm.prank(OWNER);
        tracker.setRoles(actor, role);
        _forceStatus(from);
        vm.prank(actor);
        (ok,) = address(tracker).call(
            abi.encodeCall(tracker.changeStatus, (item, ISupplyChainTracker.Status(to), cid))
        );
        vm.revertToState(snapshot);
    }

    /// @dev Writes the status into the second slot of the item: 160 bits of custodian, then the status.
    function _forceStatus(uint256 status) private {
        bytes32 slot = bytes32(uint256(keccak256(abi.encode(item, uint256(0)))) + 1);
        uint256 word = uint256(vm.load(address(tracker), slot));
        word = (word & ~(uint256(0xff) << 160)) | (status << 160);
        vm.store(address(tracker), slot, bytes32(word));
        assertEq(uint256(tracker.itemOf(item).status), status);
    }

    /* CUSTODY */

    function test_custody_passes_when_the_offer_is_accepted_and_not_before() public {
        vm.prank(MAKER);
        tracker.offerCustody(item, CARRIER);
        assertEq(tracker.itemOf(item).custodian, MAKER);
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.NotOffered.selector, SHOP));
        vm.prank(SHOP);
        tracker.acceptCustody(item, cid);
        vm.prank(CARRIER);
        tracker.acceptCustody(item, cid);
        assertEq(tracker.itemOf(item).custodian, CARRIER);
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.NotOffered.selector, CARRIER));
        vm.prank(CARRIER);
        tracker.acceptCustody(item, cid);
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.NotCustodian.selector, MAKER));
        vm.prank(MAKER);
        tracker.note(item, cid);
    }

    function test_an_offer_is_withdrawn_or_made_to_another() public {
        vm.startPrank(MAKER);
        tracker.offerCustody(item, CARRIER);
        tracker.offerCustody(item, address(0));
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.NotOffered.selector, CARRIER));
        vm.prank(CARRIER);
        tracker.acceptCustody(item, cid);
        vm.expectPartialRevert(ISupplyChainTracker.MissingRole.selector);
        vm.prank(address(0)); // to whom an offer that is withdrawn seems to be made
        tracker.acceptCustody(item, cid);
    }

    function test_custody_is_offered_by_its_holder_to_a_custodian_alone() public {
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.NotCustodian.selector, CARRIER));
        vm.prank(CARRIER);
        tracker.offerCustody(item, CARRIER);
        vm.startPrank(MAKER);
        vm.expectRevert(ISupplyChainTracker.InvalidReceiver.selector);
        tracker.offerCustody(item, INSPECTOR);
        vm.expectRevert(ISupplyChainTracker.InvalidReceiver.selector);
        tracker.offerCustody(item, MAKER);
        tracker.offerCustody(item, CARRIER);
        vm.stopPrank();
        vm.prank(OWNER);
        tracker.setRoles(CARRIER, 0);
        vm.expectPartialRevert(ISupplyChainTracker.MissingRole.selector);
        vm.prank(CARRIER);
        tracker.acceptCustody(item, cid);
    }

    /* CONDITIONS */

    function test_a_feed_outside_of_the_limits_is_a_breach_in_the_record() public {
        vm.prank(MAKER);
        tracker.setLimits(item, COLD, ISupplyChainTracker.Limits(270, 280));
        uint256[6] memory cases = [uint256(275), 275, 269, 275, 275, 281];
        for (uint256 i; i < 3; ++i) {
            (uint256 low, uint256 high) = (cases[2 * i], cases[2 * i + 1]);
            thermometer.set(low, high, IOracle.Status.Ok);
            vm.prank(i == 1 ? INSPECTOR : MAKER);
            assertEq(tracker.recordCondition(item, COLD), low < 270 || high > 280);
        }
        assertEq(tracker.itemOf(item).breaches, 2);
    }

    function test_a_feed_that_its_guards_find_unfit_is_not_recorded() public {
        for (uint256 i = 1; i < 11; ++i) {
            thermometer.set(0, 0, IOracle.Status(i));
            vm.expectRevert(
                abi.encodeWithSelector(ISupplyChainTracker.ConditionUnavailable.selector, IOracle.Status(i))
            );
            vm.prank(MAKER);
            tracker.recordCondition(item, COLD);
        }
        vm.expectRevert(ISupplyChainTracker.UnknownFeed.selector);
        vm.prank(MAKER);
        tracker.recordCondition(item, "warm");
        vm.expectPartialRevert(ISupplyChainTracker.MissingRole.selector);
        vm.prank(CARRIER);
        tracker.recordCondition(item, COLD);
    }

    function test_limits_are_set_once_by_a_producer_before_packing() public {
        ISupplyChainTracker.Limits memory limits = ISupplyChainTracker.Limits(1, 2);
        vm.startPrank(MAKER);
        vm.expectRevert(ISupplyChainTracker.InvalidLimits.selector);
        tracker.setLimits(item, COLD, ISupplyChainTracker.Limits(2, 1));
        vm.expectRevert(ISupplyChainTracker.UnknownFeed.selector);
        tracker.setLimits(item, "warm", limits);
        tracker.setLimits(item, COLD, limits);
        vm.expectRevert(ISupplyChainTracker.InvalidLimits.selector);
        tracker.setLimits(item, COLD, limits);
        vm.stopPrank();
        bytes32 other = _register("other");
        _status(MAKER, other, ISupplyChainTracker.Status.Packed);
        vm.expectPartialRevert(ISupplyChainTracker.NoSuchTransition.selector);
        vm.prank(MAKER);
        tracker.setLimits(other, COLD, limits);
    }

    /* BATCHES */

    function testFuzz_a_record_is_in_its_batch_at_its_place_and_nothing_else_is(uint8 size, uint8 place) public {
        uint256 count = bound(size, 1, 40);
        uint256 index = bound(place, 0, count - 1);
        bytes32 domain = tracker.batchDomainOf(MAKER, "batch");
        bytes32[] memory tree = new bytes32[](2 * count - 1);
        for (uint256 i; i < count; ++i) {
            bytes memory content = abi.encode(domain, i, item, keccak256(abi.encode(i)));
            tree[2 * count - 2 - i] = MerkleProofs.leafOf(content);
        }
        for (uint256 i = count - 1; i > 0; --i) {
            tree[i - 1] = MerkleProofs.nodeOf(tree[2 * i - 1], tree[2 * i]);
        }
        bytes32[] memory proof = _proofOf(tree, index);
        vm.prank(MAKER);
        uint256 batch = tracker.commitBatch("batch", tree[0], count, cid);
        ISupplyChainTracker.Batch memory b = ISupplyChainTracker.Batch(
            tree[0], domain, MAKER, uint40(vm.getBlockTimestamp()), uint32(count)
        );
        bytes32 record = keccak256(abi.encode(index));
        assertTrue(tracker.verifyInclusion(batch, b, index, item, record, proof));
        assertFalse(tracker.verifyInclusion(batch, b, index + 1, item, record, proof));
        assertFalse(tracker.verifyInclusion(batch, b, index, bytes32("other"), record, proof));
        assertFalse(tracker.verifyInclusion(batch, b, index, item, ~record, proof));
        assertFalse(tracker.verifyInclusion(batch + 1, b, index, item, record, proof));
        b.author = CARRIER;
        assertFalse(tracker.verifyInclusion(batch, b, index, item, record, proof));
    }

    function test_a_batch_of_nothing_or_of_a_stranger_is_refused() public {
        vm.startPrank(MAKER);
        vm.expectRevert(ISupplyChainTracker.InvalidBatch.selector);
        tracker.commitBatch(0, 0, 1, cid);
        vm.expectRevert(ISupplyChainTracker.InvalidBatch.selector);
        tracker.commitBatch(0, "root", 0, cid);
        vm.stopPrank();
        vm.expectPartialRevert(ISupplyChainTracker.MissingRole.selector);
        tracker.commitBatch(0, "root", 1, cid);
    }

    function test_the_owner_alone_gives_roles_and_names_feeds_and_touches_no_record() public {
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.NotOwner.selector, address(this)));
        tracker.setRoles(MAKER, 0);
        vm.expectRevert(abi.encodeWithSelector(ISupplyChainTracker.NotOwner.selector, address(this)));
        tracker.setFeed(COLD, IOracle(address(0)));
        vm.startPrank(OWNER);
        vm.expectRevert();
        tracker.note(item, cid);
        vm.expectRevert();
        tracker.changeStatus(item, ISupplyChainTracker.Status.Recalled, cid);
        vm.expectRevert();
        tracker.offerCustody(item, OWNER);
    }

    function _proofOf(bytes32[] memory tree, uint256 leaf) private pure returns (bytes32[] memory proof) {
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
}
