"""The agent and the desktop's secret store: a real Secret Service in a session of its own, reached from the sandbox."""

import json
import os
import subprocess
import sys
from pathlib import Path

import needs
from agent_process import EVM

SESSION = """
set -eu
printf 'password of the login' | "$1" --foreground --unlock --components=secrets >/dev/null 2>&1 &
daemon=$!
trap 'kill $daemon' EXIT
"$2" -m integration.programs.key_ring "$3"
"""


def test_the_shut_in_agent_remembers_with_a_real_secret_service(tmp_path: Path) -> None:
    bus = needs.program("dbus-run-session", "dbus")
    daemon = needs.program("gnome-keyring-daemon", "gnome-keyring")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    command = [bus, "--", "sh", "-c", SESSION, "sh", daemon, sys.executable, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert EVM in told["accounts"]
    assert "Enter the passphrase" in told["before"]
    assert "does not open" in told["wrong passphrase"]
    assert "does not open" in told["export"]
    assert "Enter the passphrase" in told["forgotten"]
    assert "without the key ring" in told["without the option"]


def test_the_window_has_this_device_remember_and_opens_the_wallet_with_it(tmp_path: Path) -> None:
    bus = needs.program("dbus-run-session", "dbus")
    daemon = needs.program("gnome-keyring-daemon", "gnome-keyring")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "FLUXDESK_RUNTIME": str(runtime),
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    session = SESSION.replace("integration.programs.key_ring", "integration.programs.desktop_remembers")
    command = [bus, "--", "sh", "-c", session, "sh", daemon, sys.executable, str(tmp_path / "data")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["store"] is True
    assert "does not open" in told["wrong passphrase"]
    assert told["same agent"], "a wrong passphrase starts nothing anew and locks nothing"
    assert told["another agent"], "only now may it reach the secret store"
    assert told["open"]
    assert told["remembered"]
    assert told["accounts"] == 2
    assert told["device"] == [True, True, True]
    assert told["after a restart"]
    assert "Enter the passphrase" in told["forgotten"]
