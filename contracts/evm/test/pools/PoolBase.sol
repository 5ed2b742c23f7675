// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {LiquidityPoolManager} from "../../src/core/LiquidityPoolManager.sol";
import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {MockToken} from "../mocks/OddTokens.sol";

/// @notice A manager, and pools of every kind in a line each. The test contract has plenty of every token.
abstract contract PoolBase is Test {
    uint256 internal constant FOREVER = type(uint256).max;
    address internal constant OWNER = address(0xA11CE);
    address internal constant GUARDIAN = address(0xB0B);
    LiquidityPoolManager internal manager = new LiquidityPoolManager(OWNER, GUARDIAN, 0.5e18);

    function _token(uint8 decimals) internal returns (address) {
        return _own(new MockToken(decimals));
    }

    function _own(MockToken token) internal returns (address) {
        token.mint(address(this), 1e38);
        // some of them return nothing
        (bool ok,) = address(token).call(abi.encodeCall(token.approve, (address(manager), type(uint256).max)));
        assertTrue(ok);
        return address(token);
    }

    function _tokens(uint256 count, uint8 decimals) internal returns (address[] memory tokens) {
        tokens = new address[](count);
        for (uint256 i; i < count; ++i) {
            tokens[i] = _token(decimals);
        }
    }

    function _numbers(uint256 a, uint256 b) internal pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function _same(uint256 count, uint256 value) internal pure returns (uint256[] memory list) {
        list = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            list[i] = value;
        }
    }

    function _weighted(address[] memory tokens, uint256[] memory weights, uint256 fee, uint256 volatility)
        internal
        returns (uint256)
    {
        return manager.createPool(
            Pools.PoolParameters(Pools.Kind.Weighted, tokens, weights, new uint256[](0), 0, fee, 0, volatility)
        );
    }

    function _stable(address[] memory tokens, uint256 amplification, uint256 fee, uint256 offPeg, uint256 volatility)
        internal
        returns (uint256)
    {
        uint256[] memory none = new uint256[](0);
        return manager.createPool(
            Pools.PoolParameters(Pools.Kind.Stable, tokens, none, none, amplification, fee, offPeg, volatility)
        );
    }

    /// @notice Three assets: the first two are a stable group of half the value, the third is alone.
    function _hybrid(address[] memory tokens, uint256 amplification, uint256 fee) internal returns (uint256) {
        uint256[] memory groups = new uint256[](3);
        groups[2] = 1;
        return manager.createPool(
            Pools.PoolParameters(Pools.Kind.Hybrid, tokens, _same(3, 0.5e18), groups, amplification, fee, 10, 0)
        );
    }
}
