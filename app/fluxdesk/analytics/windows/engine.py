"""The port of the window engine, and the choice of its implementation."""

from typing import Protocol

from fluxdesk.analytics.windows.records import Rolling
from fluxdesk.native import kernel


class Engine(Protocol):
    """State of all windows. Records are laid out as records.py says; one owner at a time."""

    def add(self, events: bytes) -> bytes:
        """Applies `EVENT` records in order; returns a `CHANGES` header, `BAR` records and `LATE` records.

        Raises:
            InvalidEvent: one is out of range; none was applied.
        """
        ...

    def bars(self, token: int) -> bytes:
        """`BAR` records of the windows of a token that are not final."""
        ...

    def rolling(self, token: int, now_ns: int) -> Rolling:
        """The 300 seconds that end with the second of `now_ns` or of the watermark, whichever is later."""
        ...

    def snapshot(self) -> bytes:
        """Everything, as bytes that either implementation restores."""
        ...

    def size_bytes(self) -> int:
        """Memory held, for the memory figures (the fallback's is an estimate)."""
        ...


def new_engine(lateness_ns: int) -> Engine:
    """An empty engine: the kernel where it is built, else NumPy.

    Raises:
        ValueError: lateness outside 0 to 30 s.
    """
    if kernel() is not None:
        from fluxdesk.analytics.windows.kernel import KernelEngine

        return KernelEngine(lateness_ns)
    from fluxdesk.analytics.windows.fallback import NumpyEngine

    return NumpyEngine(lateness_ns)


def restored_engine(snapshot: bytes) -> Engine:
    """The engine of a snapshot.

    Raises:
        InvalidSnapshot: the bytes are none of this version.
    """
    if kernel() is not None:
        from fluxdesk.analytics.windows.kernel import KernelEngine

        return KernelEngine.restore(snapshot)
    from fluxdesk.analytics.windows.fallback import NumpyEngine

    return NumpyEngine.restore(snapshot)
