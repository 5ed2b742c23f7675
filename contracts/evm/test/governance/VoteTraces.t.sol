// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {Test} from "forge-std/Test.sol";
import {VoteTraces} from "../../src/libraries/VoteTraces.sol";

/// @notice Traces against OpenZeppelin's checkpoints, on the same random lists.
contract VoteTracesTest is Test {
    using Checkpoints for Checkpoints.Trace208;
    using VoteTraces for VoteTraces.Trace;

    VoteTraces.Trace private ours;
    Checkpoints.Trace208 private theirs;

    /// @dev Each word is a step of the key (mostly none or a few) and a value.
    function test_every_look_up_answers_as_openzeppelins_checkpoints(uint256[] calldata words, uint48 asked) public {
        uint48 key = 1;
        for (uint256 i; i < words.length; ++i) {
            key += uint48(words[i] & 3);
            uint128 votes = uint128(words[i] >> 128);
            uint256 before = ours.push(key, votes);
            (uint208 was,) = theirs.push(key, votes);
            assertEq(before, was);
            assertEq(ours.latest(), votes);
        }
        assertEq(ours.length(), theirs.length());
        assertEq(ours.at(asked), theirs.upperLookupRecent(asked));
        for (uint48 k; k <= key + 1; ++k) {
            assertEq(ours.at(k), theirs.upperLookup(k));
        }
    }

    function test_the_largest_key_and_number_fit() public {
        ours.push(1, type(uint128).max);
        ours.push(type(uint48).max, type(uint128).max - 1);
        assertEq(ours.at(type(uint48).max - 1), type(uint128).max);
        assertEq(ours.at(type(uint48).max), type(uint128).max - 1);
        assertEq(ours.at(0), 0);
        assertEq(ours.length(), 2);
    }
}
