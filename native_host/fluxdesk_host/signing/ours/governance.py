"""Stake of the governance token. Delegation of votes is ERC20Votes' and read as that for every token.

Source: contracts/evm/src/interfaces/IGovernanceToken.sol.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call, amount_of
from fluxdesk_host.signing.ours.common import gives, ours
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed

CONTRACT = "GovernanceToken"


def _stake(call: Call, values: tuple[Any, ...]) -> str:
    (amount,) = values
    call.warn("stake")
    call.effect(EffectKind.STAKE, asset=f"token:{call.to}", amount=amount, source=call.sender, to=call.to)
    return f"stakes {amount_of(call.to, amount)}; they come back only after the cooldown {ours(call)}"


def _unstake(call: Call, values: tuple[Any, ...]) -> str:
    (amount,) = values
    call.warn("stake")
    return f"begins the cooldown of {amount_of(call.to, amount)} of its stake {ours(call)}"


def _cancel(call: Call, _: tuple[Any, ...]) -> str:
    call.warn("stake")
    return f"ends the cooldown and stakes again what is in it {ours(call)}"


def _withdraw(call: Call, _: tuple[Any, ...]) -> str:
    call.effect(EffectKind.TOKEN_IN, asset=f"token:{call.to}", to=call.sender)
    return f"takes back what has cooled down {ours(call)}"


def _rewards(call: Call, _: tuple[Any, ...]) -> str:
    call.effect(EffectKind.TOKEN_IN, asset=f"token:{call.to}", to=call.sender)
    return f"takes the rewards of its stake {ours(call)}"


def _migrate(call: Call, values: tuple[Any, ...]) -> str:
    gives(call, f"token:{call.to}", values[0])
    return f"gives up {amount_of(call.to, values[0])} for as many of the token that came after it {ours(call)}"


def _migrate_stake(call: Call, values: tuple[Any, ...]) -> str:
    amount, successor = values
    call.warn("migrates", to=successor)
    call.effect(EffectKind.STAKE, asset=f"token:{call.to}", amount=amount, source=call.sender, to=successor)
    return f"moves {amount_of(call.to, amount)} of its stake to {checksummed(successor)} {ours(call)}"


METHODS = (
    EvmMethod("stake(uint256 amount)", _stake),
    EvmMethod("unstake(uint256 amount)", _unstake),
    EvmMethod("cancelUnstake()", _cancel),
    EvmMethod("withdraw()", _withdraw),
    EvmMethod("claimRewards()", _rewards),
    EvmMethod("migrate(uint256 amount)", _migrate),
    EvmMethod("migrateStake(uint256 amount,address successor)", _migrate_stake),
)
