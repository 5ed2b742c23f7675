// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What the measurements call of the peers. The peers themselves come from their npm packages as bytecode.

interface IToken {
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

interface IUniswapV2Pair {
    function initialize(address token0, address token1) external;
    function mint(address to) external returns (uint256);
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
}

interface IUniswapV2Factory {
    function createPair(address a, address b) external returns (address);
}

interface IUniswapV3Factory {
    function createPool(address a, address b, uint24 fee) external returns (address);
}

interface IUniswapV3Pool {
    function initialize(uint160 sqrtPriceX96) external;
    function mint(address to, int24 lower, int24 upper, uint128 amount, bytes calldata data)
        external
        returns (uint256, uint256);
    function swap(address to, bool zeroForOne, int256 amount, uint160 limit, bytes calldata data)
        external
        returns (int256, int256);
}

struct PoolKey {
    address currency0;
    address currency1;
    uint24 fee;
    int24 tickSpacing;
    address hooks;
}

struct ModifyLiquidityParams {
    int24 tickLower;
    int24 tickUpper;
    int256 liquidityDelta;
    bytes32 salt;
}

struct SwapParams {
    bool zeroForOne;
    int256 amountSpecified;
    uint160 sqrtPriceLimitX96;
}

interface IUniswapV4PoolManager {
    function initialize(PoolKey memory key, uint160 sqrtPriceX96) external returns (int24);
    function modifyLiquidity(PoolKey memory key, ModifyLiquidityParams memory params, bytes calldata data)
        external
        returns (int256, int256);
    function swap(PoolKey memory key, SwapParams memory params, bytes calldata data) external returns (int256);
    function unlock(bytes calldata data) external returns (bytes memory);
    function sync(address currency) external;
    function settle() external payable returns (uint256);
    function take(address currency, address to, uint256 amount) external;
}

interface IMerkleDistributor {
    function claim(uint256 index, address account, uint256 amount, bytes32[] calldata proof) external;
}

/// @notice One call that trades on a peer, as a thin router does: takes the token in from its caller, the token out goes to
/// the address named. It checks the least amount, as our own call does, and nothing else.
contract PeerCaller {
    error TooLittle();

    address private immutable token0;
    address private immutable token1;
    uint160 private constant LOWEST = 4295128740;

    constructor(address token0_, address token1_) {
        (token0, token1) = (token0_, token1_);
    }

    function swapV2(IUniswapV2Pair pair, uint256 amountIn, uint256 amountOut, address to) external {
        IToken(token0).transferFrom(msg.sender, address(pair), amountIn);
        pair.swap(0, amountOut, to, "");
    }

    function addV2(IUniswapV2Pair pair, uint256 amount0, uint256 amount1, address to) external {
        IToken(token0).transferFrom(msg.sender, address(pair), amount0);
        IToken(token1).transferFrom(msg.sender, address(pair), amount1);
        pair.mint(to);
    }

    function swapV3(IUniswapV3Pool pool, uint256 amountIn, uint256 least, address to) external {
        (, int256 other) = pool.swap(to, true, int256(amountIn), LOWEST, abi.encode(msg.sender));
        if (uint256(-other) < least) revert TooLittle();
    }

    function uniswapV3SwapCallback(int256 owed0, int256, bytes calldata data) external {
        IToken(token0).transferFrom(abi.decode(data, (address)), msg.sender, uint256(owed0));
    }

    function openV3(IUniswapV3Pool pool, int24 lower, int24 upper, uint128 liquidity) external {
        pool.mint(msg.sender, lower, upper, liquidity, abi.encode(msg.sender));
    }

    function uniswapV3MintCallback(uint256 owed0, uint256 owed1, bytes calldata data) external {
        address payer = abi.decode(data, (address));
        if (owed0 > 0) IToken(token0).transferFrom(payer, msg.sender, owed0);
        if (owed1 > 0) IToken(token1).transferFrom(payer, msg.sender, owed1);
    }

    function swapV4(IUniswapV4PoolManager manager, PoolKey calldata key, uint256 amountIn, uint256 least, address to)
        external
    {
        manager.unlock(abi.encode(key, int256(amountIn), least, msg.sender, to));
    }

    function openV4(IUniswapV4PoolManager manager, PoolKey calldata key, uint256 liquidity) external {
        manager.unlock(abi.encode(key, -int256(liquidity), 0, msg.sender, msg.sender));
    }

    /// @dev A positive amount is a trade, a negative one liquidity over the range that `openV3` has.
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        (PoolKey memory key, int256 amount, uint256 least, address payer, address to) =
            abi.decode(data, (PoolKey, int256, uint256, address, address));
        IUniswapV4PoolManager manager = IUniswapV4PoolManager(msg.sender);
        if (amount > 0) {
            int256 delta = manager.swap(key, SwapParams(true, -amount, LOWEST), "");
            uint256 amountOut = uint256(int256(int128(delta)));
            if (amountOut < least) revert TooLittle();
            _pay(manager, token0, payer, uint256(amount));
            manager.take(token1, to, amountOut);
        } else {
            (int256 delta,) = manager.modifyLiquidity(key, ModifyLiquidityParams(-6000, 6000, -amount, 0), "");
            _pay(manager, token0, payer, uint256(-(delta >> 128)));
            _pay(manager, token1, payer, uint256(-int256(int128(delta))));
        }
        return "";
    }

    function _pay(IUniswapV4PoolManager manager, address token, address payer, uint256 amount) private {
        manager.sync(token);
        IToken(token).transferFrom(payer, address(manager), amount);
        manager.settle();
    }
}
