// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {MedianOracle} from "../../src/oracles/MedianOracle.sol";
import {PairOracle} from "../../src/oracles/PairOracle.sol";
import {SetOracle} from "./SetOracle.sol";

contract CompositeTest is Test {
    SetOracle[] private sources;

    function setUp() external {
        for (uint256 i; i < 9; ++i) {
            sources.push(new SetOracle());
        }
    }

    function _median(uint256 count, uint256 minLive) private returns (MedianOracle) {
        IOracle[] memory list = new IOracle[](count);
        for (uint256 i; i < count; ++i) {
            list[i] = sources[i];
        }
        return new MedianOracle(list, minLive, 0.02e18);
    }

    function _check(IOracle oracle, uint256 low, uint256 high, IOracle.Status status) private view {
        (uint256 saidLow, uint256 saidHigh, IOracle.Status said) = oracle.price();
        assertEq(uint8(said), uint8(status));
        assertEq(saidLow, low);
        assertEq(saidHigh, high);
    }

    /* MEDIAN */

    function test_the_one_in_the_middle_counts() external {
        MedianOracle oracle = _median(3, 2);
        assertEq(oracle.sources().length, 3);
        sources[0].set(2e36, 2e36);
        sources[1].set(2000e36, 2000e36);
        sources[2].set(1.99e36, 2.01e36);
        _check(oracle, 2e36, 2.01e36, IOracle.Status.Ok);
    }

    function test_of_two_that_are_left_a_wrong_one_moves_nothing() external {
        MedianOracle oracle = _median(3, 2);
        sources[0].set(1e36, 1e36);
        sources[1].set(1000e36, 1000e36); // a thousand times the price
        sources[2].fail(IOracle.Status.Stale);
        _check(oracle, 0, 0, IOracle.Status.Uncertain);
        sources[1].set(1.01e36, 1.01e36);
        _check(oracle, 1e36, 1.01e36, IOracle.Status.Ok);
        sources[1].set(1.0200001e36, 1.0200001e36);
        _check(oracle, 0, 0, IOracle.Status.Uncertain);
        sources[1].fail(IOracle.Status.NoAnswer);
        _check(oracle, 0, 0, IOracle.Status.TooFewSources);
    }

    function test_a_source_that_is_gone_is_one_less() external {
        MedianOracle oracle = _median(3, 2);
        for (uint256 i; i < 3; ++i) {
            sources[i].set(5e36, 5e36);
        }
        vm.etch(address(sources[1]), "");
        _check(oracle, 5e36, 5e36, IOracle.Status.Ok);
        vm.etch(address(sources[0]), hex"fe");
        (bool ok,) = address(oracle).staticcall{gas: 1e7}(abi.encodeCall(IOracle.price, ()));
        assertFalse(ok); // a source of ours that burns all gas cannot be told from a caller who gave too little
    }

    function test_the_median_is_that_of_the_sorted_prices(uint256[9] memory prices, uint256 count, uint256 dead) external {
        count = bound(count, 2, 9);
        uint256[] memory sorted = new uint256[](count);
        uint256 live;
        for (uint256 i; i < count; ++i) {
            prices[i] = bound(prices[i], 1e36, 1.02e36);
            if (dead >> i & 1 == 1) {
                sources[i].fail(IOracle.Status.Stale);
            } else {
                sources[i].set(prices[i], prices[i]);
                sorted[live++] = prices[i];
            }
        }
        assembly {
            mstore(sorted, live)
        }
        MedianOracle oracle = _median(count, 2);
        if (live < 2) {
            _check(oracle, 0, 0, IOracle.Status.TooFewSources);
            return;
        }
        for (uint256 i; i < live; ++i) {
            for (uint256 k; k + 1 < live - i; ++k) {
                if (sorted[k] > sorted[k + 1]) (sorted[k], sorted[k + 1]) = (sorted[k + 1], sorted[k]);
            }
        }
        _check(oracle, sorted[(live - 1) / 2], sorted[live / 2], IOracle.Status.Ok);
    }

    function test_terms_of_a_median() external {
        IOracle[] memory list = new IOracle[](2);
        (list[0], list[1]) = (IOracle(sources[0]), IOracle(sources[0]));
        vm.expectRevert(IOracle.BadOracleTerms.selector);
        new MedianOracle(list, 2, 0.01e18);
        list[1] = sources[1];
        vm.expectRevert(IOracle.BadOracleTerms.selector);
        new MedianOracle(list, 1, 0.01e18);
        vm.expectRevert(IOracle.BadOracleTerms.selector);
        new MedianOracle(list, 3, 0.01e18);
        vm.expectRevert(IOracle.BadOracleTerms.selector);
        new MedianOracle(list, 2, 0);
        vm.expectRevert(IOracle.BadOracleTerms.selector);
        new MedianOracle(list, 2, 1e18);
        list[1] = IOracle(makeAddr("nobody"));
        vm.expectRevert(IOracle.BadOracleTerms.selector);
        new MedianOracle(list, 2, 0.01e18);
        vm.expectRevert(IOracle.BadOracleTerms.selector);
        new MedianOracle(new IOracle[](1), 1, 0.01e18);
    }

    /* PAIR */

    function test_doubts_about_either_side_lower_the_low_price() external {
        PairOracle oracle = new PairOracle(sources[0], sources[1]);
        sources[0].set(1980e36, 2020e36);
        sources[1].set(99e36, 101e36);
        _check(oracle, uint256(1980e36) * 1e36 / 101e36, uint256(2020e36) * 1e36 / 99e36 + 1, IOracle.Status.Ok);
        sources[1].fail(IOracle.Status.SequencerDown);
        _check(oracle, 0, 0, IOracle.Status.SequencerDown);
        sources[0].fail(IOracle.Status.Deviates);
        _check(oracle, 0, 0, IOracle.Status.Deviates);
    }

    function test_no_two_prices_make_a_pair_revert(uint256 base, uint256 quote) external {
        base = bound(base, 1, type(uint200).max);
        quote = bound(quote, 1, type(uint200).max);
        sources[0].set(base, base);
        sources[1].set(quote, quote);
        (uint256 low, uint256 high, IOracle.Status status) = new PairOracle(sources[0], sources[1]).price();
        if (status == IOracle.Status.Ok) {
            assertGt(low, 0);
            assertLe(high - low, 1);
            assertLe(high, type(uint200).max);
        } else {
            assertEq(uint8(status), uint8(IOracle.Status.OutOfBounds));
        }
    }
}
