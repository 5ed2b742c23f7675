"""The agent's sandbox as a process has it: each way out is tried in a child that entered it."""

import json
import os
import platform
import signal
import socket
import subprocess
import sys

import pytest

from fluxdesk_host.agent import seccomp

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
OPEN = {"a Unix socket", "a thread", "own file"}


def child(*arguments: str, code: str | None = None, keep: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(["-c", code] if code else ["-m", "integration.programs.escapes"]), *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, env=environment, pass_fds=keep
    )


@pytest.fixture(scope="module")
def ways() -> dict[str, str]:
    done = child()
    assert done.returncode == 0, done.stderr
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def test_no_way_out_of_the_sandbox_works(ways: dict[str, str]) -> None:
    told = {"core dump": "0", "umask": "0o77", "become dumpable again": "-1", "clone3": "ENOSYS"}
    missing = "no such call here"
    open_ways = {way: came for way, came in ways.items() if way not in OPEN and came not in ("EPERM", missing)}
    assert open_ways == told


def test_what_the_agent_needs_still_works(ways: dict[str, str]) -> None:
    assert {way: ways[way] for way in OPEN} == dict.fromkeys(OPEN, "done")


def test_with_the_key_ring_only_unix_sockets_can_be_connected() -> None:
    done = child("connect")
    assert done.returncode == 0, done.stderr
    ways = json.loads(done.stdout)
    assert ways["connect"] == "ENOENT"  # the kernel looked for the socket's file
    assert {ways["inet stream"], ways["inet6"], ways["exec"], ways["fork"]} == {"EPERM"}


def test_another_program_of_the_user_cannot_read_its_memory() -> None:
    """As a user and not as root, whom nothing stops: the kernel takes /proc/PID away from its user."""
    code = (
        "import ctypes, os, sys\n"
        "from fluxdesk_host.agent import sandbox\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)\n"
        "before = os.stat('/proc/self/mem').st_uid == os.getuid()\n"
        "sandbox.harden()\n"
        "print(before, os.stat('/proc/self/mem').st_uid == os.getuid())\n"
    )
    done = child(code=code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "False"]


def test_an_inherited_connection_to_a_network_is_refused() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as network:
        done = child(code="from fluxdesk_host.agent import sandbox\nsandbox.enter()", keep=(network.fileno(),))
    assert done.returncode != 0
    assert "a socket of a network open" in done.stderr


def test_without_a_filter_it_says_so_and_stops() -> None:
    column = seccomp.MACHINES[platform.machine()].column
    code = (
        "from fluxdesk_host.agent import sandbox, seccomp\n"
        f"sandbox.harden()\nsandbox.apply(seccomp.refusing([{seccomp.SECCOMP[column]}]))\nsandbox.enter()\n"
    )
    done = child(code=code)
    assert done.returncode != 0
    assert "SandboxUnavailable: The agent cannot shut itself in" in done.stderr


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the 32-bit and x32 entries are x86_64's")
def test_the_entry_of_another_architecture_ends_the_process() -> None:
    code = (
        "import ctypes\nfrom fluxdesk_host.agent import sandbox\nsandbox.enter()\n"
        "ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 41), 2, 1, 0)\nprint('still here')\n"
    )
    done = child(code=code)
    assert done.returncode == -signal.SIGSYS
    assert "still here" not in done.stdout
