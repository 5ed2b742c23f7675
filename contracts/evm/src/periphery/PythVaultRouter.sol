// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {PythAdapter} from "../oracles/PythAdapter.sol";
import {SyntheticVault} from "../synthetics/SyntheticVault.sol";

/// @title Prices brought and used in one transaction
/// @notice For vaults over Pyth, whose price is as new as whoever last brought it. The caller makes this contract his operator
/// in the vault and gives it allowances; it acts for its caller alone and keeps nothing between calls. Ways out that need no
/// price do not come through here.
contract PythVaultRouter {
    error NotKept(address token);
    error RefundFailed();

    /// @notice Pyth's fee is paid out of what is sent; the rest comes back.
    function updateAndDepositAndMint(
        PythAdapter adapter,
        bytes[] calldata prices,
        SyntheticVault vault,
        uint256 collateralAmount,
        uint256 amount,
        address receiver
    ) external payable {
        _update(adapter, prices);
        if (collateralAmount == 0) {
            vault.mintSynthetic(msg.sender, amount, receiver);
            return;
        }
        address collateral = vault.COLLATERAL();
        uint256 before = Tokens.balanceOfThis(collateral);
        Tokens.take(collateral, msg.sender, collateralAmount);
        (bool ok,) = collateral.call(abi.encodeCall(IERC20.approve, (address(vault), collateralAmount)));
        if (!ok) revert Tokens.TransferFailed(collateral);
        vault.depositAndMint(msg.sender, collateralAmount, amount, receiver);
        if (Tokens.balanceOfThis(collateral) != before) revert NotKept(collateral);
    }

    function updateAndWithdraw(
        PythAdapter adapter, bytes[] calldata prices, SyntheticVault vault, uint256 amount, address receiver
    ) external payable {
        _update(adapter, prices);
        vault.withdraw(msg.sender, amount, receiver);
    }

    /// @notice Takes `maxBurn` of the caller's synthetics and gives back what the liquidation did not need.
    function updateAndLiquidate(
        PythAdapter adapter,
        bytes[] calldata prices,
        SyntheticVault vault,
        address account,
        uint256 maxBurn,
        uint256 minCollateral,
        address receiver
    ) external payable returns (uint256 burned, uint256 seized, uint256 badDebt) {
        _update(adapter, prices);
        address synthetic = address(vault.SYNTHETIC());
        Tokens.take(synthetic, msg.sender, maxBurn);
        (burned, seized, badDebt) = vault.liquidate(account, maxBurn, minCollateral, receiver);
        Tokens.give(synthetic, msg.sender, maxBurn - burned);
    }

    function _update(PythAdapter adapter, bytes[] calldata prices) private {
        adapter.update{value: msg.value}(prices);
        uint256 rest = address(this).balance;
        if (rest == 0) return;
        (bool ok,) = msg.sender.call{value: rest}("");
        if (!ok) revert RefundFailed();
    }

    /// @dev What an adapter gives back on the way.
    receive() external payable {}
}
