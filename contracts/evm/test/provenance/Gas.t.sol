// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISupplyChainTracker} from "../../src/interfaces/ISupplyChainTracker.sol";
import {SupplyChainBase} from "./SupplyChainBase.sol";

/// @dev Whole transactions (`--isolate`). The first record after the registration writes the chain's slot for the first time.
contract SupplyChainGas is SupplyChainBase {
    bytes32 private item;

    function setUp() public override {
        super.setUp();
        item = _register("one");
        thermometer.set(275, 275, IOracle.Status.Ok);
    }

    function test_records_are_under_60_000_gas() public {
        _register("two");
        _under("registerItem", 60_000);
        _status(MAKER, item, ISupplyChainTracker.Status.Packed);
        _under("changeStatusFirst", 60_000);
        vm.prank(MAKER);
        tracker.recordCondition(item, COLD);
        _under("recordCondition", 60_000);
        vm.prank(MAKER);
        tracker.offerCustody(item, CARRIER);
        _under("offerCustody", 60_000);
        vm.prank(CARRIER);
        tracker.acceptCustody(item, cid);
        _under("acceptCustody", 60_000);
        _status(CARRIER, item, ISupplyChainTracker.Status.InTransit);
        _under("changeStatus", 60_000);
        vm.prank(MAKER);
        tracker.commitBatch("b", "root", 1000, cid);
        vm.prank(MAKER);
        tracker.commitBatch("c", "root", 1000, cid);
        _under("commitBatch", 60_000);
    }

    function test_a_condition_that_is_the_first_record_costs_a_slot_more() public {
        vm.prank(MAKER);
        tracker.recordCondition(item, COLD);
        _under("recordConditionFirst", 70_000);
    }

    function _under(string memory what, uint256 most) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        vm.snapshotGasLastCall("SupplyChainGas", what);
        assertLt(used, most, what);
    }
}
