"""The practice market: its bytes decode to exactly what it did, nothing is made or lost, equal seeds are equal."""

import hashlib
import json
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from functools import cache

import pytest

from fluxdesk.core.curves.integers import CurveError
from fluxdesk.core.events import Fee, Kind, Raw, Row, Side, Venue, printed
from fluxdesk.core.ids import PRACTICE
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import PRACTICE_PROGRAMS, SPL_TOKEN, TOKEN_2022, DecodeContext
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.layout import program
from fluxdesk.launches.practice import Order, Unfunded, generate
from fluxdesk.launches.practice.actors import QUOTES, Wallet
from fluxdesk.launches.practice.market import Market
from fluxdesk.launches.practice.pools import Fill, vault_quote
from fluxdesk.launches.practice.scribe import Scribe
from fluxdesk.launches.practice.simulation import FIRST_SLOT, LIVE, THIN, Happening, Pace, Simulation
from fluxdesk.launches.practice.token import SUPPLY, Token

START = 1_790_000_000
PACE = Pace(30, 30, 12, 2)
"""Few, large trades: curves complete within the test."""


def play(seed: int, seconds: int, pace: Pace = PACE) -> tuple[Simulation, list[Happening]]:
    simulation = Simulation(seed, START, pace)
    happened: list[Happening] = []
    while simulation.elapsed_ns < seconds * 1_000_000_000:
        happened += simulation.step()
    return simulation, happened


def everyone(simulation: Simulation) -> list[Wallet]:
    return [wallet for wallets in simulation.crowd.by_habit.values() for wallet in wallets]


@cache
def played(seed: int) -> tuple[Simulation, list[Happening], list[list[Row]]]:
    """A run with what its bytes decode to; nobody may change it."""
    simulation, happened = play(seed, 360)
    return simulation, happened, told(happened, DecodeContext())


def told(happened: list[Happening], ctx: DecodeContext) -> list[list[Row]]:
    scribe, out = Scribe(), []
    for h in happened:
        shape, payload = scribe.write(h)
        out.append(decode_raw(Raw("practice", PRACTICE, shape, h.slot, 0, 0, payload), ctx))
    return out


def check_trade(row: Row, h: Happening, fill: Fill, whole: bool) -> None:
    assert (row.kind, row.venue, row.signature, row.slot) == (Kind.TRADE, h.venue, h.signature, h.slot)
    assert (row.pool, row.token_mint, row.quote_mint) == (h.pool_text, h.token.text, h.token.quote.text)
    assert (row.side, row.token_amount, row.quote_amount) == (fill.side, fill.token, fill.quote)
    assert row.trader == (h.wallet.text if whole or h.venue is not Venue.RAYDIUM_LAUNCHLAB else None)
    assert row.fees == tuple(Fee(name, amount, h.token.quote.text) for name, amount in fill.fees if amount)
    assert row.state is not None
    assert row.state.token_decimals == 6
    if h.venue in (Venue.PUMPFUN, Venue.PUMPSWAP, Venue.RAYDIUM_LAUNCHLAB):
        assert (row.state.token_reserve, row.state.quote_reserve) == priced(fill)
    if h.venue in (Venue.PUMPFUN, Venue.RAYDIUM_LAUNCHLAB, Venue.METEORA_DBC):
        assert row.state.progress_ppm == pytest.approx(
            vault_quote(fill.after) * 1_000_000 / target(fill, h.token), abs=2
        )


def priced(fill: Fill) -> tuple[int, int]:
    """The two reserves that set the price, from the simulation's own state."""
    after = fill.after
    if hasattr(after, "virtual_token"):
        return after.virtual_token, after.virtual_quote
    if hasattr(after, "virtual_base"):
        return after.virtual_base - after.real_base, after.virtual_quote + after.real_quote
    return after.base, after.quote


def target(fill: Fill, token: Token) -> int:
    """Quote the curve collects before it graduates."""
    after = fill.after
    if hasattr(after, "config"):
        return int(after.config.threshold)
    if hasattr(after, "total_quote_raise"):
        return int(after.total_quote_raise)
    return 85_005_359_057 * token.quote.milli // 1_000_000


@pytest.mark.parametrize("seed", [1, 20_261_121])
def test_every_transaction_decodes_to_what_happened(seed: int) -> None:
    _, happened, rows_of_each = played(seed)
    seen: Counter[tuple[str, Venue]] = Counter()
    for h, rows in zip(happened, rows_of_each, strict=True):
        seen[h.deed, h.venue] += 1
        assert all(r.block_time in (h.time_s, None) for r in rows)
        if h.deed == "failed":
            assert [(r.kind, r.reason) for r in rows] == [(Kind.REFUSED, Reason.TRANSACTION_FAILED)]
            continue
        if h.deed == "migration":
            (row,) = rows
            assert h.graduation is not None
            assert (row.kind, row.venue, row.pool) == (Kind.MIGRATION, h.venue, h.token.pool_text)
            assert (row.token_mint, row.quote_mint) == (h.token.text, h.token.quote.text)
            assert row.state is not None
            assert row.state.new_pool_venue is h.graduation.venue
            if h.venue is Venue.PUMPFUN:
                assert (row.token_amount, row.quote_amount) == (h.graduation.token, h.graduation.quote)
            continue
        if h.deed == "launch":
            row, *rows = rows
            assert (row.kind, row.venue, row.pool) == (Kind.LAUNCH, h.venue, h.pool_text)
            assert (row.token_mint, row.quote_mint) == (h.token.text, h.token.quote.text)
            assert (row.name, row.symbol, row.uri) == (h.token.name, h.token.symbol, h.token.uri)
            assert row.creator == h.wallet.text
            assert row.token_program == (TOKEN_2022 if h.venue is Venue.PUMPFUN else SPL_TOKEN)
            assert row.state is not None
            assert (row.state.supply, row.state.progress_ppm) == (SUPPLY, 0)
        trades = [r for r in rows if r.kind is Kind.TRADE]
        for row, fill in zip(trades, h.fills, strict=True):
            check_trade(row, h, fill, whole=h.deed == "launch")
        complete = [r for r in rows if r.kind is Kind.POOL]
        states_it = h.venue is not Venue.RAYDIUM_LAUNCHLAB
        assert len(complete) == sum(f.complete for f in h.fills) * states_it
        assert len(trades) + len(complete) == len(rows)
    for deed in ("launch", "trade", "migration"):
        for venue in (Venue.PUMPFUN, Venue.METEORA_DBC, Venue.RAYDIUM_LAUNCHLAB):
            assert seen[deed, venue], (deed, venue)
    assert min(seen["trade", Venue.PUMPSWAP], seen["trade", Venue.METEORA_DAMM_V2], seen["failed", Venue.PUMPFUN]) > 0


def test_the_reserves_a_pump_trade_states_are_the_curves_to_the_unit() -> None:
    read = program(Venue.PUMPFUN).events[bytes.fromhex("bddb7fd34ee661ee")]
    _, happened, _ = played(1)
    trades = [h for h in happened if h.deed == "trade" and h.venue is Venue.PUMPFUN]
    for h in trades[:300]:
        _, payload = Scribe().write(h)
        lines = [line for line in json.loads(payload)["logs"] if line.startswith("Program data: ")]
        e, after, sol = read.read(b64decode(lines[0][14:])), h.fills[0].after, h.token.quote.nth == 0
        assert (e["real_token_reserves"], e["virtual_token_reserves"]) == (after.real_token, after.virtual_token)
        assert (e["real_quote_reserves"], e["virtual_quote_reserves"]) == (after.real_quote, after.virtual_quote)
        assert (e["real_sol_reserves"], e["virtual_sol_reserves"]) == (
            (after.real_quote, after.virtual_quote) if sol else (0, 0)
        )
        assert e["sol_amount"] == (e["quote_amount"] if sol else 0)
    assert {h.token.quote.nth for h in trades[:300]} == {0, 1}


def test_no_unit_is_made_or_lost() -> None:
    simulation, happened, _ = played(1)
    market, wallets = simulation.market, everyone(simulation)
    tokens = {h.token.text: h.token for h in happened}.values()
    for quote in QUOTES:
        pools = sum(vault_quote(t.pool) for t in tokens if t.quote is quote and t.stage != "gone")
        held = sum(w.quote[quote.nth] for w in wallets)
        network = market.network if quote.nth == 0 else 0
        assert (
            market.deposits[quote.nth] == held + pools + market.fees[quote.nth] + market.elsewhere[quote.nth] + network
        )
    spare = {h.token.text: h.graduation.spare for h in happened if h.graduation is not None}
    for token in tokens:
        assert min(token.holdings.values(), default=0) >= 0
        if hasattr(token.pool, "base"):
            assert sum(token.holdings.values()) + token.pool.base + spare[token.text] == SUPPLY
        elif hasattr(token.pool, "real_token"):
            assert sum(token.holdings.values()) + token.pool.real_token == 793_100_000_000_000
        elif hasattr(token.pool, "real_base"):
            assert sum(token.holdings.values()) == token.pool.real_base


def test_what_a_forgotten_pool_holds_stays_on_the_books() -> None:
    simulation, happened = play(10, 5400, THIN)
    market = simulation.market
    tokens = {h.token.text: h.token for h in happened}.values()
    assert len(tokens) > 1_600
    assert sum(token.stage == "gone" for token in tokens) > 50
    for quote in QUOTES:
        alive = sum(vault_quote(t.pool) for t in tokens if t.quote is quote and t.stage != "gone")
        held = sum(w.quote[quote.nth] for w in everyone(simulation))
        network = market.network if quote.nth == 0 else 0
        assert (
            market.deposits[quote.nth] == held + alive + market.fees[quote.nth] + market.elsewhere[quote.nth] + network
        )


def test_decoded_trades_alone_add_up_to_what_wallets_hold() -> None:
    _, happened, rows_of_each = played(1)
    held: Counter[tuple[str, str]] = Counter()
    for h, rows in zip(happened, rows_of_each, strict=True):
        for row in (r for r in rows if r.kind is Kind.TRADE and r.token_amount is not None):
            assert row.token_mint is not None
            held[row.token_mint, h.wallet.text] += row.token_amount * (1 if row.side is Side.BUY else -1)
    tokens = {h.token.text: h.token for h in happened}.values()
    for token in tokens:
        for wallet, amount in token.holdings.items():
            assert held[token.text, wallet.text] == amount


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from fluxdesk.launches.practice import generate\n"
        "h = hashlib.sha256()\n"
        "for r in generate(99, seconds=60, warm_up_s=120): h.update(r.payload)\n"
        "print(h.hexdigest())"
    )
    there = [
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": s}
        )
        for s in ("1", "2")
    ]
    here = hashlib.sha256()
    for raw in generate(99, seconds=60, warm_up_s=120):
        here.update(raw.payload)
    assert {p.stdout.strip() for p in there} == {here.hexdigest()}
    assert next(generate(100, events=1)).payload != next(generate(99, events=1)).payload


def test_a_shorter_run_is_the_beginning_of_a_longer_one() -> None:
    short = [(r.wall_ns, r.slot, r.payload) for r in generate(5, seconds=20)]
    assert short == [(r.wall_ns, r.slot, r.payload) for r in generate(5, events=len(short))]


def test_slots_follow_the_markets_own_clock_and_times_the_start_given() -> None:
    for raw in generate(6, seconds=30, start_s=START):
        assert raw.slot == FIRST_SLOT + (raw.wall_ns - START * 10**9) // 400_000_000


def test_another_start_changes_times_and_nothing_else_that_is_printed() -> None:
    def rows(start_s: int) -> list[dict[str, object]]:
        ctx = DecodeContext()
        return [printed(row) for raw in generate(6, seconds=40, start_s=start_s) for row in decode_raw(raw, ctx)]

    assert rows(START) == rows(START + 86_400)


def test_only_practice_programs_are_called() -> None:
    """With the practice ids unknown, nothing of it is anyone's: no real program id is used."""
    ctx = DecodeContext(programs={p: v for p, v in DecodeContext().programs.items() if p not in PRACTICE_PROGRAMS})
    for raw in generate(7, seconds=60):
        assert {r.reason for r in decode_raw(raw, ctx)} <= {Reason.NO_KNOWN_PROGRAM, Reason.TRANSACTION_FAILED}


def test_the_default_market_has_a_launch_every_few_seconds() -> None:
    _, happened = play(8, 450, LIVE)
    deeds = Counter(h.deed for h in happened)
    assert 450 / 4 < deeds["launch"] < 450 / 2
    assert 20 * 450 < deeds["trade"] < 35 * 450


def test_a_quote_changes_nothing_and_a_stale_fill_is_refused() -> None:
    simulation, happened = play(9, 20)
    market, token = simulation.market, next(h.token for h in happened if h.token.stage == "curve")
    wallet = everyone(simulation)[0]
    spend = 10**8 // 1_000_000 * token.quote.milli
    poor = Order(token, wallet, Side.BUY, wallet.quote[token.quote.nth] + spend)
    with pytest.raises(Unfunded):
        market.quote(poor)
    market.fund(wallet, token.quote, 3 * spend)
    order = Order(token, wallet, Side.BUY, spend)
    before = token.pool
    first, second = market.quote(order), market.quote(order)
    assert first == second
    assert token.pool is before
    market.apply(order, first)
    with pytest.raises(ValueError, match="another state"):
        market.apply(order, second)
    with pytest.raises(Unfunded):
        market.quote(Order(token, wallet, Side.SELL, token.holdings[wallet] + 1))
    with pytest.raises(CurveError):
        market.quote(Order(token, wallet, Side.SELL, 0))
    assert isinstance(market, Market)


def test_importing_the_practice_market_loads_nothing_heavy() -> None:
    program = (
        "import sys, fluxdesk.launches.practice; "
        "print([m for m in ('numpy', 'solders', 'sqlmodel', 'PySide6') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
