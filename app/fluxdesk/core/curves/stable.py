"""Stable pools of two to eight assets that are worth about the same: Curve's invariant, with rates and an off-peg fee.

    A n^n S + D = A D n^n + D^(n+1) / (n^n P)      S the sum, P the product of the scaled balances

Integers in, integers out, bit for bit as `StableMath.sol`. A balance times its rate over 10^18 is its scaled balance,
floored; a rate is 10^(36 - decimals), times the asset's own value where it has one.

Newton's steps are those of the paper with its divisions in its order, as Curve's first pools take them: they end one or
two units from the root, on either side, so that about one swap in sixteen pays a unit more than the curve has. In pools
far from parity they may go to and fro for ever, where Curve's reverts; steps of fewer floors are taken then. Here the
root is then taken to a fraction of a unit, rounded against the trader. What Curve pays is paid, its fee floored as
there, where the curve has as much before the fee; else one unit less. So no trade, at any fee, takes more out than the
curve has.

Source: Egorov, "StableSwap - efficient mechanism for stablecoin liquidity" (2019), section 3; the off-peg fee is that
of Curve's StableSwap-NG, f m / ((m - 1) 4 x y / (x + y)^2 + 1).
"""

from collections.abc import Sequence
from typing import Final

from fluxdesk.core.curves.integers import U128_MAX, U256_MAX, NotEnoughLiquidity, Overflow, ZeroAmount, ceil_div
from fluxdesk.core.curves.weighted import UNIT, BadPool

AMP_UNIT: Final = 100
"""Amplification is kept in hundredths, so that a ramp has steps."""
MOST_AMPLIFICATION: Final = 1_000_000
STEPS: Final = 255
SLACK: Final = 64
"""Of the refined unit: covers the floors of one step."""
MOST_RATE: Final = UNIT // 2
"""No trade pays more than half, however far from parity."""
FEE_STEPS: Final = 40
CLOSING_STEPS: Final = 24


def check_pool(balances: Sequence[int], rates: Sequence[int], amp: int) -> None:
    """Raises `BadPool` unless balances, rates and amplification (in hundredths) are those of a pool."""
    if not 2 <= len(balances) <= 8 or len(rates) != len(balances):
        raise BadPool(f"{len(balances)} balances and {len(rates)} rates; a pool has two to eight of each")
    if any(not 0 < b <= U128_MAX for b in balances):
        raise BadPool("a balance is zero or does not fit 128 bits")
    if any(not 0 < r <= 10**36 for r in rates):
        raise BadPool("a rate is above zero and at most 10^36")
    if not AMP_UNIT <= amp <= MOST_AMPLIFICATION * AMP_UNIT:
        raise BadPool("amplification is from 1 to 1,000,000")


def scaled(balances: Sequence[int], rates: Sequence[int]) -> list[int]:
    """Balances in the pool's own unit of 18 decimals, floored."""
    return [_fits(b * r) // UNIT for b, r in zip(balances, rates, strict=True)]


def invariant(xs: Sequence[int], amp: int) -> int:
    """D of the scaled balances, as Curve's steps find it. Raises `Overflow` or `ZeroAmount`."""
    n = len(xs)
    total = sum(xs)
    if min(xs) == 0:
        raise ZeroAmount("a scaled balance is zero")
    ann = amp * n
    d = total
    for _ in range(STEPS):
        product = d
        for x in xs:
            product = _fits(product * d) // (x * n)
        last = d
        over = _fits((_fits(ann * total) // AMP_UNIT + product * n) * d)
        d = over // ((ann - AMP_UNIT) * d // AMP_UNIT + (n + 1) * product)
        if d == 0:
            break
        if abs(d - last) <= 1:
            return d
    return _refined(xs, amp, total, 0)


def guard_bits(d: int) -> int:
    """How many bits below a unit a root is refined: as many as leave room for the products in 256 bits."""
    return 24 if d < 1 << 88 else 12 if d < 1 << 100 else 0


def invariant_up(xs: Sequence[int], amp: int, d: int, guard: int | None = None) -> int:
    """D refined by `guard` bits (those of `guard_bits(d)` unless said), not below the true one; `d` is where to begin.

    Raises `Overflow`.
    """
    guard = guard_bits(d) if guard is None else guard
    return _refined(xs, amp, d, guard) + _slack(guard)


def invariant_down(xs: Sequence[int], amp: int, d: int, guard: int) -> int:
    """D refined by `guard` bits, not above the true one; `d` is where to begin. Raises `Overflow`."""
    return max(_refined(xs, amp, d, guard) - _slack(guard), 0)


def _refined(xs: Sequence[int], amp: int, d: int, guard: int) -> int:
    """D, floored about `guard` bits below a unit; `d` is where to begin. Raises `Overflow`."""
    ann, total, d = amp * len(xs), sum(xs) << guard, d << guard
    for _ in range(STEPS):
        d, last = _refine(xs, ann, total, d, guard), d
        if abs(d - last) <= 1:
            return d
    raise Overflow("the invariant does not converge")


def _refine(xs: Sequence[int], ann: int, total: int, d: int, guard: int) -> int:
    """One of Newton's steps toward D, at `guard` bits below a unit."""
    n, product = len(xs), d
    for x in xs:
        product = _fits(product * d) // (x << guard)
    product //= _own_power(n)
    return _fits((ann * total // AMP_UNIT + product * n) * d) // ((ann - AMP_UNIT) * d // AMP_UNIT + (n + 1) * product)


def solve(kept: Sequence[int], amp: int, d: int) -> int:
    """The one scaled balance that completes `kept` to a pool of invariant `d`, as Curve's steps find it.

    Raises `Overflow` or `ZeroAmount`.
    """
    n = len(kept) + 1
    ann = amp * n
    c, total = d, 0
    for x in kept:
        if x == 0:
            raise ZeroAmount("a scaled balance is zero")
        total += x
        c = _fits(c * d) // (x * n)
    c = _fits(c * d * AMP_UNIT) // (ann * n)
    b = total + d * AMP_UNIT // ann
    y = d
    for _ in range(STEPS):
        last = y
        y = (_fits(y * y) + c) // _slope(2 * y + b - d)
        if abs(y - last) <= 1:
            return y
    raise Overflow("the balance does not converge")


def solve_up(kept: Sequence[int], amp: int, d_up: int, y: int, guard: int) -> int:
    """The least whole scaled balance not below the one that completes `kept` to `d_up`, which is refined by `guard`
    bits; `y` is where to begin. Raises `Overflow`.
    """
    n = len(kept) + 1
    ann = amp * n
    c, total = d_up, 0
    for x in kept:
        total += x << guard
        c = ceil_div(_fits(c * d_up), (x << guard) * n)
    c = ceil_div(_fits(c * d_up * AMP_UNIT), ann * n)
    b = total + d_up * AMP_UNIT // ann
    y <<= guard
    for _ in range(STEPS):
        last = y
        y = ceil_div(_fits(y * y) + c, _slope(2 * y + b - d_up))
        if abs(y - last) <= 1:
            return ceil_div(y + _slack(guard), 1 << guard)
    raise Overflow("the balance does not converge")


def off_peg_fee(x: int, y: int, fee: int, multiplier: int) -> int:
    """The fee of a trade between two scaled balances (their mean over the trade): `fee` at parity, up to `multiplier`
    (one is 10^18) times as much far from it.
    """
    if multiplier <= UNIT:
        return fee
    whole = _fits((x + y) ** 2)
    near = _fits(_fits((multiplier - UNIT) * 4 * x) // UNIT * y * UNIT) // whole
    return min(multiplier * fee // (near + UNIT), MOST_RATE)


def amount_out(
    balances: Sequence[int], rates: Sequence[int], amp: int, index_in: int, index_out: int, amount: int, fee: int,
    multiplier: int = 0,
) -> int:  # fmt: skip
    """What goes out for `amount` in, its fee taken from it, floored.

    Raises `ZeroAmount`, `Overflow` or `NotEnoughLiquidity`.
    """
    if amount <= 0:
        raise ZeroAmount("an amount of zero")
    xs = scaled(balances, rates)
    d = invariant(xs, amp)
    x = _fits((balances[index_in] + amount) * rates[index_in]) // UNIT
    kept = [x if k == index_in else held for k, held in enumerate(xs) if k != index_out]
    y = solve(kept, amp, d)
    curves = xs[index_out] - y - 1
    there = xs[index_out] - solve_up(kept, amp, invariant_up(xs, amp, d), y, guard_bits(d))
    if min(curves, there) <= 0:
        return 0
    rate = off_peg_fee((xs[index_in] + x) // 2, (xs[index_out] + y) // 2, fee, multiplier)
    paid = curves - curves * rate // UNIT
    if curves > there:
        paid = min(paid - 1, there)
    return paid * UNIT // rates[index_out]


def amount_in(
    balances: Sequence[int], rates: Sequence[int], amp: int, index_in: int, index_out: int, amount: int, fee: int,
    multiplier: int = 0,
) -> int:  # fmt: skip
    """What must come in for `amount` to go out: `amount_out` of it is `amount` or more, by no more than the rounding of
    a unit or of the fee's eighteenth digit.

    The off-peg fee depends on what comes in: fee and amount are approached in turn, and the end is held against
    `amount_out` itself.

    Raises `ZeroAmount`, `Overflow` or `NotEnoughLiquidity`.
    """
    if amount <= 0:
        raise ZeroAmount("an amount of zero")
    xs = scaled(balances, rates)
    d = invariant(xs, amp)
    d_up, guard = invariant_up(xs, amp, d), guard_bits(d)
    net = ceil_div(_fits(amount * rates[index_out]), UNIT)
    rate = off_peg_fee(xs[index_in], xs[index_out], fee, multiplier)
    x, needed = xs[index_in], 0
    for _ in range(FEE_STEPS):
        gross = ceil_div(net * UNIT, UNIT - rate) + 1
        if gross >= xs[index_out]:
            raise NotEnoughLiquidity(f"{amount} is more than the pool gives")
        y = xs[index_out] - gross
        kept = [y if k == index_out else held for k, held in enumerate(xs) if k != index_in]
        x = solve_up(kept, amp, d_up, x, guard)
        needed = ceil_div((x - xs[index_in]) * UNIT, rates[index_in]) if x > xs[index_in] else 1
        after = (balances[index_in] + needed) * rates[index_in] // UNIT
        last, rate = rate, off_peg_fee((xs[index_in] + after) // 2, (xs[index_out] + y) // 2, fee, multiplier)
        if abs(rate - last) <= 1:
            break
    for step in range(CLOSING_STEPS):
        if amount_out(balances, rates, amp, index_in, index_out, needed, fee, multiplier) >= amount:
            return needed
        needed += (1 + (needed >> 64)) << step
    raise NotEnoughLiquidity(f"{amount} is more than the pool gives")


def _slope(slope: int) -> int:
    """Newton's divisor. Pools of a few units can have a step end where it is not above zero, and no answer then."""
    if slope <= 0:
        raise Overflow("the balance does not converge")
    return slope


def _slack(guard: int) -> int:
    return SLACK if guard else 4


def _own_power(n: int) -> int:
    """n^n."""
    return int(n**n)


def _fits(value: int) -> int:
    if value > U256_MAX:
        raise Overflow("a step does not fit 256 bits")
    return value
