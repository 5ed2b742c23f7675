// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {SyntheticVault} from "../synthetics/SyntheticVault.sol";

/// @title Moves a position from one vault to another of the same collateral in one call
/// @notice The caller makes this contract his operator in both vaults, gives it an allowance of the old synthetic, and takes
/// both back when he is done. It acts for its caller alone and keeps nothing between calls.
contract VaultMigrator {
    struct Migration {
        SyntheticVault from;
        SyntheticVault to;
        /// The most of the old synthetic that is burned; what the debt does not need stays with the caller.
        uint256 maxBurn;
        uint256 collateral;
        /// Of the new synthetic; zero: none.
        uint256 amount;
        uint256 deadline;
    }

    error DifferentCollateral(address from, address to);
    error Expired(uint256 deadline);
    error NotMoved(uint256 expected, uint256 moved);
    error SameVault();

    event Migrated(
        address indexed account, address indexed from, address indexed to, uint256 burned, uint256 collateral, uint256 amount
    );

    /// @notice Burns the old synthetic, takes the collateral out, puts it into the new vault and mints the new synthetic to the
    /// caller. Of a whole position, or of one with as much collateral for each unit of debt, it needs no price of the old vault.
    function migrate(Migration calldata m) external returns (uint256 burned) {
        if (block.timestamp > m.deadline) revert Expired(m.deadline);
        if (address(m.from) == address(m.to)) revert SameVault();
        address collateral = m.from.COLLATERAL();
        if (collateral != m.to.COLLATERAL()) revert DifferentCollateral(collateral, m.to.COLLATERAL());
        (, uint256 debt) = m.from.positionOf(msg.sender);
        uint256 pay = m.maxBurn < debt ? m.maxBurn : debt;
        if (pay != 0) Tokens.take(address(m.from.SYNTHETIC()), msg.sender, pay);
        uint256 before = Tokens.balanceOfThis(collateral);
        burned = m.from.burnAndWithdraw(msg.sender, pay, m.collateral, address(this));
        if (burned != pay) revert NotMoved(pay, burned);
        // measured, since the vaults are the caller's choice: nobody else's collateral is ever here, and none is left
        uint256 moved = Tokens.balanceOfThis(collateral) - before;
        if (moved != m.collateral) revert NotMoved(m.collateral, moved);
        _approve(collateral, address(m.to), moved);
        if (m.amount == 0) m.to.deposit(msg.sender, moved);
        else m.to.depositAndMint(msg.sender, moved, m.amount, msg.sender);
        if (Tokens.balanceOfThis(collateral) != before) {
            revert NotMoved(moved, before + moved - Tokens.balanceOfThis(collateral));
        }
        emit Migrated(msg.sender, address(m.from), address(m.to), burned, moved, m.amount);
    }

    /// @dev Tokens that return nothing are taken, too; whether it worked is seen by the deposit.
    function _approve(address token, address spender, uint256 amount) private {
        (bool ok,) = token.call(abi.encodeCall(IERC20.approve, (spender, amount)));
        if (!ok) revert Tokens.TransferFailed(token);
    }
}
