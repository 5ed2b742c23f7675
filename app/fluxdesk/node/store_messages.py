"""What node and store process say to each other: JSON, since amounts have up to 256 bits, each with its length."""

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from fluxdesk.core.views import GapView
from fluxdesk.store.facts import GhostPrint, LearntPool, Line, Race, Sighting, TokenSave, is_line, line_of

PART = 250
"""Sightings in one message: half a millisecond of work, so that no other thread waits longer for the interpreter."""
MAX_FRAME = 256 * 1024 * 1024


class Begin(msgspec.Struct, tag="begin", tag_field="op", kw_only=True):
    """A batch, all but its sightings. What was sent of an unfinished one before is forgotten."""

    through_seq: int
    races: list[Race]
    ghosts: list[GhostPrint]
    tokens: list[TokenSave]
    pools: list[LearntPool]
    gaps: list[GapView]
    notes: dict[str, bytes]


class Part(msgspec.Struct, tag="part", tag_field="op"):
    """More sightings of the batch: trades in their flat form, and all else."""

    lines: list[list[Any]]
    others: list[Sighting]


class Commit(msgspec.Struct, tag="commit", tag_field="op"):
    """Write the batch; answered by `Done`, `Full` or `Failed`."""


class Describe(msgspec.Struct, tag="describe", tag_field="op"):
    """Keep a token's description for the search; answered like a commit."""

    network: str
    mint: str
    text: str


class Hello(msgspec.Struct, tag="hello", tag_field="op"):
    """The tables are open."""

    checkpoint: int


class Done(msgspec.Struct, tag="done", tag_field="op"):
    """It is durable."""


class Full(msgspec.Struct, tag="full", tag_field="op"):
    """The disk takes no more; nothing of it was written."""

    message: str


class Failed(msgspec.Struct, tag="failed", tag_field="op"):
    """The tables cannot be used, or a defect; the process ends after it."""

    message: str
    expected: bool
    """True for what a user can act on."""


Request = Begin | Part | Commit | Describe
Reply = Hello | Done | Full | Failed
encode = msgspec.json.Encoder().encode
_read_request = msgspec.json.Decoder(Request).decode
_read_reply = msgspec.json.Decoder(Reply).decode


def read_request(body: bytes) -> Request:
    """Raises `msgspec.DecodeError`."""
    request: Request = _read_request(body)
    return request


def read_reply(body: bytes) -> Reply:
    """Raises `msgspec.DecodeError`."""
    reply: Reply = _read_reply(body)
    return reply


def part_of(sightings: Iterable[Sighting]) -> "Part":
    """A message of these sightings, fit to be sent."""
    lines: list[Line] = []
    others: list[Sighting] = []
    for sighting in sightings:
        if is_line(sighting.row):
            lines.append(line_of(sighting))
        else:
            others.append(sighting)
    return Part(lines, others)  # type: ignore[arg-type] # tuples are sent like lists


def send(stream: IO[bytes], message: Request | Reply) -> None:
    """Writes one frame. Raises `BrokenPipeError` when the other side is gone."""
    body = encode(message)
    stream.write(len(body).to_bytes(4, "big"))
    stream.write(body)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The body of the next frame; None when the other side is gone."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    length = int.from_bytes(head, "big")
    if length > MAX_FRAME:
        return None
    body = stream.read(length)
    return body if len(body) == length else None
