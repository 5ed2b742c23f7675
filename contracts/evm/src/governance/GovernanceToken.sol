// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {GuardedPause} from "../access/GuardedPause.sol";
import {IGovernanceToken} from "../interfaces/IGovernanceToken.sol";
import {IRegistry} from "../interfaces/IRegistry.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {Votes128} from "./Votes128.sol";

/// @title Votes, permit and stake in one token
/// @dev Staking moves balances past the votes (`ERC20._update`), so no checkpoint is written and no vote can be gained or lost by
/// it. What the contract itself holds beyond stakes and cool-downs is the reserve of rewards; it has no delegate.
contract GovernanceToken is IGovernanceToken, GuardedPause, ERC20Permit, Votes128 {
    /* CONSTANTS */

    uint256 public constant COOLDOWN = 10 days;
    uint256 public constant MIN_REWARD_DURATION = 1 days;
    uint256 public constant MAX_REWARD_DURATION = 4 * 365 days;
    /// @dev Rates and indices carry this factor, so that a second of a small reward over a large stake is not rounded to nothing.
    uint256 private constant PRECISION = 1e27;

    /* IMMUTABLES */

    IRegistry public immutable REGISTRY;
    /// @inheritdoc IGovernanceToken
    address public immutable predecessor;

    /* STORAGE */

    struct Account {
        uint128 staked;
        uint128 cooling;
        uint48 releaseAt;
        uint128 earned;
        uint256 indexPaid;
    }

    mapping(address account => Account) private _accounts;
    uint128 private _totalStaked;
    uint128 private _totalCooling;
    uint128 private _rewardReserve;
    uint48 private _accruedAt;
    uint48 private _periodFinish;
    /// @dev Tokens a second, times PRECISION.
    uint256 private _rewardRate;
    /// @dev Tokens earned by one staked unit since the beginning, times PRECISION.
    uint256 private _rewardIndex;

    /* CONSTRUCTOR */

    /// @param supply What `holder` is given; zero for a successor, which mints by migration only.
    constructor(
        string memory name_,
        string memory symbol_,
        IRegistry registry,
        address initialGuardian,
        address predecessor_,
        address holder,
        uint256 supply
    ) ERC20(name_, symbol_) ERC20Permit(name_) GuardedPause(registry.owner(), initialGuardian) {
        REGISTRY = registry;
        predecessor = predecessor_;
        if ((predecessor_ == address(0)) == (supply == 0)) revert ZeroAmount();
        if (supply != 0) _mint(holder, supply);
    }

    /* STAKE */

    /// @inheritdoc IGovernanceToken
    function stake(uint256 amount) external whenNotPaused {
        if (amount == 0) revert ZeroAmount();
        Account storage account = _accrue(msg.sender);
        ERC20._update(msg.sender, address(this), amount);
        _addStake(account, amount);
        emit Staked(msg.sender, amount);
    }

    /// @inheritdoc IGovernanceToken
    function unstake(uint256 amount) external {
        Account storage account = _accrue(msg.sender);
        _cutStake(account, amount);
        account.cooling += uint128(amount);
        _totalCooling += uint128(amount);
        uint256 releaseAt = block.timestamp + COOLDOWN;
        account.releaseAt = uint48(releaseAt);
        emit UnstakeStarted(msg.sender, amount, releaseAt);
    }

    /// @inheritdoc IGovernanceToken
    function cancelUnstake() external whenNotPaused {
        Account storage account = _accrue(msg.sender);
        uint128 amount = account.cooling;
        if (amount == 0) revert NothingCoolingDown();
        account.cooling = 0;
        _totalCooling -= amount;
        _addStake(account, amount);
        emit UnstakeCancelled(msg.sender, amount);
    }

    /// @inheritdoc IGovernanceToken
    function withdraw() external returns (uint256 amount) {
        Account storage account = _accounts[msg.sender];
        amount = account.cooling;
        if (amount == 0) revert NothingCoolingDown();
        if (block.timestamp < account.releaseAt) revert CoolingDown(account.releaseAt);
        account.cooling = 0;
        _totalCooling -= uint128(amount);
        ERC20._update(address(this), msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
    }

    /* REWARDS */

    /// @inheritdoc IGovernanceToken
    function claimRewards() external returns (uint256 amount) {
        Account storage account = _accrue(msg.sender);
        amount = account.earned;
        if (amount == 0) return 0;
        account.earned = 0;
        _rewardReserve -= uint128(amount);
        _update(address(this), msg.sender, amount);
        emit RewardsClaimed(msg.sender, amount);
    }

    /// @inheritdoc IGovernanceToken
    function fundRewards(uint256 amount, uint256 duration) external onlyOwner {
        if (amount == 0) revert ZeroAmount();
        if (duration < MIN_REWARD_DURATION || duration > MAX_REWARD_DURATION) revert BadDuration(duration);
        _accrueAll();
        uint256 finish = block.timestamp + duration;
        uint256 left = _periodFinish > block.timestamp ? _periodFinish - block.timestamp : 0;
        uint256 rate = (amount * PRECISION + _rewardRate * left) / duration;
        if (left != 0 && (rate < _rewardRate || finish < _periodFinish)) revert RewardsWouldFall();
        _rewardRate = rate;
        _periodFinish = uint48(finish);
        _rewardReserve += uint128(amount);
        _update(msg.sender, address(this), amount);
        emit RewardsFunded(amount, finish);
    }

    /* MIGRATION */

    /// @inheritdoc IGovernanceToken
    function migrateStake(uint256 amount, address successor) external {
        if (successor == address(0) || REGISTRY.successorOf(address(this)) != successor) revert NotTheSuccessor(successor);
        _cutStake(_accrue(msg.sender), amount);
        // to the votes the tokens were still the caller's
        ERC20._update(address(this), msg.sender, amount);
        _update(msg.sender, successor, amount);
        emit StakeMigrated(msg.sender, successor, amount);
        IGovernanceToken(successor).receiveMigratedStake(msg.sender, amount, delegates(msg.sender));
    }

    /// @inheritdoc IGovernanceToken
    function receiveMigratedStake(address holder, uint256 amount, address delegatee) external whenNotPaused {
        if (msg.sender != predecessor) revert NotThePredecessor(msg.sender);
        Account storage account = _accrue(holder);
        _mint(holder, amount);
        if (delegatee != address(0) && delegates(holder) == address(0)) _delegate(holder, delegatee);
        ERC20._update(holder, address(this), amount);
        _addStake(account, amount);
        emit Staked(holder, amount);
    }

    /// @inheritdoc IGovernanceToken
    function migrate(uint256 amount) external whenNotPaused {
        if (predecessor == address(0)) revert NotThePredecessor(address(0));
        if (amount == 0) revert ZeroAmount();
        _mint(msg.sender, amount);
        emit Migrated(msg.sender, amount);
        Tokens.take(predecessor, msg.sender, amount);
    }

    /* VIEWS */

    /// @inheritdoc IGovernanceToken
    function positionOf(address holder) external view returns (Position memory) {
        Account storage account = _accounts[holder];
        (uint256 index,) = _indexNow();
        return Position(account.staked, account.cooling, account.releaseAt, _earned(account, index));
    }

    /// @inheritdoc IGovernanceToken
    function totalStaked() external view returns (uint256) {
        return _totalStaked;
    }

    /// @inheritdoc IGovernanceToken
    function totalCooling() external view returns (uint256) {
        return _totalCooling;
    }

    /// @inheritdoc IGovernanceToken
    function rewardReserve() external view returns (uint256) {
        return _rewardReserve;
    }

    /// @inheritdoc IGovernanceToken
    function periodFinish() external view returns (uint256 finish) {
        (, finish) = _indexNow();
    }

    function nonces(address holder) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(holder);
    }

    /* INTERNAL */

    /// @dev The index now, and the end of the period: time in which nobody stakes is not counted, so its rewards are not lost.
    function _indexNow() private view returns (uint256 index, uint256 finish) {
        (index, finish) = (_rewardIndex, _periodFinish);
        uint256 from = _accruedAt;
        uint256 to = block.timestamp < finish ? block.timestamp : finish;
        if (_totalStaked == 0) {
            if (from < finish) finish += block.timestamp - from;
        } else if (to > from) {
            index += _rewardRate * (to - from) / _totalStaked;
        }
    }

    function _accrueAll() private returns (uint256 index) {
        uint256 finish;
        (index, finish) = _indexNow();
        _rewardIndex = index;
        _accruedAt = uint48(block.timestamp);
        _periodFinish = uint48(finish);
    }

    function _accrue(address holder) private returns (Account storage account) {
        account = _accounts[holder];
        uint256 index = _accrueAll();
        account.earned = uint128(_earned(account, index));
        account.indexPaid = index;
    }

    /// @dev Rounded down: the reserve never owes more than it was given.
    function _earned(Account storage account, uint256 index) private view returns (uint256) {
        return account.earned + account.staked * (index - account.indexPaid) / PRECISION;
    }

    function _addStake(Account storage account, uint256 amount) private {
        account.staked += uint128(amount);
        _totalStaked += uint128(amount);
    }

    function _cutStake(Account storage account, uint256 amount) private {
        if (amount == 0) revert ZeroAmount();
        uint256 staked = account.staked;
        if (amount > staked) revert AmountAboveStake(amount, staked);
        account.staked = uint128(staked - amount);
        _totalStaked -= uint128(amount);
    }

    function _votingUnits(address holder) internal view override returns (uint256) {
        Account storage account = _accounts[holder];
        return balanceOf(holder) + account.staked + account.cooling;
    }

    /// @dev The votes follow the balance. Their 128 bits bound the supply, and with it stakes and rewards.
    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        _transferVotingUnits(from, to, amount);
    }
}
