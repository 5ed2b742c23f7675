// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Curve's stable invariant, paid to the unit and never above the curve
/// @notice The twin of `fluxdesk.core.curves.stable`, bit for bit. `xs` are scaled balances (18 decimals), amplification
/// is in hundredths. What Curve's own steps would pay a unit too much is found by a step at a fraction of a unit.
library StableMath {
    /// @notice Newton's steps did not end: no pool of such balances can be priced.
    error NoConvergence();
    /// @notice A scaled balance of zero.
    error EmptyBalance();
    /// @notice An amount of zero.
    error ZeroAmount();

    uint256 internal constant AMP_UNIT = 100;
    uint256 internal constant UNIT = 1e18;
    uint256 private constant STEPS = 255;
    uint256 private constant SLACK = 64;

    /// @notice D of the scaled balances.
    function invariant(uint256[] memory xs, uint256 amp) internal pure returns (uint256 d) {
        uint256 n = xs.length;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            if (xs[i] == 0) revert EmptyBalance();
            total += xs[i];
        }
        uint256 ann = amp * n;
        uint256 share = ann * total / AMP_UNIT;
        uint256 own = n ** n;
        d = total;
        for (uint256 step; step < STEPS; ++step) {
            uint256 product = d;
            for (uint256 i; i < n; ++i) {
                product = product * d / xs[i];
            }
            product /= own;
            uint256 last = d;
            d = (share + product * n) * d / ((ann - AMP_UNIT) * d / AMP_UNIT + (n + 1) * product);
            if (_near(d, last)) return d;
        }
        revert NoConvergence();
    }

    /// @notice How many bits below a unit a root is refined: as many as leave room for the products in 256 bits.
    function guardBits(uint256 d) internal pure returns (uint256) {
        return d < 1 << 88 ? 24 : d < 1 << 100 ? 12 : 0;
    }

    /// @notice D in the refined unit of `guardBits(d)`, not below the true one; `d` is where to begin.
    function invariantUp(uint256[] memory xs, uint256 amp, uint256 d) internal pure returns (uint256) {
        uint256 n = xs.length;
        uint256 total;
        for (uint256 i; i < n; ++i) {
            total += xs[i];
        }
        uint256 guard = guardBits(d);
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
            if (_near(d, last)) return d + _slack(guard);
        }
        revert NoConvergence();
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
            y = (y * y + c) / (2 * y + b - d);
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
            y = _divUp(y * y + c, 2 * y + b - dUp);
            if (_near(y, last)) return _divUp(y + _slack(guard), 1 << guard);
        }
        revert NoConvergence();
    }

    /// @notice The fee between two scaled balances: `fee` at parity, up to `multiplier` (one is 1e18) times it far off.
    function offPegFee(uint256 x, uint256 y, uint256 fee, uint256 multiplier) internal pure returns (uint256) {
        if (multiplier <= UNIT) return fee;
        uint256 whole = (x + y) * (x + y);
        return multiplier * fee / ((multiplier - UNIT) * 4 * x / UNIT * y * UNIT / whole + UNIT);
    }

    /// @notice What goes out for `amount` (scaled) in, its fee taken from it, in base units; and the fee in base units.
    /// @param offPeg Times the fee far from parity, in tenths.
    /// @param rateOut From base units of what goes out to 18 decimals.
    function swapOut(
        uint256[] memory xs,
        uint256 joins,
        uint256 leaves,
        uint256 amount,
        uint256 amp,
        uint256 fee,
        uint256 offPeg,
        uint256 rateOut
    ) internal pure returns (uint256 out, uint256 taken) {
        if (amount == 0) revert ZeroAmount();
        uint256 d = invariant(xs, amp);
        uint256 dUp = invariantUp(xs, amp, d);
        uint256 before = xs[joins];
        xs[joins] = before + amount;
        uint256 y = solve(xs, leaves, amp, d);
        uint256 up = solveUp(xs, leaves, amp, dUp, y, guardBits(d));
        if (up < y + 1) up = y + 1;
        if (up >= xs[leaves]) return (0, 0);
        unchecked {
            uint256 gross = xs[leaves] - up;
            uint256 rate = offPegFee((before + xs[joins]) / 2, (xs[leaves] + y) / 2, fee, offPeg * (UNIT / 10));
            out = (gross - _divUp(gross * rate, UNIT)) / rateOut;
            taken = gross / rateOut - out;
        }
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
