"""`WindowBank`: the window engine as the node uses it, in mints and wallets instead of numbers. No clock, no I/O."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

import msgspec

from fluxdesk.analytics.windows.engine import Engine, new_engine, restored_engine
from fluxdesk.analytics.windows.intern import Interner, Names
from fluxdesk.analytics.windows.records import (
    END_OF_TIME_NS,
    EVENT,
    INTERVALS_NS,
    WORD,
    Bar,
    Changes,
    InvalidSnapshot,
    Late,
    Rolling,
    read_bars,
)

LATENESS_NS = 10_000_000_000
"""Ten seconds: longer than a slow endpoint lags behind a fast one, short enough that bars settle soon."""
MOST = 2**128 - 1
_NO_PRICE = float("nan")
_VERSION = 1


class Trade(NamedTuple):
    """One trade as the windows count it. A plain tuple in this order does as well, and is quicker to make."""

    mint: str
    time_ns: int
    """The one clock of this bank: chain time where it is known, else arrival."""
    price_f64: float | None
    """None keeps the trade out of open, high, low and close."""
    base: int
    """Amount of the mint, base units, at most 2**128 - 1."""
    quote: int
    is_buy: bool
    trader: str | None
    """None counts in no unique figure."""


TradeLike = Trade | tuple[str, int, float | None, int, int, bool, str | None]


class BankChanges:
    """What one batch changed. Read it when needed: nothing is decoded before."""

    __slots__ = ("_changes", "_mints", "_positions", "refused")

    def __init__(self, changes: Changes, mints: Names, positions: list[int] | None, refused: list[int]) -> None:
        self._changes = changes
        self._mints = mints
        self._positions = positions
        self.refused = refused
        """Positions of trades that cannot be counted: amount outside 0 to 2**128 - 1, time outside 1970 to 2106."""

    def __len__(self) -> int:
        return len(self._changes)

    @property
    def watermark_ns(self) -> int:
        """The latest time seen; -1 before the first trade."""
        return self._changes.watermark_ns

    def bars(self) -> Iterator[tuple[str, Bar]]:
        """(mint, bar) of what changed or closed, as it stands now, each at most once, in no promised order."""
        text = self._mints.text
        for bar in self._changes.bars():
            yield text(bar.token), bar

    def closed(self) -> Iterator[tuple[str, Bar]]:
        """(mint, bar) of what closed with this batch or was corrected by it: what a store writes."""
        text = self._mints.text
        for bar in self._changes.bars():
            if bar.closed:
                yield text(bar.token), bar

    def late(self) -> list[Late]:
        """Trades that came too late for some window, by their position in the batch."""
        late = list(self._changes.late())
        if self._positions is None:
            return late
        return [Late(self._positions[one.event], one.intervals, one.rolling) for one in late]


class _Saved(msgspec.Struct, frozen=True, array_like=True):
    """The layout of a bank's snapshot."""

    version: int
    lateness_ns: int
    next_turn: int
    mints: tuple[int, dict[str, int], dict[str, int]]
    wallets: tuple[int, dict[str, int], dict[str, int]]
    late: int
    refused: int
    watermark_ns: int
    engine: bytes


class WindowBank:
    """Bars and rolling figures of every active token. See the package for definitions and bounds."""

    def __init__(self, lateness_ns: int = LATENESS_NS) -> None:
        self._lateness = lateness_ns
        self._engine: Engine = new_engine(lateness_ns)
        self._mints = Interner()
        self._wallets = Interner()
        self._next_turn = 0
        self.late = 0
        """Trades so far that came too late for at least one window."""
        self.refused = 0
        """Trades so far that could not be counted."""
        self.watermark_ns = -1

    def add(self, trades: Iterable[TradeLike], now_ns: int | None = None) -> BankChanges:
        """Applies trades in journal order and says what changed.

        `now_ns` is the local clock in the same epoch: a trade stamped later than it is taken as of now, so that a clock
        running ahead cannot close windows early. None (in a replay) trusts the times.
        """
        mint_number, wallet_number, pack = self._mints.number, self._wallets.number, EVENT.pack
        end = END_OF_TIME_NS if now_ns is None else now_ns + 1
        records, refused = [], []
        for position, (mint, time_ns, price, base, quote, is_buy, trader) in enumerate(trades):
            time = time_ns if time_ns < end else end - 1
            if not (0 <= base <= MOST and 0 <= quote <= MOST and time >= 0 and time_ns < END_OF_TIME_NS):
                refused.append(position)
                continue
            records.append(
                pack(
                    mint_number(mint),
                    is_buy,
                    time,
                    _NO_PRICE if price is None else price,
                    base & WORD,
                    base >> 64,
                    quote & WORD,
                    quote >> 64,
                    0 if trader is None else wallet_number(trader),
                )
            )
        changes = Changes(self._engine.add(b"".join(records)))
        positions = None
        if refused:
            self.refused += len(refused)
            out = set(refused)
            positions = [p for p in range(len(records) + len(refused)) if p not in out]
        answer = BankChanges(changes, self._mints.names(), positions, refused)
        self.late += changes.late_count
        self.watermark_ns = changes.watermark_ns
        if self.watermark_ns >= self._next_turn:
            self._turn()
        return answer

    def _turn(self) -> None:
        """A generation lasts as long as a trade can matter; what the last one did not use, nothing live names."""
        if self._next_turn:
            self._mints.turn()
            self._wallets.turn()
        self._next_turn = self.watermark_ns + INTERVALS_NS[2] + self._lateness + INTERVALS_NS[0]

    def live_bars(self, mint: str) -> list[Bar]:
        """The bars of a mint that can still change, shortest interval first, closed ones included."""
        number = self._mints.find(mint)
        if number is None:
            return []
        return sorted(read_bars(self._engine.bars(number)), key=lambda bar: (bar.interval, bar.start_ns))

    def rolling(self, mint: str, now_ns: int = 0) -> Rolling:
        """The last 300 seconds of a mint, up to `now_ns` or the latest trade of any mint, whichever is later."""
        number = self._mints.find(mint)
        return Rolling() if number is None else self._engine.rolling(number, now_ns)

    def size_bytes(self) -> int:
        """Memory of the windows, and 200 bytes for each mint and wallet that has a number."""
        return self._engine.size_bytes() + 200 * (len(self._mints) + len(self._wallets))

    def snapshot(self) -> bytes:
        """Everything, to go on from after a restart; either implementation of the engine reads it."""
        return msgspec.msgpack.encode(
            _Saved(
                _VERSION,
                self._lateness,
                self._next_turn,
                self._mints.dump(),
                self._wallets.dump(),
                self.late,
                self.refused,
                self.watermark_ns,
                self._engine.snapshot(),
            )
        )

    @classmethod
    def restore(cls, snapshot: bytes) -> Self:
        """The bank of a snapshot.

        Raises:
            InvalidSnapshot: the bytes are none of this version; start empty and replay the journal.
        """
        try:
            saved = msgspec.msgpack.decode(snapshot, type=_Saved)
        except msgspec.DecodeError as wrong:
            raise InvalidSnapshot(f"this is no window snapshot: {wrong}") from wrong
        if saved.version != _VERSION:
            raise InvalidSnapshot(f"a window snapshot of version {saved.version}; this program reads {_VERSION}")
        bank = cls.__new__(cls)
        bank._lateness, bank._next_turn = saved.lateness_ns, saved.next_turn
        bank._engine = restored_engine(saved.engine)
        bank._mints, bank._wallets = Interner.load(saved.mints), Interner.load(saved.wallets)
        bank.late, bank.refused, bank.watermark_ns = saved.late, saved.refused, saved.watermark_ns
        return bank
