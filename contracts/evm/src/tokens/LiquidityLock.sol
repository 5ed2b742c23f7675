// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccountLedger} from "../interfaces/IAccountLedger.sol";

/// @title Holds shares of pools until a time, or forever
/// @notice Nobody shortens a lock. Whoever is named in it may lengthen it, and takes the shares when it is over.
contract LiquidityLock {
    struct Lock {
        address beneficiary;
        uint64 unlockTime;
        uint256 pool;
        uint256 shares;
    }

    /// @notice The unlock time of what is never unlocked.
    uint256 public constant FOREVER = type(uint64).max;

    IAccountLedger public immutable LEDGER;
    uint256 public locks;
    mapping(uint256 id => Lock) private _locks;

    event Locked(
        uint256 indexed id, uint256 indexed pool, address indexed beneficiary, uint256 shares, uint256 unlockTime
    );
    event Extended(uint256 indexed id, uint256 unlockTime);
    event Unlocked(uint256 indexed id, address indexed to, uint256 shares);

    error InvalidLock();
    error NotBeneficiary(address caller);
    error StillLocked(uint256 unlockTime);

    constructor(IAccountLedger ledger) {
        LEDGER = ledger;
    }

    /// @notice Takes `shares` of `pool` from the caller, who allowed it. A time beyond 64 bits is forever.
    function lock(uint256 pool, uint256 shares, address beneficiary, uint256 unlockTime) external returns (uint256 id) {
        if (unlockTime > FOREVER) unlockTime = FOREVER;
        if (shares == 0 || beneficiary == address(0) || unlockTime <= block.timestamp) revert InvalidLock();
        id = ++locks;
        _locks[id] = Lock(beneficiary, uint64(unlockTime), pool, shares);
        emit Locked(id, pool, beneficiary, shares, unlockTime);
        if (!LEDGER.transferFrom(msg.sender, address(this), pool, shares)) revert InvalidLock();
    }

    function extend(uint256 id, uint256 unlockTime) external {
        Lock storage l = _locks[id];
        if (msg.sender != l.beneficiary) revert NotBeneficiary(msg.sender);
        if (unlockTime > FOREVER) unlockTime = FOREVER;
        if (unlockTime <= l.unlockTime) revert InvalidLock();
        l.unlockTime = uint64(unlockTime);
        emit Extended(id, unlockTime);
    }

    function unlock(uint256 id, address to) external returns (uint256 shares) {
        Lock memory l = _locks[id];
        if (msg.sender != l.beneficiary) revert NotBeneficiary(msg.sender);
        if (l.unlockTime == FOREVER || block.timestamp < l.unlockTime) revert StillLocked(l.unlockTime);
        shares = l.shares;
        delete _locks[id];
        emit Unlocked(id, to, shares);
        if (!LEDGER.transfer(to, l.pool, shares)) revert InvalidLock();
    }

    function lockOf(uint256 id) external view returns (Lock memory) {
        return _locks[id];
    }
}
