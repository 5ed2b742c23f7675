// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Pools of two to eight assets in one contract
/// @notice Amounts are in base units of their token, weights and fees in units of 1e-18, shares in units of 1e-18.
/// Every amount is rounded for the pool.
interface ILiquidityPoolManager {
    enum Kind {
        Weighted,
        Stable
    }

    /// @param weights Weighted: 0.01 or more each, one together. Stable: empty.
    /// @param amplification Stable: in hundredths. Weighted: zero.
    /// @param offPeg Stable: how many times the fee may become far from parity, in tenths; ten is no change.
    struct Terms {
        Kind kind;
        address[] tokens;
        uint256[] weights;
        uint256 amplification;
        uint256 fee;
        uint256 offPeg;
    }

    event PoolCreated(uint256 indexed pool, Kind kind, address[] tokens, uint256 fee);
    event Swapped(
        uint256 indexed pool, address indexed to, uint256 joins, uint256 leaves, uint256 amountIn, uint256 amountOut
    );
    event LiquidityAdded(uint256 indexed pool, address indexed to, uint256[] amounts, uint256 shares);
    event LiquidityRemoved(uint256 indexed pool, address indexed from, uint256[] amounts, uint256 shares);

    error BadTerms();
    error NoSuchPool();
    error NoSuchAsset();
    error Expired();
    error TooLittle(uint256 got);
    error TooMuch(uint256 needed);
    error Paused();
    error Locked();
    error TransferFailed(address token);
    error TokenTakesFee(address token);
    error NotEnoughShares();
    error AlreadyOpened();

    /// @notice Makes a pool. It is empty until `open`.
    function createPool(Terms calldata terms) external returns (uint256 pool);

    /// @notice The first liquidity: the pool's shares are made, a millionth millionth of them for nobody.
    function open(uint256 pool, uint256[] calldata amounts, address to) external returns (uint256 shares);

    /// @notice Trades exactly `amount` in. Reverts with `TooLittle` under `least`.
    function swapExactIn(
        uint256 pool, uint256 joins, uint256 leaves, uint256 amount, uint256 least, address to, uint256 deadline
    ) external returns (uint256 out);

    /// @notice Trades for exactly `amount` out. Reverts with `TooMuch` over `most`.
    function swapExactOut(
        uint256 pool, uint256 joins, uint256 leaves, uint256 amount, uint256 most, address to, uint256 deadline
    ) external returns (uint256 paid);

    /// @notice Exactly `shares` for their part of every asset, each at most `most`.
    function addProportional(uint256 pool, uint256 shares, uint256[] calldata most, address to, uint256 deadline)
        external
        returns (uint256[] memory amounts);

    /// @notice One asset alone, for at least `least` shares.
    function addOne(uint256 pool, uint256 asset, uint256 amount, uint256 least, address to, uint256 deadline)
        external
        returns (uint256 shares);

    /// @notice Shares for their part of every asset. Works while the pool is paused.
    function removeProportional(uint256 pool, uint256 shares, uint256[] calldata least, address to, uint256 deadline)
        external
        returns (uint256[] memory amounts);
}
