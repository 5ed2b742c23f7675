// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MockPyth} from "@pythnetwork/pyth-sdk-solidity/MockPyth.sol";
import {IOracle} from "../../src/interfaces/IOracle.sol";
import {ISyntheticVault} from "../../src/interfaces/ISyntheticVault.sol";
import {PythAdapter} from "../../src/oracles/PythAdapter.sol";
import {PythVaultRouter} from "../../src/periphery/PythVaultRouter.sol";
import {SyntheticsBase} from "./SyntheticsBase.sol";

contract PythRouterTest is SyntheticsBase {
    MockPyth private pyth;
    PythAdapter private adapter;
    PythVaultRouter private router = new PythVaultRouter();
    /// @dev Made before a prank: to make it is a call of its own.
    bytes[] private prices;

    function setUp() public override {
        super.setUp();
        pyth = new MockPyth(60, 5);
        adapter = new PythAdapter(
            PythAdapter.Terms({
                pyth: pyth,
                id: "ETH/USD",
                maxAge: 60,
                maxAhead: 5,
                maxConfidence: 0.01e18,
                maxDeviation: 0,
                minPrice: 0,
                maxPrice: 1e42,
                baseDecimals: 18,
                quoteDecimals: 18,
                sequencerFeed: address(0),
                sequencerGrace: 0
            })
        );
        vault = create("pyth", adapter, address(coin), parameters());
        token = vault.SYNTHETIC();
        _ready(alice);
        _ready(keeper);
    }

    function _ready(address account) private {
        coin.mint(account, 100 ether);
        vm.deal(account, 1 ether);
        vm.startPrank(account);
        coin.approve(address(router), type(uint256).max);
        token.approve(address(router), type(uint256).max);
        vault.setOperator(address(router), true);
        vm.stopPrank();
    }

    function _price(int64 dollars) private view returns (bytes[] memory data) {
        data = new bytes[](1);
        data[0] = pyth.createPriceFeedUpdateData(
            "ETH/USD", dollars * 1e8, 1e8, -8, dollars * 1e8, 1e8, uint64(vm.getBlockTimestamp()), 0
        );
    }

    function test_a_price_is_brought_and_used_in_one_transaction() external {
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.OracleNotLive.selector, IOracle.Status.NoAnswer));
        vault.mintSynthetic(alice, 1, alice);
        prices = _price(2000);
        vm.prank(alice);
        router.updateAndDepositAndMint{value: 100}(adapter, prices, vault, 10 ether, 15_000e18, alice);
        assertEq(alice.balance, 1 ether - 5);
        assertEq(token.balanceOf(alice), 15_000e18);
        assertEq(collateralOf(alice), 10 ether);
        vm.warp(vm.getBlockTimestamp() + 1 hours);
        prices = _price(2100);
        vm.prank(alice);
        router.updateAndDepositAndMint{value: 5}(adapter, prices, vault, 0, 500e18, bob);
        assertEq(token.balanceOf(bob), 500e18);
        vm.warp(vm.getBlockTimestamp() + 1 hours);
        prices = _price(2100);
        vm.prank(alice);
        router.updateAndWithdraw{value: 5}(adapter, prices, vault, 0.1 ether, bob);
        assertEq(coin.balanceOf(bob), 0.1 ether);
        assertEq(address(router).balance + address(adapter).balance, 0);
    }

    function test_a_liquidation_with_its_price_gives_back_what_it_does_not_need() external {
        prices = _price(2000);
        vm.prank(alice);
        router.updateAndDepositAndMint{value: 5}(adapter, prices, vault, 10 ether, 15_500e18, alice);
        prices = _price(2000);
        vm.prank(keeper);
        router.updateAndDepositAndMint{value: 5}(adapter, prices, vault, 50 ether, 20_000e18, keeper);
        vm.warp(vm.getBlockTimestamp() + 1 hours);
        prices = _price(1800);
        vm.prank(keeper);
        (uint256 burned, uint256 seized,) =
            router.updateAndLiquidate{value: 9}(adapter, prices, vault, alice, 15_000e18, 0, keeper);
        assertEq(token.balanceOf(keeper), 20_000e18 - burned);
        assertEq(token.balanceOf(address(router)), 0);
        assertEq(coin.balanceOf(keeper), 50 ether + seized);
        assertEq(keeper.balance, 1 ether - 10);
        assertGe(vault.healthOf(alice), 1.05e18);
    }

    function test_it_acts_for_its_caller_alone() external {
        vm.deal(bob, 10);
        prices = _price(2000);
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(ISyntheticVault.NotOperator.selector, bob, address(router)));
        router.updateAndWithdraw{value: 5}(adapter, prices, vault, 1, bob);
    }
}
