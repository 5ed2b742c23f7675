// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMemeToken} from "./IMemeToken.sol";

/// @title Makes tokens of one template, from parameters that analytics proposed
/// @notice Nothing here owns a token: a generator that is gone changes nothing for the tokens it made.
interface ITokenGenerator {
    /// @param salt The creator's, once each: with it a token's address is known before.
    /// @param snapshotHash Of the analytics from which the parameters came. The chain keeps it and judges nothing.
    /// @param recipient Of the initial supply, or of what of it does not go into a pool.
    struct Creation {
        bytes32 salt;
        bytes32 snapshotHash;
        address recipient;
        IMemeToken.Parameters token;
    }

    /// @param tokenAmount How much of the initial supply goes into the pool.
    /// @param quoteAmount Taken from the caller.
    /// @param weight Of the new token, in units of 1e-18.
    /// @param unlockTime When `beneficiary` may take the shares; the largest number: never.
    struct Pool {
        address quoteToken;
        uint256 tokenAmount;
        uint256 quoteAmount;
        uint256 weight;
        uint256 fee;
        address beneficiary;
        uint256 unlockTime;
    }

    /// @notice Of each item of a batch: the token, or why there is none.
    struct Outcome {
        address token;
        bytes failure;
    }

    event TokenGenerated(
        address indexed token,
        address indexed creator,
        bytes32 indexed snapshotHash,
        address recipient,
        IMemeToken.Parameters parameters
    );
    event GenerationFailed(address indexed creator, uint256 index, bytes failure);
    event PoolOpened(address indexed token, uint256 indexed pool, uint256 lock, uint256 shares);

    error InvalidParameters();
    error NotATimelock(address minter);
    error SaltUsed();
    error NotSelf();
    error Reentered();

    function generate(Creation calldata creation) external returns (address token);

    /// @notice Makes what can be made: one bad item stops no other.
    function generateBatch(Creation[] calldata creations) external returns (Outcome[] memory outcomes);

    /// @notice Makes a token and at once a weighted pool of it, whose shares are locked.
    function generateWithPool(Creation calldata creation, Pool calldata pool)
        external
        returns (address token, uint256 poolId, uint256 lock);

    function tokenOf(address creator, Creation calldata creation) external view returns (address);
}
