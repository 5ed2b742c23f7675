"""Questions to an EVM chain, answered in integers and lower-case hex.

Over web3 where it has the method; over the port itself where many questions go in one request. Shapes are checked, and
what is asked by hash must carry that hash: an endpoint may lie.
"""

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from fluxdesk.chains.evm.fees import PERCENTILES, History
from fluxdesk.chains.evm.libraries import load
from fluxdesk.chains.evm.provider import web3_over
from fluxdesk.chains.evm.refusals import classified
from fluxdesk.chains.evm.words import Height, Quantity, Word
from fluxdesk.chains.rpc.errors import ChainError, NotUnderstood, Refused
from fluxdesk.chains.rpc.port import ChainRpc
from fluxdesk.core.chains import Chain

if TYPE_CHECKING:
    from web3 import AsyncWeb3

_HISTORY_BLOCKS = 20
_PRICE_MOST = 1 << 128
"""Wei for a gas, far above what all coins would pay."""
_GAS_PRICE_ORACLE = "0x420000000000000000000000000000000000000f"
"""Predeploy of OP-stack chains; `getL1Fee(bytes)` takes the unsigned serialisation and allows for the signature."""
_GET_L1_FEE = bytes.fromhex("49948e0e")
_NODE_INTERFACE = "0x00000000000000000000000000000000000000c8"
"""Arbitrum's, which only calls see. `gasEstimateL1Component(address,bool,bytes)`: gas, base fee, base fee below."""
_L1_COMPONENT = bytes.fromhex("77d488a2")


class Head(NamedTuple):
    """A block. `base_fee` is None on a chain without EIP-1559."""

    number: int
    hash: str
    parent: str
    time_s: int
    base_fee: int | None


class Receipt(NamedTuple):
    """What became of a transaction. `fee` in wei, the rollup's data fee included where the receipt states it."""

    tx: str
    block: int
    block_hash: str
    ok: bool
    fee: int


class EvmClient:
    """One chain."""

    def __init__(self, rpc: ChainRpc):
        self.rpc = rpc
        self._web3: AsyncWeb3[Any] | None = None

    @property
    def chain(self) -> Chain:
        """Which."""
        return self.rpc.chain

    @property
    def eth(self) -> Any:
        """web3's `eth` module over the port."""
        if self._web3 is None:
            self._web3 = web3_over(self.rpc)
        return self._web3.eth

    async def head(self, number: int | None = None) -> Head:
        """The newest block, or the one of a number. Raises `NotUnderstood` when it is not there."""
        raw = await self._ask("eth_getBlockByNumber", ["latest" if number is None else hex(number), False])
        return read_head(raw)

    async def nonce(self, address: str, at: int | str = "pending") -> int:
        """How many transactions the account has made, as of `pending`, `latest` or a block."""
        return await self._number("a nonce", self.eth.get_transaction_count(checksum(address), at), 1 << 64)

    async def balance(self, address: str) -> int:
        """Wei."""
        return await self._number("a balance", self.eth.get_balance(checksum(address)))

    async def has_code(self, address: str) -> bool:
        """Whether a contract lives there (or the account delegates to one, EIP-7702)."""
        return bool(await self._understood("code", self.eth.get_code(checksum(address))))

    async def fee_history(self) -> History | None:
        """Base fee and tips of the last blocks; None on a chain without EIP-1559."""
        asked = self.eth.fee_history(_HISTORY_BLOCKS, "latest", list(PERCENTILES))
        found = await self._understood("the fees of the last blocks", asked)
        try:
            history = _history(found)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            raise NotUnderstood("the fees of the last blocks") from None
        if history is None and (await self.head()).base_fee is None:
            return None
        return history or History(0, ())

    async def gas_price(self) -> int:
        """What the endpoint would offer, wei per gas."""
        return await self._number("the gas price", self.eth.gas_price)

    async def estimate(self, account: str, to: str | None, value: int, data: bytes) -> int:
        """Gas that the call would take now. Raises `Refused` (`reverted`, `insufficient_funds`)."""
        call = {"from": checksum(account), "value": value, "data": "0x" + data.hex()}
        asked = self.eth.estimate_gas(call | ({} if to is None else {"to": checksum(to)}))
        return await self._number("a gas estimate", asked, 1 << 64)

    async def data_fee(self, unsigned_rlp: bytes) -> int:
        """What an OP-stack chain adds for its data on the chain below, wei."""
        padded = unsigned_rlp + bytes(-len(unsigned_rlp) % 32)
        call = _GET_L1_FEE + (32).to_bytes(32, "big") + len(unsigned_rlp).to_bytes(32, "big") + padded
        asked = self.eth.call({"to": checksum(_GAS_PRICE_ORACLE), "data": "0x" + call.hex()})
        found = await self._understood("the price of the chain's data", asked)
        if len(found) != 32:
            raise NotUnderstood("the price of the chain's data")
        return int.from_bytes(found, "big")

    async def data_gas(self, to: str | None, data: bytes) -> int:
        """How much of a gas estimate on Arbitrum is for its data on the chain below."""
        receiver = bytes(12) + (bytes(20) if to is None else bytes.fromhex(to[2:]))
        body = len(data).to_bytes(32, "big") + data + bytes(-len(data) % 32)
        call = _L1_COMPONENT + receiver + int(to is None).to_bytes(32, "big") + (96).to_bytes(32, "big") + body
        asked = self.eth.call({"to": checksum(_NODE_INTERFACE), "data": "0x" + call.hex()})
        found = await self._understood("the price of the chain's data", asked)
        if len(found) != 96 or int.from_bytes(found[:32], "big") >= 1 << 64:
            raise NotUnderstood("the price of the chain's data")
        return int.from_bytes(found[:32], "big")

    async def receipts(self, hashes: Sequence[str]) -> list[Receipt | None]:
        """Receipts in one request; None where the endpoint has none."""
        answers = await self.batch([("eth_getTransactionReceipt", [tx]) for tx in hashes])
        return [
            None if isinstance(raw, Refused) else read_receipt(raw, tx) for raw, tx in zip(answers, hashes, strict=True)
        ]

    async def batch(self, calls: Sequence[tuple[str, Sequence[object]]]) -> list[bytes | Refused]:
        """As the port's, refusals classified."""
        return [classified(a) if isinstance(a, Refused) else a for a in await self.rpc.batch(calls)]

    async def _number(self, what: str, asked: Awaitable[Any], limit: int = 1 << 256) -> int:
        """A quantity from 0 up to the limit. Raises `NotUnderstood`."""
        found = await self._understood(what, asked)
        if type(found) is not int or not 0 <= found < limit:
            raise NotUnderstood(what)
        return found

    async def _understood(self, what: str, asked: Awaitable[Any]) -> Any:
        """What web3 made of an answer. It raises whatever the answer leads it to; that is one thing here."""
        load()
        from web3.exceptions import Web3Exception

        try:
            return await asked
        except ChainError:
            raise
        except (Web3Exception, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
            raise NotUnderstood(what) from None

    async def _ask(self, method: str, params: Sequence[object]) -> bytes:
        try:
            return await self.rpc.call(method, params)
        except Refused as refused:
            raise classified(refused) from None


def _history(found: Any) -> History | None:
    """None where no block has a base fee. Raises what a wrong shape leads to."""
    bases, rewards = [int(base) for base in found["baseFeePerGas"]], found.get("reward") or []
    if any(not 0 <= base < _PRICE_MOST for base in bases):
        raise ValueError("a base fee that cannot be")
    if not any(bases):
        return None
    tips: list[tuple[int, int, int]] = []
    for reward, used in zip(rewards, found["gasUsedRatio"], strict=False):
        if used and len(reward) == 3:
            low, middle, high = (int(tip) for tip in reward)
            tips.append((low, middle, high))
    if any(not 0 <= tip < _PRICE_MOST for triple in tips for tip in triple):
        raise ValueError("a tip that cannot be")
    return History(bases[-1], tuple(tips))


def checksum(address: str) -> Any:
    """The EIP-55 form that web3 asks for."""
    load()
    from web3 import Web3

    return Web3.to_checksum_address(address)


class _Block(msgspec.Struct, rename="camel"):
    number: Height
    hash: Word
    parent_hash: Word
    timestamp: Height
    base_fee_per_gas: Quantity | None = None


class _Receipt(msgspec.Struct, rename="camel"):
    transaction_hash: Word
    block_hash: Word
    block_number: Height
    gas_used: Height
    status: Quantity = "0x1"
    effective_gas_price: Quantity | None = None
    l1_fee: Quantity | None = msgspec.field(default=None, name="l1Fee")


_block = msgspec.json.Decoder(_Block)
_receipt = msgspec.json.Decoder(_Receipt | None)


def read_head(raw: bytes) -> Head:
    """`eth_getBlockByNumber`. Raises `NotUnderstood`."""
    try:
        b = _block.decode(raw)
        base = None if b.base_fee_per_gas is None else int(b.base_fee_per_gas, 16)
        return Head(int(b.number, 16), b.hash, b.parent_hash, int(b.timestamp, 16), base)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotUnderstood("a block") from None


def read_receipt(raw: bytes, tx: str) -> Receipt | None:
    """`eth_getTransactionReceipt`; None while there is none. Raises `NotUnderstood`, also for another's receipt."""
    try:
        r = _receipt.decode(raw)
        if r is None:
            return None
        price = int(r.effective_gas_price, 16) if r.effective_gas_price else 0
        fee = int(r.gas_used, 16) * price + (int(r.l1_fee, 16) if r.l1_fee else 0)
        found = Receipt(r.transaction_hash, int(r.block_number, 16), r.block_hash, int(r.status, 16) == 1, fee)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise NotUnderstood("a receipt") from None
    if found.tx.lower() != tx.lower():
        raise NotUnderstood("a receipt of another transaction than the one asked for")
    return found
