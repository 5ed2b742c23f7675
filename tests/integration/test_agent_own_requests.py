"""What the owner's window asks to be signed: it waits like any other, and nobody can ask in its name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_process import EVM, AgentProcess, transfer, unlocked
from fluxdesk_host.keys.evm_tx import read_signed_transaction

OWN = "node:desktop"


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[AgentProcess]:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    with unlocked(tmp_path / "data", run) as process:
        yield process


def test_an_own_request_waits_is_approved_and_answered(agent: AgentProcess) -> None:
    request = transfer(origin=OWN)
    agent.desk.do("ask", request=request)
    waits = agent.desk.push("pending", id=request["id"])
    assert (waits["origin"], waits["proven"], waits["account"]) == (OWN, True, EVM)
    agent.desk.do("approve", id=request["id"], digest=waits["digest"])
    answer = agent.desk.push("answered", id=request["id"])
    assert read_signed_transaction(bytes.fromhex(answer["result"][2:])).transaction.nonce == 0


def test_a_rejected_or_locked_own_request_is_answered_with_a_no(agent: AgentProcess) -> None:
    first, second = transfer(origin=OWN), transfer(origin=OWN, nonce=1)
    for request in (first, second):
        agent.desk.do("ask", request=request)
        agent.desk.push("pending", id=request["id"])
    agent.desk.do("reject", id=first["id"])
    assert agent.desk.push("answered", id=first["id"])["code"] == "user_rejected"
    agent.desk.do("lock")
    answer = agent.desk.push("answered", id=second["id"])
    assert answer["code"] == "locked"
    assert "result" not in answer


def test_the_channel_asks_for_the_window_alone(agent: AgentProcess) -> None:
    for origin in ("node:dca", "https://shop.example"):
        assert "for nobody else" in agent.desk.fails("ask", request=transfer(origin=origin))
    assert agent.desk.do("get_policy") is not None


def test_the_admitted_node_cannot_ask_as_the_window(agent: AgentProcess) -> None:
    asker = agent.admitted()
    answer = asker.ask(transfer(origin=OWN))
    assert (answer["op"], answer["code"]) == ("refused", "malformed")
    assert asker.receive() is None
    assert not [push for push in agent.desk.pushed if push["op"] == "pending"]
