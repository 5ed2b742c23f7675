"""Typed calls, events and errors to bytes and back; what is not exactly theirs is refused."""

import pytest
from eth_abi import encode as abi_encode
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.chains.evm.contracts import liquidity_pool_manager as pools
from fluxdesk.chains.evm.contracts.built import keccak256
from fluxdesk.chains.evm.contracts.codec import Undecodable

ALICE = "0x" + "a1" * 20
U256 = st.integers(0, 2**256 - 1)
ADDRESSES = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
LISTS = st.lists(U256, max_size=8).map(tuple)
POOLS = st.builds(
    pools.PoolParameters, st.integers(0, 255), st.lists(ADDRESSES, max_size=8).map(tuple), LISTS, LISTS, *([U256] * 4)
)


def a_swap() -> pools.SwapExactInCall:
    return pools.SwapExactInCall(1, 0, 1, 10**18, 9, ALICE, 1_800_000_000)


def test_a_call_is_selector_and_arguments() -> None:
    kinds = ["uint256"] * 5 + ["address", "uint256"]
    selector = keccak256(b"swapExactIn(uint256,uint256,uint256,uint256,uint256,address,uint256)")[:4]
    assert a_swap().encode() == selector + abi_encode(kinds, [1, 0, 1, 10**18, 9, ALICE, 1_800_000_000])
    assert pools.CALLS[selector] is pools.SwapExactInCall


@given(POOLS)
def test_structs_with_lists_survive(parameters: pools.PoolParameters) -> None:
    call = pools.CreatePoolCall(parameters)
    assert pools.CreatePoolCall.decode(call.encode()) == call


@given(st.binary(max_size=400))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        pools.SwapExactInCall.decode(data)


def test_bytes_after_the_end_or_dirty_padding_are_refused() -> None:
    data = a_swap().encode()
    with pytest.raises(Undecodable):
        pools.SwapExactInCall.decode(data + bytes(32))
    with pytest.raises(Undecodable):
        pools.SwapExactInCall.decode(data[:-1])
    dirty = bytearray(data)
    dirty[4 + 5 * 32] = 1  # above the twenty bytes of an address
    with pytest.raises(Undecodable):
        pools.SwapExactInCall.decode(bytes(dirty))


def test_a_value_that_is_not_of_its_type_is_not_encoded() -> None:
    for wrong in (-1, 2**256, "1"):
        with pytest.raises(ValueError, match="not of type"):
            pools.SwapExactInCall(wrong, 0, 1, 1, 0, ALICE, 0).encode()  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not of type"):
        pools.SwapExactInCall(1, 0, 1, 1, 0, "0x12", 0).encode()


def test_an_event_is_read_from_topics_and_data() -> None:
    topics = [pools.SwapEvent.TOPIC, abi_encode(["uint256"], [3]), abi_encode(["address"], [ALICE])]
    data = abi_encode(["uint256"] * 4, [0, 1, 100, 99])
    assert pools.SwapEvent.decode(topics, data) == pools.SwapEvent(3, ALICE, 0, 1, 100, 99)
    for bad in (topics[:2], [*topics, topics[2]], [bytes(32), *topics[1:]]):
        with pytest.raises(Undecodable):
            pools.SwapEvent.decode(bad, data)
    with pytest.raises(Undecodable):
        pools.SwapEvent.decode(topics, data[:-32])


def test_an_error_says_its_values() -> None:
    raw = pools.InsufficientOutputError(41).encode()
    assert pools.ERRORS[raw[:4]].decode(raw) == pools.InsufficientOutputError(41)


def test_what_a_call_returned_is_read() -> None:
    assert pools.SwapExactInCall.results(abi_encode(["uint256"], [7])) == (7,)
    with pytest.raises(Undecodable):
        pools.SwapExactInCall.results(b"")
