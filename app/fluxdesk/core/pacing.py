"""How often something may be tried, asked or logged: back-off, a request pace, and a log that cannot flood.

Pure timing: nothing here knows what is being tried.
"""

import asyncio
import logging
import random
import time

BACKOFF_FIRST_S = 0.5
BACKOFF_CAP_S = 60.0


class Backoff:
    """Capped exponential back-off with jitter: the n-th wait is drawn from [d/2, d], d = min(cap, first * 2^n)."""

    def __init__(
        self, first_s: float = BACKOFF_FIRST_S, cap_s: float = BACKOFF_CAP_S, rng: random.Random | None = None
    ):
        self._first_s, self._cap_s = first_s, cap_s
        self._rng = rng or random.Random()  # noqa: S311 - spreads reconnects, guards nothing
        self.tries = 0

    def next_s(self, at_least_s: float = 0.0) -> float:
        """Seconds to wait before the next try. `at_least_s` is what the other side asked for; it may exceed the cap."""
        full = min(self._cap_s, self._first_s * 2.0 ** min(self.tries, 30))
        self.tries += 1
        return max(at_least_s, full * (0.5 + 0.5 * self._rng.random()))

    def reset(self) -> None:
        """The thing held long enough to count as working."""
        self.tries = 0


class Pace:
    """At most `per_second` turns a second, `burst` at once, in order of asking."""

    def __init__(self, per_second: float, burst: int = 1):
        self._gap_s = 1.0 / per_second
        self._slack_s = self._gap_s * (burst - 1)
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the caller's turn."""
        now = time.monotonic()
        at = max(self._next, now - self._slack_s)
        self._next = at + self._gap_s
        if at > now:
            await asyncio.sleep(at - now)

    def hold(self, seconds: float) -> None:
        """No turn for that long: the other side asked for a pause."""
        self._next = max(self._next, time.monotonic() + seconds)


class SparseLog:
    """Logs the first message of a kind at once, then at most one a period with the number kept back.

    A peer decides how often something goes wrong, so it must not decide how much is written.
    """

    def __init__(self, log: logging.Logger, period_s: float = 30.0):
        self._log, self._period_s = log, period_s
        self._last: dict[str, float] = {}
        self._held: dict[str, int] = {}

    def say(self, kind: str, message: str, *args: object, level: int = logging.WARNING) -> bool:
        """True when the message was written, False when only counted. `kind` comes from code, never from a peer."""
        now = time.monotonic()
        if (last := self._last.get(kind)) is not None and now - last < self._period_s:
            self._held[kind] = self._held.get(kind, 0) + 1
            return False
        self._last[kind] = now
        if held := self._held.pop(kind, 0):
            message, args = message + " (%d more of this kind since the last line)", (*args, held)
        self._log.log(level, message, *args)
        return True
