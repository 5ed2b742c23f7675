"""A write that is cut off: the process killed at each system call of it, and a disk that is full. Nothing is lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore import files
from fluxdesk_host.keystore.kdf import Cost
from fluxdesk_host.keystore.store import Keystore

KEY = bytes(range(32))
HOST = Path(files.__file__).parents[2]

CHILD = """
import os, resource, signal, sys
from pathlib import Path
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore.errors import KeystoreError
from fluxdesk_host.keystore.store import Keystore

path, what, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = Keystore.open_with_key(path, Secret(bytes(range(32))))
if what == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
else:
    calls = 0
    def counting(name, function):
        def call(*arguments, **named):
            global calls
            calls += 1
            if calls == number:
                if name == "write":
                    function(arguments[0], bytes(arguments[1])[:100])
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)
        return call
    for name in ("open", "write", "fsync", "link", "replace", "close", "unlink"):
        setattr(os, name, counting(name, getattr(os, name)))
try:
    store.save(Secret(b"new " * 1000))
except KeystoreError as error:
    print(type(error).__name__, error)
    assert bytes(store.payload.view()) == b"old"
else:
    print("saved")
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A keystore that holds `old`, whose generation before held `older`."""
    from fluxdesk_host.keystore import sealed

    file = tmp_path / "keys"
    with Secret(KEY) as key:
        for payload in (b"older", b"old"):
            files.replace(file, sealed.seal(key, bytes(32), Cost(), Secret(payload)))
    return file


def run(path: Path, what: str, number: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(path), what, str(number)],
        env={**os.environ, "PYTHONPATH": str(HOST)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def content(path: Path) -> bytes:
    with Keystore.open_with_key(path, Secret(KEY)) as store:
        return bytes(store.payload.view())


def test_killed_at_any_call_of_a_write_either_the_old_or_the_new_is_there(path: Path) -> None:
    before = {p.name: p.read_bytes() for p in path.parent.iterdir()}
    seen = []
    for number in range(1, 60):
        for p in path.parent.iterdir():
            p.unlink()
        for name, data in before.items():
            (path.parent / name).write_bytes(data)
        done = run(path, "kill", number)
        seen.append(content(path)[:3])
        assert content(files.previous_of(path)) in (b"older", b"old")
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        # and what was left behind is in nobody's way
        with Keystore.open_with_key(path, Secret(KEY)) as store:
            store.save(Secret(b"later"))
        assert content(path) == b"later"
        assert sorted(p.name for p in path.parent.iterdir()) == ["keys", "keys.previous"]
    assert done.stdout.strip() == "saved"
    assert set(seen) == {b"old", b"new"}
    assert seen == sorted(seen, reverse=True)  # once it is the new one it stays the new one
    assert len(seen) > 8


@pytest.mark.parametrize("room", [0, 1, 1000])
def test_without_room_the_old_file_stands_and_it_is_said(path: Path, room: int) -> None:
    done = run(path, "limit", room)
    assert done.stdout.startswith("KeystoreDiskFull"), done.stdout + done.stderr
    assert "was not saved" in done.stdout
    assert content(path) == b"old"
    assert content(files.previous_of(path)) == b"older"
    assert sorted(p.name for p in path.parent.iterdir()) == ["keys", "keys.previous"]


FULL = """
set -e
mount -t tmpfs -o size=8k none "$1"
cp "$2"/keys "$1"/keys
"$3" -c "$4" "$1"/keys limit 1000000
cmp "$1"/keys "$2"/keys && ls "$1"
"""


def test_on_a_disk_that_is_really_full(path: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = [
        "unshare",
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        FULL,
        "sh",
        disk,
        path.parent,
        sys.executable,
        CHILD,
    ]
    env = {**os.environ, "PYTHONPATH": str(HOST)}
    probe = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", str(disk)]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        # the limit on the size of files above takes the same way through the code, with EFBIG for ENOSPC
        print("no user namespaces on this machine: the full disk is stood in for by a file size limit")
        return
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("KeystoreDiskFull")
    assert done.stdout.splitlines()[-1] == "keys"
