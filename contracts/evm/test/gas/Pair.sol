// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Coin} from "./Coin.sol";

/// @notice The two tokens that peers trade, in the order of their addresses, and who gets them: a holder of one unit of each,
/// so that no trade pays for a new one.
abstract contract Pair {
    address internal constant TO = address(0xBEEF);

    Coin internal token0;
    Coin internal token1;

    function _coin() internal {
        (Coin a, Coin b) = (new Coin(), new Coin());
        (token0, token1) = address(a) < address(b) ? (a, b) : (b, a);
        token0.mint(TO, 1);
        token1.mint(TO, 1);
    }

    /// @dev What this contract has, `spender` may take.
    function _fund(address spender) internal {
        token0.mint(address(this), 1e30);
        token1.mint(address(this), 1e30);
        token0.approve(spender, type(uint256).max);
        token1.approve(spender, type(uint256).max);
    }
}
