"""The extension's own tests, types and size, and what its manifest asks for."""

import json
import subprocess
import zipfile
from pathlib import Path

import chromium

import needs

LARGEST_BYTES = 300_000


def node(*command: str) -> str:
    needs.require("extension/node_modules", (chromium.EXTENSION / "node_modules").is_dir(), "run `npm ci` in extension")
    done = subprocess.run(command, cwd=chromium.EXTENSION, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_its_own_tests_pass_and_there_are_some() -> None:
    node("node", "build.mjs", "--tests")
    said = node("node", "--test", "dist/tests/")
    assert "# fail 0" in said
    assert "# tests 0" not in said


def test_its_types_hold() -> None:
    node("node", "node_modules/typescript/bin/tsc", "--noEmit")


def test_it_is_small(tmp_path: Path) -> None:
    folder = chromium.built_extension()
    with zipfile.ZipFile(tmp_path / "extension.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for file in folder.rglob("*"):
            packed.write(file, file.relative_to(folder))
    assert (tmp_path / "extension.zip").stat().st_size < LARGEST_BYTES


def test_it_asks_for_two_permissions_and_runs_no_foreign_script() -> None:
    manifest = json.loads((chromium.EXTENSION / "manifest.json").read_text())
    assert manifest["permissions"] == ["nativeMessaging", "storage"]
    assert "host_permissions" not in manifest
    assert "externally_connectable" not in manifest
    assert manifest["incognito"] == "not_allowed"
    policy = manifest["content_security_policy"]["extension_pages"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_nothing_writes_markup_or_runs_text() -> None:
    for file in (chromium.EXTENSION / "src").rglob("*.ts"):
        source = file.read_text()
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert forbidden not in source, file
