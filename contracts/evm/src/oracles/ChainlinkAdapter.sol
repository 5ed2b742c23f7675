// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {OracleCalls} from "./OracleCalls.sol";
import {SequencerGuard} from "./SequencerGuard.sol";

/// @title One Chainlink feed as an oracle
/// @dev `answeredInRound` is not looked at: it is deprecated and says nothing that the time of the answer does not.
contract ChainlinkAdapter is SequencerGuard {
    struct Terms {
        address feed;
        /// Seconds: the feed's own heartbeat and some slack.
        uint256 maxAge;
        /// The answers at which the aggregator clamps; both are refused, as is all beyond.
        int256 minAnswer;
        int256 maxAnswer;
        uint8 baseDecimals;
        uint8 quoteDecimals;
        address sequencerFeed;
        uint256 sequencerGrace;
        /// A second source of the same price, or zero. Where one is named it must be live.
        IOracle secondSource;
        /// How far the two may be apart, in 10^-18.
        uint256 maxDeviation;
    }

    uint256 private constant WAD = 1e18;

    address public immutable FEED;
    uint256 public immutable MAX_AGE;
    int256 public immutable MIN_ANSWER;
    int256 public immutable MAX_ANSWER;
    /// @notice What an answer is multiplied by: 10^(36 + quote - base - feed decimals).
    uint256 public immutable SCALE;
    IOracle public immutable SECOND_SOURCE;
    uint256 public immutable MAX_DEVIATION;

    constructor(Terms memory terms) SequencerGuard(terms.sequencerFeed, terms.sequencerGrace) {
        uint256 feedDecimals = AggregatorV3Interface(terms.feed).decimals();
        uint256 up = 36 + uint256(terms.quoteDecimals);
        uint256 down = terms.baseDecimals + feedDecimals;
        if (up < down || up - down > 60) revert BadOracleTerms();
        uint256 scale = 10 ** (up - down);
        if (
            terms.maxAge == 0 || terms.maxAge > 7 days || terms.minAnswer < 0 || terms.maxAnswer <= terms.minAnswer
                || uint256(terms.maxAnswer) > OracleCalls.PRICE_MAX / scale
                || (address(terms.secondSource) == address(0)) != (terms.maxDeviation == 0) || terms.maxDeviation >= WAD
        ) revert BadOracleTerms();
        FEED = terms.feed;
        MAX_AGE = terms.maxAge;
        MIN_ANSWER = terms.minAnswer;
        MAX_ANSWER = terms.maxAnswer;
        SCALE = scale;
        SECOND_SOURCE = terms.secondSource;
        MAX_DEVIATION = terms.maxDeviation;
    }

    /// @inheritdoc IOracle
    function price() external view returns (uint256 low, uint256 high, Status status) {
        status = _sequencer();
        if (status != Status.Ok) return (0, 0, status);
        uint256 value;
        (value, status) = _answer();
        if (status == Status.Ok && address(SECOND_SOURCE) != address(0)) status = _compare(value);
        if (status == Status.Ok) (low, high) = (value, value);
    }

    function _answer() private view returns (uint256 value, Status status) {
        (bool ok, bytes memory said) =
            OracleCalls.tryFeed(FEED, abi.encodeCall(AggregatorV3Interface.latestRoundData, ()), 5);
        if (!ok) return (0, Status.NoAnswer);
        (, int256 answer,, uint256 updatedAt) = abi.decode(said, (uint256, int256, uint256, uint256));
        if (answer <= 0) return (0, Status.NotPositive);
        if (answer <= MIN_ANSWER || answer >= MAX_ANSWER) return (0, Status.OutOfBounds);
        if (updatedAt > block.timestamp) return (0, Status.FromTheFuture);
        if (updatedAt == 0 || block.timestamp - updatedAt > MAX_AGE) return (0, Status.Stale);
        return (uint256(answer) * SCALE, Status.Ok);
    }

    function _compare(uint256 value) private view returns (Status status) {
        uint256 low;
        uint256 high;
        (low, high, status) = OracleCalls.tryPrice(SECOND_SOURCE);
        if (status != Status.Ok) return status;
        // the prices are below 2^200: a factor of 2 x 10^18 leaves no way to overflow
        bool far = value * WAD < low * (WAD - MAX_DEVIATION) || value * WAD > high * (WAD + MAX_DEVIATION);
        return far ? Status.Deviates : Status.Ok;
    }
}
