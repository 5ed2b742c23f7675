// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../../src/interfaces/IOracle.sol";

/// @notice Stands in for an oracle where any price has to be possible: zero is a dead one.
contract PriceStandIn is IOracle {
    uint256 public value;

    function set(uint256 value_) external {
        value = value_;
    }

    function price() external view returns (uint256 low, uint256 high, Status status) {
        return (value, value, value == 0 ? Status.Stale : Status.Ok);
    }
}
