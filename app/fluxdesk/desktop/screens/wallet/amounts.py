"""Amounts of a chain's own coin, between what a person types and base units. Exact: no floats. Pure."""

from typing import Final

from fluxdesk.desktop.i18n import tr

_C = "Wallet"
COINS: Final = {
    "solana:mainnet": ("SOL", 9), "solana:devnet": ("SOL", 9), "eip155:1": ("ETH", 18), "eip155:8453": ("ETH", 18),
    "eip155:42161": ("ETH", 18), "eip155:10": ("ETH", 18), "eip155:137": ("POL", 18), "eip155:56": ("BNB", 18),
    "solana:local": ("SOL", 9), "eip155:31337": ("ETH", 18),
}  # fmt: skip
"""Chain -> its coin and the decimals of it."""
PRACTICE: Final = ("solana:local", "eip155:31337")
_LARGEST: Final = {"solana": 2**64 - 1, "eip155": 2**256 - 1}


class BadAmount(ValueError):
    """No amount; the message is for the user."""


def coin_of(chain: str) -> tuple[str, int]:
    """Coin and decimals; for a chain we do not know, base units."""
    return COINS.get(chain, ("", 0))


def parse_coin(text: str, chain: str) -> int | None:
    """`parse` for a chain's own coin: more than a transaction of the chain can hold is no amount either."""
    base = parse(text, coin_of(chain)[1])
    largest = _LARGEST.get(chain.partition(":")[0])
    if base is not None and largest is not None and base > largest:
        raise BadAmount(tr(_C, "More than a transaction of this chain can hold: {text}.", text=text.strip()[:40]))
    return base


def parse(text: str, decimals: int) -> int | None:
    """Base units of a typed amount; None for an empty one. Raises `BadAmount`."""
    typed = text.strip()
    if not typed:
        return None
    if "," in typed:
        raise BadAmount(tr(_C, "A comma is read in two ways. Write the fraction after a point, and no thousands."))
    whole, dot, part = typed.partition(".")
    if not (whole + part).isascii() or not (whole + part).isdecimal() or len(typed) > 80 or (dot and not part):
        raise BadAmount(tr(_C, "Not an amount: {text}. Digits and one point, such as 0.5.", text=text.strip()[:40]))
    if len(part.rstrip("0")) > decimals:
        raise BadAmount(tr(_C, "At most {n} digits after the point.", n=decimals))
    unit: int = 10**decimals
    return int(whole or "0") * unit + int(part[:decimals].ljust(decimals, "0") or "0")


def shown(base: int | None, decimals: int) -> str:
    """The same, as it would be typed."""
    if base is None:
        return ""
    whole, part = divmod(base, 10**decimals)
    digits = f"{part:0{decimals}d}".rstrip("0") if decimals else ""
    return f"{whole}{'.' + digits if digits else ''}"
