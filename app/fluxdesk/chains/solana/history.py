"""The history of an account on Solana: what each transaction changed in its SOL and in its tokens.

Read from the balances before and after that the chain states with every transaction, so what programs move within one
is there too. An account's own signatures do not name what came into its token accounts, so each of those is a line of
its own. A line's checkpoint moves over finalized transactions only; what is merely confirmed is shown as such, and read
again, or taken out when the chain has dropped it.
"""

import asyncio

import msgspec

from fluxdesk.chains.history.movement import Movement, Progress
from fluxdesk.chains.history.repository import HistoryRepository
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused
from fluxdesk.chains.sending.ports import NATIVE
from fluxdesk.chains.solana.calls import Malformed, Transaction, from_rpc
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.tokens import TOKEN, TOKEN_2022

PAGE = 1_000
PIECE = 100
"""Transactions of a line read in one step."""
FIRST_MOST = 1_000
"""Of a line that was never read, so many of the newest are; older ones stay unread."""
OWNER = "owner"


class _Checkpoint(msgspec.Struct):
    """`until`: newest finalized signature that is in the tables. `open`: those that were confirmed only."""

    until: str | None = None
    open: list[str] = []


class _Signature(msgspec.Struct, rename="camel"):
    signature: str
    slot: int
    block_time: int | None = None
    confirmation_status: str | None = None


class SolanaHistory:
    """The `Indexer` of a cluster."""

    def __init__(self, client: SolanaClient, repository: HistoryRepository):
        self._client, self._repository = client, repository

    async def step(self, account: str) -> Progress:
        """Read every line of the account, each a piece further."""
        read, done = 0, True
        for line, address in [(OWNER, account), *((a, a) for a in await self._token_accounts(account))]:
            progress = await self._line(account, line, address)
            read, done = read + progress.read, done and progress.done
        return Progress(read, done)

    async def _line(self, account: str, line: str, address: str) -> Progress:
        chain = self._client.chain.id
        saved = await asyncio.to_thread(self._repository.checkpoint, chain, account, line)
        point = _Checkpoint() if saved is None else msgspec.json.decode(saved, type=_Checkpoint)
        fresh = await self._signatures(address, point.until)
        if not fresh and not point.open:
            return Progress(0, done=True)
        piece = fresh[:PIECE]
        final = [s.signature for s in piece if s.confirmation_status == "finalized"]
        confirmed = [s.signature for s in piece if s.confirmation_status != "finalized"]
        found = [movement for s in piece for movement in await self._movements(account, s)]
        checkpoint = msgspec.json.encode(_Checkpoint(final[-1] if final else point.until, confirmed))
        await asyncio.to_thread(
            self._repository.write, chain, account, line, checkpoint, found, forget_provisional=point.open
        )
        return Progress(len(found), done=len(piece) == len(fresh))

    async def _signatures(self, address: str, until: str | None) -> list[_Signature]:
        """Those after the checkpoint, oldest first."""
        found: list[_Signature] = []
        while until is not None or len(found) < FIRST_MOST:
            options: dict[str, object] = {"limit": PAGE, "commitment": "confirmed"}
            options |= {} if until is None else {"until": until}
            options |= {"before": found[-1].signature} if found else {}
            raw = await self._client.rpc.call("getSignaturesForAddress", [address, options])
            try:
                page = msgspec.json.decode(raw, type=list[_Signature])
            except (msgspec.MsgspecError, RecursionError):
                raise NotUnderstood("the signatures of an account") from None
            found += page
            if len(page) < PAGE:
                break
        return found[::-1]

    async def _token_accounts(self, account: str) -> list[str]:
        from solana.rpc.models import TokenAccountOpts
        from solders.pubkey import Pubkey

        owner, found = Pubkey.from_string(account), []
        for program in (TOKEN, TOKEN_2022):
            options = TokenAccountOpts(program_id=Pubkey.from_string(program))
            asked = self._client.api.get_token_accounts_by_owner(owner, options)
            found += [str(entry.pubkey) for entry in await self._client.value("token accounts", asked)]
        return found

    async def _movements(self, account: str, s: _Signature) -> list[Movement]:
        options = {"encoding": "json", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
        try:
            raw = await self._client.rpc.call("getTransaction", [s.signature, options])
        except Refused:
            raise NotUnderstood("a transaction the endpoint names and does not have") from None
        try:
            said = msgspec.json.decode(raw)
        except (msgspec.MsgspecError, RecursionError):
            raise NotUnderstood("a transaction") from None
        if not isinstance(said, dict):
            raise NotUnderstood("a transaction the endpoint names and does not have")
        try:
            tx = from_rpc(said)
            changes = changes_of(account, tx)
        except (Malformed, KeyError, TypeError, ValueError, IndexError):
            raise NotUnderstood("a transaction") from None
        final = s.confirmation_status == "finalized"
        return [
            Movement(
                self._client.chain.id, account, s.signature, f"{kind}:{asset}", kind, asset, amount, other, s.slot, "",
                tx.block_time or s.block_time or 0, final,
            )
            for kind, asset, amount, other in changes
        ]  # fmt: skip


def changes_of(account: str, tx: Transaction) -> list[tuple[str, str, int, str | None]]:
    """(kind, asset, amount, other side) of everything that changed for an account.

    Raises `KeyError`, `TypeError`, `ValueError`, `IndexError` where the balances are not what a chain states.
    """
    found: list[tuple[str, str, int, str | None]] = []
    lamports = {
        key: int(after) - int(before)
        for key, before, after in zip(tx.keys, tx.meta["preBalances"], tx.meta["postBalances"], strict=True)
        if after != before
    }
    fee = int(tx.meta["fee"])
    if tx.keys[0] == account:
        found.append(("fee", NATIVE, -fee, None))
    lamports[tx.keys[0]] = lamports.get(tx.keys[0], 0) + fee
    if change := lamports.pop(account, 0):
        found.append(_change(NATIVE, change, lamports))
    tokens: dict[str, dict[str, int]] = {}
    for sign, balances in ((-1, tx.meta.get("preTokenBalances")), (1, tx.meta.get("postTokenBalances"))):
        for entry in balances or []:
            owners = tokens.setdefault(str(entry["mint"]), {})
            owner = str(entry.get("owner") or tx.keys[entry["accountIndex"]])
            owners[owner] = owners.get(owner, 0) + sign * int(entry["uiTokenAmount"]["amount"])
    for mint, owners in tokens.items():
        if change := owners.pop(account, 0):
            found.append(_change(mint, change, owners))
    return found


def _change(asset: str, change: int, others: dict[str, int]) -> tuple[str, str, int, str | None]:
    """A transfer when exactly one other account lost what this one gained, or the reverse."""
    sides = [key for key, other in others.items() if other == -change]
    other = sides[0] if len(sides) == 1 else None
    return "transfer" if other else "change", asset, change, other
