// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../../src/interfaces/IOracle.sol";

/// @dev A thermometer, in the form of an oracle: kelvins times 10^36 with an uncertainty on both sides.
contract Thermometer is IOracle {
    uint256 public low;
    uint256 public high;
    Status public status;

    function set(uint256 low_, uint256 high_, Status status_) external {
        (low, high, status) = (low_, high_, status_);
    }

    function price() external view returns (uint256, uint256, Status) {
        return status == Status.Ok ? (low, high, status) : (0, 0, status);
    }
}
