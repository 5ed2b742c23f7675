"""Balances as the trades imply them, and which trades are their trader's first in a bar. Writer only."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from fluxdesk.store.amounts import i320, i320_bytes
from fluxdesk.store.bars import DRAWN
from fluxdesk.store.folds import FIVE, HOUR, MINUTE, NOBODY, QUARTER, SECOND, Drawn, New

_CHUNK = 400
_SELECT = (
    "WITH wanted (t, w) AS (VALUES {}) SELECT b.token_id, b.wallet, b.net, b.last_buy_s, b.last_drawn_s "
    "FROM wanted CROSS JOIN balances b ON b.token_id = wanted.t AND b.wallet = wanted.w"
)
_WRITE = "INSERT OR REPLACE INTO balances (token_id, wallet, net, last_buy_s, last_drawn_s) VALUES (?, ?, ?, ?, ?)"
_TRADED = f"SELECT 1 {DRAWN} AND t.trader = ? AND t.id < ? LIMIT 1"
_LAST = f"SELECT max(t.time_s) {DRAWN} AND t.trader = ?"
Wallet = tuple[int, str]


class _Held:
    __slots__ = ("last_buy_s", "last_drawn_s", "net")

    def __init__(self, net: int = 0, last_buy_s: int | None = None, last_drawn_s: int | None = None) -> None:
        self.net = net
        self.last_buy_s = last_buy_s
        self.last_drawn_s = last_drawn_s


class Wallets:
    """The balances that one batch touches."""

    def __init__(self, connection: Connection, wanted: Iterable[Wallet]) -> None:
        """Reads what is known of these wallets."""
        self._connection = connection
        self._held: dict[Wallet, _Held] = {}
        keys = list(dict.fromkeys(wanted))
        for start in range(0, len(keys), _CHUNK):
            self._load(keys[start : start + _CHUNK])

    def _load(self, keys: Sequence[Wallet]) -> None:
        sql = _SELECT.format(",".join(["(?,?)"] * len(keys)))
        for token_id, wallet, net, bought, drawn in self._connection.exec_driver_sql(sql, sum(keys, ())):
            self._held[token_id, wallet] = _Held(i320(net), bought, drawn)

    def move(self, key: Wallet, amount: int, bought_s: int | None) -> None:
        """Adds to a balance; `bought_s` is the time of a buy."""
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = _Held()
        held.net += amount
        if bought_s is not None and (held.last_buy_s is None or bought_s > held.last_buy_s):
            held.last_buy_s = bought_s

    def draw(self, drawn: Drawn) -> New:
        """Notes a drawn trade and says in which bars it is its trader's first."""
        if drawn.trader is None:
            return NOBODY
        key = (drawn.token_id, drawn.trader)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = _Held()
        last, at = held.last_drawn_s, drawn.time_s
        if last is None:
            held.last_drawn_s = at
            return New(True, True, True, True, True)
        if last > at:
            return New(*(self._first_late(drawn, last, width) for width in (SECOND, QUARTER, MINUTE, FIVE, HOUR)))
        held.last_drawn_s = at
        return New(
            last < at,
            last // QUARTER < at // QUARTER,
            last // MINUTE < at // MINUTE,
            last // FIVE < at // FIVE,
            last // HOUR < at // HOUR,
        )

    def undraw(self, drawn: Drawn) -> None:
        """A trade left the chart, or changed on it: the trades themselves say when its trader was drawn last."""
        if drawn.trader is None:
            return
        values = (drawn.token_id, 0, 1 << 62, drawn.trader)
        self._held[drawn.token_id, drawn.trader].last_drawn_s = self._connection.exec_driver_sql(_LAST, values).scalar()

    def write(self) -> None:
        """Puts the balances back."""
        rows = [(t, w, i320_bytes(h.net), h.last_buy_s, h.last_drawn_s) for (t, w), h in self._held.items()]
        if rows:
            self._connection.exec_driver_sql(_WRITE, rows)

    def _first_late(self, drawn: Drawn, last: int, width: int) -> bool:
        """A late trade: only the trades themselves say whether its trader was in that bar before."""
        start = drawn.time_s - drawn.time_s % width
        if last < start + width:
            return False
        found = self._connection.exec_driver_sql(
            _TRADED, (drawn.token_id, start, start + width, drawn.trader, drawn.id)
        )
        return found.first() is None
