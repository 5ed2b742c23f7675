// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A price with a status, scaled once
/// @notice What one base unit of the base asset is worth in base units of the quote asset, times 10^36. Whatever is wrong
/// with a source is told by the status, never by a revert, so that a contract that asks can go on with what needs no price.
interface IOracle {
    enum Status {
        Ok,
        /// @dev The source reverted, is not a contract, or answered with too few bytes.
        NoAnswer,
        NotPositive,
        /// @dev At or beyond the bounds at which the source would clamp.
        OutOfBounds,
        Stale,
        FromTheFuture,
        SequencerDown,
        /// @dev The sequencer is back, but borrowers have not had the grace time to act.
        SequencerGrace,
        /// @dev The confidence interval, or the spread of several sources, is too wide.
        Uncertain,
        /// @dev Too far from the second source or from the source's own moving average.
        Deviates,
        TooFewSources
    }

    /// @notice The caller gave so little gas that a live source would look dead.
    error NotEnoughGas();
    error BadOracleTerms();

    /// @return low The least the base may be worth: collateral is valued by it.
    /// @return high The most it may be worth: debts are valued by it.
    /// @return status Both prices are zero unless it is `Ok`; then 0 < low <= high <= 2^200 - 1.
    function price() external view returns (uint256 low, uint256 high, Status status);
}
