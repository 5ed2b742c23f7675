"""The send queue: payments go in, each ends exactly once, whatever happens to this program in between.

The order of writing is what keeps a payment from being made twice: the unsigned transaction is on disk before the
signer is asked, the signed one before it is broadcast, and another one for the same payments is only made when the rail
says that none of the earlier can land, or shares their nonce. After a crash the queue goes on from what is on disk.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError

from fluxdesk.chains.rpc.errors import ChainError
from fluxdesk.chains.sending.ports import (
    Attempt,
    Draft,
    Fate,
    NotNow,
    Payment,
    PaymentId,
    Rail,
    Sighting,
    SignedOtherwise,
    Signer,
    SignerAway,
    SignRefused,
    SignRequest,
    Unpayable,
)
from fluxdesk.chains.sending.repository import SendRepository
from fluxdesk.chains.sending.states import ENDED, OpenAttempt, OpenSend, Place, Progress, Stand
from fluxdesk.core.chains import ChainId
from fluxdesk.core.pacing import SparseLog

IN_FLIGHT = 16
"""Sends of an account that are not on the chain yet; more wait in the queue."""
OFFERED = 64
"""Payments that a rail may put into one transaction."""
LATER_S = 5.0
"""After which a payment that could not be made is tried again."""
QUICK_SIGNER_S = 0.05
AGAIN_AT_LEAST_S = 2.0
SIGNER_AGAIN_S = 1.0
"""After the signer was away."""
EXPIRY_LOOK_S = 5.0
"""How often it is looked whether a transaction that waits for its signature can still land."""
GONE = "It can no longer land: its time ran out before the chain took it. Nothing was paid; it can be made anew."
HELD = "It is not broadcast again, and watched until it can no longer land."
FILL_AGAIN_S = 60.0
"""After a gap in the nonces was filled, or the signer refused that."""
_IDLE_S = 30.0
_TROUBLE_S = 2.0

_P = ParamSpec("_P")
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class SendQueue:
    """All payments of one file, over the rails given. `run` works until it is cancelled; `turn` is one round of it."""

    def __init__(self, repository: SendRepository, signer: Signer, rails: Iterable[Rail], in_flight: int = IN_FLIGHT):
        self._repository, self._signer, self._in_flight = repository, signer, in_flight
        self._rails: dict[ChainId, Rail] = {rail.chain.id: rail for rail in rails}
        self._thread = ThreadPoolExecutor(1, "sends")
        self._signing: dict[int, asyncio.Task[None]] = {}
        self._later: dict[PaymentId, float] = {}
        self._broadcast_at: dict[int, float] = {}
        self._signer_later = 0.0
        self._filled: dict[str, float] = {}
        self._wake: dict[ChainId, asyncio.Event] = {chain: asyncio.Event() for chain in self._rails}
        self._changed = asyncio.Condition()
        self._sparse = SparseLog(_log)

    async def submit(self, payments: Sequence[Payment]) -> None:
        """Queue payments; on disk when this returns. The same id with the same values is the same payment.

        Raises:
            Unpayable: A payment's chain has no rail here.
            OtherPayment: An id is known with other values. In both cases nothing was queued.
        """
        for payment in payments:
            if payment.chain not in self._rails:
                raise Unpayable(f"There is no endpoint for {payment.chain}; nothing was queued.")
        await self._db(self._repository.add, payments)
        for chain in {payment.chain for payment in payments}:
            self._wake[chain].set()

    async def adopt(self, payment: Payment, draft: Draft, raw: bytes, tx: str) -> None:
        """Broadcast a transaction that was signed elsewhere, and follow it to its end; on disk before it is sent.

        Raises:
            Unpayable: There is no rail for its chain.
            OtherPayment: The id is known with another transaction.
            NotNow: A live send holds its nonce; or every endpoint refused it. Then it is watched all the same: who
                signed it may have given it to others.
        """
        rail = self._rails.get(payment.chain)
        if rail is None:
            raise Unpayable(f"There is no endpoint for {payment.chain}; nothing was sent.")
        try:
            send_id = await self._db(self._repository.adopt, payment, draft, raw, tx)
        except IntegrityError:
            raise NotNow("A transaction of this account with the same nonce is on its way; replace that one.") from None
        try:
            if send_id is not None:
                await self._first_broadcast(rail, payment)
        finally:
            self._wake[rail.chain.id].set()
            await self._tell()

    async def replace(self, payment: PaymentId, draft: Draft, raw: bytes, tx: str, cancels: bool) -> None:
        """Broadcast a transaction in place of a payment's that waits, signed elsewhere. Raises `Unpayable`."""
        send, rail = await self._live(payment)
        if draft.nonce is None or draft.nonce != send.nonce:
            raise Unpayable("The transaction does not take the place of the one that waits.")
        await self._attempted(self._repository.add_signed, send.id, draft, raw, tx, cancels)
        try:
            await rail.broadcast(raw)
        except ChainError as error:
            self._sparse.say("broadcast", "A payment on %s is broadcast later: %s", rail.chain.name, error)
        self._wake[rail.chain.id].set()
        await self._tell()

    async def outbid(self, payment: PaymentId, cancel: bool) -> Draft:
        """A transaction that would take the place of a payment's last one. Raises as `cancel`."""
        send, rail = await self._live(payment)
        signed = [attempt for attempt in send.attempts if attempt.raw is not None]
        if not signed:
            raise Unpayable("The payment is not under way any more.")
        return await rail.outbid(_attempt(signed[-1]), cancel, send.account)

    async def taken(self, chain: ChainId, account: str) -> frozenset[int]:
        """Nonces of the account that live sends hold."""
        live = await self._db(self._repository.live, chain)
        return frozenset(s.nonce for s in live if s.account == account and s.nonce is not None and not s.held)

    async def recent(self, limit: int) -> list[Progress]:
        """The payments asked for last, newest first."""
        return await self._db(self._repository.recent, limit)

    async def changed(self) -> None:
        """Returns after the next round, or the next thing that was asked for."""
        async with self._changed:
            await self._changed.wait()

    async def progress(self, payments: Sequence[PaymentId]) -> list[Progress]:
        """Where payments stand, in the order in which they were asked for."""
        return await self._db(self._repository.progress, payments)

    async def ended(self, payments: Sequence[PaymentId], included: bool = False) -> list[Progress]:
        """`progress`, once all have come to their end, or with `included` at least onto the chain."""
        while True:
            async with self._changed:
                found = await self.progress(payments)
                if all(p.stand in ENDED or (included and p.included) for p in found):
                    return found
                await self._changed.wait()

    async def cancel(self, payment: PaymentId) -> None:
        """Take a payment back: at once while nothing is signed, else by a transaction in its place.

        Raises `Unpayable` when it cannot be taken back, `NotNow`, `ChainError`. The payment may land first all
        the same: its end says which of the two did.
        """
        if await self._db(self._repository.end_queued, payment, Stand.CANCELLED, "Taken back before it was sent."):
            await self._tell()
            return
        send, rail = await self._live(payment)
        for attempt in send.attempts:
            if attempt.raw is None and (task := self._signing.pop(attempt.id, None)) is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        send, rail = await self._live(payment)
        signed = [attempt for attempt in send.attempts if attempt.raw is not None]
        if not signed:
            await self._db(self._repository.drop, send.id, Stand.CANCELLED, "Taken back before it was signed.")
            await self._tell()
        elif not signed[-1].cancels:
            draft = await rail.outbid(_attempt(signed[-1]), True, send.account)
            await self._attempted(self._repository.add_attempt, send.id, draft, True)
            self._wake[rail.chain.id].set()
            await self._tell()

    async def speed_up(self, payment: PaymentId) -> None:
        """Offer more for a payment that waits. Raises as `cancel`."""
        send, rail = await self._live(payment)
        if not send.attempts or send.attempts[-1].raw is None:
            raise NotNow("The payment waits for its signature, not for its fee.")
        draft = await rail.outbid(_attempt(send.attempts[-1]), send.attempts[-1].cancels, send.account)
        await self._attempted(self._repository.add_attempt, send.id, draft, send.attempts[-1].cancels)
        self._wake[rail.chain.id].set()
        await self._tell()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            for rail in self._rails.values():
                group.create_task(self._run(rail))

    async def close(self) -> None:
        """Let go of signatures that are waited for. They are asked for again after the next start."""
        for task in self._signing.values():
            task.cancel()
        await asyncio.gather(*self._signing.values(), return_exceptions=True)
        self._thread.shutdown()

    async def turn(self, chain: ChainId) -> bool:
        """One round on a chain; whether anything is under way. Raises `ChainError`."""
        rail = self._rails[chain]
        live = await self._db(self._repository.live, chain)
        await self._look(rail, live)
        await self._start(rail, live)
        live = await self._db(self._repository.live, chain)
        await self._sign_all(rail, live)
        await self._tell()
        return bool(live)

    async def _run(self, rail: Rail) -> None:
        wake = self._wake[rail.chain.id]
        pause_s = min(max(rail.chain.block_ms / 8000, 0.1), 2.0)
        while True:
            wake.clear()
            try:
                busy = await self.turn(rail.chain.id)
                wait_s = pause_s if busy else LATER_S if self._later else _IDLE_S
            except ChainError as error:
                self._sparse.say("chain", "Payments on %s wait: %s", rail.chain.name, error)
                wait_s = _TROUBLE_S
            try:
                await asyncio.wait_for(wake.wait(), wait_s)
            except TimeoutError:
                continue

    # -- what is new

    async def _start(self, rail: Rail, live: list[OpenSend]) -> None:
        """Make transactions of what is queued, as far as there is room.

        A nonce of a send that ended in this round still counts as taken: the chain is past it anyway.
        """
        queued = await self._db(self._repository.queued, rail.chain.id, OFFERED)
        for account, payments in queued.items():
            own = [send for send in live if send.account == account]
            taken = {send.nonce for send in own if send.nonce is not None and not send.held}
            room = self._in_flight - sum(send.place is Place.OPEN and not send.held for send in own)
            waiting = [p for p in payments if self._later.get(p.id, 0.0) <= time.monotonic()]
            while waiting and room > 0:
                draft = await self._draft(rail, waiting, frozenset(taken))
                if draft is None:
                    waiting = waiting[1:]
                    continue
                try:
                    await self._db(self._repository.open, rail.chain.id, account, draft)
                except (IntegrityError, LookupError) as error:
                    self._sparse.say("open", "A payment was made anew: %s", type(error).__name__)
                    break
                if draft.nonce is not None:
                    taken.add(draft.nonce)
                waiting = [p for p in waiting if p.id not in draft.took]
                room -= 1
        for account in {send.account for send in live} - queued.keys():
            await self._fill(rail, account, [s for s in live if s.account == account and not s.held])

    async def _fill(self, rail: Rail, account: str, own: list[OpenSend]) -> None:
        """Close a gap that a refused payment left below others of the account, when no new payment will."""
        if self._filled.get(account, float("-inf")) + FILL_AGAIN_S > time.monotonic():
            return
        if not any(not payment.adopted for send in own for payment in send.payments):
            return  # what came signed is for whoever signed it to mend
        try:
            draft = await rail.fill(account, frozenset(send.nonce for send in own if send.nonce is not None))
        except (NotNow, Unpayable):
            return
        if draft is not None:
            self._filled[account] = time.monotonic()
            await self._db(self._repository.open, rail.chain.id, account, draft)

    async def _draft(self, rail: Rail, waiting: list[Payment], taken: frozenset[int]) -> Draft | None:
        """None when the first of them cannot be made now, or never."""
        first = waiting[0].id
        try:
            if waiting[0].adopted:
                raise Unpayable(GONE)
            draft = await rail.prepare([p for p in waiting if not p.adopted], taken)
        except NotNow as why:
            self._later[first] = time.monotonic() + LATER_S
            await self._db(self._repository.explain, [first], str(why))
            return None
        except Unpayable as why:
            self._later.pop(first, None)
            await self._db(self._repository.end_queued, first, Stand.REFUSED, str(why))
            return None
        for payment in draft.took:
            self._later.pop(payment, None)
        return draft

    # -- what waits for its signature

    async def _sign_all(self, rail: Rail, live: list[OpenSend]) -> None:
        if time.monotonic() < self._signer_later:
            return
        for send in live:
            for attempt in send.attempts:
                if attempt.raw is None and attempt.id not in self._signing:
                    task = asyncio.create_task(self._sign(rail, send, attempt))
                    self._signing[attempt.id] = task
                    task.add_done_callback(lambda _, number=attempt.id: self._signing.pop(number, None))  # type: ignore[misc]
        if self._signing:
            await asyncio.wait(list(self._signing.values()), timeout=QUICK_SIGNER_S)

    async def _sign(self, rail: Rail, send: OpenSend, attempt: OpenAttempt) -> None:
        """Have one attempt signed and broadcast. What fails here is tried again in the next round."""
        digest = hashlib.sha256(attempt.payload).hexdigest()[:24]
        request = SignRequest(f"{attempt.id}-{digest}", send.account, rail.chain.id, rail.kind, attempt.payload)
        try:
            if attempt.expires is not None and await rail.expired(attempt.expires):
                await self._db(self._repository.requeue, send.id)
                self._wake[rail.chain.id].set()
                return
            answer = await self._answer(rail, attempt, request)
            if answer is None:
                await self._db(self._repository.requeue, send.id)
                self._wake[rail.chain.id].set()
                return
            raw, tx = rail.accept(attempt.payload, send.account, answer)
            await self._db(self._repository.signed, attempt.id, raw, tx)
            self._broadcast_at[attempt.id] = time.monotonic()
            refusal = await rail.broadcast(raw)
            await self._explain(send, refusal)
            self._wake[rail.chain.id].set()
            await self._tell()
        except SignerAway as away:
            self._signer_later = time.monotonic() + SIGNER_AGAIN_S
            self._sparse.say("away", "Payments wait for the signer", level=logging.INFO)
            await self._explain(send, str(away))
        except (SignRefused, SignedOtherwise) as no:
            await self._refused(send, attempt, str(no))
        except ChainError as error:
            self._sparse.say("broadcast", "A payment on %s is broadcast later: %s", rail.chain.name, error)

    async def _answer(self, rail: Rail, attempt: OpenAttempt, request: SignRequest) -> bytes | None:
        """What the signer says, however long that takes; None once the transaction cannot land any more."""
        task = asyncio.create_task(self._signer.sign(request))
        try:
            while not (await asyncio.wait({task}, timeout=EXPIRY_LOOK_S))[0]:
                if attempt.expires is not None and await rail.expired(attempt.expires):
                    return None
            return await task
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _explain(self, send: OpenSend, reason: str) -> None:
        await self._db(self._repository.explain, [payment.id for payment in send.payments], reason)

    async def _refused(self, send: OpenSend, attempt: OpenAttempt, reason: str) -> None:
        if any(other.raw is not None for other in send.attempts):
            await self._db(self._repository.bury, attempt.id)  # the payment goes on as it was
        else:
            await self._db(self._repository.drop, send.id, Stand.REFUSED, reason)
        await self._tell()

    # -- what is on its way

    async def _look(self, rail: Rail, live: list[OpenSend]) -> None:
        for account in dict.fromkeys(send.account for send in live):
            own = [send for send in live if send.account == account and any(a.raw for a in send.attempts)]
            if not own:
                continue
            signed = [[_attempt(a) for a in send.attempts if a.raw is not None] for send in own]
            for send, attempts, seen in zip(own, signed, await rail.look(account, signed), strict=True):
                await self._act(rail, send, attempts, seen)

    async def _act(self, rail: Rail, send: OpenSend, attempts: list[Attempt], seen: Sighting) -> None:
        """Write down what was seen, and broadcast again what was not."""
        cancelled = any(a.id == seen.attempt and a.cancels for a in attempts)
        if seen.fate is Fate.WAITING:
            if send.place is Place.INCLUDED:
                await self._db(self._repository.move, send.id, Place.OPEN, reason="The chain took its block back.")
            if not send.held:
                await self._again(rail, attempts[-1])
        elif seen.fate is Fate.INCLUDED:
            if send.place is not Place.INCLUDED:
                await self._move(send, Place.INCLUDED, seen)
        elif seen.fate is Fate.SUPERSEDED:
            reason = "Another transaction of this account took its nonce; whether that paid it is not known."
            await self._db(self._repository.move, send.id, Place.SUPERSEDED, reason=reason)
        elif seen.fate is Fate.DEAD:
            if any(payment.adopted for payment in send.payments):
                await self._db(self._repository.end_dead, send.id, GONE)
            elif all(a.raw is not None for a in send.attempts):
                await self._db(self._repository.requeue, send.id)
        elif cancelled:
            await self._move(send, Place.CANCELLED, seen, "Taken back by a transaction in its place.")
        elif seen.fate is Fate.FAILED:
            await self._move(send, Place.FAILED, seen, "The chain ran it and it failed; its fee was paid all the same.")
        else:
            await self._move(send, Place.FINAL, seen)

    async def _move(self, send: OpenSend, place: Place, seen: Sighting, reason: str = "") -> None:
        def write() -> None:
            self._repository.move(send.id, place, block=seen.block, fee=seen.fee, landed=seen.attempt, reason=reason)

        await self._db(write)

    async def _again(self, rail: Rail, attempt: Attempt) -> None:
        every_s = max(AGAIN_AT_LEAST_S, 2 * rail.chain.block_ms / 1000)
        if time.monotonic() - self._broadcast_at.get(attempt.id, float("-inf")) >= every_s:
            self._broadcast_at[attempt.id] = time.monotonic()
            await rail.broadcast(attempt.raw)

    # -- small things

    async def _first_broadcast(self, rail: Rail, payment: Payment) -> None:
        """Raises `NotNow` when every endpoint refuses the transaction and none has it; it is watched all the same."""
        found = await self._db(self._repository.send_of, payment.id)
        if found is None or found.attempts[-1].raw is None:
            return
        attempt = found.attempts[-1]
        self._broadcast_at[attempt.id] = time.monotonic()
        try:
            refusal = await rail.broadcast(attempt.raw or b"")
            if not refusal:
                return
            seen = (await rail.look(payment.account, [[_attempt(attempt)]]))[0]
        except ChainError as error:
            self._sparse.say("broadcast", "A payment on %s is broadcast later: %s", rail.chain.name, error)
            return
        if seen.fate in (Fate.WAITING, Fate.DEAD):
            await self._db(self._repository.hold, found.id, f"{refusal} {HELD}")
            raise NotNow(f"{refusal} {HELD}")

    async def _live(self, payment: PaymentId) -> tuple[OpenSend, Rail]:
        """Raises `Unpayable` when a payment is not under way."""
        send = await self._db(self._repository.send_of, payment)
        found = await self.progress([payment])
        if send is None or not found:
            raise Unpayable("The payment is not under way any more.")
        return send, self._rails[found[0].payment.chain]

    async def _attempted(self, write: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return await self._db(write, *args, **kwargs)
        except IntegrityError:
            raise NotNow("Another transaction of this account is on its way in its place.") from None

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _db(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: function(*args, **kwargs))


def _attempt(a: OpenAttempt) -> Attempt:
    assert a.raw is not None
    assert a.tx is not None
    return Attempt(a.id, a.payload, a.raw, a.tx, a.expires, a.cancels)
