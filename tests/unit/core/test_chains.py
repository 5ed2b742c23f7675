"""The chain table, and what a chain that somebody adds may not be."""

import pytest

from fluxdesk.core.chains import TABLE, BadChain, Chain, ChainBook, ChainId, DataFee, Family, added_chain


def test_every_named_chain_is_there_once() -> None:
    numbers = {c.number for c in TABLE if c.family is Family.EVM}
    assert numbers == {1, 137, 42_161, 10, 8_453, 56, 1_101}
    assert {c.id for c in TABLE if c.family is Family.SOLANA} == {
        "solana:mainnet", "solana:devnet", "solana:testnet", "solana:local",
    }  # fmt: skip
    assert len({c.id for c in TABLE}) == len({c.name for c in TABLE}) == len(TABLE)
    assert {c.number for c in TABLE if c.data_fee is DataFee.OP_STACK} == {10, 8_453}


def test_an_added_chain_is_kept_and_read_again() -> None:
    book = ChainBook([added_chain(100, "Gnosis", "xDAI", block_ms=5_000)])
    again = ChainBook.decode(book.encode())
    chain = again.chains[ChainId("eip155:100")]
    assert (chain.name, chain.number, chain.added, chain.decimals) == ("Gnosis", 100, True, 18)
    again.remove(chain.id)
    assert again.encode() == b"[]"


@pytest.mark.parametrize(
    ("number", "name", "symbol", "words"),
    [
        (0, "Zero", "Z", "whole number"),
        (2**63, "Huge", "H", "whole number"),
        (True, "One", "O", "whole number"),
        (1, "Mine", "M", "is Ethereum"),
        (99, "ethereum", "ETH", "belongs to another"),
        (99, "Ethereum ", "ETH", "belongs to another"),
        (99, "Opt1mism", "ETH", "belongs to another"),
        (99, "Еthereum", "ETH", "plain letters"),
        (99, "Name\u202e", "ETH", "plain letters"),
        (99, "", "ETH", "1 to 40"),
        (99, "Fine", "MUCHTOOLONGER", "1 to 11"),
    ],
)
def test_a_chain_that_cannot_be_or_passes_for_another_is_refused(
    number: int, name: str, symbol: str, words: str
) -> None:
    with pytest.raises(BadChain, match=words):
        added_chain(number, name, symbol)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'[{"id":"x"}]',
        b'[{"id":"eip155:1","family":"evm","name":"A","symbol":"A","decimals":18,"number":1}]',
    ],
)
def test_a_damaged_list_is_said(data: bytes) -> None:
    with pytest.raises(BadChain):
        ChainBook.decode(data)


def test_a_known_chain_is_not_removed_and_an_added_one_takes_no_place() -> None:
    book = ChainBook()
    with pytest.raises(BadChain):
        book.remove(ChainId("eip155:1"))
    stolen = Chain(ChainId("eip155:1"), Family.EVM, "Mine", "M", 18, 77)
    book.add(stolen)
    assert book.chains[ChainId("eip155:1")].name == "Ethereum"
    assert book.chains[ChainId("eip155:77")].name == "Mine"
