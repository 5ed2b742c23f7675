"""What the file of payments holds to, and what it says when it cannot be used."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from fluxdesk.chains.sending.ports import NATIVE, Draft, Payment, PaymentId
from fluxdesk.chains.sending.repository import OtherPayment, SendRepository, SendsDamaged
from fluxdesk.chains.sending.states import IllegalStep, Place, Stand
from fluxdesk.core.chains import ChainId

CHAIN = ChainId("eip155:1")
IDS = [PaymentId(f"p{n}") for n in range(3)]


def payment(number: int, amount: int = 2**256 - 1) -> Payment:
    return Payment(IDS[number], CHAIN, "a", NATIVE, "b", amount)


@pytest.fixture
def repository(tmp_path: Path) -> SendRepository:
    found = SendRepository(tmp_path / "sends.sqlite")
    found.add([payment(n) for n in range(3)])
    return found


def open_(repository: SendRepository, number: int, nonce: int) -> int:
    return repository.open(CHAIN, "a", Draft(b"{}", (IDS[number],), nonce=nonce))


def test_the_largest_amount_comes_back(repository: SendRepository) -> None:
    assert repository.queued(CHAIN, 10)["a"][0].amount == 2**256 - 1


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    SendRepository(tmp_path / "own" / "sends.sqlite").close()
    assert (tmp_path / "own" / "sends.sqlite").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700


def test_no_two_live_sends_hold_one_nonce(repository: SendRepository) -> None:
    first = open_(repository, 0, 7)
    with pytest.raises(IntegrityError):
        open_(repository, 1, 7)
    assert [p.id for p in repository.queued(CHAIN, 10)["a"]] == IDS[1:]
    repository.drop(first, Stand.REFUSED, "no")
    open_(repository, 1, 7)


def test_a_payment_is_in_one_send_only(repository: SendRepository) -> None:
    open_(repository, 0, 1)
    with pytest.raises(LookupError):
        open_(repository, 0, 2)
    assert len(repository.live(CHAIN)) == 1


def test_from_an_end_there_is_no_way_back(repository: SendRepository) -> None:
    send = open_(repository, 0, 1)
    repository.move(send, Place.FINAL, block=5, fee=9)
    for place in (Place.OPEN, Place.INCLUDED, Place.FAILED, Place.CANCELLED):
        with pytest.raises(IllegalStep):
            repository.move(send, place)
    with pytest.raises(IllegalStep):
        repository.requeue(send)
    found = repository.progress([IDS[0]])[0]
    assert (found.stand, found.block, found.fee) == (Stand.PAID, 5, 9)


def test_a_send_with_a_living_signature_is_never_dropped(repository: SendRepository) -> None:
    send = open_(repository, 0, 1)
    repository.signed(repository.live(CHAIN)[0].attempts[0].id, b"raw", "tx")
    with pytest.raises(AssertionError, match="may still land"):
        repository.drop(send, Stand.REFUSED, "no")
    assert repository.live(CHAIN)[0].payments[0].id == IDS[0]


def test_an_id_of_another_payment_queues_nothing(repository: SendRepository) -> None:
    new = Payment(PaymentId("new"), CHAIN, "a", NATIVE, "b", 1)
    with pytest.raises(OtherPayment):
        repository.add([new, payment(0, 5)])
    assert repository.progress([new.id]) == []


def test_a_damaged_or_newer_file_stays_as_it_is(tmp_path: Path) -> None:
    junk = tmp_path / "junk.sqlite"
    junk.write_bytes(b"no database at all, but long enough to be read as a header" * 40)
    before = junk.read_bytes()
    with pytest.raises(SendsDamaged, match="cannot be read"):
        SendRepository(junk)
    assert junk.read_bytes() == before
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SendsDamaged, match="newer Fluxdesk"):
        SendRepository(newer)
