"""The agent of one profile joined to the windows: its link, the approval window and the pairing window."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from fluxdesk.core.paths import Profile
from fluxdesk.desktop.agent_facts import Account, AgentState
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.approval.pairing import PairingWindow
from fluxdesk.desktop.approval.proposals import Proposal
from fluxdesk.desktop.approval.window import ApprovalWindow
from fluxdesk.desktop.browsers import confined, tell_browsers
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QObject, Slot
from fluxdesk.desktop.sleep import Sleep

if TYPE_CHECKING:
    from fluxdesk.desktop.wallet_node import WalletNode
    from fluxdesk.desktop.window import MainWindow
    from fluxdesk_host.bridge.manifests import Browser

FOLDER = "agent"
"""Of the profile: keystore, audit log, policy and paired browsers, for the agent alone."""
OUTPUT = "agent.out"


class AgentDesk(QObject):
    """Everything of the agent that the desktop keeps while a profile is open. A recording has none."""

    def __init__(
        self,
        window: "MainWindow",
        profile: Profile,
        node_pid: Callable[[], int | None],
        offer: bool,
        parent: QObject | None = None,
    ) -> None:
        """`offer`: show the Wallet screen once if there is no wallet yet."""
        super().__init__(parent)
        self._window, self._node_pid, self._offer = window, node_pid, offer
        self._profile = profile
        self._was_up = self._was_unlocked = False
        self.link: AgentLink | None = None
        self.approval: ApprovalWindow | None = None
        self.pairing: PairingWindow | None = None
        if profile.mode == "replay":
            return
        self.link = AgentLink(profile.folder / FOLDER, profile.mode, profile.logs / OUTPUT, self)
        self.approval = ApprovalWindow(self.link, profile.mode)
        self.pairing = PairingWindow(self.link)
        self.approval.said.connect(window.toast.say)
        self.pairing.said.connect(window.toast.say)
        self.approval.accepted.connect(self._take_proposal)
        self.link.changed.connect(self._changed)
        self.sleep = Sleep(self)
        self.sleep.falls_asleep.connect(self.lock)
        window.accounts_listed.connect(self._take_accounts)

    def start(self) -> None:
        """Starts the agent, and says to the browsers where it is found."""
        self._window.set_agent_link(self.link)
        if self.link is None:
            self._window.set_agent(AgentState())
        else:
            self.link.start()
            self.sleep.start()
            run(self, asyncio.to_thread(tell_browsers, self._profile), self._browsers_told, self._browsers_not_told)

    def _browsers_told(self, found: list["Browser"]) -> None:
        if (one := confined(found)) is not None:
            self._window.toast.say(
                tr("Agent", "{browser} cannot work with Fluxdesk. {why}", browser=one.name, why=one.why_not)
            )

    def _browsers_not_told(self, error: BaseException) -> None:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self._window.toast.say(
            tr("Agent", "The browsers were not told where Fluxdesk is: {why}. What was written before stays.", why=why)
        )

    @Slot(object)
    def _take_proposal(self, proposed: object) -> None:
        """Puts on the owner's lists what a site proposed and the owner accepted."""
        if isinstance(proposed, Proposal):
            for key, lines in proposed.lines:
                known = self._window.lines(key)
                self._window.setting_edited.emit(key, (*known, *(line for line in lines if line not in known)))
            if any(key == "chains_added" for key, _ in proposed.lines):
                said = tr("Agent", "The chain is on your list. The node serves it after a restart: Settings, Wallet.")
            else:
                said = tr("Agent", "The token is on your list. Its balance comes with the next reading.")
            self._window.toast.say(said)

    async def close(self) -> None:
        """Ends the agent and closes its windows."""
        self._window.set_agent_link(None)
        for window in (self.approval, self.pairing):
            if window is not None:
                window.finish()
        if self.link is not None:
            self.link.changed.disconnect(self._changed)
            self._window.accounts_listed.disconnect(self._take_accounts)
            self.sleep.close()
            await self.link.close()
        self._window.set_agent(AgentState())

    def set_node(self, node: "WalletNode | None") -> None:
        """The node that tries out what waits."""
        if self.approval is not None:
            self.approval.set_node(node)

    def lock(self) -> None:
        """Forgets every key, now."""
        if self.link is not None:
            self.link.lock()

    def touch(self) -> None:
        """The owner is there."""
        if self.link is not None:
            self.link.touch()

    @Slot()
    def admit_node(self) -> None:
        """Tells the agent which process is the node."""
        if self.link is not None:
            self.link.admit_node(self._node_pid())

    @Slot(object)
    def _changed(self, state: AgentState) -> None:
        up = state.phase == "up"
        if up and not self._was_up:
            self.admit_node()
        self._was_up = up
        self._window.set_agent(state)
        if state.unlocked and not self._was_unlocked and self.link is not None:
            run(self, self.link.accounts(), self._take_accounts, lambda _: None)
        if not state.unlocked:
            self._take_accounts(())
        self._was_unlocked = state.unlocked
        if self._offer and up:
            self._offer = False
            if not state.has_wallet and self._window.place == "launches":
                self._window.go("wallet")

    @Slot(object)
    def _take_accounts(self, accounts: object) -> None:
        if self.approval is not None and isinstance(accounts, list | tuple):
            self.approval.set_accounts({a.id: a for a in accounts if isinstance(a, Account)})
