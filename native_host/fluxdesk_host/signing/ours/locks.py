"""Liquidity that is locked until a time, or for good. Source: contracts/evm/src/tokens/LiquidityLock.sol."""

from typing import Any

from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.ours.common import gets, gives, ours, place_of
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed

CONTRACT = "LiquidityLock"
_FOREVER = (1 << 64) - 1


def _lock(call: Call, values: tuple[Any, ...]) -> str:
    pool, shares, beneficiary, unlock = values
    gives(call, place_of(call, pool, "shares"), shares)
    call.warn("locks-shares", to=beneficiary)
    if not call.mine(beneficiary):
        call.warn("result-to-other", to=beneficiary)
    return f"locks {shares:,} shares of pool {pool} {_until(unlock)} for {checksummed(beneficiary)} {ours(call)}"


def _extend(call: Call, values: tuple[Any, ...]) -> str:
    lock, unlock = values
    call.warn("locks-shares", to=call.sender or call.to)
    return f"keeps lock {lock} closed {_until(unlock)} {ours(call)}"


def _unlock(call: Call, values: tuple[Any, ...]) -> str:
    lock, to = values
    whose = gets(call, place_of(call, "lock", lock), 1, to)
    return f"takes the shares of lock {lock}{whose} {ours(call)}"


def _until(unlock: int) -> str:
    return "for good, with no way back," if unlock >= _FOREVER else f"until {unlock} (Unix seconds)"


METHODS = (
    EvmMethod("lock(uint256 pool,uint256 shares,address beneficiary,uint256 unlockTime)", _lock),
    EvmMethod("extend(uint256 id,uint256 unlockTime)", _extend),
    EvmMethod("unlock(uint256 id,address to)", _unlock),
)
