// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

contract ShutdownTest is SyntheticsBase {
    function setUp() public override {
        super.setUp();
        open(alice, 10 ether, 10_000e18);
        open(bob, 10 ether, 15_000e18);
    }

    function _shutDown() private {
        vm.prank(timelock);
        vault.shutdown();
    }

    /// @dev Reports a dead oracle every six hours.
    function _reportFor(uint256 time) private {
        vault.reportOracle();
        for (uint256 i; i < time / 6 hours; ++i) {
            vm.warp(vm.getBlockTimestamp() + 6 hours);
            vault.reportOracle();
        }
    }

    /* WHO AND WHEN */

    function test_the_owner_shuts_down_at_the_last_good_price() external {
        setPrice(1900e8);
        vault.reportOracle();
        setPrice(-1);
        vm.expectEmit();
        emit ISyntheticVault.Shutdown(timelock, 1900e36, RAY);
        _shutDown();
        assertEq(uint8(vault.mode()), uint8(ISyntheticVault.Mode.Shutdown));
        vm.prank(timelock);
        vm.expectRevert(ISyntheticVault.VaultShutdown.selector);
        vault.shutdown();
        vm.expectRevert(ISyntheticVault.VaultShutdown.selector);
        vault.reportOracle();
    }

    /// @dev Anyone executes what the timelock has passed, at a moment and with the gas of his choice.
    function test_the_owner_shuts_down_at_the_price_of_now_where_there_is_one() external {
        pass(30 days);
        setPrice(4000e8); // nobody touched the vault for a month: the last price it kept is half of it
        (uint256 kept,) = vault.lastPrice();
        assertEq(kept, 2000e36);
        vm.prank(timelock);
        (bool ok, bytes memory said) = address(vault).call{gas: 1_000_000}(abi.encodeCall(vault.shutdown, ()));
        assertFalse(ok, "starving the oracle must not choose the price");
        assertEq(bytes4(said), IOracle.NotEnoughGas.selector);
        _shutDown();
        (kept,) = vault.lastPrice();
        assertEq(kept, 4000e36);
    }

    function test_no_oracle_keeps_the_owner_from_shutting_down() external {
        (uint256 kept,) = vault.lastPrice();
        for (uint256 i; i < 3; ++i) {
            // what reverts, what burns all it gets, what is no contract any more
            vm.etch(address(oracle), i == 0 ? bytes(hex"5f5ffd") : i == 1 ? bytes(hex"5b5f56") : bytes(""));
            uint256 before = vm.snapshotState();
            _shutDown();
            (uint256 price,) = vault.lastPrice();
            assertEq(price, kept);
            vm.revertToState(before);
        }
    }

    function test_anyone_shuts_down_once_the_oracle_has_been_dead_for_the_period() external {
        vm.expectRevert(ISyntheticVault.OracleNotDead.selector);
        vault.shutdown();
        killOracle();
        assertEq(uint8(vault.reportOracle()), uint8(IOracle.Status.Stale));
        _reportFor(3 days - 6 hours);
        vm.expectRevert(ISyntheticVault.OracleNotDead.selector);
        vault.shutdown();
        vm.warp(vm.getBlockTimestamp() + 6 hours);
        vault.shutdown();
        assertEq(uint8(vault.mode()), uint8(ISyntheticVault.Mode.Shutdown));
    }

    function test_an_oracle_that_comes_back_begins_anew() external {
        killOracle();
        _reportFor(2 days);
        setPrice(2100e8);
        assertEq(uint8(vault.reportOracle()), uint8(IOracle.Status.Ok));
        (uint256 since,) = vault.oracleDeadSince();
        assertEq(since, 0);
        (uint256 price,) = vault.lastPrice();
        assertEq(price, 2100e36);
        killOracle();
        _reportFor(2 days);
        vm.expectRevert(ISyntheticVault.OracleNotDead.selector);
        vault.shutdown();
    }

    function test_reports_too_far_apart_do_not_add_up() external {
        killOracle();
        _reportFor(2 days);
        vm.warp(vm.getBlockTimestamp() + 6 hours + 1);
        vault.reportOracle();
        (uint256 since,) = vault.oracleDeadSince();
        assertEq(since, vm.getBlockTimestamp());
        _reportFor(2 days);
        vm.expectRevert(ISyntheticVault.OracleNotDead.selector);
        vault.shutdown();
    }

    function test_a_report_too_long_ago_does_not_count() external {
        killOracle();
        _reportFor(3 days);
        vm.warp(vm.getBlockTimestamp() + 6 hours + 1);
        vm.expectRevert(ISyntheticVault.OracleNotDead.selector);
        vault.shutdown();
    }

    function test_an_oracle_that_is_live_again_is_not_shut_down() external {
        killOracle();
        _reportFor(3 days);
        setPrice(2000e8);
        vm.expectRevert(ISyntheticVault.OracleNotDead.selector);
        vault.shutdown();
    }

    function test_a_mint_in_between_shows_that_it_was_live() external {
        killOracle();
        _reportFor(1 days);
        setPrice(2000e8);
        vm.prank(alice);
        vault.mintSynthetic(alice, 100e18, alice);
        (uint256 since, uint256 reportedAt) = vault.oracleDeadSince();
        assertEq(since, 0);
        assertEq(reportedAt, 0);
    }

    /* AFTERWARDS */

    function test_what_makes_risk_ends_and_debts_stand_still() external {
        _shutDown();
        uint256 debt = debtOf(alice);
        fund(alice, 1 ether);
        vm.startPrank(alice);
        vm.expectRevert(ISyntheticVault.VaultShutdown.selector);
        vault.deposit(alice, 1);
        vm.expectRevert(ISyntheticVault.VaultShutdown.selector);
        vault.mintSynthetic(alice, 100e18, alice);
        vm.expectRevert(ISyntheticVault.VaultShutdown.selector);
        vault.depositAndMint(alice, 1, 100e18, alice);
        vm.expectRevert(ISyntheticVault.VaultShutdown.selector);
        vault.liquidate(bob, type(uint256).max, 0, alice);
        vm.warp(vm.getBlockTimestamp() + 1000 days);
        assertEq(debtOf(alice), debt);
    }

    function test_owners_take_out_what_redemption_cannot_ask_for() external {
        _shutDown();
        killOracle();
        vm.startPrank(alice);
        // 10,050 at 2,000 are 5.025 coins
        vm.expectRevert();
        vault.withdraw(alice, 4.975 ether + 1, alice);
        vault.withdraw(alice, 4.975 ether, alice);
        vault.burnSynthetic(alice, 9_999e18); // the minimum is no matter now
        assertEq(coin.balanceOf(alice), 4.975 ether);
    }

    function test_redemption_waits_a_day_and_pays_the_last_good_price() external {
        vm.expectRevert(ISyntheticVault.NotShutdown.selector);
        vault.redeem(alice, 1, 0, bob);
        vm.expectRevert(ISyntheticVault.NotShutdown.selector);
        vault.realiseBadDebt(alice);
        _shutDown();
        vm.startPrank(bob);
        vm.expectRevert(
            abi.encodeWithSelector(ISyntheticVault.RedemptionNotOpen.selector, vm.getBlockTimestamp() + 1 days)
        );
        vault.redeem(alice, 1e18, 0, bob);
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.TooLittleCollateral.selector, 1 ether));
        vault.redeem(alice, 2_000e18, 1 ether + 1, bob);
        (uint256 burned, uint256 collateral) = vault.redeem(alice, 2_000e18, 1 ether, bob);
        assertEq(burned, 2_000e18);
        assertEq(collateral, 1 ether);
        assertEq(coin.balanceOf(bob), 1 ether);
        assertEq(debtOf(alice), 8_050e18);
        (burned,) = vault.redeem(alice, type(uint256).max, 0, bob);
        assertEq(burned, 8_050e18); // no more than the debt
        assertEq(debtOf(alice), 0);
        vm.expectRevert(ISyntheticVault.ZeroAmount.selector);
        vault.redeem(alice, 1e18, 0, bob);
        vm.stopPrank();
        uint256 rest = collateralOf(alice);
        assertEq(rest, 4.975 ether);
        vm.prank(alice);
        vault.withdraw(alice, rest, alice);
    }

    function test_everybody_bears_an_equal_part_of_a_shortfall() external {
        // bob's 15,075 are covered by 10,000 only
        setPrice(1000e8);
        vault.reportOracle();
        _shutDown();
        uint256 bad = vault.realiseBadDebt(bob);
        assertApproxEqAbs(bad, 5_075e18, 1);
        assertEq(vault.realiseBadDebt(alice), 50e18);
        assertEq(vault.badDebt(), bad + 50e18);
        assertEq(vault.totalDebt(), 20_000e18);
        assertEq(token.totalSupply(), 25_000e18);
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.prank(alice);
        (, uint256 first) = vault.redeem(alice, 5_000e18, 0, alice);
        vm.prank(bob);
        (, uint256 second) = vault.redeem(bob, 5_000e18, 0, bob);
        assertEq(first, 4 ether); // four fifths of five coins
        assertEq(second, 4 ether);
        vm.prank(alice);
        vault.redeem(bob, 5_000e18, 0, alice);
        vm.prank(bob);
        (uint256 burned, uint256 last) = vault.redeem(alice, 10_000e18, 0, bob);
        assertEq(burned, 7_500e18);
        assertEq(last, 6 ether);
        vm.prank(bob);
        vault.redeem(bob, 2_500e18, 0, bob);
        assertEq(token.totalSupply(), 0);
        assertEq(vault.totalDebt(), 0);
        assertEq(vault.totalCollateral(), 0);
        assertEq(coin.balanceOf(alice) + coin.balanceOf(bob), 20 ether);
    }

    function test_a_redemption_writes_off_first_what_its_position_lacks() external {
        setPrice(1000e8);
        vault.reportOracle();
        _shutDown();
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.prank(bob);
        (, uint256 collateral) = vault.redeem(bob, 1_000e18, 0, bob);
        assertEq(vault.badDebt(), 5_075e18);
        // 20,050 of debts for 25,000 synthetics
        assertEq(collateral, 0.802 ether);
    }

    function test_a_vault_that_never_had_a_price_gives_all_back() external {
        vault = create("new", oracle, address(coin), parameters());
        fund(alice, 3 ether);
        vm.prank(alice);
        vault.deposit(alice, 3 ether);
        _shutDown();
        vm.prank(alice);
        vault.withdraw(alice, 3 ether, alice);
        assertEq(coin.balanceOf(alice), 3 ether);
    }
}
