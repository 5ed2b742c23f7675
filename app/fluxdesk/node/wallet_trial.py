"""An endpoint that the user thinks of adding, tried out: which chain it serves, how far it is, how long it took.

Nothing of it is kept, and no other endpoint is asked.
"""

from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.core import wallet_views as w
from fluxdesk.core.chains import Chain, ChainId, added_chain
from fluxdesk.core.endpoint import BadEndpoint, Endpoint
from fluxdesk.gateway.desk import NoSuchThing
from fluxdesk.node.wallet_chains import Places

TIMEOUT_S = 8.0


async def try_out(places: Places, asked: w.EndpointAsked) -> w.EndpointView:
    """How the endpoint is; an address that cannot be one is failing, with the reason. Raises `NoSuchThing`."""
    chain = _chain(places, asked)
    try:
        endpoint = Endpoint.parse(asked.url, ("http", "https"))
    except BadEndpoint as error:
        return w.EndpointView(shown="", state="failing", latency_ms=None, head=None, reason=str(error))
    pool = EndpointPool(chain, [endpoint], per_second=10.0, timeout_s=TIMEOUT_S)
    try:
        found = (await pool.check())[0]
    finally:
        await pool.close()
    return w.EndpointView(
        shown=found.shown, state=found.state.value, latency_ms=found.latency_ms or None, head=found.head or None,
        reason=found.reason,
    )  # fmt: skip


def _chain(places: Places, asked: w.EndpointAsked) -> Chain:
    place = places.by_id.get(ChainId(asked.chain))
    if place is not None:
        return place.chain
    if asked.number is None or asked.chain != f"eip155:{asked.number}":
        raise NoSuchThing(f"This profile has no chain {asked.chain}; name the number of one that is to be added.")
    return added_chain(int(asked.number), "New chain", "COIN", known=())
