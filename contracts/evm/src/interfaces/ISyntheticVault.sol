// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IOracle} from "./IOracle.sol";

/// @title A vault: one collateral, one synthetic, one oracle, terms that cannot change
/// @notice The price is what one base unit of collateral is worth in base units of the synthetic, times 10^36. Fractions are
/// in 10^-18. Whoever acts for another account is its operator; the factory acts for whoever called it.
interface ISyntheticVault {
    enum Mode {
        Live,
        /// @dev There is no price: burning, and withdrawing what needs no price, go on.
        Stale,
        /// @dev The last good price is final: synthetics are redeemed at it.
        Shutdown
    }

    struct Parameters {
        string name;
        string symbol;
        /// The most debt to collateral at which one may mint or withdraw.
        uint256 maxLtv;
        /// The debt to collateral above which a position is liquidated.
        uint256 lltv;
        /// The health (collateral times lltv over debt) to which a liquidation brings a position.
        uint256 targetHealth;
        /// A debt's growth in a second, in 10^-27.
        uint256 stabilityFee;
        /// Of what is minted, added to the debt once.
        uint256 mintFee;
        /// How far the market may be from the oracle between its updates.
        uint256 oracleDeviation;
        uint256 debtCeiling;
        uint256 minDebt;
        /// Seconds without a price after which anyone may shut the vault down.
        uint256 deadPeriod;
        address feeRecipient;
        address guardian;
    }

    error BadParameters();
    error BelowMinimumDebt(uint256 debt);
    error BurnTooSmall(uint256 needed);
    error CeilingReached(uint256 debt, uint256 ceiling);
    error HealthNotImproved();
    error HealthyPosition(uint256 debt, uint256 limit);
    error NotEnoughCollateral(uint256 held);
    error NotOperator(address account, address caller);
    error NotShutdown();
    error OracleNotDead();
    error OracleNotLive(IOracle.Status status);
    error Reentrancy();
    error RedemptionNotOpen(uint256 opensAt);
    error TooLittleCollateral(uint256 amount);
    error TooMuchCollateral();
    error Undercollateralised(uint256 debt, uint256 limit);
    error VaultShutdown();
    error ZeroAddress();
    error ZeroAmount();

    event BadDebtRealised(address indexed account, uint256 amount, uint256 shortfall);
    event Burned(address indexed account, address indexed payer, uint256 amount);
    event Deposited(address indexed account, address indexed payer, uint256 amount);
    event FeesCollected(address indexed recipient, uint256 amount);
    event Liquidated(address indexed account, address indexed liquidator, uint256 burned, uint256 seized, uint256 badDebt);
    event Minted(address indexed account, address indexed receiver, uint256 amount, uint256 fee);
    event OperatorSet(address indexed account, address indexed operator, bool allowed);
    event OracleReported(IOracle.Status status, uint256 deadSince);
    event Recapitalised(address indexed payer, uint256 amount);
    event Redeemed(address indexed account, address indexed redeemer, uint256 burned, uint256 debtPaid, uint256 collateral);
    event Shutdown(address indexed caller, uint256 price, uint256 index);
    event Withdrawn(address indexed account, address indexed receiver, uint256 amount);

    /// @notice Allows `operator` to do everything with the caller's position, or takes that back.
    function setOperator(address operator, bool allowed) external;
    function isOperator(address account, address operator) external view returns (bool);

    /// @notice Adds collateral to anyone's position. Never paused: whoever can be liquidated can also save himself.
    function deposit(address account, uint256 amount) external;

    /// @notice Takes collateral out. With a debt it needs a price and leaves the position within `maxLtv`.
    function withdraw(address account, uint256 amount, address receiver) external;

    /// @notice Mints `amount` to `receiver`; the debt grows by it and by the mint fee.
    function mintSynthetic(address account, uint256 amount, address receiver) external;

    /// @notice Pays a debt back, all of it where `amount` is more. Anyone may, always.
    /// @return burned What it took of the payer.
    function burnSynthetic(address account, uint256 amount) external returns (uint256 burned);

    function depositAndMint(address account, uint256 collateralAmount, uint256 amount, address receiver) external;

    /// @notice Pays back and takes out in one call. Where the collateral for each unit of debt does not fall, it needs no price.
    function burnAndWithdraw(address account, uint256 amount, uint256 collateralAmount, address receiver)
        external
        returns (uint256 burned);

    /// @notice Burns the caller's synthetics for an unhealthy position's collateral and its incentive.
    /// @param maxBurn The most the caller gives; less than the target needs is a smaller liquidation, if it can be one.
    /// @param minCollateral The least the caller takes for it.
    function liquidate(address account, uint256 maxBurn, uint256 minCollateral, address receiver)
        external
        returns (uint256 burned, uint256 seized, uint256 badDebt);

    /// @notice Mints the fees to their recipient, so far as they are not needed to make up for bad debt.
    function collectFees() external returns (uint256 amount);

    /// @notice Burns the caller's synthetics against the shortfall that bad debt left.
    function recapitalise(uint256 amount) external returns (uint256 burned);

    /// @notice Looks at the oracle: keeps a live one's price, begins or goes on counting how long a dead one has been dead.
    function reportOracle() external returns (IOracle.Status status);

    /// @notice Ends the vault at the last good price: by the owner, or by anyone once the oracle has been dead for
    /// `deadPeriod`, seen by reports at most `MAX_REPORT_GAP` apart.
    function shutdown() external;

    /// @notice After a shutdown: writes off what a position owes beyond its collateral.
    function realiseBadDebt(address account) external returns (uint256 amount);

    /// @notice After a shutdown and `REDEMPTION_DELAY`: burns the caller's synthetics for the collateral of a position, at the last
    /// good price, less everyone's equal part of the shortfall.
    function redeem(address account, uint256 amount, uint256 minCollateral, address receiver)
        external
        returns (uint256 burned, uint256 collateral);

    function mode() external view returns (Mode);
    function positionOf(address account) external view returns (uint256 collateral, uint256 debt);

    /// @notice Collateral times lltv over debt; 2^256 - 1 without a debt. Reverts without a price.
    function healthOf(address account) external view returns (uint256);

    /// @notice What the account may still mint, beside the ceiling and the minimum. Reverts without a price.
    function mintableOf(address account) external view returns (uint256);

    function index() external view returns (uint256);
    function totalDebt() external view returns (uint256);
    function totalCollateral() external view returns (uint256);

    /// @notice All bad debt there ever was.
    function badDebt() external view returns (uint256);

    /// @notice Synthetics that no debt stands behind.
    function shortfall() external view returns (uint256);

    function lastPrice() external view returns (uint256 price, uint256 since);
}
