"""Everything to fresh keys: an account to empty, one to move to, what is there, and one payment after the other."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QComboBox, QWidget, Signal
from fluxdesk.desktop.screens.wallet.holdings import chain_words, served
from fluxdesk.desktop.screens.wallet.parts import page, row, section, two_lines
from fluxdesk.desktop.screens.wallet.rotation_steps import Step, move, read
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, frame, hbox, vbox
from fluxdesk.desktop.words import remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"


def state_words(step: Step) -> tuple[str, str]:
    """How a step stands, and its tone."""
    words, tone = {
        "left": (tr(_C, "still here"), "text2"),
        "asks": (tr(_C, "waits for your approval"), "warn"),
        "sending": (tr(_C, "on its way"), "text1"),
        "moved": (tr(_C, "moved"), "buy"),
        "stays": (tr(_C, "stays"), "warn"),
        "unknown": (tr(_C, "unknown"), "warn"),
        "failed": (tr(_C, "not moved"), "sell"),
    }[step.state]
    return (f"{words}: {step.reason}" if step.reason else words), tone


class Rotation(QWidget):
    """The page.

    Signals:
        failed: A sentence.
        said: A sentence about what was done.
        added: A fresh account was made.
        wallet_asked: A new wallet is wanted to move to.
    """

    failed = Signal(str)
    said = Signal(str)
    added = Signal()
    wallet_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._node: WalletNode | None = None
        self._accounts: dict[str, Account] = {}
        self._tokens: Callable[[str], list[str]] = lambda _: []
        self.steps: list[Step] = []
        self.moving = False
        self._go_on = False
        self._turn = 0
        self.source, self.target = QComboBox(), QComboBox()
        self.source.setAccessibleName(tr(_C, "Account to empty"))
        self.target.setAccessibleName(tr(_C, "Account to move to"))
        self.target.setPlaceholderText(tr(_C, "Choose the account to move to"))
        self.fresh_button = Button(tr(_C, "Make a fresh account"), icon="plus")
        self.wallet_button = Button(tr(_C, "Add a wallet with other words"), icon="plus")
        self.read_button = Button(tr(_C, "See what is there"))
        self.go_button = Button(tr(_C, "Move everything"), "primary")
        self.stop_button = Button(tr(_C, "Stop after this one"))
        self._summary = Label("", "body", wrap=True)
        self.problem = Label("", "small", "sell", wrap=True)
        self._column = vbox(gap=0)
        self._lay_out()
        self.home: QWidget = self.source
        self.source.currentIndexChanged.connect(lambda _: self._chosen())
        self.target.currentIndexChanged.connect(lambda _: self._check())
        self.fresh_button.clicked.connect(self._fresh)
        self.wallet_button.clicked.connect(self.wallet_asked)
        self.read_button.clicked.connect(self.look)
        self.go_button.clicked.connect(self._go)
        self.stop_button.clicked.connect(self._stop)
        self._check()

    def _lay_out(self) -> None:
        what = tr(
            _C,
            "For a key that others may know: every balance goes to another account, tokens first and the coin last, as "
            "it pays the fees. Each payment is approved by you. It can be stopped and gone on with at any time, also "
            "after a restart: what is still there is what is left to do.",
        )
        which = tr(
            _C,
            "A fresh account of the same wallet has another key but the same words. If somebody may know the words, "
            "move to a wallet with other words.",
        )
        stays = tr(
            _C,
            "Not moved: permissions that were given to contracts (take them back under Permissions), staked coins and "
            "deposits in contracts, NFTs, EVM tokens that no list of yours names, the rent of emptied Solana token "
            "accounts, and whatever arrives later. Sites that know the old address go on seeing it.",
        )
        self.setLayout(
            vbox(
                page(
                    section(tr(_C, "Move everything to fresh keys"), what),
                    hbox(Label(tr(_C, "From"), "small_strong"), (self.source, 1)),
                    hbox(Label(tr(_C, "To"), "small_strong"), (self.target, 1), self.fresh_button, self.wallet_button),
                    Label(which, "small", "text2", wrap=True),
                    hbox(self.read_button, None, self.stop_button, self.go_button),
                    self.problem,
                    self._summary,
                    box(self._column),
                    frame("well", vbox(Label(stays, "small", "text2", wrap=True), margins=(14, 10, 14, 10))),
                ),
                gap=0,
            )
        )

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.forget()

    def set_node(self, node: "WalletNode | None") -> None:
        """The node that reads and sends."""
        self._node = node
        self.problem.set("" if node is not None else tr(_C, "The node does not run: nothing can be read or sent."))
        self._check()

    def set_tokens(self, tokens: Callable[[str], list[str]]) -> None:
        """Which EVM tokens to ask for: a contract is found in no other way."""
        self._tokens = tokens

    def set_accounts(self, accounts: "Sequence[Account]") -> None:
        """Those to choose from."""
        before = (self.source.currentData(), self.target.currentData())
        self._accounts = {a.id: a for a in accounts}
        self.source.blockSignals(True)
        self.source.clear()
        for account in (a for a in accounts if a.signs):
            self.source.addItem(_name(account), account.id)
        place = self.source.findData(before[0])
        self.source.setCurrentIndex(max(0, place))
        self.source.blockSignals(False)
        self._offer_targets(before[1])

    def forget(self) -> None:
        """Shows nothing; a payment that waits dies with the lock."""
        self._turn += 1
        self._go_on = self.moving = False
        self._accounts = {}
        self.source.clear()
        self.target.clear()
        self._show([])

    def _chosen(self) -> None:
        self._show([])
        self._offer_targets(self.target.currentData())

    def _offer_targets(self, wanted: object) -> None:
        source = self._accounts.get(str(self.source.currentData()))
        self.target.clear()
        for account in self._accounts.values():
            if source is not None and account.family == source.family and account.id != source.id:
                watched = "" if account.signs else " " + tr(_C, "(watched only: its key is not here)")
                self.target.addItem(_name(account) + watched, account.id)
        self.target.setCurrentIndex(self.target.findData(wanted))  # nobody is chosen for the user
        self._check()

    def _check(self) -> None:
        source = self._accounts.get(str(self.source.currentData()))
        ready = self._link is not None and self._node is not None and source is not None
        left = any(step.state in {"left", "failed"} for step in self.steps)
        self.read_button.setEnabled(ready and not self.moving)
        self.go_button.setEnabled(ready and not self.moving and left and self.target.currentIndex() >= 0)
        self.go_button.setVisible(not self.moving)
        self.stop_button.setVisible(self.moving)
        self.fresh_button.setEnabled(source is not None and bool(source.wallet) and not self.moving)
        for widget in (self.source, self.target, self.wallet_button):
            widget.setEnabled(not self.moving)

    # --- a fresh account ---

    def _fresh(self) -> None:
        link, source = self._link, self._accounts.get(str(self.source.currentData()))
        if link is not None and source is not None:
            word = tr(_C, "Fresh")
            number = 1 + sum(1 for a in self._accounts.values() if a.label.startswith(word))
            label = f"{word} {number}"
            run(self, link.add_account(source.wallet, source.family, label), self._take_fresh, self._fail)

    def _take_fresh(self, accounts: "Sequence[Account]") -> None:
        new = next((a.id for a in accounts if a.id not in self._accounts), None)
        self.set_accounts(accounts)
        if new is not None:
            self.target.setCurrentIndex(self.target.findData(new))
        self.added.emit()

    # --- what is there ---

    def look(self) -> None:
        """Reads what the account holds on every chain."""
        source = self._accounts.get(str(self.source.currentData()))
        if self._node is not None and source is not None and not self.moving:
            self.problem.set("")
            self.read_button.setEnabled(False)
            self._summary.set(tr(_C, "Asking the chains."))
            run(self, self._read(self._node, source), self._show, self._fail)

    async def _read(self, node: "WalletNode", source: "Account") -> list[Step]:
        return await read(node, source, served((await node.chains()).items), self._tokens)

    def _show(self, steps: list[Step]) -> None:
        self.steps = steps
        clear(self._column)
        for step in steps:
            self._column.addWidget(self._row(step))
        self._say_summary()
        self._check()

    def _say_summary(self) -> None:
        if not self.steps:
            self._summary.set("")
            return
        left = sum(step.state in {"left", "failed", "asks", "sending"} for step in self.steps)
        unknown = sum(step.state == "unknown" for step in self.steps)
        stay = sum(step.state == "stays" for step in self.steps)
        said = plural(_C, left, "{n} balance is left to move.", "{n} balances are left to move.")
        if unknown:
            said += " " + plural(_C, unknown, "{n} is unknown.", "{n} are unknown.")
        if stay:
            said += " " + plural(_C, stay, "{n} stays.", "{n} stay.")
        self._summary.set(said)

    def _row(self, step: Step) -> QWidget:
        held = step.holding
        name = f"{held.amount} {held.title}"
        where = (
            chain_words(held.chain) if held.native else f"{chain_words(held.chain)} · {short_address(held.asset, 6, 6)}"
        )
        words, tone = state_words(step)
        made = row(
            Picture("avatar", held.title, size=24),
            (two_lines(name, where, mono=False), 2),
            (Label(remote(words, 300), "small", tone, wrap=True), 3),
        )
        made.setAccessibleName(f"{name}, {where}: {words}")
        return made

    # --- moving ---

    def _go(self) -> None:
        link, node = self._link, self._node
        target = self._accounts.get(str(self.target.currentData()))
        if link is None or node is None or target is None or not self.go_button.isEnabled():
            return
        self.problem.set("")
        self.moving = self._go_on = True
        self._turn += 1
        turn = self._turn
        for step in self.steps:
            if step.state == "failed":
                step.state, step.reason = "left", ""
        work = move(
            link, node, self.steps, target, self._tokens, lambda _: self._changed(turn), lambda: self._goes(turn)
        )
        run(self, work, lambda _: self._ended(turn, ""), lambda e: self._ended(turn, str(e)))
        self._check()

    def _goes(self, turn: int) -> bool:
        return self._go_on and turn == self._turn

    def _stop(self) -> None:
        self._go_on = False
        self.stop_button.setEnabled(False)

    def _changed(self, turn: int) -> None:
        if turn == self._turn:
            self._show(self.steps)

    def _ended(self, turn: int, why: str) -> None:
        if turn != self._turn:
            return
        self.moving = self._go_on = False
        self.stop_button.setEnabled(True)
        self._show(self.steps)
        self.problem.set(why)
        if not why and not any(step.state in {"left", "failed", "sending", "unknown"} for step in self.steps):
            self.said.emit(tr(_C, "Everything that can be moved was moved. See below what stays behind."))

    def _fail(self, error: BaseException) -> None:
        self._summary.set("")
        self.problem.set(str(error))
        self._check()


def _name(account: "Account") -> str:
    return f"{remote(account.label, 40)}  {short_address(account.address, 6, 6)}"
