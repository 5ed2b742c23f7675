"""What tokens say of themselves is read from any bytes, and what is shown of it is short, one line, and can be seen."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.chains.evm.metadata import abi_text
from fluxdesk.chains.solana import nonces
from fluxdesk.chains.solana.metadata import extension_words, metaplex_words
from fluxdesk.chains.solana.tokens import TOKEN, TOKEN_2022, read_account, read_mint
from fluxdesk.core.remote_text import NAME_MOST, SYMBOL_MOST, shown

MINT = "So11111111111111111111111111111111111111112"
SYSTEM = "11111111111111111111111111111111"


def borsh(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(4, "little") + data


@given(st.text(max_size=400), st.integers(1, 80))
def test_what_is_shown_is_short_one_line_and_visible(text: str, most: int) -> None:
    said = shown(text, most)
    assert len(said) <= most
    assert said == said.strip() and all(c.isprintable() for c in said)
    assert not any(
        unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI", "PDI") for c in said
    )


@given(st.text(st.characters(categories=("L", "N")), max_size=SYMBOL_MOST))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert shown(text, SYMBOL_MOST) == text


@given(st.binary(max_size=300))
def test_any_answer_of_a_contract_is_read(data: bytes) -> None:
    shown(abi_text(data), NAME_MOST)


@given(st.text(max_size=60), st.binary(max_size=70))
def test_strings_and_bytes32_are_read_and_nothing_before_their_end(text: str, behind: bytes) -> None:
    said = text.encode()
    padded = said + bytes(-len(said) % 32)
    assert abi_text((32).to_bytes(32, "big") + len(said).to_bytes(32, "big") + padded + behind) == text
    short = said[:32].decode("utf-8", "ignore").split("\0")[0]
    assert abi_text(short.encode().ljust(32, b"\0")) == short
    assert abi_text((32).to_bytes(32, "big") + (1 << 255).to_bytes(32, "big")) == ""


@given(st.binary(max_size=700), st.sampled_from([TOKEN, TOKEN_2022, SYSTEM]))
def test_any_account_is_read_or_is_none(data: bytes, owner: str) -> None:
    read_mint(MINT, owner, data)
    read_account(MINT, owner, data)
    nonces.read(owner, data)
    extension_words(owner, data)
    metaplex_words(MINT, data)


@given(
    st.binary(min_size=165, max_size=165), st.lists(st.tuples(st.integers(1, 60), st.binary(max_size=40)), max_size=4)
)
def test_extensions_of_any_kind_are_stepped_over(base: bytes, others: list[tuple[int, bytes]]) -> None:
    tail = b"".join(kind.to_bytes(2, "little") + len(v).to_bytes(2, "little") + v for kind, v in others if kind != 19)
    words = bytes(64) + borsh("Name") + borsh("SYM") + borsh("uri")
    data = base + b"\x01" + tail + (19).to_bytes(2, "little") + len(words).to_bytes(2, "little") + words
    assert extension_words(TOKEN_2022, data) == ("SYM", "Name")
    assert extension_words(TOKEN, data) == ("", "")


def test_metaplex_words_are_those_of_the_mint_asked_for() -> None:
    from solders.pubkey import Pubkey

    head = b"\x04" + bytes(32) + bytes(Pubkey.from_string(MINT))
    data = head + borsh("Wrapped SOL" + "\0" * 21) + borsh("SOL" + "\0" * 7) + borsh("")
    assert metaplex_words(MINT, data) == ("SOL", "Wrapped SOL")
    assert metaplex_words(SYSTEM, data) == ("", "")
    assert metaplex_words(MINT, data[:-20]) != ("SOL", "Wrapped SOL")
