"""What logs tell of an EVM account's past: token transfers, newest first; and single transactions with their bytes."""

import base64

import msgspec

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.libraries import load
from fluxdesk.chains.rpc.errors import ChainError, NotUnderstood
from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import BadRequest, NoSuchThing
from fluxdesk.node.wallet_evm_logs import Found, Window, block_times, topic_of
from fluxdesk.node.wallet_evm_simulation import TRANSFER

_WINDOWS_MOST = 8
_FIELDS_MOST, _FIELD_MOST = 40, 262_144
HISTORY_COVERS = (
    "Transfers of tokens, as their contracts log them. Payments of the coin itself and calls without a token are not "
    "in it: an endpoint cannot be asked for those."
)


async def history(client: EvmClient, account: str, cursor: str | None, limit: int) -> w.HistoryView:
    """Newest first. The cursor is the block below which to go on."""
    last = (await client.head()).number if cursor is None else _block(cursor)
    topic = topic_of(account)
    window = Window()
    found: dict[str, list[Found]] = {}
    for _ in range(_WINDOWS_MOST):
        first, logs = await window.logs(client, last, [[TRANSFER, topic], [TRANSFER, None, topic]])
        for log in sorted(logs, key=lambda log: log.height, reverse=True):
            if len(log.topics) == 3 and len(log.data) == 66:
                found.setdefault(log.transaction_hash, []).append(log)
        last = first - 1
        if last < 0 or len(found) >= limit:
            break
    kept = list(found.items())
    if len(kept) > limit:
        # A page ends between blocks, so that the next one begins where this one stopped.
        edge = kept[limit - 1][1][0].height
        kept = [item for item in kept if item[1][0].height >= edge]
        last = edge - 1
    times = await block_times(client, [logs[0].height for _, logs in kept])
    items = [_item(account, tx, logs, times) for tx, logs in kept]
    return w.HistoryView(
        chain=client.chain.id, account=account, items=items, next_cursor=None if last < 0 else str(last),
        covers=HISTORY_COVERS,
    )  # fmt: skip


async def transaction(client: EvmClient, tx: str) -> w.TxView:
    """Raises `NoSuchThing`. The bytes are asked for where the endpoint offers them, and must hash to `tx`."""
    load()
    from web3 import Web3

    try:
        found = msgspec.json.decode(
            await client.rpc.call("eth_getTransactionByHash", [tx]), type=dict[str, object] | None
        )
    except (msgspec.MsgspecError, RecursionError):
        raise NotUnderstood("a transaction") from None
    if found is None:
        raise NoSuchThing("No endpoint has this transaction.")
    fields = {name[:40]: _said(value) for name, value in list(found.items())[:_FIELDS_MOST]}
    if fields.get("hash", "").lower() != tx.lower():
        raise NotUnderstood("a transaction other than the one asked for")
    raw = await _raw(client, tx)
    if raw and Web3.keccak(raw).to_0x_hex() != tx.lower():
        raw = b""
    block = quantity_of(fields.get("blockNumber", ""))
    time_s = None if block is None else (await block_times(client, [block])).get(block)
    return w.TxView(
        chain=client.chain.id, tx=tx, block=block, block_hash=fields.get("blockHash", ""), time_s=time_s,
        raw_b64=base64.b64encode(raw).decode(), fields=fields,
    )  # fmt: skip


async def _raw(client: EvmClient, tx: str) -> bytes:
    """Empty where the endpoint has no such method, or no bytes."""
    try:
        text = msgspec.json.decode(await client.rpc.call("eth_getRawTransactionByHash", [tx]), type=str | None)
        return bytes.fromhex((text or "").removeprefix("0x"))
    except (ChainError, ValueError, RecursionError):
        return b""


def _said(value: object) -> str:
    """A field as text, bounded; JSON for what is no text."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text[:_FIELD_MOST]


def quantity_of(text: str) -> int | None:
    """A JSON-RPC quantity; None for anything else."""
    try:
        return int(text, 16) if text.startswith("0x") and len(text) <= 18 else None
    except ValueError:
        return None


def _item(account: str, tx: str, logs: list[Found], times: dict[int, int]) -> w.HistoryItem:
    block = logs[0].height
    sums: dict[str, int] = {}
    for log in logs:
        amount = int(log.data, 16)
        gains = (log.topics[2][-40:] == account[2:]) - (log.topics[1][-40:] == account[2:])
        sums[log.address.lower()] = sums.get(log.address.lower(), 0) + amount * gains
    changes = [w.ChangeView(account=account, asset=asset, change_base=str(n)) for asset, n in sums.items() if n]
    return w.HistoryItem(tx=tx, block=block, time_s=times.get(block), ok=True, fee_base=None, changes=changes)


def _block(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise BadRequest("The cursor is not one of this list.")
    return int(cursor)
