"""Bars and balances equal a plain fold of the trades, in whatever order, batches and repetitions they came."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluxdesk.core.events import Kind, Provenance, Row, Side, Venue
from fluxdesk.core.views import Interval
from fluxdesk.store.facts import Batch, GhostPrint, Sighting
from fluxdesk.store.repository import Money, Repository
from fluxdesk.store.schema import prepare
from fluxdesk.store.writer import Store

AT = 1_790_000_000 - 1_790_000_000 % 3600 - 40
WIDTHS: dict[Interval, int] = {"1s": 1, "15s": 15, "1m": 60, "5m": 300, "1h": 3600}

swaps = st.builds(
    dict,
    signature=st.integers(0, 25).map("s{}".format),
    token_mint=st.sampled_from(["T1", "T1", "T1", "T2"]),
    block_time=st.sampled_from([AT + n for n in (0, 1, 9, 10, 24, 25, 39, 40, 41, 100, 339, 340, 3639, 3640, 7300)]),
    slot=st.integers(1, 5),
    side=st.sampled_from(Side),
    token_amount=st.sampled_from([1, 7, 1000, 2**70, 0]),
    quote_amount=st.sampled_from([3, 500, 2**40, 0]),
    trader=st.sampled_from(["a", "a", "b", None]),
    quote_mint=st.sampled_from(["Q", "Q", "Q", "Q", "other"]),
)
steps = st.lists(
    st.tuples(st.lists(swaps, max_size=8), st.lists(st.integers(0, 25), max_size=2)), min_size=2, max_size=6
)


def row_of(swap: dict[str, Any]) -> Row:
    return Row(kind=Kind.TRADE, venue=Venue.PUMPSWAP, provenance=Provenance.EVENT_LOG, **swap)


def naive_bars(trades: list[dict[str, Any]], width: int) -> list[tuple[Any, ...]]:
    bars: dict[int, list[dict[str, Any]]] = {}
    for t in sorted(trades, key=lambda t: t["slot"]):
        bars.setdefault(t["block_time"] - t["block_time"] % width, []).append(t)
    out = []
    for start, inside in sorted(bars.items()):
        # Within one second the chain's order counts; between seconds of a wider bar, time does.
        seconds = sorted(inside, key=lambda t: t["block_time"] if width in (15, 300, 3600) else 0)
        if width in (300, 3600):
            seconds = sorted(inside, key=lambda t: t["block_time"] // 60)
        price = [t["quote_amount"] / t["token_amount"] for t in seconds]
        traders = {t["trader"] for t in inside} - {None}
        volume = sum(float(t["quote_amount"]) for t in inside)
        out.append((start, price[0], max(price), min(price), price[-1], volume, len(inside), len(traders)))
    return out


@cache
def empty_store() -> bytes:
    """A store without rows, made once: the migrations would take most of the test's time."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder) / "store.sqlite")
        return (Path(folder) / "store.sqlite").read_bytes()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_sums_equal_a_fold_of_the_trades(batches: list[tuple[list[dict[str, Any]], list[int]]]) -> None:
    kept: dict[str, dict[str, Any]] = {}
    ghosts: set[str] = set()
    chart: dict[str, str] = {}
    seq = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite"
        path.write_bytes(empty_store())
        store = Store(path)
        for sightings, haunted in batches:
            batch = []
            for swap in sightings:
                seq += 1
                # A signature states one trade: a repetition states the same one again.
                same = kept.setdefault(swap["signature"], swap)
                chart.setdefault(same["token_mint"], same["quote_mint"])
                batch.append(Sighting(seq, f"src{seq % 2}", "solana", 1, row_of(same)))
            gone = [kept[f"s{n}"] for n in haunted if f"s{n}" in kept]
            ghosts |= {t["signature"] for t in gone}
            store.apply(Batch(seq, batch, ghosts=[GhostPrint("solana", row_of(t), "odd") for t in gone]))
        repository = Repository(path)
        for mint in ("T1", "T2"):
            mine = [t for t in kept.values() if t["token_mint"] == mint]
            drawn = [
                t
                for t in mine
                if t["signature"] not in ghosts
                and t["quote_mint"] == chart[mint]
                and t["token_amount"]
                and t["quote_amount"]
            ]
            for interval, width in WIDTHS.items():
                got = [
                    (c.start_s, c.open_f64, c.high_f64, c.low_f64, c.close_f64, c.volume_f64, c.trades, c.traders)
                    for c in repository.candles("solana", mint, interval, 10_000, Money(0, 0))
                ]
                assert got == naive_bars(drawn, width), interval
            balances: dict[str, int] = {}
            for t in mine:
                if t["trader"] is not None and t["token_amount"]:
                    sign = 1 if t["side"] is Side.BUY else -1
                    balances[t["trader"]] = balances.get(t["trader"], 0) + sign * t["token_amount"]
            assert {b.wallet: b.net for b in repository.balances("solana", mint)} == balances
        repository.close()
        store.close()
