"""What the screens show after facts: each number, in any order in which facts can come."""

import msgspec

from fluxdesk.core.events import Kind, PoolState, Row, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.core.views import LaunchView
from fluxdesk.launches.context import WSOL
from fluxdesk.launches.dedup import Fact, Lead
from fluxdesk.launches.ledger import Ledger
from fluxdesk.launches.token_state import Spark
from fluxdesk.launches.views import Book, Changes, advance
from fluxdesk.node.shelf import read_token

T0 = 1_700_000_000
MINT = "mint"
_seq = iter(range(1, 1_000_000))


def launch(**changes: object) -> Row:
    fields = {
        "kind": Kind.LAUNCH, "venue": Venue.PUMPFUN, "signature": "launch", "slot": 1, "token_mint": MINT,
        "pool": "curve", "quote_mint": WSOL, "name": "Name", "symbol": "SYM", "creator": "maker",
        "uri": "u", "block_time": T0,
        "state": PoolState(quote_reserve=30 * 10**9, supply=10**15, token_decimals=6),
    }  # fmt: skip
    return Row(**{**fields, **changes})


def trade(n: int = 0, side: Side = Side.BUY, **changes: object) -> Row:
    fields = {
        "kind": Kind.TRADE, "venue": Venue.PUMPFUN, "signature": f"t{n}", "slot": 2 + n, "token_mint": MINT,
        "pool": "curve", "quote_mint": WSOL, "side": side, "token_amount": 10**12,
        "quote_amount": 10**9, "trader": f"w{n}",
        "block_time": T0 + n, "state": PoolState(quote_reserve=31 * 10**9, progress_ppm=12_000),
    }  # fmt: skip
    return Row(**{**fields, **changes})


def fact(row: Row, source: str = "logs A", network: str = "solana", fuller: bool = False) -> Fact:
    return Fact(next(_seq), source, network, (row.block_time or T0) * 10**9, row, fuller)


def after(book: Book, *rows: Row | Fact) -> Changes:
    facts = [row if isinstance(row, Fact) else fact(row) for row in rows]
    return advance(book, facts, [], facts[-1].seq)


def view(book: Book, key: str = MINT) -> LaunchView:
    return book.view(key)


def test_a_launch_and_its_trades_make_the_row() -> None:
    book = Book()
    changes = after(book, launch(), trade(0), trade(1, token_amount=5 * 10**11), trade(2, Side.SELL, trader="w0"))
    assert changes.new == [MINT]
    row = view(book)
    assert (row.name, row.symbol, row.creator, row.stage, row.created_s) == ("Name", "SYM", "maker", "curve", T0)
    assert row.price_f64 == 10**9 / 10**12 * 10.0 ** (6 - 9)
    assert row.mcap_f64 == row.price_f64 * 10**9
    assert row.liquidity_f64 == 31.0
    assert row.progress_ppm == 12_000
    assert (row.trades, row.buyers, row.holders) == (3, 2, 1)
    assert (row.volume_5m_f64, row.buys_5m, row.sells_5m, row.buyers_5m) == (3.0, 2, 1, 2)


def test_unknown_stays_none_and_is_never_zero() -> None:
    book = Book()
    after(book, trade(0, venue=Venue.METEORA_DAMM_V2, quote_mint="odd", state=None))
    row = view(book)
    assert (row.price_f64, row.mcap_f64, row.liquidity_f64, row.created_s, row.lead_ms) == (None,) * 5
    assert row.quote_symbol is None
    assert row.stage == "pool"


def test_five_minutes_later_a_quiet_token_is_touched_and_its_numbers_are_back_at_zero() -> None:
    book = Book()
    after(book, launch(), trade(0))
    other = trade(400, token_mint="other", signature="o", block_time=T0 + 400)
    changes = after(book, other)
    assert MINT in changes.touched
    assert (view(book).volume_5m_f64, view(book).buys_5m, view(book).trades) == (0.0, 0, 1)


def test_a_trade_seen_before_its_launch_keeps_its_count_and_gets_the_name() -> None:
    book = Book()
    after(book, trade(0))
    assert view(book).name is None
    after(book, launch())
    assert (view(book).name, view(book).trades, view(book).created_s) == ("Name", 1, T0)


def test_complete_then_migration_then_pool_trades() -> None:
    book = Book()
    after(book, launch(), trade(0))
    done = Row(
        kind=Kind.POOL, venue=Venue.PUMPFUN, signature="c", slot=9, token_mint=MINT, reason=Reason.CURVE_COMPLETE
    )
    after(book, done)
    assert view(book).stage == "complete"
    moved = Row(kind=Kind.MIGRATION, venue=Venue.PUMPFUN, signature="m", slot=10, token_mint=MINT, pool="new pool")
    after(book, moved)
    assert (view(book).stage, view(book).pool) == ("graduated", "new pool")
    swap = trade(11, venue=Venue.PUMPSWAP, pool="new pool", state=PoolState(quote_reserve=85 * 10**9))
    after(book, swap)
    assert (view(book).venue, view(book).liquidity_f64) == (Venue.PUMPFUN, 85.0)


def test_somebody_elses_pool_does_not_graduate_a_token_on_its_curve() -> None:
    book = Book()
    after(book, launch(), trade(1, venue=Venue.PUMPSWAP, pool="side pool", state=PoolState(quote_reserve=1)))
    assert (view(book).stage, view(book).pool, view(book).liquidity_f64) == ("curve", "curve", 30.0)


def test_a_backfilled_older_trade_counts_but_does_not_move_the_price() -> None:
    book = Book()
    after(book, launch(), trade(50))
    price = view(book).price_f64
    after(book, trade(3, quote_amount=5 * 10**9))
    assert view(book).price_f64 == price
    assert view(book).trades == 2


def test_a_ghost_is_counted_told_to_the_store_and_kept_out_of_price_and_volume() -> None:
    book = Book()
    after(book, launch(), trade(0))
    ghost = trade(1, quote_amount=10**13, slot=2)
    changes = after(book, ghost, trade(2, slot=3))
    assert [(one.row.signature, "times off" in one.reason) for one in changes.ghosts] == [("t1", True)]
    assert book.tokens[MINT].ghosts == 1
    assert view(book).volume_5m_f64 == 2.0
    assert view(book).trades == 3


def test_a_trade_in_another_quote_is_said_at_once() -> None:
    book = Book()
    changes = after(book, launch(), trade(0), trade(1, quote_mint="usdc"))
    assert [s.ghost for s in changes.sightings] == [None, None, "paid in another mint than the chart"]
    assert view(book).quote_symbol == "SOL"


def test_a_fuller_fact_fills_names_and_counts_nothing_twice() -> None:
    book = Book()
    after(book, launch(name=None, token_program=None), trade(0))
    after(book, fact(launch(token_program="tp"), fuller=True), fact(trade(0), fuller=True))
    token = book.tokens[MINT]
    assert (token.name, token.token_program, token.trades) == ("Name", "tp", 1)
    assert (book.counts.launches, book.counts.trades) == (1, 1)


def test_the_lead_of_the_launch_is_shown() -> None:
    book = Book()
    row = launch()
    advance(book, [fact(row)], [], 1)
    advance(book, [], [Lead("solana", row, "logs B", "logs A", 41_500_000)], 2)
    assert (view(book).lead_ms, view(book).first_source) == (41.5, "logs B")


def test_one_address_on_two_networks_is_two_tokens() -> None:
    book = Book()
    after(book, fact(trade(0)), fact(trade(1), network="evm:1"))
    assert set(book.tokens) == {MINT, f"{MINT}@evm:1"}
    assert view(book, f"{MINT}@evm:1").trades == 1


def test_unknown_and_refused_rows_are_counted_per_source_and_make_no_token() -> None:
    book = Book()
    odd = Row(kind=Kind.UNKNOWN, signature="x", token_mint=MINT, reason=Reason.LOGS_TRUNCATED)
    bad = Row(kind=Kind.REFUSED, signature="y", reason=Reason.TRANSACTION_FAILED)
    after(book, fact(odd, "logs A"), fact(bad, "logs B"))
    assert book.tokens == {}
    assert (book.counts.unknown, book.counts.refused, book.counts.decoded) == (1, 1, 0)
    assert (book.per_source["logs A"].unknown, book.per_source["logs B"].refused) == (1, 1)


def test_a_row_without_a_block_time_borrows_the_networks_and_else_the_wall_clock() -> None:
    book = Book()
    after(book, trade(0, block_time=None))
    first = after(book, trade(1)).sightings[0].time_s
    borrowed = after(book, trade(2, block_time=None, slot=4)).sightings[0].time_s
    assert first == T0 + 1
    assert borrowed == T0 + 1
    far = after(book, fact(trade(3, block_time=None, slot=50_000))).sightings[0].time_s
    assert far == T0


def test_a_watched_tokens_trades_come_out_once_decided() -> None:
    book = Book()
    after(book, launch())
    book.watch(MINT)
    suspect = trade(1, quote_amount=10**13, slot=2)
    assert [v.signature for _, _, v in after(book, trade(0)).drawn] == ["t0"]
    assert after(book, suspect).drawn == []
    drawn = after(book, trade(2, slot=3)).drawn
    assert [(v.signature, v.ghost is None) for _, _, v in drawn] == [("t1", False), ("t2", True)]
    book.unwatch(MINT)
    assert after(book, trade(5)).drawn == []


def test_any_cut_into_batches_ends_in_the_same_book() -> None:
    rows = [launch(), *(trade(n, Side.SELL if n % 3 == 0 else Side.BUY, trader=f"w{n % 7}") for n in range(60))]
    facts = [Fact(n + 1, "logs A", "solana", T0 * 10**9, row) for n, row in enumerate(rows)]
    whole, parts = Book(), Book()
    advance(whole, facts, [], len(facts))
    for at in range(0, len(facts), 7):
        part = facts[at : at + 7]
        advance(parts, part, [], part[-1].seq)
    assert msgspec.json.encode(whole.tokens[MINT]) == msgspec.json.encode(parts.tokens[MINT])
    assert whole.view(MINT) == parts.view(MINT)


def test_a_saved_token_reads_back_as_it_was_even_with_a_print_held_back() -> None:
    book = Book()
    after(book, launch(), trade(0), trade(1, quote_amount=10**13, slot=2))
    token = book.tokens[MINT]
    assert token.prints.suspect is not None
    again = read_token(msgspec.json.encode(token))
    assert again is not None
    assert again == token
    other = Book()
    other.put(again)
    assert other.cold([fact(trade(9))]) == {MINT}
    other.ledgers[MINT] = Ledger()
    after(other, trade(9))
    assert other.tokens[MINT].prints.price_f64 == token.prints.suspect.price_f64


def test_a_token_with_256_bit_amounts_is_saved_exactly() -> None:
    book, huge = Book(), 2**256 - 1
    state = PoolState(quote_reserve=huge, supply=huge, token_decimals=18, quote_decimals=18)
    pair = trade(0, venue=Venue.UNISWAP_V2, token_amount=huge, quote_amount=huge, state=state)
    after(book, fact(pair, network="evm:1"))
    token = read_token(msgspec.json.encode(book.tokens[MINT]))
    assert token is not None
    assert (token.quote_reserve, token.supply, token.holders) == (huge, huge, 1)


def test_the_sparkline_spans_the_whole_life_in_at_most_32_points() -> None:
    spark = Spark()
    for second in range(100_000):
        spark.push(T0 + second, float(second))
    assert 16 <= len(spark.points) <= 32
    assert spark.points == sorted(spark.points)
    assert spark.points[0] < 10_000
    assert spark.points[-1] == 99_999.0


def test_a_block_time_that_runs_ahead_does_not_end_the_five_minutes_of_every_other_token() -> None:
    book = Book()
    after(book, launch(), *[trade(i) for i in range(5)])
    ahead = trade(9, token_mint="other", pool="p2", signature="x", block_time=T0 + 86_400 * 365)
    after(book, Fact(next(_seq), "file", "evm:1", T0 * 10**9, ahead))
    assert view(book).buys_5m == 5
    after(book, trade(10))
    assert view(book).buys_5m == 6


def test_a_lead_goes_to_the_token_of_its_own_network() -> None:
    book = Book()
    after(book, fact(launch(), network="evm:1"), fact(launch(signature="s2"), network="evm:8453"))
    advance(book, [], [Lead("evm:8453", launch(signature="s2"), "A", "B", 5_000_000)], 1)
    assert {key: token.lead_ms for key, token in book.tokens.items()} == {"mint": None, "mint@evm:8453": 5.0}
