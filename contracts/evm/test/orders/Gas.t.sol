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

    function setUp() public {
        settlement = new OrderSettlement(manager);
        tokens = _tokens(2, 18);
        pool = _weighted(tokens, _numbers(0.5e18, 0.5e18), 0.003e18, 0);
        manager.initialize(pool, _numbers(1e24, 1e24), address(this));
        MockToken(tokens[0]).mint(vm.addr(KEY), 1e24);
        vm.prank(vm.addr(KEY));
        MockToken(tokens[0]).approve(address(settlement), type(uint256).max);
        manager.swapExactIn(pool, 0, 1, 1e20, 0, RECIPIENT, FOREVER);
        skip(1 days);
        // the maker's word of salts is in use
        (Orders.OrderTerms memory terms, Orders.Part memory part, bytes memory signature) = _order(10);
        settlement.settle(terms, 0, part, 0, 1, signature);
        skip(60);
    }

    function test_settleOrder() public {
        (Orders.OrderTerms memory terms, Orders.Part memory part, bytes memory signature) = _order(20);
        settlement.settle(terms, 0, part, 0, 1, signature);
        vm.snapshotGasLastCall("OrdersGas", "settleOrder");
    }

    function test_swapOfTheOrder() public {
        manager.swapExactIn(pool, 0, 1, 1e21, 1, RECIPIENT, FOREVER);
        vm.snapshotGasLastCall("OrdersGas", "swapOfTheOrder");
    }

    function _order(uint256 salt)
        private
        view
        returns (Orders.OrderTerms memory terms, Orders.Part memory part, bytes memory signature)
    {
        Orders.Order memory order;
        order.maker = vm.addr(KEY);
        order.recipient = RECIPIENT;
        (order.tokenIn, order.tokenOut, order.pool) = (tokens[0], tokens[1], pool);
        (order.maxDeviation, order.salt) = (0.02e18, salt);
        uint256 start = vm.getBlockTimestamp();
        part = Orders.Part(1e21, 0.9e21, start, start + 10 minutes);
        order.parts = new Orders.Part[](1);
        order.parts[0] = part;
        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = settlement.hashPart(part);
        terms = Orders.OrderTerms(
            order.maker, RECIPIENT, tokens[0], tokens[1], pool, order.maxDeviation, salt, order.epoch, hashes
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, settlement.digestOf(settlement.hashOrder(order)));
        signature = abi.encodePacked(r, s, v);
    }
}
