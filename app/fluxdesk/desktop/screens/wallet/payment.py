"""A payment from wish to broadcast: made by the node, tried out by the node, signed by the agent, given to the chain.

What the agent signs is exactly the transaction that was shown: the bytes go from the node's answer to the agent and,
with the signature, back. Nothing here decides, and nothing is kept.
"""

import base64
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fluxdesk.core import wallet_views as w
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.screens.wallet.holdings import Holding
from fluxdesk_host.agent.owner import OWN_ORIGIN
from fluxdesk_host.protocol.messages import Sign

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account, RecipientState
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"
PRIORITIES: tuple[w.Priority, ...] = (2, 1, 0)
"""Of the speeds slow, normal, fast."""
MOST_RECIPIENTS = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One recipient and what it gets. `known`: what the agent knows of it; None: it could not say."""

    recipient: str
    amount: int
    known: "RecipientState | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be paid. `replaces`: the transaction that this one takes the place of, or `cancel`s."""

    holding: Holding
    lines: tuple[Line, ...]
    speed: int = 1
    everything: bool = False
    replaces: w.SendView | None = None
    cancel: bool = False

    @property
    def account(self) -> "Account":
        """Who pays."""
        return self.holding.account

    @property
    def chain(self) -> w.ChainView:
        """Where."""
        return self.holding.chain

    @property
    def total(self) -> int:
        """Of all lines, in base units."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Unsigned transactions with their cost, and what trying them out showed.

    Attributes:
        wish: With the amount as it is in the bytes, which is less than wished where everything was to go.
        trials: One for each of `views`; a text where it could not be tried out, with the reason.
        at_s: When it was made, by the monotonic clock.
        ids: Under which its payments are kept; asking again under the same ones pays nothing twice.
    """

    wish: Wish
    views: tuple[w.TransferView, ...]
    total: w.CostView
    trials: tuple[w.SimulationView | str, ...]
    at_s: float
    ids: tuple[str, ...]

    @property
    def one(self) -> bool:
        """Whether the window itself has it signed; several are the node's to order."""
        return len(self.wish.lines) == 1


class TooSmall(ValueError):
    """Nothing is left to send once the fee is paid; the message is for the user."""


async def make(node: "WalletNode", wish: Wish, now_s: float) -> Made:
    """Asks the node for the transactions and tries them out. Raises `NodeTrouble`, `TooSmall`."""
    ids = tuple(uuid.uuid4().hex for _ in wish.lines)
    if len(wish.lines) > 1:
        plan = await node.plan(wish.chain.id, order_of(wish, ids))
        views, total = tuple(plan.items), plan.total
    else:
        wish, view = await _single(node, wish)
        views, total = (view,), view.cost
    trials = [await _tried(node, wish, view) for view in views]
    return Made(wish=wish, views=views, total=total, trials=tuple(trials), at_s=now_s, ids=ids)


async def _single(node: "WalletNode", wish: Wish) -> tuple[Wish, w.TransferView]:
    view = await node.transfer(wish.chain.id, _asked(wish, wish.lines[0].amount))
    if not wish.everything or not wish.holding.native or wish.replaces is not None:
        return wish, view
    held = int(wish.holding.amount_base or 0)
    left = held - int(view.cost.total_base)
    if left <= 0:
        raise TooSmall(tr(_C, "The fee takes all there is: nothing is left to send."))
    if left == wish.lines[0].amount:
        return wish, view
    view = await node.transfer(wish.chain.id, _asked(wish, left))
    line = Line(recipient=wish.lines[0].recipient, amount=left, known=wish.lines[0].known)
    fitted = Wish(holding=wish.holding, lines=(line,), speed=wish.speed, everything=True)
    return fitted, view


def _asked(wish: Wish, amount: int) -> w.TransferAsked:
    return w.TransferAsked(
        account=wish.account.address,
        asset=wish.holding.asset,
        recipient=wish.lines[0].recipient,
        amount_base=str(amount),
        priority=PRIORITIES[wish.speed],
        replaces=None if wish.replaces is None else wish.replaces.id,
        cancel=wish.cancel,
    )


async def _tried(node: "WalletNode", wish: Wish, view: w.TransferView) -> w.SimulationView | str:
    try:
        found = await node.simulate(wish.chain.id, wish.account.address, view.payload_b64)
    except NodeTrouble as trouble:
        return str(trouble)
    return found if found.done else found.reason or tr(_C, "the node gave no reason")


def order_of(wish: Wish, ids: Sequence[str]) -> w.OrderAsked:
    """Several payments for the node to make, have signed and follow."""
    items: list[w.Item] = [
        w.Pay(id=name, asset=wish.holding.asset, recipient=line.recipient, amount_base=str(line.amount))
        for name, line in zip(ids, wish.lines, strict=True)
    ]
    return w.OrderAsked(account=wish.account.address, items=items, priority=PRIORITIES[wish.speed])


async def sign(link: "AgentLink", made: Made) -> str:
    """The agent's answer, once the user approved in its window. Raises `AgentRefused`, `AgentGone`."""
    view = made.views[0]
    payload: str | dict[str, object] = view.payload_b64 if view.fields is None else dict(view.fields)
    return await link.sign(
        Sign(
            id=str(uuid.uuid4()),
            origin=OWN_ORIGIN,
            account=made.wish.account.id,
            chain=view.chain,
            kind=view.kind,
            payload=payload,
        )
    )


def signed_bytes(kind: str, answer: str) -> str:
    """The agent's answer as the node takes it: base64 of a whole EVM transaction, or of a Solana signature."""
    return base64.b64encode(bytes.fromhex(answer.removeprefix("0x"))).decode() if kind == "evm_tx" else answer


async def give(node: "WalletNode", made: Made, answer: str) -> w.SendView:
    """Gives the signed transaction to the chain. Raises `NodeTrouble`."""
    view, wish = made.views[0], made.wish
    return await node.broadcast(
        view.chain,
        w.BroadcastAsked(
            id=made.ids[0],
            account=wish.account.address,
            signed_b64=signed_bytes(view.kind, answer),
            payload_b64=view.payload_b64,
            replaces=None if wish.replaces is None else wish.replaces.id,
            cancel=wish.cancel,
        ),
    )


async def order(node: "WalletNode", made: Made) -> list[w.SendView]:
    """Has the node make several payments; it asks the agent for each signature. Raises `NodeTrouble`."""
    found = await node.order(made.wish.chain.id, order_of(made.wish, made.ids))
    return found.items
