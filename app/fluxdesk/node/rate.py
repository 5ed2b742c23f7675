"""Events a second over the last few seconds, by the monotonic clock."""

from collections import deque

WINDOW_NS = 5_000_000_000


class Rate:
    """Counts on one thread, read on the same."""

    def __init__(self) -> None:
        self._marks: deque[tuple[int, int]] = deque()
        self._total = 0

    def add(self, mono_ns: int, count: int) -> None:
        """Notes that `count` events happened now."""
        self._marks.append((mono_ns, count))
        self._total += count
        self._forget(mono_ns)

    def per_second(self, mono_ns: int) -> float:
        """The average over the window that ends now."""
        self._forget(mono_ns)
        return self._total / (WINDOW_NS / 1e9)

    def _forget(self, mono_ns: int) -> None:
        while self._marks and self._marks[0][0] < mono_ns - WINDOW_NS:
            self._total -= self._marks.popleft()[1]
