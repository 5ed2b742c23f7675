// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {CallbackToken} from "../mocks/OddTokens.sol";
import {PoolBase} from "./PoolBase.sol";

/// @notice Every entry point, re-entered from every other that moves a token: 13 by 18 pairs, each `Locked`.
contract ReentrancyTest is PoolBase {
    CallbackToken private token = new CallbackToken(18);
    uint256 private pool;
    uint256 private empty;
    bytes[] private outer;
    bytes[] private inner;

    function setUp() public {
        address[] memory pair = new address[](2);
        (pair[0], pair[1]) = (_own(token), _token(18));
        pool = _weighted(pair, _numbers(0.5e18, 0.5e18), 0.01e18, 10);
        empty = _weighted(pair, _numbers(0.5e18, 0.5e18), 0.01e18, 10);
        manager.initialize(pool, _numbers(1e24, 1e24), address(this));
        manager.deposit(address(token), 1e20, address(this));
        manager.swapExactIn(pool, 0, 1, 1e20, 0, address(this), FOREVER);
        address me = address(this);
        Pools.Hop[] memory path = new Pools.Hop[](1);
        path[0] = Pools.Hop(pool, 0, 1);
        outer.push(abi.encodeCall(manager.initialize, (empty, _numbers(1e20, 1e20), me)));
        outer.push(abi.encodeCall(manager.swapExactIn, (pool, 0, 1, 1e18, 0, me, FOREVER)));
        outer.push(abi.encodeCall(manager.swapExactOut, (pool, 1, 0, 1e18, FOREVER, me, FOREVER)));
        outer.push(abi.encodeCall(manager.swapPath, (path, 1e18, 0, Pools.Payment.Token, false, me, FOREVER, "")));
        outer.push(abi.encodeCall(manager.addProportional, (pool, 1e20, _same(2, FOREVER), me, FOREVER)));
        outer.push(abi.encodeCall(manager.addOneExactIn, (pool, 0, 1e18, 0, me, FOREVER)));
        outer.push(abi.encodeCall(manager.addOneExactShares, (pool, 0, 1e18, FOREVER, me, FOREVER)));
        outer.push(abi.encodeCall(manager.removeProportional, (pool, 1e20, _same(2, 0), false, me, FOREVER)));
        outer.push(abi.encodeCall(manager.removeOneExactShares, (pool, 0, 1e20, 0, me, FOREVER)));
        outer.push(abi.encodeCall(manager.removeOneExactOut, (pool, 0, 1e18, FOREVER, me, FOREVER)));
        outer.push(abi.encodeCall(manager.deposit, (address(token), 1e18, me)));
        outer.push(abi.encodeCall(manager.withdraw, (address(token), 1e18, me)));
        outer.push(abi.encodeCall(manager.collectProtocolFee, (pool, 0)));
        for (uint256 i; i < outer.length; ++i) {
            inner.push(outer[i]);
        }
        inner.push(abi.encodeCall(manager.rampAmplification, (pool, 200, block.timestamp + 2 days)));
        inner.push(abi.encodeCall(manager.stopRamp, (pool)));
        inner.push(abi.encodeCall(manager.poolState, (pool)));
        inner.push(abi.encodeCall(manager.oraclePrice, (pool, 0, 1)));
        inner.push(abi.encodeCall(manager.totalSupply, (pool)));
    }

    function test_noEntryIsEnteredFromWithinAnother() public {
        for (uint256 i; i < outer.length; ++i) {
            for (uint256 k; k < inner.length; ++k) {
                uint256 state = vm.snapshotState();
                token.program(address(manager), inner[k]);
                (bool ok,) = address(manager).call(outer[i]);
                assertTrue(ok, "the outer call goes on");
                assertTrue(token.called(), string.concat("no transfer in ", vm.toString(i)));
                assertFalse(token.ok());
                assertEq(token.errorSaid(), Pools.Locked.selector, string.concat(vm.toString(i), " ", vm.toString(k)));
                vm.revertToState(state);
            }
        }
    }
}
