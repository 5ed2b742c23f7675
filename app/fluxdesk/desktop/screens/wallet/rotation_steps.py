"""Moving all that an account holds to another one, step by step: tokens first, the coin last, as it pays the fees.

What is left to do follows from what the chain says the account holds, so a move that was cut off goes on where it was:
nothing else is kept. What is on its way already is waited for and not sent again. Each step is an ordinary payment that
the owner approves in the agent's window. No widgets.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from fluxdesk.core.wallet_views import ChainView, SendView
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.screens.wallet.holdings import Holding, of_answer, of_failure
from fluxdesk.desktop.screens.wallet.payment import Line, TooSmall, Wish, give, make, sign

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"
State = Literal["left", "asks", "sending", "moved", "stays", "unknown", "failed"]
LOOK_S: Final = 1.0
"""Between two looks at a payment on its way."""
WAIT_S: Final = 300.0
"""That long is one waited for: a chain that does not answer must not keep the rest where the key is known."""
ON_ITS_WAY: Final = frozenset({"queued", "sending"})


@dataclass(slots=True)
class Step:
    """One asset on one chain."""

    holding: Holding
    state: State = "left"
    reason: str = ""


async def read(
    node: "WalletNode", account: "Account", chains: Sequence[ChainView], tokens: Callable[[str], list[str]]
) -> list[Step]:
    """What the account holds now, in the order in which it goes. A chain that does not answer is one step `unknown`."""
    steps: list[Step] = []
    for chain in chains:
        if chain.family == account.family:
            steps += [step_of(held) for held in await holdings(node, account, chain, tokens(chain.id))]
    return sorted(steps, key=lambda s: s.holding.native)


async def holdings(node: "WalletNode", account: "Account", chain: ChainView, tokens: list[str]) -> list[Holding]:
    """The rows of one chain; one with its problem where the node could not say."""
    try:
        answer = await node.balances(chain.id, [account.address], tokens)
    except NodeTrouble as trouble:
        return of_failure([account], chain, str(trouble))
    return of_answer([account], chain, answer, time.time())


def step_of(held: Holding) -> Step:
    """How an asset stands before anything is done."""
    if held.amount_base is None:
        return Step(held, "unknown", held.problem or tr(_C, "The node does not say how much."))
    if held.empty:
        return Step(held, "moved")
    if held.frozen:
        return Step(held, "stays", tr(_C, "Frozen by its issuer: it cannot be moved."))
    return Step(held)


async def move(
    link: "AgentLink",
    node: "WalletNode",
    steps: Sequence[Step],
    to: "Account",
    tokens: Callable[[str], list[str]],
    changed: Callable[[Step], None],
    going: Callable[[], bool],
) -> None:
    """Does what is left, one step after the other, until all is done or `going` says no.

    A step that fails says why, and the coin of its chain stays, as it is needed for another try. Raises `AgentGone`.
    """
    failed: set[str] = set()
    for step in steps:
        if not going():
            return
        chain = step.holding.chain.id
        if step.state in {"moved", "stays", "unknown"}:
            failed |= {chain} if step.state == "unknown" else set()
            continue
        if step.holding.native and chain in failed:
            _become(step, "left", tr(_C, "Stays for the fees of what is not moved yet."), changed)
            continue
        try:
            await _one(link, node, step, to, tokens, changed, going)
        except TooSmall:
            _become(step, "stays", tr(_C, "Worth less than the fee of moving it."), changed)
        except (NodeTrouble, RuntimeError) as trouble:  # the agent's refusals, the owner's no among them
            _become(step, "failed", str(trouble), changed)
        if step.state in {"failed", "sending"}:
            failed.add(chain)


async def _one(
    link: "AgentLink",
    node: "WalletNode",
    step: Step,
    to: "Account",
    tokens: Callable[[str], list[str]],
    changed: Callable[[Step], None],
    going: Callable[[], bool],
) -> None:
    held = step.holding
    for earlier in (await node.sends(limit=200)).items:
        if _same(earlier, held) and earlier.state in ON_ITS_WAY:
            _become(step, "sending", tr(_C, "On its way already."), changed)
            if (await _arrival(node, earlier, going)).state in ON_ITS_WAY:
                return
    step.holding = held = await _now(node, held, tokens)
    before = step_of(held)
    if before.state != "left":
        _become(step, before.state, before.reason, changed)
        return
    known = await link.check_recipient(to.id, held.account.id, held.chain.id)
    line = Line(recipient=to.address, amount=await _sendable(node, held), known=known)
    _become(step, "asks", "", changed)
    made = await make(node, Wish(holding=held, lines=(line,), everything=True), time.monotonic())
    answer = await sign(link, made)
    _become(step, "sending", "", changed)
    end = await _arrival(node, await give(node, made, answer), going)
    if end.state == "paid":
        _become(step, "moved", "", changed)
    elif end.state in ON_ITS_WAY:
        _become(step, "sending", tr(_C, "On its way already."), changed)
    else:
        _become(step, "failed", end.reason or tr(_C, "The payment ended without being paid."), changed)


async def _sendable(node: "WalletNode", held: Holding) -> int:
    """All of a token; of the coin what a plain payment leaves, which is fitted to its true fee. Raises `TooSmall`."""
    amount = int(held.amount_base or 0)
    if not held.native:
        return amount
    fees = await node.fees(held.chain.id)
    fee = next((int(f.transfer_base) for f in fees.items if f.speed == "normal"), 0)
    if amount <= fee:
        raise TooSmall(tr(_C, "The fee takes all there is."))
    return amount - fee


async def _now(node: "WalletNode", held: Holding, tokens: Callable[[str], list[str]]) -> Holding:
    """The asset as it is now: fees of the steps before are gone from the coin."""
    rows = await holdings(node, held.account, held.chain, tokens(held.chain.id))
    found = next((row for row in rows if row.asset == held.asset), None)
    if found is not None:
        return found
    if rows and rows[0].amount_base is None:
        raise NodeTrouble(rows[0].problem or tr(_C, "The node does not say how much."))
    from dataclasses import replace

    return replace(held, amount_base="0")  # a token account that is not listed any more holds nothing


def _same(send: SendView, held: Holding) -> bool:
    return (
        send.chain == held.chain.id
        and send.account.lower() == held.account.address.lower()
        and send.asset.lower() == held.asset.lower()
    )


async def _arrival(node: "WalletNode", send: SendView, going: Callable[[], bool]) -> SendView:
    """The payment once it ended, whichever way, or as it is after `WAIT_S` or a stop. Raises `NodeTrouble`."""
    until = time.monotonic() + WAIT_S
    while send.state in ON_ITS_WAY and going() and time.monotonic() < until:
        await asyncio.sleep(LOOK_S)
        send = await node.send(send.id)
    return send


def _become(step: Step, state: State, reason: str, changed: Callable[[Step], None]) -> None:
    step.state, step.reason = state, reason
    changed(step)
