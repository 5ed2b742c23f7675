"""The node's wallet side for the screens: the typed client, whose calls fail in the one way that screens expect."""

from collections.abc import Mapping

from fluxdesk.client.errors import NodeProblem, NodeUnreachable
from fluxdesk.client.rest import TIMEOUT_S, Parameter, T
from fluxdesk.client.wallet import WalletClient
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.i18n import tr

_C = "Node"


class WalletNode(WalletClient):
    """Every call raises `NodeTrouble` and nothing else; its message is a sentence for the user."""

    async def _call(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        query: Mapping[str, Parameter] | None = None,
        body: bytes | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> T:
        try:
            return await super()._call(method, path, kind, query=query, body=body, timeout_s=timeout_s)
        except NodeUnreachable as error:
            raise NodeTrouble(tr(_C, "{why} Nothing was sent; ask again when it runs.", why=error)) from error
        except NodeProblem as error:
            raise NodeTrouble(error.problem.detail) from error
