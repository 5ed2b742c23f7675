// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssetSlots} from "../../src/libraries/AssetSlots.sol";
import {DynamicFee} from "../../src/libraries/DynamicFee.sol";
import {Vesting} from "../../src/libraries/Vesting.sol";
import {WeightedMath} from "../../src/libraries/WeightedMath.sol";
import {VaultMath} from "../../src/synthetics/VaultMath.sol";

interface Vm {
    function warp(uint256 time) external;
}

/// @notice By halmos: `make prove`. For all inputs of the types named. Where a product is divided by another variable the
/// ranges are narrow: those proofs hold for the whole of the narrow range and are labelled `small`.
contract AmountsFormal {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function pack(uint256 balance, uint256 average) external view returns (uint256) {
        return AssetSlots.pack(balance, average);
    }

    /* ASSET SLOTS */

    function check_a_balance_is_kept_whole_or_refused(uint256 balance, uint112 average, uint40 time) external {
        vm.warp(time);
        try this.pack(balance, average) returns (uint256 slot) {
            assert(AssetSlots.balance(slot) == balance);
            assert(balance <= type(uint112).max);
        } catch {
            assert(balance > type(uint112).max);
        }
    }

    /// @dev What a trade does to a balance is not in the average of the same block.
    function check_an_average_does_not_move_within_a_block(uint112 balance, uint112 average, uint40 time) external {
        vm.warp(time);
        uint256 slot = AssetSlots.pack(balance, average);
        assert(AssetSlots.average(slot) == average);
    }

    /* FEES */

    function check_a_volatile_fee_has_its_ceiling(uint256 fee, uint16 multiplier, uint64 apart) external pure {
        if (fee > DynamicFee.MAX_FEE || apart > DynamicFee.UNIT) return;
        uint256 whole = DynamicFee.volatileFee(fee, multiplier, apart);
        assert(whole <= DynamicFee.MAX_FEE);
        assert(whole >= fee);
    }

    /// @dev The fee is rounded for the pool: times one it covers the amount's part, and by less than one unit.
    function check_small_a_fee_is_rounded_up(uint16 amount, uint16 fee) external pure {
        uint256 exact = uint256(amount) * fee;
        uint256 kept = WeightedMath.feeOf(amount, fee);
        assert(kept * WeightedMath.UNIT >= exact);
        assert(kept == 0 || (kept - 1) * WeightedMath.UNIT < exact);
    }

    /* VESTING */

    function check_nothing_vests_before_the_cliff(uint128 amount, uint64 start, uint64 cliff, uint64 duration, uint64 time)
        external
        pure
    {
        if (uint256(time) >= uint256(start) + cliff) return;
        assert(Vesting.vestedDown(amount, start, cliff, duration, time) == 0);
    }

    /// @dev Exit liveness of a grant: nothing of it can be out of reach when its time is over.
    function check_everything_vests_at_the_end(uint128 amount, uint64 start, uint64 cliff, uint64 duration, uint64 time)
        external
        pure
    {
        if (cliff > duration || uint256(time) < uint256(start) + duration) return;
        assert(Vesting.vestedDown(amount, start, cliff, duration, time) == amount);
    }

    /// @dev Between cliff and end for a grant of 2^20 units over 2^10 seconds, so that the quotient is a shift.
    function check_small_what_has_vested_never_falls(uint16 cliff, uint16 time, uint16 later) external pure {
        if (later < time) return;
        uint256 before = Vesting.vestedDown(1 << 20, 20, cliff, 1 << 10, time);
        assert(before <= Vesting.vestedDown(1 << 20, 20, cliff, 1 << 10, later));
        assert(before <= 1 << 20);
    }

    /* DEBTS */

    function check_a_debt_paid_whole_leaves_nothing(uint112 normal, uint256 debt, uint128 index) external pure {
        if (index == 0) return;
        assert(VaultMath.normalLeft(normal, debt, debt, index) == 0);
    }

    function check_a_redemption_of_a_covered_supply_is_one_for_one(
        uint128 amount,
        uint128 debt,
        uint128 debts,
        uint128 supply
    ) external pure {
        if (debts < supply) return;
        (uint256 burned, uint256 paid) = VaultMath.redemption(amount, debt, debts, supply);
        assert(burned == paid && paid <= debt && burned <= amount);
    }

    function check_nothing_is_mintable_above_the_limit(uint128 limit, uint128 debt, uint64 fee) external pure {
        if (debt < limit) return;
        assert(VaultMath.mintable(limit, debt, fee, VaultMath.RAY) == 0);
    }

    function check_no_time_adds_no_fee(uint8 shift, uint128 feePerSecond) external pure {
        if (shift > 16) return;
        uint256 index = VaultMath.RAY << shift;
        assert(VaultMath.accrueUp(index, feePerSecond, 0) == index);
    }
}
