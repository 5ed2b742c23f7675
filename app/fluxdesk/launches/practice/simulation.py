"""What happens on the practice market, slot by slot: who launches, buys, sells, fails, graduates.

Depends on the seed, the rate and the start time alone; no clock is read and nothing is written here. One slot is 400 ms
of the market's own time.
"""

from collections import deque
from heapq import heappop, heappush
from itertools import accumulate
from typing import Literal, NamedTuple

from fluxdesk.core.curves import launchlab, meteora_dbc, pumpfun
from fluxdesk.core.curves.integers import CurveError
from fluxdesk.core.events import Side, Venue
from fluxdesk.launches.practice.actors import QUOTES, TRAITS, Crowd, Habit, Quote, Wallet, buy_size
from fluxdesk.launches.practice.dice import Dice
from fluxdesk.launches.practice.lexicon import name_and_symbol
from fluxdesk.launches.practice.market import NETWORK_FEE, Graduation, Market
from fluxdesk.launches.practice.pools import METEORA_FEE, DbcPool, Fill, Pool
from fluxdesk.launches.practice.port import Order
from fluxdesk.launches.practice.programs import PUMP
from fluxdesk.launches.practice.token import SUPPLY, Token

SLOT_MS = 400
_SLOT_NS = SLOT_MS * 1_000_000
FIRST_SLOT = 400_000_000
"""Where every run begins, whatever the time: with the seed alone, all that `watch` prints is the same."""
_VENUES = (Venue.PUMPFUN, Venue.RAYDIUM_LAUNCHLAB, Venue.METEORA_DBC)
_VENUE_EDGES = (700, 820, 1000)
_MEMORY = 1500
"""Tokens nobody looks at that may still see a trade; older ones are forgotten."""
Deed = Literal["launch", "trade", "failed", "migration"]


class Pace(NamedTuple):
    """How fast the market runs in its own time. Attention spans and trade sizes follow, so that fates stay the same."""

    rate: int
    """Trades a second."""
    trades_per_launch: int = 75
    size: int = 1
    """Each trade stands for so many."""
    ticks: int = 8
    """Steps a slot is played in; more of them spread a busy slot more evenly over its 400 ms."""

    @staticmethod
    def of(rate: int) -> "Pace":
        """The usual market at so many trades a second."""
        return Pace(rate, ticks=8 if rate <= _BUSY else 40)


_BUSY = 1_000
LIVE = Pace.of(25)
"""What a user sees: a launch every three seconds or so."""
THIN = Pace(5, 15, 4, 1)
"""For telling the past quickly: as many launches in a fifth of the trades."""
_WHOLE_ATTENTION = 110
"""Trades a launch gets on average by the table of fates; a pace with fewer shortens every fate alike."""


class Fate(NamedTuple):
    """How much attention a launch gets."""

    share: int
    trades: tuple[int, int]
    heat: int
    bias: int
    snipers: int


FATES = (
    Fate(600, (2, 25), 4, 470, 1),
    Fate(285, (30, 150), 6, 520, 3),
    Fate(80, (200, 600), 14, 560, 5),
    Fate(35, (600, 1800), 45, 680, 8),
)
FATE_EDGES = tuple(sum(f.share for f in FATES[: i + 1]) for i in range(len(FATES)))


class Happening(NamedTuple):
    """One transaction of the market, with what a writer of its bytes needs to know of the state before it."""

    deed: Deed
    slot: int
    time_s: int
    signature: str
    token: Token
    wallet: Wallet
    venue: Venue
    pool_key: bytes
    pool_text: str
    vaults: tuple[str, str]
    fills: tuple[Fill, ...]
    held: int
    """Tokens the wallet held before."""
    cash: int
    """Quote units it held before."""
    pool: Pool
    """The pool's state before."""
    graduation: Graduation | None


class Simulation:
    """The market in motion. `step` is one tick of a slot."""

    def __init__(self, seed: int, start_s: int, pace: Pace = LIVE) -> None:
        self.market = Market()
        self.pace = pace
        self._dice = Dice(seed)
        self.crowd = Crowd(self._dice)
        self._start_s = start_s
        self._n = 0
        self._tick = 0
        self._edges: list[int] = []
        self._active: list[Token] = []
        self._quiet: deque[Token] = deque()
        self._plans: list[tuple[int, int, Literal["buy", "sell", "migrate"], Token, Wallet]] = []
        self._planned = 0
        self._configs = _dbc_configs()
        self._labs = tuple(launchlab.launch(SUPPLY, 793_100_000_000_000, 85_000 * q.milli) for q in QUOTES)

    @property
    def elapsed_ns(self) -> int:
        """The market's own time since its start."""
        return self._n * _SLOT_NS + self._tick * _SLOT_NS // self.pace.ticks

    @property
    def slot(self) -> int:
        """The slot that is being played."""
        return FIRST_SLOT + self._n

    def set_pace(self, pace: Pace) -> None:
        """Run faster or slower from the next slot on. Raises `ValueError` in the middle of one."""
        if self._tick:
            raise ValueError("a slot is being played")
        self.pace = pace

    def step(self) -> list[Happening]:
        """Play one tick; what happened, in order."""
        out: list[Happening] = []
        while self._plans and self._plans[0][0] <= self._n:
            _, _, deed, token, wallet = heappop(self._plans)
            self._carry_out(out, deed, token, wallet)
        milli = self.pace.rate * SLOT_MS // self.pace.ticks
        trades = self._some(milli)
        for _ in range(self._some(milli * self._appetite() // (100 * self.pace.trades_per_launch))):
            self._launch(out)
        if not self._edges:
            self._edges = list(accumulate([token.heat for token in self._active]))
        for _ in range(trades if self._edges else 0):
            self._ordinary(out, self._active[self._dice.weighted(self._edges)])
        self._tick += 1
        if self._tick == self.pace.ticks:
            self._tick = 0
            self._n += 1
            self._sweep()
        return out

    def _some(self, milli: int) -> int:
        """A count around milli / 1000."""
        milli = self._dice.between(milli // 2, milli + milli // 2)
        return milli // 1000 + self._dice.chance(milli % 1000)

    def _appetite(self) -> int:
        """Launches in percent of their usual number: more when few tokens are alive, fewer when many are."""
        usual = 20 + self.pace.rate // 2
        return 200 if len(self._active) < usual else 100 if len(self._active) < 3 * usual else 40

    def _attention(self, least: int, most: int) -> int:
        """Trades until a token is old news, at this pace."""
        return 1 + self._dice.between(least, most) * self.pace.trades_per_launch // _WHOLE_ATTENTION

    def _plan(self, after: int, deed: Literal["buy", "sell", "migrate"], token: Token, wallet: Wallet) -> None:
        self._planned += 1
        heappush(self._plans, (self._n + after, self._planned, deed, token, wallet))

    def _carry_out(self, out: list[Happening], deed: str, token: Token, wallet: Wallet) -> None:
        if deed == "migrate":
            if token.stage == "complete":
                self._migrate(out, token, wallet)
        elif token.stage in ("complete", "gone"):
            return
        elif deed == "buy":
            self._buy(out, token, wallet)
        elif (held := token.holdings.get(wallet, 0)) > 0:
            self._trade(out, Order(token, wallet, Side.SELL, held))

    def _launch(self, out: list[Happening]) -> None:
        dice = self._dice
        creator = self.crowd.one(dice, Habit.CREATOR)
        quote = QUOTES[dice.chance(100)]
        venue = _VENUES[dice.weighted(_VENUE_EDGES)]
        copies = bool(self._active) and dice.chance(30)
        example = dice.pick(self._active) if copies else None
        names = (example.name, example.symbol) if example else name_and_symbol(dice)
        key, text = dice.address("prac")
        fresh = self._fresh_pool(venue, quote)
        token = Token(key, text, names, creator, venue, quote, fresh)
        token.pool_key, token.pool_text = _curve_key(token) if venue is Venue.PUMPFUN else dice.address()
        token.vaults = dice.address()[1], dice.address()[1]
        fate = FATES[dice.weighted(FATE_EDGES)]
        token.heat, token.bias, token.budget = fate.heat, fate.bias, self._attention(*fate.trades)
        self._active.append(token)
        fills: tuple[Fill, ...] = ()
        before = self._ready(creator, quote, 0)
        if dice.chance(850):
            order = Order(token, creator, Side.BUY, buy_size(dice, creator, quote), dice.chance(300))
            before = self._ready(creator, quote, order.amount)
            fill = self.market.quote(order)
            self.market.apply(order, fill)
            fills = (fill,)
            if dice.chance(350):
                self._plan(dice.between(50, 1500), "sell", token, creator)
        self.market.charge(creator)
        out.append(self._happening("launch", token, creator, fills, 0, before, fresh))
        for _ in range(dice.below(fate.snipers + 1)):
            self._plan(dice.between(1, 3), "buy", token, self.crowd.one(dice, Habit.SNIPER))

    def _fresh_pool(self, venue: Venue, quote: Quote) -> Pool:
        if venue is Venue.PUMPFUN:
            return pumpfun.Curve(1_073_000_000_000_000, 30_000 * quote.milli, 793_100_000_000_000, 0)
        if venue is Venue.RAYDIUM_LAUNCHLAB:
            return self._labs[quote.nth]
        config = self._configs[quote.nth]
        return DbcPool(config, meteora_dbc.Pool(config.start))

    def _ordinary(self, out: list[Happening], token: Token) -> None:
        token.budget -= 1
        if token.stage not in ("curve", "pool"):
            return
        dice = self._dice
        if not dice.chance(token.bias):
            wallet = self._holder(token)
            if wallet is not None and dice.chance(TRAITS[wallet.habit].sells):
                held = token.holdings[wallet]
                part = held * TRAITS[wallet.habit].part // 1000
                self._trade(out, Order(token, wallet, Side.SELL, part if part > 1_000_000 else held))
                return
        self._buy(out, token, self.crowd.buyer(dice))

    def _holder(self, token: Token) -> Wallet | None:
        """Someone who holds the token; sold-out names found on the way are struck off the list."""
        while token.holders:
            i = self._dice.below(len(token.holders))
            wallet = token.holders[i]
            if token.holdings[wallet] > 0:
                return wallet
            token.holders[i] = token.holders[-1]
            token.holders.pop()
            del token.holdings[wallet]
        return None

    def _buy(self, out: list[Happening], token: Token, wallet: Wallet) -> None:
        dice = self._dice
        spend = buy_size(dice, wallet, token.quote) * self.pace.size
        if not self._trade(out, Order(token, wallet, Side.BUY, spend, dice.chance(300))):
            return
        if wallet.habit is Habit.BOT:
            self._plan(dice.between(8, 150), "sell", token, wallet)
        elif wallet.habit is Habit.SNIPER:
            self._plan(dice.between(30, 400), "sell", token, wallet)

    def _trade(self, out: list[Happening], order: Order) -> bool:
        """One order in a transaction of its own; False when it failed or nothing could be done."""
        token, wallet = order.token, order.wallet
        cash = self._ready(wallet, token.quote, order.amount if order.side is Side.BUY else 0)
        try:
            fill = self.market.quote(order)
        except CurveError:
            return False
        held = token.holdings.get(wallet, 0)
        failed = self._dice.chance(15)
        if failed:
            out.append(self._happening("failed", token, wallet, (fill,), held, cash, fill.before))
        else:
            out.append(self._happening("trade", token, wallet, (fill,), held, cash, fill.before))
            self.market.apply(order, fill)
            if fill.complete:
                self._plan(self._dice.between(3, 12), "migrate", token, self.crowd.one(self._dice, Habit.CREATOR))
        self.market.charge(wallet)
        return not failed

    def _ready(self, wallet: Wallet, quote: Quote, spend: int) -> int:
        """Deposits what the wallet lacks to spend that and pay the network; its balance of the quote then."""
        lacks = spend + (NETWORK_FEE if quote.nth == 0 else 0) - wallet.quote[quote.nth]
        if lacks > 0:
            self.market.fund(wallet, quote, lacks + 5_000 * quote.milli)
        if wallet.quote[0] < NETWORK_FEE:
            self.market.fund(wallet, QUOTES[0], 100 * QUOTES[0].milli)
        return wallet.quote[quote.nth]

    def _migrate(self, out: list[Happening], token: Token, wallet: Wallet) -> None:
        cash = self._ready(wallet, token.quote, 0)
        before = self._happening("migration", token, wallet, (), 0, cash, token.pool)
        graduation = self.market.graduate(token)
        self.market.charge(wallet)
        token.pool_key, token.pool_text = self._dice.address()
        token.vaults = self._dice.address()[1], self._dice.address()[1]
        token.heat, token.bias, token.budget = 15, 500, self._attention(150, 900)
        if token.stage == "pool" and token not in self._active:
            self._active.append(token)
        out.append(before._replace(graduation=graduation))

    def _happening(
        self, deed: Deed, token: Token, wallet: Wallet, fills: tuple[Fill, ...], held: int, cash: int,
        pool: Pool, graduation: Graduation | None = None,
    ) -> Happening:  # fmt: skip
        return Happening(
            deed, FIRST_SLOT + self._n, self._start_s + self._n * SLOT_MS // 1000, self._dice.signature(), token,
            wallet, token.venue, token.pool_key, token.pool_text, token.vaults, fills, held, cash, pool, graduation,
        )  # fmt: skip

    def _sweep(self) -> None:
        """Attention moves on from what is used up, and comes to what is new."""
        self._edges = []
        if all(token.budget > 0 and token.stage != "gone" for token in self._active):
            return
        for token in self._active:
            if token.budget <= 0 or token.stage == "gone":
                self._quiet.append(token)
        self._active = [token for token in self._active if token.budget > 0 and token.stage != "gone"]
        while len(self._quiet) > _MEMORY:
            forgotten = self._quiet.popleft()
            if forgotten.budget <= 0 and forgotten.stage != "complete":
                self.market.forget(forgotten)


def _dbc_configs() -> tuple[meteora_dbc.Config, ...]:
    return tuple(
        meteora_dbc.single_segment(SUPPLY, SUPPLY // 5, 40_000 * q.milli, SUPPLY // 10, METEORA_FEE) for q in QUOTES
    )


def _curve_key(token: Token) -> tuple[bytes, str]:
    """pump.fun's curve address is derived from the mint, and a decoder of its logs derives it too."""
    from fluxdesk.launches.venues.common import curve_address
    from fluxdesk.native.base58 import b58decode

    text = curve_address(PUMP, token.text)
    return b58decode(text), text
