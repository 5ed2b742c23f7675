"""Fuzz: keystore files whose checksum fits, made by somebody who knows how they are made, are refused by name."""

import base64
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore.errors import KeystoreError
from fluxdesk_host.keystore.kdf import Cost
from fluxdesk_host.keystore.sealed import Sealed, seal, take_apart, unseal

PATH = Path("keys")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=60) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["kdf", "cost", "salt", "cipher", "file_salt", "nonce", "check", "body", "replaces", "x"])
BASE64 = st.binary(max_size=40).map(lambda raw: base64.b64encode(raw).decode())
COSTS = st.fixed_dictionaries(
    {"memory_kib": st.integers(-1, 2**40), "passes": st.integers(-1, 2**40), "lanes": st.integers(-1, 2**40)}
)


def key() -> Secret:
    return Secret(b"k" * 32)


def whole() -> bytes:
    return seal(key(), b"s" * 32, Cost(), Secret(b"payload"))


def rewritten(data: bytes, header: bytes) -> bytes:
    """The file with another header, and with a checksum that fits it."""
    length = int.from_bytes(data[10:14], "big")
    made = data[:10] + len(header).to_bytes(4, "big") + header + data[14 + length : -32]
    return made + sha256(made).digest()


def taken(data: bytes) -> Sealed | None:
    try:
        return take_apart(data, PATH)
    except KeystoreError:
        return None


@given(st.dictionaries(NAMES, JSON | BASE64 | COSTS, min_size=1, max_size=4), st.booleans())
def test_any_header_with_a_fitting_checksum_is_taken_whole_or_refused_by_name(
    changes: dict[str, Any], drop: bool
) -> None:
    data = whole()
    header = json.loads(data[14 : 14 + int.from_bytes(data[10:14], "big")])
    changed = {k: v for k, v in header.items() if k not in changes} if drop else {**header, **changes}
    sealed = taken(rewritten(data, json.dumps(changed).encode()))
    if sealed is None:
        return
    assert not sealed.header.cost.weak
    assert not sealed.header.cost.excessive
    try:
        with unseal(sealed, key()) as payload:
            assert bytes(payload.view()) == b"payload"
            assert changed == header  # nothing but the very same header opens it
    except KeystoreError:
        pass


@given(st.binary(max_size=400))
def test_any_bytes_for_a_header_are_refused_by_name(header: bytes) -> None:
    assert taken(rewritten(whole(), header)) is None


@given(st.integers(0, 2000), st.integers(1, 255))
def test_a_changed_byte_under_a_fitting_checksum_opens_nothing(place: int, flip: int) -> None:
    data = bytearray(whole()[:-32])
    data[place % len(data)] ^= flip
    sealed = taken(bytes(data) + sha256(data).digest())
    if sealed is not None:
        try:
            unseal(sealed, key())
        except KeystoreError:
            return
        raise AssertionError("a changed file was opened")


def test_brackets_without_end_in_a_header_are_refused() -> None:
    for header in (b"[" * 4000, b'{"cost":' * 400, b'{"x":' + b"[" * 4000, b'{"cost":' + b"[" * 3900):
        assert taken(rewritten(whole(), header)) is None
