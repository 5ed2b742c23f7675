"""Offers signed for a market: Seaport orders, alone and as a tree of many.

Source: Seaport's ConsiderationStructs and its EIP-712 types. The order is carried out by whoever pays what it asks;
what is asked for somebody else than the offerer is not the offerer's.
"""

from collections.abc import Iterator
from typing import Any

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import TypedKind
from fluxdesk_host.signing.text import counted, until
from fluxdesk_host.signing.typed.document import Document
from fluxdesk_host.signing.typed.markets import at_market

_OFFER = (
    ("itemType", "uint8"), ("token", "address"), ("identifierOrCriteria", "uint256"), ("startAmount", "uint256"),
    ("endAmount", "uint256"),
)  # fmt: skip
_ORDER = {
    "OrderComponents": (
        ("offerer", "address"), ("zone", "address"), ("offer", "OfferItem[]"), ("consideration", "ConsiderationItem[]"),
        ("orderType", "uint8"), ("startTime", "uint256"), ("endTime", "uint256"), ("zoneHash", "bytes32"),
        ("salt", "uint256"), ("conduitKey", "bytes32"), ("counter", "uint256"),
    ),
    "OfferItem": _OFFER,
    "ConsiderationItem": (*_OFFER, ("recipient", "address")),
}  # fmt: skip
_ASSETS = {0: "native", 1: "token", 2: "erc721", 3: "erc1155", 4: "erc721", 5: "erc1155"}


def _order(doc: Document) -> str:
    at_market(doc, "seaport", "Seaport")
    return _one(doc, doc.message)


def _one(doc: Document, order: dict[str, Any]) -> str:
    offerer = order["offerer"]
    doc.for_account(offerer)
    expires = doc.draft.expiry(order["endTime"])
    back = [item for item in order["consideration"] if item["recipient"] == offerer]
    for item in order["offer"]:
        most = max(item["startAmount"], item["endAmount"])
        _item(doc, EffectKind.ORDER, item, most, "most", source=offerer, expires=expires)
    for item in back:
        least = min(item["startAmount"], item["endAmount"])
        kind = {"native": EffectKind.NATIVE_IN, "token": EffectKind.TOKEN_IN}.get(
            _ASSETS.get(item["itemType"], ""), EffectKind.NFT_IN
        )
        _item(doc, kind, item, least, "least", to=offerer)
    doc.warn("order")
    if order["offer"] and not any(min(item["startAmount"], item["endAmount"]) for item in back):
        doc.warn("order-for-nothing")
    return f"offers {counted(len(order['offer']), 'item')} for {counted(len(back), 'item')} in return{until(expires)}"


def _item(doc: Document, kind: EffectKind, item: dict[str, Any], amount: int, bound: str, **fields: object) -> None:
    form = _ASSETS.get(item["itemType"])
    if form is None:
        doc.warn("malformed", what="an item is of a kind that Seaport does not know")
        form = "unknown"
    if item["itemType"] in (4, 5):
        doc.warn("order-criteria")
    asset = form if form == "native" else f"{form}:{item['token']}"
    token_id = item["identifierOrCriteria"] if item["itemType"] in (2, 3) else None
    doc.effect(kind, asset=asset, amount=amount, bound=bound, token_id=token_id, **fields)


def _tree(doc: Document) -> str | None:
    fields = doc.types[doc.primary]
    if len(fields) != 1 or fields[0][0] != "tree" or fields[0][1].replace("[2]", "") != "OrderComponents":
        return None
    if {name: kinds for name, kinds in doc.types.items() if name != doc.primary} != _ORDER:
        return None
    at_market(doc, "seaport", "Seaport")
    orders = list(_leaves(doc.message["tree"]))
    for order in orders:
        _one(doc, order)
    doc.warn("order-tree")
    return f"signs {counted(len(orders), 'offer')} at once"


def _leaves(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    else:
        for branch in tree:
            yield from _leaves(branch)


KINDS = (TypedKind("OrderComponents", _ORDER, _order), TypedKind("BulkOrder", None, _tree))
