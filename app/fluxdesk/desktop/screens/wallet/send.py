"""The Send page: form, review, signature, broadcast, and beside them what is in flight.

The order is fixed: the node makes and tries out, the page shows, the agent's window approves, the node broadcasts. A
failure at any step says what was kept; nothing is sent twice, because the payment keeps its id.
"""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView, SendsView, SendView
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QStackedWidget, QWidget, Signal
from fluxdesk.desktop.screens.wallet import payment
from fluxdesk.desktop.screens.wallet.holdings import NATIVE, Holding
from fluxdesk.desktop.screens.wallet.in_flight import InFlight
from fluxdesk.desktop.screens.wallet.payment import Line, Made, Wish
from fluxdesk.desktop.screens.wallet.send_form import SendForm
from fluxdesk.desktop.screens.wallet.send_review import SendReview
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import hbox, rule
from fluxdesk.desktop.words import address_key, remote

if TYPE_CHECKING:
    from fluxdesk.core.views import SendsFrame
    from fluxdesk.desktop.agent_facts import Account, Contact
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"
ASIDE = 380
STALE_S = 20.0
"""A transaction older than this is made anew before it is signed: fees move, and Solana's blockhashes age."""


class Send(QWidget):
    """The page.

    Signals:
        failed, said: A sentence.
        copied: Text and its name.
        sent: A transaction was given to the chain; balances change.
    """

    failed = Signal(str)
    said = Signal(str)
    copied = Signal(str, str)
    sent = Signal()

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._node: WalletNode | None = None
        self._now = now
        self._accounts: tuple[Account, ...] = ()
        self._contacts: tuple[Contact, ...] = ()
        self._chains: tuple[ChainView, ...] = ()
        self._holdings: tuple[Holding, ...] = ()
        self._work: Operation | None = None
        self.form, self.review, self.flight = SendForm(), SendReview(), InFlight()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.form)
        self._stack.addWidget(self.review)
        self.flight.setFixedWidth(look().px(ASIDE))
        self.setLayout(hbox((self._stack, 1), rule("v"), self.flight, gap=0))
        self.form.asked.connect(self._make)
        self.review.back_asked.connect(self._back)
        self.review.withdrawn.connect(self._withdraw)
        self.review.sign_asked.connect(self._sign)
        self.flight.copied.connect(self.copied)
        self.flight.faster_asked.connect(lambda send: self._replace(send, False))
        self.flight.cancel_asked.connect(self._cancel)

    @property
    def home(self) -> QWidget:
        """Where work begins."""
        return self.form.home if self.step == "form" else self.review.home

    @property
    def step(self) -> str:
        """`form` or `review`."""
        return ("form", "review")[self._stack.currentIndex()]

    # --- what it is given ---

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent of the profile in force."""
        self._link = link
        self.form.set_link(link)
        self.forget()

    def set_node(self, node: "WalletNode | None") -> None:
        """The node of the profile in force."""
        self._node = node
        self._stop()
        self.form.set_node(node)
        self.flight.take(())
        self._show_form()

    def set_accounts(self, accounts: "Sequence[Account]") -> None:
        """The accounts of the wallet."""
        self._accounts = tuple(accounts)
        self.form.set_accounts(accounts)
        self.flight.set_accounts(accounts)

    def set_holdings(self, chains: Sequence[ChainView], holdings: Sequence[Holding]) -> None:
        """The chains that are served and what is held on them."""
        self._chains, self._holdings = tuple(chains), tuple(holdings)
        self.form.set_holdings(chains, holdings)
        self.flight.set_holdings(chains, holdings)

    def take_sends(self, news: "SendsFrame") -> None:
        """Transactions that came on."""
        self.flight.take(news.items)

    def refresh(self) -> None:
        """Reads the address book and what is in flight."""
        if self._link is not None and self._link.state.unlocked:
            run(self, self._link.contacts(), self._take_contacts, lambda error: self.failed.emit(str(error)))
        if self._node is not None:
            run(self, self._node.sends(), self._take_sends, lambda error: self.failed.emit(str(error)))

    def begin(self, holding: Holding) -> None:
        """A payment from a balance."""
        if self.step == "review" and self._work is not None:
            self.said.emit(tr(_C, "A payment waits for its signature. Take it back first."))
            return
        self._show_form()
        self.form.clear_payment()
        self.form.choose(holding)

    def forget(self) -> None:
        """Locked: nothing of the wallet stays."""
        self._stop()
        self._accounts, self._contacts = (), ()
        self.form.forget()
        self.review.forget()
        self.flight.forget()
        self._stack.setCurrentIndex(0)

    def _take_contacts(self, contacts: "list[Contact]") -> None:
        self._contacts = tuple(contacts)
        self.form.set_contacts(contacts)
        self.flight.set_labels({address_key(c.address): remote(c.label, 40) for c in contacts})

    def _take_sends(self, found: SendsView) -> None:
        self.flight.take(found.items)

    def _labels(self) -> dict[str, str]:
        book = {address_key(c.address): remote(c.label, 40) for c in self._contacts}
        return book | {address_key(a.address): remote(a.label, 40) for a in self._accounts}

    # --- making ---

    def _make(self, wish: Wish) -> None:
        if self._node is None or self._work is not None:
            if self._node is None:
                self.form.say(tr(_C, "The node does not run, and without it nothing can be made or sent."))
            return
        self._do(payment.make(self._node, wish, self._now()), self._made, self._not_made)
        self.form.set_busy(True)

    def _made(self, made: Made) -> None:
        self.form.set_busy(False)
        self.review.show_made(made, self._labels())
        self._stack.setCurrentIndex(1)
        if self.isVisible():
            self.review.home.setFocus()

    def _not_made(self, error: BaseException) -> None:
        self.form.set_busy(False)
        self.form.say(tr(_C, "{why} Nothing was made or sent.", why=str(error)))

    # --- signing ---

    def _sign(self, made: Made) -> None:
        link, node = self._link, self._node
        if link is None or node is None or self._work is not None:
            self.review.say(tr(_C, "Agent or node is away. Nothing was signed; the payment is still here."))
            return
        self.review.say("")
        if self._now() - made.at_s > STALE_S:
            self.review.set_status(tr(_C, "Made anew, as the first one is old"))
            self._do(payment.make(node, made.wish, self._now()), lambda new: self._renewed(made, new), self._not_signed)
            return
        self._ask(made)

    def _renewed(self, before: Made, made: Made) -> None:
        dearer = int(made.total.total_base) > int(before.total.total_base)
        if not dearer and made.wish.lines == before.wish.lines:
            self.review.show_made(made, self._labels())
            self._ask(made)
            return
        words = tr(_C, "What it takes changed while this was looked at. Look at it again.")
        self.review.show_made(made, self._labels(), words)

    def _ask(self, made: Made) -> None:
        assert self._link is not None
        assert self._node is not None
        if made.one:
            self.review.set_waiting(True)
            self._do(payment.sign(self._link, made), lambda answer: self._signed(made, answer), self._not_signed)
        else:
            self.review.sign_button.setEnabled(False)
            self.review.set_status(tr(_C, "The node makes the transactions and asks the agent for each."))
            self._do(payment.order(self._node, made), self._ordered, self._not_signed)

    def _signed(self, made: Made, answer: str) -> None:
        if self._node is None:
            self.review.set_waiting(False)
            self.review.say(tr(_C, "It is signed, and the node is away: nothing was sent."))
            return
        self.review.set_waiting(False)
        self.review.sign_button.setEnabled(False)
        self.review.set_status(tr(_C, "Signed. Given to the chain now."))
        self._do(payment.give(self._node, made, answer), self._given, self._not_given)

    def _given(self, send: SendView) -> None:
        self._show_form()
        self.form.clear_payment()
        self.said.emit(tr(_C, "Broadcast: {what}. It is under In flight.", what=self.flight.what(send)))
        self.refresh()
        self.sent.emit()

    def _ordered(self, sends: list[SendView]) -> None:
        self._show_form()
        self.form.clear_payment()
        self.said.emit(plural(_C, len(sends), "{n} payment is under In flight.", "{n} payments are under In flight."))
        self.refresh()
        self.sent.emit()

    def _not_signed(self, error: BaseException) -> None:
        self.review.set_waiting(False)
        self.review.set_status("")
        self.review.say(
            tr(_C, "Not signed: {why} Nothing was sent; the payment is still here.", why=_ended(str(error)))
        )

    def _not_given(self, error: BaseException) -> None:
        self.review.set_waiting(False)
        self.review.set_status("")
        words = tr(_C, "Signed, but not sent: {why} If it may have left all the same, In flight shows it.")
        self.review.say(words.format(why=_ended(str(error))))
        self.refresh()

    def _withdraw(self) -> None:
        self._stop()
        self.review.set_waiting(False)
        self.review.say(tr(_C, "Taken back. Nothing was signed or sent; the payment is still here."))

    def _back(self) -> None:
        if self._work is None:
            self._show_form()

    # --- replacing ---

    def _replace(self, send: SendView, cancel: bool) -> None:
        wish = self._wish_of(send, cancel)
        if wish is None:
            self.failed.emit(tr(_C, "Its account or chain is not known here; nothing was changed."))
            return
        if self._node is None or self._work is not None:
            self.said.emit(tr(_C, "Another payment is being made. Finish it or go back first."))
            return
        self._do(payment.make(self._node, wish, self._now()), self._made, lambda error: self.failed.emit(str(error)))

    def _wish_of(self, send: SendView, cancel: bool) -> Wish | None:
        chain = next((c for c in self._chains if c.id == send.chain), None)
        account = next((a for a in self._accounts if address_key(a.address) == address_key(send.account)), None)
        if chain is None or account is None or not account.signs:
            return None
        found = [x for x in self._holdings if (x.chain.id, x.account.id) == (chain.id, account.id)]
        held = next((x for x in found if address_key(x.asset) == address_key(send.asset)), None)
        held = held or next((x for x in found if x.asset == NATIVE), None)
        if held is None:
            return None
        line = Line(recipient=send.recipient, amount=int(send.amount_base))
        return Wish(holding=held, lines=(line,), replaces=send, cancel=cancel)

    def _cancel(self, send: SendView) -> None:
        if send.txs or self._node is None:
            self._replace(send, True)
            return
        run(self, self._node.cancel(send.id), lambda _: self.refresh(), lambda error: self.failed.emit(str(error)))

    # --- work ---

    def _do(self, work: object, done: Callable[..., None], failed: Callable[[BaseException], None]) -> None:
        """One thing at a time; what ends after it was dropped says nothing."""
        self._stop()
        here: list[Operation] = []

        def ended(call: Callable[..., None]) -> Callable[[object], None]:
            def go(value: object) -> None:
                if here and self._work is here[0]:
                    self._work = None
                    call(value)

            return go

        self._work = run(self, work, ended(done), ended(failed))  # type: ignore[arg-type]
        here.append(self._work)

    def _stop(self) -> None:
        if self._work is not None:
            work, self._work = self._work, None
            work.cancel()
        self.form.set_busy(False)

    def _show_form(self) -> None:
        self.review.forget()
        self._stack.setCurrentIndex(0)
        if self.isVisible():
            self.form.home.setFocus()


def _ended(words: str) -> str:
    return words if words.endswith((".", "?")) else f"{words}."
