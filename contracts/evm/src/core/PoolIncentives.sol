// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";
import {IGuardedPause} from "../interfaces/IGuardedPause.sol";
import {IPoolIncentives} from "../interfaces/IPoolIncentives.sol";
import {Tokens} from "../libraries/Tokens.sol";

/// @title Rewards for liquidity, so much a second, in up to eight tokens a pool
/// @dev Bounds: a funding has 112 bits and lasts a day or more, so a second's rate (times 1e18) has 156 bits and what all
/// shares earn in a funding (times 2^40) 212: no sum here can stand in the way of an exit.
contract PoolIncentives is IPoolIncentives {
    /* CONSTANTS */

    uint256 public constant MAX_REWARDS = 8;
    uint256 public constant MIN_DURATION = 1 days;
    uint256 public constant MAX_DURATION = 365 days;
    /// @notice How many times what is left a funding must bring to end sooner than what is promised does.
    uint256 public constant SHORTENING = 100;
    uint256 private constant UNIT = 1e18;
    uint256 private constant SHARE_BITS = 40;

    /* IMMUTABLES */

    /// @notice The pools' manager: its ledger holds the shares, its owner adds reward tokens.
    address public immutable MANAGER;

    /* STORAGE */

    mapping(uint256 pool => Reward[]) private _rewards;
    mapping(uint256 pool => uint256) public totalStaked;
    mapping(uint256 pool => mapping(address holder => uint256)) public stakeOf;
    /// @dev `perShare` when the holder's part was last counted.
    mapping(uint256 pool => mapping(uint256 index => mapping(address holder => uint256))) private _paidPerShare;
    mapping(uint256 pool => mapping(uint256 index => mapping(address holder => uint256))) private _earned;

    constructor(address manager) {
        MANAGER = manager;
    }

    /* FUNDING */

    /// @inheritdoc IPoolIncentives
    function addReward(uint256 pool, address token) external returns (uint256 index) {
        if (msg.sender != IGuardedPause(MANAGER).owner()) revert NotOwner(msg.sender);
        index = _rewards[pool].length;
        if (index == MAX_REWARDS) revert TooManyRewards();
        _rewards[pool].push(Reward(token, uint48(block.timestamp), uint48(block.timestamp), 0, 0, 0));
        emit RewardAdded(pool, index, token);
    }

    /// @inheritdoc IPoolIncentives
    function fund(uint256 pool, uint256 index, uint256 amount, uint256 duration) external {
        if (amount == 0 || amount >> 112 != 0) revert InvalidAmount();
        if (duration < MIN_DURATION || duration > MAX_DURATION) revert InvalidDuration(duration);
        Reward storage reward = _reward(pool, index);
        _accrue(reward, totalStaked[pool]);
        uint256 left = reward.undistributed;
        if (block.timestamp < reward.end) left += reward.rate * (reward.end - block.timestamp);
        // or one unit would bring what months of stakes were promised into the day in which its sender has most of the stake
        if (block.timestamp + duration < reward.end && amount * UNIT < left * SHORTENING) revert InvalidDuration(duration);
        uint256 rate = (left + amount * UNIT) / duration;
        if (block.timestamp < reward.end && rate < reward.rate) revert RateWouldFall(rate);
        reward.undistributed = left + amount * UNIT - rate * duration;
        reward.rate = rate;
        reward.updatedAt = uint48(block.timestamp);
        reward.end = uint48(block.timestamp + duration);
        emit Funded(pool, index, amount, rate, reward.end);
        Tokens.take(reward.token, msg.sender, amount);
    }

    /* STAKING */

    /// @inheritdoc IPoolIncentives
    function stake(uint256 pool, uint256 shares) external {
        if (shares == 0) revert InvalidAmount();
        uint256 staked = _settle(pool, msg.sender);
        totalStaked[pool] += shares;
        stakeOf[pool][msg.sender] = staked + shares;
        emit Staked(pool, msg.sender, shares);
        IAccountLedger(MANAGER).transferFrom(msg.sender, address(this), pool, shares);
    }

    /// @inheritdoc IPoolIncentives
    function unstake(uint256 pool, uint256 shares, address to) external {
        uint256 staked = _settle(pool, msg.sender);
        if (shares > staked) revert InsufficientStake(staked);
        unchecked {
            totalStaked[pool] -= shares;
            stakeOf[pool][msg.sender] = staked - shares;
        }
        emit Unstaked(pool, msg.sender, to, shares);
        IAccountLedger(MANAGER).transfer(to, pool, shares);
    }

    /// @inheritdoc IPoolIncentives
    function claim(uint256 pool, uint256 index, address to) external returns (uint256 amount) {
        Reward storage reward = _reward(pool, index);
        _accrue(reward, totalStaked[pool]);
        _count(pool, index, reward.perShare, msg.sender, stakeOf[pool][msg.sender]);
        uint256 earned = _earned[pool][index][msg.sender];
        amount = earned / UNIT;
        _earned[pool][index][msg.sender] = earned - amount * UNIT;
        emit Claimed(pool, index, msg.sender, to, amount);
        Tokens.give(reward.token, to, amount);
    }

    /* VIEWS */

    /// @inheritdoc IPoolIncentives
    function claimable(uint256 pool, uint256 index, address holder) external view returns (uint256) {
        Reward memory reward = _reward(pool, index);
        uint256 total = totalStaked[pool];
        uint256 until = block.timestamp < reward.end ? block.timestamp : reward.end;
        if (total != 0 && until > reward.updatedAt) {
            reward.perShare += (reward.rate * (until - reward.updatedAt) << SHARE_BITS) / total;
        }
        uint256 more = stakeOf[pool][holder] * (reward.perShare - _paidPerShare[pool][index][holder]) >> SHARE_BITS;
        return (_earned[pool][index][holder] + more) / UNIT;
    }

    function rewardsOf(uint256 pool) external view returns (Reward[] memory) {
        return _rewards[pool];
    }

    /* INTERNAL */

    function _reward(uint256 pool, uint256 index) private view returns (Reward storage) {
        if (index >= _rewards[pool].length) revert UnknownReward();
        return _rewards[pool][index];
    }

    /// @dev Counts every reward of a pool for a holder; returns the stake.
    function _settle(uint256 pool, address holder) private returns (uint256 staked) {
        staked = stakeOf[pool][holder];
        uint256 total = totalStaked[pool];
        uint256 count = _rewards[pool].length;
        for (uint256 i; i < count; ++i) {
            Reward storage reward = _rewards[pool][i];
            _accrue(reward, total);
            _count(pool, i, reward.perShare, holder, staked);
        }
    }

    function _accrue(Reward storage reward, uint256 total) private {
        uint256 until = block.timestamp < reward.end ? block.timestamp : reward.end;
        uint256 since = reward.updatedAt;
        if (until <= since) return;
        uint256 earned = reward.rate * (until - since);
        if (total == 0) reward.undistributed += earned;
        else reward.perShare += (earned << SHARE_BITS) / total;
        reward.updatedAt = uint48(until);
    }

    function _count(uint256 pool, uint256 index, uint256 perShare, address holder, uint256 staked) private {
        uint256 paid = _paidPerShare[pool][index][holder];
        if (perShare == paid) return;
        _paidPerShare[pool][index][holder] = perShare;
        if (staked != 0) _earned[pool][index][holder] += staked * (perShare - paid) >> SHARE_BITS;
    }
}
