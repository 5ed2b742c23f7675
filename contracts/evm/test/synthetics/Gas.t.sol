// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Coin} from "../gas/Coin.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

/// @notice Whole transactions (`--isolate`), with others already in the vault, an account that never held the synthetic, and the
/// full Chainlink adapter.
contract SyntheticsGas is SyntheticsBase {
    function setUp() public override {
        super.setUp();
        coin = MockToken(address(new Coin())); // the token of every measurement
        vault = create("gas", oracle, address(coin), parameters());
        token = vault.SYNTHETIC();
        open(bob, 100 ether, 50_000e18);
        open(keeper, 100 ether, 100_000e18);
        fund(alice, 20 ether);
        pass(10 minutes);
    }

    /// @dev Alice's position becomes unhealthy; bob and the keeper hold synthetics, only the keeper holds coins, too.
    function _unhealthy() private {
        coin.mint(keeper, 1 ether);
        vm.prank(alice);
        vault.depositAndMint(alice, 10 ether, 15_500e18, alice);
        pass(10 minutes);
        setPrice(1800e8);
    }

    function test_gas_of_deposit_and_mint() external {
        vm.prank(alice);
        vault.depositAndMint(alice, 10 ether, 10_000e18, alice);
        uint256 used = vm.snapshotGasLastCall("SyntheticsGas", "depositAndMint");
        assertLe(used, 150_000);
    }

    function test_gas_of_a_partial_liquidation() external {
        _unhealthy();
        vm.prank(keeper);
        vault.liquidate(alice, type(uint256).max, 0, keeper);
        uint256 used = vm.snapshotGasLastCall("SyntheticsGas", "liquidate");
        assertLe(used, 110_000);
    }

    function test_gas_of_a_liquidation_by_one_who_never_held_the_collateral() external {
        _unhealthy();
        vm.prank(bob);
        vault.liquidate(alice, type(uint256).max, 0, bob);
        vm.snapshotGasLastCall("SyntheticsGas", "liquidateToNewHolder");
    }

    function test_gas_of_a_liquidation_with_bad_debt() external {
        _unhealthy();
        setPrice(1000e8);
        vm.prank(keeper);
        vault.liquidate(alice, type(uint256).max, 0, keeper);
        vm.snapshotGasLastCall("SyntheticsGas", "liquidateWithBadDebt");
    }

    function test_gas_of_the_ways_out() external {
        vm.prank(alice);
        vault.depositAndMint(alice, 10 ether, 10_000e18, alice);
        pass(10 minutes);
        vm.prank(alice);
        vault.burnSynthetic(alice, 1_000e18);
        vm.snapshotGasLastCall("SyntheticsGas", "burnSynthetic");
        vm.prank(alice);
        vault.withdraw(alice, 1 ether, alice);
        vm.snapshotGasLastCall("SyntheticsGas", "withdrawWithDebt");
        vm.prank(bob);
        token.transfer(alice, 2_000e18);
        vm.prank(alice);
        vault.burnAndWithdraw(alice, type(uint256).max, 9 ether, alice);
        vm.snapshotGasLastCall("SyntheticsGas", "burnAndWithdrawAll");
    }
}
