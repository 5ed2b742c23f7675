"""The practice market on a chain: pump.fun's part of it traded through the practice launchpad, in LiteSVM.

What happens is decided by the simulation as ever; each launch and trade in SOL is then sent to the compiled program
(contracts/solana/launchpad), and what is delivered are the log lines of that run. After every trade the curve on the
chain has to stand where the books stand, to the unit. Everything else (other launchpads, quotes other than SOL,
failures, migrations) is told as `Scribe` tells it.

Keys of the market belong to nobody, so signatures are not checked in there; each transaction carries the market's own.
"""

from typing import TYPE_CHECKING, Any

import msgspec

from fluxdesk.chains.solana.programs import launchpad
from fluxdesk.chains.solana.programs.addresses import vault_address
from fluxdesk.core.curves import pumpfun
from fluxdesk.core.events import Shape, Side, Venue
from fluxdesk.launches.context import TOKEN_2022
from fluxdesk.launches.practice.accounts import hashed
from fluxdesk.launches.practice.invoke import ASSOCIATED, COMPUTE_BUDGET
from fluxdesk.launches.practice.pools import Fill
from fluxdesk.launches.practice.programs import PUMP
from fluxdesk.launches.practice.scribe import Scribe
from fluxdesk.launches.practice.simulation import Happening
from fluxdesk.launches.practice.token import DECIMALS

if TYPE_CHECKING:
    from solders.instruction import Instruction
    from solders.pubkey import Pubkey

_PLENTY = 1 << 60
"""Lamports of every wallet on the chain: what a wallet may spend is the books' matter."""
_MINT_SPACE = 82
_IF_MISSING = b"\1"
"""Associated token program: `CreateIdempotent`."""
_ANY_COST = (1 << 64) - 1


class Disagreement(Exception):
    """The program did something else than the books say; nothing of that transaction was delivered."""


def _budget() -> list["Instruction"]:
    """The two compute-budget instructions that nearly every trade begins with: 400,000 units at a price of one."""
    from solders.instruction import Instruction
    from solders.pubkey import Pubkey

    program = Pubkey.from_string(COMPUTE_BUDGET)
    limit, price = b"\2" + (400_000).to_bytes(4, "little"), b"\3" + (1).to_bytes(8, "little")
    return [Instruction(program, limit, []), Instruction(program, price, [])]


class OnChainScribe(Scribe):
    """A scribe whose pump.fun lines come from the program itself."""

    def __init__(self, program: bytes) -> None:
        """`program` is the launchpad: `chains.solana.programs.built.program("launchpad")`."""
        from solders.litesvm import LiteSVM
        from solders.pubkey import Pubkey

        super().__init__()
        self._id = Pubkey.from_string(PUMP)
        self._svm = LiteSVM().with_sigverify(False).with_blockhash_check(False).with_transaction_history(0)
        self._svm.add_program(self._id, program)
        self._tokens = Pubkey.from_string(TOKEN_2022)
        self._recipient = Pubkey(hashed(b"protocol"))
        self._rich: set[bytes] = set()
        self._holders: set[tuple[bytes, bytes]] = set()
        self._setups = 0
        self._fund(bytes(self._recipient))

    def write(self, h: Happening) -> tuple[Shape, bytes]:
        """As `Scribe.write`. Raises `Disagreement`."""
        if h.venue is not Venue.PUMPFUN or h.token.quote.nth or h.deed not in ("launch", "trade"):
            return super().write(h)
        calls = _budget()
        if h.deed == "launch":
            self._prepare(h)
            calls.append(self._launch(h))
        self._hold(h.wallet.key, h.token.key)
        calls += [self._trade(h, fill) for fill in h.fills]
        logs = self._run(h, calls)
        self._compare(h)
        value = {"signature": h.signature, "err": None, "logs": logs, "slot": h.slot}
        return Shape.SOLANA_LOGS, msgspec.json.encode(value)

    def _prepare(self, h: Happening) -> None:
        """The mint under its curve, and the curve's vault: what a launcher's client sends first."""
        from solders.instruction import AccountMeta, Instruction
        from solders.pubkey import Pubkey
        from solders.system_program import CreateAccountParams, create_account

        mint, curve = Pubkey(h.token.key), Pubkey(h.pool_key)
        self._fund(h.wallet.key)
        self._fund(h.token.creator.key)
        made = create_account(
            CreateAccountParams(
                from_pubkey=Pubkey(h.wallet.key),
                to_pubkey=mint,
                lamports=self._svm.minimum_balance_for_rent_exemption(_MINT_SPACE),
                space=_MINT_SPACE,
                owner=self._tokens,
            )
        )
        under_curve = bytes([20, DECIMALS]) + h.pool_key + b"\0"
        init = Instruction(self._tokens, under_curve, [AccountMeta(mint, False, True)])
        self._send([made, init, self._associated(h.wallet.key, curve, mint)], self._next())

    def _hold(self, wallet: bytes, mint: bytes) -> None:
        """Money, and a token account the first time."""
        from solders.pubkey import Pubkey

        self._fund(wallet)
        if (wallet, mint) not in self._holders:
            self._holders.add((wallet, mint))
            self._send([self._associated(wallet, Pubkey(wallet), Pubkey(mint))], self._next())

    def _fund(self, wallet: bytes) -> None:
        from solders.account import Account
        from solders.pubkey import Pubkey

        if wallet not in self._rich:
            self._rich.add(wallet)
            self._svm.set_account(Pubkey(wallet), Account(_PLENTY, b"", Pubkey.default(), False, 0))

    def _associated(self, payer: bytes, owner: "Pubkey", mint: "Pubkey") -> "Instruction":
        from solders.instruction import AccountMeta, Instruction
        from solders.pubkey import Pubkey

        address = vault_address(owner, mint, self._tokens)
        metas = [AccountMeta(Pubkey(payer), True, True), AccountMeta(address, False, True)]
        metas += [AccountMeta(key, False, False) for key in (owner, mint, Pubkey.default(), self._tokens)]
        return Instruction(Pubkey.from_string(ASSOCIATED), _IF_MISSING, metas)

    def _launch(self, h: Happening) -> "Instruction":
        from solders.pubkey import Pubkey

        curve, mint, token = Pubkey(h.pool_key), Pubkey(h.token.key), h.token
        return launchpad.create(
            self._id, user=Pubkey(h.wallet.key), mint=mint, bonding_curve=curve,
            vault=vault_address(curve, mint, self._tokens), fee_recipient=self._recipient, token_program=self._tokens,
            name=token.name, symbol=token.symbol, uri=token.uri, creator=Pubkey(token.creator.key),
        )  # fmt: skip

    def _trade(self, h: Happening, fill: Fill) -> "Instruction":
        from solders.pubkey import Pubkey

        curve, mint, user = Pubkey(h.pool_key), Pubkey(h.token.key), Pubkey(h.wallet.key)
        accounts: dict[str, Any] = {
            "user": user, "bonding_curve": curve, "vault": vault_address(curve, mint, self._tokens),
            "user_token": vault_address(user, mint, self._tokens), "fee_recipient": self._recipient,
            "creator": Pubkey(h.token.creator.key), "mint": mint, "token_program": self._tokens,
        }  # fmt: skip
        if fill.side is Side.SELL:
            return launchpad.sell(self._id, **accounts, amount=fill.token, min_sol_output=0)
        if fill.exact_tokens:
            return launchpad.buy(self._id, **accounts, amount=fill.token, max_sol_cost=_ANY_COST)
        return launchpad.buy_exact_sol_in(self._id, **accounts, spendable_sol_in=fill.asked, min_tokens_out=0)

    def _run(self, h: Happening, calls: list["Instruction"]) -> list[str]:
        from solders.signature import Signature

        clock = self._svm.get_clock()
        clock.slot, clock.unix_timestamp = h.slot, h.time_s
        self._svm.set_clock(clock)
        return self._send(calls, Signature.from_string(h.signature))

    def _next(self) -> Any:
        """A signature of ours for what only prepares: it is never delivered."""
        from solders.signature import Signature

        self._setups += 1
        return Signature(self._setups.to_bytes(64, "big"))

    def _send(self, calls: list["Instruction"], signature: Any) -> list[str]:
        """Log lines of a transaction. Raises `Disagreement` when it fails."""
        from solders.message import Message
        from solders.signature import Signature
        from solders.transaction import Transaction
        from solders.transaction_metadata import FailedTransactionMetadata

        payer = next(meta.pubkey for call in calls for meta in call.accounts if meta.is_signer)
        message = Message.new_with_blockhash(calls, payer, self._svm.latest_blockhash())
        others = [Signature.default()] * (message.header.num_required_signatures - 1)
        done = self._svm.send_transaction(Transaction.populate(message, [signature, *others]))
        if isinstance(done, FailedTransactionMetadata):
            raise Disagreement(f"{done.err()}: {done.meta().logs()[-3:]}")
        return list(done.logs())

    def _compare(self, h: Happening) -> None:
        """The curve on the chain stands where the books do. Raises `Disagreement`."""
        from solders.pubkey import Pubkey

        account = self._svm.get_account(Pubkey(h.pool_key))
        assert account is not None
        there = launchpad.BondingCurve.decode(bytes(account.data))
        stands = pumpfun.Curve(
            there.virtual_token_reserves,
            there.virtual_quote_reserves,
            there.real_token_reserves,
            there.real_quote_reserves,
        )
        books = h.fills[-1].after if h.fills else h.pool
        if stands != books:
            raise Disagreement(f"{h.signature}: the chain has {stands}, the books {books}")
