"""Tricks with typed data, and the offers, permits and delegations that exchanges and wallets ask for."""

import json
import subprocess
import sys
from typing import Any

import pytest

from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.signing import EffectKind, Reading, standard
from requests_to_sign import (
    COW,
    DOMAIN,
    FRIEND,
    MAX,
    ME,
    NATIVE,
    ONE_INCH,
    ONE_INCH_5,
    ORIGIN,
    OTHER,
    PERMIT,
    SOON,
    SPENDER,
    TOKEN,
    UNIVERSAL,
    ZERO,
    ZERO_EX,
    assert_not_believed,
    codes,
    document,
    effects,
    fields,
    only,
    permit,
    typed,
)

BLUR = "0x000000000000ad05ccc4f10045630fb830b95127"

PUBLISHED = {
    "6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9": "EIP-2612",
    "ea2aa0a1be11a07ed86d755c93467f4f82362b452371d1ba94d1715123511acb": "DAI",
    "f3841cd1ff0085026a6327b620b67997ce40f282c88a8e905a7a5626e310f3d0": "Permit2, one",
    "af1b0d30d2cab0380e68f0689007e3254993c596f2fdd0aaa7f4d04f79440863": "Permit2, several",
    "939c21a48a8dbe3a9a2404a1d46691e4d39f6583d6ec6b35714604c986d80106": "Permit2, transfer",
    "fcf35f5ac6a2c28868dc44c302166470266239195f02b0ee408334829333b766": "Permit2, transfers",
    "49ecf333e5b8c95c40fdafc95c1ad136e8914a8fb55e9dc8bb01eaa83a2df9ad": "EIP-4494",
    "fa445660b7e21515a59617fcd68910b487aa5808b8abda3d78bc85df364b2c2f": "Seaport",
    "d5a25ba2e97094ad7d83dc28a6572da797d6b3e7fc6663bd93efb789fc17e489": "CoW",
    "ce918627cb55462ddbb85e73de69a8b322f2bc88f4507c52fcad6d4c33c29d49": "0x limit",
    "e593d3fdfa8b60e5e17a1b2204662ecbe15c23f2084b9ad5bae40359540a7da9": "0x rfq",
    "2f754524de756ae72459efbe1ec88c19a745639821de528ac3fb88f9e65e35c8": "0x otc",
    "bb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8": "Safe",
    "60b3cbf8b4a223d68d641b3b6ddf9a298e7f33710cf3d3a9d1146b5a6150fbca": "Safe message",
    "7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267": "EIP-3009",
    "d099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8": "EIP-3009, receive",
    "158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429": "EIP-3009, cancel",
    "e48329057bfd03d55e49b547132e39cffd9c1820ad7b9d4c5307691425d15adf": "votes",
}
"""Type hashes as they stand in the contracts' sources."""


def type_hash(primary: str, types: Any) -> str:
    names = [primary, *sorted(set(types) - {primary})]
    text = "".join(f"{n}({','.join(f'{kind} {label}' for label, kind in types[n])})" for n in names)
    return keccak256(text.encode()).hex()


def test_kinds_are_those_that_the_contracts_check() -> None:
    ours = {type_hash(kind.primary, kind.types) for kind in standard().typed if kind.types}
    assert PUBLISHED.keys() <= ours


def written(kind: Any, message: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    types = {name: [{"name": n, "type": t} for n, t in pairs] for name, pairs in kind.types.items()}
    return kind.primary, types, message


def kind_of(first: str, primary: str = "Order") -> Any:
    """The kind whose struct begins with this field."""
    return next(k for k in standard().typed if k.primary == primary and k.types and k.types[primary][0][0] == first)


def cow(**changes: Any) -> Reading:
    message = {
        "sellToken": TOKEN, "buyToken": OTHER, "receiver": ME, "sellAmount": 100, "buyAmount": 50, "validTo": SOON,
        "appData": "0x" + "00" * 32, "feeAmount": 0, "kind": "sell", "partiallyFillable": False,
        "sellTokenBalance": "erc20", "buyTokenBalance": "erc20",
    }  # fmt: skip
    contract = changes.pop("contract", COW)
    return typed(document(*written(kind_of("sellToken"), {**message, **changes}), contract))


def test_an_order_at_cow_names_both_sides_and_its_end() -> None:
    reading = cow()
    given, back = only(reading, EffectKind.ORDER), only(reading, EffectKind.TOKEN_IN)
    assert (given.asset, given.amount, given.expires) == (f"token:{TOKEN}", 100, SOON)
    assert (back.asset, back.amount, back.to, back.bound) == (f"token:{OTHER}", 50, ME, "least")
    assert (codes(reading), reading.complete) == ({"order"}, True)
    assert only(cow(receiver=ZERO), EffectKind.TOKEN_IN).to == ME
    assert only(cow(buyToken=NATIVE), EffectKind.NATIVE_IN).amount == 50
    assert only(cow(feeAmount=7), EffectKind.ORDER).amount == 107


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"receiver": FRIEND}, "order-for-nothing"),
        ({"buyAmount": 0}, "order-for-nothing"),
        ({"contract": OTHER}, "order-elsewhere"),
        ({"sellTokenBalance": "internal"}, "order-balance"),
        ({"kind": "Sell"}, "malformed"),
        ({"validTo": 2**32 - 1}, "order"),
    ],
)
def test_an_order_that_gives_away_more_than_it_seems_is_said(changes: dict[str, Any], code: str) -> None:
    reading = cow(**changes)
    assert code in codes(reading)
    assert reading.danger >= 4


def one_inch(traits: int, contract: str = ONE_INCH, **changes: Any) -> Reading:
    message = {
        "salt": 5, "maker": ME, "receiver": ZERO, "makerAsset": TOKEN, "takerAsset": OTHER, "makingAmount": 100,
        "takingAmount": 50, "makerTraits": traits, **changes,
    }  # fmt: skip
    kind = next(k for k in standard().typed if k.types and ("makerTraits", "uint256") in k.types[k.primary])
    return typed(document(*written(kind, message), contract))


def test_an_order_at_1inch_ends_and_is_decided_where_its_traits_say() -> None:
    plain = one_inch(SOON << 80)
    assert only(plain, EffectKind.ORDER).expires == SOON
    assert (only(plain, EffectKind.TOKEN_IN).amount, plain.complete) == (50, True)
    assert "never-expires" in codes(one_inch(0))
    decided = one_inch(SOON << 80 | 1 << 249)
    assert only(decided, EffectKind.TOKEN_IN).amount is None
    assert (decided.danger, decided.complete, "order-extension" in codes(decided)) == (5, False, True)
    assert "account-mismatch" in codes(one_inch(SOON << 80, maker=OTHER))
    assert "order-elsewhere" in codes(one_inch(SOON << 80, contract=ONE_INCH_5))


def test_an_older_order_at_1inch_with_interactions_is_not_complete() -> None:
    message = {
        "salt": 5, "makerAsset": TOKEN, "takerAsset": OTHER, "maker": ME, "receiver": ZERO, "allowedSender": ZERO,
        "makingAmount": 100, "takingAmount": 50, "offsets": 0, "interactions": "0x",
    }  # fmt: skip
    kind = next(k for k in standard().typed if k.types and ("interactions", "bytes") in k.types[k.primary])
    assert typed(document(*written(kind, message), ONE_INCH_5)).complete
    reading = typed(document(*written(kind, {**message, "interactions": "0x1234"}), ONE_INCH_5))
    assert (reading.complete, reading.unknown[0].raw) == (False, b"\x12\x34")


def test_orders_at_0x_are_read_from_the_side_that_signs() -> None:
    message = {
        "makerToken": TOKEN, "takerToken": OTHER, "makerAmount": 100, "takerAmount": 50, "maker": ME, "taker": FRIEND,
        "txOrigin": FRIEND, "expiryAndNonce": SOON << 192 | 7,
    }  # fmt: skip
    kind = kind_of("makerToken", "OtcOrder")
    maker = typed(document(*written(kind, message), ZERO_EX))
    assert (only(maker, EffectKind.ORDER).amount, only(maker, EffectKind.ORDER).expires) == (100, SOON)
    taker = typed(document(*written(kind, {**message, "maker": FRIEND, "taker": ME}), ZERO_EX))
    assert (only(taker, EffectKind.ORDER).asset, only(taker, EffectKind.TOKEN_IN).amount) == (f"token:{OTHER}", 100)
    neither = typed(document(*written(kind, {**message, "maker": OTHER}), ZERO_EX))
    assert "account-mismatch" in codes(neither)


def blur(**changes: Any) -> Reading:
    message = {
        "trader": ME, "side": 1, "matchingPolicy": OTHER, "collection": TOKEN, "tokenId": 7, "amount": 1,
        "paymentToken": ZERO, "price": 10**18, "listingTime": 0, "expirationTime": SOON, "fees": [], "salt": 1,
        "extraParams": "0x", "nonce": 0, **changes,
    }  # fmt: skip
    return typed(document(*written(kind_of("trader"), message), BLUR))


def test_an_offer_at_blur_says_what_is_left_after_fees() -> None:
    plain = blur()
    assert (only(plain, EffectKind.ORDER).token_id, only(plain, EffectKind.NATIVE_IN).amount) == (7, 10**18)
    assert "offers NFT 7" in plain.sentence.replace("Offers", "offers")
    with_fee = blur(fees=[{"rate": 250, "recipient": OTHER}])
    assert only(with_fee, EffectKind.NATIVE_IN).amount == 10**18 * 9_750 // 10_000
    for given_away in (blur(price=0), blur(fees=[{"rate": 10_000, "recipient": OTHER}])):
        assert (given_away.danger, "order-for-nothing" in codes(given_away)) == (5, True)
    bid = blur(side=0, paymentToken=OTHER)
    assert (only(bid, EffectKind.ORDER).asset, only(bid, EffectKind.ORDER).amount) == (f"token:{OTHER}", 10**18)
    assert blur(side=2).danger == 5


def test_offers_behind_a_hash_are_never_complete() -> None:
    root = typed(document("Root", {"Root": fields("bytes32 root")}, {"root": "0x" + "ab" * 32}, BLUR))
    assert_not_believed(root)
    message = {
        "trader": ME, "collection": TOKEN, "listingsRoot": "0x" + "ab" * 32, "numberOfListings": 9,
        "expirationTime": SOON, "assetType": 0, "makerFee": {"recipient": OTHER, "rate": 50}, "salt": 1,
        "orderType": 0, "nonce": 0,
    }  # fmt: skip
    kind = next(k for k in standard().typed if k.types and "FeeRate" in k.types)
    second = typed(document(*written(kind, message), BLUR))
    for reading in (root, second):
        assert (reading.danger, reading.complete, "order-hidden" in codes(reading)) == (5, False, True)
        assert reading.unknown[0].raw == b"\xab" * 32


def test_permits_over_nfts_and_credit_are_read() -> None:
    one = typed(document("Permit", {"Permit": fields("address spender", "uint256 tokenId", "uint256 nonce",
                "uint256 deadline")}, {"spender": SPENDER, "tokenId": 7, "nonce": 0, "deadline": SOON}))  # fmt: skip
    assert (only(one, EffectKind.PERMIT).token_id, one.danger, one.complete) == (7, 4, True)
    types = {"PermitForAll": fields("address owner", "address operator", "bool approved", "uint256 nonce",
             "uint256 deadline")}  # fmt: skip
    message = {"owner": ME, "operator": SPENDER, "approved": True, "nonce": 0, "deadline": SOON}
    every = typed(document("PermitForAll", types, message))
    assert (only(every, EffectKind.PERMIT).unlimited, every.danger) == (True, 5)
    none = typed(document("PermitForAll", types, {**message, "approved": False}))
    assert (codes(none), none.danger) == ({"revoke"}, 0)
    credit_types = {"DelegationWithSig": fields("address delegatee", "uint256 value", "uint256 nonce",
                    "uint256 deadline")}  # fmt: skip
    for value, danger in ((5, 4), (MAX, 5)):
        given = {"delegatee": SPENDER, "value": value, "nonce": 0, "deadline": SOON}
        assert typed(document("DelegationWithSig", credit_types, given)).danger == danger


def test_a_delegation_of_rights_is_the_highest_danger_and_its_conditions_are_shown_as_they_are() -> None:
    types = {
        "Delegation": fields("address delegate", "address delegator", "bytes32 authority", "Caveat[] caveats",
                             "uint256 salt"),
        "Caveat": fields("address enforcer", "bytes terms"),
    }  # fmt: skip
    message = {"delegate": OTHER, "delegator": ME, "authority": "0x" + "ff" * 32, "caveats": [], "salt": 0}
    free = typed(document("Delegation", types, message))
    assert (free.danger, only(free, EffectKind.DELEGATE).to, free.complete) == (5, OTHER, True)
    assert "without conditions" in free.sentence
    bound = typed(document("Delegation", types, {**message, "caveats": [{"enforcer": FRIEND, "terms": "0x1234"}]}))
    assert (bound.danger, bound.complete, bound.unknown[0].raw) == (5, False, b"\x12\x34")


def test_a_permit_for_a_spender_that_is_not_listed_is_high_and_for_a_listed_one_is_not() -> None:
    assert "permit-spender" in codes(typed(permit()))
    listed = typed(permit(spender=UNIVERSAL))
    assert ("permit-spender" in codes(listed), listed.danger) == (False, 3)


def bent(**domain: Any) -> Reading:
    given = permit()
    given["domain"] |= domain
    return typed(given)


@pytest.mark.parametrize("chain", ["1", "0x1", 1, "0x01"])
def test_the_chain_is_the_same_in_every_form(chain: Any) -> None:
    reading = bent(chainId=chain)
    assert (reading.chain, "chain-mismatch" in codes(reading)) == ("eip155:1", False)


@pytest.mark.parametrize("chain", ["137", "0x89", 137])
def test_another_chain_is_seen_in_every_form(chain: Any) -> None:
    assert "chain-mismatch" in codes(bent(chainId=chain))


@pytest.mark.parametrize("chain", ["0b1", "0o1", "1_0", " 1", "1 ", "", "one", 1.0, True, None, -1, "-1", 2**256, "١"])
def test_a_chain_that_is_no_number_makes_the_document_unreadable(chain: Any) -> None:
    assert_not_believed(bent(chainId=chain))


def test_a_domain_that_is_not_typed_binds_nothing() -> None:
    given = permit()
    given["types"]["EIP712Domain"] = fields("string name")
    reading = typed(given)
    assert {"typed-domain", "unsigned-field"} <= codes(reading)
    assert (reading.chain, reading.complete) == (None, False)
    assert effects(reading, EffectKind.PERMIT) == []
    assert_not_believed(reading)


def test_a_domain_with_a_field_twice_or_of_another_kind_is_unreadable() -> None:
    for domain in ([*DOMAIN, DOMAIN[0]], fields("uint256 name"), fields("address chainId"), fields("uint256 extra")):
        given = permit()
        given["types"]["EIP712Domain"] = domain
        assert_not_believed(typed(given))


def test_types_that_no_value_uses_change_nothing() -> None:
    given = permit()
    given["types"]["PermitSingle"] = fields("address spender")
    given["types"]["Mail"] = fields("Permit inner")
    reading = typed(given)
    assert (only(reading, EffectKind.PERMIT).amount, reading.complete) == (1000, True)


def test_a_struct_that_takes_the_name_of_a_plain_kind_is_unreadable() -> None:
    for name in ("address", "uint256", "bytes32", "bool", "string", "bytes"):
        given = permit()
        given["types"][name] = fields("uint256 x")
        assert_not_believed(typed(given))


@pytest.mark.parametrize(
    "shape",
    [
        fields("address owner", "address spender", "uint256 value", "uint256 nonce"),
        [*PERMIT, {"name": "extra", "type": "uint256"}],
        [PERMIT[1], PERMIT[0], *PERMIT[2:]],
        fields("address owner", "address spender", "uint128 value", "uint256 nonce", "uint256 deadline"),
    ],
)
def test_a_permit_of_another_shape_is_not_called_a_permit(shape: list[dict[str, str]]) -> None:
    given = permit(extra=1)
    given["types"]["Permit"] = shape
    if not any(f["name"] == "extra" for f in shape):
        del given["message"]["extra"]
    if not any(f["name"] == "deadline" for f in shape):
        del given["message"]["deadline"]
    reading = typed(given)
    assert_not_believed(reading)
    assert "wrong-types" in codes(reading)
    assert effects(reading, EffectKind.PERMIT) == []


def test_the_name_of_a_witness_is_quoted_and_cut() -> None:
    words = "everything comes back to you at once as agreed"
    types = {
        "PermitWitnessTransferFrom": [
            *fields("TokenPermissions permitted", "address spender", "uint256 nonce", "uint256 deadline"),
            {"name": words, "type": "Note"},
        ],
        "TokenPermissions": fields("address token", "uint256 amount"),
        "Note": fields("uint256 x"),
    }  # fmt: skip
    message = {
        "permitted": {"token": TOKEN, "amount": 5}, "spender": SPENDER, "nonce": 0, "deadline": SOON, words: {"x": 1},
    }  # fmt: skip
    given = document("PermitWitnessTransferFrom", types, message, "0x000000000022d473030f116ddee9f6b43ac78ba3")
    sentence = typed(given).sentence
    assert f"“{words[:32]}”" in sentence
    assert words not in sentence
    assert ORIGIN not in sentence


def test_depth_is_bounded_whatever_the_recursion_limit_is() -> None:
    """In a process of its own, which would not survive a parser that recurses."""
    code = """
import sys
sys.setrecursionlimit(10**9)
from fluxdesk_host.signing import read_evm_transaction, read_typed_data
deep = []
for _ in range(200_000):
    deep = [deep]
half = '[' * 130_000 + ']' * 130_000
found = [read_typed_data(half), read_typed_data('{"a":' * 40_000), read_typed_data({"types": deep}),
         read_typed_data({"types": {}, "message": {"a": deep}}), read_evm_transaction({"value": deep}),
         read_evm_transaction({"accessList": deep, "x": deep})]
print([r.danger for r in found])
import os
sys.stdout.flush()
os._exit(0)  # taking the lists apart recurses as well, and is not ours
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[5, 5, 5, 5, 5, 5]", 0), done.stderr[-500:]


def test_brackets_inside_texts_are_no_depth() -> None:
    given = document("A", {"A": fields("string s")}, {"s": "[{" * 500 + '\\" ]'})
    assert "nested" not in " ".join(r.text for r in typed(json.dumps(given)).reasons)
    assert_not_believed(typed(json.dumps(given).replace('"types"', '"x":' + "[" * 80 + "]" * 80 + ',"types"')))
