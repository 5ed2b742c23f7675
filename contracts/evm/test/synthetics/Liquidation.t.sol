// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

/// @notice Whatever is asked of it, it reverts.
contract SilentBorrower {
    fallback() external payable {
        revert("no");
    }
}

contract LiquidationTest is SyntheticsBase {
    uint256 private constant INCENTIVE = 1043841336116910229;

    function setUp() public override {
        super.setUp();
        open(keeper, 1_000 ether, 1_000_000e18);
        open(alice, 10 ether, 15_500e18); // owes 15,577.5; unhealthy below 1,811.34
    }

    function _liquidate(uint256 maxBurn) private returns (uint256 burned, uint256 seized, uint256 bad) {
        vm.prank(keeper);
        return vault.liquidate(alice, maxBurn, 0, keeper);
    }

    function test_a_healthy_position_is_left_alone() external {
        setPrice(1812e8);
        vm.prank(keeper);
        vm.expectRevert(
            abi.encodeWithSelector(ISyntheticVault.HealthyPosition.selector, 15_577.5e18, 18_120e18 * 86 / 100)
        );
        vault.liquidate(alice, type(uint256).max, 0, keeper);
    }

    function test_a_liquidation_brings_a_position_to_the_target_and_no_further() external {
        setPrice(1800e8);
        (uint256 burned, uint256 seized, uint256 bad) = _liquidate(type(uint256).max);
        assertEq(bad, 0);
        assertGe(vault.healthOf(alice), 1.05e18);
        assertApproxEqAbs(vault.healthOf(alice), 1.05e18, 10);
        // (1.05 x 15,577.5 - 18,000 x 0.86) / (1.05 - 1.04384 x 0.86)
        assertApproxEqRel(burned, 5_754.402e18, 1e13);
        assertEq(seized, burned * INCENTIVE / 1e18 * 1e36 / 1800e36);
        assertEq(coin.balanceOf(keeper), seized);
        assertEq(debtOf(alice), 15_577.5e18 - burned);
        assertEq(collateralOf(alice), 10 ether - seized);
        assertEq(vault.totalCollateral(), 1_010 ether - seized);
    }

    function test_a_smaller_liquidation_improves_health_as_well() external {
        setPrice(1800e8);
        uint256 before = vault.healthOf(alice);
        (uint256 burned,,) = _liquidate(500e18);
        assertEq(burned, 500e18);
        assertGt(vault.healthOf(alice), before);
        assertLt(vault.healthOf(alice), 1e18);
        _liquidate(type(uint256).max);
        assertGe(vault.healthOf(alice), 1.05e18);
    }

    function test_one_that_changes_nothing_is_refused() external {
        setPrice(1800e8);
        vm.expectRevert(ISyntheticVault.HealthNotImproved.selector);
        _liquidate(0);
    }

    function test_a_rest_that_would_be_dust_goes_as_well() external {
        open(bob, 0.065 ether, 100e18);
        setPrice(1790e8);
        vm.prank(keeper);
        (uint256 burned,, uint256 bad) = vault.liquidate(bob, type(uint256).max, 0, keeper);
        assertEq(burned, 100.5e18);
        assertEq(bad, 0);
        assertEq(debtOf(bob), 0);
        assertGt(collateralOf(bob), 0); // what was left of it is still his
        vm.startPrank(bob);
        vault.withdraw(bob, collateralOf(bob), bob);
    }

    function test_a_liquidator_cannot_leave_dust() external {
        open(bob, 0.065 ether, 100e18);
        setPrice(1790e8);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.BelowMinimumDebt.selector, 50.5e18));
        vault.liquidate(bob, 50e18, 0, keeper);
    }

    function test_bad_debt_is_realised_at_once_and_seen() external {
        setPrice(1000e8);
        uint256 fees = vault.totalDebt() - token.totalSupply();
        (uint256 burned, uint256 seized, uint256 bad) = _liquidate(type(uint256).max);
        assertEq(seized, 10 ether);
        assertEq(burned, (uint256(10_000e36) + INCENTIVE - 1) / INCENTIVE);
        assertEq(bad, 15_577.5e18 - burned);
        assertEq(vault.badDebt(), bad);
        assertEq(debtOf(alice), 0);
        assertEq(collateralOf(alice), 0);
        // the fees that were not collected bear a part of it
        assertEq(vault.shortfall(), bad - fees);
        assertEq(vault.collectFees(), 0);
        vm.prank(keeper);
        assertEq(vault.recapitalise(type(uint256).max), bad - fees);
        assertEq(vault.shortfall(), 0);
        assertEq(token.totalSupply(), vault.totalDebt());
        vm.prank(keeper);
        vm.expectRevert(ISyntheticVault.ZeroAmount.selector);
        vault.recapitalise(1);
    }

    function test_fees_to_come_make_up_for_a_shortfall() external {
        setPrice(1000e8);
        _liquidate(type(uint256).max);
        uint256 missing = vault.shortfall();
        setPrice(2000e8);
        pass(1 days);
        assertLt(vault.shortfall(), missing);
        assertEq(vault.collectFees(), 0);
        pass(365 days);
        assertEq(vault.shortfall(), 0);
        assertGt(vault.collectFees(), 0);
    }

    function test_a_position_under_water_goes_whole_or_not_at_all() external {
        setPrice(1600e8); // 16,000 of collateral, 15,577.5 of debt: no room for the incentive
        uint256 needed = (uint256(16_000e36) + INCENTIVE - 1) / INCENTIVE;
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.BurnTooSmall.selector, needed));
        vault.liquidate(alice, needed - 1, 0, keeper);
        (uint256 burned,, uint256 bad) = _liquidate(needed);
        assertEq(burned, needed);
        assertEq(bad, 15_577.5e18 - needed);
    }

    function test_a_liquidation_works_while_paused_but_not_without_a_price() external {
        setPrice(1800e8);
        vm.prank(guardian);
        vault.pause(1 days);
        uint256 snapshot = vm.snapshotState();
        _liquidate(type(uint256).max);
        vm.revertToState(snapshot);
        killOracle();
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.Stale));
        _liquidate(type(uint256).max);
    }

    function test_a_liquidator_names_the_least_he_takes() external {
        setPrice(1800e8);
        (uint256 burned, uint256 seized,) = _liquidate(400e18);
        assertEq(burned, 400e18);
        vm.prank(keeper);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.TooLittleCollateral.selector, seized));
        vault.liquidate(alice, 400e18, seized + 1, keeper);
    }

    function test_a_borrower_is_never_called() external {
        address borrower = address(new SilentBorrower());
        fund(borrower, 10 ether);
        vm.prank(borrower);
        vault.depositAndMint(borrower, 10 ether, 15_500e18, bob);
        setPrice(1800e8);
        vm.prank(keeper);
        vault.liquidate(borrower, type(uint256).max, 0, keeper);
        assertGe(vault.healthOf(borrower), 1.05e18);
    }

    function test_a_position_minted_at_the_limit_outlives_a_move_by_the_deviation() external {
        open(bob, 10 ether, 1_000e18);
        vm.startPrank(bob);
        vault.mintSynthetic(bob, vault.mintableOf(bob), bob);
        vm.stopPrank();
        setPrice(1990e8); // half a percent
        assertGe(vault.healthOf(bob), 1e18);
    }

    function test_whatever_the_price_health_improves_or_the_position_ends(uint256 price, uint256 maxBurn) external {
        price = bound(price, 1e7, 1811e8);
        maxBurn = bound(maxBurn, 0, 20_000e18);
        setPrice(int256(price));
        (uint256 collateral, uint256 debt) = vault.positionOf(alice);
        uint256 supply = token.totalSupply();
        vm.prank(keeper);
        try vault.liquidate(alice, maxBurn, 0, keeper) returns (uint256 burned, uint256 seized, uint256 bad) {
            (uint256 collateralAfter, uint256 debtAfter) = vault.positionOf(alice);
            assertLe(burned, maxBurn);
            assertEq(collateral - collateralAfter, seized);
            assertApproxEqAbs(debt - debtAfter, burned + bad, 1);
            assertEq(supply - token.totalSupply(), burned);
            if (debtAfter != 0) {
                assertEq(bad, 0);
                assertGe(debtAfter, 100e18);
                assertGt(collateralAfter * debt, collateral * debtAfter);
            }
            // nobody gets more than the incentive
            assertLe(seized * price, (burned * INCENTIVE / 1e18 + 1e10) * 1e8);
        } catch (bytes memory said) {
            bytes4 error_ = bytes4(said);
            assertTrue(
                error_ == ISyntheticVault.BurnTooSmall.selector || error_ == ISyntheticVault.BelowMinimumDebt.selector
                    || error_ == ISyntheticVault.HealthNotImproved.selector
            );
            assertLt(maxBurn, debt);
        }
    }
}
