"""The vault of one synthetic asset, called directly. Source: contracts/evm/src/interfaces/ISyntheticVault.sol.

Which tokens its collateral and its synthetic are, the bytes do not say: they are places of the vault.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.ours.common import gets, gives, ours, place_of, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed

CONTRACT = "SyntheticVault"


def _operator(call: Call, values: tuple[Any, ...]) -> str:
    operator, allowed = values
    if not allowed:
        call.warn("revoke")
        call.effect(EffectKind.REVOKE, asset=_position(call), source=call.sender, spender=operator)
        return f"takes from {checksummed(operator)} the right to act on its position {ours(call)}"
    call.warn("delegates-rights", to=operator)
    call.effect(
        EffectKind.APPROVAL, asset=_position(call), source=call.sender, spender=operator, unlimited=True
    )  # fmt: skip
    return f"lets {checksummed(operator)} mint on its position and take out its collateral {ours(call)}"


def _deposit(call: Call, values: tuple[Any, ...]) -> str:
    account, amount = values
    gives(call, _collateral(call), amount)
    return f"puts {units(amount)} of collateral behind {_whose(call, account)} {ours(call)}"


def _withdraw(call: Call, values: tuple[Any, ...]) -> str:
    account, amount, to = values
    _for(call, account)
    whose = gets(call, _collateral(call), amount, to, "exact")
    return f"takes {units(amount)} of collateral from {_whose(call, account)}{whose} {ours(call)}"


def _mint(call: Call, values: tuple[Any, ...]) -> str:
    account, amount, to = values
    whose = _owes(call, account, amount, to)
    return f"makes {units(amount)} of the synthetic, which {_whose(call, account)} owes{whose}, {ours(call)}"


def _deposit_and_mint(call: Call, values: tuple[Any, ...]) -> str:
    account, collateral, amount, to = values
    gives(call, _collateral(call), collateral)
    whose = _owes(call, account, amount, to)
    return (
        f"puts {units(collateral)} of collateral behind {_whose(call, account)} and makes {units(amount)} of the "
        f"synthetic, which it owes{whose}, {ours(call)}"
    )


def _burn(call: Call, values: tuple[Any, ...]) -> str:
    account, amount = values
    _burns(call, amount)
    return f"burns up to {units(amount)} of the synthetic against what {_whose(call, account)} owes {ours(call)}"


def _burn_and_withdraw(call: Call, values: tuple[Any, ...]) -> str:
    account, amount, collateral, to = values
    _for(call, account)
    if amount:
        _burns(call, amount)
    whose = gets(call, _collateral(call), collateral, to, "exact")
    return (
        f"burns up to {units(amount)} of the synthetic against what {_whose(call, account)} owes and takes "
        f"{units(collateral)} of its collateral{whose} {ours(call)}"
    )


def _liquidate(call: Call, values: tuple[Any, ...]) -> str:
    account, most, least, to = values
    _burns(call, most)
    whose = gets(call, _collateral(call), least, to)
    return (
        f"liquidates the position of {checksummed(account)}: burns up to {units(most)} of the synthetic for at least "
        f"{units(least)} of collateral{whose} {ours(call)}"
    )


def _redeem(call: Call, values: tuple[Any, ...]) -> str:
    account, amount, least, to = values
    _burns(call, amount)
    whose = gets(call, _collateral(call), least, to)
    return (
        f"redeems up to {units(amount)} of the synthetic of a vault that is shut down for at least {units(least)} of "
        f"the collateral of {checksummed(account)}{whose} {ours(call)}"
    )


def _recapitalise(call: Call, values: tuple[Any, ...]) -> str:
    (amount,) = values
    _burns(call, amount)
    return f"burns up to {units(amount)} of the synthetic against the vault's shortfall, for nothing, {ours(call)}"


def _fees(call: Call, _: tuple[Any, ...]) -> str:
    return f"has the fees paid to whom the vault pays them {ours(call)}"


def _report(call: Call, _: tuple[Any, ...]) -> str:
    return f"has the vault look at its oracle {ours(call)}"


def _shutdown(call: Call, _: tuple[Any, ...]) -> str:
    call.warn("shuts-down", name=call.scene.known(call.to))
    return f"shuts the vault down for good, at the last good price, {ours(call)}"


def _realise(call: Call, values: tuple[Any, ...]) -> str:
    (account,) = values
    return f"writes off what {_whose(call, account)} owes beyond its collateral {ours(call)}"


def _owes(call: Call, account: str, amount: int, to: str) -> str:
    _for(call, account)
    call.warn("owes")
    call.effect(EffectKind.MINT, asset=place_of(call, "synthetic"), amount=amount, to=to)
    if call.mine(to):
        return ""
    call.warn("result-to-other", to=to)
    return f", for {checksummed(to)}"


def _burns(call: Call, amount: int) -> None:
    call.warn("token-burn")
    call.effect(EffectKind.BURN, asset=place_of(call, "synthetic"), amount=amount, bound="most", source=call.sender)


def _for(call: Call, account: str) -> None:
    """Of another's position only its operator takes; it is said whose it is."""
    if not call.mine(account):
        call.warn("transfer-of-others", source=account)


def _whose(call: Call, account: str) -> str:
    return "its position" if call.mine(account) else f"the position of {checksummed(account)}"


def _collateral(call: Call) -> str:
    return place_of(call, "collateral")


def _position(call: Call) -> str:
    return f"position:{call.to}"


METHODS = (
    EvmMethod("setOperator(address operator,bool allowed)", _operator),
    EvmMethod("deposit(address account,uint256 amount)", _deposit),
    EvmMethod("withdraw(address account,uint256 amount,address receiver)", _withdraw),
    EvmMethod("mintSynthetic(address account,uint256 amount,address receiver)", _mint),
    EvmMethod(
        "depositAndMint(address account,uint256 collateralAmount,uint256 amount,address receiver)", _deposit_and_mint
    ),
    EvmMethod("burnSynthetic(address account,uint256 amount)", _burn),
    EvmMethod(
        "burnAndWithdraw(address account,uint256 amount,uint256 collateralAmount,address receiver)", _burn_and_withdraw
    ),
    EvmMethod("liquidate(address account,uint256 maxBurn,uint256 minCollateral,address receiver)", _liquidate),
    EvmMethod("redeem(address account,uint256 amount,uint256 minCollateral,address receiver)", _redeem),
    EvmMethod("recapitalise(uint256 amount)", _recapitalise),
    EvmMethod("collectFees()", _fees),
    EvmMethod("reportOracle()", _report),
    EvmMethod("shutdown()", _shutdown),
    EvmMethod("realiseBadDebt(address account)", _realise),
)
