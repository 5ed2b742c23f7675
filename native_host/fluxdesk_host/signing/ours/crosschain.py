"""Sending across chains. Source: contracts/evm/src/interfaces/ICrossChainLiquidity.sol; lanes are CCIP's selectors."""

from typing import Any

from fluxdesk_host.signing.evm.call import ZERO, Call, amount_of, is_grave
from fluxdesk_host.signing.ours.common import gives, ours, place_of, units
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed

CONTRACT = "CrossChainLiquidity"


def _send(call: Call, values: tuple[Any, ...]) -> str:
    lane, recipient, amount, fee_token, most_fee, deadline = values
    call.draft.expiry(deadline, call.place)
    call.warn("other-chain", lane=lane)
    if is_grave(recipient):
        call.warn("burns")
    if not call.mine(recipient):
        call.warn("result-to-other", to=recipient)
    gives(call, place_of(call, "liquidity"), amount)
    fee = _fee(call, fee_token, most_fee)
    return f"sends {units(amount)} to {checksummed(recipient)} on the chain of lane {lane}, for {fee}, {ours(call)}"


def _report(call: Call, values: tuple[Any, ...]) -> str:
    lane, fee_token, most_fee = values
    return f"reports to the chain of lane {lane}, for {_fee(call, fee_token, most_fee)}, {ours(call)}"


def _retry(call: Call, values: tuple[Any, ...]) -> str:
    lane, epoch, sequence = values
    return f"has message {sequence} of epoch {epoch} from lane {lane} paid to its recipient {ours(call)}"


def _fee(call: Call, token: str, most: int) -> str:
    if token == ZERO:  # the coins that are sent along; what is left of them comes back
        return f"a fee of up to {call.scene.coins(most)}"
    gives(call, f"token:{token}", most, "most")
    return f"a fee of up to {amount_of(token, most)}"


METHODS = (
    EvmMethod(
        "send(uint64 selector,address recipient,uint256 amount,address feeToken,uint256 maxFee,uint256 deadline)", _send
    ),
    EvmMethod("report(uint64 selector,address feeToken,uint256 maxFee)", _report),
    EvmMethod("retry(uint64 selector,uint64 epoch,uint64 sequence)", _retry),
)
