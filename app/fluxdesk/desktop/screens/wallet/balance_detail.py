"""One balance in full: the exact figure, the contract or mint, where the figure comes from, and what can be done."""

from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QScrollArea, Qt, QWidget, Signal
from fluxdesk.desktop.screens.wallet.holdings import Holding, chain_words, endpoint_words
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.tokens import DETAIL
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, frame, hbox, rule, vbox
from fluxdesk.desktop.words import moment, remote

if TYPE_CHECKING:
    from fluxdesk.core.wallet_views import ChainView

_C = "Wallet"
LARGE, MIDDLE = 16, 22
"""Characters of a figure that fit the panel in the two larger sizes."""
BREAK = "\u200b"


def broken(figure: str) -> str:
    """A figure that may go on in the next line, at its end first. Nothing is left out."""
    whole, point, part = figure.partition(".")
    return whole + point + "".join(f"{BREAK if at and at % 9 == 0 else ''}{digit}" for at, digit in enumerate(part))


def wrappable(text: str, size: int = 24) -> str:
    """A text whose longest word may go on in the next line too: a label is never wider than the panel."""
    return " ".join(BREAK.join(w[at : at + size] for at in range(0, len(w), size)) for w in text.split(" "))


def grouped(address: str, size: int = 4) -> str:
    """An address in groups, so that two can be compared by eye."""
    head = "0x" if address.startswith("0x") else ""
    rest = address[len(head) :]
    return " ".join(([head] if head else []) + [rest[at : at + size] for at in range(0, len(rest), size)])


class BalanceDetail(QWidget):
    """The panel.

    Signals:
        send_asked, receive_asked, fund_asked, unwatch_asked: The `Holding` shown.
        copied: Text and its name.
    """

    send_asked = Signal(object)
    receive_asked = Signal(object)
    fund_asked = Signal(object)
    unwatch_asked = Signal(object)
    copied = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._holding: Holding | None = None
        self._avatar = Picture("avatar", "?", size=40)
        self._symbol = Label("", "h2", elide=True)
        self._name = Label("", "small", "text3", elide=True)
        self.amount = Label("", "display", wrap=True)
        self._base = Label("", "mono_micro", "text2", wrap=True)
        self.problem = Label("", "small", "warn", wrap=True)
        self.send_button = Button(tr(_C, "Send"), "primary")
        self.receive_button = Button(tr(_C, "Receive"))
        self.fund_button = Button(tr(_C, "Fund this account"), tip=tr(_C, "Practice coins, worth nothing"))
        self.unwatch_button = Button(tr(_C, "Stop watching"), "link", role="small")
        self._token, self._source = vbox(gap=6), vbox(gap=6)
        self._token_box = box(self._token)
        column = vbox(
            hbox(self._avatar, (box(vbox(self._symbol, self._name, gap=2)), 1), gap=12),
            self.amount,
            self._base,
            self.problem,
            hbox((self.send_button, 1), (self.receive_button, 1)),
            self.fund_button,
            rule(),
            self._token_box,
            Label(tr(_C, "Where the figure comes from"), "strong"),
            box(self._source),
            hbox(self.unwatch_button, None),
            None,
            gap=12,
            margins=(16, 16, 16, 16),
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(box(column))
        self.setLayout(vbox(frame("flat", vbox(area)), gap=0))
        self.setFixedWidth(look().px(DETAIL))
        self.send_button.clicked.connect(lambda: self._emit(self.send_asked))
        self.receive_button.clicked.connect(lambda: self._emit(self.receive_asked))
        self.unwatch_button.clicked.connect(lambda: self._emit(self.unwatch_asked))
        self.fund_button.clicked.connect(lambda: self._emit(self.fund_asked))

    def _emit(self, signal: object) -> None:
        if self._holding is not None:
            signal.emit(self._holding)  # type: ignore[attr-defined]

    def show_holding(self, holding: Holding | None) -> None:
        """Shows another balance; None: nothing."""
        self._holding = holding
        self.setVisible(holding is not None)
        if holding is None:
            for label in (self._symbol, self._name, self.amount, self._base, self.problem):
                label.set("")
            clear(self._token)
            clear(self._source)
            return
        self._avatar.set(holding.symbol or "?")
        self._symbol.set(holding.title, "text1" if holding.symbol else "text3")
        self._name.set(f"{holding.kind} · {chain_words(holding.chain)}")
        self._show_amount(holding)
        self._base.set(_base_words(holding))
        self._base.setVisible(holding.amount_base is not None)
        self.problem.set(wrappable(holding.problem))
        self.problem.setVisible(bool(holding.problem))
        can = holding.amount_base is not None and not holding.empty and holding.account.signs
        self.send_button.setEnabled(can)
        self.send_button.setToolTip(_why_not(holding) if not can else "")
        self.fund_button.setVisible(bool(holding.chain.practice) and holding.native)
        self.unwatch_button.setVisible(holding.standard == "erc20")
        self._show_token(holding)
        self._show_source(holding)

    def _show_amount(self, holding: Holding) -> None:
        """The figure is never cut: a long one is smaller, and goes on in the next line."""
        said = holding.amount
        set_role(self.amount, "display" if len(said) <= LARGE else "h2" if len(said) <= MIDDLE else "title")
        self.amount.setAccessibleName(said)
        self.amount.set(broken(said), "text1" if holding.amount_base is not None else "text3")

    def set_funding(self, under_way: bool) -> None:
        """Whether practice coins are on their way."""
        self.fund_button.setEnabled(not under_way)
        self.fund_button.setText(tr(_C, "Asking the chain") if under_way else tr(_C, "Fund this account"))

    def _show_token(self, holding: Holding) -> None:
        clear(self._token)
        self._token_box.setVisible(not holding.native)
        if holding.native:
            return
        place = tr(_C, "Contract") if holding.chain.family == "evm" else tr(_C, "Mint")
        self._token.addWidget(Label(place, "strong"))
        self._token.addWidget(self._address(holding.asset, place))
        said = tr(
            _C, "{symbol}: the token's own word. Anyone can make a token of any name; the address tells them apart."
        )
        none = tr(_C, "It says no symbol that could be read. The address is what it is.")
        symbol = " · ".join(part for part in (holding.symbol, holding.name) if part)
        self._token.addWidget(Label(said.format(symbol=symbol) if symbol else none, "small", "text2", wrap=True))
        if holding.decimals is None:
            words = tr(_C, "Decimals unknown: the amount is in base units, and nothing is guessed.")
            self._token.addWidget(Label(words, "small", "warn", wrap=True))
        for account in holding.accounts:
            state = tr(_C, "frozen by its issuer") if account.frozen else tr(_C, "movable")
            words = tr(
                _C, "Token account, {amount} base units, {state}", amount=f"{int(account.amount_base):,}", state=state
            )
            self._token.addWidget(Label(words, "small", "warn" if account.frozen else "text2", wrap=True))
            self._token.addWidget(self._address(account.address, tr(_C, "Token account")))
        self._token.addWidget(rule())

    def _address(self, address: str, name: str) -> QWidget:
        copy = Button("", "ghost", "copy", tip=tr(_C, "Copy: {name}", name=name))
        copy.clicked.connect(lambda: self.copied.emit(address, name))
        shown = Label(grouped(address), "mono_micro", "text1", wrap=True)
        shown.setAccessibleName(f"{name} {address}")
        return box(hbox((shown, 1), copy))

    def _show_source(self, holding: Holding) -> None:
        clear(self._source)
        for label, value, mono in source_rows(holding):
            shown = Label(wrappable(value), "mono_micro" if mono else "small", "text1", wrap=True)
            self._source.addWidget(box(vbox(Label(label, "micro", "text3"), shown, gap=2)))
        self._source.addWidget(self._address(holding.account.address, tr(_C, "Address")))


def source_rows(holding: Holding) -> list[tuple[str, str, bool]]:
    """(label, value, in fixed width) of where a figure comes from."""
    chain = holding.chain
    rows = [(tr(_C, "Chain"), f"{remote(chain.name, 40)} ({chain.id})", False)]
    if chain.practice:
        rows.append(
            (tr(_C, "Practice"), chain.note or tr(_C, "{program}; worth nothing", program=chain.practice), False)
        )
    for endpoint in chain.endpoints:
        rows.append((tr(_C, "Endpoint"), endpoint_words(endpoint), False))
    if holding.block is not None:
        rows.append((tr(_C, "As of block"), f"{holding.block:,}", False))
    elif chain.family == "solana":
        rows.append((tr(_C, "As of"), tr(_C, "no one slot: Solana answers coin and tokens apart"), False))
    if holding.asked_s is not None:
        rows.append((tr(_C, "Answered, by this machine's clock"), moment(holding.asked_s), False))
    rows.append((tr(_C, "Account"), remote(holding.account.label, 60), False))
    return rows


def _base_words(holding: Holding) -> str:
    if holding.amount_base is None:
        return ""
    base = f"{int(holding.amount_base):,}"
    if holding.decimals is None:
        return tr(_C, "{n} base units, decimals unknown", n=base)
    return tr(_C, "{n} base units, {places} decimals", n=base, places=holding.decimals)


def _why_not(holding: Holding) -> str:
    if not holding.account.signs:
        return tr(_C, "This account is watched only: there is no key to sign with.")
    if holding.amount_base is None:
        return tr(_C, "What it holds is unknown.")
    return tr(_C, "It holds nothing to send.")


def endpoint_of(chain: "ChainView") -> str:
    """The endpoint that is in use, or the program of a practice chain."""
    if chain.practice:
        return chain.practice
    good = next((e for e in chain.endpoints if e.state == "good"), None)
    found = good or next(iter(chain.endpoints), None)
    return "" if found is None else remote(found.shown, 60)
