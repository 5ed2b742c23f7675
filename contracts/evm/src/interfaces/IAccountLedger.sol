// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ERC-6909: balances of many ids in one contract
interface IAccountLedger {
    event Transfer(address caller, address indexed from, address indexed to, uint256 indexed id, uint256 amount);
    event Approval(address indexed owner, address indexed spender, uint256 indexed id, uint256 amount);
    event OperatorSet(address indexed owner, address indexed spender, bool approved);

    error InsufficientBalance(uint256 balance);
    error InsufficientAllowance(uint256 allowance);

    function balanceOf(address owner, uint256 id) external view returns (uint256);

    function allowance(address owner, address spender, uint256 id) external view returns (uint256);

    function isOperator(address owner, address spender) external view returns (bool);

    function transfer(address to, uint256 id, uint256 amount) external returns (bool);

    function transferFrom(address from, address to, uint256 id, uint256 amount) external returns (bool);

    function approve(address spender, uint256 id, uint256 amount) external returns (bool);

    /// @notice An operator may move all that the caller has, of every id.
    function setOperator(address spender, bool approved) external returns (bool);

    function supportsInterface(bytes4 interfaceId) external pure returns (bool);
}
