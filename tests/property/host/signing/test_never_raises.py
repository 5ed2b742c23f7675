"""Any input gives a reading: calls of every method with any values, cut and bent anywhere, and plain rubbish."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from eth_abi.abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey

from abi_values import values
from fluxdesk_host.signing import (
    EffectKind,
    Reading,
    read_evm_authorisation,
    read_evm_transaction,
    read_personal_message,
    read_solana_message,
    read_solana_offchain,
    read_solana_text,
    read_solana_transaction,
    read_typed_data,
    standard,
)
from fluxdesk_host.signing.abi import split_types
from fluxdesk_host.signing.evm.universal import _INPUTS
from fluxdesk_host.signing.evm.v4 import _INPUTS as V4
from fluxdesk_host.signing.registry import EvmMethod, TypedKind
from requests_to_sign import ME, ORIGIN, PERMIT2, UNIVERSAL, permit, sign_in, transaction

METHODS = standard().methods
FEW = settings(max_examples=max(settings().max_examples // 8, 5))
"""For tests that run once a method, program or command."""
TARGETS = st.sampled_from([ME, PERMIT2, UNIVERSAL, "0x7a250d5630b4cf539739df2c5dacb4c659f2488d", "0x" + "b2" * 20])
NAMES = [
    "from", "to", "value", "data", "input", "gas", "chainId", "type", "nonce", "authorizationList", "accessList",
    "maxFeePerGas", "gasPrice", "x",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


def well_formed(reading: Reading) -> Reading:
    """What holds for every reading, whatever it was made of."""
    assert reading.sentence
    assert 0 <= reading.danger <= 5
    assert reading.danger >= max((r.danger for r in reading.reasons), default=0)
    assert reading.complete or reading.danger >= 3
    if reading.unknown:
        assert not reading.complete
    for effect in reading.effects:
        assert effect.amount is None or effect.amount >= 0
        assert effect.kind is not EffectKind.UNKNOWN or not reading.complete or effect.asset
    for text in (reading.sentence, reading.text, *(r.text for r in reading.reasons), *(f.value for f in reading.facts)):
        assert not any(c < " " and c != "\n" for c in text)
        assert not any(c in text for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200f")
    assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading
    return reading


def read(data: bytes, to: str, value: int = 0) -> Reading:
    return well_formed(read_evm_transaction(transaction(data, to, value), ORIGIN, account=ME, chain=1))


@pytest.mark.parametrize("method", METHODS, ids=[m.canonical[:60] for m in METHODS])
@FEW
@given(data=st.data())
def test_every_method_reads_any_values_and_believes_no_cut_of_them(method: EvmMethod, data: st.DataObject) -> None:
    drawn = tuple(data.draw(values(t.text)) for t in method.types)
    whole = method.selector + encode([t.text for t in method.types], drawn)
    to = data.draw(TARGETS)
    reading = read(whole, to, data.draw(st.integers(0, 2**256 - 1)))
    assert reading.calls[0].selector == "0x" + method.selector.hex()
    if len(whole) > 4:
        cut = read(whole[: data.draw(st.integers(0, len(whole) - 1))] or b"\0", to)
        assert cut.danger >= 4
        assert not cut.complete
        assert [e.kind for e in cut.effects] == [EffectKind.UNKNOWN]
    bent = bytearray(whole)
    bent[data.draw(st.integers(0, len(bent) - 1))] ^= data.draw(st.integers(1, 255))
    read(bytes(bent), to)


@FEW
@given(st.data())
def test_a_short_call_is_believed_at_no_cut(data: st.DataObject) -> None:
    method = data.draw(st.sampled_from([m for m in METHODS if 0 < len(m.types) <= 4]))
    drawn = tuple(data.draw(values(t.text)) for t in method.types)
    whole = method.selector + encode([t.text for t in method.types], drawn)
    for end in range(1, min(len(whole), 300)):
        reading = read_evm_transaction(transaction(whole[:end]), ORIGIN, account=ME, chain=1)
        assert (reading.danger >= 4, reading.complete) == (True, False)


@given(st.data())
def test_calls_nested_in_each_other_are_well_formed(data: st.DataObject) -> None:
    inner = data.draw(st.binary(max_size=100))
    for _ in range(data.draw(st.integers(1, 8))):
        form = data.draw(st.integers(0, 3))
        many = [inner] * data.draw(st.integers(0, 3))
        if form == 0:
            inner = bytes.fromhex("ac9650d8") + encode(["bytes[]"], [many])
        elif form == 1:
            inner = bytes.fromhex("82ad56cb") + encode(["(address,bool,bytes)[]"], [[(ME, True, d) for d in many]])
        elif form == 2:
            inner = bytes.fromhex("b61d27f6") + encode(["address", "uint256", "bytes"], [ME, 1, inner])
        else:
            inner = bytes.fromhex("24856bc3") + encode(["bytes", "bytes[]"], [b"\x21" * len(many), many])
    read(inner, data.draw(TARGETS))


@given(
    st.lists(st.tuples(st.sampled_from([*_INPUTS, 0x07, 0x10, 0x3F, 0x80, 0x90]), st.binary(max_size=200)), max_size=6)
)
def test_any_plan_of_the_universal_router_is_well_formed(plan: list[tuple[int, bytes]]) -> None:
    commands, inputs = bytes(c for c, _ in plan), [given_bytes for _, given_bytes in plan]
    read(bytes.fromhex("24856bc3") + encode(["bytes", "bytes[]"], [commands, inputs]), UNIVERSAL)


@pytest.mark.parametrize("command", _INPUTS)
@FEW
@given(data=st.data())
def test_every_command_of_the_universal_router_is_read(command: int, data: st.DataObject) -> None:
    kinds = split_types(_INPUTS[command][1])
    whole = encode(kinds, [data.draw(values(k)) for k in kinds])
    call = bytes.fromhex("24856bc3") + encode(["bytes", "bytes[]"], [bytes([command]), [whole]])
    assert [c.name for c in read(call, UNIVERSAL).calls][1] == _INPUTS[command][0]
    end = data.draw(st.integers(0, len(whole) - 1))
    cut = bytes.fromhex("24856bc3") + encode(["bytes", "bytes[]"], [bytes([command]), [whole[:end]]])
    assert not read(cut, UNIVERSAL).complete


@given(st.data())
def test_any_steps_at_uniswap_v4_are_well_formed(data: st.DataObject) -> None:
    steps = []
    for _ in range(data.draw(st.integers(0, 5))):
        kinds = split_types(data.draw(st.sampled_from(sorted(V4.values()))))
        whole = encode(kinds, [data.draw(values(k)) for k in kinds])
        given_bytes = data.draw(st.sampled_from([whole, whole[:-1], whole + b"\0"])) if steps else whole
        steps.append((data.draw(st.integers(0, 0x18)), given_bytes))
    swap = encode(["bytes", "bytes[]"], [bytes(a for a, _ in steps), [g for _, g in steps]])
    read(
        bytes.fromhex("24856bc3") + encode(["bytes", "bytes[]"], [b"\x10", [swap]]),
        UNIVERSAL,
        data.draw(st.integers(0, 9)),
    )


@given(st.sampled_from([b"\0", b"\1", b"\1\1", b"\xff", b"\2"]), st.binary(max_size=30), st.data())
def test_any_calls_of_an_account_by_mode_are_well_formed(kind: bytes, rest: bytes, data: st.DataObject) -> None:
    mode = (kind + data.draw(st.sampled_from([b"", rest]))).ljust(32, b"\0")[:32]
    calls = encode(["(address,uint256,bytes)[]"], [[(ME, 1, rest)] * data.draw(st.integers(0, 3))])
    body = data.draw(st.sampled_from([calls, calls[:-1], rest, bytes(20) + calls]))
    read(bytes.fromhex("e9ae5c53") + encode(["bytes32", "bytes"], [mode, body]), data.draw(TARGETS))


@given(st.binary(max_size=400), TARGETS)
def test_any_calldata_are_well_formed(data: bytes, to: str) -> None:
    read(data, to)


@given(st.dictionaries(st.sampled_from(NAMES), JSON), JSON)
def test_any_request_object_is_well_formed(fields: dict[str, Any], other: object) -> None:
    well_formed(read_evm_transaction(fields))
    well_formed(read_evm_transaction({**transaction(), **fields}, account=ME, chain=1))
    well_formed(read_evm_transaction(other))
    well_formed(read_evm_authorisation(fields))
    well_formed(read_evm_authorisation({"chainId": 1, "address": ME, "nonce": 0, **fields}))


@given(JSON, st.data())
def test_any_typed_data_are_well_formed(anything: object, data: st.DataObject) -> None:
    well_formed(read_typed_data(anything))
    given_document = permit()
    at: Any = given_document
    for _ in range(data.draw(st.integers(1, 4))):
        key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else list(range(len(at)))))
        if not isinstance(at[key], dict | list) or not at[key] or data.draw(st.booleans()):
            at[key] = anything
            break
        at = at[key]
    well_formed(read_typed_data(given_document, ORIGIN, account=ME, chain=1))
    text = json.dumps(permit())
    cut = read_typed_data(text[: data.draw(st.integers(0, len(text) - 1))])
    assert well_formed(cut).danger == 5


KINDS = [kind for kind in standard().typed if kind.types]
DOMAIN = {"name": "Thing", "version": "1", "chainId": 1, "verifyingContract": PERMIT2}


@st.composite
def messages(draw: st.DrawFn, types: Mapping[str, tuple[tuple[str, str], ...]], kind: str) -> Any:
    """A value of a type, or of a struct of `types`, as a document writes it."""
    if kind.endswith("]"):
        inner = kind.rpartition("[")[0]
        return [draw(messages(types, inner)) for _ in range(draw(st.integers(0, 2)))]
    if kind in types:
        return {name: draw(messages(types, inner)) for name, inner in types[kind]}
    value = draw(st.just(ME) | values(kind)) if kind == "address" else draw(values(kind))
    return "0x" + value.hex() if isinstance(value, bytes) else value


@given(st.sampled_from(KINDS), st.data())
def test_every_kind_of_typed_data_reads_any_values_in_any_domain(kind: TypedKind, data: st.DataObject) -> None:
    assert kind.types is not None
    kept = data.draw(st.lists(st.sampled_from(sorted(DOMAIN)), unique=True))
    names = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
    types: dict[str, Any] = {name: [{"name": n, "type": t} for n, t in pairs] for name, pairs in kind.types.items()}
    types["EIP712Domain"] = [{"name": n, "type": t} for n, t in names.items() if n in kept]
    domain = {n: DOMAIN[n] for n in kept}
    if "verifyingContract" in kept:
        domain["verifyingContract"] = data.draw(TARGETS)
    message = data.draw(messages(kind.types, kind.primary))
    document = {"types": types, "primaryType": kind.primary, "domain": domain, "message": message}
    reading = well_formed(read_typed_data(document, ORIGIN, account=ME, chain=1))
    assert ("typed-unknown" in {r.code for r in reading.reasons}) == ("verifyingContract" not in kept)
    if set(kept) < set(DOMAIN) and not {"chainId", "verifyingContract"} <= set(kept):
        assert reading.danger >= 4
    name = data.draw(st.sampled_from([n for n, _ in kind.types[kind.primary]]))
    without = {**document, "message": {k: v for k, v in message.items() if k != name}}
    assert well_formed(read_typed_data(without, ORIGIN, account=ME, chain=1)).danger == 5


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)), st.text(max_size=30))
def test_any_message_is_well_formed(message: bytes | str, origin: str) -> None:
    for reading in (
        read_personal_message(message, origin, account=ME, chain=1),
        read_solana_text(message, origin),
        read_solana_offchain(message, origin),
    ):
        well_formed(reading)


@given(st.data())
def test_a_bent_sign_in_is_well_formed_and_never_for_another_site(data: st.DataObject) -> None:
    text = sign_in()
    at = data.draw(st.integers(0, len(text) - 1))
    bent = text[:at] + data.draw(st.text(max_size=3)) + text[at + data.draw(st.integers(0, 3)) :]
    reading = well_formed(read_personal_message(bent.encode(errors="replace"), ORIGIN, account=ME, chain=1))
    if reading.danger <= 3 and any(e.kind is EffectKind.SIGN_IN for e in reading.effects):
        assert bent.partition(" wants")[0].lower() in ("app.example", "https://app.example", "app.example:443")


PROGRAMS = [p.address for p in standard().programs]
KEYS = [Pubkey(bytes([n]) * 32) for n in range(1, 9)]


DESCRIBED = [
    bytes.fromhex(h) for h in ("d2e11ea258b84d8d", "dde9312db5cadcc8", "ea122038598d25b5", "fa a6b4fa0d0cb846")
]
"""How some instructions of the metadata interface begin."""


@pytest.mark.parametrize("program", PROGRAMS)
@FEW
@given(data=st.data())
def test_any_instruction_of_every_program_is_well_formed(program: str, data: st.DataObject) -> None:
    tag = data.draw(st.integers(0, 48) | st.just(255))
    heads = [bytes([tag]), tag.to_bytes(4, "little"), *DESCRIBED]
    body = data.draw(st.sampled_from(heads)) + data.draw(st.binary(max_size=120))
    metas = [
        AccountMeta(k, k == KEYS[0], data.draw(st.booleans()))
        for k in data.draw(st.lists(st.sampled_from(KEYS), max_size=8))
    ]
    ix = Instruction(Pubkey.from_string(program), body, metas)
    message = bytes(Message.new_with_blockhash([ix], KEYS[0], Hash(b"\1" * 32)))
    reading = well_formed(read_solana_message(message, account=str(KEYS[0])))
    assert reading.calls[0].target == program
    assert reading.complete or reading.danger >= 4 or reading.unknown
    cut = message[: data.draw(st.integers(0, len(message) - 1))]
    assert well_formed(read_solana_message(cut)).danger == 5
    bent = bytearray(message)
    bent[data.draw(st.integers(0, len(bent) - 1))] ^= data.draw(st.integers(1, 255))
    well_formed(read_solana_message(bytes(bent), account=str(KEYS[0])))


@given(st.binary(max_size=600), st.dictionaries(st.text(max_size=44), st.lists(st.text(max_size=44))))
def test_any_bytes_are_a_message_of_solana_or_refused(data: bytes, lookup: dict[str, list[str]]) -> None:
    for given_bytes in (data, b"\x80" + data, b"\1\0\1\3" + data):
        well_formed(read_solana_message(given_bytes, lookup))
        well_formed(read_solana_transaction(given_bytes, lookup))
