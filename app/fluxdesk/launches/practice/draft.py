"""A transaction as `getTransaction` answers it: keys, instructions with the calls inside them, balances before and
after.

Accounts are collected as they are named. What the market does not model stands at a plausible constant: rent of a
token account for every balance but the payer's.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from fluxdesk.launches.practice.invoke import COMPUTE_BUDGET
from fluxdesk.launches.practice.market import NETWORK_FEE
from fluxdesk.native.base58 import b58encode

EVENT_TAG = bytes.fromhex("e445a52e51cb9a1d")
"""First eight bytes of an Anchor event self-CPI (anchor_lang::event::EVENT_IX_TAG)."""
_RENT = 2_039_280
_LIMIT = "Fj2Eoy"
_BLOCKHASH = "PracticeB1ockhash11111111111111111111111111"


class Inner(NamedTuple):
    """A call inside an instruction. `height` counts from 1 at top level."""

    program: str
    accounts: Sequence[str]
    data: bytes
    height: int = 2


class TokenBalance(NamedTuple):
    """A token account before and after."""

    account: str
    mint: str
    owner: str
    program: str
    before: int
    after: int
    decimals: int


class Draft:
    """Collects one transaction."""

    def __init__(self, payer: str, *signers: str) -> None:
        self._keys: dict[str, int] = {}
        self._signers = 1 + len(signers)
        for key in (payer, *signers):
            self._at(key)
        self._outer: list[dict[str, Any]] = []
        self._inner: list[dict[str, Any]] = []
        self._logs: list[str] = []
        self._compute_budget()

    def _at(self, key: str) -> int:
        keys = self._keys
        return keys.setdefault(key, len(keys))

    def _compute_budget(self) -> None:
        self._outer.append(
            {"accounts": [], "data": _LIMIT, "programIdIndex": self._at(COMPUTE_BUDGET), "stackHeight": 1}
        )
        self._logs += [f"Program {COMPUTE_BUDGET} invoke [1]", f"Program {COMPUTE_BUDGET} success"]

    def call(self, program: str, accounts: Sequence[str], data: bytes, inner: Sequence[Inner], logs: str) -> None:
        """A top-level instruction, the calls it made, and its log lines as JSON text."""
        self._outer.append(self._instruction(program, accounts, data, 1))
        if inner:
            calls = [self._instruction(i.program, i.accounts, i.data, i.height) for i in inner]
            self._inner.append({"index": len(self._outer) - 1, "instructions": calls})
        self._logs += _lines(logs)

    def _instruction(self, program: str, accounts: Sequence[str], data: bytes, height: int) -> dict[str, Any]:
        keys = self._keys
        for account in accounts:
            if account not in keys:
                keys[account] = len(keys)
        return {
            "accounts": list(map(keys.__getitem__, accounts)),
            "data": b58encode(data),
            "programIdIndex": self._at(program),
            "stackHeight": height,
        }

    def finish(
        self, signature: str, slot: int, time_s: int, payer: tuple[int, int], balances: Sequence[TokenBalance],
        err: object,
    ) -> bytes:  # fmt: skip
        """The answer as UTF-8 JSON. `payer`: its lamports before and after."""
        for balance in balances:
            self._at(balance.account)
        rest = [_RENT] * (len(self._keys) - 1)
        answer = {
            "blockTime": time_s,
            "meta": {
                "err": err,
                "fee": NETWORK_FEE,
                "innerInstructions": self._inner,
                "loadedAddresses": {"readonly": [], "writable": []},
                "logMessages": self._logs,
                "postBalances": [payer[1], *rest],
                "postTokenBalances": [self._balance(b, b.after) for b in balances],
                "preBalances": [payer[0], *rest],
                "preTokenBalances": [self._balance(b, b.before) for b in balances if b.before],
                "rewards": [],
                "status": {"Ok": None} if err is None else {"Err": err},
            },
            "slot": slot,
            "transaction": {
                "message": {
                    "accountKeys": list(self._keys),
                    "header": {
                        "numReadonlySignedAccounts": 0,
                        "numReadonlyUnsignedAccounts": 0,
                        "numRequiredSignatures": self._signers,
                    },
                    "instructions": self._outer,
                    "recentBlockhash": _BLOCKHASH,
                },
                "signatures": [signature],
            },
            "version": "legacy",
        }
        return msgspec.json.encode(answer)

    def _balance(self, b: TokenBalance, amount: int) -> dict[str, Any]:
        shown = f"{amount // 10**b.decimals}.{amount % 10**b.decimals:0{b.decimals}d}".rstrip("0").rstrip(".")
        return {
            "accountIndex": self._keys[b.account],
            "mint": b.mint,
            "owner": b.owner,
            "programId": b.program,
            "uiTokenAmount": {"amount": str(amount), "decimals": b.decimals, "uiAmountString": shown},
        }


@lru_cache(maxsize=256)
def _lines(logs: str) -> tuple[str, ...]:
    return msgspec.json.decode(f"[{logs}]", type=tuple[str, ...])


def event_call(program: str, authority: str, payload: bytes, height: int = 2) -> Inner:
    """The self-CPI by which a program states an event."""
    return Inner(program, (authority,), EVENT_TAG + payload, height)


def checked_transfer(
    program: str, source: str, mint: str, to: str, owner: str, amount: int, decimals: int, height: int = 2
) -> Inner:
    """The token program's TransferChecked."""
    data = b"\x0c" + amount.to_bytes(8, "little") + bytes([decimals])
    return Inner(program, (source, mint, to, owner), data, height)
