"""The agent's time: what limits, delays and approvals are counted by. It never runs backwards and a clock that is set
moves it by nothing while the machine runs.

Three clocks of the kernel: *boottime* runs from boot on, through sleep; *monotonic* stands still in sleep, so their
difference tells of one; *wall* can be set by anyone and counts only across a restart of the machine.
"""

import time
from typing import Protocol

import msgspec


class Clocks(Protocol):
    """The kernel's clocks, in milliseconds."""

    @property
    def boot(self) -> str:
        """Names the run of the machine that boottime counts from."""

    def boottime(self) -> int:
        """Since boot, sleep included."""

    def monotonic(self) -> int:
        """Since some moment, sleep not included."""

    def wall(self) -> int:
        """Since 1970, as somebody set it."""


class KernelClocks:
    """The real ones."""

    def __init__(self) -> None:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            self._boot = file.read().strip()

    @property
    def boot(self) -> str:
        """The kernel's id of this boot."""
        return self._boot

    def boottime(self) -> int:
        """CLOCK_BOOTTIME."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def monotonic(self) -> int:
        """CLOCK_MONOTONIC."""
        return time.monotonic_ns() // 1_000_000

    def wall(self) -> int:
        """CLOCK_REALTIME."""
        return time.time_ns() // 1_000_000


class Stamp(msgspec.Struct, frozen=True, array_like=True):
    """A moment as the agent counts it, with what is needed to count on from it after a restart. Milliseconds."""

    agent: int
    boot: str
    boottime: int
    wall: int


class AgentTime:
    """Milliseconds that only grow, across restarts too, when given the newest stamp that was kept."""

    def __init__(self, clocks: Clocks) -> None:
        self.clocks = clocks
        self._base = clocks.wall()
        self._from = clocks.boottime()

    def go_on_from(self, last: Stamp) -> None:
        """Counts on from a stamp of an earlier run. In the same boot by boottime alone; across boots by the wall clock,
        but never backwards and never by less than this boot has lasted.
        """
        up = self.clocks.boottime()
        if last.boot == self.clocks.boot:
            passed = max(0, up - last.boottime)
        else:
            passed = max(up, self.clocks.wall() - last.wall)
        self._base, self._from = last.agent + passed, up

    def now(self) -> int:
        """Agent time in milliseconds."""
        return self._base + self.clocks.boottime() - self._from

    def stamp(self) -> Stamp:
        """Now, to be kept."""
        return Stamp(self.now(), self.clocks.boot, self.clocks.boottime(), self.clocks.wall())


class SleepWatch:
    """Notices that the machine slept between two looks."""

    THRESHOLD_MS = 2_000

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._difference = clocks.boottime() - clocks.monotonic()

    def slept(self) -> bool:
        """Whether it slept since the last look."""
        before, self._difference = self._difference, self._clocks.boottime() - self._clocks.monotonic()
        return self._difference - before > self.THRESHOLD_MS
