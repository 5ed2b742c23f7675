// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MockV3Aggregator} from "@chainlink/local/src/data-feeds/MockV3Aggregator.sol";
import {Test} from "forge-std/Test.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ChainlinkAdapter} from "../../src/oracles/ChainlinkAdapter.sol";
import {OracleCalls} from "../../src/oracles/OracleCalls.sol";

/// @notice A feed that is broken in the way it is told to be.
contract BrokenFeed {
    enum How {
        Reverts,
        BurnsGas,
        SaysTooLittle,
        SaysNothing,
        SaysTooMuch
    }

    uint8 public constant decimals = 8;
    How private immutable _how;

    constructor(How how) {
        _how = how;
    }

    function latestRoundData() external view {
        if (_how == How.Reverts) revert("down");
        if (_how == How.BurnsGas) {
            assembly {
                invalid()
            }
        }
        uint256 size = _how == How.SaysTooLittle ? 159 : _how == How.SaysTooMuch ? 6_000 : 0;
        assembly {
            return(0x80, size)
        }
    }
}

/// @notice A good answer that costs nearly all the gas a feed may use: the 64th that is left to who asks is enough to go on with.
contract HungryFeed {
    uint8 public constant decimals = 8;

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        uint256 gasBefore = gasleft();
        while (gasBefore - gasleft() < 140_000) {}
        return (1, 2000e8, block.timestamp, block.timestamp, 1);
    }
}

contract OracleCaller {
    function ask(IOracle oracle) external view returns (uint256 low, uint256 high, IOracle.Status status) {
        return OracleCalls.tryPrice(oracle);
    }
}

/// @notice Answers with three words of its maker's choice.
contract LyingOracle {
    uint256[3] private _words;
    uint256 private immutable _size;

    constructor(uint256[3] memory words, uint256 size) {
        _words = words;
        _size = size;
    }

    function price() external view {
        bytes memory said = abi.encode(_words);
        uint256 size = _size;
        assembly {
            return(add(said, 32), size)
        }
    }
}

contract ChainlinkTest is Test {
    uint256 private constant NOW = 1_790_000_000;

    MockV3Aggregator private feed;
    MockV3Aggregator private sequencer;

    struct Case {
        string what;
        int256 answer;
        uint256 updatedAt;
        IOracle.Status status;
    }

    function setUp() external {
        vm.warp(NOW);
        feed = new MockV3Aggregator(8, 2000e8);
        sequencer = new MockV3Aggregator(0, 0);
        sequencer.updateRoundData(1, 0, NOW - 1 days, NOW - 1 days);
    }

    function _terms() private view returns (ChainlinkAdapter.Terms memory) {
        return ChainlinkAdapter.Terms({
            feed: address(feed),
            maxAge: 3_600 + 300,
            minAnswer: 1e6,
            maxAnswer: 1e14,
            baseDecimals: 18,
            quoteDecimals: 18,
            sequencerFeed: address(0),
            sequencerGrace: 0,
            secondSource: IOracle(address(0)),
            maxDeviation: 0
        });
    }

    function _check(IOracle oracle, IOracle.Status status, uint256 price, string memory what) private view {
        (uint256 low, uint256 high, IOracle.Status said) = oracle.price();
        assertEq(uint8(said), uint8(status), what);
        assertEq(low, status == IOracle.Status.Ok ? price : 0, what);
        assertEq(high, low, what);
    }

    function test_the_battery_of_answers() external {
        IOracle oracle = new ChainlinkAdapter(_terms());
        Case[14] memory cases = [
            Case("a fresh answer", 2000e8, NOW, IOracle.Status.Ok),
            Case("as old as it may be", 2000e8, NOW - 3_900, IOracle.Status.Ok),
            Case("a second older", 2000e8, NOW - 3_901, IOracle.Status.Stale),
            Case("of the first second there was", 2000e8, 1, IOracle.Status.Stale),
            Case("a round never finished", 2000e8, 0, IOracle.Status.Stale),
            Case("from the future", 2000e8, NOW + 1, IOracle.Status.FromTheFuture),
            Case("from the end of time", 2000e8, type(uint256).max, IOracle.Status.FromTheFuture),
            Case("zero", 0, NOW, IOracle.Status.NotPositive),
            Case("negative", -1, NOW, IOracle.Status.NotPositive),
            Case("the most negative", type(int256).min, NOW, IOracle.Status.NotPositive),
            Case("clamped below", 1e6, NOW, IOracle.Status.OutOfBounds),
            Case("clamped above", 1e14, NOW, IOracle.Status.OutOfBounds),
            Case("the largest", type(int256).max, NOW, IOracle.Status.OutOfBounds),
            Case("zero and stale", 0, 1, IOracle.Status.NotPositive)
        ];
        for (uint256 i; i < cases.length; ++i) {
            feed.updateRoundData(uint80(i + 2), cases[i].answer, cases[i].updatedAt, cases[i].updatedAt);
            _check(oracle, cases[i].status, 2000e36, cases[i].what);
        }
        feed.updateRoundData(99, 1e6 + 1, NOW, NOW);
        _check(oracle, IOracle.Status.Ok, uint256(1e6 + 1) * 1e28, "just above the lower clamp");
        feed.updateRoundData(99, 1e14 - 1, NOW, NOW);
        _check(oracle, IOracle.Status.Ok, uint256(1e14 - 1) * 1e28, "just below the upper clamp");
    }

    function test_a_broken_feed_is_told_by_a_status() external {
        for (uint8 how; how < 4; ++how) {
            ChainlinkAdapter.Terms memory terms = _terms();
            terms.feed = address(new BrokenFeed(BrokenFeed.How(how)));
            _check(new ChainlinkAdapter(terms), IOracle.Status.NoAnswer, 0, "broken");
        }
        ChainlinkAdapter.Terms memory long = _terms();
        long.feed = address(new BrokenFeed(BrokenFeed.How.SaysTooMuch));
        _check(new ChainlinkAdapter(long), IOracle.Status.NotPositive, 0, "an answer of 6,000 zero bytes");
    }

    function test_a_feed_that_is_gone_is_told_by_a_status() external {
        IOracle oracle = new ChainlinkAdapter(_terms());
        vm.etch(address(feed), "");
        _check(oracle, IOracle.Status.NoAnswer, 0, "no code");
    }

    /// @dev Whatever gas is given, a live feed is live or the caller is told to give more.
    function test_no_amount_of_gas_makes_a_live_feed_look_dead(uint256 gasGiven) external {
        ChainlinkAdapter.Terms memory terms = _terms();
        terms.feed = address(new HungryFeed());
        IOracle oracle = new ChainlinkAdapter(terms);
        OracleCaller caller = new OracleCaller();
        gasGiven = bound(gasGiven, 100_000, 250_000);
        try caller.ask{gas: gasGiven}(oracle) returns (uint256 low, uint256, IOracle.Status status) {
            assertEq(uint8(status), uint8(IOracle.Status.Ok));
            assertEq(low, 2000e36);
        } catch (bytes memory said) {
            assertTrue(said.length == 0 || bytes4(said) == IOracle.NotEnoughGas.selector);
        }
    }

    function test_a_feed_that_burns_its_gas_leaves_the_rest() external {
        ChainlinkAdapter.Terms memory terms = _terms();
        terms.feed = address(new BrokenFeed(BrokenFeed.How.BurnsGas));
        IOracle oracle = new ChainlinkAdapter(terms);
        OracleCaller caller = new OracleCaller();
        (,, IOracle.Status status) = caller.ask{gas: 260_000}(oracle);
        assertEq(uint8(status), uint8(IOracle.Status.NoAnswer));
    }

    function test_every_number_of_decimals_comes_out_at_the_same_scale() external {
        uint8[4] memory feeds = [uint8(0), 6, 8, 18];
        uint8[4] memory tokens = [uint8(0), 6, 18, 27];
        for (uint256 i; i < 4; ++i) {
            for (uint256 k; k < 4; ++k) {
                ChainlinkAdapter.Terms memory terms = _terms();
                int256 answer = int256(2000 * 10 ** feeds[i]);
                terms.feed = address(new MockV3Aggregator(feeds[i], answer));
                terms.baseDecimals = tokens[k];
                terms.minAnswer = 0;
                terms.maxAnswer = answer + 1;
                // one whole token is worth 2,000 whole units of eighteen decimals
                uint256 expected = 2000 * 10 ** (36 + 18 - uint256(tokens[k]));
                _check(new ChainlinkAdapter(terms), IOracle.Status.Ok, expected, "decimals");
            }
        }
    }

    function test_the_sequencer_down_back_and_out_of_grace() external {
        ChainlinkAdapter.Terms memory terms = _terms();
        (terms.sequencerFeed, terms.sequencerGrace) = (address(sequencer), 3_600);
        IOracle oracle = new ChainlinkAdapter(terms);
        _check(oracle, IOracle.Status.Ok, 2000e36, "up for a day");
        sequencer.updateRoundData(2, 1, NOW, NOW);
        _check(oracle, IOracle.Status.SequencerDown, 0, "down");
        sequencer.updateRoundData(3, 0, NOW, NOW);
        _check(oracle, IOracle.Status.SequencerGrace, 0, "just back");
        sequencer.updateRoundData(3, 0, NOW, NOW - 3_599);
        _check(oracle, IOracle.Status.SequencerGrace, 0, "a second of grace left");
        sequencer.updateRoundData(3, 0, NOW, NOW - 3_600);
        _check(oracle, IOracle.Status.Ok, 2000e36, "the grace is over");
        sequencer.updateRoundData(4, 0, NOW, NOW + 1);
        _check(oracle, IOracle.Status.SequencerGrace, 0, "back in the future");
        sequencer.updateRoundData(4, 0, 0, 0);
        _check(oracle, IOracle.Status.SequencerDown, 0, "never told anything");
        sequencer.updateRoundData(5, 2, NOW - 1 days, NOW - 1 days);
        _check(oracle, IOracle.Status.SequencerDown, 0, "neither zero nor one");
        vm.etch(address(sequencer), "");
        _check(oracle, IOracle.Status.SequencerDown, 0, "gone");
    }

    function test_the_second_source_must_be_live_and_near() external {
        MockV3Aggregator other = new MockV3Aggregator(8, 2000e8);
        ChainlinkAdapter.Terms memory terms = _terms();
        terms.feed = address(other);
        ChainlinkAdapter second = new ChainlinkAdapter(terms);
        terms = _terms();
        (terms.secondSource, terms.maxDeviation) = (second, 0.02e18);
        IOracle oracle = new ChainlinkAdapter(terms);
        _check(oracle, IOracle.Status.Ok, 2000e36, "equal");
        int256[4] memory answers = [int256(2040e8), 2040e8 + 1, 1960e8, 1960e8 - 1];
        for (uint256 i; i < 4; ++i) {
            feed.updateAnswer(answers[i]);
            _check(
                oracle, i % 2 == 0 ? IOracle.Status.Ok : IOracle.Status.Deviates, uint256(answers[i]) * 1e28, "two percent"
            );
        }
        feed.updateAnswer(2000e8);
        other.updateRoundData(9, 2000e8, NOW - 2 hours, NOW - 2 hours);
        _check(oracle, IOracle.Status.Stale, 0, "the second source is stale");
        vm.etch(address(second), "");
        _check(oracle, IOracle.Status.NoAnswer, 0, "the second source is gone");
    }

    function test_terms_that_guard_nothing_are_refused() external {
        for (uint256 i; i < 13; ++i) {
            ChainlinkAdapter.Terms memory terms = _terms();
            if (i == 0) terms.maxAge = 0;
            if (i == 1) terms.maxAge = 7 days + 1;
            if (i == 2) terms.minAnswer = -1;
            if (i == 3) terms.maxAnswer = terms.minAnswer;
            if (i == 4) terms.maxAnswer = type(int256).max;
            if (i == 5) terms.baseDecimals = 47;
            if (i == 6) (terms.baseDecimals, terms.quoteDecimals) = (0, 36);
            if (i == 7) terms.sequencerFeed = address(sequencer);
            if (i == 8) terms.sequencerGrace = 3_600;
            if (i == 9) (terms.sequencerFeed, terms.sequencerGrace) = (address(sequencer), 1 days + 1);
            if (i == 10) terms.maxDeviation = 0.01e18;
            if (i == 11) terms.secondSource = IOracle(address(feed));
            if (i == 12) (terms.secondSource, terms.maxDeviation) = (IOracle(address(feed)), 1e18);
            vm.expectRevert(IOracle.BadOracleTerms.selector);
            new ChainlinkAdapter(terms);
        }
    }

    function test_an_oracle_that_lies_about_its_types_has_no_price() external {
        OracleCaller caller = new OracleCaller();
        uint256 top = type(uint200).max;
        uint256[3][7] memory words = [
            [uint256(1), 2, 0],
            [uint256(1), 2, 11],
            [uint256(1), 2, type(uint256).max],
            [uint256(0), 2, 0],
            [uint256(3), 2, 0],
            [uint256(1), top + 1, 0],
            [uint256(1), 2, 4]
        ];
        IOracle.Status[7] memory statuses = [
            IOracle.Status.Ok,
            IOracle.Status.NoAnswer,
            IOracle.Status.NoAnswer,
            IOracle.Status.NotPositive,
            IOracle.Status.NotPositive,
            IOracle.Status.OutOfBounds,
            IOracle.Status.Stale
        ];
        for (uint256 i; i < 7; ++i) {
            IOracle oracle = IOracle(address(new LyingOracle(words[i], 96)));
            (uint256 low, uint256 high, IOracle.Status status) = caller.ask(oracle);
            assertEq(uint8(status), uint8(statuses[i]));
            if (status != IOracle.Status.Ok) assertEq(low + high, 0);
        }
        (,, IOracle.Status short) = caller.ask(IOracle(address(new LyingOracle(words[0], 95))));
        assertEq(uint8(short), uint8(IOracle.Status.NoAnswer));
        (,, IOracle.Status none) = caller.ask(IOracle(makeAddr("nobody")));
        assertEq(uint8(none), uint8(IOracle.Status.NoAnswer));
    }
}
