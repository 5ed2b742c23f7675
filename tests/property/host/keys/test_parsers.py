"""Whatever bytes or JSON come in: a named error, or something that is written back exactly as it came."""

from pathlib import Path
from typing import Any

from based58 import b58decode as reference_decode
from based58 import b58encode as reference_encode
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk_host.keys import keystore_v3, paths, rlp
from fluxdesk_host.keys.addresses import parse_evm_address, parse_solana_address
from fluxdesk_host.keys.base58 import LONGEST, b58decode, b58encode
from fluxdesk_host.keys.bip39 import (
    COUNTS,
    MnemonicError,
    check_mnemonic,
    entropy_to_mnemonic,
    mnemonic_to_entropy,
    split,
)
from fluxdesk_host.keys.eip712 import read_typed_data
from fluxdesk_host.keys.errors import KeyFormatError, SigningError
from fluxdesk_host.keys.evm_fields import EvmTransaction, read_transaction
from fluxdesk_host.keys.evm_tx import read_signed_transaction, sign_evm_transaction, signing_payload
from fluxdesk_host.keys.raw_keys import format_solana_keypair, parse_evm_key, parse_solana_key
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.selftest import check
from fluxdesk_host.keys.solana_message import compact_u16, join_transaction, read_frame, split_transaction
from fluxdesk_host.keys.solana_offchain import Form, decode_offchain, encode_offchain, offchain_message
from fluxdesk_host.keys.wordlist import words
from fluxdesk_host.keystore import sealed
from fluxdesk_host.keystore.errors import KeystoreError
from fluxdesk_host.keystore.kdf import Cost

HEX = st.binary(max_size=40).map(lambda data: "0x" + data.hex())
LEAF = st.none() | st.booleans() | st.integers(-(2**300), 2**300) | st.floats() | st.text() | HEX
JSON = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEY = Secret(b"\x2a" * 32)
NUMBER = st.integers(0, 2**256 - 1)
ADDRESS = st.binary(min_size=20, max_size=20)
WORD32 = st.binary(min_size=32, max_size=32)
ACCESS = st.lists(st.tuples(ADDRESS, st.lists(WORD32, max_size=3).map(tuple)), max_size=3).map(tuple)
ITEMS: st.SearchStrategy[Any] = st.recursive(
    st.binary(max_size=70), lambda inner: st.lists(inner, max_size=5), max_leaves=20
)
FIELDS = ["type", "chainId", "nonce", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "to", "value", "data",
          "input", "accessList", "authorizationList", "from"]  # fmt: skip


def as_lists(item: Any) -> Any:
    return [as_lists(i) for i in item] if isinstance(item, list) else item


@given(ITEMS)
def test_rlp_is_read_back(item: Any) -> None:
    assert rlp.decode(rlp.encode(item)) == as_lists(item)


@given(st.binary(max_size=120))
def test_any_bytes_are_no_rlp_or_exactly_one_items(data: bytes) -> None:
    try:
        item = rlp.decode(data)
    except SigningError:
        return
    assert rlp.encode(item) == data


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_base58_agrees_with_another_library(value: str | bytes) -> None:
    if isinstance(value, bytes):
        assert b58encode(value) == reference_encode(value).decode()
        assert b58decode(b58encode(value)) == value
        return
    try:
        data = b58decode(value)
    except KeyFormatError:
        return
    assert data == reference_decode(value.encode())
    assert len(value) <= LONGEST


@given(st.lists(st.integers(0, 2**32 - 1), max_size=8).map(tuple), st.text(max_size=20))
def test_paths_are_read_back_and_other_text_is_refused(indexes: tuple[int, ...], text: str) -> None:
    assert paths.parse_path(paths.format_path(indexes)) == indexes
    try:
        assert paths.parse_path(text) is not None
    except KeyFormatError:
        pass


@given(st.sampled_from([16, 20, 24, 28, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)))
def test_entropy_is_read_back_from_its_words(entropy: bytes) -> None:
    words_of_it = entropy_to_mnemonic(Secret(entropy))
    assert mnemonic_to_entropy(words_of_it) == Secret(entropy)


WRITTEN = st.lists(st.sampled_from(words()) | st.text(max_size=9), max_size=25)
OF_THE_LIST = st.sampled_from(COUNTS).flatmap(lambda n: st.lists(st.sampled_from(words()), min_size=n, max_size=n))


@given(WRITTEN | OF_THE_LIST)
def test_any_words_open_a_wallet_or_are_explained(written: list[str]) -> None:
    places: list[int] = []
    try:
        check_mnemonic(written)
    except MnemonicError as wrong:
        places = [suspect.place for suspect in wrong.suspects]
    assert all(1 <= place <= len(split(written)) for place in places)


@given(
    kind=st.sampled_from([0, 1, 2]), chain=st.integers(0, 2**64), nonce=st.integers(0, 2**64 - 2),
    gas=st.integers(0, 2**64), to=st.none() | ADDRESS,
    value=NUMBER, data=st.binary(max_size=100), fees=st.tuples(NUMBER, NUMBER), access=ACCESS,
)  # fmt: skip
def test_a_signed_transaction_is_read_back(
    kind: int,
    chain: int,
    nonce: int,
    gas: int,
    to: bytes | None,
    value: int,
    data: bytes,
    fees: tuple[int, int],
    access: Any,
) -> None:
    low, high = sorted(fees)
    tx = EvmTransaction(
        kind, chain, nonce, gas, to, value, data,
        gas_price=0 if kind == 2 else high, max_priority_fee=low if kind == 2 else 0, max_fee=high if kind == 2 else 0,
        access_list=access if kind else (),
    )  # fmt: skip
    signed = read_signed_transaction(sign_evm_transaction(KEY, tx))
    assert signing_payload(signed.transaction) == signing_payload(tx)
    assert sign_evm_transaction(KEY, signed.transaction) == sign_evm_transaction(KEY, tx)


@given(
    st.binary(max_size=200)
    | st.tuples(st.sampled_from([b"", b"\1", b"\2", b"\4"]), ITEMS).map(lambda t: t[0] + rlp.encode(t[1]))
)
def test_any_bytes_are_no_transaction_or_are_read(data: bytes) -> None:
    try:
        read_signed_transaction(data)
    except SigningError:
        pass


@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), JSON), st.booleans())
def test_any_fields_are_one_clear_transaction_or_refused(fields: dict[str, Any], lenient: bool) -> None:
    try:
        tx = read_transaction(fields, lenient=lenient)
    except SigningError:
        return
    assert read_signed_transaction(sign_evm_transaction(KEY, tx, allow_unprotected=True)).sender


@given(JSON | st.text() | st.binary())
def test_any_json_is_typed_data_or_refused(document: Any) -> None:
    try:
        read_typed_data(document)
    except SigningError:
        pass


TYPES = st.sampled_from(
    [
        "A",
        "B",
        "A[]",
        "B[2]",
        "string",
        "bytes",
        "bytes3",
        "uint8",
        "int16",
        "bool",
        "address",
        "uint8[][1]",
        "C",
        "x y",
    ]
)
STRUCT = st.lists(st.fixed_dictionaries({"name": st.sampled_from(["a", "b", "c", "d e"]), "type": TYPES}), max_size=4)


@given(
    types=st.dictionaries(st.sampled_from(["A", "B", "EIP712Domain", "uint8", "Q"]), STRUCT, max_size=4),
    domain=st.dictionaries(st.sampled_from(["name", "chainId", "a", "b"]), JSON, max_size=3),
    message=st.dictionaries(st.sampled_from(["a", "b", "c", "d e"]), JSON, max_size=4),
)  # fmt: skip
def test_typed_data_of_any_types_is_hashed_or_refused(types: Any, domain: Any, message: Any) -> None:
    document = {"types": types, "primaryType": "A", "domain": domain, "message": message}
    try:
        data = read_typed_data(document)
    except SigningError:
        return
    again = {"types": {n: [{"name": a, "type": b} for a, b in f] for n, f in data.types.items()}, "primaryType": "A"}
    assert read_typed_data({**again, "domain": data.domain, "message": data.message}).digest == data.digest


@given(st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1))
def test_typed_data_with_other_values_has_another_hash(one: int, other: int) -> None:
    def digest(value: int) -> bytes:
        types = {"A": [{"name": "n", "type": "uint16"}]}
        return read_typed_data({"types": types, "primaryType": "A", "domain": {}, "message": {"n": value}}).digest

    assert (digest(one) == digest(other)) == (one == other)


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """Solana messages that hold together."""
    count = draw(st.integers(1, 5))
    keys = draw(st.lists(WORD32, min_size=count, max_size=count, unique=True))
    signers = draw(st.integers(1, count))
    head = bytes((signers, draw(st.integers(0, signers - 1)), draw(st.integers(0, count - signers))))
    calls = draw(st.lists(st.tuples(st.binary(max_size=4), st.binary(max_size=200)), max_size=3))
    body = b"".join(b"\0" + compact_u16(len(a)) + a + compact_u16(len(d)) + d for a, d in calls)
    whole = head + compact_u16(count) + b"".join(keys) + bytes(32) + compact_u16(len(calls)) + body
    tables = draw(st.lists(st.tuples(WORD32, st.binary(max_size=3)), max_size=2))
    lookups = b"".join(table + compact_u16(len(i)) + i + b"\0" for table, i in tables)
    return b"\x80" + whole + compact_u16(len(tables)) + lookups if draw(st.booleans()) else whole


@given(messages(), st.integers(0, 10_000), st.integers(0, 255))
def test_solana_messages_are_walked_to_their_end(message: bytes, place: int, byte: int) -> None:
    frame = read_frame(message)
    assert frame.length == len(message)
    raw = join_transaction([bytes(64)] * len(frame.signers), message)
    assert split_transaction(raw) == ([bytes(64)] * len(frame.signers), message)
    changed = bytearray(raw)
    changed[place % len(raw)] = byte
    for data in (bytes(changed), raw[: place % len(raw)]):
        try:
            assert join_transaction(*split_transaction(data)) == data
        except SigningError:
            pass


@given(st.binary(max_size=300))
def test_any_bytes_are_no_solana_transaction_or_written_back(data: bytes) -> None:
    for read in (split_transaction, read_frame):
        try:
            read(data)
        except SigningError:
            pass


@given(
    st.text(min_size=1, max_size=50),
    st.sampled_from(Form),
    st.lists(WORD32, min_size=1, max_size=3, unique=True),
    WORD32,
)
def test_offchain_messages_are_read_back(text: str, form: Form, signers: list[bytes], domain: bytes) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    made = offchain_message(text, form, signers=() if form is Form.CLI else tuple(signers), domain=domain)
    assert decode_offchain(encode_offchain(made)) == made


@given(st.binary(max_size=120).map(lambda b: b"\xffsolana offchain" + b) | st.binary())
def test_any_bytes_are_no_offchain_message_or_written_back(data: bytes) -> None:
    try:
        message = decode_offchain(data)
    except SigningError:
        return
    assert encode_offchain(message) == data


CRYPTO = st.fixed_dictionaries(
    {},
    optional={
        "cipher": st.just("aes-128-ctr") | JSON, "cipherparams": st.just({"iv": "00" * 16}) | JSON,
        "ciphertext": st.just("11" * 32) | JSON,
        "mac": st.just("22" * 32) | JSON, "kdf": st.sampled_from(["scrypt", "pbkdf2"]) | JSON,
        "kdfparams": st.fixed_dictionaries({}, optional={
            "dklen": st.just(32) | JSON, "salt": st.just("00") | JSON, "n": st.sampled_from([2, 16]) | JSON,
            "r": st.just(1) | JSON,
            "p": st.just(1) | JSON, "c": st.just(1) | JSON, "prf": st.just("hmac-sha256") | JSON,
        }),
    },
)  # fmt: skip


@given(CRYPTO, st.text(max_size=5))
def test_any_key_file_is_refused_by_name(crypto: dict[str, Any], password: str) -> None:
    for document in ({"version": 3, "crypto": crypto}, crypto):
        try:
            keystore_v3.decrypt(document, password)
        except (KeyFormatError, keystore_v3.WrongPassword):
            continue
        raise AssertionError("a made-up MAC fitted")


@given(st.text() | st.lists(st.integers(-1, 256)).map(str))
def test_any_text_is_no_key_or_one(text: str) -> None:
    for parse in (parse_evm_key, parse_solana_key, parse_evm_address, parse_solana_address):
        try:
            parse(text)
        except KeyFormatError:
            pass


@given(WORD32)
def test_solana_keypairs_are_read_back(seed: bytes) -> None:
    assert parse_solana_key(bytes(format_solana_keypair(Secret(seed)).view()).decode()) == Secret(seed)


KINDS = st.sampled_from(
    ["bip39", "bip32", "slip10", "keystore_v3", "eip712", "eip191", "evm_tx", "solana_tx", "solana_offchain", "other"]
)
NAMES = st.sampled_from([
    "mnemonic", "passphrase", "seed", "curve", "path", "private", "public", "chain_code", "json", "password",
    "typed_data", "hash", "message", "tx", "raw", "signature", "bytes", "entropy",
])  # fmt: skip


@given(KINDS, st.dictionaries(NAMES, JSON | st.sampled_from(["ed25519", "m/0'", "00" * 32, "11" * 64])))
def test_any_case_of_a_self_test_gets_an_answer(kind: str, fields: dict[str, Any]) -> None:
    assert all(isinstance(line, str) for line in check({**fields, "kind": kind}))


WHOLE = sealed.seal(KEY, bytes(32), Cost(), Secret(b"payload"))


@given(st.binary(max_size=80) | st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(1, 255)), st.integers(0, 10_000))
def test_any_bytes_are_no_keystore_by_name_and_no_changed_one_opens(change: Any, cut: int) -> None:
    if isinstance(change, bytes):
        data = change
    else:
        changed = bytearray(WHOLE)
        changed[change[0]] ^= change[1]
        data = bytes(changed)
    for given_data in (data, WHOLE[: cut % len(WHOLE)], WHOLE + data[:1] if data else b"x"):
        try:
            sealed.unseal(sealed.take_apart(given_data, Path("keys")), KEY)
        except KeystoreError:
            continue
        raise AssertionError("a changed keystore opened")


@given(st.binary(max_size=5000))
def test_a_payload_is_read_back(payload: bytes) -> None:
    with Secret(payload) as secret:
        data = sealed.seal(KEY, bytes(32), Cost(), secret)
        assert sealed.unseal(sealed.take_apart(data, Path("keys")), KEY) == secret
