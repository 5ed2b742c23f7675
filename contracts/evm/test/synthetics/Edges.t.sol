// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

contract VaultEdgesTest is SyntheticsBase {
    function test_nothing_is_mintable_without_collateral_or_above_the_limit() external {
        assertEq(vault.mintableOf(alice), 0);
        open(alice, 10 ether, 10_000e18);
        assertGt(vault.mintableOf(alice), 0);
        setPrice(1000e8); // a debt of 10,050 against a limit of 8,000
        assertEq(vault.mintableOf(alice), 0);
    }

    function test_after_a_shutdown_views_go_by_the_last_good_price() external {
        open(alice, 10 ether, 10_000e18);
        vm.prank(timelock);
        vault.shutdown();
        setPrice(500e8);
        killOracle();
        assertEq(vault.healthOf(alice), uint256(20_000e18) * 0.86e18 / 10_050e18);
    }

    function test_redeemed_collateral_goes_to_somebody() external {
        open(alice, 10 ether, 10_000e18);
        vm.prank(timelock);
        vault.shutdown();
        vm.warp(vm.getBlockTimestamp() + 1 days);
        vm.startPrank(alice);
        vm.expectRevert(ISyntheticVault.ZeroAddress.selector);
        vault.redeem(alice, 1_000e18, 0, address(0));
        vault.redeem(alice, 1_000e18, 0, bob);
        assertEq(coin.balanceOf(bob), 0.5 ether);
    }
}
