"""A Solana cluster as the send queue needs it: as many payments in one transaction as the packet holds.

A message lives as long as its blockhash. Within that time it may be broadcast again and again, and counts once; only
when every endpoint's finalized height is past it, and none knows the signature, is there room for another signature. A
durable one lives until its nonce account moves on; whatever moves it excludes the rest, so it can be outbid.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from fluxdesk.chains.rpc.asking import broadcast
from fluxdesk.chains.rpc.errors import NotUnderstood, Why
from fluxdesk.chains.sending.ports import (
    CALL,
    NATIVE,
    Attempt,
    Draft,
    Fate,
    NotNow,
    Payment,
    Sighting,
    SignedOtherwise,
    Unpayable,
)
from fluxdesk.chains.solana import messages, nonces, tokens
from fluxdesk.chains.solana.balances import mints
from fluxdesk.chains.solana.client import SolanaClient, Status
from fluxdesk.chains.solana.refusals import classified, why
from fluxdesk.core.chains import Chain

if TYPE_CHECKING:
    from solders.address_lookup_table_account import AddressLookupTableAccount
    from solders.hash import Hash
    from solders.instruction import Instruction
    from solders.message import Message, MessageV0
    from solders.pubkey import Pubkey

CREATED_MOST = 10
"""Associated token accounts made in one transaction; more exceed the 64 entries of an instruction trace."""
_CANCEL_UNITS = 1_000
"""Moving a nonce takes 150, and each of the two budget instructions too."""
_PERCENT = (90, 50, 25)
"""Of recent priority fees, by priority."""
_BASE64 = {"encoding": "base64", "skipPreflight": True, "maxRetries": 0}
_U64 = 1 << 64
REVOKE, MAKE_NONCE, CLOSE_NONCE = b"revoke", b"make nonce", b"close nonce"
CHORES = frozenset({REVOKE, MAKE_NONCE, CLOSE_NONCE})
"""What a payment's `call` may be: take back the delegate of the token account `recipient`; make a durable nonce
account; close the one that `recipient` is."""


class SolanaRail:
    """One cluster.

    Attributes:
        price_limit: Most micro-lamports to offer for a compute unit.
        tables: Addresses of lookup tables that may be used where they make a transaction shorter.
    """

    kind: Literal["solana_tx"] = "solana_tx"

    def __init__(self, client: SolanaClient, price_limit: int = 2_000_000, tables: Sequence[str] = ()):
        self.client, self.price_limit, self.tables = client, price_limit, tuple(tables)

    @property
    def chain(self) -> Chain:
        """Which."""
        return self.client.chain

    async def prepare(self, payments: Sequence[Payment], taken: frozenset[int]) -> Draft:
        """A transaction with as many of the payments as fit; with the first alone when together they fail."""
        first = payments[0]
        if first.asset == CALL:
            return await self._chore(first)
        alike = [p for p in payments if p.asset != CALL and p.durable == first.durable]
        by = await self._free_nonce(first.account, taken) if first.durable else None
        try:
            return await self._draft(alike, by)
        except (NotNow, Unpayable):
            if len(alike) == 1:
                raise
            return await self._draft(alike[:1], by)

    async def fill(self, account: str, taken: frozenset[int]) -> Draft | None:
        """Solana has no nonces to fill."""
        return None

    async def outbid(self, last: Attempt, cancel: bool, account: str) -> Draft:
        """By a durable nonce alone: the same payment for a higher price; with `cancel` nothing but moving the nonce."""
        message = _message(last.payload)
        moved = nonces.account_of(message)
        if moved is None:
            raise Unpayable("A payment that was signed on Solana cannot be replaced; it lands or expires in minutes.")
        payer = message.account_keys[0]
        number = _number(payer, moved)
        if number is None:
            raise Unpayable("The durable nonce is none that this account made here; it is for others to move.")
        if cancel:
            calls = [nonces.advance(payer, _key(moved))]
            limit, price = _CANCEL_UNITS, await self._price(payer, calls, 0)
        else:
            calls, limit, price = _reread(message)
            price = max(price * 3 // 2, await self._price(payer, calls, 0))
        price = min(max(price, 1), self.price_limit)
        body = [calls[0], *messages.budget(limit, price), *calls[1:]]
        payload = messages.build(payer, body, message.recent_blockhash)
        return Draft(payload, (), nonce=number, cost_most=messages.fee(limit, price))

    def accept(self, payload: bytes, account: str, signed: bytes) -> tuple[bytes, str]:
        """Raises `SignedOtherwise`."""
        from solders.pubkey import Pubkey
        from solders.signature import Signature

        if len(signed) != 64:
            raise SignedOtherwise("The signer's answer is no signature.")
        signature = Signature.from_bytes(signed)
        if not signature.verify(Pubkey.from_string(account), payload):
            raise SignedOtherwise("The signature does not belong to the message that was to be signed.")
        return messages.transaction(payload, signed), str(signature)

    async def broadcast(self, raw: bytes) -> str:
        """To every endpoint, without preflight: the message was simulated when it was made."""
        from base64 import b64encode

        return await broadcast(self.client.rpc, "sendTransaction", [b64encode(raw).decode(), _BASE64], classified)

    async def look(self, account: str, sends: Sequence[Sequence[Attempt]]) -> list[Sighting]:
        """Statuses of all attempts in one request; where there is none, whether there can be one yet."""
        attempts = [attempt for send in sends for attempt in send]
        statuses = await self.client.statuses([attempt.tx for attempt in attempts])
        known = {attempt.id: status for attempt, status in zip(attempts, statuses, strict=True)}
        return [await self._fate(send, known) for send in sends]

    async def expired(self, expires: int) -> bool:
        """Whether every endpoint's finalized height is past it."""
        return min(await self.client.heights(), default=0) > expires

    async def _fate(self, send: Sequence[Attempt], known: dict[int, Status | None]) -> Sighting:
        for attempt in send:
            status = known[attempt.id]
            if status is None:
                continue
            if status.level == "finalized" and await self._agreed(attempt.tx, status):
                fate = Fate.FAILED if status.failed else Fate.FINAL
                return Sighting(fate, attempt.id, status.slot, await self.client.fee(attempt.tx))
            seen = status.level in ("confirmed", "finalized")
            return Sighting(Fate.INCLUDED if seen else Fate.WAITING, attempt.id, status.slot)
        for attempt in send:
            # Whether it can land first: what landed before is known to whoever is asked afterwards.
            if not await self._past(attempt) or await self._known(attempt.tx):
                return Sighting(Fate.WAITING)
        return Sighting(Fate.DEAD)

    async def _past(self, attempt: Attempt) -> bool:
        """Whether an attempt cannot land any more, by every endpoint's finalized state."""
        message = _message(attempt.payload)
        account = nonces.account_of(message)
        if account is None:
            return await self.expired(attempt.expires or 0)
        now = await self.client.nonces_everywhere(account)
        return all(nonce is None or nonce.hash != message.recent_blockhash for nonce in now)

    async def _known(self, signature: str) -> bool:
        """Whether any endpoint knows the signature at all."""
        return any(status is not None for status in await self.client.statuses_everywhere(signature))

    async def _agreed(self, signature: str, status: Status) -> bool:
        """Whether at least half of the endpoints that answer say the same: one of several that lies ends nothing."""
        everyone = await self.client.statuses_everywhere(signature)
        same = [s for s in everyone if s is not None and (s.level, s.failed) == (status.level, status.failed)]
        return len(same) * 2 >= len(everyone)

    async def _chore(self, payment: Payment) -> Draft:
        """What `CHORES` names."""
        payer = _key(payment.account)
        lifetime = await self.client.lifetime()
        calls, rent = await self._chore_calls(payer, payment)
        trial = [*messages.budget(messages.COMPUTE_MOST, 1), *calls]
        limit = messages.padded_units(await self._simulate(payer, trial, lifetime.blockhash, ()))
        price = await self._price(payer, calls, payment.priority)
        payload = messages.build(payer, [*messages.budget(limit, price), *calls], lifetime.blockhash)
        return Draft(payload, (payment.id,), expires=lifetime.expires, cost_most=messages.fee(limit, price) + rent)

    async def _chore_calls(self, payer: "Pubkey", payment: Payment) -> tuple[list["Instruction"], int]:
        """(instructions, rent that stays in a new account). Raises `Unpayable`."""
        if payment.call == MAKE_NONCE:
            rent = await self.client.rent(nonces.SIZE)
            found = await self.client.accounts([nonces.address(payer, n) for n in range(nonces.MOST)])
            free = next((n for n, account in enumerate(found) if account is None), None)
            if free is None:
                raise Unpayable(f"This account has {nonces.MOST} durable nonces already, the most that are kept.")
            return list(nonces.make(payer, free, rent)), rent
        target = _key(payment.recipient)
        account = (await self.client.accounts([target]))[0]
        if account is None:
            raise Unpayable("The account is not there any more.")
        if payment.call == CLOSE_NONCE:
            nonce = nonces.read(str(account.owner), bytes(account.data))
            if nonce is None or nonce.authority != payer:
                raise Unpayable("That is no durable nonce of this account.")
            return [nonces.close(payer, target, account.lamports)], 0
        if payment.call == REVOKE and str(account.owner) in (tokens.TOKEN, tokens.TOKEN_2022):
            return [tokens.revoke(payer, target, str(account.owner))], 0
        raise Unpayable("That is no token account.")

    async def _free_nonce(self, account: str, taken: frozenset[int]) -> tuple[int, nonces.Nonce]:
        """The first durable nonce that no live send holds. Raises `NotNow`, `Unpayable`."""
        owner = _key(account)
        found = await self.client.accounts([nonces.address(owner, n) for n in range(nonces.MOST)])
        read = [None if a is None else nonces.read(str(a.owner), bytes(a.data)) for a in found]
        usable = [(n, nonce) for n, nonce in enumerate(read) if nonce is not None and nonce.authority == owner]
        if not usable:
            raise Unpayable("This account has no durable nonce; make one first.")
        free = next(((n, nonce) for n, nonce in usable if n not in taken), None)
        if free is None:
            raise NotNow("Every durable nonce of this account is in use; it goes on when one is free.")
        return free

    async def _draft(self, payments: Sequence[Payment], by: tuple[int, nonces.Nonce] | None = None) -> Draft:
        from solders.pubkey import Pubkey

        payer = _key(payments[0].account)
        wanted = sorted({p.asset for p in payments if p.asset != NATIVE})
        known = await mints(self.client, [asset for asset in wanted if _is_key(asset)])
        missing = await self._missing(payments, known)
        lifetime = await self.client.lifetime()
        blockhash = lifetime.blockhash
        expires: int | None = lifetime.expires
        first: list[Instruction] = []
        if by is not None:
            blockhash, expires = by[1].hash, None
            first = [nonces.advance(payer, nonces.address(payer, by[0]))]
        tables = await self._tables()
        took: list[Payment] = []
        made: dict[Pubkey, tokens.Mint] = {}
        calls: list[Instruction] = []
        room = messages.budget(messages.COMPUTE_MOST, self.price_limit)
        for payment in payments:
            if payment.account != payments[0].account:
                break
            try:
                more, creates = _calls(payer, payment, known, missing - made.keys())
            except Unpayable:
                if not took:
                    raise
                break
            try:
                messages.build(payer, [*first, *room, *calls, *more], blockhash, tables)
            except messages.TooLarge:
                break
            if len(made | creates) > CREATED_MOST:
                break
            calls, made = calls + more, made | creates
            took.append(payment)
        trial = [*first, *messages.trial_budget(), *calls]
        used = await self._simulate(payer, trial, blockhash, tables, durable=by is not None)
        limit = messages.padded_units(used)
        price = await self._price(payer, calls, took[0].priority)
        payload = messages.build(payer, [*first, *messages.budget(limit, price), *calls], blockhash, tables)
        cost = messages.fee(limit, price) + await self._rent(made)
        number = None if by is None else by[0]
        return Draft(payload, tuple(p.id for p in took), nonce=number, expires=expires, cost_most=cost)

    async def _missing(self, payments: Sequence[Payment], known: dict[str, tokens.Mint]) -> set["Pubkey"]:
        """Associated token accounts of recipients that are not there. Raises `Unpayable` for a token account."""
        from solders.pubkey import Pubkey

        accounts: dict[Pubkey, Pubkey] = {}
        for payment in payments:
            if payment.asset in known and _is_key(payment.recipient):
                owner = _key(payment.recipient)
                accounts[tokens.associated(owner, known[payment.asset])] = owner
        wanted = list(accounts)
        missing: set[Pubkey] = set()
        for start in range(0, len(wanted), 100):
            part = wanted[start : start + 100]
            found = await self.client.accounts(part)
            missing |= {address for address, account in zip(part, found, strict=True) if account is None}
        await self._no_token_accounts([accounts[address] for address in missing])
        return missing

    async def _no_token_accounts(self, owners: list["Pubkey"]) -> None:
        for start in range(0, len(owners), 100):
            part = owners[start : start + 100]
            for owner, found in zip(part, await self.client.accounts(part), strict=True):
                if found is not None and str(found.owner) in (tokens.TOKEN, tokens.TOKEN_2022):
                    raise Unpayable(f"{owner} is a token account; give the address of the wallet that owns it.")

    async def _tables(self) -> list["AddressLookupTableAccount"]:
        if not self.tables:
            return []
        keys = [_key(table) for table in self.tables]
        slot = await self.client.slot()
        found = await self.client.accounts(keys)
        read = [messages.read_table(k, bytes(a.data), slot) for k, a in zip(keys, found, strict=True) if a is not None]
        return [table for table in read if table is not None]

    async def _simulate(
        self, payer: "Pubkey", calls: list["Instruction"], blockhash: "Hash",
        tables: Sequence["AddressLookupTableAccount"], durable: bool = False,
    ) -> int:  # fmt: skip
        """Compute units used. Raises `NotNow`, `Unpayable`."""
        from solders.transaction import VersionedTransaction

        raw = messages.transaction(messages.build(payer, calls, blockhash, tables), bytes(64))
        asked = self.client.api.simulate_transaction(
            VersionedTransaction.from_bytes(raw), replace_recent_blockhash=not durable
        )
        said = await self.client.value("the result of a simulation", asked)
        if said.err is not None:
            text = f"{said.err} {' '.join(said.logs or [])}"
            if why(text) in (Why.INSUFFICIENT_FUNDS, Why.ACCOUNT_MISSING):
                raise NotNow("The account does not hold the amount, the fee and the rent of new token accounts.")
            raise Unpayable("The transaction would fail; it was tried out and not sent.")
        if said.units_consumed is None:
            raise NotUnderstood("the result of a simulation")
        return int(said.units_consumed)

    async def _price(self, payer: "Pubkey", calls: list["Instruction"], priority: int) -> int:
        """Micro-lamports a unit that got recent transactions in which wrote to the same accounts."""
        writable = [meta.pubkey for call in calls for meta in call.accounts if meta.is_writable]
        unique = list(dict.fromkeys([payer, *writable]))[:128]
        prices = await self.client.prices(unique)
        return min(messages.percentile(prices, _PERCENT[min(priority, 2)]), self.price_limit)

    async def _rent(self, made: dict["Pubkey", tokens.Mint]) -> int:
        sizes = [mint.account_size for mint in made.values()]
        each = {size: await self.client.rent(size) for size in set(sizes)}
        return sum(each[size] for size in sizes)


def _calls(
    payer: "Pubkey", payment: Payment, known: dict[str, tokens.Mint], missing: set["Pubkey"]
) -> tuple[list["Instruction"], dict["Pubkey", tokens.Mint]]:
    """(instructions of a payment, token accounts they make). Raises `Unpayable`."""
    from solders.system_program import TransferParams, transfer

    recipient = _key(payment.recipient)
    if not 0 < payment.amount < _U64:
        raise Unpayable("The amount does not fit 64 bits.")
    if payment.asset == NATIVE:
        params = TransferParams(from_pubkey=payer, to_pubkey=recipient, lamports=payment.amount)
        return [transfer(params)], {}
    mint = known.get(payment.asset)
    if mint is None:
        raise Unpayable("There is no such token on this cluster.")
    if mint.obstacle:
        raise Unpayable(mint.obstacle)
    pay = tokens.transfer_checked(payer, recipient, mint, payment.amount)
    account = tokens.associated(recipient, mint)
    if account not in missing:
        return [pay], {}
    return [tokens.create_account(payer, recipient, mint), pay], {account: mint}


def _message(payload: bytes) -> "Message | MessageV0":
    """Raises `NotNow` for bytes that this version does not read."""
    from solders.message import Message, MessageV0, from_bytes_versioned

    try:
        message = from_bytes_versioned(payload)
    except ValueError:
        raise NotNow("The transaction cannot be read any more.") from None
    if not isinstance(message, Message | MessageV0):
        raise NotNow("The transaction is of a version that is not read yet.")
    return message


def _reread(message: "Message | MessageV0") -> tuple[list["Instruction"], int, int]:
    """(instructions without compute budget, its limit, its price) of a message without lookup tables."""
    from solders.instruction import AccountMeta, Instruction

    if getattr(message, "address_table_lookups", None):
        raise Unpayable("A payment through lookup tables is not made anew; it can be cancelled.")
    keys, calls, limit, price = message.account_keys, [], messages.COMPUTE_MOST, 0
    for call in message.instructions:
        program, data = keys[call.program_id_index], bytes(call.data)
        if str(program) == messages.BUDGET:
            if data[:1] == b"\x02":
                limit = int.from_bytes(data[1:5], "little")
            elif data[:1] == b"\x03":
                price = int.from_bytes(data[1:9], "little")
            continue
        metas = [
            AccountMeta(keys[i], message.is_signer(i), messages.is_writable(message, i)) for i in bytes(call.accounts)
        ]
        calls.append(Instruction(program, data, metas))
    return calls, limit, price


def _number(owner: "Pubkey", account: str) -> int | None:
    return next((n for n in range(nonces.MOST) if str(nonces.address(owner, n)) == account), None)


def _key(text: str) -> "Pubkey":
    from solders.pubkey import Pubkey

    try:
        return Pubkey.from_string(text)
    except ValueError:
        raise Unpayable(f"{text!r:.60} is no Solana address.") from None


def _is_key(text: str) -> bool:
    try:
        _key(text)
    except Unpayable:
        return False
    return True
