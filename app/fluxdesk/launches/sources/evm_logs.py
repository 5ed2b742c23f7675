"""Past logs of an EVM chain by `eth_getLogs`, in block ranges that shrink when the endpoint balks and grow when it does
not.

Providers cap ranges and answers in different ways (blocks, results, bytes, time) and say so in different words; the
range is therefore found by trying, never configured."""

from collections.abc import Iterable, Sequence

import msgspec

from fluxdesk.launches.sources.rpc import RpcFailed, RpcHttp, RpcUnavailable

PAIR_CREATED = "0x0d3648bd0f6ba80134a33ba9275ac585d9d315f0ad8355cddefde31afa28d0e9"
MINT = "0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f"
SWAP = "0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822"
"""Topic 0 of the Uniswap V2 events: keccak-256 of `PairCreated(address,address,address,uint256)`,
`Mint(address,uint256,uint256)` and `Swap(address,uint256,uint256,uint256,uint256,address)` (v2-core,
IUniswapV2Factory.sol and IUniswapV2Pair.sol)."""

SPAN_FIRST, SPAN_MAX = 500, 5_000
ADDRESSES_AT_ONCE = 100


class EvmLog(msgspec.Struct):
    """What is read of a log to route it; the log itself stays the bytes that arrived."""

    address: str
    topics: list[str]
    data: str = "0x"
    block_number: str | None = msgspec.field(name="blockNumber", default=None)
    block_hash: str | None = msgspec.field(name="blockHash", default=None)
    transaction_hash: str | None = msgspec.field(name="transactionHash", default=None)
    log_index: str | None = msgspec.field(name="logIndex", default=None)
    removed: bool = False

    @property
    def topic(self) -> str:
        """Topic 0, empty for an anonymous log."""
        return self.topics[0].lower() if self.topics else ""

    @property
    def block(self) -> int | None:
        """The block number; None while pending."""
        return quantity(self.block_number)

    @property
    def new_pair(self) -> str | None:
        """For PairCreated: the pair's address, the first word of the data."""
        return "0x" + self.data[26:66].lower() if self.topic == PAIR_CREATED and len(self.data) >= 66 else None

    def identity(self) -> tuple[str | None, str | None, str | None, bool]:
        """Equal for the same log of the same block, whoever delivered it; the withdrawal of a log is another thing."""
        return (self.block_hash, self.transaction_hash, self.log_index, self.removed)


class LogFailed(Exception):
    """Logs of some block could not be had; the text says why."""


read_log = msgspec.json.Decoder(EvmLog).decode
_read_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


def quantity(text: str | None) -> int | None:
    """A JSON-RPC quantity (`0x` and hex digits), None when it is not one."""
    try:
        return int(text, 16) if text and text.startswith("0x") and len(text) <= 66 else None
    except ValueError:
        return None


class LogRanges:
    """Reads ranges of past logs from one endpoint, remembering the range it accepts."""

    def __init__(self, rpc: RpcHttp):
        self.rpc = rpc
        self.span = SPAN_FIRST

    async def head(self) -> int:
        """The newest block the endpoint has. Raises `LogFailed`."""
        try:
            number = quantity(msgspec.json.decode(await self.rpc.call("eth_blockNumber", []), type=str))
        except (RpcFailed, RpcUnavailable, msgspec.MsgspecError) as error:
            raise LogFailed(f"{self.rpc.endpoint.shown}: {error}") from None
        if number is None:
            raise LogFailed(f"{self.rpc.endpoint.shown} does not say its block number")
        return number

    async def knows_block(self, block_hash: str) -> bool:
        """Whether the endpoint has a block with this hash, on its main chain or beside it. Raises `LogFailed`."""
        try:
            return await self.rpc.call("eth_getBlockByHash", [block_hash, False]) != b"null"
        except (RpcFailed, RpcUnavailable) as error:
            raise LogFailed(f"{self.rpc.endpoint.shown}: {error}") from None

    async def logs(
        self, addresses: Iterable[str], topics: Sequence[str], first: int, last: int
    ) -> list[tuple[EvmLog, bytes]]:
        """Every log of these addresses with one of these topics in blocks `first`..`last`, in chain order. Raises
        `LogFailed`."""
        wanted = sorted(addresses)
        found: list[tuple[EvmLog, bytes]] = []
        for at in range(0, len(wanted), ADDRESSES_AT_ONCE):
            chunk, block = wanted[at : at + ADDRESSES_AT_ONCE], first
            while block <= last:
                end = min(block + self.span - 1, last)
                part = await self._part(chunk, topics, block, end)
                if part is None:
                    self.span = max(1, (end - block + 1) // 2)
                    continue
                found += part
                self.span = min(SPAN_MAX, self.span * 2)
                block = end + 1
        return sorted(found, key=lambda pair: (pair[0].block or 0, quantity(pair[0].log_index) or 0))

    async def _part(
        self, addresses: Sequence[str], topics: Sequence[str], first: int, last: int
    ) -> list[tuple[EvmLog, bytes]] | None:
        """Logs of one range, or None when a smaller one should be tried."""
        wanted = {"address": addresses, "topics": [topics], "fromBlock": hex(first), "toBlock": hex(last)}
        try:
            listed = [bytes(raw) for raw in _read_list(await self.rpc.call("eth_getLogs", [wanted], tries=2))]
            return [(read_log(raw), raw) for raw in listed]
        except (RpcFailed, RpcUnavailable, msgspec.MsgspecError) as error:
            if first < last:
                return None
            raise LogFailed(f"{self.rpc.endpoint.shown} has no logs of block {first:,}: {error}") from None
