// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Signatures} from "../../src/libraries/Signatures.sol";

contract Words {
    function wordAt(bytes calldata data, uint256 offset) external pure returns (bytes32) {
        return Signatures.wordAt(data, offset);
    }
}

contract SignatureWordsTest is Test {
    Words private words = new Words();

    function test_a_word_is_the_32_bytes_at_its_offset() public view {
        bytes memory data = abi.encodePacked(uint8(7), keccak256("a word"), uint8(9));
        assertEq(words.wordAt(data, 1), keccak256("a word"));
        assertEq(words.wordAt(data, 0)[0], bytes1(0x07));
        assertEq(words.wordAt(data, 33)[0], bytes1(0x09));
    }

    function testFuzz_each_byte_within_is_that_of_the_data(bytes calldata data, uint256 offset) public view {
        vm.assume(data.length != 0);
        offset = bound(offset, 0, data.length - 1);
        bytes32 word = words.wordAt(data, offset);
        for (uint256 i; i < 32 && offset + i < data.length; ++i) {
            assertEq(word[i], data[offset + i]);
        }
    }
}
