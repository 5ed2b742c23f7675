"""The address of an RPC endpoint: `core.endpoint`, under the name that the sources use."""

from fluxdesk.core.endpoint import BadEndpoint, Endpoint

__all__ = ["BadEndpoint", "Endpoint"]
