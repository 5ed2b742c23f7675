"""The Wallet screen: what it shows follows the agent's state. Locked, nothing of the wallet stays in its widgets."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QStackedWidget, QWidget, Signal
from fluxdesk.desktop.screens.wallet.accounts import Accounts
from fluxdesk.desktop.screens.wallet.allowances import Allowances
from fluxdesk.desktop.screens.wallet.balances import Balances
from fluxdesk.desktop.screens.wallet.connections import Connections
from fluxdesk.desktop.screens.wallet.history import History
from fluxdesk.desktop.screens.wallet.limits import Limits
from fluxdesk.desktop.screens.wallet.log import Log
from fluxdesk.desktop.screens.wallet.security import Security
from fluxdesk.desktop.screens.wallet.send import Send
from fluxdesk.desktop.screens.wallet.send_words import is_over
from fluxdesk.desktop.screens.wallet.setup import Setup
from fluxdesk.desktop.screens.wallet.unlock import Unlock
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import BAR
from fluxdesk.desktop.widgets.basics import Button, Key, Segmented, box, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.state_page import StatePage

if TYPE_CHECKING:
    from fluxdesk.core.views import SendsFrame
    from fluxdesk.desktop.agent_facts import AgentState
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.screens.wallet.holdings import Holding
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"


class WalletScreen(QWidget):
    """The screen. Its parts are named `balances`, `send`, `history`, `accounts`, `connections`, `permissions`,
    `limits`, `security`, `log`.

    Signals:
        left: The user does not want a wallet now.
        said: A sentence to show for a moment.
        copied: Text and its name.
        receive_asked: An `Account`, and the `ChainView` that is meant, or None.
        listed: The accounts, whenever they were read.
        setting_edited: Key and value of a setting to save.
    """

    left = Signal()
    said = Signal(str)
    copied = Signal(str, str)
    receive_asked = Signal(object, object)
    listed = Signal(object)
    setting_edited = Signal(str, object)

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._kind = ""
        self._landed: frozenset[str] | None = None
        self.state_page, self.setup, self.unlock = StatePage(), Setup(), Unlock()
        self.balances, self.send = Balances(now), Send()
        self.history, self.permissions, self.security = History(), Allowances(), Security()
        self.accounts, self.connections, self.limits, self.log = Accounts(), Connections(), Limits(), Log()
        self.parts: dict[str, Any] = {}
        self._titles: list[str] = []
        self._pages = QStackedWidget()
        self._add_parts()
        self.tabs = Segmented(self._titles, 0, tr(_C, "Part of the wallet"))
        self.lock_button = Button(tr(_C, "Lock"), icon="lock", role="small", tip=tr(_C, "Forget every key now"))
        head = box(hbox(self.tabs, None, Key(tr(_C, "Ctrl L")), self.lock_button, margins=(16, 0, 16, 0)))
        head.setFixedHeight(look().px(BAR))
        self._open = box(vbox(head, rule(), (self._pages, 1), gap=0))
        self._stack = QStackedWidget()
        for part in (self.state_page, self.setup, self.unlock, self._open):
            self._stack.addWidget(part)
        self.setLayout(vbox(frame("flat", vbox((self._stack, 1), gap=0)), gap=0))
        self.tabs.chosen.connect(lambda place: self.show_tab(list(self.parts)[place]))
        self.lock_button.clicked.connect(self._lock)
        self.setup.skipped.connect(self.left)
        self.setup.finished.connect(self._finished)
        self.setup.restored.connect(self._look_for_used)
        self.accounts.listed.connect(self._take_accounts)
        self.accounts.set_tokens(self.balances.tokens_of)
        self.accounts.receive_asked.connect(lambda account: self.receive_asked.emit(account, None))
        self.balances.setting_edited.connect(self.setting_edited)
        self.balances.send_asked.connect(self.pay_from)
        self.balances.receive_asked.connect(self.receive_asked)
        self.balances.holdings_read.connect(lambda rows: self.send.set_holdings(self.balances.chains, rows))
        self.send.sent.connect(self.balances.refresh)

    def _add_parts(self) -> None:
        found = (
            ("balances", tr(_C, "Balances"), self.balances),
            ("send", tr(_C, "Send"), self.send),
            ("history", tr(_C, "History"), self.history),
            ("accounts", tr(_C, "Accounts"), self.accounts),
            ("connections", tr(_C, "Connections"), self.connections),
            ("permissions", tr(_C, "Permissions"), self.permissions),
            ("limits", tr(_C, "Limits"), self.limits),
            ("security", tr(_C, "Security"), self.security),
            ("log", tr(_C, "Log"), self.log),
        )
        for name, title, part in found:
            self.parts[name] = part
            self._titles.append(title)
            self._pages.addWidget(part)
            for signal, to in (("failed", self.said), ("said", self.said), ("copied", self.copied)):
                if hasattr(part, signal):
                    getattr(part, signal).connect(to)

    @property
    def home(self) -> QWidget:
        """Where work begins."""
        if self._stack.currentWidget() is self.setup:
            return self.setup.home
        if self._stack.currentWidget() is self.unlock:
            return self.unlock.home
        return self.tabs

    @property
    def shown(self) -> str:
        """`none`, `setup`, `unlock` or `open`."""
        return ("none", "setup", "unlock", "open")[self._stack.currentIndex()]

    @property
    def tab(self) -> str:
        """Name of the part shown."""
        return list(self.parts)[self._pages.currentIndex()]

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent of the profile in force; None for a recording."""
        self._link, self._kind = link, ""
        for part in (self.setup, self.unlock, *self.parts.values()):
            part.set_link(link)

    def set_node(self, node: "WalletNode | None") -> None:
        """The node of the profile in force, for the parts that read chains."""
        self._landed = None
        for part in self.parts.values():
            if hasattr(part, "set_node"):
                part.set_node(node)

    def set_live(self) -> None:
        """The node answers, for the first time or again."""
        self.balances.set_live()

    def take_sends(self, news: "SendsFrame") -> None:
        """Transactions that came on. What they changed is read anew."""
        landed = frozenset(send.id for send in news.items if send.included or is_over(send))
        before, self._landed = self._landed, landed
        if before is not None and landed - before and self.shown == "open":
            self.balances.refresh()
        for part in self.parts.values():
            if hasattr(part, "take_sends"):
                part.take_sends(news)

    def set_state(self, state: "AgentState") -> None:
        """Shows what fits the agent's state."""
        if state.condition is None:
            self._show_none(state)
        elif state.unlocked and self.setup.under_way:
            return  # the words are on the screen, or being asked for
        elif state.unlocked:
            self._become("open", 3)
        elif state.has_wallet:
            self._become("unlock", 2)
        else:
            self._become("setup", 1)

    def show_tab(self, name: str) -> None:
        """Shows a part of the open wallet, read anew."""
        place = list(self.parts).index(name)
        self.tabs.choose(place)
        self._pages.setCurrentIndex(place)
        self._refresh()

    def pay_from(self, holding: "Holding") -> None:
        """A payment from a balance."""
        self.show_tab("send")
        self.send.begin(holding)
        self.send.home.setFocus()

    def receive(self) -> None:
        """The address of the balance chosen."""
        self.show_tab("balances")
        held = self.balances.current
        if held is not None:
            self.receive_asked.emit(held.account, held.chain)
        elif self.accounts.accounts:
            self.receive_asked.emit(self.accounts.accounts[0], None)
        else:
            self.said.emit(tr(_C, "No account is known yet; there is no address to be received on."))

    def _become(self, kind: str, place: int) -> None:
        if kind == self._kind:
            if kind == "open":
                self._refresh()
            return
        self._kind = kind
        if kind != "open":
            self._forget()
        if kind != "setup":
            self.setup.begin()
        self.unlock.forget()
        self._stack.setCurrentIndex(place)
        if kind == "open":
            self.accounts.refresh()
            self.show_tab("balances")
        if self.isVisible():
            self.home.setFocus()

    def _refresh(self) -> None:
        part = self.parts[self.tab]
        if hasattr(part, "refresh"):
            part.refresh()

    def _forget(self) -> None:
        for part in self.parts.values():
            part.forget()

    def _show_none(self, state: "AgentState") -> None:
        self._kind = "none"
        self.setup.begin()
        self._forget()
        self._stack.setCurrentIndex(0)
        if state.phase == "off":
            self.state_page.show_state(
                "replay",
                "accent",
                tr(_C, "A recording has no wallet"),
                [tr(_C, "Practice and live each have their own. Change the mode to use one.")],
            )
        elif state.phase != "stopped":
            self.state_page.show_state("lock", "accent", tr(_C, "Starting the agent"), [])
        else:
            again = Button(tr(_C, "Start the agent"), "primary")
            again.clicked.connect(self._start)
            lines = [state.reason, tr(_C, "The wallet's file was not touched. Nothing is signed until the agent runs.")]
            if state.retry_in_s is not None:
                lines.append(tr(_C, "It is started again by itself in {n} s.", n=f"{state.retry_in_s:.0f}"))
            self.state_page.show_state("unplug", "sell", tr(_C, "The agent stopped"), lines, [again])

    def _start(self) -> None:
        if self._link is not None:
            self._link.start_now()

    def _lock(self) -> None:
        if self._link is not None:
            self._link.lock()

    def _look_for_used(self) -> None:
        self.show_tab("accounts")
        self.accounts.look_for_used()

    def _finished(self) -> None:
        if self._link is not None:
            self.set_state(self._link.state)

    def _take_accounts(self, accounts: object) -> None:
        assert isinstance(accounts, tuple)
        for part in self.parts.values():
            if hasattr(part, "set_accounts"):
                part.set_accounts(accounts)
        self.listed.emit(accounts)
