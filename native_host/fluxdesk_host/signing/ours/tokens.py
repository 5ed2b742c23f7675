"""Making tokens, alone, many at once, or with a pool.

Source: contracts/evm/src/interfaces/{ITokenGenerator,IMemeToken}.sol. What a token may do is fixed when it is made:
that is what the words say.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import ZERO, Call, amount_of
from fluxdesk_host.signing.ours.common import gives, ours, units
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted, quoted, visible

CONTRACT = "TokenGenerator"
_FOREVER = (1 << 64) - 1


def _generate(call: Call, values: tuple[Any, ...]) -> str:
    return f"makes {_token(call, values[0])} {ours(call)}"


def _batch(call: Call, values: tuple[Any, ...]) -> str:
    creations = values[0]
    call.warn("may-fail")
    said = "; ".join(_token(call, creation) for creation in creations[:3])
    more = f"; and {len(creations) - 3} more" if len(creations) > 3 else ""
    for creation in creations[3:]:
        _token(call, creation)
    return f"makes {counted(len(creations), 'token')} ({said}{more}) {ours(call)}"


def _with_pool(call: Call, values: tuple[Any, ...]) -> str:
    creation, (quote, part, paid, weight, fee, beneficiary, unlock) = values
    made = _token(call, creation)
    gives(call, f"token:{quote}", paid)
    call.draft.fact("Weight and fee of the pool (units of 1e-18)", f"{weight}, {fee}")
    call.warn("locks-shares", to=beneficiary)
    if not call.mine(beneficiary):
        call.warn("result-to-other", to=beneficiary)
    locked = "for good" if unlock >= _FOREVER else f"until {unlock} (Unix seconds) for {checksummed(beneficiary)}"
    return (
        f"makes {made}, and a pool of {units(part)} of it with {amount_of(quote, paid)}, "
        f"whose shares are locked {locked} {ours(call)}"
    )


def _token(call: Call, creation: tuple[Any, ...]) -> str:
    _, snapshot, recipient, (name, symbol, supply, cap, burnable, minter, limit, period) = creation
    call.warn("token-setup")
    call.effect(EffectKind.MINT, asset=f"new:{call.to}", amount=supply, to=recipient)
    if not call.mine(recipient):
        call.warn("result-to-other", to=recipient)
    call.draft.fact("Analytics snapshot (hash)", f"0x{snapshot.hex()}")
    rate = f", minted by {checksummed(minter)} up to {cap:,}, {limit:,} in {period:,} seconds"
    return (
        f"token {quoted(name, 64)} ({visible(symbol, 16)}) with {units(supply)} for {checksummed(recipient)}"
        f"{rate if minter != ZERO else ', never more'}{', which holders may burn' if burnable else ''}"
    )


_CREATION = "(bytes32,bytes32,address,(string,string,uint256,uint256,bool,address,uint256,uint256))"
METHODS = (
    EvmMethod(f"generate({_CREATION} creation)", _generate),
    EvmMethod(f"generateBatch({_CREATION}[] creations)", _batch),
    EvmMethod(
        f"generateWithPool({_CREATION} creation,(address,uint256,uint256,uint256,uint256,address,uint256) pool)",
        _with_pool,
    ),
)
