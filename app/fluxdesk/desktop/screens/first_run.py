"""The first window: practice, live or a recording. Each says what it needs and what it cannot see."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fluxdesk.desktop.endpoints import BadEndpoint, check_endpoint
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QFileDialog, QFrame, QLineEdit, QMenu, QScrollArea, Qt, QWidget, Signal, Slot
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Key, Label, Picture, hbox, rule, vbox
from fluxdesk.desktop.widgets.rail import Logo

_C = "First run"
Mode = Literal["practice", "live", "replay"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user chose: the mode, with the endpoint or the recording where it needs one."""

    mode: Mode
    endpoint: str = ""
    recording: Path | None = None


class Card(QFrame):
    """One way to start."""

    def __init__(
        self, icon: str, title: str, what: str, points: list[tuple[str, str]], verb: str, key: str, *, first: bool
    ) -> None:
        super().__init__()
        self.setProperty("panel", "chosen" if first else "card")
        self.button = Button(verb, "primary" if first else "", large=True)
        self.extra = vbox(gap=6)
        tag = Label(tr(_C, "Start here") if first else "", "small_strong", "accent")
        rows = [
            hbox(vbox(Picture("mark", mark), None), (Label(words, "small", "text2", wrap=True), 1), gap=8)
            for mark, words in points
        ]
        self.setLayout(
            vbox(
                hbox(Picture("icon", icon, "accent" if first else "text2", 32), None, tag),
                8,
                hbox(Label(title, "h2"), None, Key(key)),
                Label(what, "body", "text2", wrap=True),
                4,
                rule(),
                4,
                *rows,
                None,
                8,
                self.extra,
                self.button,
                margins=(20, 20, 20, 20),
            )
        )
        self.setAccessibleName(title)
        self.setAccessibleDescription(what)
        self.restyle()

    def restyle(self) -> None:
        """Takes its size from the text scale in force."""
        self.setFixedWidth(look().px(304) if look().scale < 130 else 380)
        self.setMinimumHeight(look().px(392))


class FirstRun(QWidget):
    """The three ways to start. It can be opened again at any time.

    Signals:
        chosen: A `Choice`.
        left: The user keeps what is running.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._practice = Card(
            "practice",
            tr(_C, "Practice"),
            tr(_C, "A local market with made-up tokens, and chains to pay on with practice money."),
            [
                ("ok", tr(_C, "No account, no network, and none of your keys")),
                ("ok", tr(_C, "Same screens, approvals and checks as live")),
                ("warn", tr(_C, "Prices are generated: skill carries over, profit does not")),
            ],
            tr(_C, "Start practice"),
            "1",
            first=True,
        )
        self._live = Card(
            "live",
            tr(_C, "Live"),
            tr(_C, "Real launches and, if you add a wallet, real payments."),
            [
                ("ok", tr(_C, "Watching needs no key and no account")),
                (
                    "warn",
                    tr(
                        _C,
                        "A free endpoint sees logs only, late and with limits: some launches are missed, "
                        "and each gap is marked",
                    ),
                ),
                ("warn", tr(_C, "The endpoint sees your IP address")),
                ("warn", tr(_C, "Payments spend real money: you approve each, or set limits that do")),
            ],
            tr(_C, "Watch live"),
            "2",
            first=False,
        )
        self._replay = Card(
            "replay",
            tr(_C, "Replay"),
            tr(_C, "A recording, played through the same decoders."),
            [
                ("ok", tr(_C, "No key, no account, no network")),
                ("ok", tr(_C, "The same bytes give the same result, every time")),
                ("warn", tr(_C, "Needs a recording: a file or folder of transactions, or a journal")),
            ],
            tr(_C, "Open a recording"),
            "3",
            first=False,
        )
        self.endpoint = QLineEdit(endpoint)
        self.endpoint.setAccessibleName(tr(_C, "Solana endpoint"))
        self.endpoint.setMaxLength(400)
        set_role(self.endpoint, "mono_micro")
        self.endpoint_error = Label("", "small", "warn", wrap=True)
        self.endpoint_error.hide()
        self._live.extra.addWidget(Label(tr(_C, "Endpoint"), "micro", "text3"))
        self._live.extra.addWidget(self.endpoint)
        self._live.extra.addWidget(self.endpoint_error)
        self._menu = QMenu(self)
        self._menu.addAction(tr(_C, "A file of transactions or logs…"), self._open_file)
        self._menu.addAction(tr(_C, "A folder of files…"), self._open_folder)
        self._menu.addAction(tr(_C, "A journal of Fluxdesk…"), self._open_journal)
        self._back = Button(tr(_C, "Keep what is running"), "ghost", "back")
        self._back.hide()
        self._compose()
        self._practice.button.clicked.connect(lambda: self.chosen.emit(Choice("practice")))
        self._live.button.clicked.connect(self.choose_live)
        self._replay.button.clicked.connect(self._show_menu)
        self._back.clicked.connect(self.left)
        self.endpoint.returnPressed.connect(self.choose_live)
        self.endpoint.textChanged.connect(self._check)
        self.home: QWidget = self._practice.button

    def _compose(self) -> None:
        page = QFrame()
        page.setProperty("panel", "canvas")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self.setLayout(vbox(area, gap=0))
        foot = tr(
            _C, "Keys stay on this computer, in a process that has no network. Fluxdesk has no server and no account."
        )
        page.setLayout(
            vbox(
                None,
                hbox(None, Logo(), Label("Fluxdesk", "title"), None),
                16,
                hbox(None, Label(tr(_C, "How do you want to start?"), "display"), None),
                hbox(
                    None,
                    Label(
                        tr(
                            _C,
                            "You can change this at any time. Practice and live never share a store, a wallet or a "
                            "balance.",
                        ),
                        "body",
                        "text2",
                    ),
                    None,
                ),
                16,
                hbox(None, self._practice, self._live, self._replay, None, gap=16),
                16,
                hbox(None, Picture("icon", "lock", "text3"), Label(foot, "small", "text3"), None),
                hbox(None, self._back, None),
                None,
                margins=(24, 24, 24, 24),
            )
        )

    def set_returnable(self, running: bool) -> None:
        """Offers the way back when something is running already."""
        self._back.setVisible(running)

    def choose(self, key: str) -> None:
        """Presses a card's button. Keys 1, 2, 3 lead to `launches`, `sources` and `settings` elsewhere."""
        {"launches": self._practice, "sources": self._live, "settings": self._replay}[key].button.click()

    @Slot()
    def choose_live(self) -> None:
        """Starts live with the endpoint typed, or says what is wrong with it."""
        try:
            endpoint = check_endpoint(self.endpoint.text())
        except BadEndpoint:
            self._check(self.endpoint.text())
            self.endpoint.setFocus()
            return
        self.chosen.emit(Choice("live", endpoint))

    def open_recording(self, path: Path) -> None:
        """Starts the replay of a file or folder."""
        self.chosen.emit(Choice("replay", recording=path))

    @Slot(str)
    def _check(self, typed: str) -> None:
        try:
            check_endpoint(typed)
        except BadEndpoint as error:
            self.endpoint_error.set(str(error))
            self.endpoint_error.show()
            wrong = True
        else:
            self.endpoint_error.hide()
            wrong = False
        self.endpoint.setProperty("wrong", wrong)
        self.endpoint.style().unpolish(self.endpoint)
        self.endpoint.style().polish(self.endpoint)

    def _show_menu(self) -> None:
        button = self._replay.button
        self._menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _open_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            tr(_C, "Open a file of transactions or logs"),
            "",
            tr(_C, "JSON (*.json *.jsonl *.ndjson *.gz);;All files (*)"),
        )
        if path:
            self.open_recording(Path(path))

    def _open_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, tr(_C, "Open a folder of files"))
        if path:
            self.open_recording(Path(path))

    def _open_journal(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr(_C, "Open a journal"), "", tr(_C, "Journals (*.sqlite)"))
        if path:
            self.open_recording(Path(path))
