"""Each start of the desktop tells the browsers where the bridge is, and says so when it cannot."""

import json
import os
import sys
from pathlib import Path

import pytest

from fluxdesk.core.paths import Profile, data_home
from fluxdesk.desktop.browsers import tell_browsers
from fluxdesk_host.bridge import manifests
from gui.desktop.test_life import running
from windows import Run, settle


@pytest.fixture(autouse=True)
def profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home in which Chromium was used."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(p for p in sys.path if p))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "chromium"
    folder.mkdir(parents=True)
    return folder


def manifest() -> Path:
    (browser,) = (b for b in manifests.found(Path.home()) if b.name == "Chromium" and b.packaging == "system")
    return browser.manifest


def test_a_start_writes_what_is_missing_and_what_is_wrong(run: Run, profile: Path) -> None:
    async def whole() -> None:
        async with running():
            await settle(until=manifest().exists)

    run(whole())
    told = json.loads(manifest().read_text())
    assert manifest().is_relative_to(profile)
    assert os.access(told["path"], os.X_OK)
    assert Profile.of("practice").socket.name in Path(told["path"]).read_text()
    manifest().write_text("{}")
    tell_browsers(Profile.of("practice"))
    assert json.loads(manifest().read_text()) == told


def test_what_could_not_be_written_is_said(run: Run) -> None:
    data_home().mkdir(parents=True, exist_ok=True)
    (data_home() / "bridge").write_text("a file where the folder belongs")

    async def whole() -> None:
        async with running() as desktop:
            await settle(until=lambda: "The browsers were not told" in desktop.window.toast.words)

    run(whole())
    assert not manifest().exists()
