"""Whatever a file, an address or a picture holds, it is read or refused by name, never a defect."""

import io
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from fluxdesk.core.clock import SystemClock
from fluxdesk.core.endpoint import BadEndpoint, Endpoint
from fluxdesk.launches.metadata.errors import NotAllowed
from fluxdesk.launches.metadata.picture_child import Refused, small_png
from fluxdesk.launches.metadata.uris import WebAddress, parse_web, redirected, to_try
from fluxdesk.launches.sources.evm_logs import quantity
from fluxdesk.launches.sources.recordings import NotReadable, Recorded, Stamp, read_file

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["transaction", "meta", "slot", "logs", "signature", "context", "value", "topics", "address"]
            )
            | st.sampled_from(
                ["result", "blockTime", "program", "program_data", "transactions", "blockhash", "timestamp"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def documents(content: bytes, name: str) -> list[Recorded | NotReadable]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return list(read_file(path, Stamp("file", SystemClock())))


@given(st.binary(max_size=300), st.sampled_from(["x.json", "x.jsonl"]))
@example(b"SQLite format 3\x00" + b"\x00" * 4096, "x.json")
def test_any_bytes_in_a_file_are_documents_or_said_to_be_unreadable(content: bytes, name: str) -> None:
    for item in documents(content, name):
        assert isinstance(item, (Recorded, NotReadable))


@given(st.lists(JSON, max_size=5))
def test_any_json_gives_documents_whose_bytes_stand_in_the_file(values: list[object]) -> None:
    import msgspec

    content = b"\n".join(msgspec.json.encode(value) for value in values)
    for item in documents(content, "x.jsonl"):
        if isinstance(item, Recorded):
            assert item.raw.payload in content
            assert item.raw.slot is None or isinstance(item.raw.slot, int)


@given(st.text(max_size=80) | st.text(alphabet="wsh:/@[]%?#.1aé\u202e \\", max_size=40).map("wss://".__add__))
@example("wss:// #")
def test_any_text_is_an_endpoint_or_refused_and_its_key_never_shows(text: str) -> None:
    try:
        endpoint = Endpoint.parse(text, ("ws", "wss"))
    except BadEndpoint:
        return
    assert "?" not in endpoint.shown
    assert "@" not in endpoint.shown
    endpoint.http()
    endpoint.scrub(text)


@given(st.text(max_size=80) | st.text(alphabet="ipfsarht:/@[]%?#.1é\u202e \\", max_size=40).map("https://".__add__))
def test_any_text_is_a_web_address_or_refused_and_what_is_sent_holds_no_line_break(text: str) -> None:
    try:
        addresses = to_try(text, ("https://gateway.example/ipfs/",))
        addresses.append(redirected(parse_web("https://a.example/b/c"), text))
    except NotAllowed:
        return
    for address in addresses:
        assert isinstance(address, WebAddress)
        assert not set(address.authority + address.target) & set("\r\n \t\x00")
        assert address.target.isascii()
        assert 0 < address.port < 65_536


@given(st.text(max_size=80))
def test_any_text_is_a_quantity_or_none(text: str) -> None:
    assert quantity(text) is None or quantity(text) >= 0


def _pictures() -> list[bytes]:
    made = []
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        out = io.BytesIO()
        Image.effect_noise((24, 16), 50).convert("RGB").save(out, kind)
        made.append(out.getvalue())
    return made


@settings(max_examples=300)
@given(
    st.sampled_from(_pictures()), st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=6), st.data()
)
def test_any_damage_to_a_picture_is_a_small_png_or_a_refusal(
    picture: bytes, damage: list[tuple[int, int]], data: st.DataObject
) -> None:
    damaged = bytearray(picture)
    for at, value in damage:
        damaged[at % len(damaged)] = value
    cut = data.draw(st.integers(0, len(damaged)))
    for body in (bytes(damaged), bytes(damaged[:cut])):
        try:
            shown = small_png(body)
        except Refused:
            continue
        assert shown.startswith(b"\x89PNG")
