"""Frames as text. Events are joined from parts that were encoded once for all clients; msgspec writes the rest."""

import msgspec

from fluxdesk.core.views import ClientMessage, Denied, ServerMessage

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ClientMessage).decode
MAX_REQUEST_BYTES = 4_096


class BadMessage(Exception):
    """A client's message is not one of ours; the text says what is."""


def frame(message: ServerMessage) -> str:
    """Any frame as text."""
    return _encode(message).decode()


def events_frame(seq: int, items: list[bytes], dropped: int) -> str:
    """An `EventsFrame` of already encoded items."""
    return (b'{"op":"events","seq":%d,"items":[%b],"dropped":%d}' % (seq, b",".join(items), dropped)).decode()


def read_request(text: str) -> ClientMessage:
    """A client's message. Raises `BadMessage`."""
    if len(text) > MAX_REQUEST_BYTES:
        raise BadMessage(f"A message has at most {MAX_REQUEST_BYTES:,} characters.")
    try:
        message: ClientMessage = _decode(text)
        return message
    except msgspec.MsgspecError as error:
        raise BadMessage(
            f"The message was not understood ({error}). "
            'Example: {"op":"subscribe","topic":"launches","since":null,"every":false}'
        ) from error


def denied(detail: str) -> str:
    """A `Denied` frame."""
    return frame(Denied(detail=detail))
