// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuardedPause} from "../access/GuardedPause.sol";
import {IOracle} from "../interfaces/IOracle.sol";
import {ISyntheticAssetFactory} from "../interfaces/ISyntheticAssetFactory.sol";
import {ISyntheticVault} from "../interfaces/ISyntheticVault.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {OracleCalls} from "../oracles/OracleCalls.sol";
import {SyntheticToken} from "./SyntheticToken.sol";
import {VaultMath} from "./VaultMath.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The vault of one synthetic asset
/// @dev Nothing is stored twice: the fees are what all debts are beyond the synthetics in being, the shortfall is what they
/// lack. A fee that is not collected thus makes up for bad debt by itself.
contract SyntheticVault is ISyntheticVault, GuardedPause {
    /* CONSTANTS */

    uint256 private constant WAD = VaultMath.WAD;
    uint256 private constant RAY = VaultMath.RAY;
    uint256 public constant MAX_REPORT_GAP = 6 hours;
    /// @notice Between a shutdown and the first redemption bad debt is realised, so that everyone bears an equal part of it.
    uint256 public constant REDEMPTION_DELAY = 1 days;

    /* IMMUTABLES */

    address public immutable FACTORY;
    SyntheticToken public immutable SYNTHETIC;
    address public immutable COLLATERAL;
    IOracle public immutable ORACLE;
    uint256 public immutable MAX_LTV;
    uint256 public immutable LLTV;
    uint256 public immutable LIQUIDATION_INCENTIVE;
    uint256 public immutable TARGET_HEALTH;
    uint256 public immutable STABILITY_FEE;
    uint256 public immutable MINT_FEE;
    uint256 public immutable DEBT_CEILING;
    uint256 public immutable MIN_DEBT;
    uint256 public immutable DEAD_PERIOD;
    address public immutable FEE_RECIPIENT;

    /* STORAGE */

    /// @dev index 128 | time of it 40 | oracle dead since 40 | last report of that 40 | shut down 8
    uint256 private _state;
    /// @dev collateral 128 | normal debt 128
    uint256 private _totals;
    /// @dev price 200 | seen since 40
    uint256 private _lastPrice;
    /// @dev collateral 128 | normal debt 128
    mapping(address account => uint256) private _positions;
    /// @inheritdoc ISyntheticVault
    mapping(address account => mapping(address operator => bool)) public isOperator;
    /// @inheritdoc ISyntheticVault
    uint256 public badDebt;
    uint256 public shutdownAt;

    bool private transient _locked;

    /* CONSTRUCTOR */

    /// @dev The factory has checked the terms: what is not listed there is no vault.
    constructor(address factory, IOracle oracle, address collateral, address owner_, Parameters memory terms)
        GuardedPause(owner_, terms.guardian)
    {
        FACTORY = factory;
        SYNTHETIC = SyntheticToken(ISyntheticAssetFactory(factory).deployToken(terms.name, terms.symbol));
        COLLATERAL = collateral;
        ORACLE = oracle;
        MAX_LTV = terms.maxLtv;
        LLTV = terms.lltv;
        LIQUIDATION_INCENTIVE = VaultMath.incentiveOf(terms.lltv);
        TARGET_HEALTH = terms.targetHealth;
        STABILITY_FEE = terms.stabilityFee;
        MINT_FEE = terms.mintFee;
        DEBT_CEILING = terms.debtCeiling;
        MIN_DEBT = terms.minDebt;
        DEAD_PERIOD = terms.deadPeriod;
        FEE_RECIPIENT = terms.feeRecipient;
        _state = RAY | (block.timestamp << 128);
    }

    /* MODIFIERS */

    modifier nonReentrant() {
        if (_locked) revert Reentrancy();
        _locked = true;
        _;
        _locked = false;
    }

    modifier onlyOperator(address account) {
        if (msg.sender != account && msg.sender != FACTORY && !isOperator[account][msg.sender]) {
            revert NotOperator(account, msg.sender);
        }
        _;
    }

    /* OPERATORS */

    /// @inheritdoc ISyntheticVault
    function setOperator(address operator, bool allowed) external {
        isOperator[msg.sender][operator] = allowed;
        emit OperatorSet(msg.sender, operator, allowed);
    }

    /* COLLATERAL */

    /// @inheritdoc ISyntheticVault
    function deposit(address account, uint256 amount) external nonReentrant {
        _positions[account] = _deposit(account, _positions[account], amount);
        Tokens.take(COLLATERAL, _payer(account), amount);
    }

    /// @inheritdoc ISyntheticVault
    function withdraw(address account, uint256 amount, address receiver) external nonReentrant onlyOperator(account) {
        if (amount == 0) revert ZeroAmount();
        _exit(account, 0, amount, receiver);
    }

    /* SYNTHETICS */

    /// @inheritdoc ISyntheticVault
    function mintSynthetic(address account, uint256 amount, address receiver)
        external
        nonReentrant
        whenNotPaused
        onlyOperator(account)
    {
        _mint(account, _positions[account], amount, receiver);
        SYNTHETIC.mint(receiver, amount);
    }

    /// @inheritdoc ISyntheticVault
    function depositAndMint(address account, uint256 collateralAmount, uint256 amount, address receiver)
        external
        nonReentrant
        whenNotPaused
        onlyOperator(account)
    {
        uint256 position = _deposit(account, _positions[account], collateralAmount);
        _mint(account, position, amount, receiver);
        SYNTHETIC.mint(receiver, amount);
        Tokens.take(COLLATERAL, _payer(account), collateralAmount);
    }

    /// @inheritdoc ISyntheticVault
    function burnSynthetic(address account, uint256 amount) external nonReentrant returns (uint256 burned) {
        if (amount == 0) revert ZeroAmount();
        burned = _exit(account, amount, 0, account);
    }

    /// @inheritdoc ISyntheticVault
    function burnAndWithdraw(address account, uint256 amount, uint256 collateralAmount, address receiver)
        external
        nonReentrant
        onlyOperator(account)
        returns (uint256 burned)
    {
        burned = _exit(account, amount, collateralAmount, receiver);
    }

    /* LIQUIDATION */

    /// @inheritdoc ISyntheticVault
    function liquidate(address account, uint256 maxBurn, uint256 minCollateral, address receiver)
        external
        nonReentrant
        returns (uint256 burned, uint256 seized, uint256 bad)
    {
        if (receiver == address(0)) revert ZeroAddress();
        uint256 state = _accrued();
        uint256 price;
        (price, state) = _livePrice(state);
        _state = state;
        uint256 position = _positions[account];
        uint256 debt = VaultMath.debtUp(position >> 128, uint128(state));
        VaultMath.Liquidation memory done = VaultMath.liquidation(
            uint128(position), debt, price, maxBurn, VaultMath.Terms(LLTV, LIQUIDATION_INCENTIVE, TARGET_HEALTH, MIN_DEBT)
        );
        (burned, seized, bad) = (done.burned, done.seized, done.badDebt);
        if (seized < minCollateral) revert TooLittleCollateral(seized);
        uint256 normal = VaultMath.normalLeft(position >> 128, debt, burned + bad, uint128(state));
        uint256 collateral = uint128(position) - seized;
        if (normal != 0 && !_covers(collateral, uint128(position), debt, VaultMath.debtUp(normal, uint128(state)), false)) {
            revert HealthNotImproved();
        }
        _totals -= seized | (((position >> 128) - normal) << 128);
        _positions[account] = collateral | (normal << 128);
        emit Liquidated(account, msg.sender, burned, seized, bad);
        if (burned != 0) SYNTHETIC.burn(msg.sender, burned);
        if (bad != 0) _bad(account, bad);
        Tokens.give(COLLATERAL, receiver, seized);
    }

    /* FEES AND SHORTFALL */

    /// @inheritdoc ISyntheticVault
    function collectFees() external nonReentrant returns (uint256 amount) {
        uint256 state = _accrued();
        _state = state;
        uint256 debts = VaultMath.debtDown(_totals >> 128, uint128(state));
        uint256 supply = SYNTHETIC.totalSupply();
        if (debts <= supply) return 0;
        amount = debts - supply;
        emit FeesCollected(FEE_RECIPIENT, amount);
        SYNTHETIC.mint(FEE_RECIPIENT, amount);
    }

    /// @inheritdoc ISyntheticVault
    function recapitalise(uint256 amount) external nonReentrant returns (uint256 burned) {
        burned = Math.min(amount, shortfall());
        if (burned == 0) revert ZeroAmount();
        emit Recapitalised(msg.sender, burned);
        SYNTHETIC.burn(msg.sender, burned);
    }

    /* THE ORACLE */

    /// @inheritdoc ISyntheticVault
    function reportOracle() external nonReentrant returns (IOracle.Status status) {
        uint256 state = _accrued();
        if (_isShut(state)) revert VaultShutdown();
        uint256 price;
        (price,, status) = OracleCalls.tryPrice(ORACLE);
        if (status == IOracle.Status.Ok) {
            state = _kept(state, price);
        } else {
            uint256 deadSince = uint40(state >> 168);
            // a gap in the reports may hide that it was live
            if (deadSince == 0 || block.timestamp - uint40(state >> 208) > MAX_REPORT_GAP) deadSince = block.timestamp;
            state = uint168(state) | (deadSince << 168) | (block.timestamp << 208);
        }
        _state = state;
        emit OracleReported(status, uint40(state >> 168));
    }

    /// @inheritdoc ISyntheticVault
    function shutdown() external nonReentrant {
        uint256 state = _accrued();
        if (_isShut(state)) revert VaultShutdown();
        if (msg.sender == owner) {
            // a live price is the last good one; the timelock executes for anyone, with any gas, and asks no oracle's leave
            (uint256 price, bool live) = OracleCalls.bounded(ORACLE);
            if (live) state = _kept(state, price);
        } else {
            uint256 deadSince = uint40(state >> 168);
            if (
                deadSince == 0 || block.timestamp - deadSince < DEAD_PERIOD
                    || block.timestamp - uint40(state >> 208) > MAX_REPORT_GAP
            ) revert OracleNotDead();
            (,, IOracle.Status status) = OracleCalls.tryPrice(ORACLE);
            if (status == IOracle.Status.Ok) revert OracleNotDead();
        }
        _state = state | (1 << 248);
        shutdownAt = block.timestamp;
        emit Shutdown(msg.sender, uint200(_lastPrice), uint128(state));
    }

    /* AFTER A SHUTDOWN */

    /// @inheritdoc ISyntheticVault
    function realiseBadDebt(address account) external nonReentrant returns (uint256 amount) {
        uint256 state = _state;
        if (!_isShut(state)) revert NotShutdown();
        (, amount) = _realise(account, uint128(state), uint200(_lastPrice));
    }

    /// @inheritdoc ISyntheticVault
    function redeem(address account, uint256 amount, uint256 minCollateral, address receiver)
        external
        nonReentrant
        returns (uint256 burned, uint256 collateral)
    {
        if (receiver == address(0)) revert ZeroAddress();
        uint256 state = _state;
        if (!_isShut(state)) revert NotShutdown();
        if (block.timestamp < shutdownAt + REDEMPTION_DELAY) revert RedemptionNotOpen(shutdownAt + REDEMPTION_DELAY);
        uint256 price = uint200(_lastPrice);
        (uint256 position,) = _realise(account, uint128(state), price);
        uint256 debt = VaultMath.debtUp(position >> 128, uint128(state));
        uint256 paid;
        (burned, paid) = VaultMath.redemption(
            amount, debt, VaultMath.debtDown(_totals >> 128, uint128(state)), SYNTHETIC.totalSupply()
        );
        if (paid == 0) revert ZeroAmount();
        collateral = Math.mulDiv(paid, VaultMath.PRICE_UNIT, price);
        if (collateral < minCollateral) revert TooLittleCollateral(collateral);
        uint256 normal = VaultMath.normalLeft(position >> 128, debt, paid, uint128(state));
        _totals -= collateral | (((position >> 128) - normal) << 128);
        _positions[account] = (uint128(position) - collateral) | (normal << 128);
        emit Redeemed(account, msg.sender, burned, paid, collateral);
        SYNTHETIC.burn(msg.sender, burned);
        Tokens.give(COLLATERAL, receiver, collateral);
    }

    /* VIEWS */

    /// @inheritdoc ISyntheticVault
    function mode() external view returns (Mode) {
        if (_isShut(_state)) return Mode.Shutdown;
        (,, IOracle.Status status) = OracleCalls.tryPrice(ORACLE);
        return status == IOracle.Status.Ok ? Mode.Live : Mode.Stale;
    }

    /// @inheritdoc ISyntheticVault
    function positionOf(address account) public view returns (uint256 collateral, uint256 debt) {
        uint256 position = _positions[account];
        return (uint128(position), VaultMath.debtUp(position >> 128, index()));
    }

    /// @inheritdoc ISyntheticVault
    function healthOf(address account) external view returns (uint256) {
        (uint256 collateral, uint256 debt) = positionOf(account);
        if (debt == 0) return type(uint256).max;
        return Math.mulDiv(VaultMath.valueDown(collateral, _askedPrice()), LLTV, debt);
    }

    /// @inheritdoc ISyntheticVault
    function mintableOf(address account) external view returns (uint256) {
        (uint256 collateral, uint256 debt) = positionOf(account);
        return VaultMath.mintable(VaultMath.limitDown(collateral, _askedPrice(), MAX_LTV), debt, MINT_FEE, index());
    }

    /// @inheritdoc ISyntheticVault
    function index() public view returns (uint256) {
        return uint128(_accrued());
    }

    /// @inheritdoc ISyntheticVault
    function totalDebt() public view returns (uint256) {
        return VaultMath.debtDown(_totals >> 128, index());
    }

    /// @inheritdoc ISyntheticVault
    function totalCollateral() external view returns (uint256) {
        return uint128(_totals);
    }

    /// @inheritdoc ISyntheticVault
    function shortfall() public view returns (uint256) {
        return Math.saturatingSub(SYNTHETIC.totalSupply(), totalDebt());
    }

    /// @inheritdoc ISyntheticVault
    function lastPrice() external view returns (uint256 price, uint256 since) {
        uint256 kept = _lastPrice;
        return (uint200(kept), uint40(kept >> 200));
    }

    /// @notice Since when the oracle has been reported dead, and when it last was; zeros for one that is live.
    function oracleDeadSince() external view returns (uint256 since, uint256 reportedAt) {
        uint256 state = _state;
        return (uint40(state >> 168), uint40(state >> 208));
    }

    /* INSIDE */

    /// @dev Whoever calls pays; the factory passes on the call of the account itself.
    function _payer(address account) private view returns (address) {
        return msg.sender == FACTORY ? account : msg.sender;
    }

    function _isShut(uint256 state) private pure returns (bool) {
        return state >> 248 != 0;
    }

    /// @dev The state with its index as of now. It ends to grow with the vault.
    function _accrued() private view returns (uint256 state) {
        state = _state;
        uint256 elapsed = block.timestamp - uint40(state >> 128);
        if (elapsed == 0 || _isShut(state)) return state;
        uint256 grown = VaultMath.accrueUp(uint128(state), STABILITY_FEE, elapsed);
        return (state >> 168 << 168) | (block.timestamp << 128) | grown;
    }

    function _askedPrice() private view returns (uint256 price) {
        if (_isShut(_state)) return uint200(_lastPrice);
        IOracle.Status status;
        (price,, status) = OracleCalls.tryPrice(ORACLE);
        if (status != IOracle.Status.Ok) revert OracleNotLive(status);
    }

    /// @dev The price, kept as the last good one, and the state in which the oracle is live.
    function _livePrice(uint256 state) private returns (uint256 price, uint256) {
        if (_isShut(state)) revert VaultShutdown();
        IOracle.Status status;
        (price,, status) = OracleCalls.tryPrice(ORACLE);
        if (status != IOracle.Status.Ok) revert OracleNotLive(status);
        return (price, _kept(state, price));
    }

    function _kept(uint256 state, uint256 price) private returns (uint256) {
        if (uint200(_lastPrice) != price) _lastPrice = price | (block.timestamp << 200);
        return uint168(state);
    }

    function _deposit(address account, uint256 position, uint256 amount) private returns (uint256) {
        if (amount == 0) revert ZeroAmount();
        if (account == address(0)) revert ZeroAddress();
        if (_isShut(_state)) revert VaultShutdown();
        uint256 totals = _totals;
        // the sum of all positions fits where their total does
        if (amount > type(uint128).max - uint128(totals)) revert TooMuchCollateral();
        unchecked {
            _totals = totals + amount;
            emit Deposited(account, msg.sender, amount);
            return position + amount;
        }
    }

    function _mint(address account, uint256 position, uint256 amount, address receiver) private {
        if (amount == 0) revert ZeroAmount();
        if (receiver == address(0)) revert ZeroAddress();
        if (amount > DEBT_CEILING) revert CeilingReached(amount, DEBT_CEILING);
        uint256 state = _accrued();
        uint256 price;
        (price, state) = _livePrice(state);
        _state = state;
        uint256 fee = Math.ceilDiv(amount * MINT_FEE, WAD);
        uint256 normal = VaultMath.normalUp(amount + fee, uint128(state));
        uint256 totals = _totals;
        uint256 debts = VaultMath.debtUp((totals >> 128) + normal, uint128(state));
        if (debts > DEBT_CEILING) revert CeilingReached(debts, DEBT_CEILING);
        uint256 debt = VaultMath.debtUp((position >> 128) + normal, uint128(state));
        if (debt < MIN_DEBT) revert BelowMinimumDebt(debt);
        uint256 limit = VaultMath.limitDown(uint128(position), price, MAX_LTV);
        if (debt > limit) revert Undercollateralised(debt, limit);
        _totals = totals + (normal << 128);
        _positions[account] = position + (normal << 128);
        emit Minted(account, receiver, amount, fee);
    }

    /// @dev Every way out but liquidation and redemption: pays back up to `amount`, takes `collateralAmount` out.
    function _exit(address account, uint256 amount, uint256 collateralAmount, address receiver)
        private
        returns (uint256 burned)
    {
        if (receiver == address(0)) revert ZeroAddress();
        uint256 state = _accrued();
        uint256 position = _positions[account];
        if (collateralAmount > uint128(position)) revert NotEnoughCollateral(uint128(position));
        uint256 debt = VaultMath.debtUp(position >> 128, uint128(state));
        burned = Math.min(amount, debt);
        uint256 normal = VaultMath.normalLeft(position >> 128, debt, burned, uint128(state));
        uint256 collateral;
        unchecked {
            collateral = uint128(position) - collateralAmount;
        }
        if (normal != 0) {
            uint256 rest = VaultMath.debtUp(normal, uint128(state));
            if (burned != 0 && rest < MIN_DEBT && !_isShut(state)) revert BelowMinimumDebt(rest);
            if (collateralAmount != 0 && !_covers(collateral, uint128(position), debt, rest, true)) {
                state = _checkWithdrawal(state, collateral, rest);
            }
        }
        _state = state;
        _totals -= collateralAmount | (((position >> 128) - normal) << 128);
        _positions[account] = collateral | (normal << 128);
        if (burned != 0) {
            address payer = _payer(account);
            emit Burned(account, payer, burned);
            SYNTHETIC.burn(payer, burned);
        }
        if (collateralAmount != 0) {
            emit Withdrawn(account, receiver, collateralAmount);
            Tokens.give(COLLATERAL, receiver, collateralAmount);
        }
    }

    /// @dev At the price of now and `maxLtv`; after a shutdown at the last good one, at which redemption cannot ask for more.
    function _checkWithdrawal(uint256 state, uint256 collateral, uint256 debt) private returns (uint256) {
        uint256 limit;
        if (_isShut(state)) {
            limit = VaultMath.valueDown(collateral, uint200(_lastPrice));
        } else {
            uint256 price;
            (price, state) = _livePrice(state);
            limit = VaultMath.limitDown(collateral, price, MAX_LTV);
        }
        if (debt > limit) revert Undercollateralised(debt, limit);
        return state;
    }

    /// @dev Whether the collateral for a unit of debt is more than it was, or as much where `orEqual`. Factors below 2^128.
    function _covers(uint256 collateral, uint256 collateralBefore, uint256 debtBefore, uint256 debt, bool orEqual)
        private
        pure
        returns (bool)
    {
        unchecked {
            uint256 now_ = collateral * debtBefore;
            uint256 before = collateralBefore * debt;
            return now_ > before || (orEqual && now_ == before);
        }
    }

    /// @dev Writes off what the position owes beyond its collateral at the price.
    function _realise(address account, uint256 index_, uint256 price) private returns (uint256 position, uint256 amount) {
        position = _positions[account];
        uint256 debt = VaultMath.debtUp(position >> 128, index_);
        uint256 value = VaultMath.valueDown(uint128(position), price);
        if (debt <= value) return (position, 0);
        uint256 normal = value * RAY / index_;
        amount = debt - VaultMath.debtUp(normal, index_);
        _totals -= ((position >> 128) - normal) << 128;
        position = uint128(position) | (normal << 128);
        _positions[account] = position;
        _bad(account, amount);
    }

    function _bad(address account, uint256 amount) private {
        badDebt += amount;
        emit BadDebtRealised(account, amount, shortfall());
    }
}
