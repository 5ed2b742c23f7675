"""The form of a payment: who pays, where, what, to whom, how much, how fast. All that is typed is checked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView, FeesView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QWidget, Signal
from fluxdesk.desktop.screens.wallet.chains_picker import Choice, Where
from fluxdesk.desktop.screens.wallet.holdings import Holding
from fluxdesk.desktop.screens.wallet.parts import page
from fluxdesk.desktop.screens.wallet.payment import MOST_RECIPIENTS, Line, Wish
from fluxdesk.desktop.screens.wallet.send_line import SendLine
from fluxdesk.desktop.screens.wallet.send_words import fee_words, sum_words
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, hbox, rule, vbox
from fluxdesk.desktop.words import address_key, remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account, Contact, RecipientState
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"


class SendForm(QWidget):
    """The form.

    Signals:
        asked: A `Wish` that is well-formed.
    """

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._node: WalletNode | None = None
        self._accounts: tuple[Account, ...] = ()
        self._contacts: tuple[Contact, ...] = ()
        self._chains: tuple[ChainView, ...] = ()
        self._holdings: tuple[Holding, ...] = ()
        self._fees: FeesView | None = None
        self._asking: Operation | None = None
        self._everything = False
        self.lines: list[SendLine] = []
        self._review_waits = False
        """The review was asked for before the agent had looked every recipient up."""
        self.where = Where(lambda account: account.signs)
        self.asset = Choice(tr(_C, "Asset"), 320)
        self._held = Label("", "small", "text2", wrap=True)
        self._lines = vbox(gap=14)
        self.add_button = Button(tr(_C, "Add a recipient"), icon="plus", role="small")
        speeds = (tr(_C, "Slow"), tr(_C, "Normal"), tr(_C, "Fast"))
        self.speed = Segmented(speeds, 1, tr(_C, "Speed"))
        self._fee = Label("", "small", "text2", wrap=True)
        self.problem = Label("", "small", "sell", wrap=True)
        self.review_button = Button(tr(_C, "Review the payment"), "primary", large=True)
        self._note = Label(tr(_C, "Nothing is signed or sent before you have seen what it costs."), "small", "text3")
        self.setLayout(
            vbox(
                page(
                    Label(tr(_C, "Send"), "title"),
                    _named(tr(_C, "From"), self.where),
                    _named(tr(_C, "Asset"), box(vbox(self.asset, self._held, gap=6))),
                    rule(),
                    _named(tr(_C, "To, and how much"), box(self._lines)),
                    hbox(self.add_button, None),
                    rule(),
                    _named(tr(_C, "Speed"), box(vbox(hbox(self.speed, None), self._fee, gap=6))),
                    self.problem,
                    hbox(self.review_button, (self._note, 1), gap=12),
                ),
                gap=0,
            )
        )
        self.problem.hide()
        self._add_line()
        self.where.changed.connect(self._moved)
        self.asset.currentIndexChanged.connect(lambda _: self._show_asset())
        self.speed.chosen.connect(lambda _: self._show_fee())
        self.add_button.clicked.connect(self._add_line)
        self.review_button.clicked.connect(self.review)

    @property
    def home(self) -> QWidget:
        """Where work begins."""
        return self.lines[0].to

    # --- what it is given ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent, who knows addresses."""
        self._link = link

    def set_node(self, node: "WalletNode | None") -> None:
        """The node, who knows fees."""
        self._node = node
        self._fees = None

    def set_accounts(self, accounts: "Sequence[Account]") -> None:
        """The accounts of the wallet."""
        self._accounts = tuple(accounts)
        self._show_lists()

    def set_contacts(self, contacts: "Sequence[Contact]") -> None:
        """The address book."""
        self._contacts = tuple(contacts)
        self._set_contexts()

    def set_holdings(self, chains: Sequence[ChainView], holdings: Sequence[Holding]) -> None:
        """The chains and what is held on them."""
        self._holdings = tuple(holdings)
        if tuple(chains) != self._chains:
            self._chains = tuple(chains)
            self._show_lists()
        else:
            self._show_assets()

    def choose(self, holding: Holding) -> None:
        """Begins with a balance."""
        self.where.choose(holding.account.id, holding.chain.id)
        place = self.asset.findData(holding.asset)
        self.asset.setCurrentIndex(max(0, place))

    def clear_payment(self) -> None:
        """Another payment: recipients and amounts are empty, the rest stays."""
        while len(self.lines) > 1:
            self._remove(self.lines[-1])
        self.lines[0].forget()
        self._everything = False
        self.say("")

    def forget(self) -> None:
        """Locked: nothing of the wallet stays."""
        self._accounts, self._contacts, self._holdings = (), (), ()
        self.clear_payment()
        self._show_lists()

    # --- lists ---

    def _show_lists(self) -> None:
        before = self.where.chain
        self.where.show_lists(self._accounts, self._chains)
        if self.where.chain != before:
            self._moved()
        else:
            self._show_assets()

    def _moved(self) -> None:
        self._fees = None
        self._show_assets()
        self._set_contexts()
        self._read_fees()
        solana = self.where.chain is not None and self.where.chain.family == "solana"
        self.add_button.setVisible(solana)
        if not solana:
            while len(self.lines) > 1:
                self._remove(self.lines[-1])

    def _here(self) -> list[Holding]:
        account, chain = self.where.account, self.where.chain
        if account is None or chain is None:
            return []
        return [x for x in self._holdings if x.account.id == account.id and x.chain.id == chain.id]

    def _show_assets(self) -> None:
        chosen = self.asset.currentData()
        self.asset.blockSignals(True)
        self.asset.clear()
        for held in self._here():
            address = "" if held.native else f" · {short_address(held.asset, 6, 6)}"
            self.asset.addItem(f"{held.title}{address} · {held.amount}", held.asset)
        self.asset.setCurrentIndex(max(0, self.asset.findData(chosen)))
        self.asset.blockSignals(False)
        self._show_asset()

    @property
    def holding(self) -> Holding | None:
        """The balance to pay from."""
        return next((x for x in self._here() if x.asset == self.asset.currentData()), None)

    def _show_asset(self) -> None:
        held = self.holding
        if held is None:
            self._held.set(tr(_C, "No account that signs has a balance that was read here."), "text2")
        elif held.amount_base is None:
            self._held.set(tr(_C, "What it holds is unknown. {why}", why=held.problem).strip(), "warn")
        else:
            said = tr(_C, "{account} holds {amount}", account=remote(held.account.label, 40),
                      amount=sum_words(int(held.amount_base), held))  # fmt: skip
            self._held.set(said + ".", "text2")
        unit = "" if held is None else held.symbol
        if held is not None and held.decimals is None:
            unit = tr(_C, "base units; decimals unknown")
        for line in self.lines:
            line.set_unit(unit)
            line.max_button.setVisible(len(self.lines) == 1)

    # --- recipients ---

    def _add_line(self) -> None:
        if len(self.lines) >= MOST_RECIPIENTS:
            self.say(tr(_C, "One payment goes to at most {n} recipients.", n=MOST_RECIPIENTS))
            return
        line = SendLine()
        line.removed.connect(lambda: self._remove(line))
        line.max_asked.connect(self._all)
        line.changed.connect(self._typed)
        line.looked_up.connect(self._looked_up)
        line.amount.textEdited.connect(lambda _: self._not_all())
        line.entered.connect(self.review)
        self.lines.append(line)
        self._lines.addWidget(line)
        self._several()
        self._set_contexts()
        self._show_asset()

    def _remove(self, line: SendLine) -> None:
        self.lines.remove(line)
        line.hide()
        line.deleteLater()
        self._several()
        self._show_asset()
        self._looked_up()

    def _several(self) -> None:
        for line in self.lines:
            line.remove_button.setVisible(len(self.lines) > 1)

    def _set_contexts(self) -> None:
        account, chain = self.where.account, self.where.chain
        family, sender = ("", "") if account is None else (account.family, account.address)
        own = [(a.label, a.address) for a in self._accounts if a.family == family and a.address != sender]
        book = [(c.label, c.address) for c in self._contacts if c.family == family]
        link = self._link

        async def check(address: str) -> "RecipientState":
            assert link is not None
            assert account is not None
            name = f"{family}:{address_key(address)}"
            return await link.check_recipient(name, account.id, None if chain is None else chain.id)

        for line in self.lines:
            line.set_context(family, sender, [*own, *book], check if link is not None and account is not None else None)

    def _all(self) -> None:
        held = self.holding
        if held is None or held.amount_base is None:
            self.say(tr(_C, "What is held is unknown, so there is no everything to send."))
            return
        base = int(held.amount_base)
        if held.native:
            base -= self._plain_fee()
        if base <= 0:
            self.say(tr(_C, "The fee takes all there is: nothing is left to send."))
            return
        self.lines[0].set_amount(base, held)
        self._everything = True

    def _not_all(self) -> None:
        self._everything = False

    # --- fees ---

    def _read_fees(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        chain = self.where.chain
        if self._node is None or chain is None:
            self._fee.set("")
            return
        self._fee.set(tr(_C, "Asking the chain what it takes."), "text2")
        self._asking = run(self, self._node.fees(chain.id), self._take_fees, self._no_fees)

    def _take_fees(self, fees: FeesView) -> None:
        chain = self.where.chain
        if chain is not None and fees.chain == chain.id:
            self._fees = fees
            self._show_fee()

    def _no_fees(self, error: BaseException) -> None:
        self._fees = None
        self._fee.set(tr(_C, "What it costs is unknown: {why}", why=error), "warn")

    def _show_fee(self) -> None:
        chain = self.where.chain
        if self._fees is not None and chain is not None:
            self._fee.set(fee_words(self._fees, self.speed.current, chain.family), "text2")

    def _plain_fee(self) -> int:
        speed = ("slow", "normal", "fast")[self.speed.current]
        found = [int(fee.transfer_base) for fee in self._fees.items if fee.speed == speed] if self._fees else []
        return found[0] if found else 0

    # --- asking ---

    def review(self) -> None:
        """Reads the form; says what is wrong with it, or asks for the payment."""
        self.say("")
        held = self.holding
        if held is None:
            self.say(tr(_C, "There is nothing to pay from here: fund an account, or choose another."))
            return
        lines: list[Line] = []
        for field in self.lines:
            line = field.read(held)
            if line is None:
                return
            lines.append(line)
        if any(field.looking for field in self.lines):
            self._review_waits = True
            self.review_button.setText(tr(_C, "Looking the address up"))
            return
        wish = Wish(holding=held, lines=tuple(lines), speed=self.speed.current, everything=self._everything)
        if held.amount_base is not None and wish.total > int(held.amount_base):
            said = sum_words(int(held.amount_base), held)
            self.lines[-1].say(tr(_C, "More than there is: {amount} is held.", amount=said))
            return
        self.asked.emit(wish)

    def _typed(self) -> None:
        self._wait_no_more()
        self.say("")

    def _looked_up(self) -> None:
        if self._review_waits and not any(field.looking for field in self.lines):
            self._wait_no_more()
            self.review()

    def _wait_no_more(self) -> None:
        if self._review_waits:
            self._review_waits = False
            self.review_button.setText(tr(_C, "Review the payment"))

    def say(self, words: str) -> None:
        """What is wrong with the whole of it."""
        self.problem.set(words)
        self.problem.setVisible(bool(words))

    def set_busy(self, busy: bool) -> None:
        """Whether a payment is being made of it: what is typed meanwhile would not be in it."""
        self.review_button.setEnabled(not busy)
        for part in (self.where, self.asset, self.speed, self.add_button, *self.lines):
            part.setEnabled(not busy)
        words = tr(_C, "Making the transaction and trying it out") if busy else tr(_C, "Review the payment")
        self.review_button.setText(words)


def _named(title: str, part: QWidget) -> QWidget:
    return box(vbox(Label(title, "small_strong", "text2"), part, gap=6))
