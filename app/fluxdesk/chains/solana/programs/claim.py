"""Distributions of tokens: Merkle proofs, attestations, vesting. The address is that of practice.

Made by contracts/solana/interfaces, not by hand.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from fluxdesk.chains.solana.programs.wire import instruction, record

if TYPE_CHECKING:
    from solders.instruction import Instruction
    from solders.pubkey import Pubkey

ADDRESS = "PracticeDrop1111111111111111111111111111111"
MERKLE = 1
ATTESTED = 2
MOST_VERIFIERS = 8
MOST_PROOF = 32
LATEST_TIME = 1_099_511_627_776
LEAST_ADMIN_DELAY = 86_400
MOST_ADMIN_DELAY = 2_592_000
LONGEST_PAUSE = 604_800
PAUSE_COOLDOWN = 604_800
CALLS = {
    bytes.fromhex("ed53a23231061c73"): "create_distribution",
    bytes.fromhex("3ec6d6c1d59f6cd2"): "claim",
    bytes.fromhex("e2d638648787ed00"): "claim_attested",
    bytes.fromhex("fdf90fce1c7fc1f1"): "release",
    bytes.fromhex("43967cf6d3551ce1"): "claw_back",
    bytes.fromhex("d316ddfb4a79c12f"): "pause",
    bytes.fromhex("a99004260a8dbcff"): "unpause",
    bytes.fromhex("79d6c7d4572775ea"): "propose_admin",
    bytes.fromhex("a98f2b57bd8692d8"): "cancel_admin",
    bytes.fromhex("702a2d5a74b50daa"): "accept_admin",
    bytes.fromhex("2ab1a523d5b3d313"): "close_claim",
    bytes.fromhex("a245d603799b3adb"): "close_nullifier",
    bytes.fromhex("ee46dbb045f38de6"): "close_distribution",
}
"""Instruction names by their first eight bytes."""
EVENTS = {
    bytes.fromhex("64d81327a9c0975e"): "DistributionCreated",
    bytes.fromhex("d9c07b486c96f821"): "Claimed",
    bytes.fromhex("e8e5ff8865bd0fdc"): "Released",
    bytes.fromhex("8011cacf5ebf4053"): "ClawedBack",
    bytes.fromhex("acf805fd31ffffe8"): "Paused",
    bytes.fromhex("81f9e2e3c7526ef3"): "AdminProposed",
    bytes.fromhex("e8221fe23e121372"): "AdminChanged",
    bytes.fromhex("99bfbdfd3da54500"): "DistributionClosed",
}
"""Event names by their first eight bytes."""


class Error(IntEnum):
    """The errors the program names."""

    UnknownInstruction = 6000
    WrongAccountCount = 6001
    RepeatedAccount = 6002
    WrongInstructionData = 6003
    MissingSigner = 6004
    NotWritable = 6005
    WrongProgram = 6006
    WrongOwner = 6007
    WrongAccountKind = 6008
    WrongAddress = 6009
    AlreadyExists = 6010
    WrongMint = 6011
    WrongVault = 6012
    WrongDestination = 6013
    UnsupportedMint = 6014
    WrongMode = 6015
    WrongTimes = 6016
    WrongCaps = 6017
    WrongAdmin = 6018
    NotStarted = 6019
    Ended = 6020
    NotEnded = 6021
    IsPaused = 6022
    PauseTooSoon = 6023
    WrongPause = 6024
    ZeroAmount = 6025
    WrongProof = 6026
    AlreadyClaimed = 6027
    NullifierUsed = 6028
    MissingAttestations = 6029
    ForeignInstruction = 6030
    WrongMessage = 6031
    UnknownVerifier = 6032
    TooFewAttestations = 6033
    AttestationExpired = 6034
    CapTotalReached = 6035
    CapCountReached = 6036
    NotFunded = 6037
    NothingVested = 6038
    NothingToClawBack = 6039
    NoPendingAdmin = 6040
    AdminTooEarly = 6041
    NotPaidOut = 6042
    VaultNotEmpty = 6043
    WrongPayer = 6044
    Overflow = 6045
    UnknownRent = 6046
    Refused = 6047


SENTENCES = {
    Error.UnknownInstruction: "No instruction begins with these bytes.",
    Error.WrongAccountCount: "The instruction takes another number of accounts.",
    Error.RepeatedAccount: "The same account stands at two places.",
    Error.WrongInstructionData: "The instruction data is too short, too long, or out of range.",
    Error.MissingSigner: "An account that has to sign did not.",
    Error.NotWritable: "An account that has to be writable is not.",
    Error.WrongProgram: "An account is not the program it stands for.",
    Error.WrongOwner: "An account belongs to another program.",
    Error.WrongAccountKind: "An account holds something else.",
    Error.WrongAddress: "An account is not at the address derived for it.",
    Error.AlreadyExists: "The distribution exists, or existed.",
    Error.WrongMint: "An account is of another mint.",
    Error.WrongVault: "The vault is not the distribution's.",
    Error.WrongDestination: "The destination is not a usable token account of the one it is for.",
    Error.UnsupportedMint: "The mint is not initialised, or has an extension that could take or stop tokens.",
    Error.WrongMode: "Mode, root, verifiers and threshold do not fit together.",
    Error.WrongTimes: "The times are out of order or range.",
    Error.WrongCaps: "A cap is zero.",
    Error.WrongAdmin: "Not the admin, or no key at all.",
    Error.NotStarted: "The distribution has not started.",
    Error.Ended: "The distribution has ended.",
    Error.NotEnded: "The distribution has not ended.",
    Error.IsPaused: "New claims are paused.",
    Error.PauseTooSoon: "The last pause is not long enough ago.",
    Error.WrongPause: "A pause lasts more than nothing and at most seven days.",
    Error.ZeroAmount: "An amount of zero.",
    Error.WrongProof: "The proof does not lead to the root.",
    Error.AlreadyClaimed: "This claimant has claimed.",
    Error.NullifierUsed: "This person has claimed.",
    Error.MissingAttestations: "The instruction before this one is not an Ed25519 verification.",
    Error.ForeignInstruction: "The Ed25519 verification takes key, signature or message from another instruction.",
    Error.WrongMessage: "A signed message is not the one for this claim.",
    Error.UnknownVerifier: "A signer is none of the distribution's verifiers.",
    Error.TooFewAttestations: "Fewer verifiers signed than the threshold.",
    Error.AttestationExpired: "The attestation has expired.",
    Error.CapTotalReached: "The claims together would pass the cap.",
    Error.CapCountReached: "There are as many claims as the cap allows.",
    Error.NotFunded: "The vault does not hold what the claim would promise.",
    Error.NothingVested: "Nothing more has vested.",
    Error.NothingToClawBack: "The vault holds only what claims are entitled to.",
    Error.NoPendingAdmin: "No admin is named.",
    Error.AdminTooEarly: "The delay for a new admin is not over.",
    Error.NotPaidOut: "A claim has not been paid in full.",
    Error.VaultNotEmpty: "The vault holds tokens.",
    Error.WrongPayer: "The rent belongs to another account.",
    Error.Overflow: "A sum does not fit 64 bits.",
    Error.UnknownRent: "The cluster's rent rule is one this program does not know.",
    Error.Refused: "A program that was called refused.",
}


class Distribution(msgspec.Struct, frozen=True):
    """Terms and books of a distribution."""

    creator: "Pubkey"
    payer: "Pubkey"
    admin: "Pubkey"
    pending_admin: "Pubkey"
    mint: "Pubkey"
    vault: "Pubkey"
    token_program: "Pubkey"
    root: bytes
    requirements_hash: bytes
    number: int
    start: int
    end: int
    vesting_start: int
    vesting_cliff: int
    vesting_end: int
    cap_total: int
    cap_count: int
    allocated: int
    """Sum of all entitlements."""
    released: int
    """What left the vault for claimants."""
    claims: int
    clawed_back: int
    admin_delay: int
    admin_from: int
    """When the pending admin may accept."""
    paused_until: int
    pause_again_from: int
    bump: int
    mode: int
    threshold: int
    reserved: int
    verifiers: "tuple[Pubkey, ...]"

    @classmethod
    def decode(cls, data: bytes) -> "Distribution":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("b055110b0dc21201"), _DISTRIBUTION))


_DISTRIBUTION = (
    "pubkey",
    "pubkey",
    "pubkey",
    "pubkey",
    "pubkey",
    "pubkey",
    "pubkey",
    "hash",
    "hash",
    "u64",
    "i64",
    "i64",
    "i64",
    "i64",
    "i64",
    "u64",
    "u64",
    "u64",
    "u64",
    "u64",
    "u64",
    "i64",
    "i64",
    "i64",
    "i64",
    "u8",
    "u8",
    "u8",
    "u8",
    "vec:pubkey",
)


class ClaimStatus(msgspec.Struct, frozen=True):
    """A claimant's entitlement and what was paid of it."""

    distribution: "Pubkey"
    claimant: "Pubkey"
    payer: "Pubkey"
    total: int
    released: int
    """What left the vault."""
    received: int
    """What arrived: less where the mint takes a fee."""

    @classmethod
    def decode(cls, data: bytes) -> "ClaimStatus":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("16b7f99df75f9660"), _CLAIMSTATUS))


_CLAIMSTATUS = ("pubkey", "pubkey", "pubkey", "u64", "u64", "u64")  # fmt: skip


class Nullifier(msgspec.Struct, frozen=True):
    """A person who has claimed."""

    distribution: "Pubkey"
    payer: "Pubkey"

    @classmethod
    def decode(cls, data: bytes) -> "Nullifier":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("12388ea5b59ebb85"), _NULLIFIER))


_NULLIFIER = ("pubkey", "pubkey")  # fmt: skip


class ClosedDistribution(msgspec.Struct, frozen=True):
    """What stays of a closed distribution."""

    @classmethod
    def decode(cls, data: bytes) -> "ClosedDistribution":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("a0ed40eef808d255"), _CLOSEDDISTRIBUTION))


_CLOSEDDISTRIBUTION: tuple[str, ...] = ()


class DistributionCreated(msgspec.Struct, frozen=True):
    """Event `DistributionCreated`."""

    distribution: "Pubkey"
    mint: "Pubkey"
    admin: "Pubkey"
    root: bytes
    requirements_hash: bytes

    @classmethod
    def decode(cls, data: bytes) -> "DistributionCreated":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("64d81327a9c0975e"), _DISTRIBUTIONCREATED))


_DISTRIBUTIONCREATED = ("pubkey", "pubkey", "pubkey", "hash", "hash")  # fmt: skip


class Claimed(msgspec.Struct, frozen=True):
    """Event `Claimed`."""

    distribution: "Pubkey"
    claimant: "Pubkey"
    total: int
    released: int
    received: int

    @classmethod
    def decode(cls, data: bytes) -> "Claimed":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("d9c07b486c96f821"), _CLAIMED))


_CLAIMED = ("pubkey", "pubkey", "u64", "u64", "u64")  # fmt: skip


class Released(msgspec.Struct, frozen=True):
    """Event `Released`."""

    distribution: "Pubkey"
    claimant: "Pubkey"
    released: int
    received: int

    @classmethod
    def decode(cls, data: bytes) -> "Released":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("e8e5ff8865bd0fdc"), _RELEASED))


_RELEASED = ("pubkey", "pubkey", "u64", "u64")  # fmt: skip


class ClawedBack(msgspec.Struct, frozen=True):
    """Event `ClawedBack`."""

    distribution: "Pubkey"
    amount: int
    received: int

    @classmethod
    def decode(cls, data: bytes) -> "ClawedBack":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("8011cacf5ebf4053"), _CLAWEDBACK))


_CLAWEDBACK = ("pubkey", "u64", "u64")  # fmt: skip


class Paused(msgspec.Struct, frozen=True):
    """Event `Paused`."""

    distribution: "Pubkey"
    until: int
    end: int

    @classmethod
    def decode(cls, data: bytes) -> "Paused":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("acf805fd31ffffe8"), _PAUSED))


_PAUSED = ("pubkey", "i64", "i64")  # fmt: skip


class AdminProposed(msgspec.Struct, frozen=True):
    """Event `AdminProposed`."""

    distribution: "Pubkey"
    new_admin: "Pubkey"
    not_before: int

    @classmethod
    def decode(cls, data: bytes) -> "AdminProposed":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("81f9e2e3c7526ef3"), _ADMINPROPOSED))


_ADMINPROPOSED = ("pubkey", "pubkey", "i64")  # fmt: skip


class AdminChanged(msgspec.Struct, frozen=True):
    """Event `AdminChanged`."""

    distribution: "Pubkey"
    admin: "Pubkey"

    @classmethod
    def decode(cls, data: bytes) -> "AdminChanged":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("e8221fe23e121372"), _ADMINCHANGED))


_ADMINCHANGED = ("pubkey", "pubkey")  # fmt: skip


class DistributionClosed(msgspec.Struct, frozen=True):
    """Event `DistributionClosed`."""

    distribution: "Pubkey"

    @classmethod
    def decode(cls, data: bytes) -> "DistributionClosed":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("99bfbdfd3da54500"), _DISTRIBUTIONCLOSED))


_DISTRIBUTIONCLOSED = ("pubkey",)  # fmt: skip


def create_distribution(
    program: "Pubkey",
    *,
    creator: "Pubkey",
    payer: "Pubkey",
    distribution: "Pubkey",
    vault: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
    number: int,
    mode: int,
    threshold: int,
    root: bytes,
    requirements_hash: bytes,
    start: int,
    end: int,
    vesting_start: int,
    vesting_cliff: int,
    vesting_end: int,
    cap_total: int,
    cap_count: int,
    admin: "Pubkey",
    admin_delay: int,
    verifiers: "Sequence[Pubkey]",
) -> "Instruction":
    """Open a distribution. The vault has to exist; it is filled by plain transfers, before or later."""
    return instruction(
        program,
        bytes.fromhex("ed53a23231061c73"),
        (
            (creator, True, False),
            (payer, True, True),
            (distribution, False, True),
            (vault, False, False),
            (mint, False, False),
            (token_program, False, False),
            ("11111111111111111111111111111111", False, False),
        ),
        (
            ("u64", number),
            ("u8", mode),
            ("u8", threshold),
            ("hash", root),
            ("hash", requirements_hash),
            ("i64", start),
            ("i64", end),
            ("i64", vesting_start),
            ("i64", vesting_cliff),
            ("i64", vesting_end),
            ("u64", cap_total),
            ("u64", cap_count),
            ("pubkey", admin),
            ("i64", admin_delay),
            ("vec:pubkey", verifiers),
        ),
    )


def claim(
    program: "Pubkey",
    *,
    claimant: "Pubkey",
    payer: "Pubkey",
    distribution: "Pubkey",
    claim_status: "Pubkey",
    vault: "Pubkey",
    destination: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
    amount: int,
    proof: Sequence[bytes],
) -> "Instruction":
    """Open a claim with a Merkle proof, and take what has vested."""
    return instruction(
        program,
        bytes.fromhex("3ec6d6c1d59f6cd2"),
        (
            (claimant, True, False),
            (payer, True, True),
            (distribution, False, True),
            (claim_status, False, True),
            (vault, False, True),
            (destination, False, True),
            (mint, False, False),
            (token_program, False, False),
            ("11111111111111111111111111111111", False, False),
        ),
        (
            ("u64", amount),
            ("vec:hash", proof),
        ),
    )


def claim_attested(
    program: "Pubkey",
    *,
    claimant: "Pubkey",
    payer: "Pubkey",
    distribution: "Pubkey",
    claim_status: "Pubkey",
    vault: "Pubkey",
    destination: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
    nullifier_account: "Pubkey",
    amount: int,
    nullifier: bytes,
    expires: int,
    proof: Sequence[bytes],
) -> "Instruction":
    """Open a claim with attestations: the Ed25519 instruction right before this one holds them."""
    return instruction(
        program,
        bytes.fromhex("e2d638648787ed00"),
        (
            (claimant, True, False),
            (payer, True, True),
            (distribution, False, True),
            (claim_status, False, True),
            (vault, False, True),
            (destination, False, True),
            (mint, False, False),
            (token_program, False, False),
            ("11111111111111111111111111111111", False, False),
            (nullifier_account, False, True),
            ("Sysvar1nstructions1111111111111111111111111", False, False),
        ),
        (
            ("u64", amount),
            ("hash", nullifier),
            ("i64", expires),
            ("vec:hash", proof),
        ),
    )


def release(
    program: "Pubkey",
    *,
    claimant: "Pubkey",
    distribution: "Pubkey",
    claim_status: "Pubkey",
    vault: "Pubkey",
    destination: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
) -> "Instruction":
    """Take what has vested since. No pause, no end and no admin is asked."""
    return instruction(
        program,
        bytes.fromhex("fdf90fce1c7fc1f1"),
        (
            (claimant, True, False),
            (distribution, False, True),
            (claim_status, False, True),
            (vault, False, True),
            (destination, False, True),
            (mint, False, False),
            (token_program, False, False),
        ),
        (),
    )


def claw_back(
    program: "Pubkey",
    *,
    admin: "Pubkey",
    distribution: "Pubkey",
    vault: "Pubkey",
    destination: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
) -> "Instruction":
    """After the end: what no claim is entitled to goes to an account the admin names."""
    return instruction(
        program,
        bytes.fromhex("43967cf6d3551ce1"),
        (
            (admin, True, False),
            (distribution, False, True),
            (vault, False, True),
            (destination, False, True),
            (mint, False, False),
            (token_program, False, False),
        ),
        (),
    )


def pause(
    program: "Pubkey",
    *,
    admin: "Pubkey",
    distribution: "Pubkey",
    until: int,
) -> "Instruction":
    """No new claims until then, seven days at most; the end moves by as much."""
    return instruction(
        program,
        bytes.fromhex("d316ddfb4a79c12f"),
        (
            (admin, True, False),
            (distribution, False, True),
        ),
        (("i64", until),),
    )


def unpause(
    program: "Pubkey",
    *,
    admin: "Pubkey",
    distribution: "Pubkey",
) -> "Instruction":
    """End a pause early."""
    return instruction(
        program,
        bytes.fromhex("a99004260a8dbcff"),
        (
            (admin, True, False),
            (distribution, False, True),
        ),
        (),
    )


def propose_admin(
    program: "Pubkey",
    *,
    admin: "Pubkey",
    distribution: "Pubkey",
    new_admin: "Pubkey",
) -> "Instruction":
    """Name the next admin."""
    return instruction(
        program,
        bytes.fromhex("79d6c7d4572775ea"),
        (
            (admin, True, False),
            (distribution, False, True),
        ),
        (("pubkey", new_admin),),
    )


def cancel_admin(
    program: "Pubkey",
    *,
    admin: "Pubkey",
    distribution: "Pubkey",
) -> "Instruction":
    """Take the name back."""
    return instruction(
        program,
        bytes.fromhex("a98f2b57bd8692d8"),
        (
            (admin, True, False),
            (distribution, False, True),
        ),
        (),
    )


def accept_admin(
    program: "Pubkey",
    *,
    new_admin: "Pubkey",
    distribution: "Pubkey",
) -> "Instruction":
    """Become admin, once the delay is over."""
    return instruction(
        program,
        bytes.fromhex("702a2d5a74b50daa"),
        (
            (new_admin, True, False),
            (distribution, False, True),
        ),
        (),
    )


def close_claim(
    program: "Pubkey",
    *,
    distribution: "Pubkey",
    claim_status: "Pubkey",
    payer: "Pubkey",
) -> "Instruction":
    """After the end, a claim that was paid in full gives its rent back to who paid it. Anyone may send it."""
    return instruction(
        program,
        bytes.fromhex("2ab1a523d5b3d313"),
        (
            (distribution, False, False),
            (claim_status, False, True),
            (payer, False, True),
        ),
        (),
    )


def close_nullifier(
    program: "Pubkey",
    *,
    distribution: "Pubkey",
    nullifier_account: "Pubkey",
    payer: "Pubkey",
) -> "Instruction":
    """After the end, a nullifier gives its rent back to who paid it. Anyone may send it."""
    return instruction(
        program,
        bytes.fromhex("a245d603799b3adb"),
        (
            (distribution, False, False),
            (nullifier_account, False, True),
            (payer, False, True),
        ),
        (),
    )


def close_distribution(
    program: "Pubkey",
    *,
    admin: "Pubkey",
    distribution: "Pubkey",
    vault: "Pubkey",
    payer: "Pubkey",
    token_program: "Pubkey",
) -> "Instruction":
    """After the end, with every claim paid and the vault empty: rent goes back, eight bytes stay so that the
    address is not born again.
    """
    return instruction(
        program,
        bytes.fromhex("ee46dbb045f38de6"),
        (
            (admin, True, False),
            (distribution, False, True),
            (vault, False, True),
            (payer, False, True),
            (token_program, False, False),
        ),
        (),
    )
