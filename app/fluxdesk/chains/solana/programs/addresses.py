"""Addresses of our programs' accounts, as contracts/solana derives them.

A distribution is a derived address of its creator and number; claims and nullifiers are made of it with a seed, so that
there is exactly one for each claimant and person (contracts/solana/claim/seeded.h).
"""

from typing import TYPE_CHECKING

from fluxdesk_host.keys.keccak import keccak256

if TYPE_CHECKING:
    from solders.pubkey import Pubkey


def distribution_address(program: "Pubkey", creator: "Pubkey", number: int) -> "Pubkey":
    """Where a creator's distribution of that number is."""
    from solders.pubkey import Pubkey

    seeds = [b"distribution", bytes(creator), number.to_bytes(8, "little")]
    return Pubkey.find_program_address(seeds, program)[0]


def vault_address(owner: "Pubkey", mint: "Pubkey", token_program: "Pubkey") -> "Pubkey":
    """The associated token account of a distribution or a curve."""
    from solders.token.associated import get_associated_token_address

    return get_associated_token_address(owner, mint, token_program)


def curve_address(program: "Pubkey", mint: "Pubkey") -> "Pubkey":
    """The practice launchpad's curve of a mint, where pump.fun's would be under its own id."""
    from solders.pubkey import Pubkey

    return Pubkey.find_program_address([b"bonding-curve", bytes(mint)], program)[0]


def claim_address(program: "Pubkey", distribution: "Pubkey", claimant: "Pubkey") -> "Pubkey":
    """Where a claimant's claim is, or will be."""
    return _seeded(program, distribution, b"claim", bytes(claimant))


def nullifier_address(program: "Pubkey", distribution: "Pubkey", nullifier: bytes) -> "Pubkey":
    """Where a person's nullifier is, or will be."""
    return _seeded(program, distribution, b"nullifier", nullifier)


def _seeded(program: "Pubkey", base: "Pubkey", what: bytes, who: bytes) -> "Pubkey":
    from solders.pubkey import Pubkey

    bits = int.from_bytes(keccak256(what + who)[:24], "big")
    letters = "".join(chr(ord("0") + (bits >> shift & 63)) for shift in range(186, -1, -6))
    return Pubkey.create_with_seed(base, letters, program)
