"""Transactions of a Solana account, newest first, from what the endpoint keeps of balances before and after."""

import base64
from collections.abc import Sequence
from typing import Annotated

import msgspec

from fluxdesk.chains.rpc.errors import ChainError, NotUnderstood, Refused
from fluxdesk.chains.sending.ports import NATIVE
from fluxdesk.chains.solana.calls import Malformed, Transaction, from_rpc
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.history import changes_of
from fluxdesk.chains.solana.metadata import mint_words
from fluxdesk.chains.solana.tokens import TOKEN_2022
from fluxdesk.chains.solana.wire import WireError, parse_transaction
from fluxdesk.core import wallet_views as w
from fluxdesk.core.entries import is_solana_key
from fluxdesk.gateway.desk import BadRequest, NoSuchThing

COVERS = (
    "Transactions that name the account's own address. What arrived in one of its token accounts without naming it is "
    "in the balances only."
)
_SIGNATURE_MOST = 90
Lamports = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
Seconds = Annotated[int, msgspec.Meta(ge=0, lt=1 << 40)]


class _Entry(msgspec.Struct, rename="camel", frozen=True):
    signature: Annotated[str, msgspec.Meta(pattern=r"^[1-9A-HJ-NP-Za-km-z]{32,90}\Z")]
    slot: Lamports | None = None
    block_time: Seconds | None = None
    err: msgspec.Raw = msgspec.Raw(b"null")
    confirmation_status: str | None = None


class _Meta(msgspec.Struct, frozen=True):
    fee: Lamports = 0


_entries = msgspec.json.Decoder(list[_Entry])


async def history(client: SolanaClient, account: str, cursor: str | None, limit: int) -> w.HistoryView:
    """The cursor is the signature before which to go on."""
    if cursor is not None and (len(cursor) > _SIGNATURE_MOST or not cursor.isalnum()):
        raise BadRequest("The cursor is not one of this list.")
    options: dict[str, object] = {"limit": limit, "commitment": "confirmed"}
    if cursor is not None:
        options["before"] = cursor
    try:
        entries = _entries.decode(await client.rpc.call("getSignaturesForAddress", [account, options]))
    except (msgspec.MsgspecError, RecursionError):
        raise NotUnderstood("a list of transactions") from None
    entries = entries[:limit]
    found = await _read(client, [entry.signature for entry in entries])
    items = [_item(account, entry, changes) for entry, changes in zip(entries, found, strict=True)]
    more = entries[-1].signature if len(entries) == limit else None
    tokens = sorted({change.asset for item in items for change in item.changes} - {NATIVE})
    return w.HistoryView(
        chain=client.chain.id, account=account, items=items, next_cursor=more, covers=COVERS,
        assets=await assets_of(client, tokens),
    )  # fmt: skip


async def assets_of(client: SolanaClient, tokens: Sequence[str]) -> list[w.AssetView]:
    """What tokens say of themselves; their silence must not cost the answer."""
    try:
        said = await mint_words(client, [token for token in tokens if is_solana_key(token)])
    except ChainError:
        return []
    return [
        w.AssetView(
            asset=token, symbol=words.symbol, name=words.name, decimals=words.mint.decimals,
            standard="token2022" if words.mint.program == TOKEN_2022 else "spl",
        )
        for token, words in said.items()
    ]  # fmt: skip


class _Raw(msgspec.Struct, rename="camel", frozen=True):
    transaction: tuple[str, str]
    slot: Lamports | None = None
    block_time: Seconds | None = None
    meta: _Meta | None = None


async def transaction(client: SolanaClient, tx: str) -> w.TxView:
    """Raises `NoSuchThing`."""
    options = {"encoding": "base64", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
    try:
        found = msgspec.json.decode(await client.rpc.call("getTransaction", [tx, options]), type=_Raw | None)
        raw = b"" if found is None else base64.b64decode(found.transaction[0], validate=True)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors too
        raise NotUnderstood("a transaction") from None
    if found is None:
        raise NoSuchThing("No endpoint has this transaction.")
    try:
        signatures = parse_transaction(raw)["signatures"]
    except WireError:
        raise NotUnderstood("a transaction") from None
    if tx not in signatures[:1]:
        raise NotUnderstood("a transaction other than the one asked for")
    fields = {"signature": tx, "slot": str(found.slot), "bytes": str(len(raw))}
    if found.meta is not None:
        fields["fee"] = str(found.meta.fee)
    return w.TxView(
        chain=client.chain.id, tx=tx, block=found.slot, block_hash="", time_s=found.block_time,
        raw_b64=base64.b64encode(raw).decode(), fields=fields,
    )  # fmt: skip


async def _read(client: SolanaClient, signatures: Sequence[str]) -> list[Transaction | None]:
    options = {"encoding": "json", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
    answers = await client.rpc.batch([("getTransaction", [signature, options]) for signature in signatures])
    found: list[Transaction | None] = []
    for signature, answer in zip(signatures, answers, strict=True):
        try:
            said = None if isinstance(answer, Refused) else msgspec.json.decode(answer)
            tx = from_rpc(said) if isinstance(said, dict) else None
        except (Malformed, msgspec.MsgspecError, RecursionError):
            tx = None
        found.append(tx if tx is not None and tx.signature == signature else None)
    return found


def _item(account: str, entry: _Entry, tx: Transaction | None) -> w.HistoryItem:
    failed = bytes(entry.err) != b"null"
    item = w.HistoryItem(
        tx=entry.signature, block=entry.slot, time_s=entry.block_time, ok=not failed, fee_base=None, changes=[],
        clock="" if entry.block_time is None else "chain", state="failed" if failed else _state(entry),
    )  # fmt: skip
    if tx is None or not tx.executed:
        return item
    try:
        moved = changes_of(account, tx)
    except (KeyError, TypeError, ValueError, IndexError):
        return item
    fee = sum(-amount for kind, _, amount, _ in moved if kind == "fee")
    item.fee_base = str(fee) if fee else None
    item.changes = [
        w.ChangeView(account=account, asset=asset, change_base=str(n)) for kind, asset, n, _ in moved if kind != "fee"
    ]
    item.moves = [
        w.MoveView(kind=_kind(kind), asset=asset, change_base=str(n), other=other) for kind, asset, n, other in moved
    ]
    return item


def _kind(kind: str) -> w.MoveKind:
    return "fee" if kind == "fee" else "transfer" if kind == "transfer" else "change"


def _state(entry: _Entry) -> w.HistoryState | None:
    return {"finalized": "final", "confirmed": "included"}.get(entry.confirmation_status or "")  # type: ignore[return-value]
