"""Remember on this device: with the real Secret Service of a session of its own, and without any."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import needs
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore import device
from fluxdesk_host.keystore.kdf import Cost
from fluxdesk_host.keystore.store import Keystore

SESSION = """
set -eu
printf 'password of the login' | "$1" --foreground --unlock --components=secrets >/dev/null 2>&1 &
daemon=$!
trap 'kill $daemon' EXIT
"$2" -c "$3" "$4"
"""

CHILD = """
import json, sys, time
from pathlib import Path
import keyring
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore import device
from fluxdesk_host.keystore.kdf import Cost
from fluxdesk_host.keystore.store import Keystore

path, told = Path(sys.argv[1]) / "keys", {}
for _ in range(200):
    if device.available():
        break
    time.sleep(0.05)
    keyring.core.init_backend()
told["backend"] = type(keyring.get_keyring()).__module__
store = Keystore.create(path, "first", Secret(b"payload"), Cost())

def opens():
    try:
        with device.open_remembered(path) as opened:
            return bytes(opened.payload.view()).decode()
    except device.NotRemembered:
        return "not remembered"

told["before"] = opens()
device.remember(store)
told["after"] = opens()
told["mode"] = oct((path.parent / "keys.device").stat().st_mode & 0o777)
store.save(Secret(b"saved"))
told["after a save"] = opens()
in_store = keyring.get_password(device.SERVICE, str(path))
on_disk = (path.parent / "keys.device").read_bytes()
with store.key() as key:
    import base64
    told["either half holds the key"] = bytes(key.view()) in on_disk or bytes(key.view()) == base64.b64decode(in_store)
keyring.delete_password(device.SERVICE, str(path))
told["without the half in the store"] = opens()
device.remember(store)
(path.parent / "keys.device").unlink()
told["without the half on the disk"] = opens()
device.remember(store)
damaged = bytearray((path.parent / "keys.device").read_bytes())
damaged[-1] ^= 1
(path.parent / "keys.device").write_bytes(damaged)
told["damaged"] = opens()
device.remember(store)
store.change_passphrase("first", "second", Cost())
told["after a change of passphrase"] = opens()
told["left on the disk"] = (path.parent / "keys.device").exists()
device.remember(store)
device.forget(path)
told["forgotten"] = opens()
told["left in the store"] = keyring.get_password(device.SERVICE, str(path))
device.forget(path)
print(json.dumps(told))
"""


def test_with_a_real_secret_service(tmp_path: Path) -> None:
    bus = needs.program("dbus-run-session", "dbus")
    daemon = needs.program("gnome-keyring-daemon", "gnome-keyring")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(Path(device.__file__).parents[2])}
    command = [bus, "--", "sh", "-c", SESSION, "sh", daemon, sys.executable, CHILD, str(tmp_path)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "backend": "keyring.backends.SecretService",
        "before": "not remembered",
        "after": "payload",
        "mode": "0o600",
        "after a save": "saved",
        "either half holds the key": False,
        "without the half in the store": "not remembered",
        "without the half on the disk": "not remembered",
        "damaged": "not remembered",
        "after a change of passphrase": "not remembered",
        "left on the disk": False,
        "forgotten": "not remembered",
        "left in the store": None,
    }


@pytest.fixture
def no_secret_store(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring, "get_keyring", Keyring)


@pytest.mark.usefixtures("no_secret_store")
def test_without_a_secret_store_it_says_so_and_nothing_is_written(tmp_path: Path) -> None:
    assert not device.available()
    with Keystore.create(tmp_path / "keys", "first", Secret(b"payload"), Cost()) as store:
        with pytest.raises(device.SecretStoreUnavailable, match="asked for each time"):
            device.remember(store)
        assert [p.name for p in tmp_path.iterdir()] == ["keys"]
        with pytest.raises(device.NotRemembered):
            device.open_remembered(store.path)
        device.forget(store.path)


def test_a_store_that_writes_plain_files_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class PlainFileStandIn(KeyringBackend):
        priority = 10  # type: ignore[assignment]

        def get_password(self, service: str, username: str) -> str | None:
            raise AssertionError

        def set_password(self, service: str, username: str, password: str) -> None:
            raise AssertionError

    monkeypatch.setattr(keyring, "get_keyring", PlainFileStandIn)
    assert not device.available()
