"""Figures of journal and tables: CPU time a record, bytes a record, memory, and reading candles back.

The journal takes the practice market's bytes in batches of 30, on one thread. The tables are written as in use, by the
store's process: made-up trades of 5,000 tokens and 100,000 wallets, a second of 10,000 trades at a time, each with the
saved states of the tokens it touched; what is counted is all the CPU that process uses once it has met most tokens. The
peer is what SQLite takes for the bare rows: one table, one row a record, no index, no compression, no sums.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psutil

from fluxdesk.cli.figures import Figure
from fluxdesk.core.events import Kind, Provenance, Row, Side, Venue
from fluxdesk.launches.journal import SqliteJournal
from fluxdesk.launches.practice import generate
from fluxdesk.node.store_link import StoreProcess
from fluxdesk.store.facts import Batch, Sighting, TokenSave
from fluxdesk.store.repository import Money, Repository
from fluxdesk.store.schema import prepare

RATE = 10_000
RECORDS = 30_000
JOURNAL_BATCH = 30
TRADES, CUT, WARM_UP = 200_000, RATE, 50_000
STATE_BYTES = 1_000
"""About what a token's saved state takes."""
TOKENS, WALLETS = 5_000, 100_000
BARS, BAR_TOKENS = 500, 2_000
DAY_S = 86_400
PEER = f"SQLite {sqlite3.sqlite_version} alone"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
START_S = 1_790_000_000
BARE = "PRAGMA journal_mode = WAL; PRAGMA synchronous = normal; "


def run() -> list[Figure]:
    """Journal, tables, candles."""
    with tempfile.TemporaryDirectory(prefix="fluxdesk-store-") as name:
        folder = Path(name)
        return [*_journal(folder), *_tables(folder), *_candles(folder)]


def _journal(folder: Path) -> list[Figure]:
    raws = list(islice(generate(seed=5, seconds=100_000), RECORDS))
    batches = [raws[n : n + JOURNAL_BATCH] for n in range(0, len(raws), JOURNAL_BATCH)]
    journal = SqliteJournal(folder / "journal.sqlite")
    waits = []
    begin = time.thread_time()
    for batch in batches:
        start = time.perf_counter()
        journal.append(batch)
        waits.append(time.perf_counter() - start)
    ours = (time.thread_time() - begin) / len(raws) * 1e6
    journal.close()
    size = (folder / "journal.sqlite").stat().st_size / len(raws)
    plain = sqlite3.connect(folder / "plain.sqlite", isolation_level=None)
    plain.executescript(
        BARE + "CREATE TABLE raw (seq INTEGER PRIMARY KEY, source, network, shape, slot, wall, mono, payload)"
    )
    begin = time.thread_time()
    for batch in batches:
        plain.execute("BEGIN")
        plain.executemany(
            "INSERT INTO raw VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
            [(r.source, r.network, r.shape, r.slot, r.wall_ns, r.mono_ns, r.payload) for r in batch],
        )
        plain.execute("COMMIT")
    theirs = (time.thread_time() - begin) / len(raws) * 1e6
    plain.close()
    plain_size = (folder / "plain.sqlite").stat().st_size / len(raws)
    p99 = sorted(waits)[int(len(waits) * 0.99)] * 1e3
    return [
        Figure("store.journal_core_at_10k", ours * RATE / 1e4, "% of a core", "< 15", PEER, theirs * RATE / 1e4),
        Figure("store.journal_append_p99", p99, "ms"),
        Figure("store.journal_bytes", size, "bytes/record", None, PEER, plain_size),
        Figure(
            "store.journal_day_at_100", size * 100 * DAY_S / 1e9, "GB/day", None, PEER, plain_size * 100 * DAY_S / 1e9
        ),
    ]


def _trades(count: int) -> Iterator[Row]:
    chance = random.Random(3)
    names = ["".join(chance.choices(BASE58, k=44)) for _ in range(TOKENS * 2 + WALLETS)]
    mints, pools, wallets = names[:TOKENS], names[TOKENS : 2 * TOKENS], names[2 * TOKENS :]
    busy = chance.choices(range(TOKENS), [1 / (n + 1) ** 0.9 for n in range(TOKENS)], k=count)
    for n, token in enumerate(busy):
        yield Row(
            kind=Kind.TRADE,
            venue=Venue.PUMPFUN,
            signature="".join(chance.choices(BASE58, k=88)),
            slot=300_000_000 + n // 4_000,
            index="2.3",
            pool=pools[token],
            token_mint=mints[token],
            quote_mint="So11111111111111111111111111111111111111112",
            side=chance.choice((Side.BUY, Side.SELL)),
            token_amount=chance.randrange(1, 10**12),
            quote_amount=chance.randrange(1, 10**9),
            trader=wallets[chance.randrange(WALLETS)],
            provenance=Provenance.EVENT_LOG,
            block_time=START_S + n // RATE,
        )


def _tables(folder: Path) -> list[Figure]:
    rows = list(_trades(TRADES))
    sightings = [Sighting(n, "logs A", "solana", START_S * 10**9 + n, row) for n, row in enumerate(rows, 1)]
    store = StoreProcess(folder / "store.sqlite")
    process = psutil.Process(store.pid)
    used = 0.0
    try:
        for n in range(0, TRADES, CUT):
            if n == WARM_UP:
                used = _cpu_s(process)
            cut = sightings[n : n + CUT]
            mints = sorted({s.row.token_mint for s in cut if s.row.token_mint is not None})
            store.apply(Batch(n + CUT, cut, tokens=[TokenSave("solana", mint, bytes(STATE_BYTES)) for mint in mints]))
        ours = (_cpu_s(process) - used) / (TRADES - WARM_UP) * 1e6
        memory = process.memory_info().rss
    finally:
        store.close()
    size = (folder / "store.sqlite").stat().st_size / TRADES
    plain = sqlite3.connect(folder / "trades.sqlite", isolation_level=None)
    columns = "seq, wall, signature, slot, pool, mint, quote, side, token_base, quote_base, trader, time"
    plain.executescript(BARE + f"CREATE TABLE trades (id INTEGER PRIMARY KEY, {columns})")
    begin = time.thread_time()
    for n in range(0, TRADES, CUT):
        plain.execute("BEGIN")
        plain.executemany(
            "INSERT INTO trades VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (s.seq, s.wall_ns, r.signature, r.slot, r.pool, r.token_mint, r.quote_mint, r.side, r.token_amount,
                 r.quote_amount, r.trader, r.block_time)
                for s in sightings[n : n + CUT] for r in (s.row,)
            ],
        )  # fmt: skip
        plain.execute("COMMIT")
    theirs = (time.thread_time() - begin) / TRADES * 1e6
    plain.close()
    return [
        Figure("store.tables_core_at_10k", ours * RATE / 1e4, "% of a core", "< 30", PEER, theirs * RATE / 1e4),
        Figure("store.tables_bytes", size, "bytes/trade"),
        Figure("store.tables_rss", memory / 1e6, "MB"),
    ]


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _candles(folder: Path) -> list[Figure]:
    path = folder / "candles.sqlite"
    prepare(path)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN")
    fields = "network, mint, venue, first_wall_ns, first_seq, text_seq"
    for token in range(1, BAR_TOKENS + 1):
        named = ("solana", f"mint{token}", "pumpfun", 0, 0, 0)
        db.execute(f"INSERT INTO tokens ({fields}) VALUES (?, ?, ?, ?, ?, ?)", named)
        db.executemany(
            "INSERT INTO candles_1m VALUES (?, ?, 1.0, 2.0, 0.5, 1.5, 1e9, 7, 3, 1, 2, 3, 3)",
            [(token, START_S + 60 * bar) for bar in range(BARS)],
        )
    db.execute("COMMIT")
    db.close()
    repository = Repository(path)
    chance = random.Random(9)
    figures = []
    for interval, bars in (("1m", BARS), ("5m", BARS // 5)):
        waits = []
        for _ in range(400):
            mint = f"mint{chance.randrange(1, BAR_TOKENS + 1)}"
            start = time.perf_counter()
            found = repository.candles("solana", mint, interval, bars, Money(6, 9))  # type: ignore[arg-type]
            waits.append(time.perf_counter() - start)
            assert len(found) >= bars
        ranked = sorted(waits[100:])
        for label, place, goal in (("p50", 150, None), ("p99", 296, "< 2" if interval == "1m" else None)):
            figures.append(Figure(f"store.candles_{interval}_{bars}_{label}", ranked[place] * 1e3, "ms", goal))
    repository.close()
    return figures
