"""The address book and the known-bad list of the real agent: said on the owner's channel, and in nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_process import EVM, PASSPHRASE, POLICY, AgentProcess, encoded, transfer, unlocked
from fluxdesk_host.agent import known_bad

FRIEND = "evm:0x8ba1f109551bd432803012645ac136ddd64dba72"
POISON = "0x8ba1" + "1" * 32 + "ba72"


@pytest.fixture
def agent(tmp_path: Path, run: Path) -> Iterator[AgentProcess]:
    with unlocked(tmp_path / "data", run, POLICY) as process:
        yield process


def test_addresses_are_kept_in_one_form_and_a_wrong_one_is_refused(agent: AgentProcess) -> None:
    known = agent.desk.do("add_contact", account="evm:0x8ba1f109551bD432803012645Ac136ddd64DBA72", label="Shop")
    assert known["kind"] == "new"
    assert agent.desk.do("list_contacts") == [{"account": FRIEND, "label": "Shop", "note": ""}]
    for account in ("evm:0x8Ba1f109551bD432803012645Ac136ddd64DBA72", "solana:" + "1" * 33):
        agent.desk.fails("add_contact", account=account, label="Other")
    assert "already" in agent.desk.fails("add_contact", account=FRIEND.upper().replace("EVM:0X", "evm:0x"), label="Two")
    assert "of this name" in agent.desk.fails("add_contact", account="evm:0x" + "cd" * 20, label="SHOP")
    agent.desk.do("change_contact", account=FRIEND, label="Shop", note="same name, itself")
    agent.desk.do("remove_contact", account=FRIEND)
    assert "not in the address book" in agent.desk.fails("remove_contact", account=FRIEND)


def test_the_book_is_on_no_other_channel_and_in_no_file_as_text(agent: AgentProcess) -> None:
    """INVARIANT: labels and addresses of contacts leave on the owner's channel alone."""
    agent.desk.do("add_contact", account=FRIEND, label="Aunt Agatha", note="by the sea")
    asker = agent.admitted()
    asker.send({"op": "list_contacts"})
    answer = asker.receive()
    assert answer is not None
    assert answer["op"] == "refused"
    state = agent.admitted().ask({"op": "status", "id": "1"})
    assert "Agatha" not in json.dumps(state)
    asker = agent.admitted()
    request = transfer(to=POISON)
    asker.send(request)
    shown = agent.desk.push("pending", id=request["id"])
    assert "Aunt Agatha" in json.dumps(shown), "the owner is told whom it resembles"
    waiting = agent.admitted().ask({"op": "status", "id": "2"})
    assert waiting["waiting"]
    assert "Agatha" not in json.dumps(waiting)
    agent.desk.do("reject", id=request["id"])
    answer = asker.receive()
    assert "Agatha" not in json.dumps(answer)
    agent.desk.do("change_contact", account=FRIEND, label="Aunt Agatha", note="inland")
    agent.desk.do("remove_contact", account=FRIEND)
    for file in agent.data.iterdir():
        data = file.read_bytes()
        assert b"Agatha" not in data, file.name
        assert FRIEND[4:].encode() not in data.lower(), file.name


def test_locked_nothing_of_the_book_is_told(agent: AgentProcess) -> None:
    agent.desk.do("add_contact", account=FRIEND, label="Shop")
    agent.desk.do("lock")
    for op, fields in (
        ("list_contacts", {}),
        ("check_recipient", {"account": FRIEND}),
        ("list_wallets", {}),
        ("add_contact", {"account": "evm:0x" + "cd" * 20, "label": "x"}),
    ):
        assert "locked" in agent.desk.fails(op, **fields)
    agent.desk.do("unlock", passphrase=encoded(PASSPHRASE))
    assert agent.desk.do("check_recipient", account=FRIEND)["label"] == "Shop"


def test_a_look_alike_of_a_past_recipient_is_known_after_a_restart(tmp_path: Path, run: Path) -> None:
    other = "0xb2b2" + "1" * 32 + "b2b2"
    with unlocked(tmp_path / "data", run, POLICY) as agent:
        assert agent.admitted().ask(transfer())["op"] == "signed"
    with unlocked(tmp_path / "data", run) as agent:
        found = agent.desk.do("check_recipient", account="evm:" + other, sender=EVM, chain="eip155:1")
        assert [a[0] for a in found["alike"]] == ["evm:0x" + "b2" * 20]
        assert found["known_for_ms"] is None
        shop = agent.desk.do("check_recipient", account="evm:0x" + "b2" * 20, sender=EVM, chain="eip155:1")
        assert shop["kind"] == "sent"
        assert shop["known_for_ms"] >= 0


def test_a_new_list_reaches_the_running_agent(agent: AgentProcess) -> None:
    assert agent.desk.do("known_bad")["date"] == ""
    known_bad.store(agent.data, [known_bad.Entry(FRIEND, "drainer")], "2026-11-02", "list.txt")
    assert agent.desk.do("known_bad") == {"date": "2026-11-02", "source": "list.txt", "count": 1, "problem": ""}
    asker = agent.admitted()
    asker.send(transfer(to=FRIEND[4:]))
    shown = agent.desk.push("pending")
    assert shown["reading"]["danger"] == 5
    assert any("2026-11-02" in r["text"] for r in shown["reading"]["reasons"])


def test_discovery_derives_and_keeps_nothing_until_it_is_told_to(agent: AgentProcess) -> None:
    (wallet,) = agent.desk.do("list_wallets")
    before = agent.desk.do("list_accounts")
    found = agent.desk.do("discover", wallet=wallet["id"], scheme="evm", first=0, count=20)
    assert found[0] == {"index": 0, "path": "m/44'/60'/0'/0/0", "account": EVM}
    assert len({f["account"] for f in found}) == 20
    bare = agent.desk.do("discover", wallet=wallet["id"], scheme="solana_bare", first=3, count=1)
    assert bare[0]["path"] == "m/44'/501'/3'"
    assert agent.desk.do("list_accounts") == before
    agent.desk.do("add_discovered", wallet=wallet["id"], scheme="evm", indexes=[0, 4])
    after = agent.desk.do("list_accounts")
    assert {a["id"] for a in after} - {a["id"] for a in before} == {found[4]["account"]}
