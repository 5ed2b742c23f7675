"""Transactions on their way, newest first: where each stands, what it cost, and what can still be done about it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView, SendView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.qt import QScrollArea, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet.holdings import NATIVE, Holding
from fluxdesk.desktop.screens.wallet.send_words import coin_words, is_over, stand_words
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, frame, hbox, rule, vbox
from fluxdesk.desktop.words import UNKNOWN, address_key, amount, clock, remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account

_C = "Wallet"
MOST = 40


class InFlight(QWidget):
    """The list.

    Signals:
        copied: Text and its name.
        faster_asked, cancel_asked: A `SendView` that waits.
    """

    copied = Signal(str, str)
    faster_asked = Signal(object)
    cancel_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sends: tuple[SendView, ...] = ()
        self._all: tuple[SendView, ...] = ()
        self._labels: Mapping[str, str] = {}
        self._accounts: frozenset[str] = frozenset()
        self._chains: Mapping[str, ChainView] = {}
        self._units: Mapping[tuple[str, str], Holding] = {}
        self._count = Label("", "small", "text2")
        self._column = vbox(gap=0)
        self._none = Label(tr(_C, "Nothing was sent from these accounts yet."), "small", "text3", wrap=True)
        self._column.addWidget(self._none)
        inner = box(vbox(box(self._column), None, gap=0, margins=(16, 0, 16, 16)))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        head = hbox(Label(tr(_C, "In flight"), "title"), (self._count, 1), margins=(16, 16, 16, 8), gap=10)
        self.setLayout(vbox(frame("flat", vbox(head, (area, 1), gap=0)), gap=0))

    # --- what it is given ---

    def set_accounts(self, accounts: "Sequence[Account]") -> None:
        """The accounts of the wallet: only theirs are shown."""
        self._labels = {address_key(a.address): remote(a.label, 40) for a in accounts}
        self._accounts = frozenset(self._labels)
        self._show()

    def set_labels(self, more: Mapping[str, str]) -> None:
        """Labels of other addresses, by `address_key`."""
        self._labels = {**{k: v for k, v in self._labels.items() if k in self._accounts}, **more, **self._own()}
        self._show()

    def _own(self) -> dict[str, str]:
        return {k: v for k, v in self._labels.items() if k in self._accounts}

    def set_holdings(self, chains: Sequence[ChainView], holdings: Sequence[Holding]) -> None:
        """Chains and assets, so that amounts have their unit."""
        self._chains = {chain.id: chain for chain in chains}
        self._units = {(x.chain.id, address_key(x.asset)): x for x in holdings}
        self._show()

    def take(self, sends: Sequence[SendView]) -> None:
        """The newest transactions of the node."""
        self._all = tuple(sends)
        self._show()

    def forget(self) -> None:
        """Locked: nothing of the wallet stays."""
        self._labels, self._accounts, self._all = {}, frozenset(), ()
        self._show()

    # --- showing ---

    def _show(self) -> None:
        mine = tuple(s for s in self._all if address_key(s.account) in self._accounts)[:MOST]
        self.sends = mine
        open_ones = sum(1 for send in mine if not is_over(send))
        self._count.set(plural(_C, open_ones, "{n} on its way", "{n} on their way") if open_ones else "")
        clear(self._column)
        if not mine:
            self._none = Label(tr(_C, "Nothing was sent from these accounts yet."), "small", "text3", wrap=True)
            self._column.addWidget(self._none)
        for send in mine:
            self._column.addWidget(self._row(send))

    def what(self, send: SendView) -> str:
        """The payment in a line."""
        if send.asset == "call":
            return tr(_C, "A call of {address}", address=short_address(send.recipient, 6, 6))
        unit = self._units.get((send.chain, address_key(send.asset)))
        chain = self._chains.get(send.chain)
        if send.asset == NATIVE and chain is not None:
            said = coin_words(send.amount_base, chain)
        elif unit is not None:
            said = f"{amount(send.amount_base, unit.decimals)} {unit.symbol}".strip()
        else:
            said = f"{amount(send.amount_base, None)} {short_address(send.asset, 6, 6)}"
        to = self._labels.get(address_key(send.recipient)) or short_address(send.recipient, 6, 6)
        return tr(_C, "{amount} to {name}", amount=said, name=to)

    def _row(self, send: SendView) -> QWidget:
        stand, mark = stand_words(send)
        what = self.what(send)
        chain = self._chains.get(send.chain)
        fee = (
            "" if send.fee_base is None or chain is None else tr(_C, "fee {fee}", fee=coin_words(send.fee_base, chain))
        )
        times = [
            remote(chain.name if chain is not None else send.chain, 40),
            self._labels.get(address_key(send.account), UNKNOWN),
            tr(_C, "asked {time}", time=clock(send.asked_wall_ns / 1e9)),
            fee,
        ]
        column = vbox(
            hbox(Picture("mark", mark, size=16), (Label(what, "strong", elide=True), 1), gap=8),
            Label(stand, "small", "text1" if mark != "bad" else "sell", wrap=True),
            Label(" · ".join(part for part in times if part), "micro", "text3", wrap=True),
            gap=4,
            margins=(0, 10, 0, 10),
        )
        if send.reason:
            column.addWidget(Label(remote(send.reason, 300), "small", "text2", wrap=True))
        buttons = self._buttons(send)
        if send.txs:
            copy = Button("", "ghost", "copy", tip=tr(_C, "Copy the transaction's id"))
            copy.clicked.connect(lambda: self.copied.emit(send.txs[-1], tr(_C, "Transaction")))
            column.addLayout(
                hbox((Label(short_address(send.txs[-1], 10, 10), "mono_micro", "text2"), 1), *buttons, copy)
            )
        elif buttons:
            column.addLayout(hbox(None, *buttons))
        made = box(vbox(rule(), column, gap=0))
        made.setAccessibleName(f"{what}. {stand}. {remote(send.reason, 300)}")
        return made

    def _buttons(self, send: SendView) -> list[QWidget]:
        found: list[QWidget] = []
        may: list[tuple[bool, str, Callable[[], None]]] = [
            ("speed_up" in send.can, tr(_C, "Offer more"), lambda: self.faster_asked.emit(send)),
            ("cancel" in send.can, tr(_C, "Cancel"), lambda: self.cancel_asked.emit(send)),
        ]
        for can, words, what in may:
            if can:
                button = Button(words, role="small")
                button.setAccessibleName(f"{words}: {self.what(send)}")
                button.clicked.connect(what)
                found.append(button)
        return found
