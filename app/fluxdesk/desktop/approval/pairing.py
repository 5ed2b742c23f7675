"""The pairing window: the code that the agent computed, to be compared with the one the browser shows."""

from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.approval.hold import HeldButton
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import CENTER, QCloseEvent, QEvent, QShortcut, Qt, QTimer, QWidget, Signal, Slot
from fluxdesk.desktop.theme import dress, look
from fluxdesk.desktop.widgets.basics import Button, Key, Label, Picture, frame, hbox, rule, vbox
from fluxdesk.desktop.words import remote
from fluxdesk_host.agent.owner import Codes

_C = "Pairing"
CLOSES_MS = 120_000


class PairingWindow(QWidget):
    """One pairing at a time; a newer one takes the place of the one shown, which is refused.

    Signals:
        said: A sentence for the main window.
    """

    said = Signal(str)

    def __init__(self, link: AgentLink) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(tr(_C, "Fluxdesk: pair a browser"))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._link = link
        self.codes: Codes | None = None
        self._who = Label("", "h2", wrap=True)
        self.code = Label("", "hero")
        self.code.setAlignment(CENTER)
        note = tr(
            _C,
            "Compare all digits with those in the popup of the extension. If they are not the same, something is "
            "between the browser and Fluxdesk.",
        )
        self.no_button = Button(tr(_C, "They differ"), "primary", large=True, tip=tr(_C, "Refuse the pairing (Esc)"))
        self.yes_button = HeldButton()
        head = hbox(
            Picture("icon", "link", "accent", 18),
            Label(tr(_C, "Pair a browser"), "title"),
            None,
            margins=(24, 16, 24, 14),
        )
        body = vbox(
            self._who,
            Label(note, "body", "text2", wrap=True),
            frame("well", hbox(None, self.code, None, margins=(16, 18, 16, 18))),
            None,
            gap=14,
            margins=(24, 18, 24, 18),
        )
        foot = hbox(None, Key(tr(_C, "Esc")), self.no_button, self.yes_button, margins=(24, 12, 24, 16))
        self.setLayout(vbox(frame("flat", vbox(head, rule(), body, rule(), foot, gap=0)), gap=0))
        self._closes = QTimer(self)
        self._closes.setSingleShot(True)
        self._closes.setInterval(CLOSES_MS)
        self._closes.timeout.connect(self.refuse)
        self.no_button.clicked.connect(self.refuse)
        self.yes_button.pressed_late.connect(lambda: self._answer(True))
        QShortcut(Qt.Key.Key_Escape, self).activated.connect(self.refuse)
        link.compare.connect(self.show_codes)
        link.changed.connect(self._changed)
        dress(self)
        self.resize(look().px(520), look().px(360))

    @Slot(object)
    def show_codes(self, codes: Codes) -> None:
        """Asks about another pairing."""
        if self.codes is not None and self.codes.session != codes.session:
            self._answer(False)
        self.codes = codes
        self._who.set(tr(_C, "Does {browser} show this code?", browser=remote(codes.browser) or tr(_C, "the browser")))
        half = (len(codes.code) + 1) // 2
        self.code.set(f"{codes.code[:half]} {codes.code[half:]}")
        self.code.setAccessibleName(" ".join(codes.code))
        self.yes_button.offer(tr(_C, "They are the same"), dangerous=False)
        self._closes.start()
        self.show()
        self.raise_()
        self.activateWindow()
        self.no_button.setFocus()

    @Slot()
    def refuse(self) -> None:
        """No, or no answer."""
        self._answer(False)

    def _answer(self, same: bool) -> None:
        codes, self.codes = self.codes, None
        self._closes.stop()
        self.yes_button.let_go()
        self.hide()
        if codes is not None:
            done = tr(_C, "The browser is paired once it says so too.") if same else tr(_C, "The pairing was refused.")
            run(
                self,
                self._link.answer_pairing(codes.session, same),
                lambda _: self.said.emit(done),
                lambda error: self.said.emit(str(error)),
            )

    @Slot(object)
    def _changed(self, state: object) -> None:
        if self._link.state.phase != "up" and self.codes is not None:
            self.codes = None
            self._closes.stop()
            self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Held off from the moment it has the focus."""
        if event.type() == QEvent.Type.ActivationChange:
            if self.isActiveWindow():
                self.yes_button.hold()
            else:
                self.yes_button.let_go()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it is a no."""
        event.ignore()
        self.refuse()

    def finish(self) -> None:
        """The program ends."""
        self._closes.stop()
        self.hide()
        self.deleteLater()
