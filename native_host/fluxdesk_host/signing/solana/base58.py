"""Addresses as text, remembered: the same programs and accounts come again and again."""

from functools import lru_cache

from fluxdesk_host.keys.base58 import b58encode as _encode


@lru_cache(maxsize=4096)
def b58encode(key: bytes) -> str:
    """Base58 of a 32-byte key or hash."""
    return _encode(key)
