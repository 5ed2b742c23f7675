"""Reading metadata documents that mean harm, or are only odd."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.launches.metadata.document import DESCRIPTION_MAX, read_document
from fluxdesk.launches.metadata.errors import NotAllowed, NotFetched


def read(**fields: object) -> dict[str, str | None]:
    document = read_document(json.dumps(fields).encode())
    return {name: getattr(document, name) for name in ("description", "website", "twitter", "telegram", "image")}


def test_the_usual_fields_are_kept() -> None:
    assert read(
        name="N", description=" About. ", image="ipfs://x", website="https://a.example", twitter="https://x.com/a", telegram="http://t.me/a"
    ) == {
        "description": "About.",
        "image": "ipfs://x",
        "website": "https://a.example",
        "twitter": "https://x.com/a",
        "telegram": "http://t.me/a",
    }  # fmt: skip


def test_links_may_stand_in_extensions() -> None:
    assert read(extensions={"website": "https://a.example"}, twitter="")["website"] == "https://a.example"


@pytest.mark.parametrize(
    "link",
    [
        *("javascript:alert(1)", "@handle", "x.com/a", "https://a.example/\u202egnp.exe", "https://u:p@a.example"),
        *(5, None, "https://" + "a" * 600),
    ],
)
def test_a_link_that_is_not_a_plain_web_address_is_left_out(link: object) -> None:
    assert read(website=link)["website"] is None


def test_long_text_is_cut_and_control_characters_stay_for_the_screen_to_mark() -> None:
    said = read(description="\u202e\x07" + "d" * 10_000)["description"]
    assert said is not None
    assert len(said) == DESCRIPTION_MAX
    assert said.startswith("\u202e\x07d")


def test_wrong_types_are_as_if_missing() -> None:
    assert set(read(description=5, image=["x"], website={}, twitter=True).values()) == {None}


def test_deep_nesting_is_refused_and_brackets_in_text_are_not_nesting() -> None:
    with pytest.raises(NotAllowed, match="nested"):
        read_document(b'{"a":' + b"[" * 100_000)
    assert read_document(b'{"description":"' + b"[{" * 500 + b'"}').description


@pytest.mark.parametrize("body", [b"", b"[]", b"5", b"{", b"\xff\xfe{}", b"<html>", b'{"a":"\xff"}'])
def test_what_is_no_json_object_is_said(body: bytes) -> None:
    with pytest.raises(NotFetched, match="JSON"):
        read_document(body)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_document(b'\xef\xbb\xbf{"description":"x"}').description == "x"


@given(st.binary(max_size=400))
def test_no_body_raises_anything_else(body: bytes) -> None:
    try:
        read_document(body)
    except (NotAllowed, NotFetched):
        return
