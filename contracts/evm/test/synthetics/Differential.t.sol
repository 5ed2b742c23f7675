// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {PriceStandIn} from "./PriceStandIn.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

/// @notice Leads vaults through the lives that `tests/contracts/vault_vectors.py` made, and compares each step with the model
/// in Python, to the unit.
contract DifferentialTest is SyntheticsBase {
    uint256 private constant WORDS = 19;

    PriceStandIn private prices = new PriceStandIn();
    address private payer = makeAddr("payer");
    address[3] private accounts = [makeAddr("one"), makeAddr("two"), makeAddr("three")];

    function test_every_step_of_every_life_is_the_models() external {
        uint256 lives;
        while (this.live(lives)) {
            ++lives;
        }
        assertEq(lives, 16);
    }

    /// @dev A call of its own for each, since the memory that the text takes is given back then.
    function live(uint256 life) external returns (bool) {
        string memory json = vm.readFile("test/vectors/vault.json");
        string memory path = string.concat(".lives[", vm.toString(life), "]");
        if (!vm.keyExistsJson(json, path)) return false;
        _begin(
            life, vm.parseJsonUintArray(json, string.concat(path, ".terms")), vm.parseJsonUint(json, string.concat(path, ".decimals"))
        );
        uint256[] memory steps = vm.parseJsonUintArray(json, string.concat(path, ".steps"));
        for (uint256 i; i < steps.length; i += WORDS) {
            _step(steps, i);
        }
        return true;
    }

    function _begin(uint256 life, uint256[] memory given, uint256 decimals) private {
        ISyntheticVault.Parameters memory p = parameters();
        (p.maxLtv, p.lltv, p.targetHealth, p.stabilityFee) = (given[0], given[1], given[2], given[3]);
        (p.mintFee, p.debtCeiling, p.minDebt, p.oracleDeviation) = (given[4], given[5], given[6], 0);
        p.feeRecipient = payer;
        coin = new MockToken(uint8(decimals));
        vault = create(bytes32(life + 1), prices, address(coin), p);
        token = vault.SYNTHETIC();
        for (uint256 i; i < 3; ++i) {
            vm.prank(accounts[i]);
            vault.setOperator(payer, true);
        }
        vm.prank(payer);
        coin.approve(address(vault), type(uint256).max);
    }

    function _step(uint256[] memory s, uint256 i) private {
        vm.warp(vm.getBlockTimestamp() + s[i + 1]);
        prices.set(s[i + 5]);
        if (s[i] == 5) {
            vm.prank(timelock);
            vault.shutdown();
            return;
        }
        string memory where = vm.toString(i / WORDS);
        address account = accounts[s[i + 2]];
        (bool ok, bytes memory said) = address(this).call(abi.encodeCall(this.enter, (s[i], account, s[i + 3], s[i + 4])));
        assertEq(ok, s[i + 6] == 0, where);
        if (ok) {
            (uint256 a, uint256 b, uint256 c) = abi.decode(said, (uint256, uint256, uint256));
            assertEq(a, s[i + 7], where);
            assertEq(b, s[i + 8], where);
            assertEq(c, s[i + 9], where);
        }
        (uint256 collateral, uint256 debt) = vault.positionOf(account);
        assertEq(collateral, s[i + 10], where);
        assertEq(debt, s[i + 11], where);
        assertEq(vault.index(), s[i + 12], where);
        assertEq(vault.totalCollateral(), s[i + 13], where);
        assertEq(vault.totalDebt(), s[i + 14], where);
        assertEq(token.totalSupply(), s[i + 15], where);
        assertEq(vault.badDebt(), s[i + 16], where);
        uint256 total = vault.totalDebt();
        assertEq(total > token.totalSupply() ? total - token.totalSupply() : 0, s[i + 17], where);
        assertEq(vault.shortfall(), s[i + 18], where);
        assertEq(coin.balanceOf(address(vault)), vault.totalCollateral(), where);
    }

    /// @dev One step, all of it or nothing.
    function enter(uint256 kind, address account, uint256 given, uint256 other)
        external
        returns (uint256 a, uint256 b, uint256 c)
    {
        vm.startPrank(payer);
        if (kind == 0) {
            coin.mint(payer, given);
            vault.deposit(account, given);
        } else if (kind == 1) {
            vault.mintSynthetic(account, given, payer);
        } else if (kind == 2) {
            a = vault.burnAndWithdraw(account, given, other, payer);
        } else if (kind == 3) {
            (a, b, c) = vault.liquidate(account, given, 0, payer);
        } else if (kind == 4) {
            if (vault.mode() != ISyntheticVault.Mode.Shutdown) vault.reportOracle();
            a = vault.collectFees();
        } else if (kind == 6) {
            a = vault.realiseBadDebt(account);
        } else {
            (a, b) = vault.redeem(account, given, 0, payer);
        }
        vm.stopPrank();
    }
}
