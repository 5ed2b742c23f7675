// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A pause that ends by itself
/// @notice The guardian can pause entries for a bounded time, and then not again before a cool-down has passed. It can do nothing
/// else. The owner is a timelock: it ends a pause, lengthens one by a bounded time, and replaces the guardian. Exits never ask.
interface IGuardedPause {
    event Paused(address indexed account, uint256 until);
    event Unpaused(address indexed account);
    event GuardianChanged(address indexed previous, address indexed current);

    error ZeroOwner();
    error NotOwner(address account);
    error NotGuardian(address account);
    error EnforcedPause(uint256 until);
    error ExpectedPause();
    error PauseTooLong(uint256 duration);
    error PauseCoolingDown(uint256 until);

    /// @notice The timelock. It never changes.
    function owner() external view returns (address);

    /// @notice Who may pause; nobody when zero.
    function guardian() external view returns (address);

    /// @notice Entries are refused while the block's time is below this.
    function pausedUntil() external view returns (uint256);

    /// @notice The guardian cannot pause before this time.
    function nextPauseAt() external view returns (uint256);

    function paused() external view returns (bool);

    /// @notice Refuses entries for `duration` seconds, at most `MAX_PAUSE`. Guardian only, not before `nextPauseAt`.
    function pause(uint256 duration) external;

    /// @notice Lets a running pause end `duration` seconds from now, at most `MAX_PAUSE`. Owner only.
    function extendPause(uint256 duration) external;

    /// @notice Ends a running pause. Owner only; the guardian's cool-down starts now.
    function unpause() external;

    /// @notice Replaces the guardian. Owner only; a running pause goes on, the cool-down does not bind the new guardian.
    function setGuardian(address newGuardian) external;
}
