"""What leaves the pipeline after each commit: only sequence numbers that are durable already, in journal order."""

from dataclasses import dataclass, field

from fluxdesk.core.views import TradeView
from fluxdesk.launches.prints import Print


@dataclass(frozen=True, slots=True)
class Publication:
    """One step of the pipeline.

    Attributes:
        first_seq, last_seq: The journal numbers this step covers.
        seqs, items: Each new row's number and its `EventItem` as JSON bytes, in order.
        touched: Keys of tokens whose numbers changed.
        new: Keys of tokens first seen in this step.
        drawn: Decided prints of watched tokens, oldest first.
    """

    first_seq: int
    last_seq: int
    seqs: list[int]
    items: list[bytes]
    touched: set[str]
    new: list[str]
    drawn: list[tuple[str, Print, TradeView]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of the items."""
        return sum(map(len, self.items))
