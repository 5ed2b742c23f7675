"""Logs asked for backwards, in windows: endpoints differ in how many blocks they look through at once.

The window shrinks until one is taken. An endpoint decides what it sends: shapes and heights are checked here.
"""

from collections.abc import Sequence

import msgspec

from fluxdesk.chains.evm.client import EvmClient, read_head
from fluxdesk.chains.evm.refusals import classified
from fluxdesk.chains.evm.words import Address, Data, Height, Word
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused, Why

WINDOW, _SMALLEST = 10_000, 50
_TIMES_MOST = 500


class Found(msgspec.Struct, rename="camel"):
    """One log and where it is."""

    address: Address
    topics: list[Word]
    data: Data
    block_number: Height
    transaction_hash: Word
    log_index: Height = "0x0"
    block_hash: Word = "0x" + "00" * 32

    @property
    def height(self) -> int:
        """Of its block."""
        return int(self.block_number, 16)

    @property
    def place(self) -> tuple[int, int]:
        """Block and index: newer ones are larger."""
        return self.height, int(self.log_index, 16)


_logs = msgspec.json.Decoder(list[Found])


class Window:
    """Blocks first..last, both included, and how many an endpoint takes at once."""

    def __init__(self, size: int = WINDOW):
        self.size = size

    async def logs(self, client: EvmClient, last: int, topics: Sequence[Sequence[object]]) -> tuple[int, list[Found]]:
        """(first block looked at, logs up to `last` that fit any of the filters). Raises `ChainError`."""
        while True:
            first = max(0, last - self.size + 1)
            asked = [("eth_getLogs", [{"fromBlock": hex(first), "toBlock": hex(last), "topics": t}]) for t in topics]
            found: list[Found] = []
            for answer in await client.rpc.batch(asked):
                if isinstance(answer, Refused):
                    refused = classified(answer)
                    if refused.why is not Why.RANGE_TOO_LARGE or self.size <= _SMALLEST:
                        raise refused
                    break
                try:
                    found += [log for log in _logs.decode(answer) if first <= log.height <= last]
                except (msgspec.MsgspecError, RecursionError):
                    raise NotUnderstood("logs") from None
            else:
                return first, found
            self.size = max(_SMALLEST, self.size // 4)


async def block_times(client: EvmClient, blocks: Sequence[int]) -> dict[int, int]:
    """Times of blocks, as far as the endpoint says; a date must not cost the list."""
    wanted = sorted(set(blocks))[:_TIMES_MOST]
    answers = await client.batch([("eth_getBlockByNumber", [hex(block), False]) for block in wanted])
    times = {}
    for block, answer in zip(wanted, answers, strict=True):
        try:
            head = None if isinstance(answer, Refused) or answer == b"null" else read_head(answer)
        except NotUnderstood:
            continue
        if head is not None and head.number == block:
            times[block] = head.time_s
    return times


def topic_of(address: str) -> str:
    """An address as a topic."""
    return "0x" + "00" * 12 + address[2:].lower()
