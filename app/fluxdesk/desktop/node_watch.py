"""From what process and connection say to one state of the node: starting, reading, up, silent, stopped."""

import time
from typing import TYPE_CHECKING

from fluxdesk.desktop.qt import QObject, QTimer, Signal, Slot
from fluxdesk.desktop.state import NodeState

if TYPE_CHECKING:
    from fluxdesk.client.link import Link

SILENT_AFTER_S = 3.0
"""How long the connection may be gone before the node is called silent."""
LOOK_EVERY_MS = 500


class NodeWatch(QObject):
    """Follows one node after the other.

    Signals:
        changed: The new `NodeState`, at each change and each half second of a countdown.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.state = NodeState(phase="starting", since_s=time.time())
        self.last_slot: int | None = None
        """The last slot the node told of, for what was kept when it ends."""
        self._retry_at_s: float | None = None
        self._down_since_s: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Counts down and notices silence from now on."""
        self._timer.start()

    def stop(self) -> None:
        """No more signals by the clock."""
        self._timer.stop()

    @Slot(int)
    def began(self, tries: int = 0) -> None:
        """A process was started, for the so-manieth time since it last ran well; 0 when it is about to be."""
        self._retry_at_s = None
        self._become(NodeState(phase="starting", since_s=time.time(), tries=tries))

    @Slot(str, object)
    def ended(self, reason: str, retry_s: float | None) -> None:
        """The process ended; it is started again by itself in so many seconds, or never."""
        self._retry_at_s = None if retry_s is None else time.monotonic() + retry_s
        self._down_since_s = None
        self._become(self._stopped(time.time(), reason, retry_s))

    @Slot(object)
    def linked(self, link: "Link") -> None:
        """The connection changed."""
        phase = self.state.phase
        if link.state == "up":
            self._down_since_s = None
            if phase in ("starting", "silent", "stopped"):
                self._become(NodeState(phase="reading", since_s=time.time()))
        elif phase in ("up", "reading") and self._down_since_s is None:
            self._down_since_s = time.monotonic()

    def heard(self) -> None:
        """It said what it knows."""
        if self.state.phase != "up":
            self._become(NodeState(phase="up", since_s=time.time()))

    @Slot()
    def _look(self) -> None:
        state = self.state
        if state.phase == "stopped" and self._retry_at_s is not None:
            left_s = max(0.0, self._retry_at_s - time.monotonic())
            self._become(self._stopped(state.since_s, state.reason, left_s))
        elif self._down_since_s is not None and time.monotonic() - self._down_since_s >= SILENT_AFTER_S:
            self._down_since_s = None
            if state.phase in ("up", "reading"):
                self._become(NodeState(phase="silent", since_s=time.time() - SILENT_AFTER_S))

    def _stopped(self, since_s: float, reason: str, retry_in_s: float | None) -> NodeState:
        return NodeState(
            phase="stopped",
            since_s=since_s,
            reason=reason,
            last_slot=self.last_slot,
            retry_in_s=retry_in_s,
            tries=self.state.tries,
        )

    def _become(self, state: NodeState) -> None:
        self.state = state
        self.changed.emit(state)
