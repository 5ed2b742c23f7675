"""Which recognisers belong to which of our contracts."""

from collections.abc import Mapping

from fluxdesk_host.signing.ours import (
    crosschain,
    distributions,
    governance,
    incentives,
    orders,
    pools,
    synthetics,
    tokens,
)
from fluxdesk_host.signing.registry import EvmMethod

_MODULES = (pools, incentives, orders, synthetics, governance, crosschain, distributions, tokens)
METHODS: Mapping[str, tuple[EvmMethod, ...]] = {module.CONTRACT: module.METHODS for module in _MODULES}
BELIEVED = (*METHODS, "GovernanceDeployment")
"""Contracts whose creation code the agent carries."""
