"""Keccak-256 as Ethereum uses it, with the padding from before SHA-3 was fixed. Pure."""

from functools import cache
from typing import Any

Data = bytes | bytearray | memoryview


@cache
def _new() -> Any:
    from Crypto.Hash import keccak

    return keccak.new


def keccak256(data: Data) -> bytes:
    """The 32-byte Keccak-256 of `data`. https://keccak.team/keccak_specs_summary.html, capacity 512."""
    digest: bytes = _new()(digest_bits=256, data=data).digest()
    return digest
