"""One allowance in full, and taking it back: first what that costs, then the node has it signed and follows it.

Nothing is signed here. The order goes to the node, the node asks the agent, and the approval window asks the owner.
"""

import uuid
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView, OrderAsked, PlanView, Revoke, SendsView, SendView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import Signal
from fluxdesk.desktop.screens.wallet import allowances_rows as say
from fluxdesk.desktop.screens.wallet.side_panel import SidePanel
from fluxdesk.desktop.widgets.basics import Button, Label, frame, hbox, rule, vbox
from fluxdesk.desktop.words import amount, moment, remote

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account

_C = "Allowances"
ENDED = ("paid", "failed", "cancelled", "refused", "superseded")


class Detail(SidePanel):
    """The panel beside the list.

    Signals:
        said: A sentence to show for a moment.
        taken_back: An allowance was taken back on the chain; the list is old.
    """

    said = Signal(str)
    taken_back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row: say.Row | None = None
        self._account: Account | None = None
        self._order: OrderAsked | None = None
        self.under_way = ""
        """The id of the order that was given to the node and has not ended."""
        self.sentence = Label("", "title", wrap=True)
        self.revoke_button = Button(tr(_C, "Take it back"), "primary")
        self.cost = Label("", "small", "text2", wrap=True)
        self.go_button = Button(tr(_C, "Ask for the signature"), "primary")
        self.leave_button = Button(tr(_C, "Leave it"))
        self.progress = Label("", "small", "text2", wrap=True)
        self._plan = frame(
            "well",
            vbox(self.cost, hbox(None, self.leave_button, self.go_button), gap=8, margins=(12, 10, 12, 10)),
        )
        inner = vbox(
            self.sentence,
            self._facts,
            rule(),
            hbox(self.revoke_button, None),
            self._plan,
            self.progress,
            None,
            gap=10,
            margins=(16, 12, 16, 16),
        )
        self._compose(inner)
        self.revoke_button.clicked.connect(self.plan)
        self.leave_button.clicked.connect(self._leave)
        self.go_button.clicked.connect(self.order)
        self.forget()

    def forget(self) -> None:
        """Shows nothing. What is under way goes on."""
        self._row, self._order, self.under_way = None, None, ""
        super().forget()
        self.sentence.set(tr(_C, "No allowance is selected"), "text2")
        for part in (self.revoke_button, self._plan, self.progress):
            part.hide()

    def show_row(self, row: say.Row, chain: ChainView, account: "Account") -> None:
        """Shows one allowance."""
        if self.under_way or (self._row is not None and self._row.key == row.key and self._account is account):
            return
        self.forget()
        self._row, self._chain, self._account = row, chain, account
        item = row.item
        self.sentence.set(say.sentence(row), "text1")
        self._fact(tr(_C, "Spender"), item.spender, mono=True, copy=True, tone="text1" if row.spender_known else "warn")
        if not row.spender_known:
            self._fact(
                tr(_C, "Who that is"),
                tr(_C, "Not among your names, and not on our own list of contracts. Unknown is not the same as bad."),
            )
        self._fact(tr(_C, "Token"), item.asset, mono=True, copy=True)
        if row.asset.symbol or row.asset.name:
            calls = f"{remote(row.asset.symbol, 16)} {remote(row.asset.name, 40)}".strip()
            self._fact(tr(_C, "The token calls itself"), calls)
        self._fact(tr(_C, "May take"), say.amount_words(row), tone="sell" if item.unlimited else "text1")
        self._fact(tr(_C, "There to be taken now"), say.risk_words(row))
        self._fact(tr(_C, "By"), say.kind_words(row))
        if item.through:
            self._fact(tr(_C, "Held by the contract"), item.through, mono=True, copy=True)
        if item.expires_s is not None:
            self._fact(tr(_C, "Ends by itself"), moment(item.expires_s))
        self._fact(tr(_C, "Given"), tr(_C, "{when}, the chain's clock", when=say.since_words(row)))
        if item.tx:
            self._fact(tr(_C, "by the transaction"), item.tx, mono=True, copy=True)
        self.revoke_button.show()
        self.revoke_button.setEnabled(account.signs)
        if not account.signs:
            self.progress.set(tr(_C, "This account is only watched: nothing can be signed for it here."))
            self.progress.show()

    # --- taking it back ---

    def plan(self) -> None:
        """Asks the node what taking it back costs; nothing is kept or signed."""
        if self._node is None or self._row is None or self._chain is None or self._account is None:
            return
        item = self._row.item
        revoke = Revoke(
            id=f"revoke-{uuid.uuid4().hex}", asset=item.asset, spender=item.spender, kind=item.kind,
            token_id=item.token_id,
        )  # fmt: skip
        self._order = OrderAsked(account=self._account.address, items=[revoke])
        self._busy(tr(_C, "Asking what it costs…"))
        self._asking = run(self, self._node.plan(self._chain.id, self._order), self._show_plan, self._fail)

    def _show_plan(self, found: PlanView) -> None:
        self._asking = None
        most = f"{amount(found.total.total_base, found.decimals)} {remote(found.symbol, 12)}"
        self.cost.set(
            tr(
                _C,
                "Taking it back is a transaction. It costs at most {most}, says the node. The approval window asks you "
                "before anything is signed.",
                most=most,
            )
        )
        self.progress.hide()
        self._plan.show()
        self.go_button.setEnabled(True)
        self.go_button.setFocus()

    def order(self) -> None:
        """Has the node make it; the approval window follows."""
        if self._node is None or self._chain is None or self._order is None:
            return
        self.go_button.setEnabled(False)
        self._busy(tr(_C, "The node makes the transaction…"))
        self.under_way = self._order.items[0].id
        self._asking = run(self, self._node.order(self._chain.id, self._order), self._ordered, self._fail)

    def _ordered(self, found: SendsView) -> None:
        self._asking = None
        self._plan.hide()
        self.take_sends(found.items)

    def take_sends(self, sends: "list[SendView]") -> None:
        """How transactions of the wallet stand; the one of this panel is looked for."""
        mine = next((send for send in sends if send.id == self.under_way and self.under_way), None)
        if mine is None:
            return
        if mine.state not in ENDED:
            self._busy(_stands(mine))
            return
        self.under_way = ""
        if mine.state == "paid":
            self.said.emit(tr(_C, "Taken back. The list is read again."))
            self.taken_back.emit()
            return
        why = mine.reason or tr(_C, "The node gave no reason.")
        self.progress.set(tr(_C, "It was not taken back: {why}", why=why), "sell")
        self.progress.show()
        self.revoke_button.show()
        self.revoke_button.setEnabled(True)

    def _busy(self, words: str) -> None:
        self.revoke_button.setEnabled(False)
        self.progress.set(words, "text2")
        self.progress.show()

    def _leave(self) -> None:
        self._order = None
        self._plan.hide()
        self.progress.hide()
        self.revoke_button.setEnabled(True)

    def _fail(self, error: BaseException) -> None:
        self._asking, self.under_way = None, ""
        self._plan.hide()
        self.revoke_button.setEnabled(True)
        self.progress.set(tr(_C, "{why} Nothing was signed.", why=error), "sell")
        self.progress.show()


def _stands(send: SendView) -> str:
    if not send.txs:
        return send.reason or tr(_C, "It waits for your signature in the approval window.")
    return tr(_C, "Signed and on its way; the list is read again when the chain has it for good.")
