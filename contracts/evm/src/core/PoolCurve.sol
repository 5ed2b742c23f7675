// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ILiquidityPoolManager as Pools} from "../interfaces/ILiquidityPoolManager.sol";
import {DynamicFee} from "../libraries/DynamicFee.sol";
import {Powers} from "../libraries/Powers.sol";
import {StableMath} from "../libraries/StableMath.sol";
import {Tokens} from "../libraries/Tokens.sol";
import {WeightedMath} from "../libraries/WeightedMath.sol";

/// @title The curve of all pools: a weighted product of groups, each one asset or a stable pool of several
/// @notice It holds nothing: `LiquidityPoolManager` makes its own at construction and asks it for all but the shortest
/// trades, which keeps both under the size limit. The twin of `fluxdesk.core.curves.grouped`, bit for bit; what is derived
/// stands there. Every result is rounded for the pool.
contract PoolCurve {
    uint256 private constant UNIT = 1e18;
    uint256 private constant PRICE_UNIT = 1e36;
    uint256 private constant MAX_MOVE = 0.3e18;

    /// @notice A refined invariant over 128 bits.
    error InvariantTooLarge();

    /// @dev An asset's group: scaled balances, the asset's place among them, D and the bits that refine it.
    struct Group {
        uint256[] xs;
        uint256 place;
        uint256 rate;
        uint256 weight;
        uint256 amp;
        uint256 d;
        uint256 guard;
    }

    /* WHAT A POOL MAY BE */

    /// @notice Checks a pool's parameters and packs them as `PoolStorage` keeps them: the head, and the weights of the
    /// first and of the last four assets.
    function describe(Pools.PoolParameters calldata parameters)
        external
        view
        returns (uint256 head, uint256 first, uint256 second)
    {
        uint256 count = parameters.tokens.length;
        if (count < 2 || count > 8 || parameters.fee > DynamicFee.MAX_FEE) revert Pools.InvalidParameters();
        if (parameters.volatilityMultiplier > type(uint16).max) revert Pools.InvalidParameters();
        head = uint256(uint8(parameters.kind)) | (count << 8) | (parameters.fee << 40)
            | (parameters.volatilityMultiplier << 136);
        bool weighted = parameters.kind == Pools.Kind.Weighted;
        if (weighted) {
            if (parameters.amplification != 0 || parameters.offPegMultiplier != 0) revert Pools.InvalidParameters();
        } else {
            StableMath.checkAmplification(parameters.amplification);
            uint256 offPeg = parameters.offPegMultiplier;
            if (offPeg < 10 || offPeg > 1000) revert Pools.InvalidParameters();
            head |= (offPeg << 24) | (parameters.amplification << 104);
        }
        for (uint256 i; i < count; ++i) {
            address token = parameters.tokens[i];
            if (uint160(token) >> 64 == 0) revert Pools.InvalidToken(token);
            for (uint256 k; k < i; ++k) {
                if (parameters.tokens[k] == token) revert Pools.InvalidParameters();
            }
            if (!weighted) head |= Tokens.decimalsUpTo18(token) << (152 + 5 * i);
        }
        uint256 groups;
        (groups, first, second) = _weightsAndGroups(parameters, count);
        head |= groups << 192;
    }

    function _weightsAndGroups(Pools.PoolParameters calldata parameters, uint256 count)
        private
        pure
        returns (uint256 groups, uint256 first, uint256 second)
    {
        bool hybrid = parameters.kind == Pools.Kind.Hybrid;
        uint256 expected = parameters.kind == Pools.Kind.Stable ? 0 : count;
        if (parameters.weights.length != expected || parameters.groups.length != (hybrid ? count : 0)) {
            revert Pools.InvalidParameters();
        }
        if (expected == 0) return (0, 0, 0);
        uint256[8] memory weightOf;
        uint256 seen;
        uint256 whole;
        for (uint256 i; i < count; ++i) {
            uint256 weight = parameters.weights[i];
            uint256 group = hybrid ? parameters.groups[i] : i;
            if (group > seen || weight < UNIT / 100 || weight > UNIT) revert Pools.InvalidParameters();
            if (group == seen) {
                weightOf[seen++] = weight;
                whole += weight;
            } else if (weightOf[group] != weight) {
                revert Pools.InvalidParameters();
            }
            if (i < 4) first |= weight << (i << 6);
            else second |= weight << ((i - 4) << 6);
            groups |= group << (3 * i);
        }
        if (whole != UNIT) revert Pools.InvalidParameters();
    }

    /* TRADES */

    /// @notice What goes out for `amount` in, floored, and the fee in it.
    function amountOut(Pools.CurvePool calldata pool, uint256 indexIn, uint256 indexOut, uint256 amount, uint256 fee)
        external
        pure
        returns (uint256 out, uint256 taken)
    {
        if (amount == 0) revert StableMath.ZeroAmount();
        _inPool(pool, indexOut);
        Group memory joined = _group(pool, indexIn);
        if (pool.groups[indexIn] == pool.groups[indexOut]) {
            uint256 rateOut = pool.rates[indexOut];
            return StableMath.swapOut(
                joined.xs,
                joined.place,
                _placeOf(pool, indexOut),
                amount * joined.rate,
                joined.amp,
                fee,
                pool.offPegMultiplier,
                rateOut
            );
        }
        Group memory held = _group(pool, indexOut);
        (uint256 before, uint256 afterwards) = _bounds(joined, amount);
        _within(before, afterwards);
        uint256 left = Powers.powerUp(before, afterwards, joined.weight, held.weight);
        if (left >= Powers.ONE) return (0, 0);
        uint256 x = held.xs[held.place];
        uint256 kept = _balanceFor(held, _shiftUp(_up(held) * left, 120));
        if (kept >= x) return (0, 0);
        uint256 gross = x - kept;
        out = (gross - WeightedMath.feeOf(gross, fee)) / held.rate;
        taken = gross / held.rate - out;
    }

    /// @notice What must come in for `amount` to go out, ceiled, and the fee in what goes out.
    function amountIn(Pools.CurvePool calldata pool, uint256 indexIn, uint256 indexOut, uint256 amount, uint256 fee)
        external
        pure
        returns (uint256 needed, uint256 taken)
    {
        if (amount == 0) revert StableMath.ZeroAmount();
        _inPool(pool, indexOut);
        Group memory joined = _group(pool, indexIn);
        if (pool.groups[indexIn] == pool.groups[indexOut]) {
            uint256 rateOut = pool.rates[indexOut];
            return StableMath.swapIn(
                joined.xs,
                joined.place,
                _placeOf(pool, indexOut),
                amount,
                joined.amp,
                fee,
                pool.offPegMultiplier,
                joined.rate,
                rateOut
            );
        }
        Group memory held = _group(pool, indexOut);
        uint256 gross = _divUp(amount * held.rate * UNIT, UNIT - fee);
        uint256 x = held.xs[held.place];
        if (gross >= x) revert StableMath.NotEnoughLiquidity();
        (uint256 before, uint256 afterwards) = (_up(held), _down(held, x - gross));
        _within(before, afterwards);
        uint256 grown = Powers.powerUp(before, afterwards, held.weight, joined.weight);
        uint256 target = _shiftUp(_up(joined) * grown, 120);
        needed = _divUp(_balanceFor(joined, target) - joined.xs[joined.place], joined.rate);
        taken = gross / held.rate - amount;
    }

    /// @notice `amountIn` and its fee for two lone assets, the fee taken from what comes in.
    function weightedAmountIn(
        uint256 balanceIn,
        uint256 weightIn,
        uint256 balanceOut,
        uint256 weightOut,
        uint256 amount,
        uint256 fee
    ) external pure returns (uint256 needed, uint256 taken) {
        uint256 net = WeightedMath.amountIn(balanceIn, weightIn, balanceOut, weightOut, amount);
        needed = WeightedMath.withFee(net, fee);
        taken = needed - net;
    }

    /// @notice `amountOut` and its fee for two lone assets, the fee taken from what comes in.
    function weightedAmountOut(
        uint256 balanceIn,
        uint256 weightIn,
        uint256 balanceOut,
        uint256 weightOut,
        uint256 amount,
        uint256 fee
    ) external pure returns (uint256 out, uint256 taken) {
        taken = WeightedMath.feeOf(amount, fee);
        out = WeightedMath.amountOut(balanceIn, weightIn, balanceOut, weightOut, amount - taken);
    }

    /* LIQUIDITY IN ONE ASSET: `fee` is the pool's with its volatile part */

    /// @notice Shares for exactly `amount`, floored, and the fee in it: the part that a proportional deposit would have
    /// swapped pays.
    function sharesForOne(
        Pools.CurvePool calldata pool,
        uint256 index,
        uint256 supply,
        uint256 amount,
        uint256 fee
    ) external pure returns (uint256 shares, uint256 taken) {
        if (amount == 0) revert StableMath.ZeroAmount();
        Group memory group = _group(pool, index);
        taken = _feeOf(_taxed(group), amount, _sideRate(pool, group, fee));
        if (amount <= taken) revert StableMath.ZeroAmount();
        (uint256 before, uint256 afterwards) = _bounds(group, amount - taken);
        if (afterwards <= before) return (0, taken);
        if (group.weight == UNIT) return (Math.mulDiv(supply, afterwards - before, before), taken);
        _within(before, afterwards);
        uint256 grown = Powers.powerDown(afterwards, before, group.weight, UNIT);
        shares = grown > Powers.ONE ? supply * (grown - Powers.ONE) >> 120 : 0;
    }

    /// @notice What one asset must bring for exactly `shares`, ceiled, and the fee in it.
    function oneForNewShares(
        Pools.CurvePool calldata pool,
        uint256 index,
        uint256 supply,
        uint256 shares,
        uint256 fee
    ) external pure returns (uint256 amount, uint256 taken) {
        if (shares == 0) revert StableMath.ZeroAmount();
        Group memory group = _group(pool, index);
        uint256 x = group.xs[group.place];
        uint256 wanted = _balanceFor(group, _target(group, supply, supply + shares));
        uint256 net = wanted > x ? _divUp(wanted - x, group.rate) : 0;
        return _withFee(_taxed(group), net, _sideRate(pool, group, fee));
    }

    /// @notice What one asset pays for shares that are given back, floored, and the fee left in the pool.
    function oneForShares(
        Pools.CurvePool calldata pool,
        uint256 index,
        uint256 supply,
        uint256 shares,
        uint256 fee
    ) external pure returns (uint256 amount, uint256 taken) {
        if (shares == 0) revert StableMath.ZeroAmount();
        if (shares >= supply) revert StableMath.NotEnoughLiquidity();
        Group memory group = _group(pool, index);
        uint256 x = group.xs[group.place];
        uint256 kept = _balanceFor(group, _target(group, supply, supply - shares));
        uint256 gross = x > kept ? (x - kept) / group.rate : 0;
        taken = _feeOf(_taxed(group), gross, _sideRate(pool, group, fee));
        amount = gross > taken ? gross - taken : 0;
    }

    /// @notice Shares that must be given back for exactly `amount` of one asset, ceiled, and the fee left in the pool.
    function sharesForOneOut(
        Pools.CurvePool calldata pool,
        uint256 index,
        uint256 supply,
        uint256 amount,
        uint256 fee
    ) external pure returns (uint256 shares, uint256 taken) {
        if (amount == 0) revert StableMath.ZeroAmount();
        Group memory group = _group(pool, index);
        uint256 gross;
        (gross, taken) = _withFee(_taxed(group), amount, _sideRate(pool, group, fee));
        if (gross >= pool.balances[index]) revert StableMath.NotEnoughLiquidity();
        uint256 before = _up(group);
        uint256 afterwards = _down(group, (pool.balances[index] - gross) * group.rate);
        if (group.weight == UNIT) {
            return (Math.mulDiv(supply, before - afterwards, before, Math.Rounding.Ceil), taken);
        }
        _within(before, afterwards);
        shares = _shiftUp(supply * (Powers.ONE - Powers.powerDown(afterwards, before, group.weight, UNIT)), 120);
    }

    /* PRICES */

    /// @notice What a base unit of one asset is worth in base units of another at the margin without a fee, in units of
    /// 1e-36, floored. Of the averages of all balances it is the oracle's price.
    function price(Pools.CurvePool calldata pool, uint256 indexIn, uint256 indexOut) external pure returns (uint256) {
        _inPool(pool, indexOut);
        Group memory group = _group(pool, indexIn);
        uint256 shareIn = _valueShare(group);
        if (pool.groups[indexIn] == pool.groups[indexOut]) group.place = _placeOf(pool, indexOut);
        else group = _group(pool, indexOut);
        uint256 shareOut = _valueShare(group);
        return Math.mulDiv(shareIn * pool.balances[indexOut], PRICE_UNIT, shareOut * pool.balances[indexIn]);
    }

    /* GROUPS */

    function _group(Pools.CurvePool calldata pool, uint256 index) private pure returns (Group memory group) {
        _inPool(pool, index);
        uint256 n = pool.balances.length;
        uint256 own = pool.groups[index];
        uint256 members;
        for (uint256 i; i < n; ++i) {
            if (pool.groups[i] == own) ++members;
        }
        group.xs = new uint256[](members);
        members = 0;
        for (uint256 i; i < n; ++i) {
            if (pool.groups[i] != own) continue;
            if (i == index) group.place = members;
            uint256 x = pool.balances[i] * pool.rates[i];
            if (x == 0) revert StableMath.EmptyBalance();
            group.xs[members++] = x;
        }
        group.rate = pool.rates[index];
        group.weight = pool.weights[index];
        group.amp = pool.amplification;
        group.d = members == 1 ? group.xs[0] : StableMath.invariant(group.xs, group.amp);
        group.guard = StableMath.guardBits(group.d);
    }

    function _inPool(Pools.CurvePool calldata pool, uint256 index) private pure {
        if (index >= pool.balances.length) revert Pools.UnknownAsset();
    }

    function _placeOf(Pools.CurvePool calldata pool, uint256 index) private pure returns (uint256 place) {
        for (uint256 i; i < index; ++i) {
            if (pool.groups[i] == pool.groups[index]) ++place;
        }
    }

    /// @dev D refined, not below the true one.
    function _up(Group memory group) private pure returns (uint256) {
        if (group.xs.length == 1) return group.xs[0] << group.guard;
        return _fits(StableMath.invariantUp(group.xs, group.amp, group.d, group.guard));
    }

    /// @dev D refined, not above the true one, with another balance of the asset.
    function _down(Group memory group, uint256 x) private pure returns (uint256 found) {
        if (group.xs.length == 1) {
            if (x >> 128 != 0) revert InvariantTooLarge();
            return _fits(x << group.guard);
        }
        uint256 before = group.xs[group.place];
        group.xs[group.place] = x;
        found = _fits(
            StableMath.invariantDown(group.xs, group.amp, StableMath.invariant(group.xs, group.amp), group.guard)
        );
        group.xs[group.place] = before;
    }

    /// @dev D before, up, and after `amount` more, down.
    function _bounds(Group memory group, uint256 amount) private pure returns (uint256 before, uint256 afterwards) {
        before = _up(group);
        afterwards = _down(group, group.xs[group.place] + amount * group.rate);
        if (afterwards < before) afterwards = before;
    }

    /// @dev The least whole scaled balance of the asset that gives its group D of `target` (refined).
    function _balanceFor(Group memory group, uint256 target) private pure returns (uint256) {
        if (group.xs.length == 1) return _shiftUp(target, group.guard);
        return StableMath.solveUp(
            group.xs, group.place, group.amp, _fits(target), group.xs[group.place], group.guard
        );
    }

    /// @dev D of the group, up, when the supply goes to `supplyAfter` by this group alone.
    function _target(Group memory group, uint256 supply, uint256 supplyAfter) private pure returns (uint256 target) {
        uint256 before = _up(group);
        if (group.weight == UNIT) return Math.mulDiv(before, supplyAfter, supply, Math.Rounding.Ceil);
        target = _shiftUp(before * Powers.powerUp(supplyAfter, supply, UNIT, group.weight), 120);
        _within(before, target);
    }

    /// @dev The part of the pool's value that the asset is at the margin, in units of 1e-36, floored.
    function _valueShare(Group memory group) private pure returns (uint256) {
        uint256 n = group.xs.length;
        if (n == 1) return group.weight * UNIT;
        uint256 product = group.d;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            product = product * group.d / group.xs[i];
            total += group.xs[i];
        }
        product /= n ** n;
        uint256 ann = group.amp * n;
        uint256 own = ann * group.xs[group.place] + StableMath.AMP_UNIT * product;
        uint256 all = ann * total + StableMath.AMP_UNIT * n * product;
        return Math.mulDiv(own, PRICE_UNIT, all) * group.weight / UNIT;
    }

    /* FEES OF LIQUIDITY IN ONE ASSET */

    /// @dev What is not the asset's own share of the pool's value.
    function _taxed(Group memory group) private pure returns (uint256) {
        return UNIT - _valueShare(group) / UNIT;
    }

    /// @dev The off-peg fee of the asset's dearest trade inside its group.
    function _sideRate(Pools.CurvePool calldata pool, Group memory group, uint256 fee)
        private
        pure
        returns (uint256 rate)
    {
        rate = fee;
        uint256 multiplier = pool.offPegMultiplier * (UNIT / 10);
        for (uint256 i; i < group.xs.length; ++i) {
            if (i == group.place) continue;
            uint256 other = StableMath.offPegFee(group.xs[group.place], group.xs[i], fee, multiplier);
            if (other > rate) rate = other;
        }
    }

    function _feeOf(uint256 taxed, uint256 amount, uint256 rate) private pure returns (uint256) {
        return WeightedMath.feeOf(_divUp(amount * taxed, UNIT), rate);
    }

    /// @dev The gross amount that leaves `net` after `_feeOf`, and that fee.
    function _withFee(uint256 taxed, uint256 net, uint256 rate) private pure returns (uint256 gross, uint256 taken) {
        gross = _divUp(net * UNIT, UNIT - _divUp(taxed * rate, UNIT));
        taken = _feeOf(taxed, gross, rate);
        while (gross - taken < net) { // two ceilings in the fee: at most twice
            ++gross;
            taken = _feeOf(taxed, gross, rate);
        }
    }

    /* INTEGERS */

    /// @dev Powers are proven where one step moves a group's D by three tenths at most.
    function _within(uint256 before, uint256 afterwards) private pure {
        uint256 move = afterwards > before ? afterwards - before : before - afterwards;
        if (move * UNIT > before * MAX_MOVE) revert WeightedMath.TooLarge();
    }

    function _fits(uint256 value) private pure returns (uint256) {
        if (value >> 128 != 0) revert InvariantTooLarge();
        return value;
    }

    function _divUp(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a == 0 ? 0 : (a - 1) / b + 1;
        }
    }

    function _shiftUp(uint256 a, uint256 bits) private pure returns (uint256) {
        unchecked {
            return a == 0 ? 0 : ((a - 1) >> bits) + 1;
        }
    }
}
