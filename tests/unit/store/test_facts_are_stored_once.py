"""One fact is one row, however often and by whomever it is stated; fuller statements fill it and take nothing away."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from fluxdesk.core.events import Kind, Provenance, Row, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.store import writer
from fluxdesk.store.facts import Batch, GhostPrint, Race, Sighting
from fluxdesk.store.repository import Money
from unit.store.desk import MINT, NOW_S, WSOL, Desk, launch, trade

MONEY = Money(6, 9)


def test_applying_a_batch_twice_changes_nothing(desk: Desk) -> None:
    batch = Batch(
        3, [Sighting(n, "logs A", "solana", n, row) for n, row in enumerate([launch(), trade(1), trade(2)], 1)]
    )
    assert desk.store.apply(batch) == (3, 0, 0)
    before = desk.everything()
    assert desk.store.apply(batch) == (0, 0, 0)
    assert desk.everything() == before


def test_the_same_facts_under_later_journal_numbers_add_no_row(desk: Desk) -> None:
    desk.see(launch(), trade(1), trade(2))
    before = desk.everything()
    assert desk.see(launch(), trade(1), trade(2)) == (0, 0, 3)
    assert desk.everything() == before
    assert desk.store.checkpoint() == 6


def test_logs_and_the_whole_transaction_are_one_row(desk: Desk) -> None:
    desk.see(trade(1, index=None, trader=None, provenance=Provenance.EVENT_LOG))
    assert desk.see(trade(1, index="0.3", provenance=Provenance.EVENT_CPI), source="rpc") == (0, 1, 0)
    [view] = desk.repository.trades("solana", MINT, 10).items
    assert (view.index, view.trader, view.seq) == ("0.3", "w1", 1)
    assert len(desk.table("trades")) == 1


def test_mints_that_the_logs_did_not_name_are_filled_in_and_the_sums_follow(
    desk: Desk, new_desk: Callable[[], Desk]
) -> None:
    bare = trade(5, token_mint=None, quote_mint=None, side=None, trader=None)
    desk.see(trade(4), bare)
    assert [c.trades for c in desk.repository.candles("solana", MINT, "1h", 9, MONEY)] == [1]
    desk.see(trade(5))
    other = new_desk()
    other.see(trade(4), trade(5))
    for interval in ("1s", "15s", "1m", "5m", "1h"):
        want = other.repository.candles("solana", MINT, interval, 9, MONEY)
        assert desk.repository.candles("solana", MINT, interval, 9, MONEY) == want
    assert desk.table("balances") == other.table("balances")


def test_a_known_value_is_never_replaced_by_an_unknown_one(desk: Desk) -> None:
    desk.see(trade(1))
    before = desk.table("trades")
    assert desk.see(trade(1, index=None, trader=None, slot=None, token_mint=None, pool=None)) == (0, 0, 1)
    assert desk.table("trades") == before


def test_amounts_of_a_stronger_provenance_win_and_the_sums_follow(desk: Desk, new_desk: Callable[[], Desk]) -> None:
    desk.see(trade(1, provenance=Provenance.BALANCE_DELTA, quote_amount=7, token_amount=900))
    desk.see(trade(1, provenance=Provenance.EVENT_CPI))
    desk.see(trade(1, provenance=Provenance.INSTRUCTION, quote_amount=8))
    other = new_desk()
    other.see(trade(1, provenance=Provenance.EVENT_CPI))
    assert [t.quote_base for t in desk.repository.trades("solana", MINT, 9).items] == ["1"]
    assert desk.repository.candles("solana", MINT, "1m", 9, MONEY) == other.repository.candles(
        "solana", MINT, "1m", 9, MONEY
    )
    assert desk.table("balances") == other.table("balances")


def test_repeats_within_one_batch_are_one_row(desk: Desk) -> None:
    assert desk.see(trade(1, index=None), trade(1), trade(1), trade(2)) == (2, 1, 1)
    assert [t.index for t in desk.repository.trades("solana", MINT, 9).items] == ["2.1", "2.1"]
    assert [c.trades for c in desk.repository.candles("solana", MINT, "1h", 9, MONEY)] == [2]


def test_swaps_of_one_transaction_are_told_apart_by_their_ordinal(desk: Desk) -> None:
    assert desk.see(trade(1), trade(1, ordinal=1), trade(1, venue=Venue.PUMPSWAP)) == (3, 0, 0)


def test_the_same_address_on_two_networks_is_two_tokens(desk: Desk) -> None:
    desk.see(trade(1), network="evm:1")
    desk.see(trade(1), network="evm:8453")
    assert desk.repository.tokens() == 2
    assert len(desk.repository.trades("evm:1", MINT, 9).items) == 1


def test_a_failed_transaction_makes_no_fact_and_leaves_the_known_one(desk: Desk) -> None:
    failed = Row(kind=Kind.REFUSED, venue=None, signature="sig1", reason=Reason.TRANSACTION_FAILED)
    desk.see(failed, trade(1), failed)
    assert len(desk.repository.trades("solana", MINT, 9).items) == 1
    assert desk.repository.decode_counts() == {"logs A": {"refused": 2, "trade": 1}}


def test_what_is_in_no_table_is_counted_by_day_and_reason(desk: Desk) -> None:
    refused = Row(kind=Kind.REFUSED, venue=Venue.PUMPFUN, signature="x", reason=Reason.TRANSACTION_FAILED)
    later = replace(refused, block_time=NOW_S + 86_400)
    desk.see(trade(1), refused, replace(refused, signature="y"), later)
    today = NOW_S // 86_400
    reason = Reason.TRANSACTION_FAILED.value
    assert desk.table("decode_counts") == [
        ("logs A", "refused", "pumpfun", reason, today, 2),
        ("logs A", "refused", "pumpfun", reason, today + 1, 1),
        ("logs A", "trade", "pumpfun", "", 0, 1),
    ]


def test_a_known_trade_among_new_ones_from_logs_changes_nothing_of_them(
    desk: Desk, new_desk: Callable[[], Desk]
) -> None:
    desk.see(trade(1), trade(2))
    assert desk.see(trade(3, trader="w1"), trade(1, pool=None), trade(4, token_mint="new")) == (2, 0, 1)
    other = new_desk()
    other.see(trade(1), trade(2), trade(3, trader="w1"))
    other.see()
    other.see(trade(4, token_mint="new"))
    for name in ("markets", "balances", "candles_1s", "candles_1m"):
        assert desk.table(name) == other.table(name)


def test_known_trades_of_several_sources_among_new_ones_are_filled_once(
    desk: Desk, new_desk: Callable[[], Desk]
) -> None:
    whole = [trade(n, provenance=Provenance.EVENT_CPI) for n in (1, 2)]
    desk.see(trade(1, trader=None), trade(2, side=None))
    assert desk.see(trade(3, pool="other"), trade(3, pool="other"), whole[0], trade(2), whole[1]) == (1, 3, 1)
    assert desk.see(trade(4), trade(2), trade(3, pool="third"), trade(4)) == (1, 0, 3)
    other = new_desk()
    other.see(trade(1), trade(2), trade(3, pool="other"), trade(4))
    for name in ("markets", "balances", "candles_1s", "candles_1m"):
        assert desk.table(name) == other.table(name)
    assert [len(each.table("trades")) for each in (desk, other)] == [4, 4]
    assert desk.repository.decode_counts() == {"logs A": {"trade": 4}}


def test_a_batch_larger_than_what_is_sorted_at_a_time_is_the_same(
    desk: Desk, new_desk: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [trade(n, trader=f"w{n % 3}", block_time=NOW_S + n % 5, token_mint=f"m{n % 4}") for n in range(30)]
    rows += [trade(7, trader=None), launch()]
    odd = GhostPrint("solana", rows[3], "far off")
    desk.see(*rows, ghosts=[odd])
    monkeypatch.setattr(writer, "CHUNK", 4)
    other = new_desk()
    other.see(*rows, ghosts=[odd])
    for name in ("balances", "candles_1s", "candles_1m", "decode_counts", "launches"):
        assert desk.table(name) == other.table(name)


def test_the_source_that_was_first_keeps_the_fact_and_the_second_is_kept_beside_it(desk: Desk) -> None:
    desk.see(trade(1), source="logs A")
    desk.see(trade(1), source="logs B")
    desk.see(races=[Race("solana", trade(1), "logs A", "logs B", 4_500_000)])
    [view] = desk.repository.trades("solana", MINT, 9).items
    assert view.seq == 1
    [(_, origin, seq, _, lead)] = desk.table("arrivals")
    assert (seq, lead) == (2, 4_500_000)
    assert [o for o in desk.table("origins") if o[0] == origin] == [(origin, "solana", "logs B")]
    assert desk.repository.decode_counts() == {"logs A": {"trade": 1}}


def test_every_kind_of_fact_has_its_table(desk: Desk) -> None:
    row = trade(9, side=None)
    kinds = {Kind.POOL: "pools", Kind.LIQUIDITY: "liquidity", Kind.MIGRATION: "migrations"}
    desk.see(launch(), *(Row(**{**{f: getattr(row, f) for f in row.__struct_fields__}, "kind": k}) for k in kinds))
    for name in ("launches", *kinds.values()):
        assert len(desk.table(name)) == 1, name


def test_a_launch_names_its_token(desk: Desk) -> None:
    desk.see(trade(1), launch())
    [text] = desk.repository.texts()
    assert (text.mint, text.name, text.symbol, text.creator, text.created_s) == (MINT, "Name", "SYM", "dev", NOW_S)
    assert text.text_seq == 2


def test_text_that_is_no_unicode_is_stored_readably(desk: Desk) -> None:
    desk.see(launch(name="half \ud83d", symbol="\x00", uri="\udfff"))
    [text] = desk.repository.texts()
    assert (text.name, text.symbol) == ("half ?", "\x00")


@pytest.mark.parametrize("amount", [0, 1, 2**63, 2**64 - 1, 2**256 - 1])
def test_amounts_come_back_exactly(desk: Desk, amount: int) -> None:
    desk.see(trade(1, token_amount=amount, quote_amount=amount))
    [view] = desk.repository.trades("solana", MINT, 9).items
    assert (view.token_base, view.quote_base) == (str(amount), str(amount))


def test_a_ghost_is_taken_off_the_chart_and_stays_in_the_list(desk: Desk, new_desk: Callable[[], Desk]) -> None:
    odd = trade(2, quote_amount=5_000_000, side=Side.SELL)
    desk.see(trade(1), odd, trade(3), trade(4, trader="w2"))
    desk.see(ghosts=[GhostPrint("solana", odd, "far off")])
    other = new_desk()
    other.see(trade(1), trade(3), trade(4, trader="w2"))
    for interval in ("1s", "15s", "1m", "5m", "1h"):
        want = other.repository.candles("solana", MINT, interval, 9, MONEY)
        assert desk.repository.candles("solana", MINT, interval, 9, MONEY) == want
    assert [t.ghost for t in desk.repository.trades("solana", MINT, 9).items] == [None, None, "far off", None]


def test_a_trader_whose_only_print_was_a_ghost_is_counted_when_he_trades(desk: Desk) -> None:
    odd = trade(50, trader="w")
    desk.see(odd)
    desk.see(ghosts=[GhostPrint("solana", odd, "far off")])
    desk.see(trade(10, trader="w"), trade(10, trader="w", ordinal=1))
    [hour] = desk.repository.candles("solana", MINT, "1h", 9, MONEY)
    [second] = desk.repository.candles("solana", MINT, "1s", 9, MONEY)
    assert (hour.trades, hour.traders) == (second.trades, second.traders) == (2, 1)


def test_a_print_in_another_quote_than_the_chart_is_in_no_bar(desk: Desk) -> None:
    desk.see(trade(1), trade(2, quote_mint="USDC"), trade(3, quote_mint=MINT))
    assert [c.trades for c in desk.repository.candles("solana", MINT, "1h", 9, MONEY)] == [1]
    assert WSOL != MINT
