"""Base58: kernel, Python fallback and the Rust crate `based58` agree on everything, also on what is no base58."""

import based58
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.native import base58

digits = st.text(alphabet=base58.ALPHABET, max_size=600)


@given(st.binary(max_size=700))
def test_kernel_fallback_and_based58_write_the_same_text(data):
    text = base58.b58encode(data)
    assert text == base58.b58encode_python(data) == based58.b58encode(data).decode()
    assert base58.b58decode(text) == base58.b58decode_python(text) == data


@given(st.integers(0, 32), st.binary(max_size=32))
def test_32_byte_keys_with_any_number_of_leading_zeros(zeros, tail):
    key = (bytes(zeros) + tail)[:32].ljust(32, b"\xff")
    assert base58.b58encode(key) == base58.b58encode_python(key) == based58.b58encode(key).decode()
    assert base58.b58keys(key, base58.key_offsets(0)) == (base58.b58encode_python(key),)


@given(digits)
def test_kernel_fallback_and_based58_read_the_same_bytes(text):
    assert base58.b58decode(text) == base58.b58decode_python(text) == based58.b58decode(text.encode())


@given(st.text(max_size=80) | st.builds(lambda a, c, b: a + c + b, digits, st.characters(), digits))
def test_kernel_and_fallback_refuse_the_same_texts(text):
    answers = []
    for decode in (base58.b58decode, base58.b58decode_python):
        try:
            answers.append(decode(text))
        except ValueError as refused:
            answers.append(type(refused))
    if UnicodeEncodeError in answers:  # lone surrogates: the interpreter's own words for the same refusal
        answers = [ValueError if answer is UnicodeEncodeError else answer for answer in answers]
    assert answers[0] == answers[1]
    is_base58 = all(character in base58.ALPHABET for character in text)
    assert (answers[0] is not ValueError) == is_base58
