"""An address to be received on: in full, in groups, as a QR code, and which chains it is good for. The code holds the
address and nothing else.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import CENTER, QWidget, Signal
from fluxdesk.desktop.screens.wallet.balance_detail import grouped
from fluxdesk.desktop.screens.wallet.qr import QrCode
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, frame, hbox, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from fluxdesk.core.wallet_views import ChainView
    from fluxdesk.desktop.agent_facts import Account

_C = "Wallet"
WIDTH = 460
MOST_NAMED = 5


class Receive(QWidget):
    """The panel.

    Signals:
        copied: Text and its name, for the clipboard.
        close_asked: Done.
    """

    copied = Signal(str, str)
    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._address = ""
        self._title = Label("", "h2", wrap=True)
        self._chain = Label("", "medium", wrap=True)
        self.good = Label("", "small", "text2", wrap=True)
        self.warning = Label("", "small", "text1", wrap=True)
        self.code = QrCode()
        self.address = Label("", "mono", wrap=True)
        self.address.setAlignment(CENTER)
        copy = Button(tr(_C, "Copy the address"), "primary", "copy")
        close = Button(tr(_C, "Close"))
        warn = hbox(Picture("mark", "warn"), (self.warning, 1), gap=10, margins=(12, 8, 12, 8))
        column = vbox(
            self._title,
            self._chain,
            hbox(None, self.code, None),
            self.address,
            self.good,
            frame("warn", warn),
            hbox(None, close, copy),
            gap=12,
            margins=(24, 20, 24, 20),
        )
        inner = box(column)
        inner.setFixedWidth(look().px(WIDTH))
        self.setLayout(vbox(frame("dialog", vbox(inner)), gap=0))
        self.home: QWidget = copy
        copy.clicked.connect(lambda: self.copied.emit(self._address, tr(_C, "Address")))
        close.clicked.connect(self.close_asked)

    def show_account(
        self, account: "Account", chain: "ChainView | None" = None, chains: "Sequence[ChainView]" = ()
    ) -> None:
        """Shows another account. `chain`: the one that is meant; `chains`: those that the node serves."""
        self._address = account.address
        self._title.set(tr(_C, "Receive on {label}", label=remote(account.label, 60)))
        name = "" if chain is None else remote(chain.name, 40)
        program = "" if chain is None or not chain.practice else f" · {chain.practice}"
        self._chain.set(tr(_C, "Chain: {chain}", chain=f"{name}{program}") if chain is not None else "")
        self._chain.setVisible(chain is not None)
        self.good.set(good_for(account, chains))
        self.warning.set(warning_of(account, chain))
        self.address.set(grouped(account.address))
        self.address.setAccessibleName(account.address)
        self.code.set_text(account.address)
        self.setAccessibleName(self._title.words)
        self.adjustSize()

    def forget(self) -> None:
        """Shows no address."""
        self._address = ""
        for label in (self._title, self._chain, self.good, self.warning, self.address):
            label.set("")
        self.address.setAccessibleName("")


def good_for(account: "Account", chains: "Sequence[ChainView]") -> str:
    """On which chains the account is watched by this node."""
    names = [remote(chain.name, 40) for chain in chains if chain.family == account.family]
    if account.family == "solana":
        start = tr(_C, "A Solana address, for SOL and for SPL and Token-2022 tokens.")
    else:
        start = tr(_C, "An EVM address, for coins and tokens, the same on every EVM chain.")
    if not names:
        return tr(_C, "{start} No chain of it has an endpoint here, so what arrives is not seen yet.", start=start)
    shown = ", ".join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown = tr(_C, "{names} and {n} more", names=shown, n=len(names) - MOST_NAMED)
    return tr(_C, "{start} What arrives is seen here on: {names}.", start=start, names=shown)


def warning_of(account: "Account", chain: "ChainView | None") -> str:
    """What goes wrong most often."""
    if chain is not None and chain.practice:
        return tr(
            _C,
            "A practice chain on this machine: nobody else can pay to it, and real coins sent to this address are not "
            "seen in practice.",
        )
    if account.family == "solana":
        return tr(_C, "Nothing from an EVM chain, Bitcoin or any other network arrives here: it would be lost.")
    if chain is None:
        return tr(_C, "Ask which chain is meant: what is sent on one EVM chain does not arrive on another.")
    return tr(
        _C,
        "The sender must use {chain}: on another EVM chain it arrives there, and from Solana or Bitcoin nowhere.",
        chain=remote(chain.name, 40),
    )
