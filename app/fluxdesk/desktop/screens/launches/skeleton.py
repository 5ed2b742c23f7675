"""The skeleton of the Launches table: bars in the geometry of real rows while the first ones are on their way."""

from collections.abc import Sequence

from fluxdesk.desktop.qt import AA, QPainter, QRectF, Qt
from fluxdesk.desktop.screens.launches.cells import Span
from fluxdesk.desktop.screens.launches.columns import Column
from fluxdesk.desktop.theme import look


def paint_skeleton(
    p: QPainter, columns: Sequence[Column], spans: Sequence[Span], width: int, height: int, row_height: int
) -> None:
    """Fills `width` by `height` pixels with fading rows."""
    px = look().px
    p.setRenderHint(AA)
    p.setPen(Qt.PenStyle.NoPen)
    for row in range(height // row_height + 1):
        y, strength = row * row_height, max(40, 255 - row * 18)
        strong, faint = look().colour("line_strong", strength), look().colour("line_strong", strength // 2)
        p.setBrush(strong)
        p.drawRoundedRect(QRectF(16, y + px(8), px(28), px(28)), 6, 6)
        p.drawRoundedRect(QRectF(px(28) + 26, y + px(10), 56 + row * 37 % 34, px(8)), 3, 3)
        p.setBrush(faint)
        p.drawRoundedRect(QRectF(px(28) + 26, y + px(26), 96 + row * 53 % 40, px(6)), 3, 3)
        for span in spans:
            if not span.place:
                continue
            right = columns[span.place].right
            left, room = span.left + 8, span.width - 16
            bar = room * (0.62 if right else 0.86) - row * 7 % 9
            p.drawRoundedRect(QRectF(left + (room - bar if right else 0), y + px(18), bar, px(8)), 3, 3)
        p.fillRect(QRectF(0, y + row_height - 1, width, 1), look().colour("line"))
