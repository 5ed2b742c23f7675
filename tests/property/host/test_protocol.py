"""Fuzz: frames in any split, rubbish into every decoder and state, and that schema and structs agree."""

import json

import jsonschema_rs
import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk_host.protocol import reading, schemas
from fluxdesk_host.protocol.errors import ProtocolError
from fluxdesk_host.protocol.frames import FrameReader, FrameTooLarge, encode
from fluxdesk_host.protocol.noise import Handshake, NoiseError, new_static_key
from fluxdesk_host.protocol.pairing import Attempts
from fluxdesk_host.protocol.session import BrowserSession
from unit.host.protocol.conversation import Browser, public

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
VALIDATORS = {
    name: jsonschema_rs.validator_for({**schemas.document(), "$ref": f"#/$defs/{name}"}) for name in schemas.UNIONS
}
DECODERS = {name: msgspec.json.Decoder(union) for name, union in schemas.UNIONS.items()}
OPS = ["hello", "open", "bytes", "ask", "sign", "status", "state", "refused", "pair_commit", "connect", "closed"]
WORDS = st.sampled_from(
    [
        "1",
        "1\n",
        "",
        "evm",
        "https://a.example",
        "https://a.example\n",
        "evm:0x" + "a" * 40,
        "eip155:1",
        "evm_message",
        "aGk=",
        "status",
    ]
)
FIELDS = [
    "id",
    "data",
    "protocol",
    "version",
    "what",
    "with",
    "origin",
    "account",
    "chain",
    "kind",
    "payload",
    "family",
    "code",
    "reason",
    "commitment",
    "browser",
    "silent",
    "locked",
]


@given(st.lists(st.binary(max_size=300), max_size=8), st.data())
def test_frames_survive_every_split(bodies: list[bytes], data: st.DataObject) -> None:
    wire = b"".join(encode(body) for body in bodies)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=12)))
    reader, got = FrameReader(), []
    for start, end in zip([0, *cuts], [*cuts, len(wire)], strict=True):
        got += reader.feed(wire[start:end])
    assert got == bodies
    assert not reader.midway


@given(st.lists(st.binary(max_size=64), max_size=6))
def test_rubbish_gives_frames_or_one_error(chunks: list[bytes]) -> None:
    reader = FrameReader()
    try:
        for chunk in chunks:
            reader.feed(chunk)
    except FrameTooLarge:
        return


@given(
    st.sampled_from(sorted(schemas.UNIONS)),
    st.sampled_from(OPS),
    st.dictionaries(st.sampled_from(FIELDS), WORDS | JSON, max_size=7),
)
def test_schema_and_structs_take_and_refuse_the_same(name: str, op: str, fields: dict[str, object]) -> None:
    body = {"op": op, **fields}
    try:
        DECODERS[name].decode(json.dumps(body).encode())
        taken = True
    except msgspec.MsgspecError:
        taken = False
    assert VALIDATORS[name].is_valid(body) == taken


@given(st.lists(st.binary(max_size=120), min_size=1, max_size=4))
def test_rubbish_in_place_of_a_handshake_is_one_narrow_error(frames: list[bytes]) -> None:
    session = BrowserSession(new_static_key(), lambda _: True, Attempts(), "A desktop")
    try:
        for frame in frames:
            assert session.receive(frame) == []
    except ProtocolError:
        pass
    assert not session.trusted


@given(st.binary(max_size=200))
def test_rubbish_from_a_known_browser_is_one_narrow_error(body: bytes) -> None:
    key = new_static_key()
    browser = Browser.joined(known={public(key)}, static=key)
    (part,) = browser.channel.seal(body)
    try:
        browser.session.receive(part)
    except ProtocolError:
        return
    assert browser.events == []


@given(st.integers(0, 2), st.binary(max_size=200))
def test_no_forged_message_finishes_a_handshake(turn: int, forged: bytes) -> None:
    a = Handshake(initiator=True, static=new_static_key(), prologue=b"")
    b = Handshake(initiator=False, static=new_static_key(), prologue=b"")
    ends = [a, b]
    for at in range(turn):
        ends[1 - at % 2].read(ends[at % 2].write())
    try:
        ends[1 - turn % 2].read(forged)
    except NoiseError:
        return
    assert turn == 0  # the first message is a bare key: it is the next one that fails
    assert not b.done


@given(JSON, JSON)
def test_no_question_leaves_the_list(what: object, given_: object) -> None:
    try:
        _, path, _ = reading.request(what, given_)
    except reading.NotAllowed:
        return
    assert path.startswith("/v1/")
    assert not any(c in path for c in " \r\n#\\")
