"""Typed data: what each kind allows, and documents that do not mean what they seem to."""

import json
from typing import Any

import pytest

from fluxdesk_host.signing import EffectKind, read_typed_data
from requests_to_sign import (
    DOMAIN,
    FRIEND,
    MAX,
    ME,
    ORIGIN,
    OTHER,
    PERMIT,
    PERMIT2,
    SOON,
    SPENDER,
    TOKEN,
    WETH,
    ZERO,
    assert_not_believed,
    calldata,
    codes,
    document,
    effects,
    fields,
    only,
    permit,
    typed,
)


def test_a_permit_names_token_spender_amount_and_end() -> None:
    reading = typed(permit())
    given = only(reading, EffectKind.PERMIT)
    assert (given.asset, given.amount, given.spender, given.source) == (f"token:{TOKEN}", 1000, SPENDER, ME)
    assert (given.expires, reading.danger, reading.complete) == (SOON, 4, True)
    assert reading.chain == "eip155:1"


def test_json_text_reads_like_the_object() -> None:
    assert typed(json.dumps(permit())) == typed(permit()) == typed(json.dumps(permit()).encode())


def test_a_name_that_stands_twice_in_the_text_is_not_read() -> None:
    text = json.dumps(permit())
    assert typed(text.replace('"value": "1000"', '"value": "1000", "nonce2": 1')).unknown == ()
    assert_not_believed(typed(text.replace('"value": "1000"', '"value": "1", "value": "1000"')))


def test_an_unlimited_permit_is_the_highest_danger() -> None:
    reading = typed(permit(value=str(MAX), deadline=hex(MAX)))
    assert (reading.danger, only(reading, EffectKind.PERMIT).unlimited) == (5, True)
    assert codes(reading) >= {"permit-unlimited", "never-expires"}


def test_a_permit_of_another_account_is_said() -> None:
    assert "account-mismatch" in codes(typed(permit(owner=OTHER)))


def test_a_permit_of_nothing_takes_back() -> None:
    assert only(typed(permit(value=0)), EffectKind.REVOKE).spender == SPENDER


def test_dais_permit_is_read() -> None:
    types = {"Permit": fields("address holder", "address spender", "uint256 nonce", "uint256 expiry", "bool allowed")}
    message = {"holder": ME, "spender": SPENDER, "nonce": 0, "expiry": 0, "allowed": True}
    reading = typed(document("Permit", types, message))
    assert only(reading, EffectKind.PERMIT).unlimited
    assert codes(reading) >= {"permit-unlimited", "never-expires"}
    assert only(typed(document("Permit", types, {**message, "allowed": False})), EffectKind.REVOKE)


DETAILS = fields("address token", "uint160 amount", "uint48 expiration", "uint48 nonce")
TOKENS = fields("address token", "uint256 amount")
TAIL = ["address spender", "uint256 nonce", "uint256 deadline"]


def detail(token: str, amount: int) -> dict[str, Any]:
    return {"token": token, "amount": amount, "expiration": SOON, "nonce": 0}


def permit2_documents() -> list[tuple[str, dict[str, Any], dict[str, Any], list[tuple[str, int]]]]:
    both = [(TOKEN, 9), (WETH, 8)]
    tail = {"spender": SPENDER, "nonce": 1, "deadline": SOON}
    one, many = {"token": TOKEN, "amount": 9}, [{"token": t, "amount": n} for t, n in both]
    return [
        ("PermitSingle", {"PermitSingle": fields("PermitDetails details", "address spender", "uint256 sigDeadline"),
                          "PermitDetails": DETAILS},
         {"details": detail(TOKEN, 9), "spender": SPENDER, "sigDeadline": SOON}, both[:1]),
        ("PermitBatch", {"PermitBatch": fields("PermitDetails[] details", "address spender", "uint256 sigDeadline"),
                         "PermitDetails": DETAILS},
         {"details": [detail(t, n) for t, n in both], "spender": SPENDER, "sigDeadline": SOON}, both),
        ("PermitTransferFrom", {"PermitTransferFrom": fields("TokenPermissions permitted", *TAIL),
                                "TokenPermissions": TOKENS}, {"permitted": one, **tail}, both[:1]),
        ("PermitBatchTransferFrom", {"PermitBatchTransferFrom": fields("TokenPermissions[] permitted", *TAIL),
                                     "TokenPermissions": TOKENS}, {"permitted": many, **tail}, both),
        ("PermitWitnessTransferFrom",
         {"PermitWitnessTransferFrom": fields("TokenPermissions permitted", *TAIL, "Deal witness"),
          "TokenPermissions": TOKENS, "Deal": fields("address who", "uint256 least")},
         {"permitted": one, **tail, "witness": {"who": ME, "least": 4}}, both[:1]),
        ("PermitBatchWitnessTransferFrom",
         {"PermitBatchWitnessTransferFrom": fields("TokenPermissions[] permitted", *TAIL, "bytes32 witness"),
          "TokenPermissions": TOKENS}, {"permitted": many, **tail, "witness": "0x" + "01" * 32}, both),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("primary", "types", "message", "wanted"), permit2_documents(), ids=[d[0] for d in permit2_documents()]
)
def test_every_kind_of_permit2_is_read_token_by_token(
    primary: str, types: dict[str, Any], message: dict[str, Any], wanted: list[tuple[str, int]]
) -> None:
    reading = typed(document(primary, types, message, PERMIT2))
    given = effects(reading, EffectKind.PERMIT)
    assert [(e.asset, e.amount, e.spender) for e in given] == [(f"token:{t}", n, SPENDER) for t, n in wanted]
    assert reading.complete
    assert "not-permit2" not in codes(reading)
    assert "not-permit2" in codes(typed(document(primary, types, message, OTHER)))


def test_what_a_witness_demands_is_shown() -> None:
    primary, types, message, _ = permit2_documents()[4]
    reading = typed(document(primary, types, message, PERMIT2))
    assert ("witness.least", "4") in [(f.label, f.value) for f in reading.facts]
    assert "order" in codes(reading)


def test_a_witness_permit_has_exactly_one_witness() -> None:
    primary, types, message, _ = permit2_documents()[4]
    for names in ([], ["Deal witness", "uint256 more"]):
        other = {**types, primary: fields("TokenPermissions permitted", *TAIL, *names)}
        reading = typed(document(primary, other, {**message, "more": 1}, PERMIT2))
        assert_not_believed(reading)
        assert effects(reading, EffectKind.PERMIT) == []


def test_the_name_of_a_permit_with_other_fields_is_no_permit() -> None:
    types = {"Permit": [*PERMIT, {"name": "extra", "type": "uint256"}]}
    reading = typed(document("Permit", types, {**permit()["message"], "extra": 1}))
    assert_not_believed(reading)
    assert codes(reading) >= {"wrong-types", "typed-unknown"}
    assert effects(reading, EffectKind.PERMIT) == []


def test_a_field_that_is_not_signed_is_said() -> None:
    given = permit()
    given["message"]["value_in_usd"] = "free"
    reading = typed(given)
    assert "unsigned-field" in codes(reading)
    assert not reading.complete
    assert all("free" not in f.value for f in reading.facts)


def test_unknown_typed_data_are_shown_with_all_their_fields() -> None:
    types = {"Vote": fields("string topic", "Choice[] choices"), "Choice": fields("uint8 number", "bytes note")}
    message = {"topic": "fees\u202e", "choices": [{"number": 1, "note": "0x01"}]}
    reading = typed(document("Vote", types, message))
    assert_not_believed(reading)
    shown = {f.label: f.value for f in reading.facts}
    assert shown["topic"] == "fees⟨U+202E⟩"
    assert (shown["choices[0].number"], shown["choices[0].note"]) == ("1", "0x01")
    assert json.loads(reading.unknown[0].raw)["primaryType"] == "Vote"


def test_data_for_another_chain_are_the_highest_danger() -> None:
    given = permit()
    given["domain"]["chainId"] = 137
    reading = typed(given)
    assert (reading.danger, reading.chain) == (5, "eip155:137")
    assert "chain-mismatch" in codes(reading)


def test_a_domain_that_binds_nothing_is_said() -> None:
    given = permit()
    given["types"]["EIP712Domain"] = fields("string name")
    given["domain"] = {"name": "Thing"}
    reading = typed(given)
    assert len([r for r in reading.reasons if r.code == "typed-domain"]) == 2


def test_a_chain_that_the_domain_type_does_not_name_is_not_signed() -> None:
    given = permit()
    given["types"]["EIP712Domain"] = [f for f in DOMAIN if f["name"] != "chainId"]
    reading = typed(given)
    assert codes(reading) >= {"unsigned-field", "typed-domain"}
    assert reading.chain is None


OFFER = ["uint8 itemType", "address token", "uint256 identifierOrCriteria", "uint256 startAmount", "uint256 endAmount"]
ORDER_TYPES = {
    "OrderComponents": fields(
        "address offerer", "address zone", "OfferItem[] offer", "ConsiderationItem[] consideration", "uint8 orderType",
        "uint256 startTime", "uint256 endTime", "bytes32 zoneHash", "uint256 salt", "bytes32 conduitKey",
        "uint256 counter",
    ),
    "OfferItem": fields(*OFFER),
    "ConsiderationItem": fields(*OFFER, "address recipient"),
}  # fmt: skip


def item(kind: int, amount: int, number: int = 0, **more: Any) -> dict[str, Any]:
    return {"itemType": kind, "token": TOKEN if kind else ZERO, "identifierOrCriteria": number, "startAmount": amount,
            "endAmount": amount, **more}  # fmt: skip


def order(offer: list[dict[str, Any]], back: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "offerer": ME, "zone": ZERO, "offer": offer, "consideration": back, "orderType": 0, "startTime": 0,
        "endTime": SOON, "zoneHash": "0x" + "00" * 32, "salt": 1, "conduitKey": "0x" + "00" * 32, "counter": 0,
    }  # fmt: skip


def test_an_order_states_what_is_given_and_what_comes_back() -> None:
    given = order([item(2, 1, 42)], [item(0, 10**18, recipient=ME), item(0, 10**16, recipient=OTHER)])
    reading = typed(document("OrderComponents", ORDER_TYPES, given))
    out, back = only(reading, EffectKind.ORDER), only(reading, EffectKind.NATIVE_IN)
    assert (out.asset, out.token_id, out.expires) == (f"erc721:{TOKEN}", 42, SOON)
    assert (back.amount, back.bound) == (10**18, "least")
    assert (reading.danger, reading.complete) == (4, True)


@pytest.mark.parametrize("back", [[], [item(0, 0, recipient=ME)], [item(0, 10**18, recipient=OTHER)]])
def test_an_order_that_asks_nothing_for_its_offerer_gives_away(back: list[dict[str, Any]]) -> None:
    reading = typed(document("OrderComponents", ORDER_TYPES, order([item(2, 1, 42)], back)))
    assert "order-for-nothing" in codes(reading)
    assert reading.danger == 5


def test_an_order_by_criteria_names_no_item() -> None:
    reading = typed(document("OrderComponents", ORDER_TYPES, order([item(4, 1, 42)], [item(0, 5, recipient=ME)])))
    assert "order-criteria" in codes(reading)
    assert only(reading, EffectKind.ORDER).token_id is None


def test_a_tree_of_orders_counts_each() -> None:
    one = order([item(1, 7)], [item(0, 5, recipient=ME)])
    types = {"BulkOrder": fields("OrderComponents[2][2] tree"), **ORDER_TYPES}
    reading = typed(document("BulkOrder", types, {"tree": [[one, one], [one, one]]}))
    assert len(effects(reading, EffectKind.ORDER)) == 4
    assert reading.danger == 5


SAFE_TX = fields(
    "address to", "uint256 value", "bytes data", "uint8 operation", "uint256 safeTxGas", "uint256 baseGas",
    "uint256 gasPrice", "address gasToken", "address refundReceiver", "uint256 nonce",
)  # fmt: skip


def safe_tx(data: bytes, operation: int = 0) -> dict[str, Any]:
    return {"to": TOKEN, "value": 0, "data": "0x" + data.hex(), "operation": operation, "safeTxGas": 0, "baseGas": 0,
            "gasPrice": 0, "gasToken": ZERO, "refundReceiver": ZERO, "nonce": 3}  # fmt: skip


def test_a_safes_transaction_is_read_inside() -> None:
    data = calldata("transfer(address,uint256)", FRIEND, 5)
    reading = typed(document("SafeTx", {"SafeTx": SAFE_TX}, safe_tx(data), contract=OTHER))
    sent = only(reading, EffectKind.TOKEN_OUT)
    assert (sent.by, sent.source, sent.amount, reading.danger) == (OTHER, OTHER, 5, 4)


def test_a_safes_owner_change_and_delegatecall_are_the_highest_danger() -> None:
    owners = calldata("addOwnerWithThreshold(address,uint256)", FRIEND, 1)
    assert typed(document("SafeTx", {"SafeTx": SAFE_TX}, safe_tx(owners), contract=OTHER)).danger == 5
    code = typed(document("SafeTx", {"SafeTx": SAFE_TX}, safe_tx(owners, 1), contract=OTHER))
    assert_not_believed(code)
    assert code.danger == 5


def test_a_safes_message_cannot_be_known() -> None:
    types = {"SafeMessage": fields("bytes message")}
    reading = typed(document("SafeMessage", types, {"message": "0x" + "11" * 32}, contract=OTHER))
    assert (reading.danger, reading.complete, reading.unknown[0].raw) == (4, False, b"\x11" * 32)


def test_transfers_and_calls_by_signature_are_read() -> None:
    authorised = fields("address from", "address to", "uint256 value", "uint256 validAfter", "uint256 validBefore",
                        "bytes32 nonce")  # fmt: skip
    message = {"from": ME, "to": FRIEND, "value": 9, "validAfter": 0, "validBefore": SOON, "nonce": "0x" + "01" * 32}
    for name in ("TransferWithAuthorization", "ReceiveWithAuthorization"):
        given = only(typed(document(name, {name: authorised}, message)), EffectKind.PERMIT)
        assert (given.amount, given.to, given.expires) == (9, FRIEND, SOON)
    call = calldata("approve(address,uint256)", SPENDER, MAX)
    request = fields("address from", "address to", "uint256 value", "uint256 gas", "uint256 nonce", "bytes data")
    forward = {"from": ME, "to": TOKEN, "value": 0, "gas": 1, "nonce": 1, "data": "0x" + call.hex()}
    reading = typed(document("ForwardRequest", {"ForwardRequest": request}, forward))
    assert only(reading, EffectKind.APPROVAL).unlimited
    assert "meta-transaction" in codes(reading)
    meta = fields("uint256 nonce", "address from", "bytes functionSignature")
    body = {"nonce": 1, "from": ME, "functionSignature": "0x" + call.hex()}
    assert only(typed(document("MetaTransaction", {"MetaTransaction": meta}, body)), EffectKind.APPROVAL).unlimited


def test_delegated_votes_move_nothing() -> None:
    types = {"Delegation": fields("address delegatee", "uint256 nonce", "uint256 expiry")}
    reading = typed(document("Delegation", types, {"delegatee": FRIEND, "nonce": 0, "expiry": SOON}))
    assert (reading.danger, only(reading, EffectKind.PERMIT).asset) == (2, f"votes:{TOKEN}")


def changed(path: str, value: Any) -> dict[str, Any]:
    given = permit()
    *way, last = path.split(".")
    at: Any = given
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return given


@pytest.mark.parametrize(
    "given",
    [
        None, 1, [], "", "{", b"\xff", "null", '{"types":{},"types":{}}', {}, "[" * 100_000,
        changed("primaryType", "Other"), changed("primaryType", "EIP712Domain"), changed("primaryType", ["Permit"]),
        changed("types", []), changed("types.Permit", [{"name": "a,b", "type": "uint256"}]),
        changed("types.Permit", {}),
        changed("types.Permit", [{"name": "owner"}]), changed("types.Permit", [{"name": "a", "type": "uint257"}]),
        changed("types.Permit", [{"name": "a", "type": "uint256[0]"}]), changed("types.uint256", []),
        changed("types.Permit", [{"name": "a", "type": "Missing"}]), changed("types.Bad Name", []),
        changed("types.Permit", [*PERMIT, *PERMIT]), changed("types.EIP712Domain", fields("string evil")),
        changed("domain", ...), changed("domain.chainId", ...), changed("message", []), changed("message.spender", ...),
        changed("message.spender", "0x12"), changed("message.spender", 5), changed("message.value", 1.5),
        changed("message.value", -1), changed("message.value", str(2**256)), changed("message.value", " 1"),
        changed("message.value", "1e3"), changed("message.value", "01"), changed("message.value", "0x"),
        changed("message.value", True), changed("message.value", None), changed("message.value", "١"),
        changed("domain.name", 5), changed("domain.name", "\ud800"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_document_without_one_meaning_is_not_read(given: object) -> None:
    reading = typed(given)
    assert_not_believed(reading)
    assert reading.danger == 5


def test_a_domain_without_a_type_is_that_of_its_fields() -> None:
    given = permit()
    del given["types"]["EIP712Domain"]
    assert typed(given) == typed(permit())
    given["domain"]["surprise"] = 1
    assert "unsigned-field" in codes(typed(given))


def test_types_that_hold_themselves_end() -> None:
    types = {"Tree": fields("Tree[] leaves")}
    leaf: dict[str, Any] = {"leaves": []}
    assert "typed-unknown" in codes(typed(document("Tree", types, {"leaves": [leaf, leaf]})))
    for _ in range(200):
        leaf = {"leaves": [leaf]}
    assert typed(document("Tree", types, leaf)).danger == 5


def test_a_document_of_too_many_values_is_not_read() -> None:
    types = {"Many": fields("uint256[] numbers")}
    assert "malformed" in codes(typed(document("Many", types, {"numbers": [1] * 10_000})))


def test_without_account_and_chain_nothing_is_compared() -> None:
    assert "chain-mismatch" not in codes(read_typed_data(permit(owner=OTHER), ORIGIN))
