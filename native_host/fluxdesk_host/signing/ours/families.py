"""Which recognisers belong to which of our contracts."""

from collections.abc import Mapping

from fluxdesk_host.signing.ours import (
    claims,
    crosschain,
    distributions,
    governance,
    governor,
    incentives,
    locks,
    moving,
    orders,
    pools,
    provenance,
    synthetics,
    tokens,
    vaults,
)
from fluxdesk_host.signing.registry import EvmMethod

_MODULES = (
    pools, incentives, orders, synthetics, vaults, governance, governor, crosschain, distributions, claims, tokens,
    locks, provenance,
)  # fmt: skip
METHODS: Mapping[str, tuple[EvmMethod, ...]] = {
    **{module.CONTRACT: module.METHODS for module in _MODULES},
    governor.DEPLOYMENT: governor.DEPLOYMENT_METHODS,
    **moving.METHODS_OF,
}
BELIEVED = (*METHODS, "SyntheticVaultDeployer", "VaultDeployer")
"""Contracts whose creation code the agent carries: those that are called, and those that make them."""
