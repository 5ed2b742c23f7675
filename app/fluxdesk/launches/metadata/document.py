"""Reading a token's metadata document: JSON of bounded size and depth, of which a few strings are kept.

Text is cut to a sane length and otherwise left as it is: the screen shows it as plain text and marks control and
bidirectional characters. A link is kept only when it is an http(s) address without credentials or odd characters."""

import re
from typing import Any

import msgspec

from fluxdesk.launches.metadata.errors import NotAllowed, NotFetched
from fluxdesk.launches.metadata.uris import URI_MAX, parse_web

DEPTH_MAX = 16
DESCRIPTION_MAX = 2_000
LINK_MAX = 512
_STEPS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a metadata document."""

    description: str | None = None
    website: str | None = None
    twitter: str | None = None
    telegram: str | None = None
    image: str | None = None
    """The picture's `uri` as stated; not yet checked."""


def read_document(content: bytes) -> Document:
    """The document in a body.

    Raises:
        NotAllowed: It is nested too deeply.
        NotFetched: It is not a JSON object.
    """
    if content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    if _depth(content) > DEPTH_MAX:
        raise NotAllowed(f"the document is nested more than {DEPTH_MAX} levels deep")
    try:
        value = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotFetched("the document is not JSON") from None
    if not isinstance(value, dict):
        raise NotFetched("the document is not a JSON object")
    nested = value.get("extensions")
    places = [value, nested] if isinstance(nested, dict) else [value]
    image = _text(value.get("image"), URI_MAX + 1)
    return Document(
        description=_text(value.get("description"), DESCRIPTION_MAX),
        website=_link(places, "website", "external_url", "externalUrl"),
        twitter=_link(places, "twitter", "x"),
        telegram=_link(places, "telegram"),
        image=image if image and len(image) <= URI_MAX else None,
    )


def _depth(content: bytes) -> int:
    """The deepest nesting, strings left out of account."""
    depth = deepest = 0
    for step in _STEPS.finditer(content):
        token = step.group()
        if token in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token in b"]}":
            depth -= 1
    return deepest


def _text(value: object, limit: int) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.encode("utf-8", "replace").decode("utf-8").strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _link(places: list[dict[str, Any]], *names: str) -> str | None:
    for place in places:
        for name in names:
            value = place.get(name)
            if isinstance(value, str) and 0 < len(value.strip()) <= LINK_MAX:
                try:
                    parse_web(value.strip())
                except NotAllowed:
                    continue
                return value.strip()
    return None
