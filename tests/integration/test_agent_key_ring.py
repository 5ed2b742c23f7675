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
