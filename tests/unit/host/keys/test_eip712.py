"""Typed data and personal messages: published hashes, what is signed and what is not, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from fluxdesk_host.keys.addresses import evm_address, to_checksum
from fluxdesk_host.keys.eip191 import personal_hash, sign_personal, signer
from fluxdesk_host.keys.eip712 import read_typed_data, sign_typed_data
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.keys.secret import Secret

VECTORS = json.loads((Path(__file__).parents[3] / "fixtures" / "keys" / "eip712.json").read_text(encoding="utf-8"))
"""A sample of npm's @ethersproject/testcases 5.8.0, and the valid messages of eth-account 0.14 with their hashes."""
COW = Secret(keccak256(b"cow"))


def mail(**change: Any) -> dict[str, Any]:
    """The example of the EIP."""
    return {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"}, {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"},
            ],
            "Person": [{"name": "name", "type": "string"}, {"name": "wallet", "type": "address"}],
            "Mail": [
                {"name": "from", "type": "Person"}, {"name": "to", "type": "Person"},
                {"name": "contents", "type": "string"},
            ],
        },
        "primaryType": "Mail",
        "domain": {
            "name": "Ether Mail", "version": "1", "chainId": 1,
            "verifyingContract": "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
        },
        "message": {
            "from": {"name": "Cow", "wallet": "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"},
            "to": {"name": "Bob", "wallet": "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"},
            "contents": "Hello, Bob!",
        },
        **change,
    }  # fmt: skip


def one(kind: str, value: Any) -> dict[str, Any]:
    return {"types": {"T": [{"name": "v", "type": kind}]}, "primaryType": "T", "domain": {}, "message": {"v": value}}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["hash"][2:14])
def test_published_vectors(vector: dict[str, Any]) -> None:
    assert read_typed_data(vector["typed_data"]).digest.hex() == vector["hash"].removeprefix("0x")
    assert read_typed_data(json.dumps(vector["typed_data"])).digest.hex() == vector["hash"].removeprefix("0x")


def test_the_example_of_the_eip_down_to_its_signature() -> None:
    data = read_typed_data(mail())
    assert data.domain_separator.hex() == "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f"
    assert data.struct_hash.hex() == "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e"
    assert data.digest.hex() == "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2"
    signature = sign_typed_data(COW, data)
    assert signature.hex() == (
        "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
        "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562" + "1c"
    )
    assert (
        to_checksum(signer(data.digest, signature)) == "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" == evm_address(COW)
    )


def test_unused_types_and_values_that_no_type_names_are_cut_off_and_named() -> None:
    document = mail()
    document["types"]["Unused"] = [{"name": "x", "type": "uint256"}]
    document["message"]["to"]["amount"] = "1000000"
    document["domain"]["salt"] = "0x" + "00" * 32
    data = read_typed_data(document)
    assert data.digest == read_typed_data(mail()).digest
    assert set(data.types) == {"EIP712Domain", "Person", "Mail"}
    assert set(data.unsigned) == {"message.to.amount", "domain.salt"}
    assert "amount" not in data.message["to"]


def test_the_domain_alone_can_be_signed() -> None:
    data = read_typed_data(mail(primaryType="EIP712Domain", message={}))
    assert data.digest == keccak256(b"\x19\x01" + data.domain_separator)


def test_a_domain_without_a_type_is_read_by_the_fields_of_the_eip() -> None:
    document = mail()
    del document["types"]["EIP712Domain"]
    assert read_typed_data(document).digest == read_typed_data(mail()).digest
    document["domain"]["owner"] = "x"
    with pytest.raises(SigningError, match=r"domain\.owner"):
        read_typed_data(document)


def test_chain_and_contract_change_what_is_signed() -> None:
    hashes = {read_typed_data(mail(domain={**mail()["domain"], "chainId": chain})).digest for chain in (1, "2", "0x3")}
    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint8", 256), ("uint8", -1), ("int8", 128), ("int8", -129), ("uint256", 2**256), ("uint256", 1.0),
        ("uint256", "1e3"), ("uint256", True),
        ("uint256", ""), ("uint256", "0x"), ("uint256", " 1"), ("uint256", "٣"), ("uint256", None), ("uint256", "01"),
        ("bool", "true"), ("bool", 1), ("bool", None), ("address", "0x12"), ("address", 0), ("address", "ff" * 20),
        ("address", "vitalik.eth"),
        ("bytes4", "0x0102030405"), ("bytes", "0x1"), ("bytes", "text"), ("bytes", [1, 2]),
        ("string", 1), ("string", "\ud800"),
        ("uint7", 1), ("uint0", 0), ("uint08", 0), ("uint264", 1), ("bytes0", "0x"), ("bytes33", "0x"),
        ("Unknown", {}), ("fixed128x18", 1),
        ("T", {"v": 1}), ("uint8[]", 1), ("uint8[2]", [1]), ("uint8[2][]", [[1, 2], [3]]), ("uint8[", []),
        ("", 1), ("a b", 1), ("function", "0x"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_of_its_type_is_refused_and_located(kind: str, value: Any) -> None:
    with pytest.raises(SigningError) as caught:
        read_typed_data(one(kind, value))
    assert "v" in str(caught.value) or "T" in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "same"),
    [
        ("uint256", [5, "5", "0x5", "0x05"]),
        ("int256", [-1, "-1"]),
        ("bytes4", ["0x01", "0x01000000"]),
        ("uint", [5, "5"]),
    ],
)
def test_the_notations_of_a_value_mean_the_same(kind: str, same: list[Any]) -> None:
    assert len({read_typed_data(one(kind, value)).digest for value in same}) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"primaryType": "Letter"}, "primaryType"), ({"primaryType": None}, "primaryType"),
        ({"types": []}, "types is not"), ({"message": None}, "message is not"),
        ({"domain": []}, "domain is not"), ({"types": {"Mail": {}}}, "types.Mail"),
        ({"types": {"uint256": []}}, "types.uint256"),
        ({"types": {"Mail": [{"name": "a", "type": "uint8"}, {"name": "a", "type": "uint8"}]}}, "there twice"),
        ({"types": {"Mail": [{"name": "a,uint256 b", "type": "uint8"}]}}, "not the name of a field"),
        ({"types": {"Mail(uint8 a)": []}}, "not the name of a struct"),
        ({"types": {"Mail": [{"name": "a", "type": "uint8)Other(uint8"}]}}, "is not a type"),
        ({"types": {"Mail": [{"name": "a"}]}}, "a name with a type"),
    ],
)  # fmt: skip
def test_a_document_that_is_not_typed_data_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SigningError, match=said):
        read_typed_data(mail(**change))


@pytest.mark.parametrize("text", ["", "[]", "1", "{", "[" * 100_000, '{"types":', b"\xff"])
def test_what_is_no_json_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(SigningError):
        read_typed_data(text)


def test_values_nested_without_end_are_refused() -> None:
    value: dict[str, Any] = {}
    for _ in range(200):
        value = {"next": value}
    with pytest.raises(SigningError, match="nested deeper"):
        read_typed_data(
            {"types": {"N": [{"name": "next", "type": "N"}]}, "primaryType": "N", "domain": {}, "message": value}
        )


def test_a_personal_message_as_other_wallets_hash_and_sign_it() -> None:
    message = b"Some data"
    key = Secret(bytes.fromhex("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"))
    assert personal_hash(message).hex() == "1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655"
    signature = sign_personal(key, message)
    assert signature.hex() == (
        "b91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd"
        "6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a029" + "1c"
    )
    assert to_checksum(signer(personal_hash(message), signature)) == "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23"


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(65), b"\1" * 64 + b"\x1d", b"\1" * 64 + b"\2"])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(SigningError):
        signer(bytes(32), signature)
