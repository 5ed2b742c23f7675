// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../../src/interfaces/IOracle.sol";

/// @notice A source that says what it is told to.
contract SetOracle is IOracle {
    uint256 private _low;
    uint256 private _high;
    Status private _status;

    function set(uint256 low, uint256 high) external {
        (_low, _high, _status) = (low, high, Status.Ok);
    }

    function fail(Status status) external {
        (_low, _high, _status) = (0, 0, status);
    }

    function price() external view returns (uint256, uint256, Status) {
        return (_low, _high, _status);
    }
}
