"""The approval window: a top-level window of its own that shows what the agent read and takes the owner's decision.

It shows one request at a time, in the order they came. Reject has the focus and Esc; approving takes a deliberate click
after a hold-off that starts anew whenever the window appears, regains the focus or changes its content.
"""

import time
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Literal

from fluxdesk.desktop.agent_facts import Request
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.approval import forecast as node_say
from fluxdesk.desktop.approval import words as say
from fluxdesk.desktop.approval.choice import AccountsChoice
from fluxdesk.desktop.approval.forecast_frame import ForecastFrame
from fluxdesk.desktop.approval.hold import HeldButton
from fluxdesk.desktop.approval.proposals import Proposal, proposal
from fluxdesk.desktop.approval.signed_rows import SignedRows
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import (
    QCloseEvent,
    QEvent,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QShortcut,
    QShowEvent,
    Qt,
    QTimer,
    QWidget,
    Signal,
    Slot,
)
from fluxdesk.desktop.theme import dress, look, set_role
from fluxdesk.desktop.widgets.basics import Button, Key, Label, Picture, box, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.meter import Meter
from fluxdesk.desktop.widgets.mode import ModeBadge
from fluxdesk.desktop.words import address_key, remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Approval"
WIDTH, HEIGHT = 640, 740
LOOK_MS = 200


class ApprovalWindow(QWidget):
    """Fed by the link. Shows itself when something waits and hides when nothing does.

    Signals:
        said: A sentence for the main window: what became of a request.
        accepted: A `Proposal` that the owner said yes to, for the lists of the desktop.
    """

    said = Signal(str)
    accepted = Signal(object)

    def __init__(self, link: AgentLink, mode: Literal["practice", "live", "replay"]) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle(tr(_C, "Fluxdesk: permission request"))
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._link = link
        self._node: WalletNode | None = None
        self._trying: Operation | None = None
        self._reading: Operation | None = None
        self._deciding: Operation | None = None
        self._names: dict[str, str] = {}
        self._accounts: dict[str, Account] = {}
        self._proposed: Proposal | None = None
        self.request: Request | None = None
        self._busy = False
        self._make_labels()
        self._make_decision()
        self._compose(mode)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._raw_more.toggled.connect(self._toggle_raw)
        self.code.textChanged.connect(self._check_code)
        self.reject_button.clicked.connect(self.reject)
        self.approve_button.pressed_late.connect(self._approve)
        QShortcut(Qt.Key.Key_Escape, self).activated.connect(self.reject)
        self.forecast.again_asked.connect(self._ask_again)
        self.choice.changed.connect(self._check_code)
        link.asked.connect(self._asked)
        link.gone.connect(self._gone)
        dress(self)
        self.resize(look().px(WIDTH), HEIGHT)

    def _make_labels(self) -> None:
        self._badge = Picture("icon", "globe", size=18)
        self._kind = Label("", "small", "text2")
        self._count = Label("", "small", "text2")
        self._who = Label("", "title", wrap=True)
        self._how = Label("", "small", "text2", wrap=True)
        self._account = Label("", "strong")
        self._chain = Label("", "mono_micro", "text2")
        self.sentence = Label("", "h2", wrap=True)
        self._danger_mark = Picture("mark", "ok")
        self._danger_words = Label("", "strong")
        self._danger_source = Label("", "small", "text2")
        self._meter = Meter()
        self._reasons = Label("", "small", wrap=True)
        self._danger = frame(
            "well",
            vbox(
                hbox(
                    self._danger_mark,
                    self._danger_words,
                    None,
                    self._danger_source,
                ),
                self._meter,
                self._reasons,
                margins=(12, 10, 12, 10),
            ),
        )
        self.forecast = ForecastFrame()
        self.choice = AccountsChoice()
        self._make_fields()

    def _make_fields(self) -> None:
        self._signed = SignedRows()
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(tr(_C, "The message you sign"))
        self._text.setFixedHeight(look().px(120))
        set_role(self._text, "mono")
        self._why = Label("", "small", "text2", wrap=True)
        self._raw_line = Label("", "mono_micro", "text2", elide=True)
        self._raw_more = Button(tr(_C, "Show"), "link", role="small", tip=tr(_C, "Show the raw bytes"), checkable=True)
        self._raw = QPlainTextEdit()
        self._raw.setReadOnly(True)
        self._raw.setAccessibleName(tr(_C, "Raw bytes"))
        self._raw.setFixedHeight(look().px(140))
        set_role(self._raw, "mono_micro")

    def _make_decision(self) -> None:
        self.problem = Label("", "small", "sell", wrap=True)
        self.code = QLineEdit()
        self.code.setMaxLength(6)
        self.code.setPlaceholderText(tr(_C, "6 digits"))
        self.code.setAccessibleName(tr(_C, "Code of the second factor"))
        self.code.setFixedWidth(look().px(96))
        set_role(self.code, "mono")
        self._code_row = box(
            hbox(Label(tr(_C, "Above your limit: code of the second factor"), "small"), None, self.code)
        )
        self._left = Label("", "small", "text2")
        self.reject_button = Button(tr(_C, "Reject"), "primary", large=True, tip=tr(_C, "Refuse this request (Esc)"))
        self.approve_button = HeldButton()

    def _compose(self, mode: Literal["practice", "live", "replay"]) -> None:
        badge = frame("well", hbox(self._badge, margins=(10, 10, 10, 10)))
        badge.setFixedSize(40, 40)
        head = hbox(
            Picture("icon", "key", "accent", 18),
            Label(tr(_C, "Permission request"), "title"),
            (self._kind, 1),
            self._count,
            ModeBadge(mode),
            margins=(24, 16, 24, 14),
        )
        self._account.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._chain.setAlignment(Qt.AlignmentFlag.AlignRight)
        asker = hbox(
            badge, (box(vbox(self._who, self._how, gap=2)), 1), vbox(self._account, self._chain, gap=2), gap=12
        )
        signed = vbox(
            hbox(
                Label(tr(_C, "What you sign"), "strong"),
                Label(tr(_C, "read by the agent from the bytes"), "small", "text2"),
                None,
            ),
            self._text,
            self._signed,
            gap=6,
        )
        raw = hbox(Label(tr(_C, "Raw bytes"), "strong"), (self._raw_line, 1), self._raw_more)
        page = QFrame()
        page.setProperty("panel", "flat")
        page.setLayout(
            vbox(
                asker,
                2,
                self.sentence,
                self.choice,
                self._danger,
                self.forecast,
                signed,
                self._why,
                raw,
                self._raw,
                None,
                gap=12,
                margins=(24, 16, 24, 16),
            )
        )
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(tr(_C, "The request"))
        self._area.setWidget(page)
        foot = vbox(
            self.problem,
            self._code_row,
            hbox(self._left, None, Key(tr(_C, "Esc")), self.reject_button, self.approve_button),
            margins=(24, 12, 24, 16),
        )
        self.setLayout(vbox(frame("flat", vbox(head, rule(), (self._area, 1), rule(), foot, gap=0)), gap=0))
        self.setTabOrder(self.reject_button, self.approve_button)

    # --- what waits ---

    def set_accounts(self, accounts: Mapping[str, "Account"]) -> None:
        """The owner's own names of accounts."""
        self._accounts = dict(accounts)
        if self.request is not None:
            self.choice.offer(self.request.waits.kind, self._accounts.values())
        if self.request is not None:
            self._show_account(self.request)

    def set_node(self, node: "WalletNode | None") -> None:
        """Who tries out what waits; None while there is no node."""
        self._node = node
        if self.request is not None:
            self._ask_node(self.request)

    def _read_book(self) -> None:
        """Names of the address book; a request is shown without them until they come."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = run(
            self,
            self._link.contacts(),
            lambda book: self.set_names({address_key(c.address): c.label for c in book}),
        )

    def set_names(self, names: Mapping[str, str]) -> None:
        """The owner's own names for addresses, such as those of the address book."""
        changed, self._names = self._names != names, dict(names)
        if self.request is not None and changed:
            self._show_rows(self.request)

    @Slot(object)
    def _asked(self, request: Request) -> None:
        if self.request is None:
            self._next()
        else:
            self._show_count()

    @Slot(str, str)
    def _gone(self, identifier: str, why: str) -> None:
        if self.request is not None and self.request.waits.id == identifier:
            if why:
                self.said.emit(why)
            self._next()
        else:
            self._show_count()

    def _next(self) -> None:
        self._busy = False
        waiting = list(self._link.waiting.values())
        self.request = waiting[0] if waiting else None
        if self.request is None:
            self._timer.stop()
            self.approve_button.let_go()
            self._forget_text()
            self.hide()
            return
        self._show_request(self.request)
        self._read_book()
        self._timer.start()
        if not self.isVisible():
            self.show()
        self.raise_()
        self.activateWindow()
        self.reject_button.setFocus()

    def _show_request(self, request: Request) -> None:
        waits = request.waits
        asker, level = say.who(waits), say.danger(waits)
        self._kind.set(say.kind(waits.kind))
        self._badge.set(asker.icon)
        self._who.set(asker.name)
        self._how.set(asker.how)
        whole = say.sentence(waits)
        self.sentence.set(say.shortened(whole))
        self.sentence.setAccessibleName(whole)
        self.sentence.setToolTip(whole)
        self._show_account(request)
        self._danger_source.set(say.danger_source(waits))
        self._show_danger(waits.reading is not None, level, say.reasons(waits))
        self._ask_node(request)
        self._show_rows(request)
        text = waits.reading.text if waits.reading is not None else ""
        self._text.setPlainText(text)
        self._text.setVisible(bool(text))
        asked = " ".join(waits.reasons)
        self._why.set(tr(_C, "Asked because: {why}", why=asked) if asked else "")
        self._why.setVisible(bool(asked))
        self._show_raw(request)
        self.choice.forget()
        self.choice.offer(waits.kind, self._accounts.values())
        self._proposed = proposal(waits)
        wrong = self._proposed.problem if self._proposed is not None else ""
        self.problem.set(wrong if request.true else _false_bytes())
        self.problem.setVisible(bool(wrong) or not request.true)
        self.code.clear()
        self._code_row.setVisible(waits.second_factor)
        self.setAccessibleName(tr(_C, "Permission request"))
        self.setAccessibleDescription(say.spoken(waits, say.rows(waits)))
        self._show_count()
        self._look()
        self._area.verticalScrollBar().setValue(0)
        self.approve_button.offer(say.approve_verb(waits), level >= 4)
        self._check_code()
        if not self.isActiveWindow():
            self.approve_button.let_go()

    def _show_account(self, request: Request) -> None:
        waits = request.waits
        if waits.account:
            mine = self._accounts.get(waits.account)
        else:
            family = waits.kind.removeprefix("connect ")
            mine = next((a for a in self._accounts.values() if a.family == family and a.signs), None)
        address = waits.account.partition(":")[2] if mine is None else mine.address
        self._account.set(mine.label if mine is not None else "")
        chain = say.short_chain(waits.chain) if waits.chain else ""
        self._chain.set(" · ".join(part for part in (short_address(address, 6) if address else "", chain) if part))

    def _show_danger(self, read: bool, level: int, reasons: list[str]) -> None:
        self._danger.setProperty("panel", "bad" if level >= 4 else "warn" if level == 3 else "well")
        self._danger.style().unpolish(self._danger)
        self._danger.style().polish(self._danger)
        self._danger_mark.set("bad" if level >= 4 else "warn" if level == 3 else "unknown" if not read else "ok")
        self._danger_words.set(say.danger_words(level))
        self._meter.set_level(level, "sell" if level >= 4 else "warn" if level == 3 else "accent")
        self._reasons.set("\n".join(map(say.shortened, reasons)))
        self._reasons.setToolTip("\n".join(reasons))
        self._reasons.setVisible(bool(reasons))

    def _ask_node(self, request: Request) -> None:
        """Has the node try exactly these bytes. Its answer is held against the request that is shown then."""
        if self._trying is not None:
            self._trying.cancel()
            self._trying = None
        waits = request.waits
        self.forecast.setVisible(node_say.wanted(waits))
        if not node_say.wanted(waits):
            return
        self.forecast.ask_title(waits.kind in ("evm_tx", "solana_tx"))
        if self._node is None:
            self.forecast.show_forecast(node_say.undone(tr(_C, "The node does not run: nobody could try it.")))
            return
        self.forecast.show_forecast(node_say.WAITING)
        self._trying = run(
            self,
            node_say.forecast(self._node, request),
            lambda found: self._forecast_came(request, found),
            lambda error: self._forecast_came(request, node_say.undone(str(error))),
        )

    @Slot()
    def _ask_again(self) -> None:
        if self.request is not None:
            self._ask_node(self.request)

    def _forecast_came(self, request: Request, found: node_say.Forecast) -> None:
        """Another content: it is to be read before anything can be approved. Nothing moves."""
        self._trying = None
        if self.request is not request:
            return
        self.forecast.show_forecast(found)
        self._show_rows(request)
        if self.isActiveWindow():
            self.approve_button.hold()
            self._check_code()

    def _note(self, request: Request, row: say.Row) -> str:
        """What is known of an address from elsewhere than the bytes, with who says it."""
        key = address_key(row.value)
        mine = next((a.label for a in self._accounts.values() if address_key(a.address) == key), "")
        if mine:
            return tr(_C, "your account {name}", name=remote(mine, 24))
        if key in self._names:
            return tr(_C, "{name}, in your book", name=remote(self._names[key], 24))
        if key in self.forecast.found.names:
            return tr(_C, "{symbol}, says the node", symbol=self.forecast.found.names[key])
        return tr(_C, "new to you") if say.is_new(request.waits, row.value) else ""

    def _show_rows(self, request: Request) -> None:
        self._signed.show_rows(say.rows(request.waits), lambda row: self._note(request, row))

    def _show_raw(self, request: Request) -> None:
        waits = request.waits
        self._raw_line.set(
            tr(_C, "{n} bytes · sha256 {digest}", n=f"{waits.raw_length:,}", digest=short_address(waits.digest, 6))
        )
        cut = waits.raw_length - len(waits.raw)
        text = say.written(waits.raw)
        self._raw.setPlainText(
            f"sha256 {waits.digest}\n\n{text}" + (tr(_C, "\n… and {n} more bytes", n=f"{cut:,}") if cut else "")
        )
        self._raw_more.setChecked(False)
        self._toggle_raw(False)

    def _show_count(self) -> None:
        if self.request is not None:
            number = len(self._link.waiting)
            self._count.set(tr(_C, "1 of {n}", n=number))

    def _forget_text(self) -> None:
        """What was asked does not stay in the widgets."""
        self._stop_asking()
        self.forecast.forget()
        self._names = {}
        for label in (self.sentence, self._reasons, self._who, self._how, self._account, self._chain, self._raw_line):
            label.set("")
            label.setToolTip("")
            label.setAccessibleName("")
        self.setAccessibleDescription("")
        self._text.clear()
        self._raw.clear()
        self.code.clear()
        self._signed.forget()

    def _stop_asking(self) -> None:
        for operation in (self._trying, self._reading):
            if operation is not None:
                operation.cancel()
        self._trying = self._reading = None

    @Slot(bool)
    def _toggle_raw(self, shown: bool) -> None:
        self._raw.setVisible(shown)
        self._raw_more.setText(tr(_C, "Hide") if shown else tr(_C, "Show"))

    @Slot()
    def _look(self) -> None:
        if self.request is None:
            return
        left = self.request.expires - time.monotonic()
        self._left.set(say.left(left))
        self.forecast.tick()
        if left <= 0 and not self._busy:
            self.reject()

    @Slot()
    def _check_code(self) -> None:
        request = self.request
        if request is None:
            return
        code = self.code.text()
        lacks = request.waits.second_factor and not (len(code) == 6 and code.isascii() and code.isdecimal())
        cannot = self._proposed is not None and self._proposed.problem != ""
        self.approve_button.block(lacks or cannot or self.choice.lacks or not request.true or self._busy)

    # --- the decision ---

    @Slot()
    def reject(self) -> None:
        """Refuses the request shown."""
        request = self.request
        if request is not None and not self._busy:
            self._decide(request, self._link.reject(request))

    @Slot()
    def _approve(self) -> None:
        request = self.request
        if request is None or self._busy or not request.true:
            return
        code = self.code.text() if request.waits.second_factor else None
        self.code.clear()
        self._decide(request, self._accept(request, code))

    async def _accept(self, request: Request, code: str | None) -> None:
        proposed = self._proposed
        await self._link.approve(request, code, self.choice.chosen)
        if proposed is not None:
            self.accepted.emit(proposed)

    def _decide(self, request: Request, work: Awaitable[None]) -> None:
        self._busy = True
        self._check_code()
        self._deciding = run(self, work, None, lambda error: self._failed(request, error))

    def _failed(self, request: Request, error: BaseException) -> None:
        """It waits on, such as after a wrong code; what became of one that is gone was said already."""
        if self.request is not request:
            return
        self._busy = False
        self.problem.set(str(error))
        self.problem.show()
        self.approve_button.hold()
        self._check_code()

    # --- attention ---

    def showEvent(self, event: QShowEvent) -> None:
        """Held off from the moment it is seen."""
        self.approve_button.hold()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Held off from the moment it has the focus; without it nothing can be approved."""
        if event.type() == QEvent.Type.ActivationChange:
            if self.isActiveWindow():
                self.approve_button.hold()
                self.reject_button.setFocus()
            else:
                self.approve_button.let_go()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing it is a no to what it shows."""
        event.ignore()
        self.reject()

    def finish(self) -> None:
        """The program ends."""
        self._stop_asking()
        if self._deciding is not None:
            self._deciding.cancel()
        self._timer.stop()
        self.hide()
        self.deleteLater()


def _false_bytes() -> str:
    return tr(_C, "The bytes shown are not the ones this approval would sign. It cannot be approved; reject it.")
