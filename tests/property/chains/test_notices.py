"""The short way through a `logsNotification` says what the JSON way says, or says nothing."""

import json
from base64 import b64encode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.chains.solana.logs import read_logs
from fluxdesk.chains.solana.notices import read_notice, read_notified
from fluxdesk.core.events import Raw, Shape
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.decode import decode_found, decode_raw
from fluxdesk.launches.inputs import find
from fluxdesk.native import kernel
from needs import require

PUMP = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"
PROGRAMS = (PUMP, "B" * 44)
line = st.one_of(
    st.sampled_from(
        [f"Program {PUMP} invoke [1]", f"Program {PUMP} success", "Program log: Instruction: Buy", "", "\\"]
    ),
    st.binary(max_size=90).map(lambda b: "Program data: " + b64encode(b).decode()),
    st.text(max_size=24),
    st.text(st.characters(max_codepoint=127), max_size=24),
    st.just(f"Program {PUMP} failed: custom program error: 0x1"),
)
result = st.fixed_dictionaries(
    {
        "context": st.fixed_dictionaries({"slot": st.integers(0, 2**66)}),
        "value": st.fixed_dictionaries(
            {
                "signature": st.text("123abcXYZ", min_size=1, max_size=88),
                "err": st.none() | st.just({"InstructionError": [0, "Custom"]}),
                "logs": st.lists(line, max_size=12),
            }
        ),
    }
)


@pytest.fixture(autouse=True, scope="module")
def _needs_the_kernel() -> None:
    require("the C kernel", kernel(), "python -m fluxdesk.native.build")


def frame_of(body: bytes, subscription: int = 7) -> bytes:
    head = b'{"jsonrpc":"2.0","method":"logsNotification","params":{"result":'
    return head + body + b',"subscription":%d}}' % subscription


@given(result)
def test_what_is_read_is_what_the_json_holds(value: dict[str, dict[str, object]]) -> None:
    body = msgspec.json.encode(value)
    read = read_notified(body, PROGRAMS)
    notice = read_notice(frame_of(body))
    if read is not None:
        logs = value["value"]["logs"]
        assert isinstance(logs, list)
        assert value["value"]["err"] is None
        assert read == (value["context"]["slot"], value["value"]["signature"], read_logs(logs, PROGRAMS))
    if notice is not None:
        assert notice == (7, value["context"]["slot"], value["value"]["signature"], body)


@given(result)
def test_rows_are_the_same_either_way(value: object) -> None:
    body = msgspec.json.encode(value)
    raw = Raw("a", "solana", Shape.SOLANA_LOGS, None, 0, 0, body)
    slow = [row for found in find(json.loads(body)) for row in decode_found(found, DecodeContext())]
    assert decode_raw(raw, DecodeContext()) == slow


@given(result, st.data())
def test_what_no_json_parser_takes_is_not_taken(value: object, data: st.DataObject) -> None:
    whole = bytearray(frame_of(msgspec.json.encode(value)))
    at = data.draw(st.integers(0, len(whole) - 1))
    how = data.draw(st.sampled_from(["cut", "change", "insert"]))
    if how == "cut":
        del whole[at:]
    elif how == "change":
        whole[at] = data.draw(st.integers(0, 255))
    else:
        whole.insert(at, data.draw(st.integers(0, 255)))
    frame = bytes(whole)
    if read_notice(frame) is not None:
        json.loads(frame)
    body = frame.partition(b'"result":')[2].rpartition(b',"subscription"')[0]
    if read_notified(body, PROGRAMS) is not None:
        json.loads(body)


def test_the_form_that_servers_write_takes_the_short_way() -> None:
    logs = [f"Program {PUMP} invoke [1]", "Program data: AAAA", f"Program {PUMP} success"]
    body = msgspec.json.encode(
        {"context": {"slot": 12}, "value": {"signature": "5x", "err": None, "logs": logs}},
    )
    assert read_notified(body, PROGRAMS) == (12, "5x", read_logs(logs, PROGRAMS))
    assert read_notice(frame_of(body)) == (7, 12, "5x", body)
