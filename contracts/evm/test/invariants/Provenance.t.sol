// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {ISupplyChainTracker} from "../../src/interfaces/ISupplyChainTracker.sol";
import {SupplyChainTracker} from "../../src/provenance/SupplyChainTracker.sol";

/// @dev Three parties that may do everything, three items. It keeps each item's chain by its own hashing.
contract ProvenanceHandler is Test {
    SupplyChainTracker public immutable TRACKER;
    address[3] public parties = [address(0xA), address(0xB), address(0xC)];
    bytes32[3] public items;
    mapping(bytes32 item => bytes32) public head;
    mapping(bytes32 item => uint256) public count;
    mapping(bytes32 item => address) public custodian;
    mapping(bytes32 item => address) public offered;
    ISupplyChainTracker.Payload private _cid = ISupplyChainTracker.Payload(keccak256("x"), 0x55);

    constructor(SupplyChainTracker tracker) {
        TRACKER = tracker;
        for (uint256 i; i < 3; ++i) {
            vm.prank(parties[i]);
            items[i] = tracker.register(bytes32(i), _cid);
            (head[items[i]], count[items[i]], custodian[items[i]]) = (items[i], 1, parties[i]);
        }
    }

    function note(uint256 which, uint256 who) external {
        (bytes32 item, address actor) = (items[which % 3], parties[who % 3]);
        vm.prank(actor);
        try TRACKER.note(item, _cid) {
            assertEq(actor, custodian[item]);
            _appended(item, ISupplyChainTracker.Kind.Noted, actor, 0);
        } catch {
            assertNotEq(actor, custodian[item]);
        }
    }

    function offer(uint256 which, uint256 who, uint256 to) external {
        (bytes32 item, address actor) = (items[which % 3], parties[who % 3]);
        vm.prank(actor);
        try TRACKER.offerCustody(item, parties[to % 3]) {
            assertEq(actor, custodian[item]);
            offered[item] = parties[to % 3];
        } catch {}
    }

    function accept(uint256 which, uint256 who) external {
        (bytes32 item, address actor) = (items[which % 3], parties[who % 3]);
        vm.prank(actor);
        try TRACKER.acceptCustody(item, _cid) {
            assertEq(actor, offered[item]);
            bytes32 from = bytes32(uint256(uint160(custodian[item])));
            (custodian[item], offered[item]) = (actor, address(0));
            _appended(item, ISupplyChainTracker.Kind.CustodyAccepted, actor, from);
        } catch {}
    }

    function status(uint256 which, uint256 who, uint256 to) external {
        (bytes32 item, address actor) = (items[which % 3], parties[who % 3]);
        to = to % 40 == 0 ? 8 : 1 + to % 7; // seldom the last one
        vm.prank(actor);
        try TRACKER.changeStatus(item, ISupplyChainTracker.Status(to), _cid) {
            _appended(item, ISupplyChainTracker.Kind.StatusChanged, actor, bytes32(to));
        } catch {}
    }

    function warp(uint256 seconds_) external {
        vm.warp(vm.getBlockTimestamp() + bound(seconds_, 1, 1 days));
    }

    function _appended(bytes32 item, ISupplyChainTracker.Kind kind, address actor, bytes32 data) private {
        head[item] = keccak256(
            abi.encode(
                head[item], item, kind, count[item]++, actor, vm.getBlockTimestamp(), data, _cid.digest, _cid.codec
            )
        );
    }
}

contract ProvenanceInvariants is Test {
    SupplyChainTracker private tracker;
    ProvenanceHandler private handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        tracker = new SupplyChainTracker(address(this));
        for (uint256 i = 0xA; i <= 0xC; ++i) {
            tracker.setRoles(address(uint160(i)), 63);
        }
        handler = new ProvenanceHandler(tracker);
        targetContract(address(handler));
    }

    function invariant_every_chain_is_that_of_its_records_in_their_order() public view {
        for (uint256 i; i < 3; ++i) {
            bytes32 item = handler.items(i);
            assertEq(tracker.itemOf(item).head, handler.head(item));
            assertEq(tracker.itemOf(item).count, handler.count(item));
        }
    }

    function invariant_the_custodian_is_the_last_who_accepted() public view {
        for (uint256 i; i < 3; ++i) {
            bytes32 item = handler.items(i);
            assertEq(tracker.itemOf(item).custodian, handler.custodian(item));
            assertEq(tracker.itemOf(item).offeredTo, handler.offered(item));
        }
    }
}
