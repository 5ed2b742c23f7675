"""From an old deployment to its successor, and prices brought along: the two migrators, the router and adapter of Pyth.

Sources: contracts/evm/src/periphery, contracts/evm/src/oracles/PythAdapter.sol. They keep nothing between calls, but
which managers and vaults they are given is the caller's word: what those do, their own code decides.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.ours.common import gets, gives, listed, ours, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

POOLS, VAULTS, ROUTER, ADAPTER = "PoolMigrator", "VaultMigrator", "PythVaultRouter", "PythAdapter"


def _pools(call: Call, values: tuple[Any, ...]) -> str:
    ((manager, pool, shares, to, to_pool, least, least_used, least_shares, deadline),) = values
    call.draft.expiry(deadline, call.place)
    _given(call, manager, "LiquidityPoolManager")
    _given(call, to, "LiquidityPoolManager")
    gives(call, f"held:{manager}:{pool}:shares", shares)
    gets(call, f"held:{to}:{to_pool}:shares", least_shares, call.sender or call.to)
    if not (least and all(least) and least_used and all(least_used)):
        call.warn("no-minimum")
    return (
        f"moves {shares:,} shares of pool {pool} of {call.scene.named(manager)} to pool {to_pool} of "
        f"{call.scene.named(to)}, at least {listed(least_used)}, for at least {least_shares:,} shares {ours(call)}"
    )


def _vaults(call: Call, values: tuple[Any, ...]) -> str:
    ((source, target, most, collateral, amount, deadline),) = values
    call.draft.expiry(deadline, call.place)
    _given(call, source, "SyntheticVault")
    _given(call, target, "SyntheticVault")
    if most:
        _burns(call, source, most)
    gives(call, f"held:{source}:collateral", collateral)
    if amount:
        _owes(call, target, amount, call.sender or call.to)
    made = f" and makes {units(amount)} of the new synthetic, which it owes" if amount else ""
    return (
        f"burns up to {units(most)} of the synthetic of {call.scene.named(source)}, moves {units(collateral)} of "
        f"collateral to {call.scene.named(target)}{made} {ours(call)}"
    )


def _mint(call: Call, values: tuple[Any, ...]) -> str:
    adapter, prices, vault, collateral, amount, to = values
    _brought(call, adapter, vault)
    if collateral:
        gives(call, f"held:{vault}:collateral", collateral)
    _owes(call, vault, amount, to)
    whose = _for(call, to)
    return (
        f"brings {counted(len(prices), 'price')}, puts {units(collateral)} of collateral into "
        f"{call.scene.named(vault)} and makes {units(amount)} of its synthetic, which the account owes{whose}, "
        f"{ours(call)}"
    )


def _withdraw(call: Call, values: tuple[Any, ...]) -> str:
    adapter, prices, vault, amount, to = values
    _brought(call, adapter, vault)
    whose = gets(call, f"held:{vault}:collateral", amount, to, "exact")
    return (
        f"brings {counted(len(prices), 'price')} and takes {units(amount)} of collateral out of "
        f"{call.scene.named(vault)}{whose} {ours(call)}"
    )


def _liquidate(call: Call, values: tuple[Any, ...]) -> str:
    adapter, prices, vault, account, most, least, to = values
    _brought(call, adapter, vault)
    _burns(call, vault, most)
    whose = gets(call, f"held:{vault}:collateral", least, to)
    return (
        f"brings {counted(len(prices), 'price')} and liquidates the position of {checksummed(account)} at "
        f"{call.scene.named(vault)}: burns up to {units(most)} of its synthetic for at least {units(least)} of "
        f"collateral{whose} {ours(call)}"
    )


def _update(call: Call, values: tuple[Any, ...]) -> str:
    (prices,) = values
    return f"brings {counted(len(prices), 'price')} to Pyth; what is sent along beyond its fee comes back {ours(call)}"


def _brought(call: Call, adapter: str, vault: str) -> None:
    _given(call, adapter, "PythAdapter")
    _given(call, vault, "SyntheticVault")


def _given(call: Call, address: str, contract: str) -> None:
    """Whether what a caller names there is the contract it should be; where no list says so, it may do anything."""
    if not call.scene.is_a(contract, address):
        call.warn("not-listed-as", target=address, name=contract)


def _burns(call: Call, vault: str, amount: int) -> None:
    call.warn("token-burn")
    call.effect(EffectKind.BURN, asset=f"held:{vault}:synthetic", amount=amount, bound="most", source=call.sender)


def _owes(call: Call, vault: str, amount: int, to: str) -> None:
    call.warn("owes")
    call.effect(EffectKind.MINT, asset=f"held:{vault}:synthetic", amount=amount, to=to)


def _for(call: Call, to: str) -> str:
    if call.mine(to):
        return ""
    call.warn("result-to-other", to=to)
    return f", for {checksummed(to)}"


METHODS_OF = {
    POOLS: (
        EvmMethod(
            "migrate((address,uint256,uint256,address,uint256,uint256[],uint256[],uint256,uint256) m)",
            _pools,
        ),
    ),
    VAULTS: (EvmMethod("migrate((address,address,uint256,uint256,uint256,uint256) m)", _vaults),),
    ROUTER: (
        EvmMethod(
            "updateAndDepositAndMint(address adapter,bytes[] prices,address vault,uint256 collateralAmount,"
            "uint256 amount,address receiver)",
            _mint,
        ),
        EvmMethod(
            "updateAndWithdraw(address adapter,bytes[] prices,address vault,uint256 amount,address receiver)", _withdraw
        ),
        EvmMethod(
            "updateAndLiquidate(address adapter,bytes[] prices,address vault,address account,uint256 maxBurn,"
            "uint256 minCollateral,address receiver)",
            _liquidate,
        ),
    ),
    ADAPTER: (EvmMethod("update(bytes[] prices)", _update),),
}
