"""The Launches list: filters say what they hide, unknown passes no filter, pages neither repeat nor lose a token."""

import pytest

from fluxdesk.core.events import Venue
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.gateway.listing import NUMBERS, Bound, LaunchesQuery, Seen, list_launches
from fluxdesk.gateway.parameters import LaunchesParameters
from fluxdesk.launches.prints import PrintFilter
from fluxdesk.launches.token_state import TokenState
from fluxdesk.launches.views import Book


def token(mint: str, **changes: object) -> TokenState:
    fields = {
        "mint": mint, "network": "solana", "venue": Venue.PUMPFUN, "stage": "curve", "first_seen_wall_ns": 10**18,
        "first_source": "logs A", "first_seq": 1, "created_s": 1000, "quote_decimals": 9, "token_decimals": 6,
    }  # fmt: skip
    return TokenState(**{**fields, **changes})


def book(*tokens: TokenState) -> Book:
    out = Book()
    for one in tokens:
        out.put(one)
    return out


def mints(found: Book, **query: object) -> list[str]:
    return [item.mint for item in list_launches(found, LaunchesQuery(**query)).items]


def test_newest_first_unless_asked_otherwise() -> None:
    found = book(token("old", created_s=1), token("new", created_s=3), token("mid", created_s=2))
    assert mints(found) == ["new", "mid", "old"]
    assert mints(found, descending=False) == ["old", "mid", "new"]


def test_unknown_sorts_last_in_both_directions_and_passes_no_bound() -> None:
    found = book(token("a", prints=PrintFilter(1.0)), token("b"), token("c", prints=PrintFilter(2.0)))
    assert mints(found, sort="price") == ["c", "a", "b"]
    assert mints(found, sort="price", descending=False) == ["a", "c", "b"]
    assert mints(found, bounds=(Bound("min_price", "price", 0.0, True),)) == ["a", "c"]
    assert mints(found, bounds=(Bound("max_price", "price", 9.0, False),)) == ["a", "c"]


def test_an_empty_page_says_which_filter_alone_hides_how_many() -> None:
    found = book(token("a", trades=5), token("b", trades=50), token("c", trades=50, venue=Venue.METEORA_DBC))
    query = LaunchesQuery(venues=frozenset({Venue.PUMPFUN}), bounds=(Bound("min_trades", "trades", 10, True),))
    page = list_launches(found, query)
    assert page.hidden_by == {"venue": 1, "min_trades": 1}
    assert (page.total, page.matched) == (3, 1)


def test_tabs_count_what_the_filters_leave() -> None:
    found = book(
        token("a"),
        token("b", progress_ppm=800_000),
        token("c", stage="complete"),
        token("d", stage="graduated"),
        token("e", stage="pool"),
    )
    page = list_launches(found, LaunchesQuery(tab="final"))
    assert page.counts == {"new": 1, "final": 2, "graduated": 2}
    assert {item.mint for item in page.items} == {"b", "c"}


def test_pages_follow_each_other_without_gap_or_repetition_even_with_equal_values() -> None:
    found = book(*(token(f"m{n:02}", trades=n // 4) for n in range(30)))
    seen: list[str] = []
    cursor = None
    while True:
        page = list_launches(found, LaunchesQuery(sort="trades", limit=7, cursor=cursor))
        seen += [item.mint for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 30
    assert seen == mints(found, sort="trades", limit=100)


def test_a_new_token_does_not_shift_the_next_page() -> None:
    found = book(*(token(f"m{n}", created_s=n) for n in range(10)))
    first = list_launches(found, LaunchesQuery(limit=4))
    found.put(token("newer", created_s=99))
    second = list_launches(found, LaunchesQuery(limit=4, cursor=first.next_cursor))
    assert [item.mint for item in second.items] == ["m5", "m4", "m3", "m2"]


@pytest.mark.parametrize("cursor", ["", "x", "bm90IGEgY3Vyc29y", "W10", "💥"])
def test_a_cursor_of_somebody_else_is_refused(cursor: str) -> None:
    with pytest.raises(BadRequest):
        list_launches(book(token("a")), LaunchesQuery(cursor=cursor))


def test_a_cursor_of_another_sort_is_refused() -> None:
    found = book(token("a"), token("b"))
    page = list_launches(found, LaunchesQuery(sort="trades", limit=1))
    with pytest.raises(BadRequest, match="another sort"):
        list_launches(found, LaunchesQuery(sort="price", limit=1, cursor=page.next_cursor))


def test_text_finds_name_symbol_and_mint() -> None:
    found = book(token("AAA", name="Grumpy Cat"), token("BBB", symbol="GRUMP"), token("grumpmint"), token("no"))
    assert set(mints(found, text="grump")) == {"AAA", "BBB", "grumpmint"}


def test_every_number_has_both_bounds_in_the_query() -> None:
    names = set(LaunchesParameters.model_fields)
    assert {f"{prefix}_{number}" for number in NUMBERS for prefix in ("min", "max")} <= names
    asked = LaunchesParameters(min_mcap=5, max_lead_ms=20).query(0.0)
    assert asked.bounds == (Bound("min_mcap", "mcap", 5, True), Bound("max_lead_ms", "lead_ms", 20, False))


_IN_THE_ROW = {
    "mcap": "mcap_f64",
    "liquidity": "liquidity_f64",
    "volume_5m": "volume_5m_f64",
    "price": "price_f64",
    "change": "change_f64",
    "trades": "trades",
    "buys_5m": "buys_5m",
    "sells_5m": "sells_5m",
    "buyers": "buyers",
    "holders": "holders",
    "lead_ms": "lead_ms",
}


@pytest.mark.parametrize("known", [True, False])
def test_a_filter_reads_the_number_that_the_row_shows_and_neither_shows_the_unknown_as_zero(known: bool) -> None:
    numbers = {"prints": PrintFilter(2.0), "first_price_f64": 1.0, "supply": 10**9, "quote_reserve": 5 * 10**9}
    unknown = {"quote_decimals": None, "token_decimals": None}
    found = book(token("a", **(numbers if known else unknown)))
    (row,) = list_launches(found, LaunchesQuery()).items
    seen = Seen(*next(iter(found.tokens.items())), found.bank)
    for number, name in _IN_THE_ROW.items():
        assert NUMBERS[number](seen, 0.0) == getattr(row, name), number
    assert (row.mcap_f64, row.change_f64, row.liquidity_f64, row.volume_5m_f64) == (
        (2_000.0, 1.0, 5.0, 0.0) if known else (None, None, None, None)
    )
