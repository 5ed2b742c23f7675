"""The window engine in NumPy, for machines without the kernel. Equal to it field by field, slower, loaded only there.

Each batch is grouped by window and token, reduced by NumPy, and merged into one row per window; wallets are Python
sets.
"""

import struct
from typing import Self

import numpy as np
import numpy.typing as npt

from fluxdesk.analytics.windows.records import (
    BAR,
    BUCKET,
    CHANGES,
    CLOSED,
    CORRECTED,
    END_OF_TIME_NS,
    EVENT,
    INTERVALS_NS,
    LONGEST_LATENESS_NS,
    MAGIC,
    MEMBER,
    SNAPSHOT,
    WORD,
    InvalidSnapshot,
    Rolling,
    invalid_event,
)
from fluxdesk.analytics.windows.rolling import RollingSeconds

SECOND = INTERVALS_NS[0]
_INT = npt.NDArray[np.int64]
_WORDS = npt.NDArray[np.uint64]
_HALF, _MASK = np.uint64(32), np.uint64(2**32 - 1)

_EVENT = np.dtype(
    {
        "names": ["token", "buy", "time", "price", "base", "quote", "trader"],
        "formats": ["<i4", "u1", "<i8", "<f8", ("<u8", 2), ("<u8", 2), "<u8"],
        "offsets": [0, 4, 8, 16, 24, 40, 56],
        "itemsize": EVENT.size,
    }
)
_BAR = np.dtype(
    {
        "names": [
            "token", "interval", "flags", "start", "open", "high", "low", "close", "first", "last", "base", "quote",
            "trades", "buys", "traders", "buyers", "late",
        ],
        "formats": [
            "<i4", "u1", "u1", "<i8", "<f8", "<f8", "<f8", "<f8", "<i8", "<i8", ("<u8", 3), ("<u8", 3), "<u8", "<u8",
            "<u4", "<u4", "<u4",
        ],
        "offsets": [0, 4, 5, 8, 16, 24, 32, 40, 48, 56, 64, 88, 112, 120, 128, 132, 136],
        "itemsize": BAR.size,
    }
)  # fmt: skip


def _sums(amounts: _WORDS, order: _INT, starts: _INT) -> list[_WORDS]:
    """Group sums of (n, 2) word pairs, as four columns of 32-bit digits whose sums cannot leave 64 bits."""
    pairs = amounts[order]
    halves = (pairs[:, 0] & _MASK, pairs[:, 0] >> _HALF, pairs[:, 1] & _MASK, pairs[:, 1] >> _HALF)
    return [np.add.reduceat(half, starts) for half in halves]


def _add_words(words: _WORDS, sums: list[_WORDS]) -> _WORDS:
    """(n, 3) words plus the digit sums of `_sums`, with carries."""
    out = np.empty_like(words)
    carry = np.zeros(len(words), np.uint64)
    for word in range(3):
        digits = []
        for half, have in enumerate((words[:, word] & _MASK, words[:, word] >> _HALF)):
            place = 2 * word + half
            total = have + carry + (sums[place] if place < 4 else np.uint64(0))
            digits.append(total & _MASK)
            carry = total >> _HALF
        out[:, word] = digits[0] | digits[1] << _HALF
    return out


_NEW_BAR = np.zeros((), _BAR)
for _field in ("open", "high", "low", "close"):
    _NEW_BAR[_field] = np.nan
for _field in ("first", "last"):
    _NEW_BAR[_field] = -1


class _Interval:
    """The windows of one interval that are not final: rows of `_BAR`, and the wallets of each."""

    def __init__(self, interval: int) -> None:
        self.interval, self.length = interval, INTERVALS_NS[interval]
        self.rows = np.zeros(0, _BAR)
        self.free: list[int] = []
        self.windows: dict[int, dict[int, int]] = {}
        """window number -> token -> row."""
        self.traders: list[set[int]] = []
        self.buyers: list[set[int]] = []
        self.touched: set[int] = set()
        """Rows to report."""
        self.open = 0
        """Number of the one window that is open: that of the watermark."""

    def index(self, numbers: list[int], tokens: list[int]) -> _INT:
        """The rows of windows, made when missing."""
        index, new = [], []
        for number, token in zip(numbers, tokens, strict=True):
            window = self.windows.setdefault(number, {})
            row = window.get(token)
            if row is None:
                if not self.free:
                    self._grow()
                row = window[token] = self.free.pop()
                new.append((row, token, number))
            index.append(row)
        if new:
            made = np.array(new, np.int64)
            self.rows[made[:, 0]] = _NEW_BAR
            self.rows["interval"][made[:, 0]] = self.interval
            self.rows["token"][made[:, 0]] = made[:, 1]
            self.rows["start"][made[:, 0]] = made[:, 2] * self.length
        return np.array(index, np.int64)

    def _grow(self) -> None:
        had = len(self.rows)
        more = had or 64
        rows = np.zeros(had + more, _BAR)  # not np.concatenate, which would drop the padding of the records
        rows[:had] = self.rows
        self.rows = rows
        self.free = list(range(had + more - 1, had - 1, -1))
        self.traders += [set() for _ in range(more)]
        self.buyers += [set() for _ in range(more)]

    def add(self, events: npt.NDArray[np.void], number: _INT, late: npt.NDArray[np.bool_]) -> None:
        """Merges accepted events; `number` is their window, `late` whether that had closed."""
        order = np.lexsort((events["time"], events["token"], number))
        tokens, numbers = events["token"][order], number[order]
        new = np.append(True, (tokens[1:] != tokens[:-1]) | (numbers[1:] != numbers[:-1]))
        starts = np.flatnonzero(new)
        ends = np.append(starts[1:], len(order))
        index = self.index(numbers[starts].tolist(), tokens[starts].tolist())
        self.touched.update(index.tolist())
        rows = self.rows[index]
        rows["base"] = _add_words(rows["base"], _sums(events["base"], order, starts))
        rows["quote"] = _add_words(rows["quote"], _sums(events["quote"], order, starts))
        rows["trades"] += (ends - starts).astype(np.uint64)
        rows["buys"] += np.add.reduceat(events["buy"][order].astype(np.uint64), starts)
        rows["late"] += np.add.reduceat(late[order].astype(np.uint32), starts)
        self._add_prices(rows, events["price"][order], events["time"][order], np.cumsum(new) - 1)
        traders, bought = events["trader"][order].tolist(), events["buy"][order].tolist()
        counts = []
        for row, start, end in zip(index.tolist(), starts.tolist(), ends.tolist(), strict=True):
            known, buyers = self.traders[row], self.buyers[row]
            for trader, is_buy in zip(traders[start:end], bought[start:end], strict=True):
                if trader:
                    known.add(trader)
                    if is_buy:
                        buyers.add(trader)
            counts.append((len(known), len(buyers)))
        rows["traders"], rows["buyers"] = np.array(counts, np.uint32).T
        self.rows[index] = rows

    @staticmethod
    def _add_prices(rows: npt.NDArray[np.void], price: npt.NDArray[np.float64], time: _INT, group: _INT) -> None:
        """Merges OHLC; inputs are sorted by group and time, `group` indexes `rows`."""
        with np.errstate(invalid="ignore"):
            priced = np.isfinite(price) & (price > 0)
        price, time, group = price[priced], time[priced], group[priced]
        if not len(price):
            return
        starts = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
        at, last = group[starts], np.append(starts[1:], len(price)) - 1
        earlier = (rows["first"][at] < 0) | (time[starts] < rows["first"][at])
        later = time[last] >= rows["last"][at]
        rows["open"][at[earlier]], rows["first"][at[earlier]] = price[starts][earlier], time[starts][earlier]
        rows["close"][at[later]], rows["last"][at[later]] = price[last][later], time[last][later]
        rows["high"][at] = np.fmax(rows["high"][at], np.maximum.reduceat(price, starts))
        rows["low"][at] = np.fmin(rows["low"][at], np.minimum.reduceat(price, starts))

    def report(self, closed: int, final: int) -> bytes:
        """Records of the rows that changed or closed; windows below `closed` are closed, below `final` forgotten."""
        if self.open < closed:  # nothing is later than the watermark, so only this window was open
            self.touched.update(self.windows.get(self.open, {}).values())
            self.open = closed
        index = np.fromiter(self.touched, np.int64, len(self.touched))
        self.touched.clear()
        rows = self.rows[index]
        rows["flags"][rows["flags"] == CLOSED] = CLOSED | CORRECTED
        rows["flags"][rows["start"] < closed * self.length] |= CLOSED
        self.rows["flags"][index] = rows["flags"] & CLOSED
        for number in [n for n in self.windows if n < final]:
            for row in self.windows.pop(number).values():
                self.traders[row].clear()
                self.buyers[row].clear()
                self.free.append(row)
        return rows.tobytes()


class NumpyEngine:
    """An `Engine` without the kernel."""

    def __init__(self, lateness_ns: int) -> None:
        if not 0 <= lateness_ns <= LONGEST_LATENESS_NS:
            raise ValueError(f"a lateness of {lateness_ns} ns is outside 0 to {LONGEST_LATENESS_NS} ns")
        self._lateness = lateness_ns
        self._watermark = -1
        self._events = 0
        self._late = [0, 0, 0, 0]
        self._intervals = [_Interval(interval) for interval in range(3)]
        self._rolling = RollingSeconds()

    def add(self, events: bytes) -> bytes:
        """See `Engine`."""
        if len(events) % EVENT.size:
            raise invalid_event(events)
        batch = np.frombuffer(events, _EVENT)
        time = batch["time"]
        if np.any((batch["token"] < 0) | (batch["buy"] > 1) | (time < 0) | (time >= END_OF_TIME_NS)):
            raise invalid_event(events)
        self._events += len(batch)
        missed = np.zeros(len(batch), np.uint32)
        if len(batch):
            watermark = np.maximum.accumulate(np.append(self._watermark, time))[1:]
            self._watermark = int(watermark[-1])
            settled = np.maximum(watermark - self._lateness, 0)
            for bit, interval in enumerate(self._intervals):
                number = time // interval.length
                taken = number >= settled // interval.length
                missed |= (~taken).astype(np.uint32) << np.uint32(bit)
                if taken.any():
                    interval.add(batch[taken], number[taken], (number < watermark // interval.length)[taken])
            missed |= self._add_rolling(batch, watermark) << np.uint32(3)
        late = np.flatnonzero(missed)
        for bit in range(4):
            self._late[bit] += int(np.count_nonzero(missed >> np.uint32(bit) & np.uint32(1)))
        bars = self._report()
        lates = np.column_stack((late.astype("<u4"), missed[late].astype("<u4"))).tobytes()
        return CHANGES.pack(len(bars) // BAR.size, len(late), self._watermark) + bars + lates

    def _report(self) -> bytes:
        if self._watermark < 0:
            return b""
        settled = max(self._watermark - self._lateness, 0)
        return b"".join(i.report(self._watermark // i.length, settled // i.length) for i in self._intervals)

    def _add_rolling(self, batch: npt.NDArray[np.void], watermark: _INT) -> npt.NDArray[np.uint32]:
        """Adds to the rolling seconds; returns 1 where an event's second had left them."""
        second = batch["time"] // SECOND
        taken = second >= np.maximum(watermark // SECOND - 299, 0)
        events, second = batch[taken], second[taken]
        if len(events):
            order = np.lexsort((events["token"], second))
            tokens, seconds = events["token"][order], second[order]
            new = np.append(True, (tokens[1:] != tokens[:-1]) | (seconds[1:] != seconds[:-1]))
            starts = np.flatnonzero(new)
            ends = np.append(starts[1:], len(order)).tolist()
            quotes = [column.tolist() for column in _sums(events["quote"], order, starts)]
            traders, bought = events["trader"][order].tolist(), events["buy"][order].tolist()
            buys = np.add.reduceat(events["buy"][order].astype(np.int64), starts).tolist()
            for place, start in enumerate(starts.tolist()):
                quote = sum(column[place] << 32 * digit for digit, column in enumerate(quotes))
                end = ends[place]
                buyers = {t for t, b in zip(traders[start:end], bought[start:end], strict=True) if b and t}
                token, when = int(tokens[start]), int(seconds[start])
                self._rolling.add(token, when, quote, buys[place], end - start - buys[place], buyers)
        self._rolling.roll(self._watermark // SECOND)
        return (~taken).astype(np.uint32)

    def bars(self, token: int) -> bytes:
        """See `Engine`."""
        return b"".join(
            interval.rows[window[token]].tobytes()
            for interval in self._intervals
            for window in interval.windows.values()
            if token in window
        )

    def rolling(self, token: int, now_ns: int) -> Rolling:
        """See `Engine`."""
        return self._rolling.figures(token, max(now_ns, self._watermark, 0) // SECOND)

    def size_bytes(self) -> int:
        """Rows, and 100 bytes for each wallet in a set."""
        rows = sum(interval.rows.nbytes for interval in self._intervals)
        wallets = sum(len(known) for interval in self._intervals for known in interval.traders + interval.buyers)
        return rows + 100 * (wallets + sum(len(here.buyers) for _, _, here in self._rolling.seconds()))

    def snapshot(self) -> bytes:
        """See `Engine`."""
        bars, buckets, members = [], [], []
        for interval in self._intervals:
            for number, window in interval.windows.items():
                for token, row in window.items():
                    bars.append(interval.rows[row].tobytes())
                    buyers = interval.buyers[row]
                    for trader in interval.traders[row]:
                        members.append(MEMBER.pack(token, interval.interval, trader in buyers, number, trader))
        for token, second, here in self._rolling.seconds():
            words = (here.quote & WORD, here.quote >> 64 & WORD, here.quote >> 128)
            buckets.append(BUCKET.pack(token, second, *words, here.buys, here.sells))
            members += [MEMBER.pack(token, 3, 1, second, buyer) for buyer in here.buyers]
        head = (
            MAGIC,
            self._lateness,
            self._watermark,
            self._events,
            *self._late,
            len(bars),
            len(buckets),
            len(members),
        )
        return b"".join((SNAPSHOT.pack(*head), *bars, *buckets, *members))

    @classmethod
    def restore(cls, snapshot: bytes) -> Self:
        """The engine of a snapshot, or InvalidSnapshot."""
        try:
            magic, lateness, watermark, events, l0, l1, l2, l3, bars, buckets, members = SNAPSHOT.unpack_from(snapshot)
            buckets_at = SNAPSHOT.size + bars * BAR.size
            members_at = buckets_at + buckets * BUCKET.size
            if magic != MAGIC or len(snapshot) != members_at + members * MEMBER.size:
                raise InvalidSnapshot("these bytes are no window snapshot of this version; start empty and replay")
            engine = cls(lateness)
            engine._watermark, engine._events, engine._late = watermark, events, [l0, l1, l2, l3]
            for interval in engine._intervals:
                interval.open = max(watermark, 0) // interval.length
            engine._read_bars(np.frombuffer(snapshot, _BAR, bars, SNAPSHOT.size))
            engine._rolling.roll(watermark // SECOND)
            for token, second, q0, q1, q2, buys, sells in BUCKET.iter_unpack(snapshot[buckets_at:members_at]):
                engine._rolling.add(token, second, q0 | q1 << 64 | q2 << 128, buys, sells, ())
            engine._read_members(snapshot[members_at:])
        except (ValueError, KeyError, IndexError, OverflowError, struct.error) as wrong:
            raise InvalidSnapshot(
                "these bytes are no window snapshot of this version; start empty and replay"
            ) from wrong
        return engine

    def _read_bars(self, records: npt.NDArray[np.void]) -> None:
        for record in records:
            interval = self._intervals[int(record["interval"])]
            index = interval.index([int(record["start"]) // interval.length], [int(record["token"])])
            interval.rows[index] = record

    def _read_members(self, records: bytes) -> None:
        for token, kind, buyer, when, trader in MEMBER.iter_unpack(records):
            if kind == 3:
                self._rolling.add(token, when, 0, 0, 0, (trader,))
                continue
            interval = self._intervals[kind]
            row = interval.windows[when][token]
            interval.traders[row].add(trader)
            if buyer:
                interval.buyers[row].add(trader)
