"""Python's garbage collector, kept out of the way of what the user looks at.

Nearly everything dies by reference counting; the collector is for cycles. Walking all that lives takes tens of
milliseconds, so that is done when nobody looks, and otherwise seldom.
"""

import gc
import time
from collections.abc import Callable

from fluxdesk.desktop.qt import QObject, QTimer, Slot

YOUNG_OBJECTS = 5_000
"""How many new objects there may be before the young ones are walked: under a millisecond."""
NEVER = 1_000_000
LOOK_EVERY_MS = 30_000
UNSEEN_EVERY_S = 60.0
SEEN_EVERY_S = 900.0


class Collector(QObject):
    """Decides when everything is walked. `seen` says whether the user looks at the window."""

    def __init__(self, parent: QObject, seen: Callable[[], bool]) -> None:
        super().__init__(parent)
        self._seen = seen
        self._last_s = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """What was loaded up to here stays for good and is never walked again; from here on only the young ones are
        walked as they come.
        """
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS, NEVER, NEVER)
        gc.enable()
        self._timer.start()

    def stop(self) -> None:
        """The window is about to go."""
        self._timer.stop()

    @Slot()
    def look(self) -> None:
        """Walks everything when it is time."""
        waited_s = time.monotonic() - self._last_s
        if waited_s >= (SEEN_EVERY_S if self._seen() else UNSEEN_EVERY_S):
            gc.collect()
            self._last_s = time.monotonic()
