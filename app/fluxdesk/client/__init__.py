"""The typed client of the node's gateway. Knows `fluxdesk.core` only; imports its libraries when it first connects."""

from fluxdesk.client.errors import NodeProblem, NodeUnreachable
from fluxdesk.client.link import Link
from fluxdesk.client.rest import NodeClient
from fluxdesk.client.stream import NodeStream

__all__ = ["Link", "NodeClient", "NodeProblem", "NodeStream", "NodeUnreachable"]
