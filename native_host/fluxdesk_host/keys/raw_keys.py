"""Private keys as users carry them: hexadecimal for EVM chains, base58 or a keypair file for Solana. Pure.

Errors name places and lengths, never a character of a key.
"""

import json
import re

from fluxdesk_host.keys.base58 import b58decode, b58encode
from fluxdesk_host.keys.curves import check_secp256k1, ed25519_public
from fluxdesk_host.keys.errors import KeyFormatError
from fluxdesk_host.keys.secret import Secret

_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]{64})")


def parse_evm_key(text: str) -> Secret:
    """The 32 bytes of a private key of 64 hexadecimal digits, with or without 0x.

    Raises:
        KeyFormatError: not such a text, or not a private key of secp256k1.
    """
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise KeyFormatError("an EVM private key is 64 hexadecimal digits")
    key = Secret.taking(bytes.fromhex(match[1]))
    check_secp256k1(key)
    return key


def format_evm_key(private: Secret) -> Secret:
    """The text (ASCII) that `parse_evm_key` reads. Raises `KeyFormatError`."""
    check_secp256k1(private)
    return Secret(b"0x" + private.view().hex().encode())


def parse_solana_key(text: str) -> Secret:
    """The 32-byte seed of a Solana key: a keypair file (a JSON list of 64 numbers), or base58 of 64 or 32 bytes.

    Raises:
        KeyFormatError: none of these, or the public half does not belong to the private one.
    """
    text = text.strip()
    data = Secret.taking(_listed(text) if text.startswith("[") else b58decode(text) if text else b"")
    with data:
        if len(data) not in (32, 64):
            raise KeyFormatError(f"a Solana key has 64 bytes (or 32 without its public half), not {len(data)}")
        seed = data.part(0, 32)
        if len(data) == 64 and ed25519_public(seed) != data.view()[32:]:
            seed.close()
            raise KeyFormatError("the two halves of this Solana key do not belong together")
        return seed


def _listed(text: str) -> bytes:
    try:
        numbers = json.loads(text) if len(text) <= 1024 else None
    except (ValueError, RecursionError):
        numbers = None
    if not isinstance(numbers, list) or any(type(n) is not int or not 0 <= n <= 255 for n in numbers):
        raise KeyFormatError("a Solana keypair file is a list of 64 numbers from 0 to 255")
    return bytes(numbers)


def format_solana_keypair(private: Secret) -> Secret:
    """The keypair file (ASCII) of the Solana tools. Raises `KeyFormatError`."""
    with _pair(private) as pair:
        return Secret(json.dumps(list(pair.view()), separators=(",", ":")).encode())


def format_solana_key(private: Secret) -> Secret:
    """Base58 of the 64 bytes (ASCII), as Phantom and Solflare show it. Raises `KeyFormatError`."""
    with _pair(private) as pair:
        return Secret(b58encode(bytes(pair.view())).encode())


def _pair(private: Secret) -> Secret:
    public = ed25519_public(private)

    def fill(out: memoryview) -> None:
        out[:32], out[32:] = private.view(), public

    return Secret.filled(64, fill)
