"""`ledger_standin`: a chain in memory, in the ways a chain can hurt: broadcasts get lost, blocks are taken back,
endpoints are away, and the program is killed between any two things it does.

Two styles: `nonce` (as EVM: attempts exclude each other by their nonce) and `expiry` (as Solana: a transaction can land
until its last height, once).
"""

import random
from collections.abc import Sequence
from typing import Literal

import msgspec

from fluxdesk.chains.rpc.errors import Unreachable
from fluxdesk.chains.sending.ports import (
    Attempt,
    Draft,
    Fate,
    NotNow,
    Payment,
    PaymentId,
    Sighting,
    SignerAway,
    SignRefused,
    SignRequest,
    Unpayable,
)
from fluxdesk.core.chains import Chain, ChainId, Family

DEPTH = 3
LIFETIME = 6
FITS = 3


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


class Fuse:
    """Kills at the n-th thing done; 0 never. Once blown, everything kills."""

    def __init__(self, after: int):
        self.left, self.blown = after, False

    def tick(self) -> None:
        self.left -= 1
        if self.blown or self.left == 0:
            self.blown = True
            raise Killed


class Tx(msgspec.Struct, frozen=True):
    """A transaction: what it pays, and what makes it exclusive. `salt` tells signatures of one payload apart."""

    pays: tuple[str, ...]
    nonce: int | None
    expires: int | None
    salt: int = 0


class LedgerStandin:
    """The chain itself. `blocks` are the canonical ones."""

    def __init__(self, style: Literal["nonce", "expiry"], rng: random.Random):
        self.style, self.rng = style, rng
        self.blocks: list[list[Tx]] = []
        self.pool: list[Tx] = []
        self.trouble = 0.3

    def nonce(self, upto: int | None = None) -> int:
        return sum(len(block) for block in self.blocks[:upto])

    def mine(self) -> None:
        """A block with some of what waits."""
        block: list[Tx] = []
        landed = {msgspec.structs.replace(tx, salt=0) for b in self.blocks for tx in b}
        nonce = self.nonce()
        self.rng.shuffle(self.pool)
        for tx in list(self.pool):
            if self.rng.random() < self.trouble:
                continue
            if self.style == "nonce":
                fits = tx.nonce == nonce
            else:
                fits = len(self.blocks) <= (tx.expires or 0) and msgspec.structs.replace(tx, salt=0) not in landed
            if fits:
                block.append(tx)
                landed.add(msgspec.structs.replace(tx, salt=0))
                nonce += 1
                self.pool.remove(tx)
        self.blocks.append(block)
        self.check()

    def reorganise(self) -> None:
        """Take back blocks that are not final; what was in them waits again, or is forgotten."""
        for _ in range(self.rng.randrange(1, DEPTH)):
            if self.blocks:
                self.pool += [tx for tx in self.blocks.pop() if self.rng.random() < 0.6]
        # Only a chain of the same length or more replaces another.
        while self.rng.random() < 0.5:
            self.mine()

    def check(self) -> None:
        """No payment is on the chain twice."""
        paid = [p for block in self.blocks for tx in block for p in tx.pays]
        assert len(paid) == len(set(paid)), f"paid twice: {sorted(paid)}"

    def paid(self) -> set[str]:
        return {p for block in self.blocks for tx in block for p in tx.pays}

    def flaky(self) -> None:
        if self.rng.random() < self.trouble / 3:
            raise Unreachable("the stand-in", [])


class RailStandin:
    """That chain as the queue sees it, with the fuse at every step."""

    def __init__(self, ledger: LedgerStandin, fuse: Fuse):
        self.ledger, self.fuse = ledger, fuse
        self.kind: Literal["evm_tx", "solana_tx"] = "evm_tx" if ledger.style == "nonce" else "solana_tx"
        self.chain = Chain(ChainId("eip155:77"), Family.EVM, "Stand-in", "X", 0, 77, block_ms=1)

    async def prepare(self, payments: Sequence[Payment], taken: frozenset[int]) -> Draft:
        self.fuse.tick()
        self.ledger.flaky()
        if self.ledger.rng.random() < self.ledger.trouble / 3:
            raise NotNow("later")
        if self.ledger.style == "expiry":
            took = tuple(p.id for p in payments[:FITS])
            expires = len(self.ledger.blocks) + LIFETIME
            return Draft(msgspec.json.encode(Tx(took, None, expires)), took, expires=expires)
        nonce = self.ledger.nonce()
        while nonce in taken:
            nonce += 1
        return Draft(msgspec.json.encode(Tx((payments[0].id,), nonce, None)), (payments[0].id,), nonce=nonce)

    async def fill(self, account: str, taken: frozenset[int]) -> Draft | None:
        nonce = self.ledger.nonce()
        if self.ledger.style == "expiry" or nonce in taken or not any(n > nonce for n in taken):
            return None
        return Draft(msgspec.json.encode(Tx((), nonce, None)), (), nonce=nonce)

    async def outbid(self, last: Attempt, cancel: bool, account: str) -> Draft:
        self.fuse.tick()
        old = msgspec.json.decode(last.payload, type=Tx)
        if old.nonce is None:
            raise Unpayable("no")
        return Draft(msgspec.json.encode(Tx(() if cancel else old.pays, old.nonce, None)), (), nonce=old.nonce)

    def accept(self, payload: bytes, account: str, signed: bytes) -> tuple[bytes, str]:
        self.fuse.tick()
        return signed, signed.hex()

    async def broadcast(self, raw: bytes) -> str:
        self.fuse.tick()
        tx = msgspec.json.decode(raw, type=Tx)
        if self.ledger.rng.random() >= self.ledger.trouble and tx not in self.ledger.pool:
            self.ledger.pool.append(tx)
        self.fuse.tick()
        self.ledger.flaky()
        return ""

    async def look(self, account: str, sends: Sequence[Sequence[Attempt]]) -> list[Sighting]:
        self.fuse.tick()
        self.ledger.flaky()
        return [self._fate(send) for send in sends]

    async def expired(self, expires: int) -> bool:
        self.fuse.tick()
        return len(self.ledger.blocks) - DEPTH > expires

    def _fate(self, send: Sequence[Attempt]) -> Sighting:
        height = len(self.ledger.blocks)
        for number, block in enumerate(self.ledger.blocks):
            for attempt in send:
                if msgspec.json.decode(attempt.raw, type=Tx) in block:
                    fate = Fate.FINAL if height - number >= DEPTH else Fate.INCLUDED
                    return Sighting(fate, attempt.id, number)
        first = msgspec.json.decode(send[0].raw, type=Tx)
        if first.nonce is not None:
            gone = self.ledger.nonce(max(0, height - DEPTH + 1)) > first.nonce
            return Sighting(Fate.SUPERSEDED if gone else Fate.WAITING)
        return Sighting(Fate.DEAD if height - DEPTH > (first.expires or 0) else Fate.WAITING)


class SignerStandin:
    """Signs; the same payload gets another signature each time, which is harder than what real keys do."""

    def __init__(self, ledger: LedgerStandin, fuse: Fuse, refuses: set[PaymentId]):
        self.ledger, self.fuse, self.refuses = ledger, fuse, refuses

    async def sign(self, request: SignRequest) -> bytes:
        self.fuse.tick()
        tx = msgspec.json.decode(request.payload, type=Tx)
        if self.ledger.rng.random() < self.ledger.trouble / 3:
            raise SignerAway
        if self.refuses & set(tx.pays):
            raise SignRefused("no")
        signed = msgspec.json.encode(msgspec.structs.replace(tx, salt=self.ledger.rng.getrandbits(40)))
        self.fuse.tick()
        return signed
