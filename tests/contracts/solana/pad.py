"""The practice launchpad in LiteSVM, with a token to trade."""

import base64
from typing import Any

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account
from solders.transaction_metadata import TransactionMetadata

from contracts.solana.stage import SOL, SPL_TOKEN, Chain, program
from fluxdesk.chains.solana.programs import launchpad
from fluxdesk.chains.solana.programs.addresses import curve_address, vault_address
from fluxdesk.core.curves import pumpfun

PAD = Pubkey.from_string(launchpad.ADDRESS)
RATES = pumpfun.Rates(launchpad.PROTOCOL_BPS, launchpad.CREATOR_BPS)


def events(said: TransactionMetadata) -> list[bytes]:
    """What was stated with sol_log_data."""
    lines = [line for line in said.logs() if line.startswith("Program data: ")]
    return [base64.b64decode(line.removeprefix("Program data: ")) for line in lines]


class Pad:
    """A launched token and a trader with a wallet."""

    def __init__(self, chain: Chain | None = None, launched: bool = True) -> None:
        self.chain = chain or Chain()
        self.chain.svm.add_program(PAD, program("launchpad"))
        self.creator, self.user = self.chain.keypair(SOL), self.chain.keypair(100_000 * SOL)
        self.recipient = self.chain.keypair(SOL).pubkey()
        self.mint_key = Keypair()
        self.mint = self.mint_key.pubkey()
        self.curve = curve_address(PAD, self.mint)
        self.vault = vault_address(self.curve, self.mint, SPL_TOKEN)
        self.make_mint()
        self.chain.open_account(self.curve, self.mint)
        self.wallet = self.chain.open_account(self.user.pubkey(), self.mint)
        if launched:
            self.said = self.chain.send([self.create()], [self.creator])

    def make_mint(self, decimals: int = 6, authority: Pubkey | None = None, freeze: Pubkey | None = None) -> None:
        """The mint account, whose authority is the curve."""
        lamports = self.chain.svm.minimum_balance_for_rent_exemption(82)
        made = create_account(
            CreateAccountParams(
                from_pubkey=self.chain.payer.pubkey(), to_pubkey=self.mint, lamports=lamports, space=82, owner=SPL_TOKEN
            )
        )
        data = bytes([20, decimals]) + bytes(authority or self.curve)
        data += b"\1" + bytes(freeze) if freeze else b"\0"
        init = Instruction(SPL_TOKEN, data, [AccountMeta(self.mint, False, True)])
        self.chain.send([made, init], [self.mint_key])

    def create(self, **other: Any) -> Instruction:
        """The launch."""
        values: dict[str, Any] = {
            "user": self.creator.pubkey(), "mint": self.mint, "bonding_curve": self.curve, "vault": self.vault,
            "fee_recipient": self.recipient, "token_program": SPL_TOKEN, "name": "Practice", "symbol": "PRAC",
            "uri": "practice:metadata", "creator": self.creator.pubkey(),
        }  # fmt: skip
        return launchpad.create(PAD, **values | other)

    def trade(self, name: str, **given: Any) -> Instruction:
        """`buy`, `buy_exact_sol_in` or `sell` of the user."""
        values: dict[str, Any] = {
            "user": self.user.pubkey(), "bonding_curve": self.curve, "vault": self.vault, "user_token": self.wallet,
            "fee_recipient": self.recipient, "creator": self.creator.pubkey(), "mint": self.mint,
            "token_program": SPL_TOKEN,
        }  # fmt: skip
        build = {"buy": launchpad.buy, "buy_exact_sol_in": launchpad.buy_exact_sol_in, "sell": launchpad.sell}[name]
        made: Instruction = build(PAD, **values | given)
        return made

    def buy(self, amount: int, limit: int = 2**64 - 1) -> Instruction:
        """Exactly so many tokens."""
        return self.trade("buy", amount=amount, max_sol_cost=limit)

    def spend(self, lamports: int, limit: int = 0) -> Instruction:
        """At most so many lamports."""
        return self.trade("buy_exact_sol_in", spendable_sol_in=lamports, min_tokens_out=limit)

    def sell(self, amount: int, limit: int = 0) -> Instruction:
        """Exactly so many tokens."""
        return self.trade("sell", amount=amount, min_sol_output=limit)

    def state(self) -> launchpad.BondingCurve:
        """The curve's account."""
        return launchpad.BondingCurve.decode(self.chain.data(self.curve))

    def model(self) -> pumpfun.Curve:
        """The same as the model has it."""
        s = self.state()
        return pumpfun.Curve(
            s.virtual_token_reserves, s.virtual_quote_reserves, s.real_token_reserves, s.real_quote_reserves
        )

    def set(self, curve: pumpfun.Curve) -> None:
        """Put the curve anywhere, with the lamports and tokens that belong to it."""
        data = bytearray(self.chain.data(self.curve))
        numbers = (curve.virtual_token, curve.virtual_quote, curve.real_token, curve.real_quote)
        for i, value in enumerate(numbers):
            data[8 + 8 * i : 16 + 8 * i] = value.to_bytes(8, "little")
        rent = self.chain.svm.minimum_balance_for_rent_exemption(len(data))
        self.chain.change(self.curve, data=bytes(data), lamports=min(rent + curve.real_quote, 2**64 - 1))
        self.hold(self.vault, max(curve.real_token, 0))

    def hold(self, account: Pubkey, amount: int) -> None:
        """Give a token account an amount."""
        data = bytearray(self.chain.data(account))
        data[64:72] = amount.to_bytes(8, "little")
        self.chain.change(account, data=bytes(data))
