"""What is installed is fixed by hash and names no address."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))


def locked(file: Path) -> dict[str, str]:
    """Normalised name -> everything said about it."""
    entries = re.split(r"\n(?=[a-z0-9])", file.read_text())
    return {re.split(r"[=\[ ]", entry, maxsplit=1)[0]: entry for entry in entries}


@pytest.mark.parametrize("file", LOCKS, ids=lambda f: f.name)
def test_every_package_has_one_exact_version_and_hashes(file: Path) -> None:
    for name, entry in locked(file).items():
        assert re.match(rf"{name}==[0-9][^ ;]* ", entry), entry[:80]
        assert set(re.findall(r"--hash=(\w+):[0-9a-f]{64}\b", entry)) == {"sha256"}, name
        assert entry.count("--hash=") == entry.count("--hash=sha256:"), name


@pytest.mark.parametrize("file", LOCKS, ids=lambda f: f.name)
def test_a_lock_file_names_no_address_and_no_index(file: Path) -> None:
    text = file.read_text()
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


@pytest.mark.parametrize("folder", ["tests/tools", "tests/e2e/clients", "extension"])
def test_npm_packages_are_locked_by_hash_without_addresses(folder: str) -> None:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_the_direct_dependencies_are_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for file, wanted in (
        ("run.lock", project["dependencies"]),
        ("test.lock", [*project["dependencies"], *extras["test"], *extras["dev"]]),
    ):
        names = locked(ROOT / "requirements" / file)
        for requirement in wanted:
            name = re.split(r"[<>=;\[ ]", requirement, maxsplit=1)[0].lower().replace(".", "-").replace("_", "-")
            assert name in names, f"{name} is not in {file}: run make lock"


def test_one_version_of_a_package_in_all_lock_files() -> None:
    run, test = (locked(ROOT / "requirements" / f) for f in ("run.lock", "test.lock"))
    for name, entry in run.items():
        assert entry.split()[0] == test[name].split()[0]


def test_what_runs_these_tests_is_what_is_locked() -> None:
    from importlib.metadata import version

    for name in ("msgspec", "pyside6-essentials", "sqlalchemy", "fastapi", "websockets", "numpy", "solders"):
        entry = locked(ROOT / "requirements" / "run.lock")[name]
        assert entry.startswith(f"{name}=={version(name)} "), f"{name} {version(name)} in {sys.prefix}"


def test_shell_scripts_parse() -> None:
    scripts = sorted((ROOT / "packaging" / "setup").glob("*.sh"))
    assert len(scripts) > 3
    for script in scripts:
        subprocess.run(["sh", "-n", str(script)], check=True)
