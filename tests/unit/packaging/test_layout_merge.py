"""The rules by which versions of an event become one table (docs/layouts.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from layout_build.merge import joined, merge, merge_instruction, merge_layouts, payload_length
from layout_build.snapshot import EventLayout, Fields, InstructionLayout, LayoutError, Snapshot

POOL, AMOUNT, FEE = ("pool", "pubkey"), ("amount", "u64"), ("fee", "u64")
KINDS = st.sampled_from(
    ["bool", "u8", "u16", "u64", "i64", "u128", "pubkey", "string", "bytes:5", "vec:u8", "option:u64"]
)


def layouts(*versions: Fields) -> list[dict[str, object]]:
    return merge_layouts("Event", [EventLayout("00", list(v)) for v in versions])


def test_appended_fields_make_one_layout_that_requires_the_oldest() -> None:
    (one,) = layouts([POOL, AMOUNT], [POOL, AMOUNT, FEE], [POOL, AMOUNT, FEE, ("memo", "string")])
    assert one["fields"] == [["pool", "pubkey"], ["amount", "u64"], ["fee", "u64"], ["memo", "string"]]
    assert one["required"] == 2
    assert one["exact"] is None


def test_a_version_that_lost_its_tail_does_not_shorten_the_layout() -> None:
    (one,) = layouts([POOL, AMOUNT, FEE], [POOL, AMOUNT])
    assert [name for name, _ in one["fields"]] == ["pool", "amount", "fee"]
    assert one["required"] == 2


def test_a_renamed_field_keeps_its_place_under_the_newer_name() -> None:
    (one,) = layouts([POOL, ("trading_fee", "u64")], [POOL, ("claiming_fee", "u64")])
    assert one["fields"] == [["pool", "pubkey"], ["claiming_fee", "u64"]]


def test_the_same_bytes_cut_differently_are_one_layout_in_the_newer_cut() -> None:
    old = [POOL, ("periods", "u16"), ("reduction", "u64"), ("mode", "u8"), AMOUNT]
    (one,) = layouts(old, [POOL, ("data", "bytes:11"), AMOUNT])
    assert one["fields"] == [["pool", "pubkey"], ["data", "bytes:11"], ["amount", "u64"]]
    assert one["required"] == 3


def test_a_field_inserted_in_the_middle_makes_a_second_layout_chosen_by_its_length() -> None:
    default, older = layouts([POOL, AMOUNT, ("side", "u8")], [POOL, AMOUNT, FEE, ("side", "u8"), ("exact_in", "bool")])
    assert [name for name, _ in default["fields"]] == ["pool", "amount", "fee", "side", "exact_in"]
    assert (default["exact"], default["required"]) == (None, 5)
    assert [name for name, _ in older["fields"]] == ["pool", "amount", "side"]
    assert (older["exact"], older["required"]) == ([41], 3)


def test_two_fields_that_change_places_are_two_layouts() -> None:
    assert joined([AMOUNT, FEE], [FEE, AMOUNT]) is None


def test_an_inserted_field_of_the_same_width_is_not_taken_for_a_new_name() -> None:
    assert joined([AMOUNT, ("side", "u64")], [AMOUNT, FEE, ("side", "u64")]) is None


def test_layouts_that_no_length_tells_apart_stop_the_build() -> None:
    with pytest.raises(LayoutError, match="no length of its own"):
        layouts([AMOUNT, FEE], [FEE, AMOUNT])
    with pytest.raises(LayoutError, match="no length of its own"):
        layouts([("memo", "string"), AMOUNT], [AMOUNT, ("memo", "string")])


def test_two_discriminators_of_one_name_stop_the_build() -> None:
    with pytest.raises(LayoutError, match="discriminators"):
        merge([Snapshot("1", {"Event": "00"}, {}), Snapshot("2", {"Event": "01"}, {})])


def test_an_event_of_no_interest_keeps_its_name_and_discriminator() -> None:
    assert merge([Snapshot("1", {"Other": "ab"}, {})])["events"] == {"Other": {"discriminator": "ab", "layouts": []}}


def test_an_instruction_has_the_newest_accounts_and_the_lists_of_older_versions() -> None:
    old = InstructionLayout("00", ["pool", "user"], [("amount", "u64")], [])
    new = InstructionLayout("00", ["pool", "user", "vault"], [("amount", "u64"), ("limit", "u64")], ["vault"])
    assert merge_instruction("buy", [old, old, new]) == {
        "discriminator": "00",
        "market": True,
        "accounts": ["pool", "user", "vault"],
        "args": [["amount", "u64"], ["limit", "u64"]],
        "optional_accounts": ["vault"],
        "older_accounts": [["pool", "user"]],
    }


@given(st.lists(KINDS, min_size=1, max_size=12), st.data())
def test_every_prefix_of_a_layout_merges_with_it(kinds: list[str], data: st.DataObject) -> None:
    fields = [(f"f{place}", kind) for place, kind in enumerate(kinds)]
    cut = data.draw(st.integers(0, len(fields)))
    for older, newer in ((fields[:cut], fields), (fields, fields[:cut])):
        assert joined(older, newer) == (fields, cut)


@given(st.lists(KINDS, min_size=1, max_size=8), st.lists(KINDS, min_size=1, max_size=8))
def test_a_merged_layout_is_as_long_as_the_longer_version(left: list[str], right: list[str]) -> None:
    older = [(f"a{place}", kind) for place, kind in enumerate(left)]
    newer = [(f"b{place}", kind) for place, kind in enumerate(right)]
    both = joined(older, newer)
    lengths = payload_length(older), payload_length(newer)
    if both is not None and None not in lengths:
        assert payload_length(both[0]) == max(n for n in lengths if n is not None)
