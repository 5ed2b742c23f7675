"""What the programs may never do: watched from inside by an audit hook, from outside through the operating system.

The real desktop (offscreen) starts its real practice node, as a user's would, and is quit when launches have arrived.
"""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from waiting import until


@dataclass
class Observed:
    """What was seen of a desktop and its node.

    Attributes:
        inet: Process name -> its connections and listening ports that are not Unix sockets.
        libraries: Process name -> names of the shared libraries it had mapped.
        modes: Path -> permission bits, of the runtime folder, the socket and the data folder.
        addresses: (event, family, address) of everything the desktop connected to or looked up.
        left: Processes of the two that were still there after quitting.
    """

    code: int = -1
    inet: dict[str, list[object]] = field(default_factory=dict)
    libraries: dict[str, set[str]] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    owners: set[int] = field(default_factory=set)
    addresses: list[list[str]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    home, out = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("out") / "seen.json"
    runtime = Path(os.environ["FLUXDESK_RUNTIME"]) / "boundaries"
    (home / "fluxdesk").mkdir()
    (home / "fluxdesk" / "desktop.json").write_text('{"mode": "practice"}')
    environment = {
        **os.environ, "XDG_DATA_HOME": str(home), "FLUXDESK_RUNTIME": str(runtime), "QT_QPA_PLATFORM": "offscreen",
    }  # fmt: skip
    practice = home / "fluxdesk" / "practice"
    program = Path(__file__).with_name("watched_desktop.py")
    desktop = subprocess.Popen([sys.executable, str(program), str(out)], env=environment, stdin=subprocess.PIPE)
    seen = Observed()
    node: psutil.Process | None = None
    try:
        until(lambda: (practice / "node.lock").exists() and (practice / "node.lock").read_text().strip())
        node = psutil.Process(int((practice / "node.lock").read_text()))
        until(lambda: (practice / "journal.sqlite-wal").exists() and (practice / "journal.sqlite-wal").stat().st_size)
        until(lambda: psutil.Process(desktop.pid).net_connections("unix"))
        for name, process in (("desktop", psutil.Process(desktop.pid)), ("node", node)):
            seen.inet[name] = list(process.net_connections("inet"))
            seen.libraries[name] = {Path(m.path).name for m in process.memory_maps()}
        for place in (runtime, *runtime.glob("*.sock"), practice):
            info = place.stat()
            seen.modes[place.name] = stat.S_IMODE(info.st_mode)
            seen.owners.add(info.st_uid)
        desktop.communicate(b"quit\n", timeout=60)
        seen.code = desktop.returncode
        seen.addresses = json.loads(out.read_text())
        seen.left = [p.pid for p in psutil.wait_procs([node], timeout=60)[1]]
        yield seen
    finally:
        desktop.kill()
        if node is not None and node.is_running():
            node.kill()


def test_the_desktop_talks_to_unix_sockets_only(observed: Observed) -> None:
    assert observed.addresses, "it talked to its node at least"
    assert {family for _, family, _ in observed.addresses} == {"AF_UNIX"}


def test_neither_program_has_a_port_or_a_connection_to_a_network(observed: Observed) -> None:
    assert observed.inet == {"desktop": [], "node": []}


def test_the_socket_is_its_users_alone(observed: Observed) -> None:
    sockets = {name: mode for name, mode in observed.modes.items() if name.endswith(".sock")}
    assert [mode for name, mode in sockets.items() if name.startswith("node-")] == [0o600]
    assert not [name for name, mode in sockets.items() if mode & 0o077]
    assert observed.modes["boundaries"] == 0o700
    assert observed.owners == {os.getuid()}


def test_the_recorded_data_is_its_users_alone(observed: Observed) -> None:
    assert observed.modes["practice"] == 0o700


def test_the_node_has_no_qt_and_the_desktop_no_database(observed: Observed) -> None:
    assert not [name for name in observed.libraries["node"] if "Qt6" in name]
    assert [name for name in observed.libraries["desktop"] if "Qt6" in name]
    heavy = ("solders", "tantivy", "sqlite3", "_pydantic_core")
    assert not [name for name in observed.libraries["desktop"] if name.startswith(heavy) or "libsqlite3" in name]


def test_quitting_stops_both_in_order(observed: Observed) -> None:
    assert observed.code == 0
    assert observed.left == []
