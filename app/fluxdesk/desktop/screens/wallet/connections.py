"""Paired browsers and connected sites, each with its way out."""

from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QWidget, Signal
from fluxdesk.desktop.screens.wallet.parts import page, row, section, two_lines
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, clear, vbox
from fluxdesk.desktop.words import remote, short_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.agent_facts import Connections as Found
    from fluxdesk.desktop.agent_link import AgentLink

_C = "Wallet"


class Connections(QWidget):
    """Two lists.

    Signals:
        failed: A sentence.
    """

    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._link: AgentLink | None = None
        self._labels: dict[str, str] = {}
        self._browsers, self._sites = vbox(gap=0), vbox(gap=0)
        sites = tr(_C, "What a site was given: the address it sees, and the right to ask. It signs nothing by itself.")
        browsers = tr(_C, "A browser is paired by comparing a code. Forgetting one ends its connection at once.")
        self.setLayout(
            vbox(
                page(
                    section(tr(_C, "Connected sites"), sites),
                    box(self._sites),
                    12,
                    section(tr(_C, "Paired browsers"), browsers),
                    box(self._browsers),
                ),
                gap=0,
            )
        )

    def set_link(self, link: "AgentLink | None") -> None:
        """The agent to ask."""
        self._link = link
        self.forget()

    def set_accounts(self, accounts: "Sequence[Account]") -> None:
        """Labels for the addresses."""
        self._labels = {a.id: a.label for a in accounts}

    def refresh(self) -> None:
        """Reads both lists again."""
        if self._link is not None:
            run(self, self._link.connections(), self._show, lambda error: self.failed.emit(str(error)))

    def forget(self) -> None:
        """Shows nothing."""
        self._labels = {}
        clear(self._sites)
        clear(self._browsers)

    def _show(self, found: "Found") -> None:
        from fluxdesk.desktop.agent_facts import grants_of

        clear(self._sites)
        clear(self._browsers)
        grants: dict[str, list[str]] = {}
        for origin, _, grant in grants_of(found.sites):
            seen = [self._labels.get(a) or short_address(a.partition(":")[2], 6) for a in grant.accounts]
            grants.setdefault(origin, []).append(f"{', '.join(seen)} · {grant.chain}")
        for origin, lines in grants.items():
            name = remote(origin, 256)
            end = Button(tr(_C, "Disconnect"), role="small", tip=tr(_C, "Disconnect {site}", site=name))
            end.setAccessibleName(end.toolTip())
            end.clicked.connect(lambda _=False, origin=origin: self._disconnect(origin))
            self._sites.addWidget(row(Picture("icon", "link"), (two_lines(name, "; ".join(lines), mono=False), 1), end))
        if not grants:
            self._sites.addWidget(Label(tr(_C, "No site is connected."), "body", "text2"))
        for key, given in sorted(found.browsers.items(), key=lambda item: item[1]):
            name = remote(given) or tr(_C, "A browser without a name")
            forget = Button(tr(_C, "Forget"), role="small", tip=tr(_C, "Forget {browser}", browser=name))
            forget.setAccessibleName(forget.toolTip())
            forget.clicked.connect(lambda _=False, key=key: self._forget_browser(key))
            line = tr(_C, "key {key}", key=short_address(key, 8, 8))
            self._browsers.addWidget(row(Picture("icon", "external"), (two_lines(name, line), 1), forget))
        if not found.browsers:
            self._browsers.addWidget(Label(tr(_C, "No browser is paired."), "body", "text2"))

    def _disconnect(self, origin: str) -> None:
        if self._link is not None:
            run(self, self._link.disconnect_site(origin), lambda _: self.refresh(), lambda e: self.failed.emit(str(e)))

    def _forget_browser(self, key: str) -> None:
        if self._link is not None:
            run(self, self._link.forget_browser(key), lambda _: self.refresh(), lambda e: self.failed.emit(str(e)))
