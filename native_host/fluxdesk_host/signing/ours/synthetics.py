"""Synthetic assets by their id, through the factory. Source: contracts/evm/src/interfaces/ISyntheticAssetFactory.sol.

An asset is 32 bytes: which token is its collateral, the bytes do not say.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.ours.common import gets, gives, ours, place_of, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod

CONTRACT = "SyntheticAssetFactory"


def _deposit(call: Call, values: tuple[Any, ...]) -> str:
    asset, amount = values
    gives(call, _collateral(call, asset), amount)
    return f"puts {units(amount)} of collateral behind its {_named(asset)} {ours(call)}"


def _withdraw(call: Call, values: tuple[Any, ...]) -> str:
    asset, amount = values
    gets(call, _collateral(call, asset), amount, call.sender or call.to, "exact")
    return f"takes {units(amount)} of collateral from its {_named(asset)} {ours(call)}"


def _mint(call: Call, values: tuple[Any, ...]) -> str:
    asset, amount = values
    _owes(call, asset, amount)
    return f"makes {units(amount)} of {_named(asset)} and owes them {ours(call)}"


def _burn(call: Call, values: tuple[Any, ...]) -> str:
    asset, amount = values
    call.warn("token-burn")
    call.effect(
        EffectKind.BURN, asset=place_of(call, asset.hex(), "synthetic"), amount=amount, bound="most", source=call.sender
    )
    return f"burns up to {units(amount)} of {_named(asset)} and owes so much less {ours(call)}"


def _deposit_and_mint(call: Call, values: tuple[Any, ...]) -> str:
    asset, collateral, amount = values
    gives(call, _collateral(call, asset), collateral)
    _owes(call, asset, amount)
    return (
        f"puts {units(collateral)} of collateral behind its {_named(asset)}, makes {units(amount)} of it and owes them "
        f"{ours(call)}"
    )


def _owes(call: Call, asset: bytes, amount: int) -> None:
    call.warn("owes")
    call.effect(EffectKind.MINT, asset=place_of(call, asset.hex(), "synthetic"), amount=amount, to=call.sender)


def _collateral(call: Call, asset: bytes) -> str:
    return place_of(call, asset.hex(), "collateral")


def _named(asset: bytes) -> str:
    return f"synthetic 0x{asset.hex()}"


METHODS = (
    EvmMethod("deposit(bytes32 assetId,uint256 amount)", _deposit),
    EvmMethod("withdraw(bytes32 assetId,uint256 amount)", _withdraw),
    EvmMethod("mintSynthetic(bytes32 assetId,uint256 amount)", _mint),
    EvmMethod("burnSynthetic(bytes32 assetId,uint256 amount)", _burn),
    EvmMethod("depositAndMint(bytes32 assetId,uint256 collateralAmount,uint256 amount)", _deposit_and_mint),
)
