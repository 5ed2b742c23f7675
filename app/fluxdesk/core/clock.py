"""Both local clocks, read together. Code that needs time takes a `Clock`, so that tests can skew it."""

import time
from typing import NamedTuple, Protocol

from fluxdesk.core.ids import MonoNanos, WallNanos


class Instant(NamedTuple):
    """One moment by both local clocks."""

    wall: WallNanos
    mono: MonoNanos


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> Instant:
        """The current moment by both clocks."""
        ...


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> Instant:
        """The current moment by both clocks."""
        return Instant(WallNanos(time.time_ns()), MonoNanos(time.monotonic_ns()))
