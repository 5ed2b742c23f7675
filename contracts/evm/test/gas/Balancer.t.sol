// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Pair} from "./Pair.sol";
import {
    AddLiquidityKind,
    BalancerCaller,
    IBalancerVault,
    LiquidityManagement,
    PoolRoleAccounts,
    StablePoolParams,
    TokenConfig,
    TokenType,
    WeightedPoolParams
} from "./Balancer.sol";

/// @notice Balancer v3's calls as whole transactions, with the token, the amounts, the weights and the amplification of
/// test/pools/Gas.t.sol. Its contracts take minutes to compile: `make gas` does it (packaging/gas.py) and says in
/// BALANCER_V3 in which folder the code lies. Without it nothing of this is run.
contract BalancerGas is Test, Pair {
    /// @dev Times and least amounts of its mainnet deployment; the greatest share of the fees that a protocol may take, as ours.
    uint32 private constant PAUSE_WINDOW = 4 * 360 days;
    uint32 private constant BUFFER_PERIOD = 180 days;
    uint256 private constant LEAST_TRADE = 1e6;
    uint256 private constant LEAST_WRAP = 1e4;
    uint256 private constant SWAP_SHARE = 0.5e18;
    uint256 private constant YIELD_SHARE = 0.1e18;

    string private folder;
    BalancerCaller private caller;
    IBalancerVault private vault;
    address private weighted;
    address private stable;

    modifier compiled() {
        vm.skip(bytes(folder).length == 0, "Balancer v3 is compiled and measured by `make gas`");
        _;
    }

    function setUp() public {
        folder = vm.envOr("BALANCER_V3", string(""));
        if (bytes(folder).length == 0) return;
        _coin();
        caller = new BalancerCaller(address(token0), address(token1));
        _fund(address(caller));
        _openVault();
        weighted = _openPool(
            _create(
                "WeightedPool",
                abi.encode(
                    WeightedPoolParams("Weighted", "W", 2, _two(0.8e18, 0.2e18), "", _two(1e6, 1e6)), address(vault)
                )
            ),
            0.003e18
        );
        stable = _openPool(
            _create("StablePool", abi.encode(StablePoolParams("Stable", "S", 200, ""), address(vault))), 0.0004e18
        );
        vm.warp(block.timestamp + 60);
    }

    function test_weightedSwap() public compiled {
        uint256 before = token1.balanceOf(TO);
        caller.swap(vault, weighted, 1e21, 1, TO);
        vm.snapshotGasLastCall("BalancerGas", "weightedSwap, Balancer v3 weighted 80/20, core call");
        assertApproxEqRel(token1.balanceOf(TO) - before, 3.57e21, 0.01e18);
    }

    function test_stableSwap() public compiled {
        uint256 before = token1.balanceOf(TO);
        caller.swap(vault, stable, 1e21, 1, TO);
        vm.snapshotGasLastCall("BalancerGas", "stableSwap, Balancer v3 stable, core call");
        assertApproxEqRel(token1.balanceOf(TO) - before, 1e21, 0.01e18);
    }

    function test_addProportional() public compiled {
        caller.add(vault, weighted, AddLiquidityKind.Proportional, _two(1e30, 1e30), 1e21, address(this));
        vm.snapshotGasLastCall("BalancerGas", "addProportional, Balancer v3 weighted 80/20, core call");
    }

    function test_addOne() public compiled {
        caller.add(vault, weighted, AddLiquidityKind.Unbalanced, _two(1e21, 0), 1, address(this));
        vm.snapshotGasLastCall("BalancerGas", "addOneSided, Balancer v3 weighted 80/20, core call");
    }

    /// @dev About as many shares as 10^21 of the token bring: the cheaper way in, without an invariant.
    function test_addOneForShares() public compiled {
        uint256 before = token0.balanceOf(address(this));
        caller.add(vault, weighted, AddLiquidityKind.SingleTokenExactOut, _two(2e21, 0), 7.8e20, address(this));
        vm.snapshotGasLastCall("BalancerGas", "addOneSided, Balancer v3 weighted 80/20 for exact shares, core call");
        assertApproxEqRel(before - token0.balanceOf(address(this)), 1e21, 0.01e18);
    }

    /// @dev Its parts name each other: the vault is deployed last, at the address the others were given.
    function _openVault() private {
        address at = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 3);
        address admin =
            _create("VaultAdmin", abi.encode(at, PAUSE_WINDOW, BUFFER_PERIOD, LEAST_TRADE, LEAST_WRAP));
        address extension = _create("VaultExtension", abi.encode(at, admin));
        address fees = _create("ProtocolFeeController", abi.encode(at, SWAP_SHARE, YIELD_SHARE));
        vault = IBalancerVault(_create("Vault", abi.encode(extension, address(this), fees)));
    }

    /// @dev Registered as its factory does, filled, and traded on once, as the pools of the others.
    function _openPool(address pool, uint256 fee) private returns (address) {
        TokenConfig[] memory tokens = new TokenConfig[](2);
        tokens[0] = TokenConfig(address(token0), TokenType.Standard, address(0), false);
        tokens[1] = TokenConfig(address(token1), TokenType.Standard, address(0), false);
        vault.registerPool(
            pool,
            tokens,
            fee,
            uint32(vm.getBlockTimestamp()) + PAUSE_WINDOW,
            false,
            PoolRoleAccounts(address(0), address(0), address(0)),
            address(0),
            LiquidityManagement(false, false, false, false)
        );
        caller.open(vault, pool, _two(1e24, 0.9e24), address(this));
        caller.swap(vault, pool, 1e20, 1, TO);
        return pool;
    }

    function _two(uint256 first, uint256 second) private pure returns (uint256[] memory both) {
        both = new uint256[](2);
        (both[0], both[1]) = (first, second);
    }

    function _create(string memory name, bytes memory arguments) private returns (address made) {
        bytes memory code = bytes.concat(
            vm.parseBytes(vm.readFile(string.concat(folder, "/", name, ".hex"))), arguments
        );
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), "the peer's constructor reverted");
    }
}
