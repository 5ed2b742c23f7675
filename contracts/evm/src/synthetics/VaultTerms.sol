// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../interfaces/IOracle.sol";
import {ISyntheticVault} from "../interfaces/ISyntheticVault.sol";
import {VaultMath} from "./VaultMath.sol";

/// @title What a vault may be made with
library VaultTerms {
    uint256 private constant WAD = VaultMath.WAD;
    uint256 private constant RAY = VaultMath.RAY;
    /// @dev 50 % a year.
    uint256 private constant MAX_STABILITY_FEE = RAY + 12_857_214_404_249_400_000;

    function check(IOracle oracle, address collateral, ISyntheticVault.Parameters calldata terms) internal view {
        bool ok = address(oracle).code.length != 0 && collateral.code.length != 0 && terms.feeRecipient != address(0);
        ok = ok && terms.maxLtv != 0 && terms.maxLtv < terms.lltv && terms.lltv <= 0.98e18;
        ok = ok && terms.targetHealth >= 1.01e18 && terms.targetHealth <= 2e18;
        ok = ok && terms.stabilityFee >= RAY && terms.stabilityFee <= MAX_STABILITY_FEE;
        ok = ok && terms.debtCeiling <= type(uint112).max && terms.minDebt != 0 && terms.minDebt <= terms.debtCeiling;
        ok = ok && terms.deadPeriod >= 1 days && terms.deadPeriod <= 90 days;
        // a position minted just before the price moves by the deviation has paid as much, and is not liquidated by it
        ok = ok && terms.oracleDeviation <= 0.05e18 && terms.mintFee >= terms.oracleDeviation && terms.mintFee <= 0.05e18;
        ok = ok && terms.maxLtv * WAD <= terms.lltv * (WAD - terms.oracleDeviation);
        if (!ok) revert ISyntheticVault.BadParameters();
    }
}
