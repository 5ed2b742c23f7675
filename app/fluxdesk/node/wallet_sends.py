"""Payments of the wallet: orders, which the node makes and the agent signs, and what comes signed; both to their end.

The keys are elsewhere. The queue keeps what was ordered and what was signed on disk before anything is done with it,
broadcasts again, and says how it ended, also after a restart.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from fluxdesk.chains.sending.ports import Payment, PaymentId, Unpayable
from fluxdesk.chains.sending.queue import SendQueue
from fluxdesk.chains.sending.repository import OtherPayment, SendRepository, SendsDamaged
from fluxdesk.chains.sending.states import Progress, Stand
from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import NoSuchThing
from fluxdesk.gateway.wallet_desk import ChainAway, NotPossible
from fluxdesk.node.wallet_line import Line, Signed, translated
from fluxdesk.node.wallet_signer import AgentSigner

log = logging.getLogger(__name__)
_TRANSACTIONS_MOST = 64


class Sends:
    """The queue of one profile. `changed` is called when a transaction came on."""

    def __init__(
        self, repository: SendRepository, queue: SendQueue, signer: AgentSigner, changed: Callable[[], None]
    ) -> None:
        self._repository, self._queue, self._signer, self._changed = repository, queue, signer, changed
        self._tasks = [asyncio.create_task(queue.run()), asyncio.create_task(self._watch())]
        for task in self._tasks:
            task.add_done_callback(_ended)

    async def close(self) -> None:
        """Stops following."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._queue.close()
        await self._signer.close()
        self._repository.close()

    async def plan(self, line: Line, asked: w.OrderAsked) -> w.PlanView:
        """What an order would come to now. Raises `NotPossible`, `ChainAway`, `BadRequest`."""
        line.used = True
        waiting = line.payments(asked)
        taken = set(await self._queue.taken(line.chain.id, waiting[0].account))
        items: list[w.TransferView] = []
        with translated():
            while waiting and len(items) < _TRANSACTIONS_MOST:
                draft = await line.rail.prepare(waiting, frozenset(taken))
                items.append(line.view(draft, asked.account))
                waiting = [payment for payment in waiting if payment.id not in draft.took]
                if draft.nonce is not None:
                    taken.add(draft.nonce)
        return w.PlanView(
            chain=line.chain.id, account=asked.account, symbol=line.chain.symbol, decimals=line.chain.decimals,
            items=items, total=_total([item.cost for item in items]),
        )  # fmt: skip

    async def order(self, line: Line, asked: w.OrderAsked) -> w.SendsView:
        """Queues it; on disk when this returns. Raises `NotPossible`, `BadRequest`."""
        line.used = True
        payments = line.payments(asked)
        with translated():
            try:
                await self._queue.submit(payments)
            except OtherPayment as error:
                raise NotPossible(str(error)) from error
        self._changed()
        return w.SendsView(items=[view(p) for p in await self._queue.progress([p.id for p in payments])])

    async def cancel(self, send: str) -> w.SendView:
        """Raises `NoSuchThing`, `NotPossible`, `ChainAway`."""
        await self.one(send)
        with translated():
            await self._queue.cancel(PaymentId(send))
        return await self.one(send)

    async def speed_up(self, send: str) -> w.SendView:
        """Raises `NoSuchThing`, `NotPossible`, `ChainAway`."""
        await self.one(send)
        with translated():
            await self._queue.speed_up(PaymentId(send))
        return await self.one(send)

    async def one(self, send: str) -> w.SendView:
        """Raises `NoSuchThing`."""
        found = await self._queue.progress([PaymentId(send)])
        if not found:
            raise NoSuchThing(f"This profile has no payment {send}.")
        return view(found[0])

    async def nonces_in_use(self, line: Line, account: str) -> frozenset[int]:
        """Those of an account's live sends."""
        return await self._queue.taken(line.chain.id, line.account(account))

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
            signed.amount, adopted=True,
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


async def open_sends(path: Path, lines: Sequence[Line], signer: AgentSigner, changed: Callable[[], None]) -> Sends:
    """The queue over the chains. Raises `ChainAway` when its file cannot be used."""
    try:
        repository = await asyncio.to_thread(SendRepository, path)
    except SendsDamaged as error:
        raise ChainAway(f"{error} Nothing is sent until it is moved away or mended.") from error
    queue = SendQueue(repository, signer, [line.rail for line in lines])
    return Sends(repository, queue, signer, changed)


def view(progress: Progress) -> w.SendView:
    """As the gateway shows it."""
    payment = progress.payment
    return w.SendView(
        id=payment.id, chain=payment.chain, account=payment.account, asset=payment.asset, recipient=payment.recipient,
        amount_base=str(payment.amount), state=progress.stand.value, included=progress.included, reason=progress.reason,
        txs=list(progress.txs), nonce=progress.nonce, block=progress.block,
        fee_base=None if progress.fee is None else str(progress.fee), asked_wall_ns=progress.asked_ns,
        included_wall_ns=progress.included_ns, ended_wall_ns=progress.ended_ns, ordered=not payment.adopted,
        priority=payment.priority, shared=progress.shared, can=_can(progress),
        cost_most_base=None if progress.cost_most is None or payment.adopted else str(progress.cost_most),
    )  # fmt: skip


def _can(progress: Progress) -> list[Literal["cancel", "speed_up"]]:
    """What may be tried. Solana has nothing to bid for, unless a durable nonce holds the place."""
    if progress.stand is Stand.QUEUED:
        return ["cancel"]
    if progress.stand is not Stand.SENDING or progress.included or progress.last_cancels:
        return []
    if not progress.txs:
        return [] if progress.payment.adopted else ["cancel"]
    return ["cancel", "speed_up"] if progress.nonce is not None else []


def _total(costs: Sequence[w.CostView]) -> w.CostView:
    names = w.CostView.__struct_fields__
    return w.CostView(**{name: str(sum(int(getattr(cost, name)) for cost in costs)) for name in names})


def _ended(task: asyncio.Task[None]) -> None:
    """Says that following ended by a defect; what was signed is on disk and followed again by the next run."""
    if not task.cancelled() and task.exception() is not None:
        log.critical("payments are no longer followed", exc_info=task.exception())
