"""The audit log: read from end to end, and the verdict in words."""

from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QWidget, Signal
from fluxdesk.desktop.screens.wallet.parts import page, section
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, hbox, vbox

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_link import AgentLink, Audit

_C = "Wallet"
MOST = 20


class Log(QWidget):
    """The page.

    Signals:
        failed: A sentence.
    """

    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self.button = Button(tr(_C, "Check the log"), "primary")
        self._mark = Picture("mark", "unknown", size=18)
        self.verdict = Label("", "strong", wrap=True)
        self._details = Label("", "small", "text2", wrap=True)
        what = tr(
            _C,
            "Every request, decision and signature is one record, chained to the one before and sealed with a key of "
            "the wallet. A record that was changed, left out or cut off shows.",
        )
        self.setLayout(
            vbox(
                page(
                    section(tr(_C, "Audit log"), what),
                    hbox(self.button, 8, self._mark, (self.verdict, 1)),
                    self._details,
                ),
                gap=0,
            )
        )
        self.home: QWidget = self.button
        self.button.clicked.connect(self.check)

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.forget()

    def forget(self) -> None:
        """No verdict."""
        self._mark.set("unknown")
        self.verdict.set(tr(_C, "Not checked since Fluxdesk started"), "text2")
        self._details.set("")

    def check(self) -> None:
        """Reads the log."""
        if self._link is not None:
            self.button.setEnabled(False)
            run(self, self._link.verify_log(), self._show, self._fail)

    def _show(self, found: "Audit") -> None:
        self.button.setEnabled(True)
        records = plural(_C, found.records, "{n} record", "{n} records")
        if found.problems:
            self._mark.set("bad")
            self.verdict.set(tr(_C, "Damaged: {records} read", records=records), "sell")
            more = len(found.problems) - MOST
            left = [tr(_C, "and {n} more", n=more)] if more > 0 else []
            self._details.set("\n".join([*found.problems[:MOST], *left]))
            return
        self._mark.set("ok")
        self.verdict.set(tr(_C, "Whole: {records}, none changed, left out or cut off", records=records), "text1")
        torn = tr(_C, "{n} bytes of an unfinished record at the end; nothing had left on it.", n=found.torn)
        self._details.set(torn if found.torn else "")

    def _fail(self, error: BaseException) -> None:
        self.button.setEnabled(True)
        self.failed.emit(str(error))
