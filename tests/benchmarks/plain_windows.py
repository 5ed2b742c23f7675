"""The window engine as a plain Python loop over tuples: the peer of the benchmark and the reference of the tests.

Written from the definitions in fluxdesk/analytics/windows/__init__.py, without a look at how the kernel keeps its
state: sets for wallets, Python integers for sums. It is meant to be as quick as such a loop reasonably is.
"""

from fluxdesk.analytics.windows.records import Bar, Late, Rolling

SECOND = 1_000_000_000
INFINITE = float("inf")
LENGTHS = (SECOND, 60 * SECOND, 300 * SECOND)

Event = tuple[int, int, float, int, int, bool, int]
"""token, time in ns, price, base, quote, is a buy, trader (0: not known)."""


class PlainBar:
    """One window while it is not final."""

    __slots__ = (
        "base", "buyers", "buys", "close", "close_time", "dirty", "high", "interval", "late", "low", "open",
        "open_time", "quote", "reported", "start", "token", "traders", "trades",
    )  # fmt: skip

    def __init__(self, token: int, interval: int, start: int) -> None:
        self.token, self.interval, self.start = token, interval, start
        self.open: float | None = None
        self.high = self.low = self.close = None
        self.open_time = self.close_time = None
        self.base = self.quote = self.trades = self.buys = self.late = 0
        self.traders: set[int] = set()
        self.buyers: set[int] | None = None
        self.dirty = self.reported = False

    def seen(self, closed: bool, corrected: bool) -> Bar:
        return Bar(
            self.token, self.interval, closed, corrected, self.start, self.open, self.high, self.low, self.close,
            self.open_time, self.close_time, self.base, self.quote, self.trades, self.buys, len(self.traders),
            len(self.buyers or ()), self.late,
        )  # fmt: skip


def values(changed: list[tuple[PlainBar, bool, bool]]) -> list[Bar]:
    """The bars of an answer of `PlainWindows.add`, by value."""
    return [bar.seen(closed, corrected) for bar, closed, corrected in changed]


class PlainWindows:
    """All windows and rolling figures."""

    def __init__(self, lateness: int) -> None:
        self.lateness = lateness
        self.watermark = -1
        self.next_step = 0
        self.bars: tuple[dict, ...] = ({}, {}, {})
        """Per interval: window number -> token -> bar."""
        self.closed = [0, 0, 0]
        self.final = [0, 0, 0]
        self.rolled = 0
        self.seconds: dict[int, dict[int, list]] = {}
        """second -> token -> [quote, buys, sells, wallets whose last buy was then]."""
        self.by_token: dict[int, dict[int, list]] = {}
        """token -> second -> the same lists."""
        self.last_buy: dict[tuple[int, int], int] = {}
        self.dirty: list[PlainBar] = []

    def add(self, events: list[Event]) -> tuple[list[tuple[PlainBar, bool, bool]], list[Late]]:
        """Returns (bar, closed, corrected) that changed, and late events; `values` reads it before the next add."""
        lates = []
        final, closed, bars, dirty = self.final, self.closed, self.bars, self.dirty
        watermark, next_step = self.watermark, self.next_step
        for position, (token, time, price, base, quote, is_buy, trader) in enumerate(events):
            if time > watermark:
                watermark = time
                if time >= next_step:
                    next_step = self.step(time)
            missed = []
            for interval in (0, 1, 2):
                length = LENGTHS[interval]
                number = time // length
                if number < final[interval]:
                    missed.append(interval)
                    continue
                window = bars[interval].get(number)
                if window is None:
                    window = bars[interval][number] = {}
                bar = window.get(token)
                if bar is None:
                    bar = window[token] = PlainBar(token, interval, number * length)
                if not bar.dirty:
                    bar.dirty = True
                    dirty.append(bar)
                if 0.0 < price < INFINITE:
                    if bar.open is None:
                        bar.open = bar.high = bar.low = bar.close = price
                        bar.open_time = bar.close_time = time
                    else:
                        if time < bar.open_time:
                            bar.open, bar.open_time = price, time
                        if time >= bar.close_time:
                            bar.close, bar.close_time = price, time
                        if price > bar.high:
                            bar.high = price
                        elif price < bar.low:
                            bar.low = price
                bar.base += base
                bar.quote += quote
                bar.trades += 1
                if number < closed[interval]:
                    bar.late += 1
                if trader:
                    bar.traders.add(trader)
                if is_buy:
                    bar.buys += 1
                    if trader:
                        if bar.buyers is None:
                            bar.buyers = {trader}
                        else:
                            bar.buyers.add(trader)
            second = time // SECOND
            if second >= self.rolled:
                self.roll_in(token, second, quote, is_buy, trader)
            if missed or second < self.rolled:
                lates.append(Late(position, tuple(missed), second < self.rolled))
        self.watermark, self.next_step = watermark, next_step
        return self.flush(), lates

    def roll_in(self, token: int, second: int, quote: int, is_buy: bool, trader: int) -> None:
        of_token = self.by_token.get(token)
        if of_token is None:
            of_token = self.by_token[token] = {}
        here = of_token.get(second)
        if here is None:
            here = of_token[second] = self.seconds.setdefault(second, {})[token] = [0, 0, 0, set()]
        here[0] += quote
        if not is_buy:
            here[2] += 1
            return
        here[1] += 1
        if trader:
            before = self.last_buy.get((token, trader), -1)
            if before < second:
                if before >= self.rolled:
                    of_token[before][3].discard(trader)
                here[3].add(trader)
                self.last_buy[token, trader] = second

    def step(self, watermark: int) -> int:
        self.watermark = watermark
        next_step = (watermark // SECOND + 1) * SECOND
        for interval, length in enumerate(LENGTHS):
            windows = self.bars[interval]
            before, closed = self.closed[interval], watermark // length
            final = self.final[interval] = max(watermark - self.lateness, 0) // length
            next_step = min(next_step, (final + 1) * length + self.lateness)
            if before < closed and before in windows:  # nothing is later than the watermark: one window was open
                for bar in windows[before].values():
                    if not bar.dirty:
                        bar.dirty = True
                        self.dirty.append(bar)
            self.closed[interval] = closed
            for number in [n for n in windows if n < final]:
                del windows[number]
        self.rolled = max(watermark // SECOND - 299, 0)
        for second in [s for s in self.seconds if s < self.rolled]:
            for token, (_, _, _, buyers) in self.seconds.pop(second).items():
                del self.by_token[token][second]
                if not self.by_token[token]:
                    del self.by_token[token]
                for trader in buyers:
                    del self.last_buy[token, trader]
        return next_step

    def flush(self) -> list[tuple[PlainBar, bool, bool]]:
        changed = []
        for bar in self.dirty:
            closed = bar.start // LENGTHS[bar.interval] < self.closed[bar.interval]
            changed.append((bar, closed, closed and bar.reported))
            bar.reported = closed
            bar.dirty = False
        self.dirty = []
        return changed

    def live_bars(self, token: int) -> list[Bar]:
        return [
            window[token].seen(number < self.closed[interval], False)
            for interval, windows in enumerate(self.bars)
            for number, window in windows.items()
            if token in window
        ]

    def rolling(self, token: int, now: int) -> Rolling:
        oldest = max(max(now, self.watermark) // SECOND - 299, 0)
        inside = [here for second, here in self.by_token.get(token, {}).items() if second >= oldest]
        return Rolling(
            sum(quote for quote, _, _, _ in inside),
            sum(buys for _, buys, _, _ in inside),
            sum(sells for _, _, sells, _ in inside),
            sum(len(buyers) for _, _, _, buyers in inside),
        )
