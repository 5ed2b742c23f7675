"""A form that words come of, the words, and their trial from paper: for one more wallet, and for one that is there."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QStackedWidget, QWidget, Signal
from fluxdesk.desktop.screens.wallet.backup import AskWords, ShowWords
from fluxdesk.desktop.screens.wallet.security_forms import Form

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import AgentLink


class BackupTrial(QStackedWidget):
    """The three, one after the other.

    Signals:
        left: Back, or done.
        said: A sentence.
    """

    left = Signal()
    said = Signal(str)

    def __init__(self, form: Form, done: str) -> None:
        """`done`: what is said once the words were tried."""
        super().__init__()
        self._link: AgentLink | None = None
        self._words: list[str] = []
        self._first, self._done = form, done
        self.show_words, self.ask_words = ShowWords(), AskWords()
        for part in (form, self.show_words, self.ask_words):
            self.addWidget(part)
        form.left.connect(self.left)
        self.show_words.written.connect(self._try)
        self.ask_words.back_asked.connect(lambda: self.setCurrentIndex(1))
        self.ask_words.passed.connect(self._passed)

    @property
    def home(self) -> QWidget:
        """Where typing begins."""
        return (self._first.home, self.show_words.home, self.ask_words.home)[self.currentIndex()]

    def forget(self) -> None:
        """Takes the words off the screen and out of the widgets."""
        self._words = []
        self._first.forget()
        self.show_words.forget()
        self.ask_words.forget()
        self.setCurrentIndex(0)

    def _kept(self, link: "AgentLink") -> Awaitable[None]:
        """Notes that the user has the words on paper."""
        raise NotImplementedError

    def _show(self, words: object) -> None:
        assert isinstance(words, list)
        self._words = words
        self.show_words.show_words(words)
        self.setCurrentIndex(1)

    def _try(self) -> None:
        self.ask_words.ask(self._words)
        self.show_words.show_button.setChecked(False)
        self.setCurrentIndex(2)

    def _passed(self) -> None:
        link = self._link
        self.forget()
        if link is not None:
            run(self, self._kept(link), lambda _: self._end(), lambda error: self.said.emit(str(error)))

    def _end(self) -> None:
        self.said.emit(self._done)
        self.left.emit()
