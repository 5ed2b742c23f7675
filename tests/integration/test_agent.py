"""The real agent in its own process: what it signs, what it asks, what it refuses, and what an attacker gets."""

import contextlib
import json
import os
import signal
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_process import EVM, PASSPHRASE, POLICY, SHOP, WORDS, AgentProcess, encoded, make_keystore, transfer, unlocked
from fluxdesk_host.agent.audit import entries
from fluxdesk_host.agent.audit_file import verify
from fluxdesk_host.agent.totp import code
from fluxdesk_host.keys.evm_tx import read_signed_transaction
from waiting import until

OTHER = "0x" + "c3" * 20


@pytest.fixture(scope="module")
def keystore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("keys") / "data"
    make_keystore(data)
    return data / "keystore.fdk"


@pytest.fixture
def data(tmp_path: Path, keystore: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "keystore.fdk").write_bytes(keystore.read_bytes())
    return folder


@pytest.fixture
def agent(data: Path, run: Path) -> Iterator[AgentProcess]:
    with unlocked(data, run, POLICY) as process:
        yield process


def events(agent: AgentProcess) -> list[str]:
    return [e.event for e in entries(agent.data / "audit.log")]


# ---- signing


def test_what_the_policy_names_is_signed_and_recorded(agent: AgentProcess) -> None:
    request = transfer(value=5)
    answer = agent.admitted().ask(request)
    assert answer["op"] == "signed"
    signed = read_signed_transaction(bytes.fromhex(answer["result"][2:]))
    assert signed.sender.hex() == EVM[6:]
    assert (signed.transaction.value, signed.transaction.to) == (5, bytes.fromhex(SHOP[2:]))
    last = list(entries(agent.data / "audit.log"))[-1]
    assert (last.event, last.id, last.decision) == ("signed", request["id"], "allowance dca")
    assert [(s.asset, s.method, s.amount) for s in last.spends] == [
        ("native", "native_out", 5),
        ("native", "fee", 21000),
    ]


def test_what_it_does_not_name_waits_for_the_owner(agent: AgentProcess) -> None:
    asker = agent.admitted()
    request = transfer(to=OTHER)
    asker.send(request)
    shown = agent.desk.push("pending")
    assert shown["id"] == request["id"]
    assert shown["reading"]["effects"][0]["to"] == OTHER
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"])
    answer = asker.receive()
    assert answer is not None
    assert answer["op"] == "signed"
    assert read_signed_transaction(bytes.fromhex(answer["result"][2:])).transaction.to == bytes.fromhex(OTHER[2:])


def test_the_owner_says_no(agent: AgentProcess) -> None:
    asker = agent.admitted()
    asker.send(transfer(to=OTHER))
    agent.desk.do("reject", id=agent.desk.push("pending")["id"])
    answer = asker.receive()
    assert answer is not None
    assert (answer["op"], answer["code"]) == ("refused", "user_rejected")


def test_messages_and_typed_data_and_solana_are_signed(agent: AgentProcess) -> None:
    asker = agent.admitted()
    account = next(a["id"] for a in agent.desk.do("list_accounts") if a["family"] == "solana")
    cases = [
        transfer(kind="evm_message", payload=encoded("hello")),
        transfer(kind="solana_message", account=account, chain="solana:mainnet", payload=encoded("hello")),
    ]
    for request in cases:
        asker.send(request)
        shown = agent.desk.push("pending", id=request["id"])
        agent.desk.do("approve", id=shown["id"], digest=shown["digest"])
        answer = asker.receive()
        assert answer is not None
        assert answer["op"] == "signed", answer


def test_the_day_limit_holds_against_many_small_sends_and_a_restart(data: Path, run: Path) -> None:
    fee = 21_000
    policy = json.loads(json.dumps(POLICY))
    policy["allowances"][0]["assets"]["native"] = {"per_transaction": 30_000, "per_day": 5 * (fee + 10)}
    with unlocked(data, run, policy) as agent:
        asker = agent.admitted()
        assert [asker.ask(transfer(value=10))["op"] for _ in range(4)] == ["signed"] * 4
    with unlocked(data, run) as agent:
        asker = agent.admitted()
        assert asker.ask(transfer(value=10))["op"] == "signed"
        asker.send(transfer(value=10))
        assert "the limit is" in " ".join(agent.desk.push("pending")["reasons"])


# ---- attacks


def test_a_program_of_the_same_user_cannot_approve_on_the_request_socket(agent: AgentProcess) -> None:
    """INVARIANT: what the owner may say is not understood anywhere else."""
    asker = agent.admitted()
    asker.send(transfer(to=OTHER))
    shown = agent.desk.push("pending")
    for op, fields in (
        ("approve", {"id": shown["id"], "digest": shown["digest"]}),
        ("unlock", {"passphrase": encoded(PASSPHRASE)}),
        ("set_policy", {"policy": {}}),
        ("export", {"account": EVM, "passphrase": encoded(PASSPHRASE)}),
        ("reveal", {"wallet": "x", "passphrase": encoded(PASSPHRASE)}),
        ("admit_node", {"process": os.getpid()}),
        ("stop", {}),
    ):
        attacker = agent.asker()
        attacker.send({"op": op, "n": 1, **fields})
        answer = attacker.receive()
        assert answer is not None
        assert (answer["op"], answer["code"]) == ("refused", "malformed")
        assert attacker.receive() is None  # and the connection is over
    assert events(agent).count("signed") == 0
    agent.desk.do("reject", id=shown["id"])


def test_a_program_that_the_owner_did_not_name_gets_nothing_without_asking(agent: AgentProcess) -> None:
    asker = agent.asker()
    asker.send(transfer())
    shown = agent.desk.push("pending")
    assert "has not shown that it speaks for this origin" in " ".join(shown["reasons"])


def test_a_program_cannot_speak_for_a_website(agent: AgentProcess) -> None:
    attacker = agent.admitted()
    attacker.send(transfer(origin="https://app.example"))
    answer = attacker.receive()
    assert answer is not None
    assert (answer["op"], answer["code"]) == ("refused", "malformed")
    assert attacker.receive() is None


def test_an_unpaired_browser_gets_no_further_than_its_handshake(agent: AgentProcess) -> None:
    attacker = agent.asker("browser")
    attacker.send(transfer(origin="https://app.example"))  # taken for the first message of a handshake, which is open
    assert attacker.receive_raw() is not None
    attacker.send(transfer(origin="https://app.example"))
    answer = attacker.receive()
    assert answer is not None
    assert (answer["op"], answer["code"]) == ("refused", "closed")
    assert attacker.receive() is None


def test_an_approval_cannot_be_played_again(agent: AgentProcess) -> None:
    asker = agent.admitted()
    asker.send(transfer(to=OTHER))
    shown = agent.desk.push("pending")
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"])
    assert (asker.receive() or {})["op"] == "signed"
    assert "answered or died" in agent.desk.fails("approve", id=shown["id"], digest=shown["digest"])
    assert events(agent).count("signed") == 1


def test_an_approval_of_one_request_signs_no_other(agent: AgentProcess) -> None:
    asker = agent.admitted()
    asker.send(transfer(to=OTHER, value=1))
    asker.send(transfer(to=OTHER, value=2))
    one, two = agent.desk.push("pending"), agent.desk.push("pending")
    assert "other bytes" in agent.desk.fails("approve", id=one["id"], digest=two["digest"])
    assert "not known" in agent.desk.fails("approve", id="another", digest=one["digest"])
    assert events(agent).count("signed") == 0


def test_a_request_cannot_be_swapped_after_it_was_shown(agent: AgentProcess) -> None:
    asker = agent.admitted()
    request = transfer(to=OTHER, value=1)
    asker.send(request)
    shown = agent.desk.push("pending")
    swapped = transfer(to="0x" + "ee" * 20, value=99_000) | {"id": request["id"]}
    for attacker in (asker, agent.asker()):
        answer = attacker.ask(swapped)
        assert (answer["op"], answer["code"]) == ("refused", "already_waiting")
    agent.desk.do("approve", id=shown["id"], digest=shown["digest"])
    answer_ = asker.receive()
    assert answer_ is not None
    signed = read_signed_transaction(bytes.fromhex(answer_["result"][2:])).transaction
    assert (signed.to, signed.value) == (bytes.fromhex(OTHER[2:]), 1)
    assert asker.ask(swapped)["code"] == "malformed"  # nor is the id good for a second request


def test_what_waits_dies_at_lock_and_at_a_switch_of_account_or_chain(agent: AgentProcess) -> None:
    asker = agent.admitted()
    for op, fields in (
        ("select", {"account": EVM}),
        ("select", {"chain": "eip155:137"}),
        ("lock", {}),
    ):
        asker.send(transfer(to=OTHER))
        shown = agent.desk.push("pending")
        agent.desk.do(op, **fields)
        answer = asker.receive()
        assert answer is not None
        assert answer["op"] == "refused"
        if op == "lock":
            agent.desk.unlock()
        assert "answered or died" in agent.desk.fails("approve", id=shown["id"], digest=shown["digest"])
    assert events(agent).count("signed") == 0


def test_what_waits_dies_with_the_connection_that_asked(agent: AgentProcess) -> None:
    asker = agent.admitted()
    asker.send(transfer(to=OTHER))
    shown = agent.desk.push("pending")
    asker.close()
    assert agent.desk.push("gone")["id"] == shown["id"]
    agent.desk.fails("approve", id=shown["id"], digest=shown["digest"])
    assert events(agent).count("signed") == 0


def test_lock_wins_the_race_against_an_approval_and_against_an_unlock(agent: AgentProcess) -> None:
    asker = agent.admitted()
    for _ in range(10):
        asker.send(transfer(to=OTHER))
        shown = agent.desk.push("pending")
        before = events(agent).count("signed")
        approve = agent.desk.begin("approve", id=shown["id"], digest=shown["digest"])
        lock = agent.desk.begin("lock")
        agent.desk.reply(approve)
        agent.desk.reply(lock)
        answer = asker.receive()
        assert answer is not None
        if answer["op"] == "signed":  # then its record was on disk before the lock was read
            assert events(agent).count("signed") == before + 1
        assert asker.ask(transfer())["code"] == "locked"
        unlock = agent.desk.begin("unlock", passphrase=encoded(PASSPHRASE))
        again = agent.desk.begin("lock")
        agent.desk.reply(again)
        assert agent.desk.reply(unlock)["op"] == "error"  # the unlock that was under way does not open it after all
        assert asker.ask(transfer())["code"] == "locked"
        agent.desk.unlock()


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack("<I", (1 << 20) + 1),
        struct.pack("<I", 0xFFFFFFFF) + b"x" * 100,
        struct.pack("<I", 3) + b"{]}",
        struct.pack("<I", 0),
        struct.pack("<I", 2) + b"[]",
        struct.pack("<I", 500_000) + b"[" * 500_000,
        struct.pack("<I", 60) + b'{"op":"sign","id":"1","origin":"node:x","account":"evm:0x00"}'[:60],
    ],
    ids=["over-the-limit", "far-over", "no-json", "empty", "a-list", "nested-without-end", "cut-json"],
)
def test_a_malformed_or_oversized_frame_is_answered_and_ends_the_connection(
    data: Path, run: Path, frame: bytes, keystore: Path
) -> None:
    with AgentProcess(data, run) as agent:
        agent.ready()
        asker = agent.asker()
        asker.link.sendall(frame)
        answer = asker.receive()
        assert answer is not None
        assert answer["op"] == "refused"
        assert answer["code"] in ("malformed", "too_large")
        assert asker.receive() is None
        assert agent.asker().ask({"op": "status", "id": "1"})["locked"] is True  # others are heard as before


def test_a_program_that_reads_no_answers_costs_bounded_memory(data: Path, run: Path) -> None:
    with AgentProcess(data, run) as agent:
        agent.ready()
        before = agent.memory_mib()
        asker = agent.asker()
        asker.link.settimeout(2)
        body = b'{"op":"status","id":"1"}'
        frames = (struct.pack("<I", len(body)) + body) * 2000
        with contextlib.suppress(TimeoutError, ConnectionError):
            for _ in range(200):
                asker.link.sendall(frames)
        assert agent.asker().ask({"op": "status", "id": "1"})["locked"] is True
        assert agent.memory_mib() - before < 10


def test_one_origin_that_floods_is_slowed_and_bounded(data: Path, run: Path) -> None:
    with unlocked(data, run, POLICY | {"requests_per_second": 2}) as agent:
        asker = agent.admitted()
        codes = []
        for _ in range(30):
            asker.send(transfer(to=OTHER))
        for _ in range(22):
            answer = asker.receive()
            assert answer is not None
            codes.append(answer["code"])
        assert set(codes) == {"too_many"}  # eight wait for the owner, who is shown no more of one origin
        assert len(list(entries(data / "audit.log"))) < 20


def test_only_one_agent_has_the_folder(agent: AgentProcess, run: Path) -> None:
    second = AgentProcess(agent.data, run)
    assert second.process.wait(60) == 1
    assert "Another agent uses" in second.errors()
    second.close()


def test_the_socket_is_its_users_alone(agent: AgentProcess, run: Path, tmp_path: Path) -> None:
    assert oct(os.stat(agent.path).st_mode & 0o777) == "0o600"
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    open_folder.chmod(0o755)
    other = AgentProcess(tmp_path / "data2", open_folder)
    assert other.process.wait(60) == 1
    assert "open to others" in other.errors()
    other.close()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user to try it")
def test_another_users_program_is_not_heard(agent: AgentProcess, run: Path, tmp_path: Path) -> None:
    for folder in (run, *run.parents):
        with contextlib.suppress(OSError):
            folder.chmod(0o755) if folder.stat().st_uid == os.getuid() and folder != Path("/") else None
    os.chmod(agent.path, 0o666)
    child = os.fork()
    if child == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            link.connect(agent.path)
            told = link.recv(4096)
            os._exit(0 if b"unauthorized" in told and link.recv(4096) == b"" else 3)
        except BaseException:
            os._exit(4)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


# ---- life


def test_when_the_owners_channel_closes_it_locks_and_ends(agent: AgentProcess) -> None:
    asker = agent.admitted()
    assert asker.ask(transfer())["op"] == "signed"
    agent.desk.close()
    assert agent.process.wait(60) == 0
    assert events(agent)[-1] == "locked"
    assert verify(agent.data / "audit.log").problems == ()


def test_idle_it_locks_itself(data: Path, run: Path) -> None:
    with unlocked(data, run, POLICY | {"idle_lock_s": 1}) as agent:
        until(lambda: [e.note for e in entries(data / "audit.log") if e.event == "locked"] == ["idle"])
        assert agent.asker().ask({"op": "status", "id": "1"})["locked"] is True


def test_after_kill_9_every_signature_that_left_is_in_the_log(data: Path, run: Path) -> None:
    policy = json.loads(json.dumps(POLICY))
    policy["allowances"][0]["assets"]["native"] = {"per_day": 10**9}
    with unlocked(data, run, policy) as agent:
        asker = agent.admitted()
        sent = [transfer(nonce=i) for i in range(400)]
        for request in sent:
            asker.send(request)
        got = [asker.receive() for _ in range(50)]
        agent.process.send_signal(signal.SIGKILL)
        while (more := asker.receive()) is not None:
            got.append(more)
        agent.process.wait(60)
    signed = {a["id"] for a in got if a is not None and a["op"] == "signed"}
    assert len(signed) >= 50
    recorded = {e.id for e in entries(data / "audit.log") if e.event == "signed"}
    assert signed <= recorded
    with unlocked(data, run) as agent:  # and it goes on from there
        assert agent.desk.do("audit_verify")["problems"] == []


def test_the_emergency_stop_holds_over_a_restart(data: Path, run: Path) -> None:
    with unlocked(data, run, POLICY) as agent:
        agent.desk.do("stop")
        assert agent.admitted().ask(transfer())["code"] == "policy"
        agent.desk.do("resume")  # takes effect after the delay of a day
        assert agent.asker().ask(transfer())["code"] == "policy"
    with unlocked(data, run) as agent:
        assert agent.desk.do("get_policy")["stopped"] is True
        assert agent.admitted().ask(transfer())["code"] == "policy"


def test_a_loosened_policy_waits_over_a_restart(data: Path, run: Path) -> None:
    loose = json.loads(json.dumps(POLICY))
    loose["allowances"][0]["recipients"].append(OTHER)
    with unlocked(data, run, POLICY) as agent:
        agent.desk.do("set_policy", policy=loose)
    with unlocked(data, run) as agent:
        asker = agent.admitted()
        asker.send(transfer(to=OTHER))
        assert "not among its recipients" in " ".join(agent.desk.push("pending")["reasons"])
        assert asker.ask(transfer() | {"id": "second"})["op"] == "signed"


def test_a_policy_file_that_was_changed_on_disk_signs_nothing(data: Path, run: Path) -> None:
    with unlocked(data, run, POLICY):
        pass
    path = data / "policy.json"
    path.write_bytes(path.read_bytes().replace(b"100000", b"900000"))
    with unlocked(data, run) as agent:
        answer = agent.admitted().ask(transfer())
        assert (answer["op"], answer["code"]) == ("refused", "failed")
        agent.desk.do("set_policy", policy=POLICY)
        assert agent.asker().ask({"op": "status", "id": "1"})["locked"] is False


def test_an_audit_log_that_was_changed_signs_nothing_until_it_is_set_aside(data: Path, run: Path) -> None:
    with unlocked(data, run, POLICY) as agent:
        assert agent.admitted().ask(transfer())["op"] == "signed"
    log = data / "audit.log"
    log.write_bytes(log.read_bytes().replace(b'"event":"signed"', b'"event":"sigNed"'))
    with unlocked(data, run) as agent:
        assert agent.admitted().ask(transfer())["code"] == "failed"
        assert agent.desk.do("audit_set_aside") == "audit-damaged-1.log"
        asker = agent.asker()
        asker.send(transfer())
        assert "sums were lost" in " ".join(agent.desk.push("pending")["reasons"])


def test_headless_what_the_policy_does_not_name_is_refused(data: Path, run: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps(POLICY | {"trust_any_node": True}))
    with AgentProcess(data, run, headless=policy) as agent:
        agent.ready()
        asker = agent.asker()
        assert asker.ask(transfer())["op"] == "signed"
        answer = asker.ask(transfer(to=OTHER))
        assert (answer["op"], answer["code"]) == ("refused", "policy")
        assert "nobody to ask" in answer["reason"]


# ---- what leaves


def test_export_and_words_need_the_passphrase_and_the_second_factor(agent: AgentProcess) -> None:
    from base64 import b32decode, b64decode

    desk = agent.desk
    wallet = desk.do("list_accounts")[0]["wallet"]
    assert "does not open" in desk.fails("reveal", wallet=wallet, passphrase=encoded("wrong"))
    assert b64decode(desk.do("reveal", wallet=wallet, passphrase=encoded(PASSPHRASE))["words"]).decode() == WORDS
    secret = b32decode(desk.do("totp_begin")["uri"].split("secret=")[1].split("&")[0])
    import time

    now = int(time.time()) // 30
    desk.do("totp_confirm", code=code(secret, now))
    assert "second factor is needed" in desk.fails("export", account=EVM, passphrase=encoded(PASSPHRASE))
    key = desk.do("export", account=EVM, passphrase=encoded(PASSPHRASE), code=code(secret, now + 1))["key"]
    assert b64decode(key).decode() == "0x1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727"
    assert events(agent)[-1] == "exported"


def test_keys_go_out_and_come_in_as_other_programs_write_them(agent: AgentProcess) -> None:
    from base64 import b64decode

    desk = agent.desk
    solana = next(a["id"] for a in desk.do("list_accounts") if a["family"] == "solana")
    passphrase = encoded(PASSPHRASE)
    assert "needs a password" in desk.fails("export", account=EVM, passphrase=passphrase, format="file")
    file = desk.do("export", account=EVM, passphrase=passphrase, format="file", password=encoded("for the file"))["key"]
    assert json.loads(b64decode(file))["version"] == 3
    numbers = desk.do("export", account=solana, passphrase=passphrase, format="file")["key"]
    assert len(json.loads(b64decode(numbers))) == 64
    wrong = desk.fails("import_file", format="keystore_v3", text=file, password=encoded("another"))
    assert "password" in wrong
    desk.do("import_file", format="keystore_v3", text=file, password=encoded("for the file"))
    desk.do("import_file", format="solana", text=numbers)
    desk.do("import_file", format="evm", text=encoded("0x" + "11" * 32), label="Other")
    accounts = desk.do("list_accounts")
    assert len(accounts) == 3  # two were there already
    assert [a["label"] for a in accounts if not a["wallet"]] == ["Other"]
    other = next(a["id"] for a in accounts if not a["wallet"])
    asker = agent.admitted()
    request = transfer(account=other)
    asker.send(request)
    shown = desk.push("pending", id=request["id"])
    desk.do("approve", id=shown["id"], digest=shown["digest"])
    assert (asker.receive() or {})["op"] == "signed"


def test_no_secret_is_in_its_files_arguments_environment_or_words(data: Path, run: Path) -> None:
    with unlocked(data, run, POLICY) as agent:
        agent.admitted().ask(transfer())
        agent.desk.fails("unlock", passphrase=17)
        agent.desk.fails("restore", passphrase=encoded(PASSPHRASE), mnemonic=encoded("abandon " * 12))
        kernel = Path(f"/proc/{agent.process.pid}")
        said = (kernel / "cmdline").read_bytes() + (kernel / "environ").read_bytes()
        agent.desk.close()
        agent.process.wait(60)
        said += agent.errors().encode()
    for file in data.iterdir():
        said += file.read_bytes()
    for secret in (PASSPHRASE, "abandon", "1ab42cc412b618bdea3a599e3c9bae199ebf030895b039e9db1e30dafb12b727"):
        assert secret.encode() not in said
        assert encoded(secret).encode() not in said


def test_without_the_sandbox_the_agent_does_not_run(data: Path, run: Path) -> None:
    import subprocess
    import sys

    code_ = (
        "import platform, runpy, sys\n"
        "from fluxdesk_host.agent import sandbox, seccomp\n"
        "column = seccomp.MACHINES[platform.machine()].column\n"
        "sandbox.harden()\n"
        "sandbox.apply(seccomp.refusing([seccomp.SECCOMP[column]]))\n"
        f"sys.argv = ['agent', '--data', {str(data)!r}, '--policy', '/nonexistent']\n"
        "runpy.run_module('fluxdesk_host.agent', run_name='__main__')\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run(
        [sys.executable, "-c", code_], capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert done.returncode == 1
    assert "cannot shut itself in" in done.stderr
    assert sorted(p.name for p in data.iterdir()) == ["keystore.fdk"]  # it did not even make its lock


def test_the_running_agent_is_shut_in(agent: AgentProcess) -> None:
    status = Path(f"/proc/{agent.process.pid}/status").read_text(encoding="ascii")
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status
    tasks = Path(f"/proc/{agent.process.pid}/task")
    until(lambda: any(tasks.iterdir()))
    for task in tasks.iterdir():
        assert "Seccomp:\t2" in (task / "status").read_text(encoding="ascii")
