"""How a process of the node uses the interpreter's and the C library's memory. Called once, at its start."""

import ctypes
import gc

_M_ARENA_MAX = -8
"""glibc, malloc.h: how many separate heaps threads may get."""


def calm_gc() -> None:
    """Takes what start-up made out of garbage collection, and collects less often.

    Rows and facts make no cycles, and a full collection of a busy node would hold up every event for tens of
    milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 1_000)


def one_heap() -> None:
    """Keeps glibc from giving each thread a heap of its own, which under load holds on to tens of megabytes each."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
