"""The strict decoder against eth-abi: it reads what is canonical, all of it, and nothing else."""

from typing import Any

from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from abi_values import TYPES, values
from fluxdesk_host.signing.abi import AbiError, decode, parse_type


@st.composite
def encoded(draw: st.DrawFn) -> tuple[list[str], tuple[Any, ...], bytes]:
    kinds = draw(st.lists(TYPES, min_size=1, max_size=3))
    given_values = tuple(draw(values(k)) for k in kinds)
    return kinds, given_values, encode(kinds, given_values)


def ours(kinds: list[str], data: bytes) -> tuple[tuple[Any, ...], int]:
    return decode(tuple(parse_type(k) for k in kinds), data)


@given(encoded())
def test_what_eth_abi_encodes_is_read_back_to_the_last_byte(
    given_case: tuple[list[str], tuple[Any, ...], bytes],
) -> None:
    kinds, wanted, data = given_case
    assert ours(kinds, data) == (wanted, len(data))


@given(encoded(), st.data())
def test_every_cut_is_refused(given_case: tuple[list[str], tuple[Any, ...], bytes], data: st.DataObject) -> None:
    kinds, _, whole = given_case
    end = data.draw(st.integers(0, len(whole) - 1))
    try:
        ours(kinds, whole[:end])
    except AbiError:
        return
    raise AssertionError(f"{end} of {len(whole)} bytes were read as {kinds}")


@given(encoded(), st.data())
def test_what_is_read_is_the_only_encoding_of_its_values(
    given_case: tuple[list[str], tuple[Any, ...], bytes], data: st.DataObject
) -> None:
    kinds, _, whole = given_case
    bent = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        bent[data.draw(st.integers(0, len(bent) - 1))] = data.draw(st.integers(0, 255))
    try:
        read, end = ours(kinds, bytes(bent))
    except AbiError:
        return
    assert encode(kinds, read) == bytes(bent[:end])


@given(st.lists(TYPES, min_size=1, max_size=3), st.binary(max_size=300))
def test_any_bytes_are_read_exactly_or_refused(kinds: list[str], data: bytes) -> None:
    try:
        read, end = ours(kinds, data)
    except AbiError:
        return
    assert encode(kinds, read) == data[:end]


@given(st.text(max_size=30))
def test_any_text_is_a_type_or_refused(text: str) -> None:
    try:
        assert parse_type(text).text == text
    except AbiError:
        pass
