"""Transactions of a Solana account, newest first, from what the endpoint keeps of balances before and after."""

import base64
from collections.abc import Sequence

import msgspec

from fluxdesk.chains.rpc.errors import NotUnderstood, Refused
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.wire import WireError, parse_transaction
from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import BadRequest, NoSuchThing

COVERS = (
    "Transactions that name the account's own address. What arrived in one of its token accounts without naming it is "
    "in the balances only."
)
_SIGNATURE_MOST = 90


class _Entry(msgspec.Struct, rename="camel", frozen=True):
    signature: str
    slot: int | None = None
    block_time: int | None = None
    err: msgspec.Raw = msgspec.Raw(b"null")


class _Ui(msgspec.Struct, frozen=True):
    amount: str = "0"


class _TokenBalance(msgspec.Struct, rename="camel", frozen=True):
    mint: str
    owner: str | None = None
    ui_token_amount: _Ui = _Ui()


class _Loaded(msgspec.Struct, frozen=True):
    writable: list[str] = []
    readonly: list[str] = []


class _Meta(msgspec.Struct, rename="camel", frozen=True):
    fee: int = 0
    pre_balances: list[int] = []
    post_balances: list[int] = []
    pre_token_balances: list[_TokenBalance] | None = None
    post_token_balances: list[_TokenBalance] | None = None
    loaded_addresses: _Loaded | None = None


class _Message(msgspec.Struct, rename="camel", frozen=True):
    account_keys: list[str] = []


class _Inside(msgspec.Struct, frozen=True):
    message: _Message


class _Transaction(msgspec.Struct, frozen=True):
    transaction: _Inside
    meta: _Meta | None = None


_entries = msgspec.json.Decoder(list[_Entry])
_transaction = msgspec.json.Decoder(_Transaction | None)


async def history(client: SolanaClient, account: str, cursor: str | None, limit: int) -> w.HistoryView:
    """The cursor is the signature before which to go on."""
    if cursor is not None and (len(cursor) > _SIGNATURE_MOST or not cursor.isalnum()):
        raise BadRequest("The cursor is not one of this list.")
    options: dict[str, object] = {"limit": limit, "commitment": "confirmed"}
    if cursor is not None:
        options["before"] = cursor
    try:
        entries = _entries.decode(await client.rpc.call("getSignaturesForAddress", [account, options]))
    except msgspec.MsgspecError:
        raise NotUnderstood("a list of transactions") from None
    metas = await _read(client, [entry.signature for entry in entries])
    items = [_item(account, entry, found) for entry, found in zip(entries, metas, strict=True)]
    more = entries[-1].signature if len(entries) == limit else None
    return w.HistoryView(chain=client.chain.id, account=account, items=items, next_cursor=more, covers=COVERS)


class _Raw(msgspec.Struct, rename="camel", frozen=True):
    transaction: tuple[str, str]
    slot: int | None = None
    block_time: int | None = None
    meta: _Meta | None = None


async def transaction(client: SolanaClient, tx: str) -> w.TxView:
    """Raises `NoSuchThing`."""
    options = {"encoding": "base64", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
    try:
        found = msgspec.json.decode(await client.rpc.call("getTransaction", [tx, options]), type=_Raw | None)
        raw = b"" if found is None else base64.b64decode(found.transaction[0], validate=True)
    except ValueError:  # msgspec's errors are ValueErrors too
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


async def _read(client: SolanaClient, signatures: Sequence[str]) -> list[_Transaction | None]:
    options = {"encoding": "json", "commitment": "confirmed", "maxSupportedTransactionVersion": 0}
    answers = await client.rpc.batch([("getTransaction", [signature, options]) for signature in signatures])
    found: list[_Transaction | None] = []
    for answer in answers:
        try:
            found.append(None if isinstance(answer, Refused) else _transaction.decode(answer))
        except msgspec.MsgspecError:
            found.append(None)
    return found


def _item(account: str, entry: _Entry, found: _Transaction | None) -> w.HistoryItem:
    item = w.HistoryItem(
        tx=entry.signature, block=entry.slot, time_s=entry.block_time, ok=bytes(entry.err) == b"null", fee_base=None,
        changes=[],
    )  # fmt: skip
    if found is None or found.meta is None:
        return item
    meta, keys = found.meta, list(found.transaction.message.account_keys)
    if meta.loaded_addresses is not None:
        keys += [*meta.loaded_addresses.writable, *meta.loaded_addresses.readonly]
    paid = meta.fee if keys and keys[0] == account else 0
    item.fee_base = str(paid) if paid else None
    sums: dict[str, int] = {}
    if account in keys:
        at = keys.index(account)
        if at < min(len(meta.pre_balances), len(meta.post_balances)):
            sums["native"] = meta.post_balances[at] - meta.pre_balances[at] + paid
    for balances, sign in ((meta.pre_token_balances, -1), (meta.post_token_balances, 1)):
        for held in balances or []:
            if held.owner == account and held.ui_token_amount.amount.isdigit():
                sums[held.mint] = sums.get(held.mint, 0) + sign * int(held.ui_token_amount.amount)
    item.changes = [w.ChangeView(account=account, asset=asset, change_base=str(n)) for asset, n in sums.items() if n]
    return item
