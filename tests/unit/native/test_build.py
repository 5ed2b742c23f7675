"""The kernel's build: reproducible, and a fallback where there is none."""

import os
import subprocess
import sys

import pytest

from fluxdesk.native import build
from needs import ROOT


def _python(code: str, **env: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **env})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_two_builds_in_two_folders_are_byte_equal(tmp_path):
    first, second = build.build(tmp_path / "a"), build.build(tmp_path / "deeper" / "b")
    assert first.read_bytes() == second.read_bytes()
    assert str(tmp_path).encode() not in first.read_bytes()
    assert [entry.name for entry in (tmp_path / "a").iterdir()] == [build.LIBRARY]


def test_a_machine_without_a_target_is_told_that_the_fallback_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "_TARGETS", {})
    with pytest.raises(build.KernelBuildError, match="fallback is used"):
        build.build(tmp_path)


def test_the_environment_can_force_the_fallback():
    code = "from fluxdesk.native import kernel; print(kernel())"
    assert _python(code, FLUXDESK_NO_KERNEL="1") == "None"


def test_importing_the_package_loads_neither_ctypes_nor_numpy():
    code = "import sys, fluxdesk.native, fluxdesk.native.base58; print({'ctypes', 'numpy'} & set(sys.modules))"
    assert _python(code) == "set()"


def test_a_library_of_another_version_is_not_used():
    code = "import fluxdesk.native as n; n.ABI += 1; print(n.kernel())"
    assert _python(code) == "None"


FUZZED = (
    "tests/unit/analytics/windows/test_engine.py",
    "tests/property/native",
    "tests/property/chains/test_logs.py",
    "tests/property/launches/test_layout_reader.py",
    "tests/property/analytics/windows/test_equal.py::test_how_the_stream_is_cut_into_batches_changes_nothing_but_when_things_are_said",
)


def test_the_kernel_relies_on_no_undefined_behaviour_whatever_it_is_given(tmp_path):
    traps = build.build(tmp_path, ["-fsanitize=undefined", "-fsanitize-trap=undefined"])
    code = (
        "import sys, pytest, fluxdesk.native as n\n"
        f"n.__file__ = {str(traps)!r}\n"
        "assert n.kernel() is not None\n"
        f"sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-n', '0', *{FUZZED!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
