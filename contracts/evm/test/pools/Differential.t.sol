// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILiquidityPoolManager as Pools} from "../../src/interfaces/ILiquidityPoolManager.sol";
import {PoolQuoter} from "../../src/periphery/PoolQuoter.sol";
import {PoolBase} from "./PoolBase.sol";

/// @notice Random pools of `vectors/pools.json` through every entry point: what the Python model says happens, to the unit, and
/// what it refuses reverts.
contract DifferentialTest is PoolBase {
    uint256 private constant REFUSED = 16;
    PoolQuoter private quoter;
    string private file;

    function setUp() public {
        file = vm.readFile("test/vectors/pools.json");
        quoter = new PoolQuoter(manager);
    }

    function test_everyCallDoesWhatTheModelSays() public {
        uint256 calls;
        for (uint256 place; vm.keyExistsJson(file, _at(place, "kind")); ++place) {
            calls += _replay(place);
        }
        assertGt(calls, 500);
    }

    function _replay(uint256 place) private returns (uint256 made) {
        uint256 pool = _create(place);
        uint256[] memory calls = vm.parseJsonUintArray(file, _at(place, "calls"));
        for (uint256 k; k < calls.length; k += 6) {
            skip(calls[k + 4]);
            bool refused = calls[k] >= REFUSED;
            uint256[4] memory given = [calls[k] % REFUSED, calls[k + 1], calls[k + 2], calls[k + 3]];
            _quote(pool, given, refused, calls[k + 5]);
            (bool ok, bytes memory said) = address(manager).call(_data(pool, given));
            assertEq(ok, !refused, string.concat("call ", vm.toString(k / 6), " of pool ", vm.toString(place)));
            if (!ok) continue;
            ++made;
            uint256 answer = given[0] < 6 ? abi.decode(said, (uint256)) : _sum(abi.decode(said, (uint256[])));
            assertEq(answer, calls[k + 5], string.concat("pool ", vm.toString(place)));
        }
        _checkAfter(place, pool);
    }

    function _create(uint256 place) private returns (uint256 pool) {
        uint256[] memory decimals = vm.parseJsonUintArray(file, _at(place, "decimals"));
        uint256[] memory terms = vm.parseJsonUintArray(file, _at(place, "terms"));
        Pools.PoolParameters memory parameters;
        parameters.kind = Pools.Kind(vm.parseJsonUint(file, _at(place, "kind")));
        parameters.tokens = new address[](decimals.length);
        for (uint256 i; i < decimals.length; ++i) {
            parameters.tokens[i] = _token(uint8(decimals[i]));
        }
        parameters.weights = vm.parseJsonUintArray(file, _at(place, "weights"));
        parameters.groups = vm.parseJsonUintArray(file, _at(place, "groups"));
        (parameters.amplification, parameters.fee) = (terms[0], terms[1]);
        (parameters.offPegMultiplier, parameters.volatilityMultiplier) = (terms[2], terms[3]);
        pool = manager.createPool(parameters);
        manager.initialize(pool, vm.parseJsonUintArray(file, _at(place, "balances")), address(this));
    }

    function _quote(uint256 pool, uint256[4] memory given, bool refused, uint256 expected) private view {
        bytes memory data;
        if (given[0] == 0) data = abi.encodeCall(quoter.quoteExactIn, (pool, given[1], given[2], given[3]));
        else if (given[0] == 1) data = abi.encodeCall(quoter.quoteExactOut, (pool, given[1], given[2], given[3]));
        else if (given[0] == 2) data = abi.encodeCall(quoter.quoteAddExactIn, (pool, given[1], given[3]));
        else if (given[0] == 3) data = abi.encodeCall(quoter.quoteAddExactShares, (pool, given[1], given[3]));
        else if (given[0] == 4) data = abi.encodeCall(quoter.quoteRemoveExactShares, (pool, given[1], given[3]));
        else if (given[0] == 5) data = abi.encodeCall(quoter.quoteRemoveExactOut, (pool, given[1], given[3]));
        else return;
        (bool ok, bytes memory said) = address(quoter).staticcall(data);
        if (refused) return; // a quote of nothing is zero, a swap of nothing reverts
        assertTrue(ok, "quote");
        (uint256 found) = abi.decode(said, (uint256));
        assertEq(found, expected, "quote");
    }

    function _data(uint256 pool, uint256[4] memory given) private view returns (bytes memory) {
        (uint256 index, uint256 other, uint256 amount) = (given[1], given[2], given[3]);
        address me = address(this);
        if (given[0] == 0) return abi.encodeCall(manager.swapExactIn, (pool, index, other, amount, 0, me, FOREVER));
        if (given[0] == 1) {
            return abi.encodeCall(manager.swapExactOut, (pool, index, other, amount, FOREVER, me, FOREVER));
        }
        if (given[0] == 2) return abi.encodeCall(manager.addOneExactIn, (pool, index, amount, 0, me, FOREVER));
        if (given[0] == 3) return abi.encodeCall(manager.addOneExactShares, (pool, index, amount, FOREVER, me, FOREVER));
        if (given[0] == 4) return abi.encodeCall(manager.removeOneExactShares, (pool, index, amount, 0, me, FOREVER));
        if (given[0] == 5) return abi.encodeCall(manager.removeOneExactOut, (pool, index, amount, FOREVER, me, FOREVER));
        uint256 count = manager.poolState(pool).tokens.length;
        if (given[0] == 6) {
            return abi.encodeCall(manager.addProportional, (pool, amount, _same(count, FOREVER), me, FOREVER));
        }
        return abi.encodeCall(manager.removeProportional, (pool, amount, _same(count, 0), false, me, FOREVER));
    }

    function _checkAfter(uint256 place, uint256 pool) private view {
        uint256[] memory expected = vm.parseJsonUintArray(file, _at(place, "after"));
        Pools.PoolState memory state = manager.poolState(pool);
        uint256 count = state.tokens.length;
        for (uint256 i; i < count; ++i) {
            assertEq(state.curve.balances[i], expected[i], "balance");
            assertEq(state.averages[i], expected[count + i], "average");
            assertEq(manager.protocolFeeOf(pool, i), expected[2 * count + i], "owed");
        }
        assertEq(state.supply, expected[3 * count], "supply");
        (bool ok, bytes memory said) = address(manager).staticcall(abi.encodeCall(manager.oraclePrice, (pool, 0, 1)));
        assertEq(ok ? abi.decode(said, (uint256)) : 0, expected[3 * count + 1], "price");
    }

    function _sum(uint256[] memory amounts) private pure returns (uint256 total) {
        for (uint256 i; i < amounts.length; ++i) {
            total += amounts[i];
        }
    }

    function _at(uint256 place, string memory field) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(place), "].", field);
    }
}
