"""Files of sends that earlier versions wrote are read on; what they held came signed and is never made anew."""

import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from fluxdesk.chains.sending.ports import Draft, Payment, PaymentId
from fluxdesk.chains.sending.repository import SendRepository
from fluxdesk.chains.sending.states import Place, Stand
from fluxdesk.core.chains import ChainId

CHAIN = ChainId("eip155:1")
VERSION_1 = """
CREATE TABLE attempts (
    id INTEGER NOT NULL PRIMARY KEY, send_id INTEGER NOT NULL, payload BLOB NOT NULL, raw BLOB, tx VARCHAR,
    expires BIGINT, cost_most BLOB NOT NULL, cancels BOOLEAN NOT NULL, dead BOOLEAN NOT NULL, made_ns BIGINT NOT NULL
);
CREATE INDEX ix_attempts_send ON attempts (send_id);
CREATE TABLE payments (
    number INTEGER NOT NULL PRIMARY KEY, id VARCHAR NOT NULL UNIQUE, chain VARCHAR NOT NULL, account VARCHAR NOT NULL,
    asset VARCHAR NOT NULL, recipient VARCHAR NOT NULL, amount BLOB NOT NULL, priority INTEGER NOT NULL,
    state VARCHAR NOT NULL, send_id INTEGER, reason VARCHAR NOT NULL, asked_ns BIGINT NOT NULL, ended_ns BIGINT
);
CREATE INDEX ix_payments_queue ON payments (chain, account, state, priority, number);
CREATE INDEX ix_payments_send ON payments (send_id);
CREATE TABLE sends (
    id INTEGER NOT NULL PRIMARY KEY, chain VARCHAR NOT NULL, account VARCHAR NOT NULL, state VARCHAR NOT NULL,
    nonce BIGINT, block BIGINT, fee BLOB, landed_id INTEGER, made_ns BIGINT NOT NULL, included_ns BIGINT,
    ended_ns BIGINT
);
CREATE UNIQUE INDEX ux_sends_nonce ON sends (chain, account, nonce)
    WHERE state IN ('open', 'included') AND nonce IS NOT NULL;
CREATE INDEX ix_sends_live ON sends (chain, account, state);
INSERT INTO sends VALUES (1, 'eip155:1', 'a', 'open', 7, NULL, NULL, NULL, 5, NULL, NULL);
PRAGMA user_version = 1;
"""


def payment(number: str, adopted: bool = True) -> Payment:
    return Payment(PaymentId(number), CHAIN, "a", "native", "b", 5, adopted=adopted)


def draft(number: str, nonce: int) -> Draft:
    return Draft(b"{}", (PaymentId(number),), nonce=nonce)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "sends.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(VERSION_1)
        amount = (5).to_bytes(32, "big")
        connection.execute(
            "INSERT INTO payments VALUES (1, 'p1', 'eip155:1', 'a', 'native', 'b', ?, 1, 'sending', 1, '', 5, NULL)",
            (amount,),
        )
        connection.execute("INSERT INTO attempts VALUES (1, 1, x'7b7d', x'01', '0xab', NULL, ?, 0, 0, 5)", (bytes(32),))
    return file


def test_what_version_1_held_is_read_on(old: Path) -> None:
    for _ in range(2):  # the second time it is of this version
        repository = SendRepository(old)
        (send,) = repository.live(CHAIN)
        assert (send.nonce, send.held, send.payments) == (7, False, (payment("p1"),))
        assert [attempt.tx for attempt in send.attempts] == ["0xab"]
        repository.close()


def test_a_nonce_is_held_alone_until_every_endpoint_refused_it(old: Path) -> None:
    repository = SendRepository(old)
    with pytest.raises(IntegrityError):
        repository.adopt(payment("p2"), draft("p2", 7), b"\x02", "0xcd")
    repository.hold(1, "No.")
    assert repository.adopt(payment("p2"), draft("p2", 7), b"\x02", "0xcd") is not None
    # Both may be looked for; the one that lands is written down, whichever it is.
    repository.move(1, Place.INCLUDED, block=5)
    with pytest.raises(IntegrityError):
        repository.add_attempt(1, draft("p1", 7))
    found = repository.progress([PaymentId("p1")])[0]
    assert (found.included, found.held, found.reason) == (True, True, "")
    repository.close()


def test_one_that_came_signed_and_is_dead_ends_and_keeps_its_evidence(tmp_path: Path) -> None:
    repository = SendRepository(tmp_path / "s.sqlite")
    send = repository.adopt(payment("p1"), Draft(b"{}", (PaymentId("p1"),), expires=5), b"\x01", "sig")
    assert send is not None
    repository.end_dead(send, "Gone.")
    found = repository.progress([PaymentId("p1")])[0]
    assert (found.stand, found.reason, found.txs) == (Stand.REFUSED, "Gone.", ("sig",))
    assert found.ended_ns is not None and found.ended_ns <= time.time_ns()
    assert repository.adopt(payment("p1"), Draft(b"{}", (PaymentId("p1"),)), b"\x01", "sig") is None
    assert repository.queued(CHAIN, 9) == {}
    repository.close()
