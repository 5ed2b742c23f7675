"""The history of an account on an EVM chain: transfers of the coin, ERC-20 transfers, and the fees it paid.

Read upwards in pieces: the blocks with their transactions, and the token logs of the account in them. What a contract
sends on within a transaction leaves no trace that a plain endpoint shows, so coin received from contracts is missing
here; the balance has it. The checkpoint remembers the hashes of the last blocks: where the chain has others now, what
was read above the fork is taken out and read again.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.words import Address, Data, Height, Quantity, Word
from fluxdesk.chains.history.movement import Movement, Progress
from fluxdesk.chains.history.repository import HistoryRepository
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused, Why
from fluxdesk.chains.sending.ports import NATIVE

TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
"""keccak of `Transfer(address,address,uint256)`; an ERC-20's has three topics, an NFT's four."""
LINE = "blocks"
REMEMBERED = 128
PIECE_FIRST, PIECE_LEAST = 50, 1

_T = TypeVar("_T")


class _Checkpoint(msgspec.Struct):
    """`next`: the first height that is not read. `recent`: (height, hash) of the last blocks read, oldest first."""

    next: int
    recent: list[tuple[int, str]] = []


class _Tx(msgspec.Struct, rename={"sender": "from"}):
    hash: Word
    sender: Address
    value: Quantity
    to: Address | None = None


class _Block(msgspec.Struct, rename="camel"):
    number: Height
    hash: Word
    parent_hash: Word
    timestamp: Height
    transactions: list[_Tx] = []


class _Log(msgspec.Struct, rename="camel"):
    address: Address
    topics: list[Word]
    data: Data
    block_number: Height
    transaction_hash: Word
    log_index: Height


class EvmHistory:
    """The `Indexer` of an EVM chain. `start` is where an account that was never read begins; None: at the head."""

    def __init__(
        self,
        client: EvmClient,
        repository: HistoryRepository,
        start: int | None = None,
        confirmations: int | None = None,
    ):
        self._client, self._repository, self._start = client, repository, start
        self._confirmations = client.chain.confirmations if confirmations is None else confirmations
        self._piece = PIECE_FIRST

    async def next_block(self, account: str) -> int | None:
        """The first height that is not read; None for an account that was never read."""
        saved = await _thread(lambda: self._repository.checkpoint(self._client.chain.id, account.lower(), LINE))
        return None if saved is None else msgspec.json.decode(saved, type=_Checkpoint).next

    async def begin(self, account: str, at: int) -> None:
        """Read on from this height, whatever was read before."""
        point = msgspec.json.encode(_Checkpoint(at))
        await _thread(lambda: self._repository.write(self._client.chain.id, account.lower(), LINE, point, ()))

    async def step(self, account: str) -> Progress:
        """Read the next piece of blocks, after a look whether those read last are still the chain's."""
        account = account.lower()
        head = (await self._client.head()).number
        saved = await _thread(lambda: self._repository.checkpoint(self._client.chain.id, account, LINE))
        first = head if self._start is None else self._start
        point = _Checkpoint(first) if saved is None else msgspec.json.decode(saved, type=_Checkpoint)
        fork = await self._fork(point, head)
        upto = min(head, point.next + self._piece - 1)
        found: list[Movement] = []
        if upto >= point.next:
            try:
                blocks = await self._blocks(point.next, upto)
                if not _linked(point.recent, blocks):
                    return Progress(0, done=False)  # the chain changed while it was read: the next step sees where
                found = await self._movements(account, blocks)
            except Refused as refused:
                if refused.why is not Why.RANGE_TOO_LARGE or self._piece <= PIECE_LEAST:
                    raise
                self._piece = max(PIECE_LEAST, self._piece // 2)
                return Progress(0, done=False)
            point.next = upto + 1
            point.recent = [*point.recent, *((int(b.number, 16), b.hash) for b in blocks)][-REMEMBERED:]
        settled = head - self._confirmations + 2

        def write() -> None:
            checkpoint = msgspec.json.encode(point)
            self._repository.write(self._client.chain.id, account, LINE, checkpoint, found, forget_from=fork)
            self._repository.settle(self._client.chain.id, account, settled)

        await _thread(write)
        return Progress(len(found), done=point.next > head)

    async def _fork(self, point: _Checkpoint, head: int) -> int | None:
        """The first height at which the chain is another than was read; the checkpoint is set back to it."""
        before = point.next
        while point.recent:
            height, known = point.recent[-1]
            if height <= head and (await self._client.head(height)).hash == known:
                break
            point.recent.pop()
            point.next = height
        return None if point.next == before else point.next

    async def _blocks(self, first: int, last: int) -> list[_Block]:
        answers = await self._client.batch(
            [("eth_getBlockByNumber", [hex(number), True]) for number in range(first, last + 1)]
        )
        blocks = []
        for number, answer in zip(range(first, last + 1), answers, strict=True):
            if isinstance(answer, Refused):
                raise answer
            try:
                block = msgspec.json.decode(answer, type=_Block)
            except (msgspec.MsgspecError, RecursionError):
                raise NotUnderstood("a block") from None
            if int(block.number, 16) != number:
                raise NotUnderstood("another block than the one asked for")
            blocks.append(block)
        return blocks

    async def _movements(self, account: str, blocks: Sequence[_Block]) -> list[Movement]:
        by_height = {int(block.number, 16): block for block in blocks}
        sides = [(b, tx, tx.sender.lower(), (tx.to or "").lower()) for b in blocks for tx in b.transactions]
        own = [found for found in sides if account in found[2:]]
        receipts = await self._client.receipts([tx.hash for _, tx, _, _ in own])
        found = []
        for (block, tx, sender, receiver), receipt in zip(own, receipts, strict=True):
            if receipt is None or receipt.block_hash != block.hash:
                raise NotUnderstood("a transaction without the receipt that belongs to its block")
            value = int(tx.value, 16)
            if sender == account:
                kind = "fee" if receipt.ok else "failed"
                found.append(self._moved(account, block, tx.hash, "fee", kind, NATIVE, -receipt.fee, None))
            if receipt.ok and value and sender != receiver:
                amount, other = (-value, receiver or None) if sender == account else (value, sender)
                found.append(self._moved(account, block, tx.hash, "value", "transfer", NATIVE, amount, other))
        for log in await self._logs(account, int(blocks[0].number, 16), int(blocks[-1].number, 16)):
            block = by_height[int(log.block_number, 16)]
            sender, receiver = ("0x" + topic[-40:].lower() for topic in log.topics[1:])
            size = int(log.data, 16)
            if sender == receiver or not size:
                continue
            amount, other = (-size, receiver) if sender == account else (size, sender)
            index = f"log{int(log.log_index, 16)}"
            asset = log.address.lower()
            found.append(self._moved(account, block, log.transaction_hash, index, "transfer", asset, amount, other))
        return found

    async def _logs(self, account: str, first: int, last: int) -> list[_Log]:
        """Token transfers from and to the account, each once."""
        padded = "0x" + "0" * 24 + account[2:]
        span = {"fromBlock": hex(first), "toBlock": hex(last)}
        answers = await self._client.batch(
            [
                ("eth_getLogs", [{**span, "topics": [TRANSFER_TOPIC, padded]}]),
                ("eth_getLogs", [{**span, "topics": [TRANSFER_TOPIC, None, padded]}]),
            ]
        )
        found: dict[tuple[str, str], _Log] = {}
        for answer in answers:
            if isinstance(answer, Refused):
                raise answer
            try:
                logs = msgspec.json.decode(answer, type=list[_Log])
            except (msgspec.MsgspecError, RecursionError):
                raise NotUnderstood("the logs of a token") from None
            for log in logs:
                # An endpoint decides what it sends: only what was asked for counts.
                if (
                    len(log.topics) == 3
                    and log.topics[0] == TRANSFER_TOPIC
                    and padded in log.topics[1:]
                    and len(log.data) == 66
                    and first <= int(log.block_number, 16) <= last
                ):
                    found[log.transaction_hash, log.log_index] = log
        return list(found.values())

    def _moved(
        self, account: str, block: _Block, tx: str, index: str, kind: str, asset: str, amount: int, other: str | None
    ) -> Movement:
        return Movement(
            self._client.chain.id, account, tx, index, kind, asset, amount, other, int(block.number, 16), block.hash,
            int(block.timestamp, 16), final=False,
        )  # fmt: skip


def _linked(recent: Sequence[tuple[int, str]], blocks: Sequence[_Block]) -> bool:
    """Whether each block names the one before it as its parent."""
    parents = [recent[-1][1] if recent else blocks[0].parent_hash, *(block.hash for block in blocks)]
    return all(block.parent_hash == parent for block, parent in zip(blocks, parents, strict=False))


async def _thread(function: Callable[[], _T]) -> _T:
    return await asyncio.to_thread(function)
