"""The practice launchpad: a constant-product curve on virtual reserves that speaks pump.fun's byte format.

The trade and creation events are pump.fun's own (resources/layouts), so they are not described a second time here.
"""

from interfaces.claim import SYSTEM
from interfaces.model import Field, Instruction, Meta, Program, Record

_CURVE = (
    Meta("user", writable=True, signer=True),
    Meta("bonding_curve", writable=True),
    Meta("vault", writable=True, doc="The curve's associated token account."),
    Meta("user_token", writable=True, doc="A token account the user owns."),
    Meta("fee_recipient", writable=True),
    Meta("creator", writable=True),
    Meta("mint"),
    Meta("token_program"),
    Meta("system_program", address=SYSTEM),
)

PROGRAM = Program(
    name="fluxdesk_practice_launchpad",
    version="1.0.0",
    address="PracticePump1111111111111111111111111111111",
    doc="A launchpad to practise on. It is not pump.fun, and no real cluster runs it.",
    constants={
        "VIRTUAL_TOKEN": 1_073_000_000_000_000, "VIRTUAL_QUOTE": 30_000_000_000, "REAL_TOKEN": 793_100_000_000_000,
        "SUPPLY": 1_000_000_000_000_000, "PROTOCOL_BPS": 95, "CREATOR_BPS": 30, "BUYBACK_BPS": 5_000, "DECIMALS": 6,
        "MOST_TEXT": 200,
    },
    instructions=(
        Instruction(
            "create",
            "Launch a token: its whole supply goes to the curve, and nobody can mint or freeze any more.",
            (
                _CURVE[0], Meta("mint", writable=True), _CURVE[1], _CURVE[2], Meta("fee_recipient"),
                Meta("token_program"), Meta("system_program", address=SYSTEM),
            ),
            (Field("name", "string"), Field("symbol", "string"), Field("uri", "string"), Field("creator", "pubkey")),
        ),
        Instruction(
            "buy", "Buy exactly this many tokens, or the rest of the curve.", _CURVE,
            (Field("amount", "u64"), Field("max_sol_cost", "u64")),
        ),
        Instruction(
            "buy_exact_sol_in", "Spend at most this many lamports, fees included.", _CURVE,
            (Field("spendable_sol_in", "u64"), Field("min_tokens_out", "u64")),
        ),
        Instruction(
            "sell", "Sell exactly this many tokens.", _CURVE, (Field("amount", "u64"), Field("min_sol_output", "u64")),
        ),
    ),
    accounts=(
        Record(
            "BondingCurve",
            "A curve's reserves, first as pump.fun keeps them.",
            (
                Field("virtual_token_reserves", "u64"), Field("virtual_quote_reserves", "u64"),
                Field("real_token_reserves", "u64"), Field("real_quote_reserves", "u64"),
                Field("token_total_supply", "u64"), Field("mint", "pubkey"), Field("vault", "pubkey"),
                Field("creator", "pubkey"), Field("fee_recipient", "pubkey"), Field("token_program", "pubkey"),
                Field("bump", "u8"),
            ),
        ),
    ),
    events=(),
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
        ("AlreadyExists", "The curve exists."),
        ("WrongMint", "The mint is not a fresh one of six decimals under the curve, or another one."),
        ("WrongVault", "The vault is not the curve's."),
        ("WrongUserToken", "The token account is not the user's, or of another mint."),
        ("WrongRecipient", "A fee would go to somebody else."),
        ("ZeroAmount", "The amount is zero, or too small to move a unit."),
        ("SlippageExceeded", "The price has moved past the limit given."),
        ("CurveComplete", "Every token for sale is sold."),
        ("NotEnoughLiquidity", "The curve does not hold what was asked for."),
        ("Overflow", "A value does not fit 64 bits."),
        ("UnknownRent", "The cluster's rent rule is one this program does not know."),
        ("Refused", "A program that was called refused."),
    ),
)  # fmt: skip
