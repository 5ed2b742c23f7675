"""Payments of the wallet: unsigned transactions that mind the nonces in use, and signed ones followed to their end.

The keys are elsewhere: what is signed comes back from whoever asked the agent. The queue keeps it on disk before it is
broadcast, broadcasts again, and says how it ended, also after a restart.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from fluxdesk.chains.sending.ports import (
    Attempt,
    Draft,
    NotNow,
    Payment,
    PaymentId,
    Rail,
    Sighting,
    SignRefused,
    SignRequest,
    Unpayable,
)
from fluxdesk.chains.sending.queue import SendQueue
from fluxdesk.chains.sending.repository import OtherPayment, SendRepository, SendsDamaged
from fluxdesk.chains.sending.states import Progress
from fluxdesk.core import wallet_views as w
from fluxdesk.core.chains import Chain
from fluxdesk.gateway.wallet_desk import ChainAway, NotPossible
from fluxdesk.node.wallet_line import Line, Signed, translated

log = logging.getLogger(__name__)
GONE = "It can no longer land: its time ran out before the chain took it. Nothing was paid; it can be made anew."


class Sends:
    """The queue of one profile. `changed` is called when a transaction came on."""

    def __init__(self, repository: SendRepository, queue: SendQueue, changed: Callable[[], None]) -> None:
        self._repository, self._queue, self._changed = repository, queue, changed
        self._tasks = [asyncio.create_task(queue.run()), asyncio.create_task(self._watch())]
        for task in self._tasks:
            task.add_done_callback(_ended)

    async def close(self) -> None:
        """Stops following."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._queue.close()
        self._repository.close()

    async def transfer(self, line: Line, asked: w.TransferAsked) -> w.TransferView:
        """An unsigned transaction; with `replaces` one in the place of another. Raises `NotPossible`, `ChainAway`."""
        line.used = True
        with translated():
            if asked.replaces is not None:
                await self._same(line, asked.replaces, asked.account)
                draft = await self._queue.outbid(PaymentId(asked.replaces), asked.cancel)
            else:
                amount = int(asked.amount_base)
                if amount >= 1 << 256:
                    raise Unpayable("The amount does not fit 256 bits.")
                payment = Payment(
                    PaymentId(""), line.chain.id, line.account(asked.account), asked.asset, asked.recipient, amount,
                    asked.priority,
                )  # fmt: skip
                taken = await self._queue.taken(line.chain.id, payment.account)
                draft = await line.rail.prepare([payment], taken)
        return line.view(draft, asked.account)

    async def broadcast(self, line: Line, asked: w.BroadcastAsked) -> w.SendView:
        """Signed bytes. Raises `NotPossible`, `ChainAway`, `BadRequest`."""
        line.used = True
        return await self.adopt(line, asked, await line.read(asked))

    async def adopt(self, line: Line, asked: w.BroadcastAsked, signed: Signed) -> w.SendView:
        """A transaction that was read, followed under the id asked for."""
        payment = Payment(
            PaymentId(asked.id), line.chain.id, line.account(asked.account), signed.asset, signed.recipient,
            signed.amount,
        )  # fmt: skip
        draft = msgspec.structs.replace(signed.draft, took=(payment.id,))
        with translated():
            try:
                if asked.replaces is not None:
                    await self._same(line, asked.replaces, asked.account)
                    await self._queue.replace(PaymentId(asked.replaces), draft, signed.raw, signed.tx, asked.cancel)
                else:
                    await self._queue.adopt(payment, draft, signed.raw, signed.tx)
            except OtherPayment as error:
                raise NotPossible(str(error)) from error
        return view((await self._queue.progress([PaymentId(asked.replaces or asked.id)]))[0])

    async def recent(self, limit: int) -> list[w.SendView]:
        """Newest first."""
        return [view(progress) for progress in await self._queue.recent(limit)]

    async def _same(self, line: Line, replaced: str, account: str) -> None:
        """Raises `Unpayable` unless the payment is one of this account and chain."""
        found = await self._queue.progress([PaymentId(replaced)])
        if not found or (found[0].payment.chain, found[0].payment.account) != (line.chain.id, line.account(account)):
            raise Unpayable("There is no such payment of this account on this chain.")

    async def _watch(self) -> None:
        last: list[Progress] = []
        while True:
            now = await self._queue.recent(50)
            if now != last:
                last = now
                self._changed()
            await self._queue.changed()


async def open_sends(path: Path, lines: Sequence[Line], changed: Callable[[], None]) -> Sends:
    """The queue over the chains. Raises `ChainAway` when its file cannot be used."""
    try:
        repository = await asyncio.to_thread(SendRepository, path)
    except SendsDamaged as error:
        raise ChainAway(f"{error} Nothing is sent until it is moved away or mended.") from error
    queue = SendQueue(repository, _NoSigner(), [_Followed(line.rail) for line in lines])
    return Sends(repository, queue, changed)


def view(progress: Progress) -> w.SendView:
    """As the gateway shows it."""
    payment = progress.payment
    return w.SendView(
        id=payment.id, chain=payment.chain, account=payment.account, asset=payment.asset, recipient=payment.recipient,
        amount_base=str(payment.amount), state=progress.stand.value, included=progress.included, reason=progress.reason,
        txs=list(progress.txs), nonce=progress.nonce, block=progress.block,
        fee_base=None if progress.fee is None else str(progress.fee), asked_wall_ns=progress.asked_ns,
        included_wall_ns=progress.included_ns, ended_wall_ns=progress.ended_ns,
    )  # fmt: skip


class _NoSigner:
    """The node's queue of the wallet asks nobody for a signature."""

    async def sign(self, request: SignRequest) -> bytes:
        raise SignRefused("The wallet signs in the agent, when its user says so; the node asks for nothing.")


class _Followed:
    """A rail that follows what was signed and makes nothing of its own accord."""

    def __init__(self, rail: Rail) -> None:
        self._rail = rail
        self.kind = rail.kind

    @property
    def chain(self) -> Chain:
        return self._rail.chain

    async def prepare(self, payments: Sequence[Payment], taken: frozenset[int]) -> Draft:
        raise Unpayable(GONE)

    async def fill(self, account: str, taken: frozenset[int]) -> Draft | None:
        return None

    async def outbid(self, last: Attempt, cancel: bool, account: str) -> Draft:
        try:
            kind = msgspec.json.decode(last.payload, type=dict[str, str])["type"] if self.kind == "evm_tx" else "0x2"
        except (msgspec.MsgspecError, KeyError):
            raise NotNow("The transaction cannot be read any more.") from None
        if kind not in ("0x0", "0x2") and not cancel:
            raise Unpayable("A transaction of this type is not made anew here; it can be cancelled.")
        return await self._rail.outbid(last, cancel, account)

    def accept(self, payload: bytes, account: str, signed: bytes) -> tuple[bytes, str]:
        return self._rail.accept(payload, account, signed)

    async def broadcast(self, raw: bytes) -> str:
        return await self._rail.broadcast(raw)

    async def look(self, account: str, sends: Sequence[Sequence[Attempt]]) -> list[Sighting]:
        return await self._rail.look(account, sends)

    async def expired(self, expires: int) -> bool:
        return await self._rail.expired(expires)


def _ended(task: asyncio.Task[None]) -> None:
    """Says that following ended by a defect; what was signed is on disk and followed again by the next run."""
    if not task.cancelled() and task.exception() is not None:
        log.critical("payments are no longer followed", exc_info=task.exception())
