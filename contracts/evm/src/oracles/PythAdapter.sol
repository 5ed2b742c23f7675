// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {OracleCalls} from "./OracleCalls.sol";
import {SequencerGuard} from "./SequencerGuard.sol";

/// @title One Pyth feed as an oracle
/// @notice The interval of confidence becomes the low and the high price. Prices are pulled: `update` takes them in, in
/// the transaction that uses them.
contract PythAdapter is SequencerGuard {
    struct Terms {
        IPyth pyth;
        bytes32 id;
        uint256 maxAge;
        /// Seconds by which a publisher's clock may be ahead of the block's.
        uint256 maxAhead;
        /// Of the price, in 10^-18: a wider interval is refused.
        uint256 maxConfidence;
        /// From the feed's own moving average, in 10^-18; zero: not compared.
        uint256 maxDeviation;
        /// In this oracle's scale; both are refused, as is all beyond.
        uint256 minPrice;
        uint256 maxPrice;
        uint8 baseDecimals;
        uint8 quoteDecimals;
        address sequencerFeed;
        uint256 sequencerGrace;
    }

    uint256 private constant WAD = 1e18;

    IPyth public immutable PYTH;
    bytes32 public immutable ID;
    uint256 public immutable MAX_AGE;
    uint256 public immutable MAX_AHEAD;
    uint256 public immutable MAX_CONFIDENCE;
    uint256 public immutable MAX_DEVIATION;
    uint256 public immutable MIN_PRICE;
    uint256 public immutable MAX_PRICE;
    /// @notice 36 + quote - base decimals: the feed's exponent comes on top of it.
    int256 public immutable EXPONENT;

    error RefundFailed();

    constructor(Terms memory terms) SequencerGuard(terms.sequencerFeed, terms.sequencerGrace) {
        int256 exponent = 36 + int256(uint256(terms.quoteDecimals)) - int256(uint256(terms.baseDecimals));
        if (
            address(terms.pyth).code.length == 0 || terms.maxAge == 0 || terms.maxAge > 7 days || terms.maxAhead > 60
                || terms.maxConfidence == 0 || terms.maxConfidence > WAD / 10 || terms.maxDeviation >= WAD
                || terms.maxPrice <= terms.minPrice || terms.maxPrice > OracleCalls.PRICE_MAX || exponent < 0 || exponent > 60
        ) revert BadOracleTerms();
        PYTH = terms.pyth;
        ID = terms.id;
        MAX_AGE = terms.maxAge;
        MAX_AHEAD = terms.maxAhead;
        MAX_CONFIDENCE = terms.maxConfidence;
        MAX_DEVIATION = terms.maxDeviation;
        MIN_PRICE = terms.minPrice;
        MAX_PRICE = terms.maxPrice;
        EXPONENT = exponent;
    }

    /// @notice Takes prices in and gives back what was sent beyond Pyth's fee.
    function update(bytes[] calldata prices) external payable {
        uint256 fee = PYTH.getUpdateFee(prices);
        PYTH.updatePriceFeeds{value: fee}(prices);
        uint256 rest = address(this).balance;
        if (rest != 0) {
            (bool ok,) = msg.sender.call{value: rest}("");
            if (!ok) revert RefundFailed();
        }
    }

    /// @inheritdoc IOracle
    function price() external view returns (uint256 low, uint256 high, Status status) {
        status = _sequencer();
        if (status != Status.Ok) return (0, 0, status);
        uint256 value;
        uint256 confidence;
        (value, confidence, status) = _read(abi.encodeCall(IPyth.getPriceUnsafe, (ID)));
        if (status == Status.Ok && MAX_DEVIATION != 0) status = _compare(value);
        if (status == Status.Ok) (low, high) = (value - confidence, value + confidence);
    }

    function _compare(uint256 value) private view returns (Status) {
        (uint256 average,, Status status) = _read(abi.encodeCall(IPyth.getEmaPriceUnsafe, (ID)));
        if (status != Status.Ok) return status;
        uint256 apart = value > average ? value - average : average - value;
        return apart * WAD > average * MAX_DEVIATION ? Status.Deviates : Status.Ok;
    }

    /// @dev With Status.Ok the sum of value and confidence is within `MAX_PRICE` and 10 % of it.
    function _read(bytes memory question) private view returns (uint256 value, uint256 confidence, Status status) {
        (bool ok, bytes memory said) = OracleCalls.tryFeed(address(PYTH), question, 4);
        if (!ok) return (0, 0, Status.NoAnswer);
        (int256 answer, uint256 width, int256 exponent, uint256 publishTime) =
            abi.decode(said, (int256, uint256, int256, uint256));
        if (answer <= 0) return (0, 0, Status.NotPositive);
        if (answer > type(int64).max || width > type(uint64).max || exponent < -40 || exponent > 10) {
            return (0, 0, Status.OutOfBounds);
        }
        if (publishTime > block.timestamp + MAX_AHEAD) return (0, 0, Status.FromTheFuture);
        if (publishTime < block.timestamp && block.timestamp - publishTime > MAX_AGE) return (0, 0, Status.Stale);
        // of the raw figures, so that no scaling can hide a wide interval
        if (width * WAD > uint256(answer) * MAX_CONFIDENCE) return (0, 0, Status.Uncertain);
        int256 power = EXPONENT + exponent;
        if (power > 50) return (0, 0, Status.OutOfBounds);
        if (power >= 0) {
            uint256 scale = 10 ** uint256(power);
            (value, confidence) = (uint256(answer) * scale, width * scale);
        } else {
            uint256 scale = 10 ** uint256(-power);
            (value, confidence) = (uint256(answer) / scale, (width + scale - 1) / scale);
        }
        if (value <= MIN_PRICE || value >= MAX_PRICE || confidence >= value) return (0, 0, Status.OutOfBounds);
    }
}
