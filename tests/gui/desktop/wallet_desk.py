"""The Wallet screen in front of a real agent and a real practice node: what its tests share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.node_link import NodeLink
from fluxdesk.desktop.qt import QLabel, QWidget
from fluxdesk.desktop.screens.wallet.holdings import Holding
from fluxdesk.desktop.screens.wallet.screen import WalletScreen
from fluxdesk.desktop.theme import dress
from fluxdesk.desktop.widgets.basics import Label
from gui.desktop.agent_desk import linked
from windows import settle

SOLANA = "solana:local"
EVM = "eip155:31337"
SOL = 10**9


@asynccontextmanager
async def wallet(data: Path, socket: Path) -> AsyncIterator[tuple[WalletScreen, AgentLink, NodeLink]]:
    """An open wallet on a node's socket, read once."""
    async with linked(data) as link:
        node = NodeLink(socket)
        made = WalletScreen()
        dress(made)
        made.resize(1216, 700)
        node.sends.connect(made.take_sends)
        node.follow_sends()
        node.open()
        made.set_link(link)
        made.set_node(node.wallet)
        link.changed.connect(made.set_state)
        made.set_state(link.state)
        made.show()
        try:
            await settle(until=lambda: made.shown == "open" and not made.balances.busy)
            yield made, link, node
        finally:
            link.changed.disconnect(made.set_state)
            made.set_node(None)
            made.close()
            made.deleteLater()
            await node.close()
            await settle()


async def coin_of(made: WalletScreen, chain: str) -> Holding:
    """The coin of a chain in the list of balances, once the list has it."""
    await settle(until=lambda: any(x.chain.id == chain for x in made.balances.holdings))
    return next(x for x in made.balances.holdings if x.chain.id == chain)


def texts(widget: QWidget) -> str:
    """Whole texts, also of labels that are drawn cut."""
    return " ".join(label.words if isinstance(label, Label) else label.text() for label in widget.findChildren(QLabel))
