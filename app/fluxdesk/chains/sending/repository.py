"""The send queue's file: every change is one transaction, on disk before the call returns.

Blocking; the queue calls it from a thread of its own. Nothing here decides: it keeps what was decided, and refuses a
step that there is not.
"""

import sqlite3
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Engine, create_engine, event, func, or_, select, update
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, col

from fluxdesk.chains.sending.ports import Draft, Payment, PaymentId
from fluxdesk.chains.sending.states import ENDED, LIVE, PAYMENTS_OF, OpenAttempt, OpenSend, Place, Progress, Stand, step
from fluxdesk.chains.sending.tables import FROM_1, VERSION, AttemptRow, Base, PaymentRow, SendRow
from fluxdesk.core.chains import ChainId

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # A signed payment that a power cut makes forgotten would be signed again.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


class SendsDamaged(Exception):
    """The file cannot be read, or a newer version wrote it. It stays as it is, and nothing is sent."""


class OtherPayment(ValueError):
    """An id was used before, for another payment."""


class SendRepository:
    """One file."""

    def __init__(self, path: Path):
        self._engine = _engine(path)

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    def add(self, payments: Sequence[Payment]) -> None:
        """Queue payments, all or none; those whose id is known already, with the same values, are not queued again.

        Raises:
            OtherPayment: An id is known with other values.
        """
        with Session(self._engine) as session, session.begin():
            for payment in payments:
                row = session.scalar(select(PaymentRow).where(col(PaymentRow.id) == payment.id))
                if row is None:
                    session.add(_row(payment))
                elif _payment(row) != payment:
                    raise OtherPayment(f"The id {payment.id} belongs to another payment; nothing was queued.")

    def queued(self, chain: ChainId, limit: int) -> dict[str, list[Payment]]:
        """Account -> its queued payments, those first that are to go first, at most so many an account."""
        with Session(self._engine) as session:
            accounts = session.scalars(
                select(col(PaymentRow.account))
                .where(col(PaymentRow.chain) == chain, col(PaymentRow.state) == Stand.QUEUED)
                .distinct()
            )
            return {account: self._queued(session, chain, account, limit) for account in accounts}

    def _queued(self, session: Session, chain: str, account: str, limit: int) -> list[Payment]:
        rows = session.scalars(
            select(PaymentRow)
            .where(
                col(PaymentRow.chain) == chain,
                col(PaymentRow.account) == account,
                col(PaymentRow.state) == Stand.QUEUED,
            )
            .order_by(col(PaymentRow.priority), col(PaymentRow.number))
            .limit(limit)
        )
        return [_payment(row) for row in rows]

    def open(self, chain: ChainId, account: str, draft: Draft) -> int:
        """A send with its first, unsigned attempt; its payments leave the queue. The send's number.

        Raises `sqlalchemy.exc.IntegrityError` when a live send holds the nonce; `LookupError` when a payment is not
        queued any more. Nothing is written then.
        """
        with Session(self._engine) as session, session.begin():
            send = SendRow(chain=chain, account=account, state=Place.OPEN, nonce=draft.nonce, made_ns=time.time_ns())
            session.add(send)
            session.flush()
            assert send.id is not None
            session.add(_attempt(send.id, draft, cancels=False))
            moved = session.execute(
                update(PaymentRow)
                .where(col(PaymentRow.id).in_(draft.took), col(PaymentRow.state) == Stand.QUEUED)
                .values(state=Stand.SENDING, send_id=send.id, reason="")
            )
            if moved.rowcount != len(draft.took):  # type: ignore[attr-defined]
                raise LookupError("a payment left the queue meanwhile")
            return send.id

    def adopt(self, payment: Payment, draft: Draft, raw: bytes, tx: str) -> int | None:
        """A send whose one attempt was signed elsewhere, in one step; its number, None when it is known already.

        Raises `OtherPayment`; `sqlalchemy.exc.IntegrityError` when a live send holds the nonce. In both cases nothing
        was written.
        """
        with Session(self._engine) as session, session.begin():
            row = session.scalar(select(PaymentRow).where(col(PaymentRow.id) == payment.id))
            if row is not None:
                if session.scalar(select(col(AttemptRow.id)).where(*_of(row.send_id, tx))) is None:
                    raise OtherPayment(f"The id {payment.id} belongs to another payment; nothing was sent.")
                return None
            now = time.time_ns()
            send = SendRow(
                chain=payment.chain, account=payment.account, state=Place.OPEN, nonce=draft.nonce, made_ns=now
            )
            session.add(send)
            session.flush()
            assert send.id is not None
            attempt = _attempt(send.id, draft, cancels=False)
            attempt.raw, attempt.tx = raw, tx
            row = _row(payment)
            row.state, row.send_id = Stand.SENDING, send.id
            session.add_all((attempt, row))
            return send.id

    def add_signed(self, send_id: int, draft: Draft, raw: bytes, tx: str, cancels: bool) -> None:
        """One more attempt of a live send, signed elsewhere; the same one twice is one. Raises as `add_attempt`."""
        with Session(self._engine) as session, session.begin():
            if session.scalar(select(col(AttemptRow.id)).where(*_of(send_id, tx))) is not None:
                return
            send = session.get_one(SendRow, send_id)
            step(Place(send.state), Place.OPEN)
            send.held = False
            attempt = _attempt(send_id, draft, cancels)
            attempt.raw, attempt.tx = raw, tx
            session.add(attempt)

    def recent(self, limit: int) -> list[Progress]:
        """The payments asked for last, newest first."""
        with Session(self._engine) as session:
            rows = session.scalars(select(PaymentRow).order_by(col(PaymentRow.number).desc()).limit(limit))
            return [_progress(session, row) for row in rows]

    def add_attempt(self, send_id: int, draft: Draft, cancels: bool = False) -> int:
        """One more unsigned attempt of a live send; its number.

        Raises `sqlalchemy.exc.IntegrityError` when another live send took the nonce of one that was held.
        """
        with Session(self._engine) as session, session.begin():
            send = session.get_one(SendRow, send_id)
            step(Place(send.state), Place.OPEN)
            send.held = False
            row = _attempt(send_id, draft, cancels)
            session.add(row)
            session.flush()
            assert row.id is not None
            return row.id

    def signed(self, attempt_id: int, raw: bytes, tx: str) -> None:
        """What came back from the signer, to be called before it is broadcast."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(AttemptRow, attempt_id)
            row.raw, row.tx = raw, tx

    def bury(self, attempt_id: int) -> None:
        """An attempt that can never land: expired, or refused by the signer before anything was signed."""
        with Session(self._engine) as session, session.begin():
            session.get_one(AttemptRow, attempt_id).dead = True

    def hold(self, send_id: int, reason: str) -> None:
        """Every endpoint refused a signed send: it is watched from now on, and its nonce is free."""
        with Session(self._engine) as session, session.begin():
            session.get_one(SendRow, send_id).held = True
            session.execute(update(PaymentRow).where(col(PaymentRow.send_id) == send_id).values(reason=reason))

    def end_dead(self, send_id: int, reason: str) -> None:
        """End a send that came signed and of which nothing can land any more."""
        with Session(self._engine) as session, session.begin():
            session.execute(update(AttemptRow).where(col(AttemptRow.send_id) == send_id).values(dead=True))
            self._drop(session, send_id, Stand.REFUSED, reason)

    def requeue(self, send_id: int) -> None:
        """Bury every attempt of a send, none of which can land any more, and queue its payments again."""
        with Session(self._engine) as session, session.begin():
            session.execute(update(AttemptRow).where(col(AttemptRow.send_id) == send_id).values(dead=True))
            self._drop(session, send_id, Stand.QUEUED, "")

    def move(
        self, send_id: int, place: Place, *, block: int | None = None, fee: int | None = None,
        landed: int | None = None, reason: str = "",
    ) -> None:  # fmt: skip
        """A live send to another place, and its payments with it."""
        assert place is not Place.DROPPED
        now = time.time_ns()
        ended = now if place not in LIVE else None
        with Session(self._engine) as session, session.begin():
            send = session.get_one(SendRow, send_id)
            send.state = step(Place(send.state), place)
            send.block, send.landed_id, send.ended_ns = block, landed, ended
            send.fee = send.fee if fee is None else fee
            if place is Place.INCLUDED and send.included_ns is None:
                send.included_ns = now
            session.execute(
                update(PaymentRow)
                .where(col(PaymentRow.send_id) == send_id)
                .values(state=PAYMENTS_OF[place], ended_ns=ended, reason=reason)
            )

    def drop(self, send_id: int, then: Stand, reason: str) -> None:
        """End a send of which nothing was signed, and its payments with it."""
        assert then in (Stand.REFUSED, Stand.CANCELLED)
        with Session(self._engine) as session, session.begin():
            self._drop(session, send_id, then, reason)

    def _drop(self, session: Session, send_id: int, then: Stand, reason: str) -> None:
        living = session.scalar(
            select(func.count())
            .select_from(AttemptRow)
            .where(
                col(AttemptRow.send_id) == send_id,
                col(AttemptRow.dead).is_(False),
                col(AttemptRow.raw).is_not(None),
            )
        )
        assert not living, "a signed attempt may still land"
        now = time.time_ns()
        send = session.get_one(SendRow, send_id)
        send.state, send.ended_ns = step(Place(send.state), Place.DROPPED), now
        ended = None if then is Stand.QUEUED else now
        values: dict[str, Any] = {"state": then, "reason": reason, "ended_ns": ended}
        if then is Stand.QUEUED:
            values["send_id"] = None
        session.execute(update(PaymentRow).where(col(PaymentRow.send_id) == send_id).values(**values))

    def end_queued(self, payment: PaymentId, then: Stand, reason: str) -> bool:
        """End a payment that is still in the queue. False when it is not there any more."""
        assert then in ENDED
        with Session(self._engine) as session, session.begin():
            done = session.execute(
                update(PaymentRow)
                .where(col(PaymentRow.id) == payment, col(PaymentRow.state) == Stand.QUEUED)
                .values(state=then, reason=reason, ended_ns=time.time_ns())
            )
            return bool(done.rowcount)  # type: ignore[attr-defined]

    def explain(self, payments: Sequence[PaymentId], reason: str) -> None:
        """Why payments are still in the queue, or not on the chain yet."""
        with Session(self._engine) as session, session.begin():
            session.execute(
                update(PaymentRow)
                .where(
                    col(PaymentRow.id).in_(payments),
                    or_(col(PaymentRow.state) == Stand.QUEUED, col(PaymentRow.state) == Stand.SENDING),
                    col(PaymentRow.reason) != reason,
                )
                .values(reason=reason)
            )

    def live(self, chain: ChainId) -> list[OpenSend]:
        """Every send of a chain that is not at its end, oldest first."""
        with Session(self._engine) as session:
            return _open_sends(session, col(SendRow.chain) == chain)

    def send_of(self, payment: PaymentId) -> OpenSend | None:
        """The live send of a payment."""
        with Session(self._engine) as session:
            send_id = session.scalar(select(col(PaymentRow.send_id)).where(col(PaymentRow.id) == payment))
            return next(iter(_open_sends(session, col(SendRow.id) == send_id)), None)

    def progress(self, payments: Sequence[PaymentId]) -> list[Progress]:
        """Where payments stand, in the order of asking; unknown ids are left out."""
        with Session(self._engine) as session:
            rows = session.scalars(
                select(PaymentRow).where(col(PaymentRow.id).in_(payments)).order_by(col(PaymentRow.number))
            )
            return [_progress(session, row) for row in rows]


def _engine(path: Path) -> Engine:
    from sqlalchemy.exc import DatabaseError

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=True)
    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version == 0:
                Base.metadata.create_all(connection)
            elif version == 1:
                for change in FROM_1:
                    connection.exec_driver_sql(change)
            if version < VERSION:
                connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    except (DatabaseError, sqlite3.DatabaseError) as error:
        engine.dispose()
        raise SendsDamaged(f"The list of payments ({path.name}) cannot be read: {error.args[0]}.") from error
    if version > VERSION:
        engine.dispose()
        raise SendsDamaged(f"A newer Fluxdesk wrote the list of payments ({path.name}); this one leaves it alone.")
    return engine


def _row(payment: Payment) -> PaymentRow:
    return PaymentRow(
        id=payment.id,
        chain=payment.chain,
        account=payment.account,
        asset=payment.asset,
        recipient=payment.recipient,
        amount=payment.amount,
        priority=payment.priority,
        call=payment.call,
        durable=payment.durable,
        adopted=payment.adopted,
        state=Stand.QUEUED,
        asked_ns=time.time_ns(),
    )


def _payment(row: PaymentRow) -> Payment:
    return Payment(
        PaymentId(row.id), ChainId(row.chain), row.account, row.asset, row.recipient, row.amount, row.priority,
        row.call, row.durable, row.adopted,
    )  # fmt: skip


def _attempt(send_id: int, draft: Draft, cancels: bool) -> AttemptRow:
    return AttemptRow(
        send_id=send_id,
        payload=draft.payload,
        expires=draft.expires,
        cost_most=draft.cost_most,
        cancels=cancels,
        made_ns=time.time_ns(),
    )


def _of(send_id: int | None, tx: str) -> tuple[Any, ...]:
    return col(AttemptRow.send_id) == send_id, col(AttemptRow.tx) == tx


def _open_sends(session: Session, which: ColumnElement[bool]) -> list[OpenSend]:
    """Three questions, however many sends: this is asked several times a second."""
    columns = (col(SendRow.id), col(SendRow.account), col(SendRow.state), col(SendRow.nonce), col(SendRow.held))
    live = or_(*(col(SendRow.state) == place for place in LIVE))
    sends = session.execute(select(*columns).where(which, live).order_by(col(SendRow.id))).all()
    numbers = [send_id for send_id, *_ in sends]
    payments: dict[int | None, list[Payment]] = defaultdict(list)
    for send_id, identity, *values in session.execute(
        select(
            col(PaymentRow.send_id), col(PaymentRow.id), col(PaymentRow.chain), col(PaymentRow.account),
            col(PaymentRow.asset), col(PaymentRow.recipient), col(PaymentRow.amount), col(PaymentRow.priority),
            col(PaymentRow.call), col(PaymentRow.durable), col(PaymentRow.adopted),
        )
        .where(col(PaymentRow.send_id).in_(numbers))
        .order_by(col(PaymentRow.number))
    ):  # fmt: skip
        payments[send_id].append(Payment(PaymentId(identity), *values))
    attempts: dict[int, list[OpenAttempt]] = defaultdict(list)
    for send_id, *values in session.execute(
        select(
            col(AttemptRow.send_id), col(AttemptRow.id), col(AttemptRow.payload), col(AttemptRow.raw),
            col(AttemptRow.tx), col(AttemptRow.expires), col(AttemptRow.cancels),
        )
        .where(col(AttemptRow.send_id).in_(numbers), col(AttemptRow.dead).is_(False))
        .order_by(col(AttemptRow.id))
    ):  # fmt: skip
        attempts[send_id].append(OpenAttempt(*values))
    return [
        OpenSend(number, account, Place(state), nonce, held, tuple(payments[number]), tuple(attempts[number]))
        for number, account, state, nonce, held in sends
    ]


def _progress(session: Session, row: PaymentRow) -> Progress:
    send = session.get(SendRow, row.send_id) if row.send_id is not None else None
    attempts = session.execute(
        select(col(AttemptRow.tx), col(AttemptRow.cost_most), col(AttemptRow.cancels))
        .where(col(AttemptRow.send_id) == row.send_id)
        .order_by(col(AttemptRow.id))
    ).all()
    shared = session.scalar(select(func.count()).select_from(PaymentRow).where(col(PaymentRow.send_id) == row.send_id))
    return Progress(
        payment=_payment(row),
        stand=Stand(row.state),
        reason=row.reason,
        included=send is not None and send.state == Place.INCLUDED,
        send=row.send_id,
        nonce=None if send is None else send.nonce,
        held=send is not None and send.held,
        shared=max(1, shared or 0),
        cost_most=attempts[-1][1] if attempts else None,
        last_cancels=bool(attempts and attempts[-1][2]),
        txs=tuple(tx for tx, *_ in attempts if tx is not None),
        block=None if send is None else send.block,
        fee=None if send is None else send.fee,
        asked_ns=row.asked_ns,
        included_ns=None if send is None else send.included_ns,
        ended_ns=row.ended_ns,
    )
