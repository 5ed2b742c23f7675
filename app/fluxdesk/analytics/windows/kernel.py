"""The window engine in the C kernel (native/src/windows_*.c). Only words and types are here."""

from typing import Any, Self

from fluxdesk.analytics.windows.records import (
    LONGEST_LATENESS_NS,
    ROLLING,
    InvalidSnapshot,
    Rolling,
    invalid_event,
)
from fluxdesk.native import kernel


class KernelEngine:
    """An `Engine` whose state lives in the kernel and is freed with this object."""

    __slots__ = ("_add", "_bars", "_functions", "_rolling", "_state")

    def __init__(self, lateness_ns: int) -> None:
        state = _functions()["windows_new"](lateness_ns)
        if state is None:
            raise ValueError(f"a lateness of {lateness_ns} ns is outside 0 to {LONGEST_LATENESS_NS} ns")
        self._take(state)

    @classmethod
    def restore(cls, snapshot: bytes) -> Self:
        """The engine of a snapshot, or InvalidSnapshot."""
        state = _functions()["windows_restore"](snapshot)
        if state is snapshot:
            raise InvalidSnapshot("these bytes are no window snapshot of this version; start empty and replay")
        engine = cls.__new__(cls)
        engine._take(state)
        return engine

    def _take(self, state: Any) -> None:
        self._state = state
        self._functions = _functions()
        self._add = self._functions["windows_add"]
        self._bars = self._functions["windows_bars"]
        self._rolling = self._functions["windows_rolling"]

    def add(self, events: bytes) -> bytes:
        """See `Engine`."""
        out = self._add(self._state, events)
        if out is events:
            raise invalid_event(events)
        changes: bytes = out
        return changes

    def bars(self, token: int) -> bytes:
        """See `Engine`."""
        records: bytes = self._bars(self._state, token)
        return records

    def rolling(self, token: int, now_ns: int) -> Rolling:
        """See `Engine`."""
        q0, q1, q2, buys, sells, buyers = ROLLING.unpack(self._rolling(self._state, token, now_ns))
        return Rolling(q0 | q1 << 64 | q2 << 128, buys, sells, buyers)

    def snapshot(self) -> bytes:
        """See `Engine`."""
        snapshot: bytes = self._functions["windows_snapshot"](self._state)
        return snapshot

    def size_bytes(self) -> int:
        """See `Engine`."""
        size: int = self._functions["windows_size"](self._state)
        return size


def _functions() -> dict[str, Any]:
    functions = kernel()
    assert functions is not None, "engine.py asks for this implementation only where the kernel is loaded"
    return functions
