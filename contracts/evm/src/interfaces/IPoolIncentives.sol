// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Rewards for liquidity, so much a second, in up to eight tokens a pool
/// @notice Staked are a pool's shares. Taking them back calls no reward token, so none can stand in the way.
interface IPoolIncentives {
    /// @param rate Units of 1e-18 base units a second.
    /// @param perShare What one share has earned since the beginning, in units of 2^-40 * 1e-18.
    /// @param undistributed Units of 1e-18 base units that fell to nobody: part of the next funding.
    struct Reward {
        address token;
        uint48 updatedAt;
        uint48 end;
        uint256 rate;
        uint256 perShare;
        uint256 undistributed;
    }

    event RewardAdded(uint256 indexed pool, uint256 indexed index, address token);
    event Funded(uint256 indexed pool, uint256 indexed index, uint256 amount, uint256 rate, uint256 end);
    event Staked(uint256 indexed pool, address indexed holder, uint256 shares);
    event Unstaked(uint256 indexed pool, address indexed holder, address indexed to, uint256 shares);
    event Claimed(uint256 indexed pool, uint256 indexed index, address indexed holder, address to, uint256 amount);

    error NotOwner(address caller);
    error TooManyRewards();
    error UnknownReward();
    error InvalidDuration(uint256 duration);
    error RateWouldFall(uint256 rate);
    error InvalidAmount();
    error InsufficientStake(uint256 staked);

    /// @notice The manager's owner adds a reward token to a pool: there are eight places.
    function addReward(uint256 pool, address token) external returns (uint256 index);

    /// @notice Anybody funds a reward: what is left and what is new is paid over `duration`, and the rate never falls by it. Who
    /// brings the end nearer brings a hundred times what is left: more than can be taken from other stakers by that.
    function fund(uint256 pool, uint256 index, uint256 amount, uint256 duration) external;

    /// @notice Takes shares that the caller has allowed.
    function stake(uint256 pool, uint256 shares) external;

    function unstake(uint256 pool, uint256 shares, address to) external;

    function claim(uint256 pool, uint256 index, address to) external returns (uint256 amount);

    /// @notice What `holder` could claim now.
    function claimable(uint256 pool, uint256 index, address holder) external view returns (uint256);
}
