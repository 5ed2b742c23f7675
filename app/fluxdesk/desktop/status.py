"""What the status bar says, from the node's state, its sources and its figures. Pure."""

from collections.abc import Sequence

from fluxdesk.core.views import SourceView, StatusView
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.widgets.status_bar import Figure, Lamp

_C = "Status"


def lamps(node: NodeState, sources: Sequence[SourceView]) -> list[Lamp]:
    """One lamp a source; with the node down, none of them has a signal."""
    if node.phase == "stopped":
        first = Lamp("down", tr(_C, "Node stopped {time}", time=words.clock(node.since_s)), "")
        return [first, *(Lamp("down", words.remote(s.id, 16), tr(_C, "no signal")) for s in sources)]
    if node.phase == "silent":
        return [Lamp("slow", tr(_C, "Node silent since {time}", time=words.clock(node.since_s)), "")]
    if node.phase == "starting":
        return [Lamp("connecting", tr(_C, "Starting the node"), "")]
    if node.phase == "reading" and not sources:
        return [Lamp("connecting", tr(_C, "Reading what the node knows"), "")]
    return [Lamp(s.state, words.remote(s.id, 16), _lamp_words(s)) for s in sources]


def _lamp_words(source: SourceView) -> str:
    if source.state == "down":
        return tr(_C, "down")
    if source.state == "paused":
        return tr(_C, "paused")
    if source.state == "connecting":
        return tr(_C, "connecting")
    if source.state == "done":
        return tr(_C, "read")
    return words.duration_ms(source.lag_ms) if source.lag_ms is not None else tr(_C, "up")


def figures(node: NodeState, status: StatusView | None, round_trip_ms: float | None) -> list[Figure]:
    """The node's own figures."""
    if status is None:
        return []
    out = []
    if status.journal_message:
        out.append(Figure(words.remote(status.journal_message, 80), warns=True))
    if node.phase == "stopped":
        if status.last_slot is not None:
            out.append(Figure(tr(_C, "Gap open since slot {slot}", slot=f"{status.last_slot:,}"), warns=True))
        out.append(Figure(tr(_C, "Journal {size}", size=words.size(status.journal_bytes))))
        return out
    if status.last_slot is not None:
        out.append(Figure(tr(_C, "Slot {slot}", slot=f"{status.last_slot:,}")))
    out.append(Figure(plural(_C, status.open_gaps, "{n} open gap", "{n} open gaps"), warns=status.open_gaps > 0))
    out.append(
        Figure(
            tr(
                _C,
                "{n} events/s",
                n=words.short_number(status.events_per_s)
                if status.events_per_s >= 10
                else f"{status.events_per_s:.1f}",
            )
        )
    )
    if round_trip_ms is not None:
        out.append(Figure(tr(_C, "Node {time}", time=words.duration_ms(round_trip_ms))))
    out.append(Figure(tr(_C, "Journal {size}", size=words.size(status.journal_bytes))))
    return out
