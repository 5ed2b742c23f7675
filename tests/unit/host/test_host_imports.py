"""The side that holds keys: importing it opens and starts nothing, and libraries wait until they are needed."""

import json
import subprocess
import sys
from pathlib import Path

import fluxdesk_host

PACKAGE = Path(fluxdesk_host.__file__).parent
HEAVY = ["cryptography", "coincurve", "Crypto", "keyring", "asyncio", "PySide6", "fluxdesk", "web3", "solders", "numpy"]

WATCHED = """
import importlib, json, sys, threading
seen = []
def hook(event, args):
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append(f"{event} {args[0]}")
    elif event in ("socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir", "os.remove", "os.fork", "os.exec"):
        seen.append(f"{event} {args!r:.80}")
sys.addaudithook(hook)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps({"seen": seen, "threads": threading.active_count(), "modules": sorted(sys.modules)}))
"""


def imported(*packages: str) -> dict[str, list[str]]:
    names = []
    for package in packages:
        for file in sorted((PACKAGE / package).rglob("*.py")):
            parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    command = [sys.executable, "-B", "-c", WATCHED, *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


def test_importing_keys_and_keystore_loads_no_library_and_touches_nothing() -> None:
    told = imported("keys", "keystore")
    assert told["seen"] == []
    assert told["threads"] == 1
    assert [name for name in HEAVY if name in told["modules"]] == []
