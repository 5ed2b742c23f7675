// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Transfers of tokens that may return nothing
library Tokens {
    error TransferFailed(address token);
    error TokenTakesFee(address token);
    /// @notice `decimals()` is missing or over 18.
    error UnsupportedDecimals(address token);

    /// @notice Takes `amount` from the caller. What arrives must be just that: tokens that take a fee, or change balances by
    /// themselves, are refused by name.
    function take(address token, address from, uint256 amount) internal {
        uint256 before = balanceOfThis(token);
        _call(token, abi.encodeWithSelector(0x23b872dd, from, address(this), amount)); // transferFrom(address,address,uint256)
        unchecked {
            if (balanceOfThis(token) - before != amount) revert TokenTakesFee(token);
        }
    }

    /// @notice Moves `amount` between others, with this contract's allowance.
    function move(address token, address from, address to, uint256 amount) internal {
        _call(token, abi.encodeWithSelector(0x23b872dd, from, to, amount)); // transferFrom(address,address,uint256)
    }

    /// @notice Sets an allowance. From one that is not zero it is set to zero first, as some tokens want it.
    function approve(address token, address spender, uint256 amount) internal {
        if (amount != 0) _call(token, abi.encodeWithSelector(0x095ea7b3, spender, 0)); // approve(address,uint256)
        _call(token, abi.encodeWithSelector(0x095ea7b3, spender, amount));
    }

    /// @notice Gives `amount` away.
    function give(address token, address to, uint256 amount) internal {
        if (amount == 0) return;
        bool ok;
        assembly ("memory-safe") {
            let ptr := mload(0x40)
            mstore(ptr, shl(224, 0xa9059cbb)) // transfer(address,uint256)
            mstore(add(ptr, 0x04), shr(96, shl(96, to)))
            mstore(add(ptr, 0x24), amount)
            mstore(0x00, 1)
            ok := call(gas(), token, 0, ptr, 0x44, 0x00, 0x20)
            // one word that is not true is a no; nothing at all is a yes of a contract that exists
            switch returndatasize()
            case 0 { ok := and(ok, gt(extcodesize(token), 0)) }
            default { ok := and(ok, and(gt(returndatasize(), 31), eq(mload(0x00), 1))) }
        }
        if (!ok) revert TransferFailed(token);
    }

    function decimalsUpTo18(address token) internal view returns (uint256 decimals) {
        (bool ok, bytes memory said) = token.staticcall(abi.encodeWithSelector(0x313ce567)); // decimals()
        if (!ok || said.length < 32) revert UnsupportedDecimals(token);
        decimals = abi.decode(said, (uint256));
        if (decimals > 18) revert UnsupportedDecimals(token);
    }

    function balanceOfThis(address token) internal view returns (uint256 held) {
        bool ok;
        assembly ("memory-safe") {
            mstore(0x00, 0x70a08231) // balanceOf(address)
            mstore(0x20, address())
            ok := and(gt(returndatasize(), 31), staticcall(gas(), token, 0x1c, 0x24, 0x00, 0x20))
            held := mload(0x00)
        }
        if (!ok) revert TransferFailed(token);
    }

    function _call(address token, bytes memory data) private {
        bool ok;
        assembly ("memory-safe") {
            mstore(0x00, 1)
            ok := call(gas(), token, 0, add(data, 0x20), mload(data), 0x00, 0x20)
            // one word that is not true is a no; nothing at all is a yes of a contract that exists
            ok := and(ok, or(and(gt(returndatasize(), 31), eq(mload(0x00), 1)), and(iszero(returndatasize()), gt(extcodesize(token), 0))))
        }
        if (!ok) revert TransferFailed(token);
    }
}
