"""The history of EVM accounts as the wallet shows it: an index read upwards from when an account was first looked at,
and below that the token transfers that logs tell of.

The index has coin payments, tokens and fees, survives reorganisations and says what they took back; it is read on at
each look, for a while at once and then in the background. One that fell too far behind begins anew nearer to the head.
"""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.history import EvmHistory
from fluxdesk.chains.evm.metadata import token_words
from fluxdesk.chains.history.movement import Movement
from fluxdesk.chains.history.repository import HistoryRepository
from fluxdesk.chains.rpc.errors import ChainError
from fluxdesk.chains.sending.ports import NATIVE
from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.node import wallet_evm_past
from fluxdesk.node.wallet_evm_allowances import asset_view

BACK = 256
"""Blocks below the head where an account begins that was never read."""
SHORT_CHAIN = 5_000
"""A chain no longer than this, as one to practise on, is read from its first block."""
BEHIND_MOST = 5_000
"""Blocks that are read to catch up; a longer gap is left to the logs."""
AT_ONCE_S = 4.0
_SINCE = "since"
_MOVEMENTS_MOST = 1_000


class EvmPast:
    """One chain's. `file` is made at the first look."""

    def __init__(self, client: EvmClient, file: Path) -> None:
        self._client, self._file = client, file
        self._repository: HistoryRepository | None = None
        self._indexer: EvmHistory | None = None
        self._turn = asyncio.Lock()
        self._reading: dict[str, asyncio.Task[None]] = {}

    async def close(self) -> None:
        """Stops reading; what was read is kept."""
        for task in self._reading.values():
            task.cancel()
        await asyncio.gather(*self._reading.values(), return_exceptions=True)
        if self._repository is not None:
            await asyncio.to_thread(self._repository.close)

    async def page(self, account: str, cursor: str | None, limit: int) -> w.HistoryView:
        """Newest first. Raises `ChainError`, `BadRequest`."""
        if cursor is not None and not cursor.startswith("i"):
            view = await wallet_evm_past.history(self._client, account, cursor, limit)
            return await self._named(view)
        async with self._turn:
            repository, indexer = await self._open()
            done = await self._read_on(indexer, repository, account, AT_ONCE_S)
            since = await self._since(repository, account)
            before = None if cursor is None else _height(cursor)
            found = await asyncio.to_thread(
                lambda: repository.movements(self._client.chain.id, account, before, _MOVEMENTS_MOST, withdrawn=True)
            )
        if not done:
            self._go_on(account)
        groups = _grouped(m for m in found if m.block >= since)
        items = [_item(account, group) for group in groups[:limit]]
        view = w.HistoryView(
            chain=self._client.chain.id, account=account, items=items, next_cursor=None,
            covers=_covers(since, done),
        )  # fmt: skip
        if len(groups) > limit:
            # A page ends between blocks, so that the next one begins where this one stopped.
            edge = groups[limit - 1][0].block
            view.items = [_item(account, group) for group in groups if group[0].block >= edge]
            view.next_cursor = f"i{edge}"
        elif since > 0:
            older = await wallet_evm_past.history(self._client, account, str(since - 1), max(1, limit - len(items)))
            view.items, view.next_cursor = [*items, *older.items], older.next_cursor
        return await self._named(view)

    async def _named(self, view: w.HistoryView) -> w.HistoryView:
        """With what its tokens call themselves; their silence must not cost the list."""
        tokens = sorted({change.asset for item in view.items for change in item.changes} - {NATIVE})
        try:
            words = await token_words(self._client, tokens)
        except ChainError:
            return view
        view.assets = [asset_view(token, words[token]) for token in tokens]
        return view

    async def _open(self) -> tuple[HistoryRepository, EvmHistory]:
        if self._repository is None or self._indexer is None:
            self._repository = await asyncio.to_thread(HistoryRepository, self._file)
            self._indexer = EvmHistory(self._client, self._repository)
        return self._repository, self._indexer

    async def _read_on(self, indexer: EvmHistory, repository: HistoryRepository, account: str, within_s: float) -> bool:
        """Whether the newest block was reached in time."""
        head = (await self._client.head()).number
        read_to = await indexer.next_block(account)
        if read_to is None or head - read_to > BEHIND_MOST:
            first = 0 if head <= SHORT_CHAIN else max(0, head - BACK)
            chain, value = self._client.chain.id, str(first).encode()
            await indexer.begin(account, first)
            await asyncio.to_thread(lambda: repository.write(chain, account, _SINCE, value, ()))
        until = time.monotonic() + within_s
        while not (await indexer.step(account)).done:
            if time.monotonic() > until:
                return False
        return True

    def _go_on(self, account: str) -> None:
        if account not in self._reading:
            task = asyncio.create_task(self._rest(account))
            self._reading[account] = task
            task.add_done_callback(lambda _: self._reading.pop(account, None))

    async def _rest(self, account: str) -> None:
        """In the background, so that others may look in between; a chain that is away ends it until the next look."""
        done = False
        while not done:
            async with self._turn:
                repository, indexer = await self._open()
                try:
                    done = await self._read_on(indexer, repository, account, 0.0)
                except ChainError:
                    return

    async def _since(self, repository: HistoryRepository, account: str) -> int:
        saved = await asyncio.to_thread(lambda: repository.checkpoint(self._client.chain.id, account, _SINCE))
        return int(saved) if saved is not None else 0


def _grouped(movements: Iterable[Movement]) -> list[list[Movement]]:
    """By transaction, newest first. One that was taken back and came again is the one that came."""
    groups: dict[str, list[Movement]] = {}
    for movement in movements:
        groups.setdefault(movement.tx, []).append(movement)
    kept = [[m for m in group if not m.withdrawn] or group for group in groups.values()]
    return sorted(kept, key=lambda group: -group[0].block)


def _item(account: str, group: list[Movement]) -> w.HistoryItem:
    first = group[0]
    sums: dict[str, int] = {}
    for movement in group:
        if movement.kind not in ("fee", "failed"):
            sums[movement.asset] = sums.get(movement.asset, 0) + movement.amount
    fee = sum(-m.amount for m in group if m.kind in ("fee", "failed"))
    failed = any(m.kind == "failed" for m in group)
    state: w.HistoryState = "final" if first.final else "included"
    if failed:
        state = "failed"
    if first.withdrawn:
        state = "withdrawn"
    return w.HistoryItem(
        tx=first.tx, block=first.block, time_s=first.time_s, ok=None if first.withdrawn else not failed,
        fee_base=str(fee) if fee else None, block_hash=first.block_hash, clock="chain", state=state,
        changes=[w.ChangeView(account=account, asset=asset, change_base=str(n)) for asset, n in sums.items() if n],
        moves=[_move(movement) for movement in group],
    )  # fmt: skip


def _move(movement: Movement) -> w.MoveView:
    kind: w.MoveKind = "fee" if movement.kind in ("fee", "failed") else "transfer"
    return w.MoveView(kind=kind, asset=movement.asset, change_base=str(movement.amount), other=movement.other)


def _covers(since: int, done: bool) -> str:
    full = "Payments, tokens and fees"
    above = (
        f"{full} of every block." if since <= 0 else f"{full} from block {since:,} on; before it, transfers of tokens."
    )
    more = "" if done else " The newest blocks are still being read."
    return f"{above}{more} Coin that a contract sends on within a transaction is in the balance only."


def _height(cursor: str) -> int:
    digits = cursor[1:]
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise BadRequest("The cursor is not one of this list.")
    return int(digits)
