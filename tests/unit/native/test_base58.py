"""Base58: the kernel, the Python fallback, and what both refuse."""

import based58
import pytest

from fluxdesk.native import base58, kernel

PUMP = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"
DECODERS = [base58.b58decode, base58.b58decode_python]
ENCODERS = [base58.b58encode, base58.b58encode_python]


def test_the_kernel_is_built_and_loaded_here():
    assert kernel() is not None, (
        "run `python -m fluxdesk.native.build`; these tests must not compare Python with itself"
    )


@pytest.mark.parametrize("decode", DECODERS)
def test_a_program_id_decodes_to_the_32_bytes_that_based58_reads(decode):
    assert decode(PUMP) == based58.b58decode(PUMP.encode())


@pytest.mark.parametrize("encode", ENCODERS)
def test_leading_zero_bytes_are_ones(encode):
    assert encode(bytes(32)) == "1" * 32
    assert encode(b"\0\0\1") == "112"
    assert encode(bytes(31) + b"\1") == "1" * 31 + "2"


@pytest.mark.parametrize("decode", DECODERS)
def test_the_empty_text_is_no_bytes(decode):
    assert decode("") == b""


@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize("bad", ["0", "O", "I", "l", " ", "abc\0", PUMP + "\n", "é", "\ud800", "1" * 40 + "!"])
def test_a_character_outside_the_alphabet_is_refused(decode, bad):
    with pytest.raises(ValueError, match=r"not a base58 character|surrogates not allowed"):
        decode(bad)


def test_the_refusal_names_the_character():
    with pytest.raises(ValueError, match="'0' is not a base58 character"):
        base58.b58decode("12O0"[::-1])


@pytest.mark.parametrize("decode", DECODERS)
def test_more_than_4096_characters_are_refused_and_4096_are_not(decode):
    assert decode("1" * 4096) == bytes(4096)
    assert decode("z" * 4096) == based58.b58decode(b"z" * 4096)
    with pytest.raises(ValueError, match="4097 characters; at most 4096"):
        decode("1" * 4097)


@pytest.mark.parametrize("encode", ENCODERS)
def test_the_longest_data_that_is_written_can_be_read_back(encode):
    data = b"\xff" * base58.LONGEST_DATA
    text = encode(data)
    assert len(text) <= base58.LONGEST_TEXT
    assert base58.b58decode(text) == data
    with pytest.raises(ValueError, match="3000 bytes"):
        encode(data + b"\xff")


@pytest.mark.parametrize("keys", [base58.b58keys, base58.b58keys_python])
def test_several_keys_are_read_out_of_one_payload(keys):
    payload = bytes(range(200))
    offsets = base58.key_offsets(8, 40, 168)
    assert keys(payload, offsets) == tuple(base58.b58encode(payload[at : at + 32]) for at in (8, 40, 168))


@pytest.mark.parametrize("keys", [base58.b58keys, base58.b58keys_python])
def test_a_key_that_runs_past_the_end_is_refused(keys):
    with pytest.raises(ValueError, match="no 32-byte key at offset 169 of 200 bytes"):
        keys(bytes(200), base58.key_offsets(8, 169))


@pytest.mark.parametrize("wrong", [5, None, PUMP])
def test_only_bytes_are_encoded(wrong):
    with pytest.raises(TypeError):
        base58.b58encode(wrong)
