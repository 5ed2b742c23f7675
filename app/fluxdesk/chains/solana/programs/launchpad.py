"""A launchpad to practise on. It is not pump.fun, and no real cluster runs it.

Made by contracts/solana/interfaces, not by hand.
"""

from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec

from fluxdesk.chains.solana.programs.wire import instruction, record

if TYPE_CHECKING:
    from solders.instruction import Instruction
    from solders.pubkey import Pubkey

ADDRESS = "PracticePump1111111111111111111111111111111"
VIRTUAL_TOKEN = 1_073_000_000_000_000
VIRTUAL_QUOTE = 30_000_000_000
REAL_TOKEN = 793_100_000_000_000
SUPPLY = 1_000_000_000_000_000
PROTOCOL_BPS = 95
CREATOR_BPS = 30
BUYBACK_BPS = 5_000
DECIMALS = 6
MOST_TEXT = 200
CALLS = {
    bytes.fromhex("181ec828051c0777"): "create",
    bytes.fromhex("66063d1201daebea"): "buy",
    bytes.fromhex("38fc74089edfcd5f"): "buy_exact_sol_in",
    bytes.fromhex("33e685a4017f83ad"): "sell",
}
"""Instruction names by their first eight bytes."""


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
    WrongUserToken = 6013
    WrongRecipient = 6014
    ZeroAmount = 6015
    SlippageExceeded = 6016
    CurveComplete = 6017
    NotEnoughLiquidity = 6018
    Overflow = 6019
    UnknownRent = 6020
    Refused = 6021


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
    Error.AlreadyExists: "The curve exists.",
    Error.WrongMint: "The mint is not a fresh one of six decimals under the curve, or another one.",
    Error.WrongVault: "The vault is not the curve's.",
    Error.WrongUserToken: "The token account is not the user's, or of another mint.",
    Error.WrongRecipient: "A fee would go to somebody else.",
    Error.ZeroAmount: "The amount is zero, or too small to move a unit.",
    Error.SlippageExceeded: "The price has moved past the limit given.",
    Error.CurveComplete: "Every token for sale is sold.",
    Error.NotEnoughLiquidity: "The curve does not hold what was asked for.",
    Error.Overflow: "A value does not fit 64 bits.",
    Error.UnknownRent: "The cluster's rent rule is one this program does not know.",
    Error.Refused: "A program that was called refused.",
}


class BondingCurve(msgspec.Struct, frozen=True):
    """A curve's reserves, first as pump.fun keeps them."""

    virtual_token_reserves: int
    virtual_quote_reserves: int
    real_token_reserves: int
    real_quote_reserves: int
    token_total_supply: int
    mint: "Pubkey"
    vault: "Pubkey"
    creator: "Pubkey"
    fee_recipient: "Pubkey"
    token_program: "Pubkey"
    bump: int

    @classmethod
    def decode(cls, data: bytes) -> "BondingCurve":
        """Of its bytes, discriminator included. Raises `NotThis`."""
        return cls(*record(data, bytes.fromhex("17b7f83760d8ac60"), _BONDINGCURVE))


_BONDINGCURVE = ("u64", "u64", "u64", "u64", "u64", "pubkey", "pubkey", "pubkey", "pubkey", "pubkey", "u8")  # fmt: skip


def create(
    program: "Pubkey",
    *,
    user: "Pubkey",
    mint: "Pubkey",
    bonding_curve: "Pubkey",
    vault: "Pubkey",
    fee_recipient: "Pubkey",
    token_program: "Pubkey",
    name: str,
    symbol: str,
    uri: str,
    creator: "Pubkey",
) -> "Instruction":
    """Launch a token: its whole supply goes to the curve, and nobody can mint or freeze any more."""
    return instruction(
        program,
        bytes.fromhex("181ec828051c0777"),
        (
            (user, True, True),
            (mint, False, True),
            (bonding_curve, False, True),
            (vault, False, True),
            (fee_recipient, False, False),
            (token_program, False, False),
            ("11111111111111111111111111111111", False, False),
        ),
        (
            ("string", name),
            ("string", symbol),
            ("string", uri),
            ("pubkey", creator),
        ),
    )


def buy(
    program: "Pubkey",
    *,
    user: "Pubkey",
    bonding_curve: "Pubkey",
    vault: "Pubkey",
    user_token: "Pubkey",
    fee_recipient: "Pubkey",
    creator: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
    amount: int,
    max_sol_cost: int,
) -> "Instruction":
    """Buy exactly this many tokens, or the rest of the curve."""
    return instruction(
        program,
        bytes.fromhex("66063d1201daebea"),
        (
            (user, True, True),
            (bonding_curve, False, True),
            (vault, False, True),
            (user_token, False, True),
            (fee_recipient, False, True),
            (creator, False, True),
            (mint, False, False),
            (token_program, False, False),
            ("11111111111111111111111111111111", False, False),
        ),
        (
            ("u64", amount),
            ("u64", max_sol_cost),
        ),
    )


def buy_exact_sol_in(
    program: "Pubkey",
    *,
    user: "Pubkey",
    bonding_curve: "Pubkey",
    vault: "Pubkey",
    user_token: "Pubkey",
    fee_recipient: "Pubkey",
    creator: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
    spendable_sol_in: int,
    min_tokens_out: int,
) -> "Instruction":
    """Spend at most this many lamports, fees included."""
    return instruction(
        program,
        bytes.fromhex("38fc74089edfcd5f"),
        (
            (user, True, True),
            (bonding_curve, False, True),
            (vault, False, True),
            (user_token, False, True),
            (fee_recipient, False, True),
            (creator, False, True),
            (mint, False, False),
            (token_program, False, False),
            ("11111111111111111111111111111111", False, False),
        ),
        (
            ("u64", spendable_sol_in),
            ("u64", min_tokens_out),
        ),
    )


def sell(
    program: "Pubkey",
    *,
    user: "Pubkey",
    bonding_curve: "Pubkey",
    vault: "Pubkey",
    user_token: "Pubkey",
    fee_recipient: "Pubkey",
    creator: "Pubkey",
    mint: "Pubkey",
    token_program: "Pubkey",
    amount: int,
    min_sol_output: int,
) -> "Instruction":
    """Sell exactly this many tokens."""
    return instruction(
        program,
        bytes.fromhex("33e685a4017f83ad"),
        (
            (user, True, True),
            (bonding_curve, False, True),
            (vault, False, True),
            (user_token, False, True),
            (fee_recipient, False, True),
            (creator, False, True),
            (mint, False, False),
            (token_program, False, False),
            ("11111111111111111111111111111111", False, False),
        ),
        (
            ("u64", amount),
            ("u64", min_sol_output),
        ),
    )
