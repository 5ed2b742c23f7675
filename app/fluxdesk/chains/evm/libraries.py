"""Loads web3 and what it brings; every module here calls `load` before it imports any of that."""

import sys
import threading

_TURN = threading.Lock()


def load() -> None:
    """Imports web3 and puts the recursion limit back.

    `py_ecc`, which comes with it, raises the limit of the whole process to 100,000; JSON nested as deep as that then
    ends the process in place of the parse. Of two threads the second waits: else it would put back
    the raised limit that it found.
    """
    with _TURN:
        limit = sys.getrecursionlimit()
        import web3  # noqa: F401 - for its effects: afterwards they are behind us

        sys.setrecursionlimit(limit)
