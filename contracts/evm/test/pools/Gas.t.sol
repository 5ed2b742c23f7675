// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {LiquidityPoolManager} from "../../src/core/LiquidityPoolManager.sol";
import {Coin} from "../gas/Coin.sol";
import {ILiquidityPoolManager} from "../../src/interfaces/ILiquidityPoolManager.sol";

/// @notice Whole transactions: run with `--isolate`, as packaging/gas.py does.
contract PoolsGas is Test {
    LiquidityPoolManager private manager;
    Coin private a;
    Coin private b;
    uint256 private weighted;
    uint256 private stable;

    function setUp() public {
        manager = new LiquidityPoolManager(address(0xA), address(0xB), 0.5e18);
        (a, b) = (new Coin(), new Coin());
        address[] memory tokens = new address[](2);
        (tokens[0], tokens[1]) = (address(a), address(b));
        a.mint(address(this), 1e30);
        b.mint(address(this), 1e30);
        a.approve(address(manager), type(uint256).max);
        b.approve(address(manager), type(uint256).max);
        uint256[] memory weights = new uint256[](2);
        (weights[0], weights[1]) = (0.8e18, 0.2e18);
        weighted = manager.createPool(
            ILiquidityPoolManager.PoolParameters(ILiquidityPoolManager.Kind.Weighted, tokens, weights, new uint256[](0), 0, 0.003e18, 0, 20)
        );
        stable = manager.createPool(
            ILiquidityPoolManager.PoolParameters(ILiquidityPoolManager.Kind.Stable, tokens, new uint256[](0), new uint256[](0), 20000, 0.0004e18, 20, 20)
        );
        uint256[] memory amounts = new uint256[](2);
        (amounts[0], amounts[1]) = (1e24, 0.9e24);
        manager.initialize(weighted, amounts, address(this));
        manager.initialize(stable, amounts, address(this));
        manager.swapExactIn(weighted, 0, 1, 1e20, 0, address(1), type(uint256).max);
        manager.swapExactIn(stable, 0, 1, 1e20, 0, address(1), type(uint256).max);
        vm.warp(block.timestamp + 60);
    }

    function test_weightedSwap() public {
        manager.swapExactIn(weighted, 0, 1, 1e21, 1, address(1), type(uint256).max);
        vm.snapshotGasLastCall("PoolsGas", "weightedSwap");
    }

    function test_stableSwap() public {
        manager.swapExactIn(stable, 0, 1, 1e21, 1, address(1), type(uint256).max);
        vm.snapshotGasLastCall("PoolsGas", "stableSwap");
    }

    function test_addProportional() public {
        uint256[] memory most = new uint256[](2);
        (most[0], most[1]) = (1e30, 1e30);
        manager.addProportional(weighted, 1e21, most, address(this), type(uint256).max);
        vm.snapshotGasLastCall("PoolsGas", "addProportional");
    }

    function test_addOne() public {
        manager.addOneExactIn(weighted, 0, 1e21, 1, address(this), type(uint256).max);
        vm.snapshotGasLastCall("PoolsGas", "addOneSided");
    }
}
