// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Staking side of the governance token
/// @notice The rest is OpenZeppelin's ERC-20 with permit and votes, on a clock of seconds. A staked token and one in its cool-down
/// cannot be transferred and go on voting for the account's delegate; only staked ones earn. The supply is fixed when deployed;
/// a successor mints only against tokens of its predecessor that it locks for good.
interface IGovernanceToken {
    event Staked(address indexed account, uint256 amount);
    event UnstakeStarted(address indexed account, uint256 amount, uint256 releaseAt);
    event UnstakeCancelled(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);
    event RewardsFunded(uint256 amount, uint256 periodFinish);
    event RewardsClaimed(address indexed account, uint256 amount);
    event StakeMigrated(address indexed account, address indexed successor, uint256 amount);
    event Migrated(address indexed account, uint256 amount);

    error ZeroAmount();
    error AmountAboveStake(uint256 amount, uint256 staked);
    error NothingCoolingDown();
    error CoolingDown(uint256 releaseAt);
    error BadDuration(uint256 duration);
    error RewardsWouldFall();
    error NotTheSuccessor(address successor);
    error NotThePredecessor(address account);

    struct Position {
        uint128 staked;
        uint128 cooling;
        uint256 releaseAt;
        uint256 earned;
    }

    /// @notice Locks `amount` of the caller's tokens. They keep their votes. Refused while paused.
    function stake(uint256 amount) external;

    /// @notice Starts the cool-down of `amount`. All that the caller has cooling down waits for the later time.
    function unstake(uint256 amount) external;

    /// @notice Stakes again what is cooling down. Refused while paused.
    function cancelUnstake() external;

    /// @notice Gives the caller back what has cooled down. Never paused.
    function withdraw() external returns (uint256 amount);

    /// @notice Pays the caller what its stake has earned, rounded down. Never paused.
    function claimRewards() external returns (uint256 amount);

    /// @notice Takes `amount` from the owner and pays it to stakers by the second, together with what is still to be paid, over
    /// `duration` seconds from now. Neither the rate nor the end of what was promised may fall. Owner only.
    function fundRewards(uint256 amount, uint256 duration) external;

    /// @notice Moves `amount` of the caller's stake to the registered successor without a cool-down; votes keep their delegate.
    /// @param successor The address the caller means: a change in the registry cannot send the stake elsewhere.
    function migrateStake(uint256 amount, address successor) external;

    /// @notice Books stake that came from the predecessor, which has sent its tokens already. Predecessor only.
    function receiveMigratedStake(address account, uint256 amount, address delegatee) external;

    /// @notice Locks `amount` of the predecessor's tokens here for good and mints as much to the caller.
    function migrate(uint256 amount) external;

    function positionOf(address account) external view returns (Position memory);
    function totalStaked() external view returns (uint256);
    function totalCooling() external view returns (uint256);
    function rewardReserve() external view returns (uint256);
    function periodFinish() external view returns (uint256);
    function predecessor() external view returns (address);
}
