// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Curve's stable invariant, paid to the unit and never above the curve
/// @notice The twin of `fluxdesk.core.curves.stable`, bit for bit. `xs` are scaled balances (18 decimals), amplification
/// is in hundredths. What Curve's own steps would pay a unit too much is found by a step at a fraction of a unit.
library StableMath {
    /// @notice Newton's steps did not end: no pool of such balances can be priced.
    error NoConvergence();
    error AmplificationOutOfRange();
    /// @notice A scaled balance of zero.
    error EmptyBalance();
    /// @notice An amount of zero.
    error ZeroAmount();
    /// @notice More is asked for than the pool gives.
    error NotEnoughLiquidity();

    uint256 internal constant AMP_UNIT = 100;
    uint256 internal constant UNIT = 1e18;
    /// @notice No trade pays more than half, however far from parity.
    uint256 internal constant MAX_RATE = 0.5e18;
    uint256 private constant STEPS = 255;
    uint256 private constant FEE_STEPS = 40;
    uint256 private constant CLOSING_STEPS = 24;
    uint256 private constant SLACK = 64;

    /// @notice Amplification is from 1 to 1,000,000.
    function checkAmplification(uint256 amp) internal pure {
        if (amp < AMP_UNIT || amp > 1_000_000 * AMP_UNIT) revert AmplificationOutOfRange();
    }

    /// @notice D of the scaled balances, as Curve's steps find it; where those go to and fro, as steps of fewer floors do.
    function invariant(uint256[] memory xs, uint256 amp) internal pure returns (uint256 d) {
        uint256 n = xs.length;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            if (xs[i] == 0) revert EmptyBalance();
            total += xs[i];
        }
        uint256 ann = amp * n;
        uint256 share = ann * total / AMP_UNIT;
        d = total;
        for (uint256 step; step < STEPS; ++step) {
            uint256 product = d;
            for (uint256 i; i < n; ++i) {
                product = product * d / (xs[i] * n);
            }
            uint256 last = d;
            d = (share + product * n) * d / ((ann - AMP_UNIT) * d / AMP_UNIT + (n + 1) * product);
            if (d == 0) break;
            if (_near(d, last)) return d;
        }
        return _refined(xs, amp, total, 0);
    }

    /// @notice How many bits below a unit a root is refined: as many as leave room for the products in 256 bits.
    function guardBits(uint256 d) internal pure returns (uint256) {
        return d < 1 << 88 ? 24 : d < 1 << 100 ? 12 : 0;
    }

    /// @notice D refined by `guard` bits, not below the true one; `d` is where to begin.
    function invariantUp(uint256[] memory xs, uint256 amp, uint256 d, uint256 guard) internal pure returns (uint256) {
        return _refined(xs, amp, d, guard) + _slack(guard);
    }

    /// @notice D refined by `guard` bits, not above the true one; `d` is where to begin.
    function invariantDown(uint256[] memory xs, uint256 amp, uint256 d, uint256 guard)
        internal
        pure
        returns (uint256 found)
    {
        found = _refined(xs, amp, d, guard);
        uint256 slack = _slack(guard);
        return found > slack ? found - slack : 0;
    }

    /// @notice The scaled balance at `missing` that completes the others to invariant `d`, as Curve's steps find it.
    function solve(uint256[] memory xs, uint256 missing, uint256 amp, uint256 d) internal pure returns (uint256 y) {
        uint256 n = xs.length;
        uint256 ann = amp * n;
        uint256 c = d;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            if (i == missing) continue;
            if (xs[i] == 0) revert EmptyBalance();
            total += xs[i];
            c = c * d / (xs[i] * n);
        }
        c = c * d * AMP_UNIT / (ann * n);
        uint256 b = total + d * AMP_UNIT / ann;
        y = d;
        for (uint256 step; step < STEPS; ++step) {
            uint256 last = y;
            uint256 slope = 2 * y + b;
            if (slope <= d) revert NoConvergence();
            y = (y * y + c) / (slope - d);
            if (_near(y, last)) return y;
        }
        revert NoConvergence();
    }

    /// @notice The least whole scaled balance at `missing` not below the one that completes the others to `dUp`,
    /// which is refined by `guard` bits; `y` is where to begin.
    function solveUp(uint256[] memory xs, uint256 missing, uint256 amp, uint256 dUp, uint256 y, uint256 guard)
        internal
        pure
        returns (uint256)
    {
        uint256 n = xs.length;
        uint256 ann = amp * n;
        uint256 c = dUp;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            if (i == missing) continue;
            total += xs[i] << guard;
            c = _divUp(c * dUp, (xs[i] << guard) * n);
        }
        c = _divUp(c * dUp * AMP_UNIT, ann * n);
        uint256 b = total + dUp * AMP_UNIT / ann;
        y <<= guard;
        for (uint256 step; step < STEPS; ++step) {
            uint256 last = y;
            uint256 slope = 2 * y + b;
            if (slope <= dUp) revert NoConvergence();
            y = _divUp(y * y + c, slope - dUp);
            if (_near(y, last)) return _divUp(y + _slack(guard), 1 << guard);
        }
        revert NoConvergence();
    }

    /// @notice The fee between two scaled balances: `fee` at parity, up to `multiplier` (one is 1e18) times it far off.
    function offPegFee(uint256 x, uint256 y, uint256 fee, uint256 multiplier) internal pure returns (uint256) {
        if (multiplier <= UNIT) return fee;
        uint256 whole = (x + y) * (x + y);
        uint256 rate = multiplier * fee / ((multiplier - UNIT) * 4 * x / UNIT * y * UNIT / whole + UNIT);
        return rate > MAX_RATE ? MAX_RATE : rate;
    }

    /// @notice What goes out for `amount` (scaled) in, its fee taken from it, in base units; and the fee in base units.
    /// `xs` is left with the balance that came in.
    /// @param offPeg Times the fee far from parity, in tenths.
    /// @param rateOut From base units of what goes out to 18 decimals.
    function swapOut(
        uint256[] memory xs,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amount,
        uint256 amp,
        uint256 fee,
        uint256 offPeg,
        uint256 rateOut
    ) internal pure returns (uint256 out, uint256 taken) {
        if (amount == 0) revert ZeroAmount();
        uint256 d = invariant(xs, amp);
        uint256 dUp = invariantUp(xs, amp, d, guardBits(d));
        uint256 before = xs[indexIn];
        xs[indexIn] = before + amount;
        uint256 y = solve(xs, indexOut, amp, d);
        uint256 up = solveUp(xs, indexOut, amp, dUp, y, guardBits(d));
        return _paid(before, xs[indexIn], xs[indexOut], y, up, fee, offPeg, rateOut);
    }

    /// @notice Whether `swapOutOfTwo` may be asked: with total and amount under 2^100 and balances within 2^16 of each other
    /// every product in it fits 256 bits. Refined, a balance has 112 bits, the quotients of D by a balance add 16, and the
    /// amplification over its unit has 21. All three have 172 bits at most.
    function fitsUnchecked(uint256 xIn, uint256 xOut, uint256 amount) internal pure returns (bool) {
        unchecked {
            uint256 total = xIn + xOut;
            return (total + amount) >> 100 == 0 && total >> 16 < (xIn < xOut ? xIn : xOut) && amount != 0;
        }
    }

    /// @notice `swapOut` of a pool of two, to the same units, where `fitsUnchecked` says so.
    /// @param firstIn Whether the asset that comes in is the first of the two: floors depend on the order.
    function swapOutOfTwo(
        uint256 xIn,
        uint256 xOut,
        bool firstIn,
        uint256 amount,
        uint256 amp,
        uint256 fee,
        uint256 offPeg,
        uint256 rateOut
    ) internal pure returns (uint256, uint256) {
        unchecked {
            uint256 total = xIn + xOut;
            amp <<= 1;
            (uint256 first, uint256 second) = firstIn ? (xIn, xOut) : (xOut, xIn);
            uint256 d = _wholeOfTwo(first, second, total, amp);
            uint256 guard = guardBits(d);
            uint256 dUp = _slack(guard)
                + _ended(_invariantOfTwo(first << guard, second << guard, 2, total << guard, amp, d << guard));
            uint256 y = _solveOfTwo(xIn + amount, amp, d);
            uint256 up = _solveUpOfTwo((xIn + amount) << guard, amp, dUp, y << guard);
            up = ((up + _slack(guard) - 1) >> guard) + 1;
            return _paid(xIn, xIn + amount, xOut, y, up, fee, offPeg, rateOut);
        }
    }

    /// @notice The parts of a pool's value that its two assets are at the margin, in units of 1e-36, floored; where
    /// `fitsUnchecked` says so of their scaled balances.
    function partsOfTwo(uint256 xIn, uint256 xOut, bool firstIn, uint256 amp)
        internal
        pure
        returns (uint256 partIn, uint256 partOut)
    {
        unchecked {
            uint256 total = xIn + xOut;
            amp <<= 1;
            (uint256 first, uint256 second) = firstIn ? (xIn, xOut) : (xOut, xIn);
            uint256 d = _wholeOfTwo(first, second, total, amp);
            uint256 product = AMP_UNIT * (d * d / first * d / second >> 2);
            uint256 all = amp * total + 2 * product;
            partIn = _part(amp * xIn + product, all);
            partOut = _part(amp * xOut + product, all);
        }
    }

    /// @notice a / b in units of 1e-36, floored. b is not zero and at most 2^216, a / b is under 2^136: twelve digits at a
    /// time fit.
    function ratio(uint256 a, uint256 b) internal pure returns (uint256 found) {
        unchecked {
            found = a / b;
            for (uint256 digits; digits < 3; ++digits) {
                a = a % b * 1e12;
                found = found * 1e12 + a / b;
            }
        }
    }

    /// @notice What must come in, in base units, for `amount` (base units) to go out: `swapOut` of it is that or more.
    /// @param rateIn From base units of what comes in to 18 decimals.
    function swapIn(
        uint256[] memory xs,
        uint256 indexIn,
        uint256 indexOut,
        uint256 amount,
        uint256 amp,
        uint256 fee,
        uint256 offPeg,
        uint256 rateIn,
        uint256 rateOut
    ) internal pure returns (uint256 needed, uint256 taken) {
        if (amount == 0) revert ZeroAmount();
        needed = _estimate(xs, indexIn, indexOut, amount * rateOut, amp, fee, offPeg * (UNIT / 10), rateIn);
        uint256 before = xs[indexIn];
        for (uint256 step; step < CLOSING_STEPS; ++step) {
            uint256 out;
            (out, taken) = swapOut(xs, indexIn, indexOut, needed * rateIn, amp, fee, offPeg, rateOut);
            if (out >= amount) return (needed, taken);
            xs[indexIn] = before;
            needed += (1 + (needed >> 64)) << step;
        }
        revert NotEnoughLiquidity();
    }

    /// @dev Fee and amount in turn, as the fee depends on where the trade ends. `net` is scaled.
    function _estimate(
        uint256[] memory xs,
        uint256 indexIn,
        uint256 indexOut,
        uint256 net,
        uint256 amp,
        uint256 fee,
        uint256 multiplier,
        uint256 rateIn
    ) private pure returns (uint256 needed) {
        (uint256 xIn, uint256 xOut) = (xs[indexIn], xs[indexOut]);
        uint256 d = invariant(xs, amp);
        uint256 guard = guardBits(d);
        uint256 dUp = invariantUp(xs, amp, d, guard);
        uint256 rate = offPegFee(xIn, xOut, fee, multiplier);
        uint256 x = xIn;
        for (uint256 step; step < FEE_STEPS; ++step) {
            uint256 gross = _divUp(net * UNIT, UNIT - rate) + 1;
            if (gross >= xOut) revert NotEnoughLiquidity();
            xs[indexOut] = xOut - gross;
            x = solveUp(xs, indexIn, amp, dUp, x, guard);
            needed = x > xIn ? _divUp(x - xIn, rateIn) : 1;
            uint256 last = rate;
            rate = offPegFee((2 * xIn + needed * rateIn) / 2, (xOut + xs[indexOut]) / 2, fee, multiplier);
            if (_near(rate, last)) break;
        }
        xs[indexOut] = xOut;
    }

    /// @dev What is paid, and its fee. `y` is where Curve's steps end, `up` the least balance that the curve leaves: what Curve
    /// pays is paid where the curve has it before the fee, else one unit less.
    function _paid(
        uint256 before,
        uint256 xIn,
        uint256 xOut,
        uint256 y,
        uint256 up,
        uint256 fee,
        uint256 offPeg,
        uint256 rateOut
    ) private pure returns (uint256 out, uint256 taken) {
        if (up >= xOut || y + 1 >= xOut) return (0, 0);
        uint256 rate = offPegFee((before + xIn) / 2, (xOut + y) / 2, fee, offPeg * (UNIT / 10));
        uint256 gross = xOut - y - 1;
        uint256 there = xOut - up;
        out = gross - gross * rate / UNIT;
        if (gross > there) {
            // at least two, of which the fee takes half at most
            out = out - 1 < there ? out - 1 : there;
            gross = there;
        }
        out /= rateOut;
        taken = gross / rateOut - out;
    }

    /// @dev Zero where the steps do not end. The product is divided by four on the way (balances given twofold) or at its end
    /// (`halvings` 2): the latter floors less.
    function _invariantOfTwo(uint256 first, uint256 second, uint256 halvings, uint256 total, uint256 ann, uint256 d)
        private
        pure
        returns (uint256)
    {
        unchecked {
            uint256 share = ann * total / AMP_UNIT;
            for (uint256 step; step < STEPS; ++step) {
                uint256 product = d * d / first * d / second >> halvings;
                uint256 last = d;
                d = (share + 2 * product) * d / ((ann - AMP_UNIT) * d / AMP_UNIT + 3 * product);
                if (_near(d, last)) return d;
            }
            return 0;
        }
    }

    function _ended(uint256 d) private pure returns (uint256) {
        if (d == 0) revert NoConvergence();
        return d;
    }

    /// @dev `invariant` of two.
    function _wholeOfTwo(uint256 first, uint256 second, uint256 total, uint256 ann) private pure returns (uint256 d) {
        unchecked {
            d = _invariantOfTwo(2 * first, 2 * second, 0, total, ann, total);
            if (d == 0) d = _ended(_invariantOfTwo(first, second, 2, total, ann, total));
        }
    }

    /// @dev own / all in units of 1e-36, floored; own is under all, and all under 2^196.
    function _part(uint256 own, uint256 all) private pure returns (uint256) {
        unchecked {
            own *= UNIT;
            return own / all * UNIT + own % all * UNIT / all;
        }
    }

    function _solveOfTwo(uint256 x, uint256 ann, uint256 d) private pure returns (uint256 y) {
        unchecked {
            uint256 c = d * d / (2 * x) * d * AMP_UNIT / (2 * ann);
            uint256 b = x + d * AMP_UNIT / ann - d; // may be below zero
            y = d;
            for (uint256 step; step < STEPS; ++step) {
                uint256 last = y;
                y = (y * y + c) / _slope(2 * y + b);
                if (_near(y, last)) return y;
            }
            revert NoConvergence();
        }
    }

    function _solveUpOfTwo(uint256 x, uint256 ann, uint256 d, uint256 y) private pure returns (uint256) {
        unchecked {
            uint256 c = _divUp(_divUp(d * d, 2 * x) * d * AMP_UNIT, 2 * ann);
            uint256 b = x + d * AMP_UNIT / ann - d;
            for (uint256 step; step < STEPS; ++step) {
                uint256 last = y;
                y = _divUp(y * y + c, _slope(2 * y + b));
                if (_near(y, last)) return y;
            }
            revert NoConvergence();
        }
    }

    /// @dev Newton's divisor as a number of two's complement. Pools of a few units can have a step end where it is not above
    /// zero, and no answer then.
    function _slope(uint256 slope) private pure returns (uint256) {
        if (int256(slope) <= 0) revert NoConvergence();
        return slope;
    }

    function _refined(uint256[] memory xs, uint256 amp, uint256 d, uint256 guard) private pure returns (uint256) {
        uint256 n = xs.length;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            total += xs[i];
        }
        uint256 ann = amp * n;
        uint256 share = ann * (total << guard) / AMP_UNIT;
        uint256 own = n ** n;
        d <<= guard;
        for (uint256 step; step < STEPS; ++step) {
            uint256 product = d;
            for (uint256 i; i < n; ++i) {
                product = product * d / (xs[i] << guard);
            }
            product /= own;
            uint256 last = d;
            d = (share + product * n) * d / ((ann - AMP_UNIT) * d / AMP_UNIT + (n + 1) * product);
            if (_near(d, last)) return d;
        }
        revert NoConvergence();
    }

    function _slack(uint256 guard) private pure returns (uint256) {
        return guard == 0 ? 4 : SLACK;
    }

    function _near(uint256 a, uint256 b) private pure returns (bool) {
        unchecked {
            return a > b ? a - b <= 1 : b - a <= 1;
        }
    }

    function _divUp(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a == 0 ? 0 : (a - 1) / b + 1;
        }
    }
}
