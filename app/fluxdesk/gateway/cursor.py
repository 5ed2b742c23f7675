"""Cursors of paginated answers: opaque text that says where the page before ended, so that new rows shift nothing."""

import base64
import binascii
from typing import TypeVar

import msgspec

from fluxdesk.gateway.desk import BadRequest

T = TypeVar("T")
MAX_CHARS = 512


def write(place: object) -> str:
    """The cursor after this place (a struct or tuple of plain values)."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()


def read(cursor: str, kind: type[T]) -> T:
    """The place a cursor names. Raises `BadRequest` for one that this node did not write."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(text, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise BadRequest("The cursor is not one this node gave out; start again without it.") from error
