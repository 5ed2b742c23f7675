"""An approval is for one id and its exact bytes, once, in time."""

import pytest

from fluxdesk_host.agent.approvals import MOST, MOST_OF_ONE_ORIGIN, Approvals, NotApproved, Pending
from fluxdesk_host.agent.policy import Decision, Verdict


def waiting(identifier: str = "a", body: bytes = b"one", origin: str = "https://x.test", peer: int = 1) -> Pending:
    return Pending(identifier, body, origin, "evm:0x1", "eip155:1", "evm_tx", None, Decision(Verdict.ASK), 100, peer)


def test_the_bytes_that_wait_are_the_bytes_that_come_back() -> None:
    approvals = Approvals()
    approvals.add(waiting())
    assert approvals.take("a", waiting().digest, 99).body == b"one"


def test_another_digest_approves_nothing_and_the_request_goes_on_waiting() -> None:
    approvals = Approvals()
    approvals.add(waiting())
    with pytest.raises(NotApproved, match="other bytes"):
        approvals.take("a", waiting(body=b"two").digest, 0)
    assert approvals.peek("a") is not None


def test_an_unknown_id_approves_nothing() -> None:
    approvals = Approvals()
    approvals.add(waiting())
    with pytest.raises(NotApproved, match="not known"):
        approvals.take("b", waiting().digest, 0)


def test_an_approval_cannot_be_played_again() -> None:
    approvals = Approvals()
    approvals.add(waiting())
    approvals.take("a", waiting().digest, 0)
    with pytest.raises(NotApproved, match="answered or died"):
        approvals.take("a", waiting().digest, 0)


def test_an_id_is_used_once_whether_it_waits_or_was_answered() -> None:
    approvals = Approvals()
    approvals.add(waiting())
    with pytest.raises(NotApproved, match="waits already"):
        approvals.add(waiting(body=b"another"))
    approvals.reject("a")
    with pytest.raises(NotApproved, match="used before"):
        approvals.add(waiting(body=b"another"))


def test_what_ran_out_approves_nothing() -> None:
    approvals = Approvals()
    approvals.add(waiting())
    with pytest.raises(NotApproved, match="ran out"):
        approvals.take("a", waiting().digest, 100)
    assert [p.id for p in approvals.expired(100)] == ["a"]
    assert approvals.all() == []


def test_the_requests_of_a_connection_die_with_it() -> None:
    approvals = Approvals()
    approvals.add(waiting("a", peer=1))
    approvals.add(waiting("b", peer=2))
    assert [p.id for p in approvals.of_peer(1)] == ["a"]
    assert [p.id for p in approvals.all()] == ["b"]


def test_one_origin_and_all_together_are_bounded() -> None:
    approvals = Approvals()
    for i in range(MOST_OF_ONE_ORIGIN):
        approvals.add(waiting(f"x{i}"))
    with pytest.raises(NotApproved, match="Too many"):
        approvals.add(waiting("more"))
    for i in range(MOST - MOST_OF_ONE_ORIGIN):
        approvals.add(waiting(f"y{i}", origin=f"https://{i}.test"))
    with pytest.raises(NotApproved, match="Too many"):
        approvals.add(waiting("last", origin="https://last.test"))
