"""`fluxdesk keys audit` and `fluxdesk agent` on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent_process import POLICY, make_keystore
from fluxdesk.cli.main import run
from fluxdesk_host.agent.audit import AuditLog, Entry
from fluxdesk_host.agent.clocks import AgentTime, KernelClocks


async def written(path: Path) -> None:
    log = AuditLog(path, AgentTime(KernelClocks()).stamp)
    log.open(lambda _: None)
    await log.append(Entry(event="started"))
    await log.append(Entry(event="signed", id="1"))
    await log.close()


async def test_a_whole_log_is_said_to_be_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await written(tmp_path / "audit.log")
    assert run(["keys", "audit", "verify", str(tmp_path / "audit.log")]) == 0
    assert "2 records, each in its place" in capsys.readouterr().out


async def test_a_changed_record_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "audit.log"
    await written(path)
    path.write_bytes(path.read_bytes().replace(b'"signed"', b'"sigNed"'))
    assert run(["keys", "audit", "verify", str(path)]) == 1
    assert "Record 2 was changed" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for what in ("verify", "export"):
        assert run(["keys", "audit", what, str(tmp_path / "none.log")]) == 2
        assert "cannot be read" in capsys.readouterr().err


async def test_the_export_is_lines_of_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    await written(tmp_path / "audit.log")
    assert run(["keys", "audit", "export", str(tmp_path / "audit.log")]) == 0
    assert [json.loads(line)["event"] for line in capfd.readouterr().out.splitlines()] == ["started", "signed"]


def test_the_agent_runs_headless_and_takes_its_passphrase_from_standard_input(tmp_path: Path) -> None:
    make_keystore(tmp_path / "data" / "agent")
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps(POLICY))
    (tmp_path / "run").mkdir(mode=0o700)
    line = [sys.executable, "-m", "fluxdesk", "agent", "--policy", str(policy), "--data", str(tmp_path / "data")]
    process = subprocess.Popen(
        [*line, "--socket", str(tmp_path / "run" / "a.sock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"correct horse battery\n")
    process.stdin.close()
    assert process.stdout.readline().startswith(b"ready ")
    process.terminate()
    assert process.wait(60) == 0
    process.stdout.close()
