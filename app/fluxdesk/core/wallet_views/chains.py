"""Chains with their endpoints, and what a chain answers to a read that is passed on."""

import msgspec

from fluxdesk.core.wallet_views.words import EndpointState, Family


class EndpointView(msgspec.Struct, kw_only=True):
    """One endpoint of a chain, without what may be a key."""

    shown: str
    state: EndpointState
    latency_ms: int | None
    head: int | None
    reason: str = ""


class ChainView(msgspec.Struct, kw_only=True):
    """One chain and who serves it."""

    id: str
    family: Family
    name: str
    symbol: str
    decimals: int
    test: bool
    added: bool
    practice: str = ""
    """Which program stands for the chain (LiteSVM, anvil); empty for a real one."""
    note: str = ""
    endpoints: list[EndpointView]


class ChainsView(msgspec.Struct, kw_only=True):
    """The chains that have an endpoint, and those that could have one."""

    items: list[ChainView]


class ChainStateView(msgspec.Struct, kw_only=True):
    """A chain in use, as its best endpoint stands."""

    id: str
    state: EndpointState


def _null() -> msgspec.Raw:
    return msgspec.Raw(b"null")


class RpcRefusal(msgspec.Struct, kw_only=True):
    """What an endpoint said no to. `data` is its own JSON, such as the bytes of a revert."""

    code: int
    message: str
    data: msgspec.Raw = msgspec.field(default_factory=_null)


class RpcView(msgspec.Struct, kw_only=True):
    """The chain's answer, or its refusal; one of them is null."""

    result: msgspec.Raw
    error: RpcRefusal | None = None
