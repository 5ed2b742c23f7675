// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {OracleCalls} from "./OracleCalls.sol";

/// @title The price of one asset in another, of two prices in the same unit
/// @notice The low price is the low one of the base over the high one of the quote: a doubt about either counts against
/// whoever owes the quote.
contract PairOracle is IOracle {
    uint256 private constant ONE = 1e36;

    IOracle public immutable BASE;
    IOracle public immutable QUOTE;

    constructor(IOracle base, IOracle quote) {
        if (address(base).code.length == 0 || address(quote).code.length == 0) revert BadOracleTerms();
        BASE = base;
        QUOTE = quote;
    }

    /// @inheritdoc IOracle
    function price() external view returns (uint256 low, uint256 high, Status status) {
        (uint256 baseLow, uint256 baseHigh, Status baseStatus) = OracleCalls.tryPrice(BASE);
        if (baseStatus != Status.Ok) return (0, 0, baseStatus);
        (uint256 quoteLow, uint256 quoteHigh, Status quoteStatus) = OracleCalls.tryPrice(QUOTE);
        if (quoteStatus != Status.Ok) return (0, 0, quoteStatus);
        // the most that a quotient of two prices can be is 2^200 x 10^36: only the low bound of the quote decides whether it fits
        if (baseHigh / quoteLow > OracleCalls.PRICE_MAX / ONE) return (0, 0, Status.OutOfBounds);
        low = Math.mulDiv(baseLow, ONE, quoteHigh);
        high = Math.mulDiv(baseHigh, ONE, quoteLow, Math.Rounding.Ceil);
        if (low == 0 || high > OracleCalls.PRICE_MAX) return (0, 0, Status.OutOfBounds);
    }
}
