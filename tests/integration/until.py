"""Waiting for a state of another process that announces itself in no other way. Not a test."""

import time
from collections.abc import Callable

EVERY_S = 0.02


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Return as soon as `condition` holds. Raises `TimeoutError` when it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(EVERY_S)
