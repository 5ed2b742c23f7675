// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5805} from "@openzeppelin/contracts/interfaces/IERC5805.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {VoteTraces} from "../libraries/VoteTraces.sol";

/// @title Votes of ERC-5805 in 128 bits, on a clock of seconds
/// @dev What OpenZeppelin's `Votes` answers, from two slots a change in place of three: a differential test holds them equal.
abstract contract Votes128 is IERC5805, EIP712, Nonces {
    using VoteTraces for VoteTraces.Trace;

    /* CONSTANTS */

    bytes32 private constant DELEGATION_TYPEHASH =
        keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    /* STORAGE */

    mapping(address account => address) private _delegates;
    mapping(address delegatee => VoteTraces.Trace) private _votes;
    VoteTraces.Trace private _supply;

    error ERC5805FutureLookup(uint256 timepoint, uint48 clock);
    error VotesOverflow(uint256 votes);

    /* DELEGATION */

    /// @notice Gives the caller's votes, staked ones too, to `delegatee`.
    function delegate(address delegatee) external {
        _delegate(msg.sender, delegatee);
    }

    /// @notice The same by a signature over (delegatee, nonce, expiry).
    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        if (block.timestamp > expiry) revert VotesExpiredSignature(expiry);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry)));
        address signer = ECDSA.recover(digest, v, r, s);
        _useCheckedNonce(signer, nonce);
        _delegate(signer, delegatee);
    }

    /* VIEWS */

    /// @notice Seconds: block numbers run unevenly on the rollups this is deployed to.
    function clock() public view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @notice The machine-readable name of `clock` (ERC-6372).
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    function delegates(address account) public view returns (address) {
        return _delegates[account];
    }

    function getVotes(address account) external view returns (uint256) {
        return _votes[account].latest();
    }

    function getPastVotes(address account, uint256 timepoint) external view returns (uint256) {
        _checkPast(timepoint);
        return _votes[account].at(timepoint);
    }

    function getPastTotalSupply(uint256 timepoint) external view returns (uint256) {
        _checkPast(timepoint);
        return _supply.at(timepoint);
    }

    function numCheckpoints(address account) external view returns (uint256) {
        return _votes[account].length();
    }

    /* INTERNAL */

    function _delegate(address account, address delegatee) internal {
        address before = _delegates[account];
        _delegates[account] = delegatee;
        emit DelegateChanged(account, before, delegatee);
        _moveVotes(before, delegatee, _votingUnits(account));
    }

    /// @dev Called after the balances have changed; the zero address mints and burns.
    function _transferVotingUnits(address from, address to, uint256 amount) internal {
        if (from == address(0) || to == address(0)) {
            uint256 supply = _supply.latest();
            _supply.push(clock(), _to128(from == address(0) ? supply + amount : supply - amount));
        }
        _moveVotes(_delegates[from], _delegates[to], amount);
    }

    /// @dev All votes of an account, wherever they are locked.
    function _votingUnits(address account) internal view virtual returns (uint256);

    function _moveVotes(address from, address to, uint256 amount) private {
        if (from == to || amount == 0) return;
        if (from != address(0)) _change(from, _votes[from].latest() - amount);
        if (to != address(0)) _change(to, _votes[to].latest() + amount);
    }

    function _change(address delegatee, uint256 votes) private {
        uint256 before = _votes[delegatee].push(clock(), _to128(votes));
        emit DelegateVotesChanged(delegatee, before, votes);
    }

    function _checkPast(uint256 timepoint) private view {
        if (timepoint >= clock()) revert ERC5805FutureLookup(timepoint, clock());
    }

    function _to128(uint256 votes) private pure returns (uint128) {
        if (votes > type(uint128).max) revert VotesOverflow(votes);
        return uint128(votes);
    }
}
