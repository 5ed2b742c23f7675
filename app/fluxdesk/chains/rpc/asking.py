"""What every port does alike: calls one after the other, and bytes sent to every endpoint."""

from collections.abc import Awaitable, Callable, Sequence

from fluxdesk.chains.rpc.errors import Refused, Why
from fluxdesk.chains.rpc.http import Call
from fluxdesk.chains.rpc.port import ChainRpc, State


async def one_by_one(
    call: Callable[[str, Sequence[object]], Awaitable[bytes]], calls: Sequence[Call]
) -> list[bytes | Refused]:
    """A batch for a port that takes none."""
    found: list[bytes | Refused] = []
    for method, params in calls:
        try:
            found.append(await call(method, params))
        except Refused as refused:
            found.append(refused)
    return found


async def broadcast(
    rpc: ChainRpc, method: str, params: Sequence[object], classified: Callable[[Refused], Refused]
) -> str:
    """Sends to every endpoint: why all of them refused, or nothing where one has or may have taken it."""
    # One that did not answer may have taken it.
    asked = sum(endpoint.state is not State.OTHER_CHAIN for endpoint in rpc.health())
    answers = await rpc.everywhere(method, params)
    refusals = [classified(answer) for answer in answers if isinstance(answer, Refused)]
    if len(refusals) < asked or any(refused.why is Why.ALREADY_KNOWN for refused in refusals):
        return ""
    return str(refusals[0])
