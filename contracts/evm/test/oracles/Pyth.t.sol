// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MockPyth} from "@pythnetwork/pyth-sdk-solidity/MockPyth.sol";
import {Test} from "forge-std/Test.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {PythAdapter} from "../../src/oracles/PythAdapter.sol";

/// @notice Pyth's own mock behind the adapter.
contract PythTest is Test {
    uint256 private constant NOW = 1_790_000_000;
    bytes32 private constant ID = keccak256("ETH/USD");

    MockPyth private pyth;
    PythAdapter private oracle;

    struct Case {
        string what;
        int64 price;
        uint64 width;
        int32 exponent;
        int64 average;
        IOracle.Status status;
    }

    function setUp() external {
        vm.warp(NOW);
        pyth = new MockPyth(60, 3);
        oracle = new PythAdapter(_terms());
    }

    function _terms() private view returns (PythAdapter.Terms memory) {
        return PythAdapter.Terms({
            pyth: pyth,
            id: ID,
            maxAge: 60,
            maxAhead: 5,
            maxConfidence: 0.01e18,
            maxDeviation: 0.05e18,
            minPrice: 1e36,
            maxPrice: 1e6 * 1e36,
            baseDecimals: 18,
            quoteDecimals: 18,
            sequencerFeed: address(0),
            sequencerGrace: 0
        });
    }

    function _data(int64 price, uint64 width, int32 exponent, int64 average, uint256 time)
        private
        view
        returns (bytes[] memory data)
    {
        data = new bytes[](1);
        data[0] = pyth.createPriceFeedUpdateData(ID, price, width, exponent, average, width, uint64(time), 0);
    }

    function _status(IOracle of_) private view returns (IOracle.Status status) {
        (,, status) = of_.price();
    }

    function test_a_feed_never_told_anything_has_no_answer() external view {
        assertEq(uint8(_status(oracle)), uint8(IOracle.Status.NoAnswer));
    }

    function test_an_update_and_a_price_in_one_transaction_with_the_rest_given_back() external {
        vm.deal(address(this), 10);
        oracle.update{value: 10}(_data(2000e8, 10e8, -8, 2000e8, NOW));
        assertEq(address(this).balance, 7);
        (uint256 low, uint256 high, IOracle.Status status) = oracle.price();
        assertEq(uint8(status), uint8(IOracle.Status.Ok));
        assertEq(low, 1990e36);
        assertEq(high, 2010e36);
        bytes[] memory next = _data(2001e8, 10e8, -8, 2000e8, NOW + 1);
        vm.expectRevert();
        oracle.update{value: 2}(next);
    }

    function test_the_battery_of_answers() external {
        Case[13] memory cases = [
            Case("as it should be", 2000e8, 1e8, -8, 2000e8, IOracle.Status.Ok),
            Case("as wide as it may be", 2000e8, 20e8, -8, 2000e8, IOracle.Status.Ok),
            Case("wider", 2000e8, 20e8 + 1, -8, 2000e8, IOracle.Status.Uncertain),
            Case("zero", 0, 1, -8, 2000e8, IOracle.Status.NotPositive),
            Case("negative", -1, 1, -8, 2000e8, IOracle.Status.NotPositive),
            Case("five percent above the average", 2100e8, 1e8, -8, 2000e8, IOracle.Status.Ok),
            Case("more", 2100e8 + 1, 1e8, -8, 2000e8, IOracle.Status.Deviates),
            Case("more below", 1900e8 - 1, 1e8, -8, 2000e8, IOracle.Status.Deviates),
            Case("no average", 2000e8, 1e8, -8, 0, IOracle.Status.NotPositive),
            Case("below the bound", 1e8, 0, -8, 1e8, IOracle.Status.OutOfBounds),
            Case("above the bound", 1e14, 0, -8, 1e14, IOracle.Status.OutOfBounds),
            Case("an exponent of eleven", 2, 0, 11, 2, IOracle.Status.OutOfBounds),
            Case("an exponent of minus forty-one", 2000e8, 0, -41, 2000e8, IOracle.Status.OutOfBounds)
        ];
        for (uint256 i; i < cases.length; ++i) {
            vm.warp(NOW + i);
            pyth.updatePriceFeeds{value: 3}(
                _data(cases[i].price, cases[i].width, cases[i].exponent, cases[i].average, NOW + i)
            );
            assertEq(uint8(_status(oracle)), uint8(cases[i].status), cases[i].what);
        }
    }

    function test_the_age_of_an_answer() external {
        pyth.updatePriceFeeds{value: 3}(_data(2000e8, 1e8, -8, 2000e8, NOW));
        vm.warp(NOW + 60);
        assertEq(uint8(_status(oracle)), uint8(IOracle.Status.Ok));
        vm.warp(NOW + 61);
        assertEq(uint8(_status(oracle)), uint8(IOracle.Status.Stale));
        vm.warp(NOW - 5);
        assertEq(uint8(_status(oracle)), uint8(IOracle.Status.Ok));
        vm.warp(NOW - 6);
        assertEq(uint8(_status(oracle)), uint8(IOracle.Status.FromTheFuture));
    }

    function test_every_exponent_comes_out_at_the_same_scale() external {
        for (int32 exponent = -15; exponent <= 0; ++exponent) {
            vm.warp(NOW + uint32(exponent + 15));
            int64 price = int64(int256(2000 * 10 ** uint32(-exponent)));
            uint64 width = uint64(price) / 1000;
            pyth.updatePriceFeeds{value: 3}(_data(price, width, exponent, price, NOW + uint32(exponent + 15)));
            (uint256 low, uint256 high, IOracle.Status status) = oracle.price();
            assertEq(uint8(status), uint8(IOracle.Status.Ok));
            assertEq(low, 1998e36);
            assertEq(high, 2002e36);
        }
    }

    function test_no_answer_makes_it_revert(int64 price, uint64 width, int32 exponent, int64 average, uint64 time) external {
        time = uint64(bound(time, 1, type(uint64).max));
        pyth.updatePriceFeeds{value: 3}(_data(price, width, exponent, average, time));
        (uint256 low, uint256 high, IOracle.Status status) = oracle.price();
        if (status == IOracle.Status.Ok) {
            assertGt(low, 0);
            assertLe(low, high);
        } else {
            assertEq(low + high, 0);
        }
    }

    function test_a_pyth_that_is_gone_or_burns_its_gas() external {
        vm.etch(address(pyth), hex"fe");
        assertEq(uint8(_status(oracle)), uint8(IOracle.Status.NoAnswer));
        vm.etch(address(pyth), "");
        assertEq(uint8(_status(oracle)), uint8(IOracle.Status.NoAnswer));
    }

    function test_terms_that_guard_nothing_are_refused() external {
        for (uint256 i; i < 11; ++i) {
            PythAdapter.Terms memory terms = _terms();
            if (i == 0) terms.maxAge = 0;
            if (i == 1) terms.maxAge = 7 days + 1;
            if (i == 2) terms.maxAhead = 61;
            if (i == 3) terms.maxConfidence = 0;
            if (i == 4) terms.maxConfidence = 0.1e18 + 1;
            if (i == 5) terms.maxDeviation = 1e18;
            if (i == 6) terms.maxPrice = terms.minPrice;
            if (i == 7) terms.maxPrice = uint256(type(uint200).max) + 1;
            if (i == 8) terms.baseDecimals = 55;
            if (i == 9) terms.sequencerGrace = 1;
            if (i == 10) terms.pyth = MockPyth(makeAddr("nobody"));
            vm.expectRevert(IOracle.BadOracleTerms.selector);
            new PythAdapter(terms);
        }
    }

    receive() external payable {}
}
