// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccountLedger} from "../../src/core/AccountLedger.sol";
import {VoteTraces} from "../../src/libraries/VoteTraces.sol";
import {TokenBuckets} from "../../src/libraries/TokenBuckets.sol";

contract AnyLedger is AccountLedger {
    function set(address holder, uint256 id, uint256 amount) external {
        balanceOf[holder][id] = amount;
    }

    function allow(address holder, address spender, uint256 id, uint256 amount) external {
        allowance[holder][spender][id] = amount;
    }

    function credit(address to, uint256 id, uint256 amount) external {
        _credit(to, id, amount);
    }

    function debit(address from, uint256 id, uint256 amount) external {
        _debit(from, id, amount);
    }
}

interface Vm {
    function prank(address sender) external;
    function warp(uint256 time) external;
}

/// @notice For all balances, callers and amounts, by halmos: `make prove`.
contract LedgerFormal {
    using VoteTraces for VoteTraces.Trace;
    using TokenBuckets for TokenBuckets.Bucket;

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    AnyLedger private ledger;
    VoteTraces.Trace private trace;
    TokenBuckets.Bucket private bucket;

    function setUp() external {
        ledger = new AnyLedger();
    }

    /* SHARES AND INTERNAL BALANCES */

    /// @dev Solvency of the ledger: a transfer makes nothing and loses nothing, one to oneself included.
    function check_a_transfer_keeps_the_sum(address from, address to, uint256 id, uint128 a, uint128 b, uint256 amount)
        external
    {
        ledger.set(from, id, a);
        if (to != from) ledger.set(to, id, b);
        uint256 before = from == to ? a : uint256(a) + b;
        vm.prank(from);
        try ledger.transfer(to, id, amount) {
            uint256 sum = ledger.balanceOf(from, id) + (from == to ? 0 : ledger.balanceOf(to, id));
            assert(sum == before);
            assert(amount <= a);
        } catch {}
    }

    /// @dev Exit liveness: what is held can be moved, up to all of it, whoever the recipient is.
    function check_what_is_held_can_be_moved(address from, address to, uint256 id, uint128 a, uint128 b, uint256 amount)
        external
    {
        if (amount > a) return;
        ledger.set(to, id, b);
        ledger.set(from, id, a);
        vm.prank(from);
        assert(ledger.transfer(to, id, amount));
    }

    function check_nobody_moves_more_than_allowed(
        address from,
        address to,
        address spender,
        uint256 id,
        uint128 a,
        uint256 allowed,
        uint256 amount
    ) external {
        if (spender == from) return;
        ledger.set(from, id, a);
        ledger.allow(from, spender, id, allowed);
        vm.prank(spender);
        try ledger.transferFrom(from, to, id, amount) {
            assert(amount <= allowed);
            uint256 left = allowed == type(uint256).max ? allowed : allowed - amount;
            assert(ledger.allowance(from, spender, id) == left);
        } catch {}
    }

    function check_another_id_is_untouched(address from, address to, uint256 id, uint256 other, uint128 a, uint128 b)
        external
    {
        if (id == other) return;
        ledger.set(from, other, b);
        ledger.set(from, id, a);
        vm.prank(from);
        try ledger.transfer(to, id, a) {
            assert(ledger.balanceOf(from, other) == b);
        } catch {}
    }

    function check_a_credit_and_its_debit_cancel(address account, uint256 id, uint128 held, uint128 amount) external {
        ledger.set(account, id, held);
        ledger.credit(account, id, amount);
        ledger.debit(account, id, amount);
        assert(ledger.balanceOf(account, id) == held);
    }

    function check_nothing_is_debited_beyond_a_balance(address account, uint256 id, uint256 held, uint256 amount) external {
        ledger.set(account, id, held);
        try ledger.debit(account, id, amount) {
            assert(amount <= held);
            assert(ledger.balanceOf(account, id) == held - amount);
        } catch {
            assert(amount > held);
        }
    }

    /* TOKEN BUCKETS */

    function _any(uint128 level, uint64 at, uint128 capacity, uint128 rate, uint40 elapsed) private {
        (bucket.level, bucket.updatedAt, bucket.capacity, bucket.rate) = (level, at, capacity, rate);
        vm.warp(uint256(at) + elapsed);
    }

    function consume(uint256 amount) external {
        bucket.consume(amount);
    }

    function check_a_bucket_never_lets_more_than_its_level_pass(uint128 level, uint128 amount) external {
        _any(level, 1000, type(uint128).max, 1, 0);
        try this.consume(amount) {
            assert(amount <= level);
            assert(bucket.level == level - amount);
        } catch {
            assert(amount > level);
        }
    }

    function check_more_than_a_capacity_never_passes(uint128 level, uint128 capacity, uint256 amount) external {
        if (amount <= capacity) return;
        _any(level, 1000, capacity, 1, 0);
        try this.consume(amount) {
            assert(false);
        } catch {}
    }

    /// @dev However long it fills, a bucket holds no more than its capacity, and never less than it did.
    function check_a_bucket_fills_up_to_its_capacity(uint128 level, uint32 at, uint128 capacity, uint128 rate, uint16 elapsed)
        external
    {
        if (level > capacity) return;
        _any(level, at, capacity, rate, elapsed);
        assert(bucket.available() <= capacity);
        assert(bucket.available() >= level);
    }

    function check_new_limits_never_overfill_a_bucket(
        uint128 level,
        uint128 capacity,
        uint128 newCapacity,
        uint128 newRate
    ) external {
        _any(level, 1000, capacity, 0, 0);
        bucket.set(newCapacity, newRate);
        assert(bucket.available() <= newCapacity);
        assert(bucket.available() <= level);
    }

    /* VOTES */

    function check_votes_are_what_was_written_last(uint48 key, uint128 votes, uint48 later, uint128 more) external {
        if (key == 0 || later < key) return;
        trace.push(key, votes);
        uint256 before = trace.push(later, more);
        assert(before == votes);
        assert(trace.latest() == more);
        assert(trace.length() == (later == key ? 1 : 2));
    }

    /// @dev What was voted with stays what it was, whatever is written after.
    function check_the_past_does_not_change(uint48 key, uint128 votes, uint48 later, uint128 more, uint48 asked) external {
        if (key == 0 || later <= key || asked >= later) return;
        trace.push(key, votes);
        uint256 before = trace.at(asked);
        trace.push(later, more);
        assert(trace.at(asked) == before);
        assert(before == (asked < key ? 0 : votes));
    }
}
