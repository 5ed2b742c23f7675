"""Fuzz: whatever a browser sends, the bridge answers in its own words and goes on, or ends."""

import json
import os

from hypothesis import given
from hypothesis import strategies as st

from fluxdesk_host.bridge.identity import CALLER
from fluxdesk_host.bridge.main import Bridge
from fluxdesk_host.protocol import PROTOCOL, messages
from fluxdesk_host.protocol.errors import REFUSALS
from fluxdesk_host.protocol.frames import FrameReader, encode
from property.host.test_protocol import JSON

OPS = st.sampled_from(["hello", "open", "close", "bytes", "start", "approve", "unlock", "", None])
HELLO = encode(json.dumps({"op": "hello", "protocol": PROTOCOL, "version": "x"}).encode())


def answers(wire: bytes) -> list[bytes]:
    """What a bridge in this process says to a browser that sends `wire` and closes."""
    there, to_bridge = os.pipe()
    from_bridge, here = os.pipe()
    try:
        os.write(to_bridge, wire)
        os.close(to_bridge)
        assert Bridge(there, here).run(CALLER) in (0, 1)
    finally:
        os.close(there)
        os.close(here)
    with os.fdopen(from_bridge, "rb") as said:
        return FrameReader().feed(said.read())


@given(st.lists(st.one_of(JSON, st.builds(lambda op, rest: {**rest, "op": op}, OPS, st.dictionaries(st.text(), JSON)))))
def test_every_message_is_answered_in_the_words_of_the_protocol(sent: list[object]) -> None:
    wire = HELLO + b"".join(encode(json.dumps(message).encode()) for message in sent)
    if len(wire) > 60_000:
        return  # more than the pipe of this test holds
    said = answers(wire)
    assert len(said) == 1 + len(sent)
    for body in said:
        message = messages.from_bridge(body)
        if isinstance(message, messages.Failed):
            assert message.code in REFUSALS


@given(st.binary(max_size=500))
def test_any_bytes_end_in_order(wire: bytes) -> None:
    for body in answers(wire):
        assert isinstance(messages.from_bridge(body), messages.Failed | messages.Welcome)
