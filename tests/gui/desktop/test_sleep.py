"""Before the machine sleeps the wallet is locked: a stand-in for logind on a real bus, a real agent."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection

import needs
from fluxdesk.desktop.sleep import Sleep
from gui.desktop.agent_desk import linked
from windows import Run, settle


class Logind:
    """The bus and the stand-in on it."""

    def __init__(self, address: str, process: "subprocess.Popen[str]") -> None:
        self.address, self.process = address, process

    def says(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@pytest.fixture
def logind() -> Iterator[Logind]:
    daemon = needs.program("dbus-daemon", "dbus")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "QT_QPA_PLATFORM": "offscreen",
    }
    with subprocess.Popen(
        [daemon, "--session", "--print-address=1", "--nofork"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as bus:
        assert bus.stdout is not None
        address = bus.stdout.readline().strip()
        with subprocess.Popen(
            [sys.executable, "-m", "gui.desktop.logind", address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as process:
            found = Logind(address, process)
            assert found.line() == "ready"
            yield found
            process.kill()
        bus.kill()


def test_before_the_machine_sleeps_the_wallet_is_locked_and_sleep_waits_for_it(
    run: Run, tmp_path: Path, logind: Logind
) -> None:
    async def whole() -> None:
        async with linked(tmp_path) as link:
            bus = QDBusConnection.connectToBus(logind.address, "fluxdesk under test")
            sleep = Sleep(bus=bus)
            sleep.falls_asleep.connect(link.lock)
            sleep.start()
            await settle(until=lambda: sleep.told)
            assert (await asyncio.to_thread(logind.line)).startswith("inhibited sleep Fluxdesk")
            assert link.state.unlocked
            logind.says("sleep")
            await settle(until=lambda: not link.state.unlocked)
            assert (await asyncio.to_thread(logind.line)) == "released", "only after it was told is the machine let go"
            logind.says("wake")
            await settle(until=lambda: sleep._held >= 0)
            assert (await asyncio.to_thread(logind.line)).startswith("inhibited sleep Fluxdesk")
            sleep.close()
            assert (await asyncio.to_thread(logind.line)) == "released"
            QDBusConnection.disconnectFromBus("fluxdesk under test")

    run(whole())


def test_without_a_bus_nothing_is_told_and_nothing_waits() -> None:
    sleep = Sleep(bus=QDBusConnection("nothing of this name"))
    sleep.start()
    assert not sleep.told
    sleep.close()
