"""What the gateway asks: pages that do not shift, bars of every interval, holders, evidence, what a restart needs."""

from pathlib import Path

import pytest

from fluxdesk.core.events import Side
from fluxdesk.core.views import CandleView, GapView
from fluxdesk.store.facts import LearntPool, TokenSave
from fluxdesk.store.repository import BadCursor, Money, Repository
from unit.store.desk import MINT, NOW_S, Desk, launch, trade

MONEY = Money(6, 9)


def test_trades_come_newest_first_and_pages_do_not_shift_when_new_ones_arrive(desk: Desk) -> None:
    desk.see(*(trade(n) for n in range(1, 8)))
    first = desk.repository.trades("solana", MINT, 3)
    assert [t.signature for t in first.items] == ["sig7", "sig6", "sig5"]
    desk.see(trade(8), trade(9))
    second = desk.repository.trades("solana", MINT, 3, first.next_cursor)
    assert [t.signature for t in second.items] == ["sig4", "sig3", "sig2"]
    last = desk.repository.trades("solana", MINT, 3, second.next_cursor)
    assert [t.signature for t in last.items] == ["sig1"]
    assert last.next_cursor is None


def test_a_page_that_ends_exactly_says_so(desk: Desk) -> None:
    desk.see(*(trade(n) for n in range(1, 4)))
    assert desk.repository.trades("solana", MINT, 3).next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.x", "9" * 40 + ".1", "1.2.3"])
def test_a_foreign_cursor_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(BadCursor, match="start again without it"):
        desk.repository.trades("solana", MINT, 3, cursor)


def test_prices_are_whole_units_when_the_decimals_are_known(desk: Desk) -> None:
    desk.see(trade(1, token_amount=2_000_000, quote_amount=3 * 10**9))
    assert desk.repository.trades("solana", MINT, 1, money=MONEY).items[0].price_f64 == pytest.approx(1.5)
    assert desk.repository.trades("solana", MINT, 1).items[0].price_f64 is None


def test_bars_of_every_interval(desk: Desk) -> None:
    at = NOW_S - NOW_S % 3600
    prices = [(0, 10), (0, 30), (14, 20), (15, 5), (59, 7), (60, 8), (299, 9), (300, 50), (3599, 1), (3600, 2)]
    desk.see(
        *(
            trade(n, block_time=at + after, slot=n, token_amount=10**6, quote_amount=p * 10**9, trader="abc"[n % 3])
            for n, (after, p) in enumerate(prices)
        )
    )

    def bars(interval: str) -> list[tuple[float, ...]]:
        found = desk.repository.candles("solana", MINT, interval, 99, MONEY)  # type: ignore[arg-type]
        return [
            (c.start_s - at, c.open_f64, c.high_f64, c.low_f64, c.close_f64, c.volume_f64, c.trades, c.traders)
            for c in found
        ]

    assert bars("1s")[0] == (0, 10, 30, 10, 30, 40, 2, 2)
    assert len(bars("1s")) == 9
    assert bars("15s")[:2] == [(0, 10, 30, 10, 20, 60, 3, 3), (15, 5, 5, 5, 5, 5, 1, 1)]
    assert bars("1m")[:2] == [(0, 10, 30, 5, 7, 72, 5, 3), (60, 8, 8, 8, 8, 8, 1, 1)]
    assert bars("5m")[:2] == [(0, 10, 30, 5, 9, 89, 7, 3), (300, 50, 50, 50, 50, 50, 1, 1)]
    assert bars("1h") == [(0, 10, 50, 1, 1, 140, 9, 3), (3600, 2, 2, 2, 2, 2, 1, 1)]


def test_the_last_bars_before_an_end(desk: Desk) -> None:
    at = NOW_S - NOW_S % 3600
    desk.see(*(trade(n + 1, block_time=at + 20 * n) for n in range(200)))
    every = desk.repository.candles("solana", MINT, "5m", 99, MONEY)
    assert desk.repository.candles("solana", MINT, "5m", 3, MONEY) == every[-3:]
    assert desk.repository.candles("solana", MINT, "5m", 2, MONEY, end_s=at + 900) == every[1:3]
    assert all(type(c) is CandleView for c in every)
    assert desk.repository.candles("solana", "nothing", "5m", 3, MONEY) == []


def test_holders_are_the_largest_balances_without_pools(desk: Desk) -> None:
    desk.see(
        trade(1, trader="a", token_amount=500),
        trade(2, trader="b", token_amount=900),
        trade(3, trader="b", token_amount=300, side=Side.SELL),
        trade(4, trader="c", token_amount=10),
        trade(5, trader="c", token_amount=10, side=Side.SELL),
        trade(6, trader="d", token_amount=70, side=Side.SELL),
        trade(7, trader="Pool", token_amount=10**9),
    )
    views, total = desk.repository.holders("solana", MINT, 10, creator="a", supply=1000, leave_out=["Pool"])
    assert [(v.wallet, v.balance_base, v.share_f64, v.tag) for v in views] == [
        ("b", "600", 0.6, ""),
        ("a", "500", 0.5, "creator"),
    ]
    assert total == 2
    assert {b.wallet: b.net for b in desk.repository.balances("solana", MINT)}["d"] == -70


def test_a_transaction_leads_back_to_every_journal_record_that_states_it(desk: Desk) -> None:
    desk.see(launch(), trade(1), *(trade(1, ordinal=n) for n in range(1, 40)))
    desk.see(trade(1), source="logs B")
    assert desk.repository.journal_seqs("solana", "sig1") == [*range(2, 42), 42]
    assert desk.repository.journal_seqs(None, "sigL") == [1]
    assert desk.repository.journal_seqs(None, "never seen") == []


def test_known_says_which_facts_are_stored(desk: Desk) -> None:
    desk.see(trade(1), launch())
    rows = [trade(2), trade(1), trade(1, ordinal=1), launch(), trade(1, signature=None)]
    assert desk.repository.known("solana", rows) == [False, True, False, True, False]
    assert desk.repository.known("practice", rows) == [False] * 5


def test_what_a_restart_needs_is_there(desk: Desk, tmp_path: Path) -> None:
    desk.see(
        trade(1),
        tokens=[TokenSave("solana", MINT, b"state"), TokenSave("solana", "of no fact", b"x")],
        pools=[LearntPool("solana", "P", "a", "b", None), LearntPool("solana", "P", "z", "z", "prog")],
        notes={"clocks": b"1"},
    )
    desk.see(notes={"clocks": b"2"})
    repository = Repository(desk.path)
    assert list(repository.token_states(10)) == [TokenSave("solana", MINT, b"state")]
    assert repository.token_state(MINT) == TokenSave("solana", MINT, b"state")
    assert repository.token_state(MINT, "practice") is None
    assert list(repository.pools()) == [LearntPool("solana", "P", "a", "b", "prog")]
    assert repository.note("clocks") == b"2"
    assert repository.note("nothing") is None
    assert repository.checkpoint() == 1
    repository.close()


def test_gaps_stay_until_they_are_filled(desk: Desk) -> None:
    gap = GapView(source="logs A", from_slot=5, to_slot=9, opened_wall_ns=100, reason="disconnected")
    old = GapView(source="logs A", from_slot=1, to_slot=2, opened_wall_ns=50, filled_by="rpc")
    desk.see(gaps=[gap, old])
    assert desk.repository.gaps(filled_since_wall_ns=60) == [gap]
    assert desk.repository.gaps() == [gap, old]
    filled = GapView(source="logs A", from_slot=5, to_slot=9, opened_wall_ns=100, filled_by="rpc")
    desk.see(gaps=[filled])
    assert desk.repository.gaps(filled_since_wall_ns=60) == [filled]


def test_descriptions_are_searched_again(desk: Desk) -> None:
    desk.see(launch(), trade(1))
    assert [t.mint for t in desk.repository.texts(since=2)] == []
    desk.store.describe("solana", MINT, "all about it")
    [text] = desk.repository.texts(since=2)
    assert text.description == "all about it"


def test_there_is_no_repository_without_a_store(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Repository(tmp_path / "store.sqlite")
