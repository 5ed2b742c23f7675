"""Rewards for liquidity: staking a pool's shares, and what that earns.

Source: contracts/evm/src/interfaces/IPoolIncentives.sol. Which token a reward is, the bytes do not say: it is a
number of the pool's.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.ours.common import gets, gives, ours, place_of, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod

CONTRACT = "PoolIncentives"


def _stake(call: Call, values: tuple[Any, ...]) -> str:
    pool, shares = values
    call.warn("stake")
    call.effect(
        EffectKind.STAKE, asset=place_of(call, pool, "shares"), amount=shares, source=call.sender, to=call.to
    )  # fmt: skip
    return f"stakes {shares:,} shares of pool {pool} {ours(call)}"


def _unstake(call: Call, values: tuple[Any, ...]) -> str:
    pool, shares, to = values
    call.warn("stake")
    whose = gets(call, place_of(call, pool, "shares"), shares, to, "exact")
    return f"takes {shares:,} staked shares of pool {pool} back{whose} {ours(call)}"


def _claim(call: Call, values: tuple[Any, ...]) -> str:
    pool, index, to = values
    call.effect(EffectKind.TOKEN_IN, asset=place_of(call, pool, "reward", index), to=to)
    if not call.mine(to):
        call.warn("result-to-other", to=to)
    return f"takes its reward {index} of pool {pool} {ours(call)}"


def _fund(call: Call, values: tuple[Any, ...]) -> str:
    pool, index, amount, duration = values
    gives(call, place_of(call, pool, "reward", index), amount)
    return f"gives {units(amount)} as reward {index} of pool {pool} over {duration:,} seconds {ours(call)}"


METHODS = (
    EvmMethod("stake(uint256 pool,uint256 shares)", _stake),
    EvmMethod("unstake(uint256 pool,uint256 shares,address to)", _unstake),
    EvmMethod("claim(uint256 pool,uint256 index,address to)", _claim),
    EvmMethod("fund(uint256 pool,uint256 index,uint256 amount,uint256 duration)", _fund),
)
