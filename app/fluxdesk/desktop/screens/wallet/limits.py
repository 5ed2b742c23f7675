"""The policy: what holds, limits on a chain's own coin to edit, the emergency stop. The agent enforces it, not we."""

from typing import TYPE_CHECKING

import msgspec

from fluxdesk.desktop.approval.words import chain_name
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QComboBox, QLineEdit, QWidget, Signal
from fluxdesk.desktop.screens.wallet.amounts import COINS, PRACTICE, BadAmount, coin_of, parse_coin, shown
from fluxdesk.desktop.screens.wallet.parts import page, row, section, two_lines
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, frame, hbox, vbox
from fluxdesk.desktop.words import remote

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import PolicyState
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk_host.agent.policy import Cap, Policy

_C = "Wallet"


def duration(seconds: int) -> str:
    """A span in the largest unit that fits."""
    for size, one, many in (
        (86_400, "{n} day", "{n} days"),
        (3_600, "{n} hour", "{n} hours"),
        (60, "{n} min", "{n} min"),
    ):
        if seconds >= size and seconds % size == 0:
            return plural(_C, seconds // size, one, many)
    return tr(_C, "{n} s", n=seconds)


class Limits(QWidget):
    """The page.

    Signals:
        failed: A sentence.
        said: A sentence about what was changed.
    """

    failed = Signal(str)
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._policy: Policy | None = None
        self._state = Label("", "body", wrap=True)
        self._delays = Label("", "small", "text2", wrap=True)
        self.stop_button = Button(tr(_C, "Stop all signing"), "danger")
        self.resume_button = Button(tr(_C, "Ask to resume"))
        self._caps, self._allowances = vbox(gap=0), vbox(gap=0)
        self.chain = QComboBox()
        self.chain.setAccessibleName(tr(_C, "Chain of the limit"))
        self.per_transaction = self._field(tr(_C, "At most in one transaction"), tr(_C, "per transaction"))
        self.per_day = self._field(tr(_C, "At most in 24 hours"), tr(_C, "per 24 h"))
        self._coin = Label("", "small", "text2")
        self.add_button = Button(tr(_C, "Set the limit"), "primary")
        self.problem = Label("", "small", "sell", wrap=True)
        caps = tr(_C, "A limit refuses whatever is above it, also what you would approve. Tighter counts at once.")
        self.setLayout(
            vbox(
                page(
                    frame(
                        "well", hbox((self._state, 1), self.resume_button, self.stop_button, margins=(14, 10, 10, 10))
                    ),
                    self._delays,
                    section(tr(_C, "Limits"), caps),
                    box(self._caps),
                    hbox(self.chain, self.per_transaction, self.per_day, self._coin, None, self.add_button),
                    self.problem,
                    section(
                        tr(_C, "Allowances"),
                        tr(_C, "What is signed without asking. None are made here; a strategy proposes its own."),
                    ),
                    box(self._allowances),
                ),
                gap=0,
            )
        )
        self.home: QWidget = self.per_transaction
        self.chain.currentIndexChanged.connect(self._name_coin)
        self.add_button.clicked.connect(self._add)
        self.stop_button.clicked.connect(lambda: self._do("stop"))
        self.resume_button.clicked.connect(lambda: self._do("resume"))
        self._name_coin()

    def _field(self, name: str, hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setToolTip(name)
        field.setPlaceholderText(hint)
        field.setMaxLength(40)
        field.setFixedWidth(look().px(140))
        set_role(field, "body")
        return field

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        practice = link is not None and link.mode == "practice"
        self.chain.clear()
        for chain in sorted(COINS, key=lambda chain: (chain in PRACTICE) != practice):
            self.chain.addItem(chain_name(chain), chain)
        self.forget()

    def forget(self) -> None:
        """Shows nothing."""
        self._policy = None
        self._state.set("")
        self._delays.set("")
        clear(self._caps)
        clear(self._allowances)

    def refresh(self) -> None:
        """Reads it again."""
        if self._link is not None:
            run(self, self._link.policy(), self._show, lambda error: self.failed.emit(str(error)))

    def _show(self, found: "PolicyState") -> None:
        policy = self._policy = found.current
        if found.state != "whole":
            self._state.set(tr(_C, "The sealed policy is damaged: nothing is signed."), "sell")
        elif found.resumes_in_ms is not None:
            wait = duration(max(60, round(found.resumes_in_ms / 60_000) * 60))
            self._state.set(tr(_C, "Stopped. Signing resumes in {time}.", time=wait), "warn")
        elif found.stopped:
            self._state.set(tr(_C, "Emergency stop: nothing is signed."), "sell")
        else:
            self._state.set(tr(_C, "Everything that no allowance names is asked."), "text1")
        self.stop_button.setVisible(not found.stopped)
        self.resume_button.setVisible(found.stopped and found.resumes_in_ms is None)
        said = [
            tr(_C, "Loosening counts after {time}.", time=duration(policy.loosen_delay_s)),
            tr(_C, "A new recipient is new for {time}.", time=duration(policy.cooldown_s)),
            tr(_C, "A request closes after {time}.", time=duration(policy.approval_s)),
        ]
        if found.replaced:
            longest = max(r.binds_for_ms for r in found.replaced)
            wait = duration(max(60, round(longest / 60_000) * 60))
            said.append(tr(_C, "Older, tighter limits go on binding for {time}.", time=wait))
        self._delays.set(" ".join(said))
        self._show_caps(policy)

    def _show_caps(self, policy: "Policy") -> None:
        clear(self._caps)
        clear(self._allowances)
        for cap in policy.caps:
            end = Button(
                tr(_C, "Remove"), role="small", tip=tr(_C, "Remove the limit; it binds until the delay is over")
            )
            end.clicked.connect(lambda _=False, cap=cap: self._remove(cap))
            self._caps.addWidget(
                row(Picture("icon", "lock"), (two_lines(_where(cap), _amounts(cap), mono=False), 1), end)
            )
        if not policy.caps:
            self._caps.addWidget(Label(tr(_C, "No limit. Every request is asked all the same."), "body", "text2"))
        for allowance in policy.allowances:
            what = f"{allowance.origin} · {chain_name(allowance.chain)} · {', '.join(allowance.methods)}"
            self._allowances.addWidget(
                row(Picture("icon", "play"), (two_lines(remote(allowance.name), what, mono=False), 1))
            )
        if not policy.allowances:
            self._allowances.addWidget(Label(tr(_C, "None: everything is asked."), "body", "text2"))

    def _name_coin(self) -> None:
        self._coin.set(coin_of(str(self.chain.currentData()))[0])

    def _add(self) -> None:
        from fluxdesk_host.agent.policy import Amounts, Cap

        policy, chain = self._policy, str(self.chain.currentData())
        if policy is None:
            return
        try:
            one, day = parse_coin(self.per_transaction.text(), chain), parse_coin(self.per_day.text(), chain)
        except BadAmount as error:
            self.problem.set(str(error))
            return
        if one is None and day is None:
            self.problem.set(tr(_C, "Type an amount for one transaction, for 24 hours, or both."))
            return
        self.problem.set("")
        cap = Cap(chain=chain, asset="native", amounts=Amounts(per_transaction=one, per_day=day))
        others = tuple(c for c in policy.caps if not _same_place(c, cap))
        self._save(msgspec.structs.replace(policy, caps=(*others, cap)))

    def _remove(self, cap: "Cap") -> None:
        if self._policy is not None:
            left = tuple(c for c in self._policy.caps if c != cap)
            self._save(msgspec.structs.replace(self._policy, caps=left))

    def _save(self, policy: "Policy") -> None:
        if self._link is not None:
            run(self, self._link.set_policy(policy), lambda _: self._saved(), lambda e: self.problem.set(str(e)))

    def _saved(self) -> None:
        self.per_transaction.setText("")
        self.per_day.setText("")
        self.said.emit(tr(_C, "Saved. What is tighter holds now, what is looser after the delay."))
        self.refresh()

    def _do(self, what: str) -> None:
        if self._link is not None:
            work = self._link.stop_all() if what == "stop" else self._link.resume()
            run(self, work, lambda _: self.refresh(), lambda e: self.failed.emit(str(e)))


def _same_place(one: "Cap", other: "Cap") -> bool:
    return msgspec.structs.replace(one, amounts=other.amounts) == other


def _where(cap: "Cap") -> str:
    coin = coin_of(cap.chain)[0]
    asset = coin if cap.asset == "native" and coin else cap.asset
    chain = tr(_C, "all chains") if cap.chain == "*" else chain_name(cap.chain)
    return tr(_C, "{asset} on {chain}", asset=remote(asset), chain=chain)


def _amounts(cap: "Cap") -> str:
    coin, decimals = coin_of(cap.chain) if cap.asset == "native" else ("", 0)
    parts = []
    for base, words in (
        (cap.amounts.per_transaction, tr(_C, "in one transaction")),
        (cap.amounts.per_day, tr(_C, "in 24 hours")),
        (cap.amounts.per_recipient_day, tr(_C, "to one recipient in 24 hours")),
        (cap.amounts.per_method_day, tr(_C, "by one method in 24 hours")),
    ):
        if base is not None:
            parts.append(f"{shown(base, decimals)} {coin or tr(_C, 'base units')} {words}")
    return tr(_C, "At most {parts}", parts=", ".join(parts))
