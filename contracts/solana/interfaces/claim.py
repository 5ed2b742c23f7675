"""The claim program: tokens given out against a Merkle tree, attestations of named verifiers, or both."""

from interfaces.model import Field, Instruction, Meta, Program, Record

DAY = 86_400
SYSTEM = "11111111111111111111111111111111"
INSTRUCTIONS = "Sysvar1nstructions1111111111111111111111111"


def _event(name: str, *fields: str) -> Record:
    """An event of a distribution; fields as `name:type`."""
    named = (field.split(":") for field in ("distribution:pubkey", *fields))
    return Record(name, "", tuple(Field(name, kind) for name, kind in named), "event")


_ADMIN = Meta("admin", signer=True, doc="The distribution's admin: any key, a program's address that signs as well.")
_DISTRIBUTION = Meta("distribution", writable=True)
_VAULT = Meta("vault", writable=True, doc="The distribution's associated token account.")
_MINT = Meta("mint")
_TOKEN = Meta("token_program", doc="SPL Token or Token-2022, as the mint's.")
_SYSTEM = Meta("system_program", address=SYSTEM)
_PAYER = Meta("payer", writable=True, signer=True, doc="Pays rent, and gets it back.")
_CLAIM = (
    Meta("claimant", signer=True),
    _PAYER,
    _DISTRIBUTION,
    Meta("claim_status", writable=True, doc="One a claimant and distribution."),
    _VAULT,
    Meta("destination", writable=True, doc="A token account that the claimant owns."),
    _MINT,
    _TOKEN,
    _SYSTEM,
)
_AMOUNT = Field("amount", "u64", "The whole entitlement, in base units of the mint.")
_PROOF = Field("proof", "vec:hash", "Siblings from the leaf to the root.")

PROGRAM = Program(
    name="fluxdesk_claim",
    version="1.0.0",
    address="PracticeDrop1111111111111111111111111111111",
    doc="Distributions of tokens: Merkle proofs, attestations, vesting. The address is that of practice.",
    constants={
        "MERKLE": 1, "ATTESTED": 2, "MOST_VERIFIERS": 8, "MOST_PROOF": 32, "LATEST_TIME": 1 << 40,
        "LEAST_ADMIN_DELAY": DAY, "MOST_ADMIN_DELAY": 30 * DAY, "LONGEST_PAUSE": 7 * DAY, "PAUSE_COOLDOWN": 7 * DAY,
    },
    instructions=(
        Instruction(
            "create_distribution",
            "Open a distribution. The vault has to exist; it is filled by plain transfers, before or later.",
            (Meta("creator", signer=True), _PAYER, _DISTRIBUTION, Meta("vault"), _MINT, _TOKEN, _SYSTEM),
            (
                Field("number", "u64", "The creator's own number for it."),
                Field("mode", "u8", "1 Merkle proof, 2 attestations, 3 both are needed."),
                Field("threshold", "u8", "How many of the verifiers."),
                Field("root", "hash", "Zero when no proof is asked for."),
                Field("requirements_hash", "hash", "Of what was promised and asked; verifiers sign it."),
                Field("start", "i64", "Claims from here, Unix seconds."),
                Field("end", "i64", "No new claim from here on."),
                Field("vesting_start", "i64"),
                Field("vesting_cliff", "i64"),
                Field("vesting_end", "i64"),
                Field("cap_total", "u64", "Most that all claims together may promise."),
                Field("cap_count", "u64", "Most claims."),
                Field("admin", "pubkey"),
                Field("admin_delay", "i64", "Seconds between naming a new admin and its acceptance."),
                Field("verifiers", "vec:pubkey"),
            ),
        ),
        Instruction("claim", "Open a claim with a Merkle proof, and take what has vested.", _CLAIM, (_AMOUNT, _PROOF)),
        Instruction(
            "claim_attested",
            "Open a claim with attestations: the Ed25519 instruction right before this one holds them.",
            (*_CLAIM, Meta("nullifier_account", writable=True), Meta("instructions", address=INSTRUCTIONS)),
            (
                _AMOUNT,
                Field("nullifier", "hash", "Stands for a person; once a distribution."),
                Field("expires", "i64", "Last second at which the attestation holds."),
                _PROOF,
            ),
        ),
        Instruction(
            "release",
            "Take what has vested since. No pause, no end and no admin is asked.",
            (_CLAIM[0], *_CLAIM[2:8]),
        ),
        Instruction(
            "claw_back",
            "After the end: what no claim is entitled to goes to an account the admin names.",
            (_ADMIN, _DISTRIBUTION, _VAULT, Meta("destination", writable=True), _MINT, _TOKEN),
        ),
        Instruction(
            "pause",
            "No new claims until then, seven days at most; the end moves by as much.",
            (_ADMIN, _DISTRIBUTION),
            (Field("until", "i64"),),
        ),
        Instruction("unpause", "End a pause early.", (_ADMIN, _DISTRIBUTION)),
        Instruction(
            "propose_admin", "Name the next admin.", (_ADMIN, _DISTRIBUTION), (Field("new_admin", "pubkey"),)
        ),
        Instruction("cancel_admin", "Take the name back.", (_ADMIN, _DISTRIBUTION)),
        Instruction(
            "accept_admin",
            "Become admin, once the delay is over.",
            (Meta("new_admin", signer=True), _DISTRIBUTION),
        ),
        Instruction(
            "close_claim",
            "After the end, a claim that was paid in full gives its rent back to who paid it. Anyone may send it.",
            (Meta("distribution"), Meta("claim_status", writable=True), Meta("payer", writable=True)),
        ),
        Instruction(
            "close_nullifier",
            "After the end, a nullifier gives its rent back to who paid it. Anyone may send it.",
            (Meta("distribution"), Meta("nullifier_account", writable=True), Meta("payer", writable=True)),
        ),
        Instruction(
            "close_distribution",
            "After the end, with every claim paid and the vault empty: rent goes back, eight bytes stay so that the "
            "address is not born again.",
            (_ADMIN, _DISTRIBUTION, _VAULT, Meta("payer", writable=True), _TOKEN),
        ),
    ),
    accounts=(
        Record(
            "Distribution",
            "Terms and books of a distribution.",
            (
                Field("creator", "pubkey"), Field("payer", "pubkey"), Field("admin", "pubkey"),
                Field("pending_admin", "pubkey"), Field("mint", "pubkey"), Field("vault", "pubkey"),
                Field("token_program", "pubkey"), Field("root", "hash"), Field("requirements_hash", "hash"),
                Field("number", "u64"), Field("start", "i64"), Field("end", "i64"), Field("vesting_start", "i64"),
                Field("vesting_cliff", "i64"), Field("vesting_end", "i64"), Field("cap_total", "u64"),
                Field("cap_count", "u64"), Field("allocated", "u64", "Sum of all entitlements."),
                Field("released", "u64", "What left the vault for claimants."), Field("claims", "u64"),
                Field("clawed_back", "u64"), Field("admin_delay", "i64"),
                Field("admin_from", "i64", "When the pending admin may accept."), Field("paused_until", "i64"),
                Field("pause_again_from", "i64"), Field("bump", "u8"), Field("mode", "u8"), Field("threshold", "u8"),
                Field("reserved", "u8"), Field("verifiers", "vec:pubkey"),
            ),
        ),
        Record(
            "ClaimStatus",
            "A claimant's entitlement and what was paid of it.",
            (
                Field("distribution", "pubkey"), Field("claimant", "pubkey"), Field("payer", "pubkey"),
                Field("total", "u64"), Field("released", "u64", "What left the vault."),
                Field("received", "u64", "What arrived: less where the mint takes a fee."),
            ),
        ),
        Record(
            "Nullifier", "A person who has claimed.", (Field("distribution", "pubkey"), Field("payer", "pubkey"))
        ),
        Record("ClosedDistribution", "What stays of a closed distribution.", ()),
    ),
    events=(
        _event(
            "DistributionCreated", "mint:pubkey", "admin:pubkey", "root:hash", "requirements_hash:hash"
        ),
        _event("Claimed", "claimant:pubkey", "total:u64", "released:u64", "received:u64"),
        _event("Released", "claimant:pubkey", "released:u64", "received:u64"),
        _event("ClawedBack", "amount:u64", "received:u64"),
        _event("Paused", "until:i64", "end:i64"),
        _event("AdminProposed", "new_admin:pubkey", "not_before:i64"),
        _event("AdminChanged", "admin:pubkey"),
        _event("DistributionClosed"),
    ),
    errors=(
        ("UnknownInstruction", "No instruction begins with these bytes."),
        ("WrongAccountCount", "The instruction takes another number of accounts."),
        ("RepeatedAccount", "The same account stands at two places."),
        ("WrongInstructionData", "The instruction data is too short, too long, or out of range."),
        ("MissingSigner", "An account that has to sign did not."),
        ("NotWritable", "An account that has to be writable is not."),
        ("WrongProgram", "An account is not the program it stands for."),
        ("WrongOwner", "An account belongs to another program."),
        ("WrongAccountKind", "An account holds something else."),
        ("WrongAddress", "An account is not at the address derived for it."),
        ("AlreadyExists", "The distribution exists, or existed."),
        ("WrongMint", "An account is of another mint."),
        ("WrongVault", "The vault is not the distribution's."),
        ("WrongDestination", "The destination is not a usable token account of the one it is for."),
        ("UnsupportedMint", "The mint is not initialised, or has an extension that could take or stop tokens."),
        ("WrongMode", "Mode, root, verifiers and threshold do not fit together."),
        ("WrongTimes", "The times are out of order or range."),
        ("WrongCaps", "A cap is zero."),
        ("WrongAdmin", "Not the admin, or no key at all."),
        ("NotStarted", "The distribution has not started."),
        ("Ended", "The distribution has ended."),
        ("NotEnded", "The distribution has not ended."),
        ("IsPaused", "New claims are paused."),
        ("PauseTooSoon", "The last pause is not long enough ago."),
        ("WrongPause", "A pause lasts more than nothing and at most seven days."),
        ("ZeroAmount", "An amount of zero."),
        ("WrongProof", "The proof does not lead to the root."),
        ("AlreadyClaimed", "This claimant has claimed."),
        ("NullifierUsed", "This person has claimed."),
        ("MissingAttestations", "The instruction before this one is not an Ed25519 verification."),
        ("ForeignInstruction", "The Ed25519 verification takes key, signature or message from another instruction."),
        ("WrongMessage", "A signed message is not the one for this claim."),
        ("UnknownVerifier", "A signer is none of the distribution's verifiers."),
        ("TooFewAttestations", "Fewer verifiers signed than the threshold."),
        ("AttestationExpired", "The attestation has expired."),
        ("CapTotalReached", "The claims together would pass the cap."),
        ("CapCountReached", "There are as many claims as the cap allows."),
        ("NotFunded", "The vault does not hold what the claim would promise."),
        ("NothingVested", "Nothing more has vested."),
        ("NothingToClawBack", "The vault holds only what claims are entitled to."),
        ("NoPendingAdmin", "No admin is named."),
        ("AdminTooEarly", "The delay for a new admin is not over."),
        ("NotPaidOut", "A claim has not been paid in full."),
        ("VaultNotEmpty", "The vault holds tokens."),
        ("WrongPayer", "The rent belongs to another account."),
        ("Overflow", "A sum does not fit 64 bits."),
        ("UnknownRent", "The cluster's rent rule is one this program does not know."),
        ("Refused", "A program that was called refused."),
    ),
)  # fmt: skip
