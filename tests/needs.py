"""What a test needs from outside Python, and the one rule about its absence.

With `CI=true` a missing piece fails the test; otherwise the test is skipped with the reason and what to do. Only tests
under tests/real_data may skip in CI, because the recorded chain data is not part of the project.
"""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tests" / "tools" / "node_modules"


def in_ci() -> bool:
    """Whether a missing piece is a failure."""
    return os.environ.get("CI", "").lower() == "true"


def require(name: str, present: object, how: str = "make test installs it") -> None:
    """Go on if `present` is true; else fail (CI) or skip, with the piece and how to get it. Fit for module level."""
    if present:
        return
    sentence = f"{name} is missing: {how}."
    if in_ci():
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence, allow_module_level=True)


def tool(file: Path) -> Path:
    """A file or folder below `TOOLS`, such as `TOOLS / "@foundry-rs/anvil-linux-amd64/bin/anvil"`."""
    require(str(file.relative_to(TOOLS)), file.exists(), "run `npm ci` in tests/tools")
    return file


def program(name: str, package: str | None = None) -> str:
    """Full path of a program on the PATH; `package` is the system package that has it."""
    found = shutil.which(name)
    require(name, found, f"install the system package {package or name}")
    assert found is not None
    return found


def real_data_folder() -> Path:
    """Where the recorded chain data is, or would be: `$FLUXDESK_REAL_DATA`, default `../shared/data`."""
    return Path(os.environ.get("FLUXDESK_REAL_DATA") or ROOT / ".." / "shared" / "data")


def real_data(path: str = "") -> Path:
    """The recorded chain data, or a file in it. Skips without it."""
    file = real_data_folder() / path
    if not file.exists():
        pytest.skip(f"real data: {path or 'the folder'} is not in FLUXDESK_REAL_DATA", allow_module_level=True)
    return file
