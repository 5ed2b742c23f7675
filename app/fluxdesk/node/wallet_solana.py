"""A Solana cluster for the wallet: balances, fees, unsigned messages and their cost, and what signed bytes are."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fluxdesk.chains.sending.ports import CALL, NATIVE, Draft, Payment, PaymentId
from fluxdesk.chains.solana import messages, nonces
from fluxdesk.chains.solana.balances import holdings
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.metadata import mint_words
from fluxdesk.chains.solana.rail import CLOSE_NONCE, MAKE_NONCE, REVOKE, SolanaRail
from fluxdesk.chains.solana.tokens import TOKEN, TOKEN_2022
from fluxdesk.core import wallet_views as w
from fluxdesk.core.entries import is_solana_key
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.gateway.wallet_desk import NotPossible
from fluxdesk.node import wallet_solana_past, wallet_solana_simulation
from fluxdesk.node.wallet_evm import unbase64
from fluxdesk.node.wallet_line import CheckedRpc, Line, Signed, named, translated

if TYPE_CHECKING:
    from solders.message import Message, MessageV0

_BUDGET = messages.BUDGET
_TABLES = "AddressLookupTab1e1111111111111111111111111"
_SYSTEM = "11111111111111111111111111111111"
_SPEEDS = (("slow", 25), ("normal", 50), ("fast", 90))
_TRANSFER_UNITS = 500
"""A plain transfer and its two compute-budget instructions take 450."""


class SolanaLine(Line):
    """One cluster."""

    def __init__(self, client: SolanaClient, rail: SolanaRail, rpc: CheckedRpc, practice: str = "") -> None:
        super().__init__(rpc, rail, practice)
        self.client, self._rail = client, rail

    def check_addresses(self, accounts: Sequence[str], tokens: Sequence[str]) -> None:
        """Raises `BadRequest` for an address of another family."""
        for address in (*accounts, *tokens):
            if not is_solana_key(address):
                raise BadRequest(f"{address!r:.60} is no Solana address.")

    def payments(self, asked: w.OrderAsked) -> list[Payment]:
        """Payments, and the chores of `chains.solana.rail`."""
        self.check_addresses([asked.account], [])
        return [self._payment(asked, item) for item in asked.items]

    def _payment(self, asked: w.OrderAsked, item: w.Item) -> Payment:
        amount, asset, call, recipient = 0, CALL, b"", asked.account
        if isinstance(item, w.Pay):
            self.check_addresses([item.recipient], [] if item.asset == NATIVE else [item.asset])
            asset, recipient, amount = item.asset, item.recipient, int(item.amount_base)
        elif isinstance(item, w.Revoke):
            if item.kind != "delegate":
                raise BadRequest("On Solana the delegate of a token account is taken back; `asset` is that account.")
            self.check_addresses([item.asset], [])
            recipient, call = item.asset, REVOKE
        elif isinstance(item, w.MakeNonce):
            call = MAKE_NONCE
        elif isinstance(item, w.Deploy):
            raise BadRequest("Contracts of an EVM chain cannot be deployed on Solana.")
        else:
            self.check_addresses([item.address], [])
            recipient, call = item.address, CLOSE_NONCE
        if not 0 <= amount < 1 << 64:
            raise NotPossible("The amount does not fit 64 bits. Nothing was ordered.")
        durable = asked.durable and not call
        return Payment(
            PaymentId(item.id), self.chain.id, asked.account, asset, recipient, amount, asked.priority, call, durable
        )

    async def fees(self) -> w.FeesView:
        """Per compute unit, from recent slots over all accounts."""
        self.used = True
        with translated():
            prices = await self.client.prices([])
        items = []
        for speed, percent in _SPEEDS:
            price = min(messages.percentile(prices, percent), self._rail.price_limit)
            cost = messages.fee(_TRANSFER_UNITS, price)
            items.append(
                w.FeeView(speed=speed, most_per_unit=str(price), tip_per_unit=None, transfer_base=str(cost))  # type: ignore[arg-type]
            )
        return w.FeesView(
            chain=self.chain.id, symbol=self.chain.symbol, decimals=self.chain.decimals, base_per_unit=None, items=items
        )

    def view(self, draft: Draft, account: str) -> w.TransferView:
        """An unsigned message and its cost, part by part."""
        message = parse(draft.payload)
        limit, price = budget_of(message)
        signatures = message.header.num_required_signatures
        fee = messages.fee(0, 0, signatures)
        priority = messages.fee(limit, price, signatures) - fee
        cost = w.CostView(
            total_base=str(draft.cost_most), fee_base=str(fee), priority_base=str(priority),
            rent_base=str(draft.cost_most - fee - priority), data_base="0",
        )  # fmt: skip
        return w.TransferView(
            chain=self.chain.id, kind="solana_tx", account=account, fields=None, cost=cost, nonce=None,
            payload_b64=base64.b64encode(draft.payload).decode(), expires=draft.expires, payments=list(draft.took),
            durable=nonces.account_of(message) or "",
        )  # fmt: skip

    async def read(self, asked: w.BroadcastAsked) -> Signed:
        """A signature over the payload, or a whole transaction with all its signatures."""
        signed = unbase64(asked.signed_b64)
        if asked.payload_b64 is not None:
            payload = unbase64(asked.payload_b64)
            parse(payload)
            with translated():
                raw, _ = self._rail.accept(payload, asked.account, signed)
        else:
            raw = signed
        payload, tx = checked(raw, asked.account)
        message = parse(payload)
        expires = None
        if nonces.account_of(message) is None:
            with translated():
                # No blockhash lives longer than the newest one.
                expires = (await self.client.lifetime()).expires
        asset, recipient, amount = _payment(message)
        return Signed(Draft(payload, (PaymentId(""),), expires=expires), raw, tx, asset, recipient, amount)

    async def simulate(self, asked: w.SimulationAsked) -> w.SimulationView:
        """By `simulateTransaction`, with the accounts before and after."""
        self.used = True
        payload = unbase64(asked.payload_b64)
        view = await wallet_solana_simulation.simulate(self.client, asked.account, payload, parse(payload))
        view.assets = await wallet_solana_past.assets_of(self.client, named(view))
        return view

    async def history(self, account: str, cursor: str | None, limit: int) -> w.HistoryView:
        """Transactions that name the account."""
        self.used = True
        with translated():
            return await wallet_solana_past.history(self.client, account, cursor, limit)

    async def allowances(self, account: str) -> w.AllowancesView:
        """Delegates of the account's token accounts."""
        self.used = True
        with translated():
            held = await holdings(self.client, account)
        given = [t for t in held.tokens if t.delegate and t.delegated]
        items = [
            w.AllowanceView(
                owner=account, asset=t.address, spender=t.delegate, amount_base=str(t.delegated),
                unlimited=t.delegated >= wallet_solana_simulation.UNLIMITED, kind="delegate", held_base=str(t.amount),
                through=t.mint,
            )
            for t in given
        ]  # fmt: skip
        return w.AllowancesView(
            chain=self.chain.id, account=account, items=items,
            covers="Delegates of all token accounts, as they stand now; `asset` is the token account.",
            assets=await wallet_solana_past.assets_of(self.client, sorted({t.mint for t in given})),
        )  # fmt: skip

    async def nonces(self, account: str, taken: frozenset[int]) -> w.NoncesView:
        """Those that `nonces.address` derives."""
        from solders.pubkey import Pubkey

        self.used = True
        owner = Pubkey.from_string(account)
        keys = [nonces.address(owner, number) for number in range(nonces.MOST)]
        with translated():
            found = await self.client.accounts(keys)
        items = []
        for number, (key, held) in enumerate(zip(keys, found, strict=True)):
            nonce = None if held is None else nonces.read(str(held.owner), bytes(held.data))
            if held is not None and nonce is not None and nonce.authority == owner:
                items.append(
                    w.NonceView(
                        address=str(key), nonce=str(nonce.hash), lamports_base=str(held.lamports), busy=number in taken
                    )
                )
        return w.NoncesView(chain=self.chain.id, account=account, items=items)

    async def tables(self, tables: Sequence[str]) -> w.TablesView:
        """As they are confirmed; what was added in the newest slot cannot be used yet and is left out."""
        from solders.pubkey import Pubkey

        self.used = True
        keys = [Pubkey.from_string(table) for table in dict.fromkeys(tables)]
        with translated():
            slot = await self.client.slot()
            found = await self.client.accounts(keys)
        items = []
        for key, account in zip(keys, found, strict=True):
            owned = account is not None and str(account.owner) == _TABLES
            table = messages.read_table(key, bytes(account.data), slot) if account is not None and owned else None
            problem = "" if table is not None else "There is no lookup table at this address that can be used."
            addresses = None if table is None else [str(address) for address in table.addresses]
            items.append(w.TableView(table=str(key), addresses=addresses, problem=problem))
        return w.TablesView(chain=self.chain.id, slot=slot, items=items)

    async def transaction(self, tx: str) -> w.TxView:
        """`getTransaction`, its bytes held to its first signature."""
        self.used = True
        with translated():
            return await wallet_solana_past.transaction(self.client, tx)

    async def _balance(self, account: str, tokens: Sequence[str]) -> w.BalanceView:
        held = await holdings(self.client, account)
        items = []
        assets = list(dict.fromkeys([*(t.mint for t in held.tokens), *tokens]))
        said = await mint_words(self.client, assets)
        for asset in assets:
            own = [t for t in held.tokens if t.mint == asset]
            words = said.get(asset)
            program = own[0].program if own else TOKEN if words is None else words.mint.program
            items.append(
                w.TokenBalanceView(
                    asset=asset,
                    standard="token2022" if program == TOKEN_2022 else "spl",
                    amount_base=str(held.of(asset)),
                    decimals=None if words is None else words.mint.decimals,
                    symbol="" if words is None else words.symbol,
                    name="" if words is None else words.name,
                    accounts=[
                        w.TokenAccountView(address=t.address, amount_base=str(t.amount), frozen=t.frozen) for t in own
                    ],
                )
            )
        return w.BalanceView(account=account, native_base=str(held.lamports), tokens=items)


def parse(payload: bytes) -> "Message | MessageV0":
    """A message as it is signed. Raises `BadRequest`."""
    from solders.message import Message, MessageV0, from_bytes_versioned, to_bytes_versioned

    try:
        message = from_bytes_versioned(payload)
    except ValueError:
        raise BadRequest("The bytes are no Solana message.") from None
    if not isinstance(message, (Message, MessageV0)):
        raise BadRequest("Messages of version 1 are not read yet.")
    if to_bytes_versioned(message) != payload:
        raise BadRequest("Bytes are left over behind the Solana message.")
    return message


def checked(raw: bytes, account: str) -> tuple[bytes, str]:
    """(message, first signature) of a transaction whose signatures all hold. Raises `NotPossible`."""
    from solders.message import to_bytes_versioned
    from solders.transaction import VersionedTransaction

    try:
        transaction = VersionedTransaction.from_bytes(raw)
        results = transaction.verify_with_results()
    except ValueError:
        raise NotPossible("The bytes are no Solana transaction. Nothing was sent.") from None
    if not results or not all(results):
        raise NotPossible("A signature is missing or does not belong to the message. Nothing was sent.")
    signers = transaction.message.account_keys[: transaction.message.header.num_required_signatures]
    if account not in map(str, signers):
        raise NotPossible("The transaction was signed by another account than the one named. Nothing was sent.")
    return to_bytes_versioned(transaction.message), str(transaction.signatures[0])


def budget_of(message: "Message | MessageV0") -> tuple[int, int]:
    """(compute units at most, micro-lamports a unit); 200,000 units an instruction where none are set."""
    limit, price, others = None, 0, 0
    for call in message.instructions:
        data = bytes(call.data)
        if str(message.account_keys[call.program_id_index]) != _BUDGET:
            others += 1
        elif data[:1] == b"\x02" and len(data) == 5:
            limit = int.from_bytes(data[1:], "little")
        elif data[:1] == b"\x03" and len(data) == 9:
            price = int.from_bytes(data[1:], "little")
    return min(limit if limit is not None else others * 200_000, messages.COMPUTE_MOST), price


def _payment(message: "Message | MessageV0") -> tuple[str, str, int]:
    """(asset, recipient, amount) of a message that is one plain payment of the coin; `call` for any other."""
    keys = [str(key) for key in message.account_keys]
    calls = [c for c in message.instructions if keys[c.program_id_index] != _BUDGET]
    if len(calls) == 1 and keys[calls[0].program_id_index] == _SYSTEM:
        data, accounts = bytes(calls[0].data), bytes(calls[0].accounts)
        if len(data) == 12 and data[:4] == b"\x02\x00\x00\x00" and len(accounts) == 2 and accounts[1] < len(keys):
            return NATIVE, keys[accounts[1]], int.from_bytes(data[4:], "little")
    return "call", "", 0
