"""What a screen shows instead of its content: empty, failed, offline. Says what happened, what was kept, what to do."""

from collections.abc import Sequence

from fluxdesk.desktop.qt import CENTER, QWidget
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, clear, frame, hbox, vbox


class StatePage(QWidget):
    """An icon, a title, lines of explanation and at most two buttons in the middle of the room there is."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = Picture("icon", "launches", "accent", 24)
        badge = frame("well", hbox(self._picture, margins=(11, 11, 11, 11)))
        badge.setFixedSize(48, 48)
        self._title = Label("", "h2")
        self._title.setAlignment(CENTER)
        self._text = Label("", "body", "text2", wrap=True)
        self._text.setAlignment(CENTER)
        self._text.setMaximumWidth(640)
        self._text.setMinimumWidth(360)
        self._buttons = hbox(gap=8)
        self.setLayout(
            vbox(
                None,
                hbox(None, badge, None),
                4,
                hbox(None, self._title, None),
                hbox(None, (self._text, 8), None),
                8,
                hbox(None, self._buttons, None),
                None,
                margins=(24, 24, 24, 24),
            )
        )

    def show_state(
        self, icon: str, tone: str, title: str, lines: Sequence[str], buttons: Sequence[Button] = ()
    ) -> None:
        """Shows another state; the page owns the buttons given."""
        self._picture.set(icon, tone)
        self._title.set(title)
        self.setAccessibleName(title)
        self.set_lines(lines)
        clear(self._buttons)
        for button in buttons:
            self._buttons.addWidget(button)

    def set_lines(self, lines: Sequence[str]) -> None:
        """Changes the explanation alone."""
        self._text.set("\n".join(lines))
        self.setAccessibleDescription(" ".join(lines))

    @property
    def title(self) -> str:
        """The title shown."""
        return self._title.words

    def buttons(self) -> list[Button]:
        """The buttons shown, left to right."""
        items = [self._buttons.itemAt(place) for place in range(self._buttons.count())]
        found = [item.widget() for item in items if item is not None]
        return [button for button in found if isinstance(button, Button)]
