"""The first wallet: create, restore, watch only, or not now. Talks to the agent through the link; decides nothing."""

from typing import TYPE_CHECKING, Literal

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QLineEdit, QPlainTextEdit, QScrollArea, QStackedWidget, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet.backup import AskWords, Done, ShowWords
from fluxdesk.desktop.screens.wallet.fields import NewPassphrase, SecretEdit
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, Segmented, box, frame, hbox, vbox

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"
WIDTH = 620
How = Literal["create", "restore", "watch"]


class Ways(QWidget):
    """The choice.

    Signals:
        chosen: `create`, `restore` or `watch`.
        skipped: Not now.
    """

    chosen = Signal(str)
    skipped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[str, Button] = {}
        cards = [
            self._card(
                "create",
                "plus",
                tr(_C, "Create a wallet"),
                tr(_C, "12 or 24 new words, for Solana and the EVM chains."),
                tr(_C, "Create"),
            ),
            self._card(
                "restore",
                "restart",
                tr(_C, "Restore from words"),
                tr(_C, "You have 12 to 24 words of Fluxdesk or another wallet."),
                tr(_C, "Restore"),
            ),
            self._card(
                "watch",
                "search",
                tr(_C, "Only watch an address"),
                tr(_C, "See an account. Nothing can be signed for it here."),
                tr(_C, "Watch"),
            ),
        ]
        skip = Button(tr(_C, "Not now: Fluxdesk works without a wallet"), "ghost")
        skip.clicked.connect(self.skipped)
        note = tr(
            _C, "Keys stay on this computer, in a process that has no network. Fluxdesk has no server and no account."
        )
        self.setLayout(
            vbox(
                Label(tr(_C, "Do you want a wallet?"), "display"),
                Label(
                    tr(_C, "Practice and live never share one: this wallet belongs to the mode you are in."),
                    "body",
                    "text2",
                    wrap=True,
                ),
                4,
                *cards,
                4,
                hbox(Picture("icon", "lock", "text3"), (Label(note, "small", "text3", wrap=True), 1)),
                hbox(skip, None),
                gap=10,
            )
        )
        self.home: QWidget = self.buttons["create"]

    def _card(self, how: How, icon: str, title: str, what: str, verb: str) -> QWidget:
        first = how == "create"
        button = Button(verb, "primary" if first else "", large=True, tip=title)
        button.setAccessibleName(title)
        button.setMinimumWidth(look().px(104))
        button.clicked.connect(lambda: self.chosen.emit(how))
        self.buttons[how] = button
        return frame(
            "chosen" if first else "card",
            hbox(
                Picture("icon", icon, "accent" if first else "text2", 24),
                (box(vbox(Label(title, "title"), Label(what, "small", "text2", wrap=True), gap=2)), 1),
                button,
                gap=14,
                margins=(16, 14, 16, 14),
            ),
        )


class Form(QWidget):
    """What each way needs. One of them is shown at a time.

    Signals:
        made: Words of a new wallet, or an empty list.
        back_asked: Another way.
    """

    made = Signal(object)
    back_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._how: How = "create"
        self._busy = False
        self._title = Label("", "display")
        self._note = Label("", "body", "text2", wrap=True)
        self.count = Segmented((tr(_C, "12 words"), tr(_C, "24 words")), 0, tr(_C, "How many words"))
        self.mnemonic = QPlainTextEdit()
        self.mnemonic.setAccessibleName(tr(_C, "Your words"))
        self.mnemonic.setPlaceholderText(tr(_C, "The words in their order, with spaces between them"))
        self.mnemonic.setFixedHeight(look().px(76))
        self.mnemonic.setTabChangesFocus(True)
        self.mnemonic.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        set_role(self.mnemonic, "mono")
        self.extra = SecretEdit(
            tr(_C, "Extra word of the other wallet"), tr(_C, "Extra word (BIP-39 passphrase), if there is one")
        )
        self.address = QLineEdit()
        self.address.setAccessibleName(tr(_C, "Address to watch"))
        self.address.setPlaceholderText(tr(_C, "0x… or a Solana address"))
        self.address.setMaxLength(64)
        set_role(self.address, "mono")
        self.label = QLineEdit()
        self.label.setAccessibleName(tr(_C, "Name"))
        self.label.setMaxLength(48)
        self.passphrase = NewPassphrase()
        self.problem = Label("", "small", "sell", wrap=True)
        self.go_button = Button(tr(_C, "Create the wallet"), "primary", large=True)
        back = Button(tr(_C, "Another way"), "ghost", "back")
        self._restoring = box(vbox(Label(tr(_C, "Words"), "small_strong"), self.mnemonic, self.extra, gap=6))
        self._watching = box(vbox(Label(tr(_C, "Address"), "small_strong"), self.address, gap=6))
        card = vbox(
            self.count,
            self._restoring,
            self._watching,
            Label(tr(_C, "Name"), "small_strong"),
            self.label,
            4,
            self.passphrase,
            self.problem,
            margins=(20, 18, 20, 18),
        )
        self.setLayout(vbox(self._title, self._note, frame("card", card), hbox(back, None, self.go_button), gap=12))
        back.clicked.connect(self.back_asked)
        self.go_button.clicked.connect(self._go)
        self.passphrase.entered.connect(self._go)
        self.passphrase.changed.connect(self._check)
        self.mnemonic.textChanged.connect(self._check)
        self.address.textChanged.connect(self._check)
        self.label.textChanged.connect(self._check)

    @property
    def busy(self) -> bool:
        """Whether the agent is at it."""
        return self._busy

    @property
    def home(self) -> QWidget:
        """Where typing begins."""
        first: dict[How, QWidget] = {"create": self.label, "restore": self.mnemonic, "watch": self.address}
        return first[self._how]

    def prepare(self, how: How, link: "AgentLink") -> None:
        """Shows the fields of a way, empty."""
        self._how, self._link, self._busy = how, link, False
        self.forget()
        self.count.setVisible(how == "create")
        self._restoring.setVisible(how == "restore")
        self._watching.setVisible(how == "watch")
        self.label.setText(tr(_C, "Watched") if how == "watch" else tr(_C, "Wallet 1"))
        title, note, verb = {
            "create": (
                tr(_C, "Create a wallet"),
                tr(_C, "The passphrase opens it on this computer. The words, which come next, are its back-up."),
                tr(_C, "Create the wallet"),
            ),
            "restore": (
                tr(_C, "Restore from words"),
                tr(_C, "The words go to the agent and nowhere else. They are not kept as text."),
                tr(_C, "Restore the wallet"),
            ),
            "watch": (
                tr(_C, "Only watch an address"),
                tr(_C, "The passphrase keeps your list of accounts to yourself. A wallet can be added later."),
                tr(_C, "Watch the address"),
            ),
        }[how]
        self._title.set(title)
        self._note.set(note)
        self.go_button.setText(verb)
        self.go_button.setAccessibleName(verb)
        self._check()

    def forget(self) -> None:
        """Empties every field."""
        self.mnemonic.setPlainText("")
        self.extra.forget()
        self.passphrase.forget()
        self.address.setText("")
        self.problem.set("")

    def _check(self) -> None:
        words = len(self.mnemonic.toPlainText().split())
        lacks = (self._how == "restore" and words < 12) or (self._how == "watch" and not self.address.text().strip())
        ready = self.passphrase.ready and bool(self.label.text().strip()) and not lacks and not self._busy
        self.go_button.setEnabled(ready)

    def _go(self) -> None:
        link = self._link
        if link is None or not self.go_button.isEnabled():
            return
        self._busy = True
        self.problem.set(tr(_C, "Deriving the key; this takes about a second."), "text2")
        passphrase, label = self.passphrase.take(), self.label.text().strip()
        if self._how == "create":
            run(self, link.create_wallet(passphrase, 24 if self.count.current else 12, label), self._made, self._failed)
        elif self._how == "restore":
            words = bytearray(" ".join(self.mnemonic.toPlainText().lower().split()).encode())
            run(
                self,
                link.restore(passphrase, words, self.extra.take(), label),
                lambda _: self._made([]),
                self._failed,
            )
        else:
            run(
                self,
                _watch_first(link, passphrase, self.address.text().strip(), label),
                lambda _: self._made([]),
                self._failed,
            )

    def _made(self, words: list[str]) -> None:
        self.forget()
        self.made.emit(words)
        self._busy = False

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self.problem.set(str(error), "sell")
        self._check()


async def _watch_first(link: "AgentLink", passphrase: bytearray, address: str, label: str) -> None:
    account = account_of(address)
    if not link.state.has_wallet:
        await link.create_empty(passphrase)
    await link.watch(account, label)


async def _note_tried(link: "AgentLink") -> None:
    """The newest wallet is the one whose words were just typed."""
    wallets = await link.wallets()
    if wallets:
        await link.backed_up(wallets[-1].id)


def account_of(address: str) -> str:
    """The agent's name of an address. Raises `ValueError` with a sentence for the user."""
    from fluxdesk_host.keys.addresses import parse_evm_address, parse_solana_address

    try:
        if address.startswith("0x"):
            return f"evm:0x{parse_evm_address(address).hex()}"
        parse_solana_address(address)
    except ValueError as error:
        raise ValueError(tr(_C, "Not an address: {why}", why=error)) from None
    return f"solana:{address}"


class Setup(QStackedWidget):
    """The whole flow.

    Signals:
        skipped: Not now.
        finished: There is a wallet and its back-up was tried.
        restored: It came from words that the user had: some of its accounts may be in use already.
    """

    skipped = Signal()
    finished = Signal()
    restored = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._words: list[str] = []
        self._was_restored = False
        self.ways, self.form, self.show_words, self.ask_words, self.done = (
            Ways(),
            Form(),
            ShowWords(),
            AskWords(),
            Done(),
        )
        for page in (self.ways, self.form, self.show_words, self.ask_words, self.done):
            self.addWidget(_centred(page))
        self.ways.chosen.connect(self.choose)
        self.ways.skipped.connect(self.skipped)
        self.form.back_asked.connect(self.begin)
        self.form.made.connect(self._made)
        self.show_words.written.connect(self._ask)
        self.ask_words.back_asked.connect(lambda: self._show(2))
        self.ask_words.passed.connect(self._passed)
        self.done.left.connect(self._finish)

    @property
    def under_way(self) -> bool:
        """Whether words are on their way to the user: nothing else may be shown then."""
        return self.currentIndex() >= 2 or self.form.busy

    @property
    def home(self) -> QWidget:
        """Where work begins."""
        page = (self.ways, self.form, self.show_words, self.ask_words, self.done)[self.currentIndex()]
        found: QWidget = page.home
        return found

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to talk to."""
        self._link = link
        self.begin()

    def begin(self) -> None:
        """Back to the choice; what was typed and shown is forgotten."""
        self._forget()
        self._show(0)

    def choose(self, how: How) -> None:
        """Shows the form of a way."""
        if self._link is not None:
            self._was_restored = how == "restore"
            self.form.prepare(how, self._link)
            self._show(1)

    def _show(self, place: int) -> None:
        self.setCurrentIndex(place)
        if self.isVisible():
            self.home.setFocus()

    def _made(self, words: list[str]) -> None:
        self._words = words
        if not words:
            self._show(4)
            return
        self.show_words.show_words(words)
        self._show(2)

    def _ask(self) -> None:
        self.ask_words.ask(self._words)
        self.show_words.show_button.setChecked(False)
        self._show(3)

    def _passed(self) -> None:
        self._forget()
        self._show(4)
        if self._link is not None:
            run(self, _note_tried(self._link), lambda _: None, lambda _: None)

    def _finish(self) -> None:
        restored = self._was_restored
        self.begin()
        self.finished.emit()
        if restored:
            self.restored.emit()

    def _forget(self) -> None:
        self._words = []
        self.show_words.forget()
        self.ask_words.forget()
        self.form.forget()


def _centred(page: QWidget) -> QWidget:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    column = box(vbox(None, page, None, gap=0, margins=(24, 24, 24, 24)))
    column.setMaximumWidth(look().px(WIDTH) + 48)
    area.setWidget(box(hbox(None, (column, 10), None, gap=0)))
    return area
