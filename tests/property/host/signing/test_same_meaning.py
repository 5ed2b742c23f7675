"""What is read is what is signed: whatever both the reader and the signer accept means the same to both."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from abi_values import values
from fluxdesk_host.keys.eip712 import read_typed_data as signed_document
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.evm_fields import read_transaction as signed_fields
from fluxdesk_host.signing.draft import Draft
from fluxdesk_host.signing.evm.call import Scene
from fluxdesk_host.signing.evm.fields import BadField, TransactionFields, read_fields
from fluxdesk_host.signing.registry import Registry
from fluxdesk_host.signing.typed.document import BadDocument, parse
from requests_to_sign import ME, TOKEN, fields, permit

KINDS = [
    "address",
    "bool",
    "bytes",
    "string",
    "uint8",
    "uint256",
    "int16",
    "bytes4",
    "bytes32",
    "uint256[]",
    "bytes[2]",
]


def canonical(value: Any) -> Any:
    """A value as we read it, in the one form that leaves no choice."""
    if isinstance(value, dict):
        return {name: canonical(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [canonical(inner) for inner in value]
    return "0x" + value.hex() if isinstance(value, bytes) else value


@st.composite
def written(draw: st.DrawFn, value: Any) -> Any:
    """A value in one of the forms that dApps write; now and then a wrong one."""
    odd = draw(st.integers(0, 15)) == 0
    if isinstance(value, bool):
        return draw(st.sampled_from([str(value).lower(), int(value)])) if odd else value
    if isinstance(value, int):
        wrong = [hex(value).upper(), f" {value}", f"0{value}", float(value % 2**50)]
        return draw(st.sampled_from(wrong if odd else [value, str(value), hex(value)]))
    if isinstance(value, bytes):
        text = value.hex()
        wrong_bytes = [text, "0x" + text[:-2], "0X" + text]
        return draw(st.sampled_from(wrong_bytes if odd else ["0x" + text, "0x" + text.upper()]))
    if isinstance(value, str) and value.startswith("0x"):
        return draw(st.sampled_from([value[2:], value + "0"] if odd else [value, value.upper().replace("X", "x")]))
    if isinstance(value, tuple):
        return [draw(written(inner)) for inner in value]
    return value


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Typed data of random fields, with extra ones, missing ones, and a domain typed or not."""
    inner, outer = (draw(st.lists(st.sampled_from(KINDS), max_size=4)) for _ in range(2))
    types = {
        "EIP712Domain": fields("string name", "uint256 chainId", "address verifyingContract"),
        "Inner": [{"name": f"i{n}", "type": kind} for n, kind in enumerate(inner)],
        "Outer": [{"name": f"o{n}", "type": kind} for n, kind in enumerate(outer)]
        + fields("Inner one", "Inner[] many", "string last field")[:3],
    }
    one = {f"i{n}": draw(written(draw(values(kind)))) for n, kind in enumerate(inner)}
    message: dict[str, Any] = {f"o{n}": draw(written(draw(values(kind)))) for n, kind in enumerate(outer)}
    message |= {"one": one, "many": [one] * draw(st.integers(0, 2)), "last": "text"}
    domain = {"name": "Thing", "chainId": draw(written(1)), "verifyingContract": TOKEN}
    if draw(st.booleans()):
        del types["EIP712Domain"]
        domain.pop(draw(st.sampled_from(["name", "chainId", "verifyingContract"])))
    if draw(st.booleans()):
        one["extra"] = 1
    if message and draw(st.integers(0, 5)) == 0:
        message.pop(draw(st.sampled_from(sorted(message))))
    return {"types": types, "primaryType": "Outer", "domain": domain, "message": message}


def check(document: dict[str, Any]) -> bool:
    """Whether both accept a document; then both mean the same by it."""
    try:
        ours = parse(document, Scene(Draft(), Registry(), 1, ME))
        digest = signed_document(document).digest
    except (BadDocument, SigningError):
        return False
    again = {**document, "domain": canonical(ours.domain), "message": canonical(ours.message)}
    assert signed_document(again).digest == digest
    assert set(ours.types) <= set(signed_document(document).types)
    return True


@given(documents())
def test_typed_data_mean_the_same_to_reader_and_signer(document: dict[str, Any]) -> None:
    check(document)


@given(st.data())
def test_a_permit_in_any_form_means_the_same_to_reader_and_signer(data: st.DataObject) -> None:
    document = permit()
    for name, value in (("value", data.draw(st.integers(0, 2**256))), ("deadline", 5), ("spender", TOKEN)):
        document["message"][name] = data.draw(written(value))
    check(document)


def test_well_formed_documents_are_accepted_by_both() -> None:
    assert check(permit())


CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "from": st.just(ME),
    "to": st.sampled_from([None, "0x", TOKEN.upper().replace("X", "x"), "0x12"]),
    "value": st.integers(0, 2**256).flatmap(written),
    "data": st.binary(max_size=40).flatmap(written),
    "input": st.binary(max_size=2).flatmap(written),
    "chainId": st.just(1).flatmap(written),
    "nonce": st.just(7).flatmap(written),
    "gas": st.just(21_000).flatmap(written),
    "gasLimit": st.sampled_from(["0x5208", "0x5209"]),
    "gasPrice": st.just(5).flatmap(written),
    "maxFeePerGas": st.just(9).flatmap(written),
    "type": st.sampled_from(["0x0", "0x1", "0x2", "0x4", 2]),
    "accessList": st.sampled_from([[], [{"address": TOKEN, "storageKeys": ["0x" + "01" * 32]}], [{"address": TOKEN}]]),
}
PRICES: list[dict[str, Any]] = [{"gasPrice": "0x5"}, {"maxFeePerGas": "0x9", "maxPriorityFeePerGas": "0x3"}]


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request that both would take, with up to three fields changed or added."""
    request = {"to": TOKEN, "nonce": "0x7", "gas": "0x5208", "chainId": "0x1", **draw(st.sampled_from(PRICES))}
    for name in draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=3)):
        request[name] = draw(CHANGES[name])
    return request


def same_transaction(request: dict[str, Any]) -> bool:
    """Whether both accept a request; then both mean the same by it."""
    try:
        ours, theirs = read_fields(request), read_fields(signed_fields(request))
    except (BadField, SigningError):
        return False
    assert what_counts(ours) == what_counts(theirs)
    return True


@given(requests())
def test_a_transaction_means_the_same_to_reader_and_signer(request: dict[str, Any]) -> None:
    same_transaction(request)


def test_well_formed_transactions_are_accepted_by_both() -> None:
    for price in PRICES:
        assert same_transaction({"to": TOKEN, "nonce": "0x7", "gas": "0x5208", "chainId": "0x1", **price})


def what_counts(tx: TransactionFields) -> tuple[Any, ...]:
    return (
        tx.sender,
        tx.to,
        tx.value,
        tx.data,
        tx.chain,
        tx.nonce,
        tx.gas,
        tx.access_list,
        tx.max_fee or tx.gas_price or 0,
    )
