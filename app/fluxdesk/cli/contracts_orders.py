"""Orders deployments from the node's send queue, as the wallet orders payments, and waits until they are included."""

import asyncio
import re
from collections.abc import Callable

from fluxdesk.chains.evm.contracts.built import keccak256
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER
from fluxdesk.chains.evm.contracts.deploying import NotMade
from fluxdesk.chains.evm.contracts.plan import Step
from fluxdesk.cli.contracts_chain import Place, settled
from fluxdesk.client.errors import NodeProblem
from fluxdesk.core import wallet_views as w

_LIVE = ("queued", "sending")
_TRIES_MOST = 100
_EVERY_S = 0.3
_QUIET = 10
"""Looks without a reason after which the owner is pointed to the window."""


def account_of(text: str) -> str | None:
    """An EVM address in lower case, or None."""
    return text.lower() if re.fullmatch(r"0x[0-9a-fA-F]{40}", text) else None


class NodeOrders:
    """See `deploying.Orders`. `say` is given sentences while it waits."""

    def __init__(self, place: Place, account: str, say: Callable[[str], None]) -> None:
        self._place, self._account, self._say = place, account, say

    async def make(self, step: Step) -> tuple[str, int]:
        """Goes on with an order of an earlier run that is still on its way, else orders anew."""
        number = await self._number(step)
        by = "" if step.maker == DEPLOYER else step.maker
        given = "" if by else step.arguments.hex()
        item = w.Deploy(id=number, contract=step.built.name, arguments_hex="0x" + given, by=by)
        try:
            await self._place.client.order(self._place.id, w.OrderAsked(account=self._account, items=[item]))
        except NodeProblem as problem:
            raise NotMade(f"{step.name} was not deployed: {problem} {_AGAIN}") from None
        send = await self._included(step, number)
        if not await settled(self._place, step.address):
            raise NotMade(f"{step.name}: {send.txs[-1]} is on the chain; its code is not seen at the endpoint yet.")
        return send.txs[-1], send.block or 0

    async def _number(self, step: Step) -> str:
        """The first id of this step that is not used up: the same one for every run until it has an end.

        One that was paid, with nothing standing there, was paid on a chain that has since begun anew.
        """
        made = keccak256(f"{self._place.id} {self._account} {step.address}".encode()).hex()[:32]
        for attempt in range(_TRIES_MOST):
            number = f"deploy-{made}-{attempt}"
            try:
                send = await self._place.client.send(number)
            except NodeProblem as problem:
                if problem.problem.status != 404:
                    raise
                return number
            if send.state in _LIVE:
                self._say(f"{step.name}: an earlier run ordered it; going on with that.")
                return number
        raise NotMade(f"{step.name} was ordered {_TRIES_MOST} times and stands nowhere; look at the wallet's payments.")

    async def _included(self, step: Step, number: str) -> w.SendView:
        told, without_reason = "", 0
        while True:
            send = await self._place.client.send(number)
            if send.included or send.state == "paid":
                return send
            if send.state not in _LIVE:
                raise NotMade(f"{step.name} was not deployed ({send.state}). {send.reason} {_AGAIN}".replace("  ", " "))
            without_reason = 0 if send.reason else without_reason + 1
            waits = send.reason or (_APPROVE if without_reason > _QUIET else told)
            if waits != told and not send.txs:
                told = waits
                self._say(f"{step.name}: {waits}")
            await asyncio.sleep(_EVERY_S)


_APPROVE = "It waits for its signature: approve it in Fluxdesk's window."
_AGAIN = "What stands already is kept; the same command goes on."
