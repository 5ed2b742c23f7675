// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {ERC20Votes} from "solady/tokens/ERC20Votes.sol";
import {Pair} from "./Pair.sol";
import {
    PeerCaller,
    PoolKey,
    IUniswapV2Factory,
    IUniswapV2Pair,
    IUniswapV3Factory,
    IUniswapV3Pool,
    IUniswapV4PoolManager,
    IMerkleDistributor
} from "./Peers.sol";

contract SoladyVotes is ERC20Votes {
    function name() public pure override returns (string memory) {
        return "Plain";
    }

    function symbol() public pure override returns (string memory) {
        return "P";
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice The peers' calls as whole transactions, against the token of our own measurements. Run with `--isolate`:
/// packaging/gas.py does and writes snapshots/peers.json.
contract PeersGas is Test, Pair {
    string private constant UNISWAP = "../node_modules/@uniswap/";
    uint256 private constant DEPTH = 17;

    PeerCaller private caller;
    IUniswapV2Pair private v2;
    IUniswapV3Pool private v3;
    IUniswapV4PoolManager private v4;
    PoolKey private key;
    IMerkleDistributor private distributor;
    bytes32[] private proof;
    SoladyVotes private votes;

    function setUp() public {
        _coin();
        caller = new PeerCaller(address(token0), address(token1));
        _fund(address(caller));
        _openV2();
        _openV3();
        _openV4();
        _openDistributor();
        _openVotes();
        vm.warp(block.timestamp + 60);
    }

    function test_swap_UniswapV2() public {
        caller.swapV2(v2, 1e21, 9e20, TO);
        vm.snapshotGasLastCall("PeersGas", "swap, Uniswap v2");
    }

    function test_add_UniswapV2() public {
        caller.addV2(v2, 1e21, 1e21, TO);
        vm.snapshotGasLastCall("PeersGas", "addProportional, Uniswap v2");
    }

    function test_swap_UniswapV3() public {
        caller.swapV3(v3, 1e21, 1, TO);
        vm.snapshotGasLastCall("PeersGas", "swap, Uniswap v3");
    }

    function test_swap_UniswapV4() public {
        caller.swapV4(v4, key, 1e21, 1, TO);
        vm.snapshotGasLastCall("PeersGas", "swap, Uniswap v4");
    }

    function test_claim_Uniswap() public {
        distributor.claim(90_000, address(0xCAFE), 1e18, proof);
        vm.snapshotGasLastCall("PeersGas", "claimAtDepth17, Uniswap MerkleDistributor");
        assertEq(token0.balanceOf(address(0xCAFE)), 1e18);
    }

    function test_votesTransfer_Solady() public {
        votes.transfer(TO, 1e18);
        vm.snapshotGasLastCall("PeersGas", "votesTransfer, Solady ERC20Votes");
    }

    function _openV2() private {
        IUniswapV2Factory factory = IUniswapV2Factory(
            _deploy(string.concat("0x", _json("v2-core/build/UniswapV2Factory.json", ".bytecode")), abi.encode(address(0)))
        );
        v2 = IUniswapV2Pair(factory.createPair(address(token0), address(token1)));
        caller.addV2(v2, 1e24, 1e24, address(this));
        caller.swapV2(v2, 1e20, 9e19, TO);
    }

    function _openV3() private {
        IUniswapV3Factory factory = IUniswapV3Factory(
            _deploy(_json("v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json", ".bytecode"), "")
        );
        v3 = IUniswapV3Pool(factory.createPool(address(token0), address(token1), 3000));
        v3.initialize(2 ** 96);
        caller.openV3(v3, -6000, 6000, 1e25);
        caller.swapV3(v3, 1e20, 1, TO);
    }

    function _openV4() private {
        v4 = IUniswapV4PoolManager(
            _deploy(vm.readFile("../node_modules/.peers/UniswapV4PoolManager.hex"), abi.encode(address(this)))
        );
        key = PoolKey(address(token0), address(token1), 3000, 60, address(0));
        v4.initialize(key, 2 ** 96);
        caller.openV4(v4, key, 1e25);
        caller.swapV4(v4, key, 1e20, 1, TO);
    }

    /// @dev Any siblings make a tree: the root is what the proof comes to. The leaf is the one of its authors.
    function _openDistributor() private {
        bytes32 node = keccak256(abi.encodePacked(uint256(90_000), address(0xCAFE), uint256(1e18)));
        for (uint256 i = 0; i < DEPTH; i++) {
            bytes32 other = keccak256(abi.encode("sibling", i));
            proof.push(other);
            node = node < other ? keccak256(abi.encode(node, other)) : keccak256(abi.encode(other, node));
        }
        bytes memory code = vm.parseBytes(
            string.concat("0x", _json("merkle-distributor/build/MerkleDistributor.json", ".bytecode"))
        );
        distributor = IMerkleDistributor(_create(bytes.concat(code, abi.encode(address(token0), node))));
        token0.mint(address(distributor), 1e24);
    }

    function _openVotes() private {
        votes = new SoladyVotes();
        votes.mint(address(this), 1e24);
        votes.mint(TO, 1e24);
        votes.delegate(address(this));
        vm.prank(TO);
        votes.delegate(TO);
        // The compiler reads the block number once a call: both are written out.
        vm.roll(1000);
        votes.transfer(TO, 1);
        vm.roll(2000);
    }

    function _json(string memory file, string memory field) private view returns (string memory) {
        return vm.parseJsonString(vm.readFile(string.concat(UNISWAP, file)), field);
    }

    function _deploy(string memory code, bytes memory arguments) private returns (address) {
        return _create(bytes.concat(vm.parseBytes(code), arguments));
    }

    function _create(bytes memory code) private returns (address made) {
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), "the peer's constructor reverted");
    }
}
