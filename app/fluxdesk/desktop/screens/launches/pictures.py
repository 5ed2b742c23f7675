"""Pictures of the rows that are in sight: a row is painted when what it shows has changed, otherwise put back whole.

Painting a row takes about a millisecond, putting its picture back a hundredth of it. A frame paints changed rows for
a few milliseconds only, and at least one; those that are left show what they showed until the next frame, a moment
later. A row that has no picture yet is painted at once, so that nothing is ever blank.
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
        self._until_s = 0.0
        self._painted = 0

    def begin(self, ground: Ground) -> None:
        """A frame begins."""
        if ground != self._ground:
            self._ground = ground
            self._made.clear()
        self.behind = False
        self._painted = 0
        self._until_s = time.perf_counter() + FRAME_S

    def draw(self, p: QPainter, top: int, view: LaunchView, selected: bool, hovered: bool) -> None:
        """One row at a height. A change of selection or hover is never late."""
        state = (self._painter.age(view), self._painter.young(view), selected, hovered)
        known = self._made.get(view.mint)
        fits = known is not None and known.state[2:] == state[2:]
        if known is None or not fits or not self._current(known, view, state):
            if fits and self._painted and time.perf_counter() >= self._until_s:
                self.behind = True
            else:
                self._painted += 1
                known = _Picture(view, state, self._paint(view, selected, hovered))
                self._made[view.mint] = known
        assert known is not None
        p.drawPixmap(0, top, known.image)

    def keep(self, mints: Iterable[str]) -> None:
        """Lets go of the pictures of rows that are out of sight."""
        self._made = {mint: self._made[mint] for mint in mints if mint in self._made}

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
