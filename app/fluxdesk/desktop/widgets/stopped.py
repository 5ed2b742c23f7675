"""The page every screen shows when the node is not running: what was kept, what is not recorded, one thing to do."""

from collections.abc import Callable

from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.state import NodeState
from fluxdesk.desktop.widgets.basics import Button
from fluxdesk.desktop.widgets.state_page import StatePage

_C = "Node"


def stopped_lines(state: NodeState, launches: int) -> list[str]:
    """Sentences for a stopped node: kept, not recorded, what happens by itself."""
    kept = plural(_C, launches, "{n} launch", "{n} launches")
    lines = []
    if state.reason:
        lines.append(state.reason)
    if state.last_slot is not None:
        lines.append(
            tr(_C, "Kept: {launches} and every event up to slot {slot}.", launches=kept, slot=f"{state.last_slot:,}")
        )
    else:
        lines.append(tr(_C, "Kept: {launches} and every event it acknowledged.", launches=kept))
    lines.append(
        tr(
            _C,
            "Not recorded since: new launches and trades. They are filled in after the start, or the gap stays marked.",
        )
    )
    if state.retry_in_s is not None:
        wait = max(1, round(state.retry_in_s))
        lines.append(tr(_C, "It is started again by itself in {n} s.", n=wait))
    elif state.tries:
        lines.append(
            tr(_C, "It was started {n} times without success and is not tried again by itself.", n=state.tries)
        )
    return lines


def show_stopped(
    page: StatePage, state: NodeState, launches: int, start: Callable[[], object], show_log: Callable[[], object]
) -> None:
    """Puts the stopped node onto a page. Called again each second, so the buttons are kept while they fit."""
    title = tr(_C, "The node stopped at {time}", time=words.clock(state.since_s))
    lines = stopped_lines(state, launches)
    kept = page.buttons()
    if len(kept) == 2 and page.title == title:
        page.set_lines(lines)
        return
    first = Button(tr(_C, "Start the node"), "primary")
    first.clicked.connect(start)
    second = Button(tr(_C, "Open the log"), icon="file")
    second.clicked.connect(show_log)
    page.show_state("unplug", "sell", title, lines, [first, second])
