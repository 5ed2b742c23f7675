"""A token to be watched on an EVM chain: no such chain says by itself which tokens an account holds."""

from collections.abc import Sequence

from fluxdesk.core.wallet_views import ChainView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QLineEdit, QWidget, Signal
from fluxdesk.desktop.screens.wallet.chains_picker import Choice
from fluxdesk.desktop.screens.wallet.send_words import BadRecipient, recipient_of
from fluxdesk.desktop.theme import set_role
from fluxdesk.desktop.widgets.basics import Button, Label, frame, hbox, vbox
from fluxdesk.desktop.words import remote

_C = "Wallet"


class TokenEntry(QWidget):
    """Chain and contract.

    Signals:
        added: A line of the setting `tokens_watched`: chain and contract.
        closed: Nothing more is to be added.
    """

    added = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chains: tuple[ChainView, ...] = ()
        self.chain = Choice(tr(_C, "Chain of the token"), 180)
        self.contract = QLineEdit()
        self.contract.setAccessibleName(tr(_C, "Contract of the token"))
        self.contract.setPlaceholderText(tr(_C, "Contract, 0x…"))
        self.contract.setMaxLength(64)
        set_role(self.contract, "mono")
        self.watch_button = Button(tr(_C, "Watch the token"), "primary")
        close = Button("", "ghost", "close", tip=tr(_C, "Close"))
        words = tr(_C, "The contract comes from whoever made the token. Solana tokens are found without this.")
        self.problem = Label("", "small", "sell", wrap=True)
        self.problem.hide()
        column = vbox(
            hbox(self.chain, (self.contract, 1), self.watch_button, close),
            Label(words, "small", "text2", wrap=True),
            self.problem,
            gap=6,
            margins=(12, 8, 8, 8),
        )
        self.setLayout(vbox(frame("well", column), gap=0))
        self.home: QWidget = self.contract
        self.watch_button.clicked.connect(self._add)
        self.contract.returnPressed.connect(self._add)
        self.contract.textChanged.connect(lambda _: self._say(""))
        close.clicked.connect(self.closed)

    def set_chains(self, chains: Sequence[ChainView]) -> None:
        """The EVM chains that are served."""
        found = tuple(chain for chain in chains if chain.family == "evm")
        if [c.id for c in found] == [c.id for c in self._chains]:
            return
        chosen, self._chains = self.chain.currentData(), found
        self.chain.clear()
        for chain in found:
            self.chain.addItem(remote(chain.name, 40), chain.id)
        self.chain.setCurrentIndex(max(0, self.chain.findData(chosen)))

    def _add(self) -> None:
        if self.chain.currentIndex() < 0:
            self._say(tr(_C, "No EVM chain has an endpoint; Settings, Wallet takes one."))
            return
        try:
            contract = recipient_of(self.contract.text(), "evm", {})
        except BadRecipient as bad:
            self._say(str(bad))
            return
        self.contract.setText("")
        self.added.emit(f"{self.chain.currentData()} {contract}")

    def _say(self, words: str) -> None:
        self.problem.set(words)
        self.problem.setVisible(bool(words))
