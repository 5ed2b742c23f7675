"""Pictures of the rows that are in sight: a row is painted when what it shows has changed, otherwise put back whole.

Painting a row takes about a millisecond, putting its picture back a hundredth of it. A frame paints changed rows for
a few milliseconds only, and at least one; those that are left show what they showed until the next frame, a moment
later. Rows that have no picture yet, as after a change of tab, get a little longer; what is left of them is bare ground
for that moment, so that no frame keeps the window from its user.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from fluxdesk.core.views import LaunchView
from fluxdesk.desktop.qt import QPainter, QPixmap, QRect
from fluxdesk.desktop.screens.launches.cells import RowPainter, Span
from fluxdesk.desktop.theme import look

FRAME_S = 0.004
"""How long one frame may paint rows that have a picture already."""
FRESH_FRAME_S = 0.006
"""How long one frame may paint rows that have none."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every picture depends on: the width of the columns, the look, the density of the screen."""

    spans: tuple[Span, ...]
    width: int
    height: int
    look: tuple[str, int]
    ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    view: LaunchView
    state: tuple[str, bool, bool, bool]
    image: QPixmap


class RowPictures:
    """Pictures by mint, made for one ground. Use: `begin` a frame, `draw` its rows, then ask `behind`."""

    def __init__(self, painter: RowPainter) -> None:
        self.behind = False
        """Whether a row of this frame shows an older state."""
        self._painter = painter
        self._made: dict[str, _Picture] = {}
        self._ground: Ground | None = None
        self._began_s = 0.0
        self._painted = 0

    def begin(self, ground: Ground) -> None:
        """A frame begins."""
        if ground != self._ground:
            self._ground = ground
            self._made.clear()
        self.behind = False
        self._painted = 0
        self._began_s = time.perf_counter()

    def draw(self, p: QPainter, top: int, view: LaunchView, selected: bool, hovered: bool) -> None:
        """One row at a height. A change of selection or hover is never late."""
        state = (self._painter.age(view), self._painter.young(view), selected, hovered)
        known = self._made.get(view.mint)
        fits = known is not None and known.state[2:] == state[2:]
        if known is None or not fits or not self._current(known, view, state):
            if self._painted and (fits or known is None) and self._late(FRAME_S if fits else FRESH_FRAME_S):
                self.behind = True
            else:
                self._painted += 1
                known = _Picture(view, state, self._paint(view, selected, hovered))
                self._made[view.mint] = known
        if known is not None:
            p.drawPixmap(0, top, known.image)
        else:
            assert self._ground is not None
            p.fillRect(QRect(0, top + self._ground.height - 1, self._ground.width, 1), look().colour("line"))

    def keep(self, mints: Iterable[str]) -> None:
        """Lets go of the pictures of rows that are out of sight."""
        self._made = {mint: self._made[mint] for mint in mints if mint in self._made}

    def _late(self, limit_s: float) -> bool:
        return time.perf_counter() - self._began_s >= limit_s

    @staticmethod
    def _current(known: _Picture, view: LaunchView, state: tuple[str, bool, bool, bool]) -> bool:
        return known.view is view and known.state == state

    def _paint(self, view: LaunchView, selected: bool, hovered: bool) -> QPixmap:
        ground, now = self._ground, look()
        assert ground is not None
        image = QPixmap(round(ground.width * ground.ratio), round(ground.height * ground.ratio))
        image.setDevicePixelRatio(ground.ratio)
        image.fill(now.colour("panel"))
        p = QPainter(image)
        if selected or hovered:
            p.fillRect(QRect(0, 0, ground.width, ground.height), now.colour("selected" if selected else "hover"))
        if selected:
            p.fillRect(QRect(0, 0, 3, ground.height), now.colour("accent"))
        p.fillRect(QRect(0, ground.height - 1, ground.width, 1), now.colour("line"))
        self._painter.paint(p, ground.spans, ground.height, view)
        p.end()
        return image
