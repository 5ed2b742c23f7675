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
