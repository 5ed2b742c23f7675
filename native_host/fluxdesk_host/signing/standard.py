"""The recognisers that Fluxdesk comes with. Made on first use, not at import."""

from functools import lru_cache

from fluxdesk_host.signing.registry import Registry


@lru_cache(maxsize=1)
def standard() -> Registry:
    """All of them; `standard().plus(...)` adds more."""
    from fluxdesk_host.signing.evm import (
        aggregators,
        bundles,
        control,
        known,
        permits,
        routers,
        token_extras,
        tokens,
        universal,
    )
    from fluxdesk_host.signing.ours import distributions, governor, proxy
    from fluxdesk_host.signing.ours import orders as settlement
    from fluxdesk_host.signing.solana import (
        associated,
        budget,
        claims,
        loader,
        memo,
        stake,
        system,
        tables,
        token,
        vote,
    )
    from fluxdesk_host.signing.typed import markets, orders, permissions, safe, transfers

    methods = (tokens, token_extras, permits, bundles, control, routers, universal, aggregators)
    kinds = (permissions, orders, markets, safe, transfers, settlement, distributions, governor)
    programs = (system, token, associated, memo, budget, tables, stake, vote, loader, claims)
    return Registry(
        methods=[m for module in methods for m in module.METHODS],
        typed=[k for module in kinds for k in module.KINDS],
        programs=[p for module in programs for p in module.PROGRAMS],
        contracts=known.CONTRACTS,
        bare=proxy.CONTRACTS,
    )
