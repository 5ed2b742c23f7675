"""The port through which all chain code speaks to a chain, and what is known of each endpoint behind it."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from fluxdesk.chains.rpc.errors import Refused
from fluxdesk.chains.rpc.http import Call
from fluxdesk.core.chains import Chain


class State(StrEnum):
    """What is thought of an endpoint."""

    UNASKED = "unasked"
    GOOD = "good"
    SLOW = "slow"
    BEHIND = "behind"
    FAILING = "failing"
    OTHER_CHAIN = "other_chain"
    CONTRADICTS = "contradicts"


class Health(NamedTuple):
    """One endpoint, fit to be shown. `latency_ms` is smoothed; `head` a block number or slot, 0 when unknown."""

    shown: str
    state: State
    latency_ms: int
    head: int
    reason: str


class ChainRpc(Protocol):
    """One chain, whatever stands behind it. All methods raise `Unreachable` when no endpoint serves."""

    @property
    def chain(self) -> Chain:
        """The chain that every endpoint used was found to serve."""
        ...

    async def call(self, method: str, params: Sequence[object]) -> bytes:
        """The `result` of the best endpoint, as JSON. Raises `Refused`."""
        ...

    async def batch(self, calls: Sequence[Call]) -> list[bytes | Refused]:
        """Several calls to one and the same endpoint, in their order."""
        ...

    async def everywhere(self, method: str, params: Sequence[object]) -> list[bytes | Refused]:
        """What each usable endpoint answers, asked all at once. At least one answer."""
        ...

    def health(self) -> list[Health]:
        """Every endpoint, in the user's order."""
        ...

    async def close(self) -> None:
        """Release the connections."""
        ...
