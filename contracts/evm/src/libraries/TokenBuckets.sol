// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Token buckets
/// @notice A bucket fills by `rate` a second up to `capacity`; what passes is taken out of it. An amount above the capacity can
/// never pass, so that is another error than one that has to wait.
library TokenBuckets {
    struct Bucket {
        uint128 level;
        uint64 updatedAt;
        uint128 capacity;
        uint128 rate;
    }

    error AmountAboveCapacity(uint256 amount, uint256 capacity);
    error RateLimited(uint256 amount, uint256 available);

    /// @notice New limits. A bucket that had none is full; what was in one before stays, as far as it fits.
    function set(Bucket storage bucket, uint128 capacity, uint128 rate) internal {
        bool fresh = bucket.updatedAt == 0;
        uint256 level = fresh ? capacity : available(bucket);
        bucket.level = uint128(level < capacity ? level : capacity);
        bucket.updatedAt = uint64(block.timestamp);
        bucket.capacity = capacity;
        bucket.rate = rate;
    }

    function consume(Bucket storage bucket, uint256 amount) internal {
        uint256 capacity = bucket.capacity;
        if (amount > capacity) revert AmountAboveCapacity(amount, capacity);
        uint256 level = available(bucket);
        if (amount > level) revert RateLimited(amount, level);
        bucket.level = uint128(level - amount);
        bucket.updatedAt = uint64(block.timestamp);
    }

    /// @notice What could pass now.
    function available(Bucket storage bucket) internal view returns (uint256 level) {
        // 128 bits of rate times 64 bits of seconds do not overflow
        level = bucket.level + uint256(bucket.rate) * (block.timestamp - bucket.updatedAt);
        if (level > bucket.capacity) level = bucket.capacity;
    }
}
