"""Bytes on which the decoder fails are one refused row; what stands beside them is taken in all the same."""

from pathlib import Path

from fluxdesk.core.events import Kind, Raw, Row, Shape
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.journal import SqliteJournal
from fluxdesk.launches.pipeline import NoArchive, Pipeline


def raw(payload: bytes) -> Raw:
    return Raw("a", "solana", Shape.AUTO, 7, 1, 1, payload)


def decode(raw: Raw, _: DecodeContext) -> list[Row]:
    if raw.payload == b"poison":
        raise KeyError("a defect")
    return [Row(kind=Kind.UNKNOWN, signature=raw.payload.decode(), reason=Reason.NO_KNOWN_PROGRAM)]


def test_bytes_that_the_decoder_fails_on_stop_neither_their_batch_nor_the_next_start(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal.sqlite")
    batch = [raw(b"one"), raw(b"poison"), raw(b"two")]
    Pipeline(journal, DecodeContext(), NoArchive(), decode=decode).append(batch)
    again = Pipeline(journal, DecodeContext(), NoArchive(), decode=decode)
    step = again.take(list(journal.read()))
    journal.close()
    assert [(s.row.kind, s.row.signature, s.row.slot, s.row.reason) for s in again.unsaved] == [
        (Kind.UNKNOWN, "one", None, Reason.NO_KNOWN_PROGRAM),
        (Kind.REFUSED, None, 7, Reason.DECODER_DEFECT),
        (Kind.UNKNOWN, "two", None, Reason.NO_KNOWN_PROGRAM),
    ]
    assert len(step.publication.items) == 3
