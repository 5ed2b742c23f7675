// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../interfaces/IOracle.sol";

/// @title Calls of price sources that may revert, lie about their types or burn their gas
library OracleCalls {
    /// @notice What a foreign feed may use: several times what Chainlink's proxies and Pyth need.
    uint256 internal constant FEED_GAS = 150_000;
    /// @dev What has to be left after a feed used all of it.
    uint256 private constant RESERVE = 20_000;
    uint256 internal constant PRICE_MAX = type(uint200).max;

    /// @notice What one of our own oracles may use where a call must go on whatever it does: a median of nine and more.
    uint256 internal constant ORACLE_GAS = 2_000_000;

    /// @notice Asks a foreign feed. It gets all of `FEED_GAS` or is not asked at all: with less, whoever sends the
    /// transaction could starve a live feed and have it taken for dead.
    function tryFeed(address feed, bytes memory question, uint256 words)
        internal
        view
        returns (bool ok, bytes memory answer)
    {
        if (gasleft() * 63 / 64 < FEED_GAS + RESERVE) revert IOracle.NotEnoughGas();
        (ok, answer) = feed.staticcall{gas: FEED_GAS}(question);
        ok = ok && answer.length >= words * 32;
    }

    /// @notice The low price of one of our own oracles, if it is live. It gets all of `ORACLE_GAS` or is not asked at all,
    /// and what it does with it stops nobody.
    function bounded(IOracle oracle) internal view returns (uint256 price, bool live) {
        if (gasleft() * 63 / 64 < ORACLE_GAS + RESERVE) revert IOracle.NotEnoughGas();
        uint256 high;
        uint256 status;
        assembly ("memory-safe") {
            let ptr := mload(0x40)
            mstore(ptr, shl(224, 0xa035b1fe)) // price()
            live := staticcall(ORACLE_GAS, oracle, ptr, 0x04, ptr, 0x60)
            live := and(live, gt(returndatasize(), 0x5f))
            price := mload(ptr)
            high := mload(add(ptr, 0x20))
            status := mload(add(ptr, 0x40))
        }
        live = live && status == 0 && price != 0 && price <= high && high <= PRICE_MAX;
    }

    /// @notice Asks one of our own oracles. A revert is a dead source, unless it came of too little gas: then it is
    /// passed on. An oracle outside of this folder may not name its want of gas: a 64th is all that is left to us then.
    function tryPrice(IOracle oracle) internal view returns (uint256 low, uint256 high, IOracle.Status status) {
        uint256 gasBefore = gasleft();
        (bool ok, bytes memory answer) = address(oracle).staticcall(abi.encodeCall(IOracle.price, ()));
        if (!ok) {
            if (gasleft() <= gasBefore / 64 || (answer.length == 4 && bytes4(answer) == IOracle.NotEnoughGas.selector)) {
                revert IOracle.NotEnoughGas();
            }
            return (0, 0, IOracle.Status.NoAnswer);
        }
        if (answer.length < 96) return (0, 0, IOracle.Status.NoAnswer);
        uint256 said;
        (low, high, said) = abi.decode(answer, (uint256, uint256, uint256));
        if (said > uint256(type(IOracle.Status).max)) return (0, 0, IOracle.Status.NoAnswer);
        status = IOracle.Status(said);
        if (status != IOracle.Status.Ok) return (0, 0, status);
        if (low == 0 || low > high) return (0, 0, IOracle.Status.NotPositive);
        if (high > PRICE_MAX) return (0, 0, IOracle.Status.OutOfBounds);
    }
}
