"""Numbers, times and names as the screens write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.desktop import words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "?"),
        (float("nan"), "?"),
        (0, "0"),
        (1, "1.00"),
        (0.0213, "0.0213"),
        (854, "854"),
        (999.4, "999"),
        (999.6, "1.00K"),
        (48_213, "48.2K"),
        (999_600, "1.00M"),
        (7.21e9, "7.21B"),
        (-1234, "−1.23K"),
    ],
)
def test_lists_show_three_significant_figures(value: float | None, said: str) -> None:
    assert words.short_number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "?"),
        (0, "0"),
        (0.00004821, "0.0₄4821"),
        (9.99999e-5, "0.0001000"),
        (0.0004821, "0.0004821"),
        (1.5e-11, "0.0₁₀1500"),
        (171.36, "171.4"),
        (12_345.6, "12,346"),
        (4_821_000, "4.82M"),
    ],
)
def test_small_prices_count_their_zeros_in_a_subscript(value: float | None, said: str) -> None:
    assert words.price(value) == said


@given(st.floats(min_value=1e-18, max_value=1e15))
def test_a_price_is_never_off_by_more_than_its_last_figure(value: float) -> None:
    said = words.price(value)
    digits = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    if "₀" <= said[3:4] <= "₉":
        zeros = "".join(c for c in said if "₀" <= c <= "₉").translate(digits)
        read = float("0." + "0" * int(zeros) + said[3 + len(zeros) :])
    else:
        sizes = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
        size = sizes.get(said[-1], 1.0)
        read = float(said.rstrip("KMBT").replace(",", "")) * size
    assert read == pytest.approx(value, rel=6e-3)


def test_a_change_carries_its_arrow_and_sign() -> None:
    assert words.change(0.374) == "▲ +37.4%"
    assert words.change(-0.5) == "▼ −50.0%"
    assert words.change(None) == "?"


def test_an_amount_is_exact_to_its_last_base_unit() -> None:
    assert words.amount("123456789", 9) == "0.123456789"
    assert words.amount("1", 18) == "0.000000000000000001"
    assert (
        words.amount("340282366920938463463374607431768211455", 0)
        == "340,282,366,920,938,463,463,374,607,431,768,211,455"
    )
    assert words.amount("1500000000", 9, 2) == "1.5"
    assert words.amount("77", None) == "77 base units"


def test_ages_keep_to_their_largest_units() -> None:
    assert [words.age(s) for s in (0, 59, 60, 3_599, 3_600, 90_000, None)] == [
        "0s",
        "59s",
        "1m",
        "59m",
        "1h",
        "1d",
        "?",
    ]
    assert [words.long_age(s) for s in (44, 725, 7_440, 90_000)] == ["44s", "12m 05s", "2h 04m", "1d 1h"]


@pytest.mark.parametrize("hostile", ["\u202e", "\u2066", "\u200b", "\x00", "\n", "\x1b", "\ue000", "\ud800", "\u3164"])
def test_characters_that_hide_or_turn_text_show_as_boxes(hostile: str) -> None:
    assert words.remote(f"a{hostile}b") == "a□b"


def test_a_remote_name_is_cut_at_64_characters() -> None:
    assert len(words.remote("x" * 5_000)) == 64
    assert words.remote("Zoë 🙂 漢字") == "Zoë 🙂 漢字"


@given(st.text(max_size=300))
def test_remote_text_never_holds_a_control_or_bidi_character(text: str) -> None:
    import unicodedata

    shown = words.remote(text)
    if shown.startswith(words.ISOLATE):
        assert shown.endswith(words.END_OF_ISOLATE)
        shown = shown[1:-1]
    assert len(shown) <= 64
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def test_an_address_is_shortened_in_its_middle() -> None:
    assert words.short_address("9vKq3TzPfWc1xGm5RbYjD4uHn8sLEoA2dQ6tXy7Zpump", 6, 6) == "9vKq3T…7Zpump"
    assert words.short_address("abc") == "abc"
    assert words.short_address(None) == "?"


def test_right_to_left_names_change_the_order_of_nothing_around_them() -> None:
    name = words.remote("\u05d0\u05d1\u05d2")
    assert name == "\u2068\u05d0\u05d1\u05d2\u2069"
    assert words.remote(name) == name, "what was isolated stays as it is"
    assert words.remote("\u2068evil\u2069 x").startswith(words.BOX), "isolates of others are boxes"
    assert words.remote("\u0645" * 99, 8) == "\u2068" + "\u0645" * 7 + "\u2026\u2069"


def test_accents_piled_on_one_letter_become_boxes() -> None:
    assert words.remote("Z" + "\u0351" * 6) == "Z" + "\u0351" * 3 + words.BOX * 3
    assert words.remote("\u0e17\u0e35\u0e48\u0e19\u0e35\u0e48") == "\u0e17\u0e35\u0e48\u0e19\u0e35\u0e48"


def test_absurd_numbers_stay_short() -> None:
    assert [words.short_number(n) for n in (1e14, 1e15, -3e77, math.inf)] == ["100T", "1.00e15", "−3.00e77", "?"]
    assert [words.duration_ms(ms) for ms in (7.2e6, 3.6e8 * 2, math.nan)] == ["2 h", "8.33 days", "?"]
    assert words.moment(2**62) == words.clock(-(2**62)) == words.clock(math.nan) == "?"
