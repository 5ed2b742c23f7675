// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {ISupplyChainTracker} from "../../src/interfaces/ISupplyChainTracker.sol";
import {SupplyChainTracker} from "../../src/provenance/SupplyChainTracker.sol";
import {Thermometer} from "./Thermometer.sol";

abstract contract SupplyChainBase is Test {
    address internal constant OWNER = address(0xA1);
    address internal constant MAKER = address(0xA2);
    address internal constant CARRIER = address(0xA3);
    address internal constant WAREHOUSE = address(0xA4);
    address internal constant INSPECTOR = address(0xA5);
    address internal constant SHOP = address(0xA6);
    address internal constant RECALLER = address(0xA7);
    bytes32 internal constant COLD = "cold";

    SupplyChainTracker internal tracker;
    Thermometer internal thermometer;
    ISupplyChainTracker.Payload internal cid = ISupplyChainTracker.Payload(keccak256("content"), 0x55);

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        tracker = new SupplyChainTracker(OWNER);
        thermometer = new Thermometer();
        vm.startPrank(OWNER);
        tracker.setRoles(MAKER, tracker.PRODUCER());
        tracker.setRoles(CARRIER, tracker.CARRIER());
        tracker.setRoles(WAREHOUSE, tracker.STORE());
        tracker.setRoles(INSPECTOR, tracker.INSPECTOR());
        tracker.setRoles(SHOP, tracker.RETAILER());
        tracker.setRoles(RECALLER, tracker.RECALLER());
        tracker.setFeed(COLD, thermometer);
        vm.stopPrank();
    }

    function _register(bytes32 salt) internal returns (bytes32 item) {
        vm.prank(MAKER);
        return tracker.register(salt, cid);
    }

    function _status(address who, bytes32 item, ISupplyChainTracker.Status status) internal {
        vm.prank(who);
        tracker.changeStatus(item, status, cid);
    }

    function _handOver(bytes32 item, address from, address to) internal {
        vm.prank(from);
        tracker.offerCustody(item, to);
        vm.prank(to);
        tracker.acceptCustody(item, cid);
    }
}
