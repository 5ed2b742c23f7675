"""Balances as the trades imply them, and which trades are their trader's first in a bar. Writer only."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

from fluxdesk.store.amounts import NARROW, i320, stored_i320
from fluxdesk.store.bars import DRAWN
from fluxdesk.store.folds import FIVE, HOUR, MINUTE, QUARTER, WIDTHS, Drawn

_CHUNK = 400
_SELECT = (
    "WITH wanted (t, w) AS (VALUES {}) SELECT b.token_id, b.wallet, b.net, b.last_buy_s, b.last_drawn_s "
    "FROM wanted CROSS JOIN balances b ON b.token_id = wanted.t AND b.wallet = wanted.w"
)
_WRITE = "INSERT OR REPLACE INTO balances (token_id, wallet, net, last_buy_s, last_drawn_s) VALUES (?, ?, ?, ?, ?)"
_TRADED = f"SELECT 1 {DRAWN} AND t.trader = ? AND t.id < ? LIMIT 1"
_LAST = f"SELECT max(t.time_s) {DRAWN} AND t.trader = ?"
_EVERY = (1 << len(WIDTHS)) - 1
Wallet = tuple[int, str]


class Held:
    """What one wallet holds of one token."""

    __slots__ = ("last_buy_s", "last_drawn_s", "net")

    def __init__(self) -> None:
        self.net = 0
        self.last_buy_s: int | None = None
        self.last_drawn_s: int | None = None

    def move(self, amount: int, bought_s: int | None) -> None:
        """Adds to the balance; `bought_s` is the time of a buy."""
        self.net += amount
        if bought_s is not None and (self.last_buy_s is None or bought_s > self.last_buy_s):
            self.last_buy_s = bought_s


class Wallets:
    """The balances that one batch touches."""

    def __init__(self, connection: sqlite3.Connection, wanted: Iterable[Wallet]) -> None:
        """Reads what is known of these wallets, all that the batch will ask for."""
        self._connection = connection
        # In key order, which is the order of the table's pages.
        keys = self._keys = sorted(set(wanted))
        self._held: dict[Wallet, Held] = {}
        for start in range(0, len(keys), _CHUNK):
            self._load(keys[start : start + _CHUNK])

    def _load(self, keys: Sequence[Wallet]) -> None:
        sql = _SELECT.format(",".join(["(?,?)"] * len(keys)))
        values = tuple(chain.from_iterable(keys))
        for token_id, wallet, net, bought, drawn in self._connection.execute(sql, values):
            held = self._held[token_id, wallet] = Held()
            held.net, held.last_buy_s, held.last_drawn_s = i320(net), bought, drawn

    def __getitem__(self, wallet: Wallet) -> Held:
        held = self._held.get(wallet)
        if held is None:
            held = self._held[wallet] = Held()
        return held

    def draw(self, wallet: Wallet, at: int, number: int) -> int:
        """Notes a drawn trade and says in which bars it is its trader's first (bits as under `folds.WIDTHS`)."""
        held = self[wallet]
        last = held.last_drawn_s
        if last is None:
            held.last_drawn_s = at
            return _EVERY
        if last > at:
            return sum(self._first_late(wallet, at, number, last, width) << bit for bit, width in enumerate(WIDTHS))
        if last == at:
            return 0
        held.last_drawn_s = at
        return (
            1
            | (last // QUARTER < at // QUARTER) << 1
            | (last // MINUTE < at // MINUTE) << 2
            | (last // FIVE < at // FIVE) << 3
            | (last // HOUR < at // HOUR) << 4
        )

    def undraw(self, drawn: Drawn) -> None:
        """A trade left the chart, or changed on it: the trades themselves say when its trader was drawn last."""
        if drawn.trader is None:
            return
        values = (drawn.token_id, 0, 1 << 62, drawn.trader)
        self[drawn.token_id, drawn.trader].last_drawn_s = self._connection.execute(_LAST, values).fetchone()[0]

    def write(self) -> None:
        """Puts the balances back, those that were wanted."""
        held = self._held
        rows = [
            (*key, net if -NARROW <= (net := h.net) <= NARROW else stored_i320(net), h.last_buy_s, h.last_drawn_s)
            for key in self._keys
            if (h := held.get(key)) is not None
        ]
        if rows:
            self._connection.executemany(_WRITE, rows)

    def _first_late(self, wallet: Wallet, at: int, number: int, last: int, width: int) -> bool:
        """A late trade: only the trades themselves say whether its trader was in that bar before."""
        start = at - at % width
        if last < start + width:
            return False
        values = (wallet[0], start, start + width, wallet[1], number)
        return self._connection.execute(_TRADED, values).fetchone() is None
