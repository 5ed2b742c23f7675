// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Pools of two to eight assets in one contract
/// @notice Amounts are in base units of their token; weights, fees and shares in units of 1e-18; amplification in
/// hundredths. An asset is named by its place in the pool, counted from zero. Every amount is rounded for the pool.
interface ILiquidityPoolManager {
    /// @notice Weighted: the product of balances to the power of their weights. Stable: Curve's invariant. Hybrid: the product
    /// of stable groups to the power of the groups' weights.
    enum Kind {
        Weighted,
        Stable,
        Hybrid
    }

    /// @notice How the one who swaps pays: an ERC-20 transfer, the balance kept here, or `paySwap` of the caller.
    enum Payment {
        Token,
        InternalBalance,
        Callback
    }

    /// @param weights Weighted: of each asset. Hybrid: of each asset's group, once for each asset. Stable: empty. The least
    /// weight is 0.01; those of assets (groups) add up to one.
    /// @param groups Hybrid: each asset's group, numbered from zero as they first appear. Otherwise empty.
    /// @param amplification Stable and hybrid: 1 to 1,000,000, in hundredths. Weighted: zero.
    /// @param fee At most a tenth. A weighted pool takes it from what comes in, the others from what goes out.
    /// @param offPegMultiplier Stable and hybrid: how many times the fee it may become far from parity, in tenths, from ten
    /// (no change) to a thousand; no fee is ever above a half. Weighted: zero.
    /// @param volatilityMultiplier How often the fee is added again at a deviation of one from the moving averages.
    struct PoolParameters {
        Kind kind;
        address[] tokens;
        uint256[] weights;
        uint256[] groups;
        uint256 amplification;
        uint256 fee;
        uint256 offPegMultiplier;
        uint256 volatilityMultiplier;
    }

    /// @notice What the curve needs of a pool.
    /// @param rates From base units to 18 decimals; one in a weighted pool.
    /// @param weights Of each asset's group; 1e18 in a stable pool.
    struct CurvePool {
        uint256[] balances;
        uint256[] rates;
        uint256[] weights;
        uint256[] groups;
        uint256 amplification;
        uint256 offPegMultiplier;
    }

    /// @param averages The balances' moving averages, as of now and of this supply.
    struct PoolState {
        Kind kind;
        uint256 fee;
        uint256 volatilityMultiplier;
        uint256 supply;
        address[] tokens;
        uint256[] averages;
        CurvePool curve;
    }

    struct Hop {
        uint256 pool;
        uint256 indexIn;
        uint256 indexOut;
    }

    event PoolCreated(uint256 indexed pool, Kind kind, address[] tokens, uint256 fee);
    event Swap(
        uint256 indexed pool,
        address indexed sender,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amountIn,
        uint256 amountOut
    );
    event LiquidityAdded(uint256 indexed pool, address indexed to, uint256[] amounts, uint256 shares);
    event LiquidityRemoved(uint256 indexed pool, address indexed from, uint256[] amounts, uint256 shares);
    event Deposited(address indexed token, address indexed to, uint256 amount);
    event Withdrawn(address indexed token, address indexed from, address indexed to, uint256 amount);
    event AmplificationRamped(uint256 indexed pool, uint256 from, uint256 target, uint256 endTime);
    event SupplyCapSet(uint256 indexed pool, uint256 cap);
    event ProtocolFeeCollected(uint256 indexed pool, uint256 indexed index, uint256 amount);

    error InvalidParameters();
    error InvalidToken(address token);
    error InvalidPath();
    error InvalidRamp();
    error UnknownPool();
    error UnknownAsset();
    error Expired(uint256 deadline);
    error InsufficientOutput(uint256 amount);
    error ExcessiveInput(uint256 amount);
    error AmountTooLarge(uint256 amount);
    error SupplyCapExceeded(uint256 supply);
    error Locked();
    error AlreadyInitialized();
    error NotPaid(uint256 amount);

    /* POOLS */

    /// @notice Makes a pool. It is empty until `initialize`.
    function createPool(PoolParameters calldata parameters) external returns (uint256 pool);

    /// @notice The first liquidity: the pool's shares are made, a millionth of them for nobody, whatever its cap.
    /// Its amounts are the pool's price, and its averages at once.
    function initialize(uint256 pool, uint256[] calldata amounts, address to) external returns (uint256 shares);

    /* SWAPS */

    /// @notice Swaps exactly `amountIn`. Reverts with `InsufficientOutput` under `minAmountOut`.
    function swapExactIn(
        uint256 pool,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amountIn,
        uint256 minAmountOut,
        address to,
        uint256 deadline
    ) external returns (uint256 amountOut);

    /// @notice Swaps for exactly `amountOut`. Reverts with `ExcessiveInput` over `maxAmountIn`.
    function swapExactOut(
        uint256 pool,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amountOut,
        uint256 maxAmountIn,
        address to,
        uint256 deadline
    ) external returns (uint256 amountIn);

    /// @notice Swaps exactly `amountIn` through pools of which each takes what the one before gave.
    /// @param toInternalBalance What comes out is kept here for `to`.
    /// @param data Given to `paySwap` where the payment is a callback.
    /// @return amountOut What came out of the last pool.
    /// @return tokenOut Its token.
    function swapPath(
        Hop[] calldata path,
        uint256 amountIn,
        uint256 minAmountOut,
        Payment payment,
        bool toInternalBalance,
        address to,
        uint256 deadline,
        bytes calldata data
    ) external returns (uint256 amountOut, address tokenOut);

    /* LIQUIDITY */

    /// @notice Exactly `shares` for their part of every asset, each at most its `maxAmounts`.
    function addProportional(uint256 pool, uint256 shares, uint256[] calldata maxAmounts, address to, uint256 deadline)
        external
        returns (uint256[] memory amounts);

    /// @notice Exactly `amount` of one asset, for at least `minShares`.
    function addOneExactIn(uint256 pool, uint256 index, uint256 amount, uint256 minShares, address to, uint256 deadline)
        external
        returns (uint256 shares);

    /// @notice One asset alone for exactly `shares`, at most `maxAmount`.
    function addOneExactShares(
        uint256 pool,
        uint256 index,
        uint256 shares,
        uint256 maxAmount,
        address to,
        uint256 deadline
    ) external returns (uint256 amount);

    /// @notice Shares for their part of every asset. Works while paused.
    /// @param toInternalBalance Nothing is transferred: the amounts are kept here for `to`, so that no token can stand in the
    /// way of the others.
    function removeProportional(
        uint256 pool,
        uint256 shares,
        uint256[] calldata minAmounts,
        bool toInternalBalance,
        address to,
        uint256 deadline
    ) external returns (uint256[] memory amounts);

    /// @notice Exactly `shares` for one asset alone, at least `minAmount`. Works while paused.
    function removeOneExactShares(
        uint256 pool,
        uint256 index,
        uint256 shares,
        uint256 minAmount,
        address to,
        uint256 deadline
    ) external returns (uint256 amount);

    /// @notice Exactly `amount` of one asset for at most `maxShares`. Works while paused.
    function removeOneExactOut(
        uint256 pool,
        uint256 index,
        uint256 amount,
        uint256 maxShares,
        address to,
        uint256 deadline
    ) external returns (uint256 shares);

    /* INTERNAL BALANCES */

    /// @notice Keeps tokens here for `to`: the ERC-6909 balance whose id is the token's address.
    function deposit(address token, uint256 amount, address to) external;

    /// @notice Pays out what is kept for the caller. Works while paused.
    function withdraw(address token, uint256 amount, address to) external;

    /* OWNER */

    /// @notice Moves a pool's amplification to `target` in even steps until `endTime`, a day away or more, at most tenfold or
    /// to a tenth.
    function rampAmplification(uint256 pool, uint256 target, uint256 endTime) external;

    /// @notice Ends a ramp where it is: the owner at any time, anybody once it has arrived.
    function stopRamp(uint256 pool) external;

    /// @notice No liquidity is added beyond `cap` shares, of which the first liquidity makes 1e24 whatever it is worth; zero is no
    /// cap. What is there stays.
    function setSupplyCap(uint256 pool, uint256 cap) external;

    /// @notice Pays the owner what the protocol is owed in an asset. Anybody may call.
    function collectProtocolFee(uint256 pool, uint256 index) external returns (uint256 amount);

    /* VIEWS: all that prices revert while a call is under way */

    function poolState(uint256 pool) external view returns (PoolState memory state);

    /// @notice What a base unit of one asset is worth in base units of another, in units of 1e-36, at the balances' moving
    /// averages, floored. No trade of this block moves it, and liquidity does by what rounds an average to its unit: an average
    /// is one unit at least and 2^112 - 1 at most, whatever liquidity came or went. Of a pool that was created and never
    /// initialised it is `StableMath.EmptyBalance`.
    function oraclePrice(uint256 pool, uint256 indexIn, uint256 indexOut) external view returns (uint256);

    function totalSupply(uint256 pool) external view returns (uint256);
}

/// @notice Who swaps with `Payment.Callback`.
interface ISwapPayer {
    /// @notice Called by the manager in `swapPath`: must see to it that the caller has `amount` more of `token` when it returns.
    function paySwap(address token, uint256 amount, bytes calldata data) external;
}
