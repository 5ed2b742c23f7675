"""Addresses, base58, Keccak and RLP: published examples, and what is refused."""

import pytest

from fluxdesk_host.keys import rlp
from fluxdesk_host.keys.addresses import parse_evm_address, parse_solana_address, to_checksum
from fluxdesk_host.keys.base58 import b58check_decode, b58check_encode, b58decode, b58encode
from fluxdesk_host.keys.errors import KeyFormatError, SigningError
from fluxdesk_host.keys.keccak import keccak256


@pytest.mark.parametrize(
    "address",
    [
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0xde709f2102306220921060314715629080e2fb77",
    ],
)
def test_the_examples_of_eip_55(address: str) -> None:
    assert to_checksum(parse_evm_address(address)) == address
    assert parse_evm_address(address.lower()) == parse_evm_address("0x" + address[2:].upper())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0x",
        "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed",
        "0x" + "g" * 40,
        "0x" + "0" * 41,
        "0x" + "0" * 40 + "\n",
    ],
)
def test_what_is_no_evm_address_is_refused(text: str) -> None:
    with pytest.raises(KeyFormatError):
        parse_evm_address(text)


def test_solana_addresses_have_32_bytes() -> None:
    assert parse_solana_address("11111111111111111111111111111111") == bytes(32)
    for text in ("", "1" * 31, "1" * 33, "0" * 32, "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqkk"):
        with pytest.raises(KeyFormatError):
            parse_solana_address(text)


def test_base58_of_the_draft() -> None:
    assert b58encode(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert b58decode("11233QC4") == bytes.fromhex("0000287fb4cd")
    with pytest.raises(KeyFormatError, match="character 3"):
        b58decode("110")
    with pytest.raises(KeyFormatError, match="at most"):
        b58decode("1" * 257)


def test_a_checked_text_with_a_wrong_character_is_refused() -> None:
    text = b58check_encode(b"\x00" + bytes(range(20)))
    assert b58check_decode(text) == b"\x00" + bytes(range(20))
    with pytest.raises(KeyFormatError, match="check"):
        b58check_decode(text[:-1] + ("2" if text[-1] != "2" else "3"))


def test_keccak_of_nothing_and_of_a_text() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"


@pytest.mark.parametrize(
    ("item", "written"),
    [
        (b"dog", "83646f67"),
        ([b"cat", b"dog"], "c88363617483646f67"),
        (b"", "80"),
        ([], "c0"),
        (0, "80"),
        (b"\0", "00"),
        (15, "0f"),
        (1024, "820400"),
        ([[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"),
        (b"a" * 56, "b838" + "61" * 56),
    ],
)
def test_the_examples_of_rlp(item: rlp.Writable, written: str) -> None:
    assert rlp.encode(item).hex() == written
    assert rlp.encode(rlp.decode(bytes.fromhex(written))).hex() == written


BAD_RLP = """ 81 8100 817f b800 b90038{56} b837{55} c1 c28000ff 8000 f800 bfffffffffffffffff {deep}"""


@pytest.mark.parametrize(
    "text", BAD_RLP.replace("{56}", "00" * 56).replace("{55}", "00" * 55).replace("{deep}", "c1" * 17 + "c0").split(" ")
)
def test_rlp_with_a_second_form_or_rubbish_is_refused(text: str) -> None:
    with pytest.raises(SigningError):
        rlp.decode(bytes.fromhex(text))
