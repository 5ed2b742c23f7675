// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../interfaces/IOracle.sol";
import {OracleCalls} from "./OracleCalls.sol";

/// @title The median of several oracles of the same price
/// @notice Of an even number of live sources there is no one in the middle: the two that are there become the low and the
/// high price, and where they are too far apart there is no price. A mean would let one wrong source of two move it.
contract MedianOracle is IOracle {
    uint256 private constant WAD = 1e18;

    /// @notice How many sources have to be live.
    uint256 public immutable MIN_LIVE;
    /// @notice How far the high price may be above the low one, in 10^-18 of the low one.
    uint256 public immutable MAX_SPREAD;
    IOracle[] private _sources;

    constructor(IOracle[] memory list, uint256 minLive, uint256 maxSpread) {
        uint256 count = list.length;
        if (count < 2 || count > 9 || minLive < 2 || minLive > count || maxSpread == 0 || maxSpread >= WAD) {
            revert BadOracleTerms();
        }
        for (uint256 i; i < count; ++i) {
            if (address(list[i]).code.length == 0) revert BadOracleTerms();
            for (uint256 k; k < i; ++k) {
                if (address(list[k]) == address(list[i])) revert BadOracleTerms();
            }
        }
        _sources = list;
        MIN_LIVE = minLive;
        MAX_SPREAD = maxSpread;
    }

    function sources() external view returns (IOracle[] memory) {
        return _sources;
    }

    /// @inheritdoc IOracle
    function price() external view returns (uint256 low, uint256 high, Status status) {
        uint256 count = _sources.length;
        uint256[] memory lows = new uint256[](count);
        uint256[] memory highs = new uint256[](count);
        uint256 live;
        for (uint256 i; i < count; ++i) {
            (uint256 one, uint256 other, Status said) = OracleCalls.tryPrice(_sources[i]);
            if (said != Status.Ok) continue;
            _insert(lows, live, one);
            _insert(highs, live, other);
            ++live;
        }
        if (live < MIN_LIVE) return (0, 0, Status.TooFewSources);
        low = lows[(live - 1) / 2];
        high = highs[live / 2];
        if ((high - low) * WAD > low * MAX_SPREAD) return (0, 0, Status.Uncertain);
    }

    /// @dev Keeps the first `held + 1` entries ascending.
    function _insert(uint256[] memory sorted, uint256 held, uint256 value) private pure {
        uint256 place = held;
        while (place != 0 && sorted[place - 1] > value) {
            sorted[place] = sorted[place - 1];
            --place;
        }
        sorted[place] = value;
    }
}
