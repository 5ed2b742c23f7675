// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {OracleCalls} from "./OracleCalls.sol";

/// @title The uptime feed of a rollup's sequencer
/// @dev While the sequencer is down only those who can force transactions over L1 act on a price; when it comes back, the
/// others first need time to save their positions.
abstract contract SequencerGuard is IOracle {
    /// @notice Chainlink's uptime feed, or zero on a chain without a sequencer.
    address public immutable SEQUENCER_FEED;
    /// @notice Seconds after the sequencer's return in which there is no price.
    uint256 public immutable SEQUENCER_GRACE;

    constructor(address feed, uint256 grace) {
        if ((feed == address(0)) != (grace == 0) || grace > 1 days) revert BadOracleTerms();
        SEQUENCER_FEED = feed;
        SEQUENCER_GRACE = grace;
    }

    function _sequencer() internal view returns (Status) {
        if (SEQUENCER_FEED == address(0)) return Status.Ok;
        (bool ok, bytes memory said) =
            OracleCalls.tryFeed(SEQUENCER_FEED, abi.encodeCall(AggregatorV3Interface.latestRoundData, ()), 5);
        if (!ok) return Status.SequencerDown;
        (, int256 answer, uint256 startedAt) = abi.decode(said, (uint256, int256, uint256));
        // a round that has not begun is an uptime feed that was never told anything
        if (answer != 0 || startedAt == 0) return Status.SequencerDown;
        if (startedAt > block.timestamp || block.timestamp - startedAt < SEQUENCER_GRACE) return Status.SequencerGrace;
        return Status.Ok;
    }
}
