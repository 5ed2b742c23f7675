"""The wheel, built and run: it carries its resources and its kernel, and knows that it is no checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True, timeout=200)
    (wheel,) = folder.glob("fluxdesk-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-P", *arguments]
    return subprocess.run(command, env=environment, cwd=site, capture_output=True, text=True, check=False, timeout=60)


def test_every_resource_of_the_checkout_is_in_the_wheel(unpacked: Path) -> None:
    files = sorted(f.relative_to(ROOT / "resources") for f in (ROOT / "resources").rglob("*") if f.is_file())
    assert files
    assert all((unpacked / "fluxdesk" / "resources" / f).is_file() for f in files)


def test_it_runs_from_there_with_its_kernel_and_without_a_checkout(unpacked: Path) -> None:
    code = (
        "import fluxdesk; from fluxdesk.core import resources; from fluxdesk.native import kernel\n"
        "print(fluxdesk.__file__, resources.checkout(), resources.path('layouts'), kernel() is not None, sep='\\n')"
    )
    done = run(unpacked, "-c", code)
    assert done.returncode == 0, done.stderr
    where, checkout, layouts, kernel = done.stdout.splitlines()
    assert where.startswith(str(unpacked))
    assert checkout == "None"
    assert layouts == str(unpacked / "fluxdesk" / "resources" / "layouts")
    assert kernel == "True"


def test_the_benchmarks_say_that_they_need_a_checkout(unpacked: Path) -> None:
    done = run(unpacked, "-m", "fluxdesk", "bench")
    assert done.returncode == 2
    assert "source tree" in done.stderr


def test_no_test_and_no_build_step_travels_with_it(unpacked: Path) -> None:
    assert sorted(p.name.split("-")[0] for p in unpacked.iterdir()) == ["fluxdesk", "fluxdesk", "fluxdesk_host"]
