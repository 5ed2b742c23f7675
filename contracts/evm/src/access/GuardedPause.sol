// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardedPause} from "../interfaces/IGuardedPause.sol";

/// @title A pause of entries, bounded in time
/// @dev One slot, so a guarded entry reads it once. A contract that inherits puts `whenNotPaused` on entries only.
abstract contract GuardedPause is IGuardedPause {
    /* CONSTANTS */

    /// @notice A round of the governor (two days, five, two in the timelock) fits in, so the owner can lengthen what is needed.
    uint256 public constant MAX_PAUSE = 10 days;
    /// @notice Counted from the end of a pause: a guardian alone pauses a third of the time at most.
    uint256 public constant PAUSE_COOLDOWN = 20 days;

    /* IMMUTABLES */

    /// @inheritdoc IGuardedPause
    address public immutable owner;

    /* STORAGE */

    /// @inheritdoc IGuardedPause
    address public guardian;
    uint48 private _pausedUntil;
    uint48 private _nextPauseAt;

    /* CONSTRUCTOR */

    constructor(address initialOwner, address initialGuardian) {
        if (initialOwner == address(0)) revert ZeroOwner();
        owner = initialOwner;
        guardian = initialGuardian;
        emit GuardianChanged(address(0), initialGuardian);
    }

    /* MODIFIERS */

    modifier onlyOwner() {
        _checkOwner();
        _;
    }

    modifier whenNotPaused() {
        _checkNotPaused();
        _;
    }

    /* GUARDIAN */

    /// @inheritdoc IGuardedPause
    function pause(uint256 duration) external {
        if (msg.sender != guardian) revert NotGuardian(msg.sender);
        if (duration == 0 || duration > MAX_PAUSE) revert PauseTooLong(duration);
        if (block.timestamp < _nextPauseAt) revert PauseCoolingDown(_nextPauseAt);
        _pauseFor(duration);
    }

    /* OWNER */

    /// @inheritdoc IGuardedPause
    function extendPause(uint256 duration) external onlyOwner {
        if (duration == 0 || duration > MAX_PAUSE) revert PauseTooLong(duration);
        if (!paused()) revert ExpectedPause();
        _pauseFor(duration);
    }

    /// @inheritdoc IGuardedPause
    function unpause() external onlyOwner {
        if (!paused()) revert ExpectedPause();
        _pausedUntil = uint48(block.timestamp);
        _nextPauseAt = uint48(block.timestamp + PAUSE_COOLDOWN);
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IGuardedPause
    function setGuardian(address newGuardian) external onlyOwner {
        emit GuardianChanged(guardian, newGuardian);
        guardian = newGuardian;
        // a hostile guardian must not be able to use up its successor's pause
        _nextPauseAt = _pausedUntil;
    }

    /* VIEWS */

    /// @inheritdoc IGuardedPause
    function pausedUntil() external view returns (uint256) {
        return _pausedUntil;
    }

    /// @inheritdoc IGuardedPause
    function nextPauseAt() external view returns (uint256) {
        return _nextPauseAt;
    }

    /// @inheritdoc IGuardedPause
    function paused() public view returns (bool) {
        return block.timestamp < _pausedUntil;
    }

    /* INTERNAL */

    function _pauseFor(uint256 duration) private {
        uint256 until = block.timestamp + duration;
        _pausedUntil = uint48(until);
        _nextPauseAt = uint48(until + PAUSE_COOLDOWN);
        emit Paused(msg.sender, until);
    }

    function _checkOwner() internal view {
        if (msg.sender != owner) revert NotOwner(msg.sender);
    }

    function _checkNotPaused() internal view {
        if (paused()) revert EnforcedPause(_pausedUntil);
    }
}
