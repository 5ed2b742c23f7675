// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderSettlement} from "../../src/core/OrderSettlement.sol";
import {IOrderSettlement as Orders} from "../../src/interfaces/IOrderSettlement.sol";
import {MockToken} from "../mocks/OddTokens.sol";
import {PoolBase} from "../pools/PoolBase.sol";

/// @notice Whole transactions: run with `--isolate`, as packaging/gas.py does. The swap is the order's own, from the same state.
contract OrdersGas is PoolBase {
    uint256 private constant KEY = 0xA11CE5;
    address private constant RECIPIENT = address(0xCAFE);
    OrderSettlement private settlement;
    address[] private tokens;
    uint256 private pool;
    uint256 private stable;

    function setUp() public {
        settlement = new OrderSettlement(manager);
        tokens = _tokens(2, 18);
        pool = _weighted(tokens, _numbers(0.5e18, 0.5e18), 0.003e18, 0);
        stable = _stable(tokens, 20_000, 0.0004e18, 20, 0);
        manager.initialize(pool, _numbers(1e24, 1e24), address(this));
        manager.initialize(stable, _numbers(1e24, 1e24), address(this));
        MockToken(tokens[0]).mint(vm.addr(KEY), 1e24);
        vm.prank(vm.addr(KEY));
        MockToken(tokens[0]).approve(address(settlement), type(uint256).max);
        manager.swapExactIn(pool, 0, 1, 1e20, 0, RECIPIENT, FOREVER);
        manager.swapExactIn(stable, 0, 1, 1e20, 0, RECIPIENT, FOREVER);
        skip(1 days);
        // the maker's word of salts is in use
        _settle(_order(pool, 10));
        _settle(_order(stable, 11));
        skip(60);
    }

    function test_settleOrder() public {
        _measure(_order(pool, 20), "settleOrder");
    }

    function test_settleStableOrder() public {
        _measure(_order(stable, 20), "settleStableOrder");
    }

    function test_settleOrderWithoutBound() public {
        Orders.Order memory order = _order(pool, 20);
        order.maxDeviation = 1e18;
        _measure(order, "settleOrder, the same without a price bound");
    }

    function test_settleStableOrderWithoutBound() public {
        Orders.Order memory order = _order(stable, 20);
        order.maxDeviation = 1e18;
        _measure(order, "settleStableOrder, the same without a price bound");
    }

    function test_swapOfTheOrder() public {
        manager.swapExactIn(pool, 0, 1, 1e21, 1, RECIPIENT, FOREVER);
        vm.snapshotGasLastCall("OrdersGas", "swapOfTheOrder");
    }

    function test_swapOfTheStableOrder() public {
        manager.swapExactIn(stable, 0, 1, 1e21, 1, RECIPIENT, FOREVER);
        vm.snapshotGasLastCall("OrdersGas", "swapOfTheStableOrder");
    }

    function _measure(Orders.Order memory order, string memory name) private {
        _settle(order);
        vm.snapshotGasLastCall("OrdersGas", name);
    }

    function _settle(Orders.Order memory order) private {
        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = settlement.hashPart(order.parts[0]);
        Orders.OrderTerms memory terms = Orders.OrderTerms(
            order.maker, RECIPIENT, tokens[0], tokens[1], order.pool, order.maxDeviation, order.salt, order.epoch, hashes
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, settlement.digestOf(settlement.hashOrder(order)));
        settlement.settle(terms, 0, order.parts[0], 0, 1, abi.encodePacked(r, s, v));
    }

    function _order(uint256 at, uint256 salt) private view returns (Orders.Order memory order) {
        order.maker = vm.addr(KEY);
        order.recipient = RECIPIENT;
        (order.tokenIn, order.tokenOut, order.pool) = (tokens[0], tokens[1], at);
        (order.maxDeviation, order.salt) = (0.02e18, salt);
        uint256 start = vm.getBlockTimestamp();
        order.parts = new Orders.Part[](1);
        order.parts[0] = Orders.Part(1e21, 0.9e21, start, start + 10 minutes);
    }
}
