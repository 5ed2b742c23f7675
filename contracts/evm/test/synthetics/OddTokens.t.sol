// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {Tokens} from "../../src/libraries/Tokens.sol";
import {
    CallbackToken,
    FalseToken,
    FeeToken,
    MockToken,
    NoReturnToken,
    RebasingToken,
    RevertingToken
} from "../mocks/OddTokens.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

contract OddTokensTest is SyntheticsBase {
    function _vaultOf(MockToken odd) private {
        coin = odd;
        vault = create(bytes32(bytes20(address(odd))), adapterOf(address(feed), odd.decimals()), address(odd), parameters());
        token = vault.SYNTHETIC();
    }

    function _thereAndBack(uint256 unit) private {
        open(alice, 10 * unit, 10_000e18);
        assertEq(vault.healthOf(alice), uint256(20_000e18) * 0.86e18 / 10_050e18);
        setPrice(1100e8);
        open(keeper, 100 * unit, 50_000e18);
        vm.prank(keeper);
        (, uint256 seized,) = vault.liquidate(alice, 1_000e18, 0, keeper);
        assertApproxEqRel(seized, unit * 0.948946669e18 / 1e18, 1e12);
        setPrice(2000e8);
        vm.prank(keeper);
        token.transfer(alice, 100e18);
        vm.startPrank(alice);
        vault.burnAndWithdraw(alice, type(uint256).max, collateralOf(alice), alice);
        vm.stopPrank();
        assertEq(coin.balanceOf(alice) + seized, 10 * unit);
    }

    function test_tokens_of_six_eighteen_and_twenty_seven_decimals() external {
        uint8[3] memory decimals = [6, 18, 27];
        for (uint256 i; i < 3; ++i) {
            _vaultOf(new MockToken(decimals[i]));
            setPrice(2000e8);
            _thereAndBack(10 ** decimals[i]);
        }
    }

    function test_a_token_that_returns_nothing_works() external {
        _vaultOf(new NoReturnToken(18));
        _thereAndBack(1e18);
    }

    function test_a_token_that_takes_a_fee_is_refused_by_name() external {
        _vaultOf(new FeeToken(18));
        fund(alice, 10 ether);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TokenTakesFee.selector, address(coin)));
        vault.deposit(alice, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TokenTakesFee.selector, address(coin)));
        vault.depositAndMint(alice, 1 ether, 1_000e18, alice);
        assertEq(coin.balanceOf(alice), 10 ether);
    }

    function test_a_token_that_says_no_costs_nothing() external {
        FalseToken odd = new FalseToken(18);
        _vaultOf(odd);
        open(alice, 10 ether, 1_000e18);
        fund(alice, 1 ether);
        odd.setRefusing(true);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(coin)));
        vault.deposit(alice, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(coin)));
        vault.withdraw(alice, 1 ether, alice);
        assertEq(collateralOf(alice), 10 ether);
        vault.burnSynthetic(alice, 500e18); // a debt is paid back without it
    }

    function test_one_who_is_blocked_by_a_token_takes_out_to_another() external {
        RevertingToken odd = new RevertingToken(18);
        _vaultOf(odd);
        open(alice, 10 ether, 1_000e18);
        odd.setBlocked(alice, true);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(coin)));
        vault.withdraw(alice, 1 ether, alice);
        vault.withdraw(alice, 1 ether, bob);
        assertEq(coin.balanceOf(bob), 1 ether);
        vm.stopPrank();
        // and is liquidated all the same
        open(keeper, 10 ether, 5_000e18);
        setPrice(120e8);
        vm.prank(keeper);
        vault.liquidate(alice, type(uint256).max, 0, keeper);
    }

    function test_what_a_token_adds_by_itself_is_nobodys_and_what_it_takes_is_the_last_ones() external {
        RebasingToken odd = new RebasingToken(18);
        _vaultOf(odd);
        open(alice, 10 ether, 1_000e18);
        odd.rebase(2e18);
        assertEq(collateralOf(alice), 10 ether);
        odd.rebase(0.25e18); // the vault holds half of what it owes
        vm.startPrank(alice);
        vault.withdraw(alice, 4 ether, alice);
        vm.expectRevert(abi.encodeWithSelector(Tokens.TransferFailed.selector, address(coin)));
        vault.withdraw(alice, 4 ether, alice);
        vault.burnSynthetic(alice, 500e18);
    }

    function test_a_donation_changes_nothing() external {
        open(alice, 10 ether, 10_000e18);
        uint256 health = vault.healthOf(alice);
        coin.mint(address(vault), 1_000 ether);
        assertEq(vault.healthOf(alice), health);
        assertEq(vault.totalCollateral(), 10 ether);
    }

    /* RE-ENTRANCY */

    /// @dev Every entry that moves the collateral, with every entry called from within the transfer.
    function test_no_entry_is_entered_from_within_another() external {
        CallbackToken odd = new CallbackToken(18);
        _vaultOf(odd);
        open(keeper, 1_000 ether, 500_000e18);
        open(alice, 10 ether, 15_000e18);
        fund(alice, 10 ether);
        bytes[] memory entries = _entries();
        for (uint256 outer; outer < 6; ++outer) {
            for (uint256 inner; inner < entries.length; ++inner) {
                uint256 snapshot = vm.snapshotState();
                _prepare(outer);
                odd.program(address(vault), entries[inner]);
                _enter(outer);
                assertTrue(odd.called());
                assertFalse(odd.ok());
                assertEq(odd.errorSaid(), ISyntheticVault.Reentrancy.selector);
                vm.revertToState(snapshot);
            }
        }
    }

    function _entries() private view returns (bytes[] memory e) {
        e = new bytes[](13);
        e[0] = abi.encodeCall(vault.deposit, (alice, 1));
        e[1] = abi.encodeCall(vault.withdraw, (alice, 1, alice));
        e[2] = abi.encodeCall(vault.mintSynthetic, (alice, 1, alice));
        e[3] = abi.encodeCall(vault.burnSynthetic, (alice, 1));
        e[4] = abi.encodeCall(vault.depositAndMint, (alice, 1, 1, alice));
        e[5] = abi.encodeCall(vault.burnAndWithdraw, (alice, 1, 1, alice));
        e[6] = abi.encodeCall(vault.liquidate, (alice, 1, 0, alice));
        e[7] = abi.encodeCall(vault.collectFees, ());
        e[8] = abi.encodeCall(vault.recapitalise, (1));
        e[9] = abi.encodeCall(vault.reportOracle, ());
        e[10] = abi.encodeCall(vault.shutdown, ());
        e[11] = abi.encodeCall(vault.realiseBadDebt, (alice));
        e[12] = abi.encodeCall(vault.redeem, (alice, 1, 0, alice));
    }

    function _prepare(uint256 outer) private {
        if (outer == 4) setPrice(1700e8);
        if (outer == 5) {
            vm.prank(timelock);
            vault.shutdown();
            vm.warp(vm.getBlockTimestamp() + 1 days);
        }
    }

    function _enter(uint256 outer) private {
        vm.startPrank(outer == 4 ? keeper : alice);
        if (outer == 0) vault.deposit(alice, 1 ether);
        if (outer == 1) vault.withdraw(alice, 0.1 ether, alice);
        if (outer == 2) vault.depositAndMint(alice, 1 ether, 100e18, alice);
        if (outer == 3) vault.burnAndWithdraw(alice, 100e18, 0.01 ether, alice);
        if (outer == 4) vault.liquidate(alice, type(uint256).max, 0, keeper);
        if (outer == 5) vault.redeem(alice, 100e18, 0, alice);
        vm.stopPrank();
    }
}
