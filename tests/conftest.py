"""Rules for every test: nobody's own data is touched, and in CI nothing is skipped but tests/real_data.

Data, runtime and configuration folders point into a fresh temporary folder for the whole session, so a test that
forgets `--data` cannot reach the profile of the person who runs it.
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from needs import in_ci
from needs import real_data as find_real_data

settings.register_profile("fluxdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile(
    "fuzz", settings.get_profile("fluxdesk"), max_examples=int(os.environ.get("FLUXDESK_FUZZ_EXAMPLES", "100"))
)
settings.load_profile("fuzz" if "FLUXDESK_FUZZ_EXAMPLES" in os.environ else "fluxdesk")


def pytest_configure(config: pytest.Config) -> None:
    """Point every folder Fluxdesk may write to into a short temporary one: a socket's path has room for 108 bytes."""
    home = Path(tempfile.mkdtemp(prefix="fd-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for variable, folder in (("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("FLUXDESK_RUNTIME", "run")):
        (home / folder).mkdir(mode=0o700)
        os.environ[variable] = str(home / folder)
    if not os.environ.get("DISPLAY") and not in_ci():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


_TOGETHER = {"tests/gui/": "windows", "tests/e2e/": "browsers", "tests/extension/": "browsers"}
_RECURSION_LIMIT = sys.getrecursionlimit()


def pytest_collection_modifyitems() -> None:
    sys.setrecursionlimit(_RECURSION_LIMIT)  # a peer that a test file imports raised it (chains/evm/libraries.py)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """A file's tests stay in one worker. All that open windows share one, else they would fight for the focus; so do
    all that open browsers, which load the extension from the one folder that each worker builds anew. Said here and
    not by marks: xdist 3.8 puts a mark's group where pytest 9.2 no longer looks.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((group for folder, group in _TOGETHER.items() if file.startswith(folder)), file)

    return ByFile(config, log)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of recorded chain data; tests under tests/real_data skip without it."""
    return find_real_data()


def _skips(reporter: object) -> tuple[list[str], list[str]]:
    """(allowed, not allowed in CI): one line for each skipped test or module."""
    allowed, other = [], []
    for report in getattr(reporter, "stats", {}).get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        line = f"{report.nodeid}: {reason.removeprefix('Skipped: ')}"
        (allowed if report.nodeid.startswith("tests/real_data/") else other).append(line)
    return allowed, other


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a skip outside tests/real_data turns a green run red."""
    _, other = _skips(session.config.pluginmanager.get_plugin("terminalreporter"))
    if in_ci() and other and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what did not run for want of the recorded chain data, and what should not have been skipped."""
    allowed, other = _skips(terminalreporter)
    if allowed:
        terminalreporter.section(f"real data: {len(allowed)} skipped")
        for line in sorted(set(allowed)):
            terminalreporter.write_line(line)
    if other and in_ci():
        terminalreporter.section(f"skipped in CI, which fails the run: {len(other)}")
        for line in sorted(set(other)):
            terminalreporter.write_line(line)
