"""Derivation paths: reading and writing them, and the ones Fluxdesk's accounts have. Pure.

BIP-32 (notation), https://github.com/bitcoin/bips/blob/master/bip-0044.mediawiki , SLIP-44 (60 Ethereum, 501 Solana).
"""

from fluxdesk_host.keys.errors import KeyFormatError

HARDENED = 1 << 31
DEEPEST = 255
"""BIP-32 serialises the depth in one byte."""


def parse_path(text: str) -> tuple[int, ...]:
    """The indexes of a path such as `m/44'/60'/0'/0/0`; hardened ones carry `HARDENED`. `'`, `h` and `H` mean the same.

    Raises:
        KeyFormatError: not a path; the step at fault is named.
    """
    head, *steps = text.strip().split("/")
    if head not in ("m", "M"):
        raise KeyFormatError("a derivation path begins with m")
    if len(steps) > DEEPEST:
        raise KeyFormatError(f"a derivation path has at most {DEEPEST} steps")
    return tuple(_index(step, place) for place, step in enumerate(steps, 1))


def _index(step: str, place: int) -> int:
    hardened = step.endswith(("'", "h", "H"))
    digits = step[:-1] if hardened else step
    if not digits.isascii() or not digits.isdigit() or len(digits) > 10 or int(digits) >= HARDENED:
        raise KeyFormatError(f"step {place} of the derivation path is not a number below 2147483648")
    return int(digits) + (HARDENED if hardened else 0)


def format_path(indexes: tuple[int, ...]) -> str:
    """The path as text, hardened steps with an apostrophe."""
    return "/".join(["m", *(f"{i - HARDENED}'" if i >= HARDENED else str(i) for i in indexes)])


def evm_path(index: int) -> str:
    """Where the account `index` of an EVM wallet is, as MetaMask, Rabby and Ledger Live's imports have it."""
    return f"m/44'/60'/0'/0/{index}"


def ledger_live_evm_path(index: int) -> str:
    """Where Ledger Live puts EVM accounts; for account discovery."""
    return f"m/44'/60'/{index}'/0/0"


def solana_path(index: int) -> str:
    """Where the account `index` of a Solana wallet is, as Phantom, Solflare and Backpack have it."""
    return f"m/44'/501'/{index}'/0'"


def solana_bare_path(index: int) -> str:
    """The path without a change step that some Solana wallets use; for account discovery."""
    return f"m/44'/501'/{index}'"
