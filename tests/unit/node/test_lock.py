"""One node per profile, and a dead one never blocks the next."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fluxdesk.node.lock import ProfileBusy, ProfileLock, holder

HOLD = """
import sys
from pathlib import Path
from fluxdesk.node.lock import ProfileLock
lock = ProfileLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_node_is_refused_by_the_first_ones_process_id(tmp_path: Path) -> None:
    file = tmp_path / "p" / "node.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(ProfileBusy, match=f"process id {other.pid}") as refused:
            ProfileLock(file)
        assert refused.value.pid == other.pid
        other.kill()
    ProfileLock(file).release()


def test_a_stale_file_with_any_content_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "node.lock"
    file.write_text("999999\nrubbish")
    lock = ProfileLock(file)
    assert holder(file) == os.getpid()
    lock.release()
    assert holder(file) is None


def test_a_start_waits_for_what_a_killed_node_left_behind(tmp_path: Path) -> None:
    file = tmp_path / "node.lock"
    leaves = "import os, subprocess as s; s.Popen(['sleep', '1'], pass_fds=[lock.descriptor]); os.kill(os.getpid(), 9)"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD.replace("sys.stdin.read()", leaves), str(file)], stdout=subprocess.DEVNULL
    ) as killed:
        killed.wait(10)
        lock = ProfileLock(file)
    assert holder(file) == os.getpid()
    lock.release()


def test_a_leftover_that_does_not_end_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluxdesk.node.lock._LEFTOVER_S", 0.2)
    file = tmp_path / "node.lock"
    held = ProfileLock(file)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    file.write_text(f"{ended.pid}\n")
    with pytest.raises(ProfileBusy):
        ProfileLock(file)
    held.release()
