// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A number as it was at any time before
/// @dev The latest checkpoint and the count of earlier ones share a slot, so a change reads one slot and writes two; a second
/// change in the same second writes one. Votes have 128 bits, keys 48.
library VoteTraces {
    /// @dev head: votes 128 | unused 32 | count 48 | key 48. past: votes 128 | unused 80 | key 48, with ascending keys.
    struct Trace {
        uint256 head;
        mapping(uint256 place => uint256) past;
    }

    uint256 private constant KEY = type(uint48).max;
    uint256 private constant COUNT_AT = 48;
    uint256 private constant VOTES_AT = 128;

    /// @notice Sets the number from `key` on. Keys do not fall.
    /// @return before What it was.
    function push(Trace storage trace, uint48 key, uint128 votes) internal returns (uint256 before) {
        uint256 head = trace.head;
        before = head >> VOTES_AT;
        uint256 count = (head >> COUNT_AT) & KEY;
        uint256 last = head & KEY;
        // key zero is a trace nobody wrote to
        if (last != key && last != 0) {
            trace.past[count] = (before << VOTES_AT) | last;
            ++count;
        }
        trace.head = (uint256(votes) << VOTES_AT) | (count << COUNT_AT) | key;
    }

    function latest(Trace storage trace) internal view returns (uint256) {
        return trace.head >> VOTES_AT;
    }

    /// @notice What the number was at the end of `key`.
    function at(Trace storage trace, uint256 key) internal view returns (uint256) {
        uint256 head = trace.head;
        if (head & KEY <= key) return head >> VOTES_AT;
        uint256 low;
        uint256 high = (head >> COUNT_AT) & KEY;
        // everything before low is at or before key, everything from high on is after it
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (trace.past[middle] & KEY <= key) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : trace.past[low - 1] >> VOTES_AT;
    }

    function length(Trace storage trace) internal view returns (uint256) {
        uint256 head = trace.head;
        return head & KEY == 0 ? 0 : ((head >> COUNT_AT) & KEY) + 1;
    }
}
