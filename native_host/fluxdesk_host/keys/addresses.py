"""Addresses: EVM (20 bytes, EIP-55) and Solana (32 bytes, base58). Pure.

https://eips.ethereum.org/EIPS/eip-55
"""

import re

from fluxdesk_host.keys.base58 import b58decode, b58encode
from fluxdesk_host.keys.curves import ed25519_public, secp256k1_public
from fluxdesk_host.keys.errors import KeyFormatError
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret

_ADDRESS = re.compile(r"0[xX]([0-9a-fA-F]{40})")


def to_checksum(address: bytes) -> str:
    """The EIP-55 text of 20 bytes.

    Raises:
        KeyFormatError: not 20 bytes.
    """
    if len(address) != 20:
        raise KeyFormatError(f"an EVM address has 20 bytes, not {len(address)}")
    lower = address.hex()
    mask = keccak256(lower.encode()).hex()
    return "0x" + "".join(c.upper() if m > "7" else c for c, m in zip(lower, mask, strict=False))


def parse_evm_address(text: str) -> bytes:
    """The 20 bytes of an address in lower case, in upper case, or in the mixed case of EIP-55.

    Raises:
        KeyFormatError: not an address, or mixed case whose check does not fit: most likely one character is wrong.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise KeyFormatError("an EVM address is 0x and 40 hexadecimal digits")
    digits = match[1]
    address = bytes.fromhex(digits)
    if digits not in (digits.lower(), digits.upper()) and to_checksum(address)[2:] != digits:
        raise KeyFormatError("the upper and lower case of this address do not fit it (EIP-55): a character is wrong")
    return address


def public_to_evm(public: bytes) -> bytes:
    """The 20-byte address of an uncompressed 65-byte public key: the end of its Keccak-256. Raises `KeyFormatError`."""
    if len(public) != 65 or public[0] != 4:
        raise KeyFormatError("an uncompressed public key has 65 bytes and begins with 04")
    return keccak256(public[1:])[12:]


def evm_address(private: Secret) -> str:
    """The EIP-55 address of a secp256k1 private key. Raises `KeyFormatError`."""
    return to_checksum(public_to_evm(secp256k1_public(private, compressed=False)))


def parse_solana_address(text: str) -> bytes:
    """The 32 bytes of a Solana address. Raises `KeyFormatError`."""
    key = b58decode(text) if 32 <= len(text) <= 44 else b""
    if len(key) != 32:
        raise KeyFormatError("a Solana address is the base58 text of 32 bytes")
    return key


def solana_address(private: Secret) -> str:
    """The base58 address of an ed25519 private key. Raises `KeyFormatError`."""
    return b58encode(ed25519_public(private))
