"""Orders that anyone may settle against the pools: the offer that is signed, its settlement, and what cancels it.

Source: contracts/evm/src/interfaces/IOrderSettlement.sol. An order has parts, each with its own window; each is carried
out at most once.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import Call, amount_of
from fluxdesk_host.signing.ours.common import ours
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod, TypedKind
from fluxdesk_host.signing.text import checksummed, counted, until
from fluxdesk_host.signing.typed.document import Document
from fluxdesk_host.signing.typed.markets import at_market

CONTRACT = "OrderSettlement"
ORDER = {
    "Order": (
        ("maker", "address"), ("recipient", "address"), ("tokenIn", "address"), ("tokenOut", "address"),
        ("pool", "uint256"), ("maxDeviation", "uint256"), ("salt", "uint256"), ("epoch", "uint256"),
        ("parts", "Part[]"),
    ),
    "Part": (
        ("amountIn", "uint256"), ("minAmountOut", "uint256"), ("validFrom", "uint256"), ("deadline", "uint256"),
    ),
}  # fmt: skip


def _order(doc: Document) -> str:
    m = doc.message
    at_market(doc, CONTRACT, f"Fluxdesk's {CONTRACT}")
    doc.for_account(m["maker"])
    doc.warn("order")
    parts = m["parts"]
    given = sum(part["amountIn"] for part in parts)
    least = sum(part["minAmountOut"] for part in parts)
    last = max((part["deadline"] for part in parts), default=0)
    expires = doc.draft.expiry(last)
    doc.effect(
        EffectKind.ORDER, asset=f"token:{m['tokenIn']}", amount=given, bound="most", source=m["maker"],
        spender=doc.contract, expires=expires,
    )  # fmt: skip
    doc.effect(
        EffectKind.TOKEN_IN, asset=f"token:{m['tokenOut']}", amount=least, bound="least", to=m["recipient"],
        expires=expires,
    )  # fmt: skip
    if m["recipient"] != m["maker"]:
        doc.warn("result-to-other", to=m["recipient"])
    if m["recipient"] != m["maker"] or any(p["minAmountOut"] == 0 < p["amountIn"] for p in parts):
        doc.warn("order-for-nothing")
    whose = "" if m["recipient"] == m["maker"] else f" for {checksummed(m['recipient'])}"
    return (
        f"offers {amount_of(m['tokenIn'], given)} in {counted(len(parts), 'part')} for at least "
        f"{amount_of(m['tokenOut'], least)}{whose}{until(expires)}"
    )


def _settle(call: Call, values: tuple[Any, ...]) -> str:
    order, index, part, *_ = values
    maker, recipient, pays, gets = order[:4]
    call.draft.expiry(part[3], call.place)
    if not call.mine(maker):
        call.warn("transfer-of-others", source=maker)
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{pays}", amount=part[0], source=maker, to=call.to)
    call.effect(EffectKind.TOKEN_IN, asset=f"token:{gets}", amount=part[1], bound="least", to=recipient)
    return (
        f"settles part {index} of an order of {checksummed(maker)}: {amount_of(pays, part[0])} for at least "
        f"{amount_of(gets, part[1])} {ours(call)}"
    )


def _cancel(call: Call, values: tuple[Any, ...]) -> str:
    word, mask = values
    call.warn("revoke")
    call.effect(EffectKind.REVOKE, asset=f"orders:{call.to}", source=call.sender)
    return f"cancels {counted(mask.bit_count(), 'part')} of its orders (word {word}) {ours(call)}"


def _epoch(call: Call, _: tuple[Any, ...]) -> str:
    call.warn("revoke")
    call.effect(EffectKind.REVOKE, asset=f"orders:{call.to}", source=call.sender)
    return f"cancels every order that it signed so far {ours(call)}"


KINDS = (TypedKind("Order", ORDER, _order),)
METHODS = (
    EvmMethod(
        "settle((address,address,address,address,uint256,uint256,uint256,uint256,bytes32[]) order,uint256 index,"
        "(uint256,uint256,uint256,uint256) part,uint256 indexIn,uint256 indexOut,bytes signature)",
        _settle,
    ),
    EvmMethod("cancelSalts(uint256 word,uint256 mask)", _cancel),
    EvmMethod("advanceEpoch()", _epoch),
)
