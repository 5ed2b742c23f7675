"""What verifiers sign for the claim program, and the Ed25519 instruction that carries their signatures.

The instruction has to stand right before the claim. Its layout is that of agave's `precompiles/ed25519.rs`: a count,
then 14 bytes of offsets for each signature, then the bytes they point at.
"""

import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fluxdesk_host.keys.keccak import keccak256

if TYPE_CHECKING:
    from solders.instruction import Instruction

ED25519 = "Ed25519SigVerify111111111111111111111111111"
PREFIX = b"fluxdesk:attest\n"
"""In front of what is signed: no transaction begins like this, so no signature for one is good for the other."""
THIS_INSTRUCTION = 0xFFFF
OFFSETS = struct.Struct("<7H")
"""Signature at, of instruction, key at, of instruction, message at, its length, of instruction."""


def message(
    distribution: bytes, claimant: bytes, amount: int, nullifier: bytes, requirements_hash: bytes, expires: int
) -> bytes:
    """The 48 bytes a verifier signs. Keys and hashes are 32 bytes, `expires` is in Unix seconds."""
    fields = distribution + claimant + amount.to_bytes(8, "little") + nullifier + requirements_hash
    return PREFIX + keccak256(fields + expires.to_bytes(8, "little", signed=True))


def verification(text: bytes, signed: Sequence[tuple[bytes, bytes]]) -> "Instruction":
    """The Ed25519 instruction over one message: (key, signature) of each signer."""
    from solders.instruction import Instruction
    from solders.pubkey import Pubkey

    at = 2 + OFFSETS.size * len(signed)
    text_at = at + 96 * len(signed)
    offsets, body = b"", b""
    for key, signature in signed:
        places = (at + 32, THIS_INSTRUCTION, at, THIS_INSTRUCTION, text_at, len(text), THIS_INSTRUCTION)
        offsets += OFFSETS.pack(*places)
        body += key + signature
        at += 96
    return Instruction(Pubkey.from_string(ED25519), bytes([len(signed), 0]) + offsets + body + text, [])
