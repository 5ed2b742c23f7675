"""A port whose endpoint answers whatever it likes: anything at all, or a good answer with one thing changed in it."""

import copy
import json
import random
from collections.abc import Sequence
from typing import Any

import msgspec

from fluxdesk.chains.rpc.asking import one_by_one
from fluxdesk.chains.rpc.errors import Refused
from fluxdesk.chains.rpc.http import Call
from fluxdesk.chains.rpc.port import Health, State
from fluxdesk.core.chains import Chain

WORD, ADDRESS = "0x" + "ab" * 32, "0x" + "cd" * 20
KEY = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"
SIGNATURE = "5" * 88
_DEEP = 3_000

LEAVES: tuple[object, ...] = (
    None, True, -1, 0, 1, 2**63, 2**64, -(2**300), 2**300, 0.5, 1e300, "", "0x", "-0x1", "0x-1", "0x1_0", " 0x1",
    "0x" + "f" * 5_000, "0x" + "f" * 64, "0x" + "f" * 16, "0xg", "0x0", "0x1\n", "\u202egnp", "9" * 5_000, "null", "é",
    WORD, ADDRESS, KEY, SIGNATURE, [], {}, [None], {"value": None}, "AAAA", "////", "a" * 100,
)  # fmt: skip

BLOCK = {
    "number": "0x10", "hash": WORD, "parentHash": WORD, "timestamp": "0x5", "baseFeePerGas": "0x7",
    "transactions": [{"hash": WORD, "from": ADDRESS, "to": ADDRESS, "value": "0x1"}],
}  # fmt: skip
RECEIPT = {
    "transactionHash": WORD, "blockHash": WORD, "blockNumber": "0x10", "gasUsed": "0x5208", "status": "0x1",
    "effectiveGasPrice": "0x7", "l1Fee": "0x9",
}  # fmt: skip
LOG = {
    "address": ADDRESS, "topics": [WORD, "0x" + "00" * 12 + "cd" * 20, WORD], "data": WORD, "blockNumber": "0x1",
    "transactionHash": WORD, "logIndex": "0x0", "blockHash": WORD,
}  # fmt: skip
RAN = {"status": "0x1", "gasUsed": "0x5208", "returnData": WORD, "logs": [LOG]}
ACCOUNT = {
    "lamports": 5, "owner": "11111111111111111111111111111111", "executable": False, "rentEpoch": 0, "space": 0,
    "data": ["", "base64"],
}  # fmt: skip
TX = {
    "slot": 5, "blockTime": 7, "version": 0,
    "transaction": {
        "signatures": [SIGNATURE], "message": {"accountKeys": [KEY], "instructions": [], "header": {}},
    },
    "meta": {
        "err": None, "fee": 5000, "preBalances": [9], "postBalances": [4], "logMessages": [],
        "preTokenBalances": [{"accountIndex": 0, "mint": KEY, "owner": KEY, "uiTokenAmount": {"amount": "5"}}],
        "postTokenBalances": [], "loadedAddresses": {"writable": [], "readonly": []},
    },
}  # fmt: skip


def _context(value: object) -> dict[str, object]:
    return {"context": {"slot": 9, "apiVersion": "2.0.0"}, "value": value}


GOOD: dict[str, Any] = {
    "eth_getBlockByNumber": BLOCK, "eth_getTransactionCount": "0x1", "eth_getBalance": hex(10**20),
    "eth_gasPrice": "0x7", "eth_estimateGas": "0x5208", "eth_call": WORD, "eth_getCode": "0x", "eth_chainId": "0x1",
    "eth_feeHistory": {
        "baseFeePerGas": ["0x7", "0x8"], "gasUsedRatio": [0.5], "reward": [["0x1", "0x2", "0x3"]], "oldestBlock": "0x1",
    },
    "eth_getTransactionReceipt": RECEIPT, "eth_getLogs": [LOG], "eth_sendRawTransaction": WORD,
    "eth_getTransactionByHash": {"hash": WORD, "blockNumber": "0x1"}, "eth_getRawTransactionByHash": "0x00",
    "eth_simulateV1": [{"calls": [RAN], "number": "0x1", "baseFeePerGas": "0x7"}],
    "getSlot": 5, "getBlockHeight": 5, "getBalance": _context(10**12), "getAccountInfo": _context(ACCOUNT),
    "getMultipleAccounts": _context([ACCOUNT]), "getMinimumBalanceForRentExemption": 5,
    "getLatestBlockhash": _context({"blockhash": KEY, "lastValidBlockHeight": 9}),
    "getSignatureStatuses": _context(
        [{"slot": 5, "err": None, "confirmationStatus": "finalized", "confirmations": None, "status": {"Ok": None}}]
    ),
    "getTokenAccountsByOwner": _context([{"pubkey": KEY, "account": ACCOUNT}]), "getTransaction": TX,
    "getRecentPrioritizationFees": [{"slot": 1, "prioritizationFee": 3}], "sendTransaction": SIGNATURE,
    "getSignaturesForAddress": [
        {"signature": SIGNATURE, "slot": 5, "err": None, "blockTime": 7, "confirmationStatus": "finalized"}
    ],
    "simulateTransaction": _context({"err": None, "logs": ["x"], "unitsConsumed": 5, "accounts": [ACCOUNT]}),
    "getFeeForMessage": _context(5000),
}  # fmt: skip


class HostileRpc:
    """See `chains.rpc.port.ChainRpc`. The same seed answers the same."""

    def __init__(self, chain: Chain, seed: int) -> None:
        self._chain, self._random = chain, random.Random(seed)

    @property
    def chain(self) -> Chain:
        return self._chain

    async def call(self, method: str, params: Sequence[object]) -> bytes:
        how = self._random.randrange(12)
        if how == 0:
            return self._random.choice((b"[" * _DEEP + b"]" * _DEEP, b'{"value":' * _DEEP + b"1" + b"}" * _DEEP))
        if how == 1:
            said = self._random.choice(("nonce too low", "execution reverted", "\u202e", "x" * 9_000, "block range"))
            raise Refused(self._random.randint(-40_000, 5), said, data=b'"0x08c379a0"')
        if how == 2 or method not in GOOD:
            return encoded(self._random.choice(LEAVES))
        good = copy.deepcopy(GOOD[method])
        for _ in range(self._random.choice((0, 0, 1, 1, 1, 2))):
            good = self._changed(good)
        return encoded(good)

    async def batch(self, calls: Sequence[Call]) -> list[bytes | Refused]:
        return await one_by_one(self.call, calls)

    async def everywhere(self, method: str, params: Sequence[object]) -> list[bytes | Refused]:
        return await self.batch([(method, params)] * self._random.randint(1, 3))

    async def check(self) -> list[Health]:
        return self.health()

    def health(self) -> list[Health]:
        return [Health("hostile", State.GOOD, 1, 1, "")]

    async def close(self) -> None:
        return

    def _changed(self, value: Any) -> Any:
        """With one thing in it replaced, dropped or repeated."""
        places = list(_places(value))
        if not places:
            return self._random.choice(LEAVES)
        holder, key = self._random.choice(places)
        how = self._random.randrange(6)
        if how == 0:
            del holder[key]
        elif how == 1 and isinstance(holder, list):
            holder.append(holder[key])
        else:
            holder[key] = copy.deepcopy(self._random.choice(LEAVES))
        return value


def _places(value: Any) -> Any:
    """(container, key) of everything in a value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(entries):
        yield value, key
        yield from _places(inner)


def encoded(value: object) -> bytes:
    """As JSON; numbers of any size, as an endpoint may write them."""
    try:
        return msgspec.json.encode(value)
    except (OverflowError, UnicodeEncodeError):
        return json.dumps(value).encode()
