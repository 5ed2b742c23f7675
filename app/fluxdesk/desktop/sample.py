"""A fixed set of invented views for pictures and tests: the same seed always makes the same screens.

Nothing here is real, and nothing of it is ever shown in a running program.
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from fluxdesk.core.events import Side, Venue
from fluxdesk.core.views import (
    CandlePage,
    CandleView,
    GapView,
    HolderPage,
    HolderView,
    Interval,
    LaunchView,
    MetadataView,
    RecordView,
    SearchHit,
    SettingsView,
    SourceView,
    StatusView,
    TokenView,
    TradePage,
    TradeView,
    TransactionView,
)
from fluxdesk.desktop.feed import NodeTrouble

SEED = 20
NOW_S = 1_795_269_842
SOL = "So11111111111111111111111111111111111111112"
SUPPLY = 10**15
OLD_PLACE = 100
"""A launch of two hours, for the picture of the Token screen."""
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NAMES = (
    ("QUILTA", "Quilta Cat"), ("SNORBL", "Snorble the Snail"), ("BRINQ", "Brinq Protocol"), ("MOOTH", "Mooth Operator"),
    ("KELPO", "Kelp Emperor"), ("PLONKR", "Plonker Penguin"), ("DRIFTO", "Drifto Dog"), ("GNOCH", "Gnocchi Season"),
    ("TILDY", "Tilde Squiggle"), ("YAKKEN", "The Kraken Yak"), ("HEXLE", "Hexle Agent"), ("CRUMBL", "Crumb of Comfort"),
    ("FJORDI", "Fjord Otter"), ("VOLEKO", "Voleko Voles"), ("OOMPF", "Oompf Index"), ("ZUNTRA", "Zuntra"),
    ("BLIPPO", "Blippo Radio"), ("NOODL7", "Noodle Seven"), ("PUGLIT", "Pug Literature"), ("WIBBL", "Wibble Money"),
    ("KELPX", "Kelp Emperor 2"), ("TARNIQ", "Tarniq"), ("MUDDLE", "Muddle Through"), ("OSPREY", "Osprey Post"),
)  # fmt: skip
_PADS = (Venue.PUMPFUN, Venue.PUMPFUN, Venue.METEORA_DBC, Venue.RAYDIUM_LAUNCHLAB, Venue.PUMPFUN)


def address(*parts: object, length: int = 44) -> str:
    """An address-like text that depends on nothing but its parts."""
    rng = random.Random(hashlib.sha256(repr(parts).encode()).digest())  # noqa: S311  pictures, not secrets
    return "".join(rng.choice(_ALPHABET) for _ in range(length))


def _walk(rng: random.Random, start: float, steps: int, drift: float, swing: float) -> list[float]:
    line = [start]
    for _ in range(steps):
        line.append(max(line[-1] * (1 + rng.gauss(drift, swing)), start * 0.05))
    return line


def launch(place: int, mode: str = "practice") -> LaunchView:
    """The n-th newest launch."""
    rng = random.Random(SEED * 1_000 + place)  # noqa: S311  pictures, not secrets
    symbol, name = _NAMES[place % len(_NAMES)]
    if place >= len(_NAMES) and place != OLD_PLACE:
        name = f"{name} {place // len(_NAMES) + 1}"
    age_s = 7_460 if place == OLD_PLACE else int(3 + place * 2.2 + place**1.9 * 1.6)
    graduated = place % 11 == 7 or place % 13 == 12
    progress = min(0.995, rng.random() ** 2.2 + (0.5 if place % 6 == 4 else 0))
    line = _walk(rng, rng.uniform(2.8e-8, 3.4e-8), min(60, 12 + place * 3), rng.uniform(-0.012, 0.022), 0.05)
    price = line[-1]
    buys = rng.randrange(4, 260) if progress > 0.3 else rng.randrange(3, 60)
    sells = int(buys * rng.uniform(0.15, 0.8))
    buyers = max(2, int(buys * rng.uniform(0.5, 0.9)))
    venue = Venue.PUMPSWAP if graduated and place % 2 else _PADS[rng.randrange(len(_PADS))]
    source = "practice" if mode == "practice" else rng.choice(("logs A", "logs B", "logs A"))
    return LaunchView(
        mint=address("mint", place, length=40) + "pump",
        network="practice" if mode == "practice" else "solana",
        venue=venue,
        pool=address("pool", place),
        name=name,
        symbol=symbol,
        creator=address("creator", place),
        quote_mint=SOL,
        quote_symbol="SOL",
        quote_decimals=9,
        token_decimals=6,
        stage="graduated" if graduated else "curve",
        created_s=NOW_S - age_s,
        first_seen_wall_ns=int((NOW_S - age_s + 0.4) * 1e9),
        first_source=source,
        lead_ms=None if mode == "practice" else float(rng.randrange(18, 460)),
        price_f64=price,
        change_f64=price / line[0] - 1,
        mcap_f64=price * SUPPLY / 1e6,
        liquidity_f64=30 + 55 * progress if not graduated else rng.uniform(70, 400),
        volume_5m_f64=rng.uniform(0.4, 2.2) * buys,
        buys_5m=buys,
        sells_5m=sells,
        buyers_5m=buyers,
        trades=buys + sells + rng.randrange(0, 400),
        buyers=buyers,
        holders=max(1, int(buyers * rng.uniform(0.6, 1.0))),
        progress_ppm=None if graduated else int(progress * 1e6),
        spark_f64=line,
        last_seq=10_000 - place,
    )


def launches(number: int = 263, mode: str = "practice") -> list[LaunchView]:
    """Launches, newest first."""
    return [launch(place, mode) for place in range(number)]


def candles(interval: Interval, last: float = 3.6e-8, number: int = 160) -> list[CandleView]:
    """Bars that end a moment ago at a price."""
    step = {"1s": 1, "15s": 15, "1m": 60, "5m": 300, "1h": 3600}[interval]
    rng = random.Random(SEED)  # noqa: S311  pictures, not secrets
    line = _walk(rng, 3.1e-8, number * 4, 0.0012, 0.012)
    line = [value * last / line[-1] for value in line]
    first = (NOW_S // step - number + 1) * step
    out = []
    for place in range(number):
        part = line[place * 4 : place * 4 + 5]
        volume = rng.expovariate(1 / 6) + 0.4
        out.append(
            CandleView(
                first + place * step,
                part[0],
                max(part) * (1 + rng.random() * 0.006),
                min(part) * (1 - rng.random() * 0.006),
                part[-1],
                volume,
                int(volume * 3) + 1,
                int(volume * 2) + 1,
            )
        )
    return out


def trades(view: LaunchView, number: int = 60) -> list[TradeView]:
    """Trades of a token, newest first."""
    rng = random.Random(SEED + 3)  # noqa: S311  pictures, not secrets
    price = view.price_f64 or 3e-8
    out = []
    for place in range(number):
        side = Side.BUY if rng.random() < 0.62 else Side.SELL
        quote = rng.choice((0.05, 0.12, 0.25, 0.5, 0.81, 1.4, 3.2))
        price *= 1 + rng.uniform(-0.006, 0.005)
        out.append(
            TradeView(
                seq=9_000 - place,
                signature=address("tx", place, length=87),
                slot=351_904_377 - place * 3,
                index="2.1",
                time_s=NOW_S - place * 3,
                seen_wall_ns=int((NOW_S - place * 3 + 0.4) * 1e9),
                side=side,
                token_base=str(int(quote / price * 1e6)),
                quote_base=str(int(quote * 1e9)),
                price_f64=price,
                trader=view.creator if place == 6 else address("wallet", rng.randrange(40)),
                venue=view.venue,
                ghost="Price 41 times the one before it: a print of a sandwich, not of the market."
                if place == 11
                else None,
            )
        )
    return out


def holders(view: LaunchView) -> list[HolderView]:
    """Balances, largest first."""
    shares = (0.358, 0.049, 0.038, 0.036, 0.033, 0.027, 0.021, 0.019, 0.016, 0.014, 0.011, 0.009, 0.006, 0.004)
    return [
        HolderView(
            wallet=view.creator or "" if place == 6 else address("holder", place),
            balance_base=str(int(SUPPLY * share)),
            share_f64=share,
            tag="pool" if not place else "creator" if place == 6 else "",
        )
        for place, share in enumerate(shares)
    ]


def sources(mode: str = "practice") -> list[SourceView]:
    """Sources of a mode."""
    if mode == "practice":
        return [
            SourceView(
                id="practice",
                kind="practice",
                endpoint="seed 7, 40 creators, 900 traders",
                network="practice",
                state="up",
                lag_ms=4.0,
                last_slot=351_904_377,
                received=48_212,
                decoded=48_190,
                unknown=14,
                refused=8,
                first_seen=48_190,
            )
        ]
    rows: list[tuple[str, Literal["up", "slow", "down"], str, float, int, int]] = [
        ("logs A", "up", "wss://api.mainnet-beta.solana.com", 380.0, 3, 0),
        ("logs B", "up", "wss://solana-rpc.example.org", 590.0, 1, 0),
        ("logs C", "slow", "wss://free.solana-node.example", 2_400.0, 7, 1),
    ]
    out = [
        SourceView(
            id=name,
            kind="solana_ws",
            endpoint=endpoint,
            network="solana",
            state=state,
            lag_ms=lag,
            last_slot=351_904_377 - place * 4,
            received=182_201 - place * 9_000,
            decoded=176_420 - place * 9_100,
            unknown=3_941 - place * 300,
            refused=1_840 - place * 60,
            first_seen=98_310 - place * 42_000,
            reconnects=reconnects,
            open_gaps=gaps,
            message="Events arrive 2.4 s after their block; the others are at 0.4 to 0.6 s." if state == "slow" else "",
        )
        for place, (name, state, endpoint, lag, reconnects, gaps) in enumerate(rows)
    ]
    out.append(
        SourceView(
            id="backfill",
            kind="solana_backfill",
            endpoint="https://api.mainnet-beta.solana.com",
            network="solana",
            state="up",
            lag_ms=214.0,
            last_slot=351_904_102,
            received=812,
            decoded=790,
            unknown=15,
            refused=7,
        )
    )
    return out


def gaps(mode: str = "practice") -> list[GapView]:
    """Gaps of a mode's sources."""
    if mode == "practice":
        return []
    wall = NOW_S * 1_000_000_000
    return [
        GapView(
            source="logs C",
            from_slot=351_904_118,
            to_slot=351_904_131,
            opened_wall_ns=wall - 92_000_000_000,
            reason="The endpoint closed the connection: too many requests.",
        ),
        GapView(
            source="logs A",
            from_slot=351_902_007,
            to_slot=351_902_048,
            opened_wall_ns=wall - 940_000_000_000,
            filled_by="logs B",
            reason="No event for 20 s while the reference line moved.",
        ),
        GapView(
            source="logs C",
            from_slot=351_899_310,
            to_slot=351_899_362,
            opened_wall_ns=wall - 2_110_000_000_000,
            filled_by="backfill",
            reason="The connection was reset.",
        ),
    ]


def status(mode: Literal["practice", "live", "replay"] = "practice") -> StatusView:
    """The node in one object."""
    return StatusView(
        version="0.1.0",
        mode=mode,
        profile=mode,
        started_wall_ns=(NOW_S - 7_200) * 1_000_000_000,
        seq=48_212,
        last_slot=351_904_377,
        launches=263,
        trades=41_022,
        decoded=48_190,
        unknown=14,
        refused=8,
        open_gaps=0 if mode == "practice" else 1,
        journal_bytes=2_103_000_000 if mode == "live" else 61_400_000,
        events_per_s=212.0,
    )


def token(view: LaunchView) -> TokenView:
    """Everything about a token but candles and trades."""
    return TokenView(
        launch=view,
        uri="https://ipfs.io/ipfs/bafkreih5aznjvttude6c3wbvqeebb6rlx5wkbzyppv7garjiubll2ceym4",
        token_program="TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
        supply_base=str(SUPPLY),
        launch_signature=address("launch", view.mint, length=87),
        launch_seq=view.last_seq,
        pools=[view.pool or ""],
        holders=holders(view),
        holders_note="from trades seen since launch",
        gaps=[
            GapView(
                source="logs A",
                from_slot=351_901_000,
                to_slot=351_901_900,
                opened_wall_ns=(NOW_S - 2_900) * 1_000_000_000,
                filled_by="logs B",
            )
        ],
        ghosts=1,
    )


class SampleQueries:
    """Stand-in for the node in pictures and tests: answers every question from the fixed set, or fails on purpose."""

    def __init__(self, views: Sequence[LaunchView], failing: bool = False, quiet: bool = False) -> None:
        self._quiet = quiet
        self._views = {view.mint: view for view in views}
        self._failing = failing

    def _check(self) -> None:
        if self._failing:
            raise NodeTrouble("The node does not answer. What is stored is kept; ask again when it runs.")

    async def token(self, mint: str) -> TokenView:
        """A token of the set."""
        self._check()
        found = token(self._views[mint])
        if self._quiet:
            found.holders, found.ghosts, found.gaps = [], 0, []
        return found

    async def candles(self, mint: str, interval: Interval) -> CandlePage:
        """Bars."""
        self._check()
        return CandlePage(
            mint=mint,
            interval=interval,
            quote_symbol="SOL",
            items=[] if self._quiet else candles(interval, self._views[mint].price_f64 or 3.6e-8),
            ghosts=0 if self._quiet else 1,
        )

    async def trades(self, mint: str, before: str | None) -> TradePage:
        """One page."""
        self._check()
        return TradePage(
            items=trades(self._views[mint]) if before is None and not self._quiet else [], next_cursor=None
        )

    async def holders(self, mint: str) -> HolderPage:
        """Holders."""
        self._check()
        return HolderPage(
            items=[] if self._quiet else holders(self._views[mint]),
            total=0 if self._quiet else self._views[mint].holders or 0,
            note="from trades seen since launch",
        )

    async def metadata(self, mint: str) -> MetadataView:
        """Links."""
        self._check()
        return MetadataView(
            mint=mint,
            state="ok",
            description="Long live the emperor of the kelp forest.",
            website="https://kelp.example/emperor",
            twitter="https://x.com/kelp_example",
        )

    async def search(self, words: str) -> list[SearchHit]:
        """Tokens whose symbol or name begins so."""
        self._check()
        needle = words.lower()
        return [
            SearchHit(
                mint=v.mint,
                network=v.network,
                name=v.name,
                symbol=v.symbol,
                venue=v.venue,
                created_s=v.created_s,
                score_f64=1.0,
                matched="symbol",
            )
            for v in self._views.values()
            if (v.symbol or "").lower().startswith(needle) or (v.name or "").lower().startswith(needle)
        ][:4]

    async def transaction(self, signature: str) -> TransactionView:
        """A transaction with one record."""
        self._check()
        payload = (
            '{"signature":"'
            + signature
            + '","err":null,"logs":["Program practice11111111111111111111111111111111111 invoke [1]",'
            '"Program log: Instruction: Buy"],"slot":351904377}'
        )
        row = msgspec.json.encode(
            {
                "kind": "trade",
                "venue": "pumpfun",
                "signature": signature,
                "slot": 351_904_377,
                "index": "2.1",
                "side": "buy",
                "token_amount": "1203381142901",
                "quote_amount": "500000000",
                "provenance": "event_log",
            }
        )
        wall = NOW_S * 1_000_000_000 + 412_000_000
        return TransactionView(
            signature=signature,
            records=[
                RecordView(
                    seq=9_000,
                    source="practice",
                    network="practice",
                    shape="solana_logs",
                    slot=351_904_377,
                    wall_ns=wall,
                    mono_ns=8_812_400_120_331,
                    payload=payload,
                    payload_b64="",
                    rows=[msgspec.Raw(row)],
                )
            ],
        )

    async def change_settings(self, changes: Mapping[str, object]) -> SettingsView:
        """Accepts anything."""
        self._check()
        return SettingsView(items=[])
