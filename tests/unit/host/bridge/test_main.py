"""The bridge as a browser has it: a process on two pipes. What it carries, what it refuses, and when it ends."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer
from typing import ClassVar

import pytest

from fluxdesk_host.bridge.identity import CALLER
from fluxdesk_host.bridge.launcher import Places
from fluxdesk_host.protocol import PROTOCOL
from fluxdesk_host.protocol.frames import MAX_FRAME_BYTES, encode
from unit.host.bridge.running import Running, StandInAgent, b64, bridge, listening
from waiting import until


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def running(runtime: Path) -> Iterator[Running]:
    with bridge(runtime) as running:
        yield running


def test_it_says_that_the_app_is_not_running(running: Running) -> None:
    assert running.greet() == {
        "op": "welcome", "protocol": PROTOCOL, "version": "0.1.0", "app": "stopped", "can_start": False,
    }  # fmt: skip
    assert running.asked({"op": "open"})["code"] == "app_not_running"


def test_a_socket_that_nobody_serves_is_not_a_running_app(runtime: Path) -> None:
    with listening(runtime / "agent.sock"):
        pass
    with bridge(runtime) as running:
        running.greet()
        assert running.asked({"op": "open"})["code"] == "app_not_running"


def test_another_extension_is_refused_and_gets_nothing(runtime: Path) -> None:
    with bridge(runtime, caller="chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/") as running:
        assert running.hear()["code"] == "wrong_caller"
        assert running.ended() == 1


def test_no_caller_at_all_is_refused(runtime: Path) -> None:
    with bridge(runtime, caller="") as running:
        assert running.hear()["code"] == "wrong_caller"


@pytest.mark.parametrize("theirs", [0, PROTOCOL + 1, True, "1", None])
def test_another_protocol_is_said_with_both_numbers(running: Running, theirs: object) -> None:
    answer = running.asked({"op": "hello", "protocol": theirs, "version": "x"})
    assert answer["code"] == "version_mismatch"
    assert str(PROTOCOL) in answer["reason"]
    assert running.asked({"op": "open"})["code"] == "version_mismatch"


def test_noise_goes_through_untouched_both_ways(runtime: Path) -> None:
    with listening(runtime / "agent.sock") as server, bridge(runtime) as running:
        agent = StandInAgent(server)
        agent.start()
        assert running.greet()["app"] == "running"
        assert running.asked({"op": "open"}) == {"op": "opened"}
        for noise in (b"\x00", bytes(range(256)), bytes(65535)):
            assert running.asked({"op": "bytes", "data": b64(noise)}) == {"op": "bytes", "data": b64(noise)}
        assert json.loads(agent.greeting or b"") == {"op": "greeting", "protocol": PROTOCOL, "role": "browser"}


def test_the_end_of_the_agent_is_said_and_the_channel_opens_again(runtime: Path) -> None:
    with listening(runtime / "agent.sock") as server, bridge(runtime) as running:
        running.greet()
        for _ in range(2):
            agent = StandInAgent(server)
            agent.start()
            running.asked({"op": "open"})
            until(lambda agent=agent: agent.greeting)
            assert agent.link is not None
            agent.link.shutdown(2)
            assert running.hear()["op"] == "closed"


def test_the_browser_may_close_the_channel(runtime: Path) -> None:
    with listening(runtime / "agent.sock") as server, bridge(runtime) as running:
        agent = StandInAgent(server)
        agent.start()
        running.greet()
        running.asked({"op": "open"})
        assert running.asked({"op": "close"})["op"] == "closed"
        agent.join(30)
        assert not agent.is_alive()
        assert running.asked({"op": "bytes", "data": ""})["code"] == "closed"


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_runtime_folder_open_to_others_is_refused_with_the_command_that_closes_it(runtime: Path, mode: int) -> None:
    with listening(runtime / "agent.sock"), bridge(runtime) as running:
        runtime.chmod(mode)
        running.greet()
        answer = running.asked({"op": "open"})
        assert answer["code"] == "unsafe_runtime"
        assert "chmod 700" in answer["reason"]


def test_a_link_in_place_of_the_runtime_folder_is_refused(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(runtime)
    with listening(runtime / "agent.sock"), bridge(tmp_path / "link") as running:
        running.greet()
        assert running.asked({"op": "open"})["code"] == "unsafe_runtime"


@pytest.mark.parametrize("name", ["../agent.sock", "/etc/passwd"])
def test_a_socket_is_a_name_in_the_runtime_folder_and_no_path(runtime: Path, name: str) -> None:
    with listening(runtime.parent / "agent.sock"), bridge(runtime, places=Places(runtime, name, "", ())) as running:
        assert running.greet()["app"] == "stopped"
        assert running.asked({"op": "open"})["code"] == "app_not_running"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"op": "approve", "id": "1"}, "not_allowed"),
        ({"op": ["hello"]}, "not_allowed"),
        ({}, "not_allowed"),
        ([], "malformed"),
        ("x", "malformed"),
        ({"op": "bytes", "data": "!"}, "malformed"),
        ({"op": "bytes", "data": 1}, "malformed"),
        ({"op": "bytes", "data": b64(bytes(65536))}, "too_large"),
        ({"op": "ask", "what": "status"}, "malformed"),
        ({"op": "ask", "id": True, "what": "status"}, "malformed"),
        ({"op": "ask", "id": 1, "what": "shutdown"}, "not_allowed"),
        ({"op": "ask", "id": 1, "what": "status"}, "node_not_running"),
        ({"op": "start"}, "start_failed"),
    ],
)
def test_what_it_does_not_carry_is_refused_by_name_and_it_goes_on(running: Running, message: object, code: str) -> None:
    running.greet()
    assert running.asked(message)["code"] == code
    assert running.greet()["op"] == "welcome"


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 100_000])
def test_rubbish_in_a_frame_is_refused_and_it_goes_on(running: Running, body: bytes) -> None:
    running.send_raw(encode(body))
    assert running.hear()["code"] == "malformed"
    assert running.greet()["op"] == "welcome"


def test_a_frame_over_a_mebibyte_ends_it(running: Running) -> None:
    running.greet()
    running.send_raw((MAX_FRAME_BYTES + 1).to_bytes(4, "little"))
    assert running.hear()["code"] == "too_large"
    assert running.ended() == 1


def test_an_agent_that_says_more_than_noise_allows_is_dropped(runtime: Path) -> None:
    with listening(runtime / "agent.sock") as server, bridge(runtime) as running:
        running.greet()
        running.send({"op": "open"})
        link, _ = server.accept()
        assert running.hear() == {"op": "opened"}
        link.sendall(encode(bytes(65536)))
        assert running.hear()["code"] == "too_large"
        link.close()


class _Node(BaseHTTPRequestHandler):
    """A stand-in node with four addresses."""

    answers: ClassVar = {
        "/v1/status": (200, b'{"seq":7}'),
        "/v1/launches?limit=20": (500, b'{"detail":"it broke"}'),
        "/v1/tokens/big": (200, b'"' + b"x" * MAX_FRAME_BYTES + b'"'),
        "/v1/tokens/odd": (200, b"not json"),
        "/v1/tokens/deep": (200, b"[" * 150 + b"]" * 150),
        "/v1/tokens/deepest": (200, b"[" * 100_000 + b"]" * 100_000),
    }

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = self.answers.get(self.path, (404, b"{}"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            pass  # the reader has had enough

    do_GET = do_POST = _answer  # noqa: N815

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def node(runtime: Path) -> Iterator[None]:
    with UnixStreamServer(str(runtime / "node.sock"), _Node) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("node")
def test_a_read_brings_the_nodes_own_json(running: Running) -> None:
    running.greet()
    assert running.asked({"op": "ask", "id": 3, "what": "status"}) == {"op": "answer", "id": 3, "body": {"seq": 7}}


@pytest.mark.usefixtures("node")
@pytest.mark.parametrize(
    ("what", "given", "code"),
    [
        ("launches", {}, "node_failed"),
        ("token", {"mint": "big"}, "too_large"),
        ("token", {"mint": "odd"}, "node_failed"),
        ("token", {"mint": "deep"}, "node_failed"),
        ("token", {"mint": "deepest"}, "node_failed"),
        ("rpc", {"chain": "eip155:1", "method": "eth_call", "params": []}, "node_lacks"),
    ],
)
def test_a_read_that_fails_says_which_and_why(running: Running, what: str, given: object, code: str) -> None:
    running.greet()
    answer = running.asked({"op": "ask", "id": 9, "what": what, "with": given})
    assert (answer["code"], answer["id"]) == (code, 9)


def test_it_starts_the_command_of_the_launcher_and_no_other(runtime: Path, tmp_path: Path) -> None:
    said = tmp_path / "started"
    code = "import json, os, sys; json.dump([sys.argv[1:], dict(os.environ)], open(sys.argv[1] + '.part', 'w')); "
    code += "os.rename(sys.argv[1] + '.part', sys.argv[1])"
    start = (sys.executable, "-c", code, str(said), "with 'quotes' and $HOME")
    with bridge(runtime, places=Places(runtime, "agent.sock", "node.sock", start)) as running:
        assert running.greet()["can_start"] is True
        assert running.asked({"op": "start", "command": ["false"]}) == {"op": "started"}
        until(said.exists)
    words, environment = json.loads(said.read_text())
    assert words == [str(said), "with 'quotes' and $HOME"]
    assert environment["FLUXDESK_RUNTIME"] == str(runtime)
    assert "FLUXDESK_START" not in environment


def test_it_ends_when_the_browser_closes_the_stream(running: Running) -> None:
    running.greet()
    assert running.process.stdin is not None
    running.process.stdin.close()
    assert running.ended() == 0


def test_it_ends_with_its_parent_even_while_a_channel_is_open(runtime: Path) -> None:
    with listening(runtime / "agent.sock") as server, bridge(runtime) as stray:
        launcher = runtime.parent / "launcher" / "fluxdesk-bridge"
        code = "import subprocess, sys, time; p = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE); "
        code += "p.stdin.write(bytes.fromhex(%r)); p.stdin.flush(); print(p.pid, flush=True); time.sleep(600)"
        hello = encode(json.dumps({"op": "hello", "protocol": PROTOCOL, "version": "x"}).encode())
        wire = hello + encode(b'{"op":"open"}')
        parent = subprocess.Popen(
            [sys.executable, "-c", code % wire.hex(), str(launcher), CALLER], stdout=subprocess.PIPE
        )
        assert parent.stdout is not None
        child = _pid(parent.stdout.fileno())
        server.accept()[0].close()
        parent.send_signal(signal.SIGKILL)
        parent.communicate()
        until(lambda: not _runs(child))
        assert stray.process.poll() is None  # only the orphan ended


def test_it_loads_the_standard_library_alone() -> None:
    code = (
        "import sys; sys.path.append(sys.argv[1]); import fluxdesk_host.bridge.main, fluxdesk_host.bridge.node_link, "
        "fluxdesk_host.bridge.starting; print(*{m.partition('.')[0] for m in sys.modules} - sys.stdlib_module_names)"
    )
    packages = str(Path(__file__).resolve().parents[4] / "native_host")
    done = subprocess.run([sys.executable, "-IS", "-c", code, packages], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"__main__", "fluxdesk_host"}


def _pid(number: int) -> int:
    """The first line of the parent's output; frames of the bridge follow on the same stream."""
    data = b""
    while b"\n" not in data:
        data += os.read(number, 1)
    digits = bytes(c for c in data if 48 <= c <= 57)
    return int(digits)


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
