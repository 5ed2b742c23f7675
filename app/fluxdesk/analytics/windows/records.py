"""Layouts and value types of the window engine. The C side of every layout is native/src/windows.h. No numpy here."""

import struct
from collections.abc import Iterator

import msgspec

INTERVALS_NS = (1_000_000_000, 60_000_000_000, 300_000_000_000)
"""Lengths of the intervals 0, 1 and 2: 1 s, 1 m, 5 m."""
ROLLING_S = 300
"""Whole seconds in the rolling figures, the current one included."""
LONGEST_LATENESS_NS = 30_000_000_000
END_OF_TIME_NS = 2**32 * 1_000_000_000
"""Event times lie below it (the year 2106)."""
WORD = 2**64 - 1

EVENT = struct.Struct("<iB3xqd5Q")
"""token, buy (0 or 1), time, price, base (low, high word), quote (low, high word), trader (0: not known)."""
BAR = struct.Struct("<iBB2xq4d2q3Q3Q2Q3I4x")
"""token, interval, flags, start, OHLC, first and last priced time, base and quote (3 words each), trades, buys,
traders, buyers, late."""
CHANGES = struct.Struct("<2Iq")
"""Number of bar records, number of late records, watermark."""
LATE = struct.Struct("<2I")
"""Event position in the batch, what missed it (bits 0 to 2: intervals, bit 3: rolling)."""
ROLLING = struct.Struct("<6Q")
"""Quote (3 words), buys, sells, buyers."""
BUCKET = struct.Struct("<i4xq3Q2Q")
"""token, second, quote (3 words), buys, sells."""
MEMBER = struct.Struct("<iBB2xqQ")
"""token, kind (interval, or 3: second of the last buy), buyer, window number or second, trader."""
SNAPSHOT = struct.Struct("<8s2q5Q3Q")
"""magic, lateness, watermark, events, late by interval and rolling, numbers of bars, buckets and members."""
MAGIC = b"FDWIN\0\0\1"
"""The last byte is the version of the snapshot."""
CLOSED, CORRECTED = 1, 2


class InvalidEvent(ValueError):
    """An event outside the ranges of the module; nothing of its batch was applied."""


class InvalidSnapshot(ValueError):
    """The bytes are no snapshot of this version; the caller starts empty and replays."""


class Bar(msgspec.Struct, frozen=True, gc=False):
    """One window of one token. Prices in the caller's unit, volumes in base units."""

    token: int
    interval: int
    """0, 1, 2: see `INTERVALS_NS`."""
    closed: bool
    corrected: bool
    """It had been reported as closed before and changed now."""
    start_ns: int
    open_f64: float | None
    high_f64: float | None
    low_f64: float | None
    close_f64: float | None
    """The four are None together: no trade of the window has a price."""
    first_ns: int | None
    last_ns: int | None
    """Times of the trades that open and close the bar."""
    base: int
    quote: int
    trades: int
    buys: int
    traders: int
    buyers: int
    late: int
    """Trades that came after the window had closed."""

    @property
    def sells(self) -> int:
        """Trades that are no buys."""
        return self.trades - self.buys


class Rolling(msgspec.Struct, frozen=True, gc=False):
    """The last 300 seconds of one token; `quote` in base units."""

    quote: int = 0
    buys: int = 0
    sells: int = 0
    buyers: int = 0


class Late(msgspec.Struct, frozen=True, gc=False):
    """An event that came too late for some of its windows: its position in the batch, and which."""

    event: int
    intervals: tuple[int, ...]
    rolling: bool


def read_bars(records: bytes) -> Iterator[Bar]:
    """Bars of concatenated `BAR` records."""
    for (
        token, interval, flags, start, opened, high, low, closed, first, last, b0, b1, b2, q0, q1, q2, trades, buys,
        traders, buyers, late,
    ) in BAR.iter_unpack(records):  # fmt: skip
        priced = first >= 0
        yield Bar(
            token,
            interval,
            bool(flags & CLOSED),
            bool(flags & CORRECTED),
            start,
            opened if priced else None,
            high if priced else None,
            low if priced else None,
            closed if priced else None,
            first if priced else None,
            last if priced else None,
            b0 | b1 << 64 | b2 << 128,
            q0 | q1 << 64 | q2 << 128,
            trades,
            buys,
            traders,
            buyers,
            late,
        )


class Changes:
    """What one batch changed, read on demand from the engine's bytes. Every bar stands in it at most once."""

    __slots__ = ("_bars", "_late", "watermark_ns")

    def __init__(self, data: bytes) -> None:
        bars, late, watermark = CHANGES.unpack_from(data)
        self.watermark_ns: int = watermark
        end = CHANGES.size + bars * BAR.size
        self._bars = data[CHANGES.size : end]
        self._late = data[end : end + late * LATE.size]

    def __len__(self) -> int:
        return len(self._bars) // BAR.size

    @property
    def late_count(self) -> int:
        """How many events came too late for some window."""
        return len(self._late) // LATE.size

    def bars(self) -> Iterator[Bar]:
        """Bars that changed or closed, as they stand now, in no promised order."""
        return read_bars(self._bars)

    def late(self) -> Iterator[Late]:
        """Events that came too late for some window, in batch order."""
        for event, missed in LATE.iter_unpack(self._late):
            yield Late(event, tuple(i for i in range(3) if missed >> i & 1), bool(missed & 8))


def invalid_event(events: bytes) -> InvalidEvent:
    """Says which event of a refused batch is not valid, and why."""
    if len(events) % EVENT.size:
        return InvalidEvent(f"{len(events)} bytes are no whole number of {EVENT.size}-byte events")
    for position, (token, buy, time, *_) in enumerate(EVENT.iter_unpack(events)):
        if token < 0:
            return InvalidEvent(f"event {position}: token number {token} is negative")
        if buy > 1:
            return InvalidEvent(f"event {position}: side {buy} is neither 0 (sell) nor 1 (buy)")
        if not 0 <= time < END_OF_TIME_NS:
            return InvalidEvent(f"event {position}: time {time} ns is not between 1970 and 2106")
    return InvalidEvent(f"a batch of {len(events) // EVENT.size} events is too large")
