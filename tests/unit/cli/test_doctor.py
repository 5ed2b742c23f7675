"""`fluxdesk doctor` says what is there and what is not, and asks no one."""

import json
import os
import socket
from pathlib import Path

import pytest

from fluxdesk.cli import doctor
from fluxdesk.core.paths import Profile, runtime_dir
from fluxdesk.core.settings_file import change


def named(name: str) -> list[doctor.Finding]:
    return [f for f in doctor.findings() if f.name == name]


def test_the_report_covers_the_installation(capsys: pytest.CaptureFixture[str]) -> None:
    doctor.run(json=True, missing_packages=False)
    found = {json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()}
    assert found >= {"fluxdesk", "python", "qt", "display", "kernel", "fonts", "layouts", "runtime folder", "live data"}


def test_a_library_that_the_loader_does_not_find_is_named_by_its_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "QT_LIBRARIES", {"libfluxdesk-none.so.9": "libnone9", "libc.so.6": "libc6"})
    (finding,) = named("qt libraries")
    assert finding.state == "missing"
    assert "libnone9" in str(finding.advice)
    assert doctor.run(json=False, missing_packages=False) == 1
    capsys.readouterr()
    doctor.run(json=False, missing_packages=True)
    assert capsys.readouterr().out == "libnone9\n"


def test_the_fallback_of_the_kernel_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluxdesk.native.kernel", lambda: None)
    (finding,) = named("kernel")
    assert finding.state == "note"
    assert "fallback" in finding.detail


def test_a_missing_display_is_a_note_and_not_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    (finding,) = named("display")
    assert finding.state == "note"
    assert "fluxdesk watch" in str(finding.advice)


def test_a_runtime_folder_open_to_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLUXDESK_RUNTIME", str(tmp_path))
    tmp_path.chmod(0o755)
    (finding,) = named("runtime folder")
    assert finding.state == "missing"
    tmp_path.chmod(0o700)
    (finding,) = named("runtime folder")
    assert finding.state == "ok"


def test_a_socket_left_behind_is_told_from_one_that_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = runtime_dir() / "doctor"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("FLUXDESK_RUNTIME", str(folder))
    dead, alive = folder / "node-dead.sock", folder / "node-live.sock"
    with socket.socket(socket.AF_UNIX) as gone, socket.socket(socket.AF_UNIX) as listening:
        gone.bind(str(dead))
        gone.close()
        listening.bind(str(alive))
        listening.listen()
        said = {f.detail.split(":")[0]: f.state for f in named("socket")}
    assert said == {str(dead): "note", str(alive): "ok"}


def test_endpoints_are_named_without_their_keys_and_not_contacted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        change(Profile.of("live").settings, {"evm_rpc": [f"ws://127.0.0.1:{port}/?api-key=a1B2c3D4e5F6a7B8"]})
        details = [f.detail for f in named("endpoint")]
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    change(Profile.of("live").settings, {"evm_rpc": None})
    assert any(f"127.0.0.1:{port}" in d for d in details)
    assert not any("a1B2c3D4e5F6a7B8" in d for d in details)


def test_a_corrupt_settings_file_is_said_and_left_alone() -> None:
    file = Profile.of("replay").settings
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{")
    (finding,) = named("replay settings")
    assert "corrupt" in finding.detail
    assert file.read_text() == "{"
    os.remove(file)
