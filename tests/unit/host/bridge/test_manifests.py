"""Manifests: for the browsers that are there, with a launcher that works, gone on request; sandboxes are named."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from fluxdesk_host.bridge import launcher, manifests
from fluxdesk_host.bridge.identity import CALLER, EXTENSION_ID, HOST_NAME


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def places(tmp_path: Path) -> launcher.Places:
    return launcher.Places(tmp_path / "it's a run folder", "agent.sock", "node.sock", ("fluxdesk", "a b"))


def test_every_browser_found_gets_a_manifest_and_no_other_folder_is_made(home: Path, places: launcher.Places) -> None:
    for folder in ("chromium", "google-chrome", "BraveSoftware/Brave-Browser"):
        (home / ".config" / folder).mkdir(parents=True)
    found = manifests.install(home, home / "data", places)
    assert [(b.name, b.installed) for b in found] == [("Chromium", True), ("Google Chrome", True), ("Brave", True)]
    written = json.loads((home / ".config/google-chrome/NativeMessagingHosts" / f"{HOST_NAME}.json").read_text())
    assert written["allowed_origins"] == [CALLER]
    assert written["name"] == HOST_NAME and written["type"] == "stdio"
    assert Path(written["path"]).is_absolute()
    assert not (home / ".config/vivaldi").exists()


def test_a_stale_manifest_is_written_anew(home: Path, places: launcher.Places) -> None:
    (home / ".config/chromium/NativeMessagingHosts").mkdir(parents=True)
    file = home / ".config/chromium/NativeMessagingHosts" / f"{HOST_NAME}.json"
    file.write_text('{"path": "/gone/fluxdesk-bridge"}')
    assert not manifests.found(home)[0].installed
    assert manifests.install(home, home / "data", places)[0].installed


def test_all_of_it_goes_on_request_and_nothing_else(home: Path, places: launcher.Places) -> None:
    (home / ".config/chromium/NativeMessagingHosts").mkdir(parents=True)
    other = home / ".config/chromium/NativeMessagingHosts/org.keepassxc.keepassxc_browser.json"
    other.write_text("{}")
    manifests.install(home, home / "data", places)
    assert len(manifests.remove(home, home / "data")) == 2
    assert other.exists()
    assert not manifests.found(home)[0].installed
    assert manifests.remove(home, home / "data") == []


@pytest.mark.parametrize(
    ("folder", "packaging"), [("snap/chromium", "snap"), (".var/app/com.google.Chrome", "flatpak")]
)
def test_a_confined_browser_is_named_with_the_reason_and_left_alone(
    home: Path, places: launcher.Places, folder: str, packaging: str
) -> None:
    (home / folder).mkdir(parents=True)
    (browser,) = manifests.install(home, home / "data", places)
    assert browser.packaging == packaging
    assert packaging in browser.why_not and "Install it from a package" in browser.why_not
    assert not browser.installed
    assert not any((home / folder).rglob("*.json"))


def test_launcher_and_manifest_are_their_users_alone(home: Path, places: launcher.Places) -> None:
    (home / ".config/chromium").mkdir(parents=True)
    (browser,) = manifests.install(home, home / "data", places)
    assert stat.S_IMODE((home / "data/bridge").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "data/bridge" / launcher.NAME).stat().st_mode) == 0o700
    assert stat.S_IMODE(browser.manifest.stat().st_mode) == 0o600


def test_the_launcher_quotes_what_it_carries(places: launcher.Places) -> None:
    text = launcher.script(places).replace("exec ", "printenv FLUXDESK_RUNTIME FLUXDESK_START; exit 0; ")
    done = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True)
    runtime, start = done.stdout.splitlines()
    assert runtime == str(places.runtime)
    assert json.loads(start) == ["fluxdesk", "a b"]


def test_the_id_follows_from_the_key_of_the_extension() -> None:
    import base64
    import hashlib

    manifest = json.loads((Path(__file__).resolve().parents[4] / "extension/manifest.json").read_text())
    digest = hashlib.sha256(base64.b64decode(manifest["key"])).hexdigest()[:32]
    assert "".join(chr(ord("a") + int(c, 16)) for c in digest) == EXTENSION_ID
