"""Hostile input: four times as much costs no more than about four times as long, and little memory."""

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fluxdesk_host.keys.eip712 import read_typed_data as signed_document
from fluxdesk_host.keys.errors import KeyFormatError, SigningError
from fluxdesk_host.keys.keystore_v3 import decrypt
from fluxdesk_host.keys.rlp import decode as decode_rlp
from fluxdesk_host.keys.rlp import encode as encode_rlp
from fluxdesk_host.keys.solana_offchain import decode_offchain
from fluxdesk_host.keystore.errors import KeystoreError
from fluxdesk_host.keystore.sealed import take_apart
from fluxdesk_host.protocol import messages
from fluxdesk_host.protocol.frames import FrameReader, encode
from fluxdesk_host.signing import (
    read_evm_transaction,
    read_personal_message,
    read_solana_message,
    read_solana_offchain,
    read_solana_text,
    read_typed_data,
)
from requests_to_sign import FRIEND, ORIGIN, UNIVERSAL, calldata, document, fields, permit, sign_in, transaction

MUCH = 1 << 18
"""Bytes, a quarter of what a frame may have."""
GROWTH = 4
TEXTS: dict[str, Callable[[int], str]] = {
    "blanks": lambda n: " " * n,
    "empty lines": lambda n: "\n" * n,
    "lines of blanks": lambda n: ((" " * 63 + "\n") * 11 + "a") * (n // 705),
    "zeros": lambda n: "\0" * n,
    "turned": lambda n: "\u202e" * (n // 3),
    "marks": lambda n: "e\u0301\u0301\u0301" * (n // 7),
    "emoji": lambda n: "❤️" * (n // 6),
    "one word": lambda n: "аb" * (n // 3),
    "digits": lambda n: "ab" * (n // 2),
    "digits and one letter": lambda n: "ab" * (n // 2) + "g",
    "resources": lambda n: sign_in() + "\nResources:" + "\n- a" * (n // 4),
    "resembles": lambda n: "wants you to sign in with your " * (n // 31),
}
BYTES: dict[str, Callable[[int], bytes]] = {
    "not text": lambda n: b"\xff" * n,
    "a list": lambda n: encode_rlp([b"\0"] * n),
    "lists in lists": lambda n: b"\xc1" * n,
    "off chain": lambda n: b"\xffsolana offchain\0\2" + (65535).to_bytes(2, "little") + b"a" * n,
    "a signer": lambda n: b"\xffsolana offchain\1\xff" + b"".join(bytes([i]) * 32 for i in range(255)) + b"a" * n,
}
TRANSFER = calldata("transfer(address,uint256)", FRIEND, 5)
PACKED = b"\0" + bytes(84)
CALLS: dict[str, Callable[[int], tuple[bytes, str]]] = {
    "zeros": lambda n: (bytes.fromhex("ac9650d8") + bytes(n // 8), FRIEND),
    "calls": lambda n: (calldata("multicall(bytes[])", [TRANSFER] * (n // 1100)), FRIEND),
    "empty calls": lambda n: (calldata("multicall(bytes[])", [b""] * (n // 600)), FRIEND),
    "packed": lambda n: (calldata("multiSend(bytes)", PACKED * (n // 700)), FRIEND),
    "commands": lambda n: (calldata("execute(bytes,bytes[])", b"\x3f" * (n // 600), [b""] * (n // 600)), UNIVERSAL),
    "numbers": lambda n: (
        calldata("safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)", FRIEND, FRIEND,
                 [1] * (n // 600), [1] * (n // 600), b""), FRIEND),
}  # fmt: skip
DOCUMENTS: dict[str, Callable[[int], Any]] = {
    "a text": lambda n: document("A", {"A": fields("string s")}, {"s": "x" * (n // 5)}),
    "hidden text": lambda n: document("A", {"A": fields("string s")}, {"s": "\u202e" * (n // 20)}),
    "values": lambda n: document("A", {"A": fields("uint256[] s")}, {"s": [1] * (n // 300)}),
    "too many values": lambda n: document("A", {"A": fields("uint256[] s")}, {"s": [1] * (n // 4)}),
    "surplus": lambda n: {**permit(), **{f"x{i}": i for i in range(n // 16)}},
    "surplus inside": lambda n: permit(**{f"x{i}": i for i in range(n // 16)}),
    "a kind of many arrays": lambda n: document(
        "A", {"A": [{"name": "s", "type": "uint8" + "[]" * (n // 2)}]}, {"s": []}
    ),
    "a long name": lambda n: document("A", {"A": [{"name": "s" * n, "type": "uint8"}]}, {"s": 1}),
    "brackets": lambda n: "[" * (n // 4),
    "strings": lambda n: '{"a":"' + '\\"[' * (n // 14) + '"}',
    "digits": lambda n: permit(value="9" * n),
    "a bracket and quotes": lambda n: "[" + '"' * (n // 5),
}


def swallow(work: Callable[[], Any], *errors: type[Exception]) -> Callable[[], Any]:
    def run() -> Any:
        try:
            return work()
        except errors:
            return None

    return run


def cases(n: int) -> dict[str, Callable[[], Any]]:
    """Every parser of the host on every shape of hostile input of about `n` bytes."""
    made: dict[str, Callable[[], Any]] = {}
    for name, text in TEXTS.items():
        given = text(n).encode()
        made[f"personal, {name}"] = lambda given=given: read_personal_message(given, ORIGIN)
        made[f"solana text, {name}"] = lambda given=given: read_solana_text(given, ORIGIN)
    for name, raw in BYTES.items():
        data = raw(n)
        made[f"personal, {name}"] = lambda data=data: read_personal_message(data, ORIGIN)
        made[f"off chain, {name}"] = lambda data=data: read_solana_offchain(data, ORIGIN)
        made[f"solana, {name}"] = lambda data=data: read_solana_message(data[:4096])
        made[f"rlp, {name}"] = swallow(lambda data=data: decode_rlp(data), SigningError)
        made[f"off chain for signing, {name}"] = swallow(lambda data=data: decode_offchain(data), SigningError)
        made[f"keystore, {name}"] = swallow(
            lambda data=data: take_apart(b"FDKEYS\r\n\0\1\0\0\x0f\xff" + data, Path("keys")),
            KeystoreError,
        )
        made[f"key file, {name}"] = swallow(lambda data=data: decrypt(data, "x"), KeyFormatError)
    for name, shape in CALLS.items():
        calls, to = shape(n)
        made[f"call, {name}"] = lambda calls=calls, to=to: read_evm_transaction(transaction(calls, to))
    for name, written in DOCUMENTS.items():
        doc = written(n)
        made[f"typed, {name}"] = lambda doc=doc: read_typed_data(doc)
        made[f"typed for signing, {name}"] = swallow(lambda doc=doc: signed_document(doc), SigningError)
    wire = encode(b"") * (n // 4)
    made["frames, empty"] = lambda: FrameReader().feed(wire)
    made["frame, in small reads"] = lambda: small_reads(encode(b"x" * (n - 4)))
    for kind in ("ToBridge", "ToAgent"):
        decoder = msgspec.json.Decoder(getattr(messages, kind))
        for name, body in (
            ("brackets", b"[" * n),
            ("digits", b"9" * n),
            ("names", b'{"op":"sign"' + b',"k":1' * (n // 6)),
        ):
            made[f"{kind}, {name}"] = swallow(
                lambda decoder=decoder, body=body: decoder.decode(body), msgspec.MsgspecError, RecursionError
            )
    return made


def small_reads(wire: bytes) -> None:
    reader = FrameReader()
    for at in range(0, len(wire), 64):
        reader.feed(wire[at : at + 64])


def seconds(work: Callable[[], Any]) -> float:
    """Processor time, the least of two runs."""
    times = []
    for _ in range(2):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


SMALL, LARGE = cases(MUCH // GROWTH), cases(MUCH)


@pytest.mark.parametrize("name", LARGE)
def test_work_grows_with_the_input_and_no_faster(name: str) -> None:
    little = seconds(SMALL[name])
    assert seconds(LARGE[name]) < 2.5 * GROWTH * little + 0.05


@pytest.mark.parametrize("name", LARGE)
def test_memory_stays_within_a_multiple_of_the_input(name: str) -> None:
    tracemalloc.start()
    try:
        LARGE[name]()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 80 * MUCH
