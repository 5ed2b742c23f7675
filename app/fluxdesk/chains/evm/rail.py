"""An EVM chain as the send queue needs it: one payment a transaction, and its nonce is what makes attempts exclusive.

The nonce is the smallest that the chain has not seen and no live send holds, so a gap that a refused payment left is
filled by the next one. Finality is depth; a receipt counts only while its block is the chain's block at that height.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

import msgspec

from fluxdesk.chains.evm import fees as pricing
from fluxdesk.chains.evm.client import EvmClient, Receipt, read_head, read_receipt
from fluxdesk.chains.evm.fees import FeeAboveLimit, Fees, Speed
from fluxdesk.chains.evm.refusals import classified
from fluxdesk.chains.evm.transactions import PLAIN_GAS, Unsigned, accept, transfer_call
from fluxdesk.chains.rpc.asking import broadcast
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused, Why
from fluxdesk.chains.sending.ports import CALL, NATIVE, Attempt, Draft, Fate, NotNow, Payment, Sighting, Unpayable
from fluxdesk.core.chains import Chain, DataFee

GAS_MARGIN_PERCENT = 20
DATA_FEE_MARGIN_PERCENT = 25
"""The data fee follows the fees of the chain below and may rise before the transaction lands."""
_SPEEDS = (Speed.FAST, Speed.NORMAL, Speed.SLOW)
_ADDRESS_LENGTH = 42


class EvmRail:
    """One chain.

    Attributes:
        limit: Most to offer per gas, wei; None for no limit.
        confirmations: Blocks after which a transaction counts as final; the chain's own by default.
    """

    kind: Literal["evm_tx"] = "evm_tx"

    def __init__(self, client: EvmClient, limit: int | None = None, confirmations: int | None = None):
        self.client, self.limit = client, limit
        self.confirmations = client.chain.confirmations if confirmations is None else confirmations

    @property
    def chain(self) -> Chain:
        """Which."""
        return self.client.chain

    async def fees(self, speed: Speed) -> Fees:
        """What to offer now. Raises `NotNow` above the limit."""
        try:
            history = await self.client.fee_history()
            if history is None:
                return pricing.legacy(await self.client.gas_price(), self.limit)
            return pricing.suggest(history, speed, self.limit)
        except FeeAboveLimit as above:
            raise NotNow(str(above)) from None

    async def prepare(self, payments: Sequence[Payment], taken: frozenset[int]) -> Draft:
        """A transaction with the first payment."""
        payment = payments[0]
        to, value, data = _call(payment)
        speed = _SPEEDS[min(payment.priority, len(_SPEEDS) - 1)]
        fees, gas, nonce, held = await asyncio.gather(
            self.fees(speed),
            self._gas(payment.account, to, value, data),
            self.client.nonce(payment.account),
            self.client.balance(payment.account),
        )
        while nonce in taken:
            nonce += 1
        unsigned = Unsigned(self.chain.number, nonce, to, value, data, gas, fees)
        cost, for_data = await self._cost(unsigned)
        if held < value + cost:
            raise NotNow(
                f"The account holds {held} base units of {self.chain.symbol}; amount and fee may take {value + cost}. "
                "Nothing was sent."
            )
        return Draft(unsigned.encode(), (payment.id,), nonce=nonce, cost_most=cost, cost_data=for_data)

    async def fill(self, account: str, taken: frozenset[int]) -> Draft | None:
        """Nothing to oneself, at the smallest nonce that is missing below those taken."""
        nonce = await self.client.nonce(account)
        if nonce in taken or not any(other > nonce for other in taken):
            return None
        fees, gas = await self.fees(Speed.NORMAL), await self._gas(account, account, 0, b"")
        unsigned = Unsigned(self.chain.number, nonce, account, 0, b"", gas, fees)
        cost, for_data = await self._cost(unsigned)
        return Draft(unsigned.encode(), (), nonce=nonce, cost_most=cost, cost_data=for_data)

    async def outbid(self, last: Attempt, cancel: bool, account: str) -> Draft:
        """The same nonce with higher fees: the same payment, or with `cancel` nothing to oneself."""
        try:
            kind = msgspec.json.decode(last.payload, type=dict[str, str]).get("type", "")
        except msgspec.MsgspecError:
            raise NotNow("The transaction cannot be read any more.") from None
        if kind not in ("0x0", "0x2") and not cancel:
            raise Unpayable("A transaction of this type is not made anew here; it can be cancelled.")
        old = Unsigned.decode(last.payload)
        try:
            fees = pricing.outbid(old.fees, await self.fees(Speed.FAST), self.limit)
        except FeeAboveLimit as above:
            raise NotNow(str(above)) from None
        if cancel:
            new = Unsigned(old.number, old.nonce, account, 0, b"", await self._gas(account, account, 0, b""), fees)
        else:
            new = Unsigned(old.number, old.nonce, old.to, old.value, old.data, old.gas, fees)
        cost, for_data = await self._cost(new)
        return Draft(new.encode(), (), nonce=old.nonce, cost_most=cost, cost_data=for_data)

    def accept(self, payload: bytes, account: str, signed: bytes) -> tuple[bytes, str]:
        """Raises `SignedOtherwise`."""
        return signed, accept(Unsigned.decode(payload), account, signed)

    async def broadcast(self, raw: bytes) -> str:
        """To every endpoint."""
        return await broadcast(self.client.rpc, "eth_sendRawTransaction", ["0x" + raw.hex()], classified)

    async def look(self, account: str, sends: Sequence[Sequence[Attempt]]) -> list[Sighting]:
        """Receipts of all attempts and whether their blocks stand; then the nonces of those without any."""
        attempts = [attempt for send in sends for attempt in send]
        head = await self.client.head()
        found = dict(zip([a.id for a in attempts], await self.client.receipts([a.tx for a in attempts]), strict=True))
        standing = await self._standing({r.block for r in found.values() if r is not None})
        settled: int | None = None
        sightings = []
        for send in sends:
            landed = next(
                ((a, r) for a in send if (r := found[a.id]) is not None and standing.get(r.block) == r.block_hash), None
            )
            if landed is not None:
                sightings.append(await self._landed(landed[0], landed[1], head.number))
                continue
            if settled is None:
                settled = await self.client.nonce(account, max(0, head.number - self.confirmations + 1))
            gone = Unsigned.decode(send[0].payload).nonce < settled and not await self._seen_anywhere(send)
            sightings.append(Sighting(Fate.SUPERSEDED if gone else Fate.WAITING))
        return sightings

    async def expired(self, expires: int) -> bool:
        """EVM transactions do not expire."""
        return False

    async def _landed(self, attempt: Attempt, receipt: Receipt, head: int) -> Sighting:
        fate = Fate.INCLUDED
        if head - receipt.block + 1 >= self.confirmations and await self._agreed(receipt):
            fate = Fate.FINAL if receipt.ok else Fate.FAILED
        return Sighting(fate, attempt.id, receipt.block, receipt.fee)

    async def _agreed(self, receipt: Receipt) -> bool:
        """Whether at least half of the endpoints that answer have this receipt: one liar of several ends nothing."""
        answers = await self.client.rpc.everywhere("eth_getTransactionReceipt", [receipt.tx])
        same = 0
        for answer in answers:
            try:
                other = None if isinstance(answer, Refused) else read_receipt(answer, receipt.tx)
            except NotUnderstood:
                continue
            same += other is not None and (other.block_hash, other.ok) == (receipt.block_hash, receipt.ok)
        return same * 2 >= len(answers)

    async def _standing(self, blocks: set[int]) -> dict[int, str]:
        """Height -> hash of the chain's block there now."""
        wanted = sorted(blocks)
        answers = await self.client.batch([("eth_getBlockByNumber", [hex(block), False]) for block in wanted])
        return {
            block: read_head(answer).hash
            for block, answer in zip(wanted, answers, strict=True)
            if not isinstance(answer, Refused) and answer != b"null"
        }

    async def _seen_anywhere(self, send: Sequence[Attempt]) -> bool:
        """Whether any endpoint knows any of the attempts as mined: one that misses receipts decides nothing."""
        for attempt in send:
            answers = await self.client.rpc.everywhere("eth_getTransactionReceipt", [attempt.tx])
            if any(not isinstance(a, Refused) and read_receipt(a, attempt.tx) is not None for a in answers):
                return True
        return False

    async def _gas(self, account: str, to: str, value: int, data: bytes) -> int:
        try:
            gas = await self.client.estimate(account, to, value, data)
        except Refused as refused:
            if refused.why is Why.INSUFFICIENT_FUNDS:
                raise NotNow(str(refused)) from None
            if refused.why is Why.REVERTED:
                raise Unpayable(f"{refused} {_reason(refused)}".strip()) from None
            raise
        # A plain transfer costs exactly this everywhere but on rollups that count their data as gas.
        return gas if gas == PLAIN_GAS else gas * (100 + GAS_MARGIN_PERCENT) // 100

    async def _cost(self, unsigned: Unsigned) -> tuple[int, int]:
        """(what it takes at most, how much of it is for a rollup's data)."""
        for_data = await self.data_cost(unsigned)
        cost = unsigned.gas * unsigned.fees.most
        return cost + (for_data if self.chain.data_fee is DataFee.OP_STACK else 0), for_data

    async def data_cost(self, unsigned: Unsigned) -> int:
        """What a rollup takes for a transaction's data: beside the gas on the OP stack, within it on Arbitrum."""
        if self.chain.data_fee is DataFee.OP_STACK:
            return await self.client.data_fee(unsigned.unsigned_rlp()) * (100 + DATA_FEE_MARGIN_PERCENT) // 100
        if self.chain.data_fee is DataFee.ARBITRUM:
            gas = await self.client.data_gas(unsigned.to, unsigned.data)
            return min(gas, unsigned.gas) * unsigned.fees.most
        return 0


def _call(payment: Payment) -> tuple[str, int, bytes]:
    """(to, value, data). Raises `Unpayable`."""
    for address in (payment.recipient, *([] if payment.asset in (NATIVE, CALL) else [payment.asset])):
        if len(address) != _ADDRESS_LENGTH or not address.startswith("0x") or not _is_hex(address[2:]):
            raise Unpayable(f"{address!r:.60} is no EVM address.")
    if not 0 <= payment.amount < 1 << 256:
        raise Unpayable("The amount does not fit 256 bits.")
    if payment.asset == NATIVE:
        return payment.recipient.lower(), payment.amount, b""
    if payment.asset == CALL:
        return payment.recipient.lower(), payment.amount, payment.call
    return payment.asset.lower(), 0, transfer_call(payment.recipient.lower(), payment.amount)


def _is_hex(text: str) -> bool:
    return all(c in "0123456789abcdefABCDEF" for c in text)


def _reason(refused: Refused) -> str:
    """The words of `revert("...")` (selector 0x08c379a0), quoted as the contract's; empty for anything else."""
    try:
        data = bytes.fromhex(msgspec.json.decode(refused.data, type=str)[2:])
    except (msgspec.MsgspecError, ValueError):
        return ""
    if data[:4] != bytes.fromhex("08c379a0") or len(data) < 68:
        return ""
    text = data[68 : 68 + min(int.from_bytes(data[36:68], "big"), 120)].decode("utf-8", "replace")
    return f"It says: “{''.join(c for c in text if c.isprintable())}”."
