"""One range of concentrated liquidity in Q64.64 square-root prices, as Meteora's two programs compute it.

Square-root price is sqrt(quote per base) * 2^64 (u128), liquidity is u128 scaled by 2^128, amounts are u64. Source:
`math/curve.ts` of @meteora-ag/dynamic-bonding-curve-sdk 1.5.12; a public EvtSwap2 is reproduced to the unit
(tests/real_data).
"""

from fluxdesk.core.curves.integers import ZeroAmount, ceil_div, u128

MIN_SQRT_PRICE = 4_295_048_016
MAX_SQRT_PRICE = 79_226_673_521_066_979_257_578_248_091
FEE_ONE = 1_000_000_000
"""What a fee numerator is over, in both programs (their `math/feeMath.ts`)."""
PROTOCOL_PERCENT = 20
"""The protocol's part of a trading fee, floored; the rest is the pool's."""


def base_between(lower: int, upper: int, liquidity: int, *, up: bool) -> int:
    """Base units between two prices: L * (upper - lower) / (lower * upper), rounded as asked.

    A wide range may hold more than 64 bits' worth; what is paid out of it is for the caller to check. Raises
    `ZeroAmount`.
    """
    if lower <= 0:
        raise ZeroAmount("a square-root price is zero")
    numerator, denominator = liquidity * (upper - lower), lower * upper
    return ceil_div(numerator, denominator) if up else numerator // denominator


def quote_between(lower: int, upper: int, liquidity: int, *, up: bool) -> int:
    """Quote units between two prices: L * (upper - lower) / 2^128, rounded as asked; not checked for width either."""
    product = liquidity * (upper - lower)
    return -(-product >> 128) if up else product >> 128


def price_after_quote_in(price: int, liquidity: int, amount: int) -> int:
    """Price after `amount` quote units come in: floored, so the price rises no further than was paid for. Raises
    `Overflow`.
    """
    if liquidity <= 0:
        raise ZeroAmount("there is no liquidity")
    return u128(price + (amount << 128) // liquidity, "square-root price")


def price_after_base_in(price: int, liquidity: int, amount: int) -> int:
    """Price after `amount` base units come in: ceiled, so the price falls no further than was paid for."""
    if liquidity <= 0:
        raise ZeroAmount("there is no liquidity")
    return ceil_div(liquidity * price, liquidity + amount * price)


def liquidity_for_base(base: int, lower: int, upper: int) -> int:
    """Liquidity that `base` units give between two prices; floored. Raises `Overflow`."""
    return u128(base * lower * upper // (upper - lower), "liquidity")


def liquidity_for_quote(quote: int, lower: int, upper: int) -> int:
    """Liquidity that `quote` units give between two prices; floored. Raises `Overflow`."""
    return u128((quote << 128) // (upper - lower), "liquidity")
