// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {TokenBuckets} from "../../src/libraries/TokenBuckets.sol";

contract TokenBucketsTest is Test {
    using TokenBuckets for TokenBuckets.Bucket;

    TokenBuckets.Bucket private bucket;

    // calls from outside, since the IR pipeline may keep `block.timestamp` over a warp

    function take(uint256 amount) external {
        bucket.consume(amount);
    }

    function set(uint128 capacity, uint128 rate) external {
        bucket.set(capacity, rate);
    }

    function level() external view returns (uint256) {
        return bucket.available();
    }

    /// @dev What passes in any time is at most the capacity and what flowed in.
    function test_no_more_passes_than_capacity_and_rate_allow(
        uint128 capacity, uint128 rate, uint128[] calldata asked, uint32 step
    ) public {
        vm.warp(1000);
        this.set(capacity, rate);
        uint256 passed;
        for (uint256 i; i < asked.length; ++i) {
            vm.warp(1000 + i * uint256(step));
            try this.take(asked[i]) {
                passed += asked[i];
            } catch {}
            assertLe(this.level(), capacity);
            assertLe(passed, capacity + uint256(rate) * i * step);
        }
    }

    function test_a_new_bucket_is_full_and_a_changed_one_is_not_filled() public {
        vm.warp(1000);
        this.set(100, 1);
        assertEq(this.level(), 100);
        this.take(90);
        this.set(200, 1);
        assertEq(this.level(), 10);
        this.set(5, 0);
        assertEq(this.level(), 5);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.AmountAboveCapacity.selector, 6, 5));
        this.take(6);
        this.take(5);
        vm.expectRevert(abi.encodeWithSelector(TokenBuckets.RateLimited.selector, 1, 0));
        this.take(1);
    }
}
