"""What logs tell of an EVM account: token transfers, and who was given leave to take. Says how far back was looked.

Endpoints differ in how many blocks they look through at once: the window shrinks until one is taken.
"""

from collections.abc import Sequence

import msgspec

from fluxdesk.chains.evm.client import EvmClient, read_head
from fluxdesk.chains.evm.refusals import classified
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused, Why
from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.node.wallet_evm_simulation import APPROVAL, APPROVAL_FOR_ALL, TRANSFER, UNLIMITED, Log, approval

_WINDOW, _SMALLEST = 10_000, 50
_WINDOWS_MOST = 8
_APPROVALS_BACK = 400_000
_PAIRS_MOST = 200
_ALLOWANCE, _FOR_ALL = "0xdd62ed3e", "0xe985e9c5"
HISTORY_COVERS = (
    "Transfers of tokens, as their contracts log them. Payments of the coin itself and calls without a token are not "
    "in it: an endpoint cannot be asked for those."
)


class _Found(Log, rename="camel"):
    block_number: str = "0x0"
    transaction_hash: str = ""


_logs = msgspec.json.Decoder(list[_Found])


class Window:
    """Blocks first..last, both included, and how many an endpoint takes at once."""

    def __init__(self, size: int = _WINDOW):
        self.size = size

    async def logs(self, client: EvmClient, last: int, topics: Sequence[Sequence[object]]) -> tuple[int, list[_Found]]:
        """(first block looked at, logs up to `last` that fit any of the filters)."""
        while True:
            first = max(0, last - self.size + 1)
            asked = [("eth_getLogs", [{"fromBlock": hex(first), "toBlock": hex(last), "topics": t}]) for t in topics]
            found: list[_Found] = []
            for answer in await client.rpc.batch(asked):
                if isinstance(answer, Refused):
                    refused = classified(answer)
                    if refused.why is not Why.RANGE_TOO_LARGE or self.size <= _SMALLEST:
                        raise refused
                    break
                try:
                    found += _logs.decode(answer)
                except msgspec.MsgspecError:
                    raise NotUnderstood("logs") from None
            else:
                return first, found
            self.size = max(_SMALLEST, self.size // 4)


async def history(client: EvmClient, account: str, cursor: str | None, limit: int) -> w.HistoryView:
    """Newest first. The cursor is the block below which to go on."""
    last = (await client.head()).number if cursor is None else _block(cursor)
    topic = _topic(account)
    window = Window()
    found: dict[str, list[_Found]] = {}
    for _ in range(_WINDOWS_MOST):
        first, logs = await window.logs(client, last, [[TRANSFER, topic], [TRANSFER, None, topic]])
        for log in sorted(logs, key=lambda log: int(log.block_number, 16), reverse=True):
            if len(log.topics) == 3 and len(log.data) == 66:
                found.setdefault(log.transaction_hash, []).append(log)
        last = first - 1
        if last < 0 or len(found) >= limit:
            break
    kept = list(found.items())
    if len(kept) > limit:
        # A page ends between blocks, so that the next one begins where this one stopped.
        edge = int(kept[limit - 1][1][0].block_number, 16)
        kept = [item for item in kept if int(item[1][0].block_number, 16) >= edge]
        last = edge - 1
    times = await _times(client, [int(logs[0].block_number, 16) for _, logs in kept])
    items = [_item(account, tx, logs, times) for tx, logs in kept]
    return w.HistoryView(
        chain=client.chain.id, account=account, items=items, next_cursor=None if last < 0 else str(last),
        covers=HISTORY_COVERS,
    )  # fmt: skip


async def allowances(client: EvmClient, account: str) -> w.AllowancesView:
    """Those that hold now, of all that were ever given in the blocks looked at."""
    head = (await client.head()).number
    topic = _topic(account)
    window, last, logs = Window(max(_WINDOW, head + 1)), head, list[_Found]()
    lowest = max(0, head - _APPROVALS_BACK)
    for _ in range(_WINDOWS_MOST * 5):
        last, found = await window.logs(client, last, [[APPROVAL, topic], [APPROVAL_FOR_ALL, topic]])
        logs += found
        last -= 1
        if last < lowest:
            break
    given = {(a.asset, a.spender, log.topics[0]) for log in logs if (a := approval(log)) is not None}
    pairs = sorted(given)[:_PAIRS_MOST]
    asked = [_question(account, *pair) for pair in pairs]
    answers = await client.batch([("eth_call", [call, "latest"]) for call in asked])
    items = [
        view for pair, answer in zip(pairs, answers, strict=True) if (view := _held(account, pair, answer)) is not None
    ]
    since = "the first block" if last < 0 else f"block {last + 1:,}"
    more = "" if len(given) <= _PAIRS_MOST else f" Only {_PAIRS_MOST} of {len(given)} pairs were asked."
    return w.AllowancesView(
        chain=client.chain.id, account=account, items=items,
        covers=f"Given from {since} to block {head:,}, as it stands now. Permit2 allowances are not in it.{more}",
    )  # fmt: skip


def _item(account: str, tx: str, logs: list[_Found], times: dict[int, int]) -> w.HistoryItem:
    block = int(logs[0].block_number, 16)
    sums: dict[str, int] = {}
    for log in logs:
        amount = int(log.data, 16)
        gains = (log.topics[2][-40:] == account[2:]) - (log.topics[1][-40:] == account[2:])
        sums[log.address.lower()] = sums.get(log.address.lower(), 0) + amount * gains
    changes = [w.ChangeView(account=account, asset=asset, change_base=str(n)) for asset, n in sums.items() if n]
    return w.HistoryItem(tx=tx, block=block, time_s=times.get(block), ok=True, fee_base=None, changes=changes)


async def _times(client: EvmClient, blocks: list[int]) -> dict[int, int]:
    wanted = sorted(set(blocks))
    answers = await client.batch([("eth_getBlockByNumber", [hex(block), False]) for block in wanted])
    return {
        block: read_head(answer).time_s
        for block, answer in zip(wanted, answers, strict=True)
        if not isinstance(answer, Refused) and answer != b"null"
    }


def _question(account: str, asset: str, spender: str, kind: str) -> dict[str, str]:
    selector = _ALLOWANCE if kind == APPROVAL else _FOR_ALL
    return {"to": asset, "data": selector + _topic(account)[2:] + _topic(spender)[2:]}


def _held(account: str, pair: tuple[str, str, str], answer: bytes | Refused) -> w.ApprovalView | None:
    """None where nothing may be taken any more, or the contract does not say."""
    if isinstance(answer, Refused):
        return None
    try:
        text = msgspec.json.decode(answer, type=str)
        amount = int(text, 16) if len(text) == 66 else 0
    except (msgspec.MsgspecError, ValueError):
        return None
    if not amount:
        return None
    asset, spender, kind = pair
    whole = kind == APPROVAL_FOR_ALL
    return w.ApprovalView(
        owner=account, asset=asset, spender=spender, amount_base=None if whole else str(amount),
        unlimited=whole or amount >= UNLIMITED,
    )  # fmt: skip


def _topic(address: str) -> str:
    return "0x" + "00" * 12 + address[2:].lower()


def _block(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
        raise BadRequest("The cursor is not one of this list.")
    return int(cursor)
