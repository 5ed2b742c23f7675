"""A process is told from another one that was given its number."""

import os
import subprocess
import sys

from fluxdesk_host.agent.processes import process


def test_a_process_is_itself_and_no_other() -> None:
    own = process(os.getpid())
    assert own is not None
    assert own == process(os.getpid())
    assert own.number == os.getpid()
    assert own != process(os.getppid())


def test_one_that_ended_is_none() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        began = process(child.pid)
        assert began is not None and began.began >= process(os.getpid()).began  # type: ignore[union-attr]
    assert process(child.pid) is None


def test_a_number_that_no_process_has_is_none() -> None:
    assert process(2**31 - 1) is None
    assert process(-1) is None
