"""How fast bytes become rows: pump.fun trades from logs, and whole transactions beside the npm parser.

Both sides start from parsed JSON and end with rows. The files for the comparison are the recorded transactions of
`$FLUXDESK_REAL_DATA`; the notifications are made up in the real format (`notifications.py`).
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from benchmarks.notifications import PUMP, Frames
from fluxdesk.cli.figures import Figure, GroupUnavailable
from fluxdesk.core.events import Kind, Shape
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.decode import decode_found
from fluxdesk.launches.inputs import Found, find
from needs import ROOT, TOOLS, real_data_folder

RUNS = 5
TRADES = 10_000
AT_ONCE = 20
SECONDS = 2.0
RECORDED = (
    "pumpfun_2024/pumpfun_buy_0.json",
    "pumpfun_2024/pumpfun_sell_0.json",
    "pumpfun_2024/pumpfun_create_0.json",
    "pumpfun_2026/raw_create_tx_from_gettransaction.json",
    "meteora_dbc/dbc_create.json",
)


def run() -> list[Figure]:
    """Figures of the group `decode`. Raises `GroupUnavailable` without node, the npm parser or the recorded data."""
    return [*_trades(), *_without_kernel(), *_beside_the_peer()]


def _notifications() -> tuple[list[Found], int]:
    """Trades as the reader of a subscription hands them over, and how many log lines they have."""
    frames = Frames(subscription=1, time_s=1_800_000_000)
    found = []
    lines = 0
    for number in range(TRADES):
        result = msgspec.json.decode(frames.frame(number, number / 1000))["params"]["result"]
        lines += len(result["value"]["logs"])
        found.append(Found(Shape.SOLANA_LOGS, result["value"], result["context"]["slot"]))
    return found, lines


def _bundles() -> list[Found]:
    """The same trades, twenty to a notification and without the lines of other programs, as bots and bundles log them:
    what is left is invoke, event, the event's self-CPI and success.
    """
    found = []
    alone, _ = _notifications()
    for first in range(0, TRADES, AT_ONCE):
        lines = []
        for one in alone[first : first + AT_ONCE]:
            event = next(line for line in one.value["logs"] if line.startswith("Program data: "))
            success = f"Program {PUMP} success"
            lines += [f"Program {PUMP} invoke [1]", event, f"Program {PUMP} invoke [2]", success, success]
        value = {"signature": alone[first].value["signature"], "err": None, "logs": lines}
        found.append(Found(Shape.SOLANA_LOGS, value, alone[first].slot))
    return found


def _rate(found: list[Found]) -> float:
    """Runs over `found` per second, all of whose trades must become rows."""
    ctx = DecodeContext()
    rates = []
    for _ in range(RUNS):
        started = time.perf_counter()
        trades = sum(row.kind is Kind.TRADE for f in found for row in decode_found(f, ctx))
        rates.append(1 / (time.perf_counter() - started))
        if trades != TRADES:
            raise AssertionError(f"{trades} of {TRADES} trades were decoded")
    return statistics.median(rates)


def _without_kernel() -> list[Figure]:
    """The trade figures of a process that runs the fallbacks."""
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from benchmarks import decode\n"
        "print(decode._rate(decode._notifications()[0]), decode._rate(decode._bundles()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "FLUXDESK_NO_KERNEL": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    alone, bundled = map(float, done.stdout.split())
    return [
        Figure("decode.pump_trades_without_kernel", alone * TRADES, "trades/s", runs=RUNS),
        Figure("decode.pump_trade_events_without_kernel", bundled * TRADES, "events/s", runs=RUNS),
    ]


def _trades() -> list[Figure]:
    found, lines = _notifications()
    rate, bundled = _rate(found), _rate(_bundles())
    return [
        Figure("decode.pump_trade_log_lines", rate * lines, "lines/s", ">= 300000", runs=RUNS),
        Figure("decode.pump_trades", rate * TRADES, "trades/s", runs=RUNS),
        Figure("decode.pump_trade_events", bundled * TRADES, "events/s", ">= 300000", runs=RUNS),
    ]


def _beside_the_peer() -> list[Figure]:
    folder = real_data_folder()
    parser = TOOLS / "solana-dex-parser" / "package.json"
    if not folder.exists() or not parser.exists():
        raise GroupUnavailable(
            "decode compares with npm solana-dex-parser on recorded transactions: run `npm ci` in tests/tools and set "
            "FLUXDESK_REAL_DATA."
        )
    files = [folder / name for name in RECORDED]
    found = [f for file in files for f in find(json.loads(file.read_bytes()))]
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(_our_rate(found))
        theirs.append(_their_rate(files))
    peer = f"npm solana-dex-parser {json.loads(parser.read_bytes())['version']}"
    return [
        Figure(
            "decode.transactions",
            statistics.median(ours),
            "transactions/s",
            peer=peer,
            peer_value=statistics.median(theirs),
            runs=RUNS,
        ),
        Figure(
            "decode.transactions_beside_peer",
            statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
            "x",
            ">= 20",
            peer=peer,
            peer_value=1,
            runs=RUNS,
        ),
    ]


def _our_rate(found: list[Found]) -> float:
    done = 0
    started = time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        ctx = DecodeContext()
        for f in found:
            decode_found(f, ctx)
        done += len(found)
    return done / (time.perf_counter() - started)


def _their_rate(files: list[Path]) -> float:
    script = ROOT / "tests" / "benchmarks" / "dex_parser.js"
    command = ["node", str(script), str(TOOLS), str(SECONDS), *map(str, files)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
