// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Tokens} from "./Tokens.sol";

/// @title Many transfers of one token
library BatchTransfers {
    /// @notice Gives each of `recipients` its amount, and returns the sum, which wraps at 2^256: compare it with what
    /// was taken. Each transfer is held to what `Tokens.give` asks of one; the call data is built once for all.
    /// @dev Lengths must be equal: the caller checks.
    function giveAll(address token, address[] calldata recipients, uint256[] calldata amounts)
        internal
        returns (uint256 sum)
    {
        bool ok = true;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, shl(224, 0xa9059cbb)) // transfer(address,uint256)
            let to := recipients.offset
            let end := add(to, shl(5, recipients.length))
            let distance := sub(amounts.offset, to)
            for {} lt(to, end) { to := add(to, 0x20) } {
                let recipient := calldataload(to)
                let amount := calldataload(add(to, distance))
                sum := add(sum, amount)
                mstore(add(data, 0x04), recipient)
                mstore(add(data, 0x24), amount)
                mstore(0x00, 1)
                let done := call(gas(), token, 0, data, 0x44, 0x00, 0x20)
                // a word that is not one is a no, nothing at all is a yes, and dirty bits are no address
                let size := returndatasize()
                done := and(done, or(and(gt(size, 31), eq(mload(0x00), 1)), iszero(size)))
                if iszero(and(done, iszero(shr(160, recipient)))) {
                    ok := 0
                    break
                }
            }
            ok := and(ok, gt(extcodesize(token), 0))
        }
        if (!ok) revert Tokens.TransferFailed(token);
    }
}
