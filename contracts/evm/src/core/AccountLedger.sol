// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";

/// @title ERC-6909 balances: pool shares and tokens kept in one ledger
/// @dev An id under 2^64 is a pool's shares, any other the address of a token.
abstract contract AccountLedger is IAccountLedger {
    /// @inheritdoc IAccountLedger
    mapping(address holder => mapping(uint256 id => uint256)) public balanceOf;
    /// @inheritdoc IAccountLedger
    mapping(address holder => mapping(address spender => mapping(uint256 id => uint256))) public allowance;
    /// @inheritdoc IAccountLedger
    mapping(address holder => mapping(address operator => bool)) public isOperator;

    /// @inheritdoc IAccountLedger
    function transfer(address to, uint256 id, uint256 amount) external returns (bool) {
        _move(msg.sender, to, id, amount);
        return true;
    }

    /// @inheritdoc IAccountLedger
    function transferFrom(address from, address to, uint256 id, uint256 amount) external returns (bool) {
        if (from != msg.sender && !isOperator[from][msg.sender]) {
            uint256 allowed = allowance[from][msg.sender][id];
            if (allowed != type(uint256).max) {
                if (allowed < amount) revert InsufficientAllowance(allowed);
                unchecked {
                    allowance[from][msg.sender][id] = allowed - amount;
                }
            }
        }
        _move(from, to, id, amount);
        return true;
    }

    /// @inheritdoc IAccountLedger
    function approve(address spender, uint256 id, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender][id] = amount;
        emit Approval(msg.sender, spender, id, amount);
        return true;
    }

    /// @inheritdoc IAccountLedger
    function setOperator(address operator, bool approved) external returns (bool) {
        isOperator[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @inheritdoc IAccountLedger
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == 0x0f632fb3 || interfaceId == 0x01ffc9a7; // ERC-6909, ERC-165
    }

    function _credit(address to, uint256 id, uint256 amount) internal {
        balanceOf[to][id] += amount;
        emit Transfer(msg.sender, address(0), to, id, amount);
    }

    function _debit(address from, uint256 id, uint256 amount) internal {
        _lower(from, id, amount);
        emit Transfer(msg.sender, from, address(0), id, amount);
    }

    function _move(address from, address to, uint256 id, uint256 amount) private {
        _lower(from, id, amount);
        balanceOf[to][id] += amount;
        emit Transfer(msg.sender, from, to, id, amount);
    }

    function _lower(address from, uint256 id, uint256 amount) private {
        uint256 held = balanceOf[from][id];
        if (held < amount) revert InsufficientBalance(held);
        unchecked {
            balanceOf[from][id] = held - amount;
        }
    }
}
