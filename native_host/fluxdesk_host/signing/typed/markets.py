"""Offers signed for exchanges and markets: CoW, 1inch, 0x, Blur. Whoever fills them moves the tokens.

Sources: CoW's GPv2Order; 1inch's IOrderMixin of limit-order-protocol 3 and 4; LibNativeOrder of 0x v4; Blur's
OrderStructs and the Structs of its second exchange. Where another contract decides the price, that is said and the
offer is not complete.
"""

from typing import Any

from fluxdesk_host.signing.evm.call import ZERO, amount_of
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import TypedKind
from fluxdesk_host.signing.text import checksummed, until
from fluxdesk_host.signing.typed.document import Document

NATIVE = "0x" + "ee" * 20
"""How exchanges write the native coin."""
_HAS_EXTENSION = 1 << 249


def at_market(doc: Document, role: str, name: str) -> None:
    """Say it where the contract that is to check the signature is not the one that such offers are for."""
    if not doc.scene.is_a(role, doc.contract):
        doc.warn("order-elsewhere", name=name, target=doc.contract or "no contract")


def _offer(
    doc: Document,
    gives: tuple[str, int],
    asks: tuple[str, int | None],
    to: str,
    expires: int | None,
    exact_in: bool = True,
) -> str:
    """An offer of one token for another: (token, amount) given and asked, and who gets what is asked."""
    account = doc.scene.account
    given, amount = gives
    asked, least = asks
    to = account or ZERO if to == ZERO else to
    doc.warn("order")
    doc.effect(
        EffectKind.ORDER, asset=f"token:{given}", amount=amount, bound="most", source=account, spender=doc.contract,
        expires=expires,
    )  # fmt: skip
    native = asked in (NATIVE, ZERO)
    if to != account:
        doc.warn("result-to-other", to=to)
    if least == 0 or (to != account and account is not None):
        doc.warn("order-for-nothing")
    doc.effect(
        EffectKind.NATIVE_IN if native else EffectKind.TOKEN_IN, asset="native" if native else f"token:{asked}",
        amount=least, bound="least" if exact_in else "exact", to=to,
    )  # fmt: skip
    if least is None:
        back = f"an amount of token {checksummed(asked)} that another contract decides"
    else:
        back = doc.scene.coins(least) if native else amount_of(asked, least)
    paid = f"{'' if exact_in else 'up to '}{amount_of(given, amount)}"
    return f"offers {paid} for {'at least ' if exact_in else ''}{back}{until(expires)}"


def _cow(doc: Document) -> str:
    m = doc.message
    at_market(doc, "cow", "CoW")
    if m["kind"] not in ("sell", "buy"):
        doc.warn("malformed", what="an order neither sells nor buys")
    if m["sellTokenBalance"] != "erc20" or m["buyTokenBalance"] != "erc20":
        doc.warn("order-balance")
    sells = m["kind"] == "sell"
    gives = (m["sellToken"], m["sellAmount"] + m["feeAmount"])
    return _offer(doc, gives, (m["buyToken"], m["buyAmount"]), m["receiver"], doc.draft.expiry(m["validTo"]), sells)


def _one_inch(doc: Document) -> str:
    m = doc.message
    at_market(doc, "1inch6", "1inch")
    doc.for_account(m["maker"])
    traits = m["makerTraits"]
    until = traits >> 80 & (1 << 40) - 1
    if not until:
        doc.warn("never-expires")
    decided = bool(traits & _HAS_EXTENSION)
    if decided:
        _decided(doc, m["salt"].to_bytes(32, "big"))
    gives, asks = (m["makerAsset"], m["makingAmount"]), (m["takerAsset"], None if decided else m["takingAmount"])
    return _offer(doc, gives, asks, m["receiver"], until or None)


def _decided(doc: Document, raw: bytes) -> None:
    doc.warn("order-extension")
    doc.draft.unread("", "rules of the offer that are not in the bytes", raw)


def _one_inch_5(doc: Document) -> str:
    m = doc.message
    at_market(doc, "1inch5", "1inch")
    doc.for_account(m["maker"])
    decided = bool(m["offsets"] or m["interactions"])
    if decided:
        _decided(doc, m["interactions"])
    gives, asks = (m["makerAsset"], m["makingAmount"]), (m["takerAsset"], None if decided else m["takingAmount"])
    return _offer(doc, gives, asks, m["receiver"], None)


def _zero_ex(doc: Document) -> str:
    """The taker may sign an OtcOrder as well, and then gives what the maker asks."""
    m = doc.message
    at_market(doc, "0x", "0x")
    maker, taker = (m["makerToken"], m["makerAmount"]), (m["takerToken"], m["takerAmount"])
    takes = m["taker"] == doc.scene.account and m["maker"] != doc.scene.account
    if not takes:
        doc.for_account(m["maker"])
    expires = doc.draft.expiry(m["expiryAndNonce"] >> 192 if "expiryAndNonce" in m else m["expiry"])
    gives, asks = (taker, maker) if takes else (maker, taker)
    return _offer(doc, gives, asks, ZERO, expires)


def _blur(doc: Document) -> str:
    m = doc.message
    at_market(doc, "blur", "Blur")
    doc.for_account(m["trader"])
    doc.warn("order")
    expires = doc.draft.expiry(m["expirationTime"])
    coin = "native" if m["paymentToken"] == ZERO else f"token:{m['paymentToken']}"
    nft = f"erc721:{m['collection']}"
    price = doc.scene.coins(m["price"]) if coin == "native" else amount_of(m["paymentToken"], m["price"])
    if m["side"] == 0:
        doc.effect(EffectKind.ORDER, asset=coin, amount=m["price"], bound="most", source=m["trader"], expires=expires)
        doc.effect(EffectKind.NFT_IN, asset=nft, amount=m["amount"], to=m["trader"])
        return f"bids {price} for an NFT of {checksummed(m['collection'])}"
    if m["side"] != 1:
        doc.warn("malformed", what="an order neither sells nor buys")
    fees = sum(fee["rate"] for fee in m["fees"])
    left = m["price"] * max(0, 10_000 - fees) // 10_000
    if not left:
        doc.warn("order-for-nothing")
    doc.effect(
        EffectKind.ORDER, asset=nft, amount=m["amount"], token_id=m["tokenId"], source=m["trader"], expires=expires
    )
    doc.effect(
        EffectKind.NATIVE_IN if coin == "native" else EffectKind.TOKEN_IN, asset=coin, amount=left, bound="least",
        to=m["trader"],
    )  # fmt: skip
    return f"offers NFT {m['tokenId']} of {checksummed(m['collection'])} for {price}, less fees of {fees / 100:g} %"


def _blur_2(doc: Document) -> str:
    m = doc.message
    at_market(doc, "blur", "Blur")
    doc.for_account(m["trader"])
    kind = "erc1155" if m["assetType"] else "erc721"
    doc.effect(
        EffectKind.ORDER, asset=f"{kind}:{m['collection']}", source=m["trader"],
        expires=doc.draft.expiry(m["expirationTime"]),
    )  # fmt: skip
    return f"{_hidden(doc, m['listingsRoot'])} for {checksummed(m['collection'])} ({m['numberOfListings']:,})"


def _root(doc: Document) -> str:
    doc.effect(EffectKind.UNKNOWN, to=doc.contract)
    return _hidden(doc, doc.message["root"])


def _hidden(doc: Document, root: bytes) -> str:
    """Offers of which the bytes hold a hash only."""
    doc.warn("order-hidden")
    doc.draft.unread("", "offers behind a hash", root)
    return "signs offers that the bytes do not hold"


def _fields(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (field.split(" ") for field in text.split(","))
    return tuple((name, kind) for kind, name in pairs)


def _kind(primary: str, fields: str, read: Any, **others: str) -> TypedKind:
    structs = {primary: fields, **others}
    return TypedKind(primary, {name: _fields(text) for name, text in structs.items()}, read)


_TOKENS = "address makerToken,address takerToken,uint128 makerAmount,uint128 takerAmount,"

KINDS = (
    _kind(
        "Order",
        "address sellToken,address buyToken,address receiver,uint256 sellAmount,uint256 buyAmount,uint32 validTo,"
        "bytes32 appData,uint256 feeAmount,string kind,bool partiallyFillable,string sellTokenBalance,"
        "string buyTokenBalance",
        _cow,
    ),
    _kind(
        "Order",
        "uint256 salt,address maker,address receiver,address makerAsset,address takerAsset,uint256 makingAmount,"
        "uint256 takingAmount,uint256 makerTraits",
        _one_inch,
    ),
    _kind(
        "Order",
        "uint256 salt,address makerAsset,address takerAsset,address maker,address receiver,address allowedSender,"
        "uint256 makingAmount,uint256 takingAmount,uint256 offsets,bytes interactions",
        _one_inch_5,
    ),
    _kind(
        "LimitOrder",
        f"{_TOKENS}uint128 takerTokenFeeAmount,address maker,address taker,address sender,address feeRecipient,"
        "bytes32 pool,uint64 expiry,uint256 salt",
        _zero_ex,
    ),
    _kind(
        "RfqOrder",
        f"{_TOKENS}address maker,address taker,address txOrigin,bytes32 pool,uint64 expiry,uint256 salt",
        _zero_ex,
    ),
    _kind("OtcOrder", f"{_TOKENS}address maker,address taker,address txOrigin,uint256 expiryAndNonce", _zero_ex),
    _kind(
        "Order",
        "address trader,uint8 side,address matchingPolicy,address collection,uint256 tokenId,uint256 amount,"
        "address paymentToken,uint256 price,uint256 listingTime,uint256 expirationTime,Fee[] fees,uint256 salt,"
        "bytes extraParams,uint256 nonce",
        _blur,
        Fee="uint16 rate,address recipient",
    ),
    _kind(
        "Order",
        "address trader,address collection,bytes32 listingsRoot,uint256 numberOfListings,uint256 expirationTime,"
        "uint8 assetType,FeeRate makerFee,uint256 salt,uint8 orderType,uint256 nonce",
        _blur_2,
        FeeRate="address recipient,uint16 rate",
    ),
    _kind("Root", "bytes32 root", _root),
)
