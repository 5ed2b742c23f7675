"""The packed extension: the same bytes each time, small, of the fixed id; its code passes its linter."""

import base64
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from chromium import EXTENSION

import needs
from fluxdesk_host.bridge.identity import EXTENSION_ID
from fluxdesk_host.protocol import VERSION

LARGEST_BYTES = 300_000
MANIFEST = json.loads((EXTENSION / "manifest.json").read_text())


def pack() -> bytes:
    needs.require("extension/node_modules", (EXTENSION / "node_modules").is_dir(), "run `npm ci` in extension")
    for script in ("build.mjs", "pack.mjs"):
        done = subprocess.run(["node", script], cwd=EXTENSION, capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert EXTENSION_ID in done.stdout
    return (EXTENSION / "dist" / "fluxdesk-extension.zip").read_bytes()


def test_two_packings_are_the_same_bytes_and_small() -> None:
    packed = pack()
    assert packed == pack()
    assert len(packed) < LARGEST_BYTES


def test_the_package_holds_what_was_built_and_nothing_else() -> None:
    pack()
    built = EXTENSION / "dist" / "extension"
    with zipfile.ZipFile(EXTENSION / "dist" / "fluxdesk-extension.zip") as packed:
        assert packed.testzip() is None
        names = {str(file.relative_to(built)) for file in built.rglob("*") if file.is_file()}
        assert set(packed.namelist()) == names
        assert all(packed.read(name) == (built / name).read_bytes() for name in names)


def test_the_id_follows_from_the_key_and_the_version_is_the_bridges() -> None:
    digest = hashlib.sha256(base64.b64decode(MANIFEST["key"])).hexdigest()[:32]
    assert digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop")) == EXTENSION_ID
    assert MANIFEST["version"] == VERSION


def test_the_linter_has_nothing_to_say() -> None:
    program = Path(sys.executable).with_name("oxlint")
    needs.require("oxlint", program.exists(), "run `make test-tools`")
    done = subprocess.run([program], cwd=EXTENSION, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout
