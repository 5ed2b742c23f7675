// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {VaultMigrator} from "../../src/periphery/VaultMigrator.sol";
import {SyntheticToken} from "../../src/synthetics/SyntheticToken.sol";
import {SyntheticVault} from "../../src/synthetics/SyntheticVault.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

contract MigrationTest is SyntheticsBase {
    VaultMigrator private migrator = new VaultMigrator();
    SyntheticVault private next;
    SyntheticToken private nextToken;

    function setUp() public override {
        super.setUp();
        next = create("fUSD v2", oracle, address(coin), parameters());
        nextToken = next.SYNTHETIC();
        open(bob, 20 ether, 10_000e18);
        open(alice, 10 ether, 10_000e18);
        vm.prank(bob);
        token.transfer(alice, 500e18);
        _allow(vault, true);
        _allow(next, true);
        vm.prank(alice);
        token.approve(address(migrator), type(uint256).max);
    }

    function _allow(SyntheticVault in_, bool on) private {
        vm.prank(alice);
        in_.setOperator(address(migrator), on);
    }

    function _migration() private view returns (VaultMigrator.Migration memory) {
        return VaultMigrator.Migration(vault, next, type(uint256).max, 10 ether, 9_000e18, vm.getBlockTimestamp());
    }

    function test_a_whole_position_moves_in_one_call() external {
        vm.prank(alice);
        assertEq(migrator.migrate(_migration()), 10_050e18);
        (uint256 collateral, uint256 debt) = vault.positionOf(alice);
        assertEq(collateral + debt, 0);
        (collateral, debt) = next.positionOf(alice);
        assertEq(collateral, 10 ether);
        assertEq(debt, 9_045e18);
        assertEq(token.balanceOf(alice), 450e18);
        assertEq(nextToken.balanceOf(alice), 9_000e18);
        assertEq(coin.balanceOf(address(migrator)) + token.balanceOf(address(migrator)), 0);
    }

    function test_a_part_moves_and_a_position_without_debt_as_well() external {
        VaultMigrator.Migration memory m = _migration();
        (m.maxBurn, m.collateral, m.amount) = (5_000e18, 4 ether, 4_000e18);
        vm.prank(alice);
        migrator.migrate(m);
        assertEq(collateralOf(alice), 6 ether);
        assertEq(debtOf(alice), 5_050e18);
        (m.maxBurn, m.collateral, m.amount) = (0, 1 ether, 0);
        vm.prank(alice);
        migrator.migrate(m);
        (uint256 collateral,) = next.positionOf(alice);
        assertEq(collateral, 5 ether);
    }

    function test_a_position_leaves_a_vault_that_is_shut_down_or_paused() external {
        vm.prank(guardian);
        vault.pause(1 days);
        uint256 snapshot = vm.snapshotState();
        vm.prank(alice);
        migrator.migrate(_migration());
        vm.revertToState(snapshot);
        vm.prank(timelock);
        vault.shutdown();
        vm.prank(alice);
        migrator.migrate(_migration());
        (uint256 collateral,) = next.positionOf(alice);
        assertEq(collateral, 10 ether);
    }

    function test_it_acts_for_its_caller_alone_and_only_while_it_may() external {
        VaultMigrator.Migration memory m = _migration();
        vm.prank(bob);
        vm.expectRevert();
        migrator.migrate(m); // bob's position: he gave it nothing
        _allow(next, false);
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(ISyntheticVault.NotOperator.selector, alice, address(migrator))
        );
        migrator.migrate(m);
        assertEq(collateralOf(alice), 10 ether);
        assertEq(token.balanceOf(alice), 10_500e18);
    }

    function test_what_cannot_be_moved_is_refused_by_name() external {
        VaultMigrator.Migration memory m = _migration();
        vm.startPrank(alice);
        m.deadline = vm.getBlockTimestamp() - 1;
        vm.expectRevert(abi.encodeWithSelector(VaultMigrator.Expired.selector, m.deadline));
        migrator.migrate(m);
        m = _migration();
        m.to = vault;
        vm.expectRevert(VaultMigrator.SameVault.selector);
        migrator.migrate(m);
        vm.stopPrank();
        MockToken other = new MockToken(18);
        m.to = create("other", oracle, address(other), parameters());
        vm.prank(alice);
        vm.expectRevert(
            abi.encodeWithSelector(VaultMigrator.DifferentCollateral.selector, address(coin), address(other))
        );
        migrator.migrate(m);
        m = _migration();
        m.amount = 20_000e18;
        vm.prank(alice);
        vm.expectRevert();
        migrator.migrate(m);
    }
}
