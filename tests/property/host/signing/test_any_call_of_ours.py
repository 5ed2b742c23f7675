"""Calls of our contracts with any values, cut and bent anywhere; and any file of claims about where they stand."""

import json

import msgspec
import pytest
from eth_abi.abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st

from abi_values import values
from fluxdesk_host.signing import EffectKind, Reading, read_evm_transaction
from fluxdesk_host.signing.ours import deployments as ours
from fluxdesk_host.signing.ours.families import BELIEVED, METHODS
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.standard import standard
from requests_to_sign import ME, ORIGIN, transaction

FEW = settings(max_examples=max(settings().max_examples // 8, 5))
"""For what runs once a method."""
AT = {name: f"0x{number:02x}" + "c0" * 19 for number, name in enumerate(METHODS, 16)}
REGISTRY = ours.registry_with(standard(), [ours.Believed(1, at, name) for name, at in AT.items()], METHODS)
ALL = [(name, method) for name, listed in METHODS.items() for method in listed]


def read(data: bytes, to: str, value: int = 0) -> Reading:
    """What holds for every reading, whatever it was made of."""
    reading = read_evm_transaction(transaction(data, to, value), ORIGIN, account=ME, chain=1, registry=REGISTRY)
    assert reading.sentence
    assert reading.danger >= max((r.danger for r in reading.reasons), default=0)
    assert reading.complete or reading.danger >= 3
    assert not reading.unknown or not reading.complete
    for effect in reading.effects:
        assert effect.amount is None or effect.amount >= 0
    for text in (reading.sentence, *(r.text for r in reading.reasons), *(f.value for f in reading.facts)):
        assert not any(c < " " and c != "\n" for c in text)
        assert not any(c in text for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200f")
    assert msgspec.json.decode(msgspec.json.encode(reading), type=Reading) == reading
    return reading


@pytest.mark.parametrize(("contract", "method"), ALL, ids=[f"{c}.{m.canonical[:40]}" for c, m in ALL])
@FEW
@given(data=st.data())
def test_every_call_of_ours_is_read_and_no_cut_of_it_believed(
    contract: str, method: EvmMethod, data: st.DataObject
) -> None:
    drawn = tuple(data.draw(values(t.text)) for t in method.types)
    whole = method.selector + encode([t.text for t in method.types], drawn)
    reading = read(whole, AT[contract], data.draw(st.integers(0, 2**256 - 1)))
    assert reading.calls[0].known == f"Fluxdesk's {contract}"
    assert reading.danger >= 1
    if len(whole) > 4:
        cut = read(whole[: data.draw(st.integers(0, len(whole) - 1))] or b"\0", AT[contract])
        assert (cut.complete, cut.danger >= 4) == (False, True)
        assert [e.kind for e in cut.effects] == [EffectKind.UNKNOWN]
    bent = bytearray(whole)
    bent[data.draw(st.integers(0, len(bent) - 1))] ^= data.draw(st.integers(1, 255))
    read(bytes(bent), AT[contract])
    longer = read(whole + data.draw(st.binary(min_size=1, max_size=40)), AT[contract])
    assert not longer.complete


_ADDRESS = st.binary(min_size=20, max_size=20).map(lambda b: "0x" + b.hex())
_WORD = st.binary(min_size=32, max_size=32).map(lambda b: "0x" + b.hex())


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "contract": st.sampled_from([*BELIEVED, "Registry", "Anything"]), "address": _ADDRESS, "salt": _WORD,
                "arguments": st.binary(max_size=200).map(lambda b: "0x" + b.hex()),
            }
        ),
        max_size=6,
    ),
    st.sampled_from(["eip155:1", "eip155:0", "eip155:", "solana:x"]),
)  # fmt: skip
def test_no_claim_that_is_made_up_is_believed(claims: list[dict[str, str]], chain: str) -> None:
    assert ours.read(json.dumps({"version": 1, "chains": {chain: claims}}).encode()) == ()


@given(st.data())
def test_one_bit_of_a_true_claim_that_is_another_ends_the_belief(data: st.DataObject) -> None:
    """Of the deployer of distributions' vaults and one of its vaults, each with any field bent."""
    code = ours.codes()["VaultDeployer"].code
    salt = data.draw(st.binary(min_size=32, max_size=32))
    number = data.draw(st.integers(1, (1 << 64) - 1))
    deployer = ours.create2(code, salt)
    root = {"contract": "VaultDeployer", "address": deployer, "salt": "0x" + salt.hex(), "arguments": "0x"}
    child = {
        "contract": "DistributionVault", "address": ours.create(deployer, number), "salt": f"0x{number:064x}",
        "arguments": "0x" + bytes(12).hex() + deployer[2:],
    }  # fmt: skip
    both = ours.read(json.dumps({"version": 1, "chains": {"eip155:5": [child, root]}}).encode())
    assert {one.contract for one in both} == {"VaultDeployer", "DistributionVault"}
    field = data.draw(st.sampled_from(["address", "salt", "arguments"]))
    digits = bytearray.fromhex(child[field][2:])
    digits[data.draw(st.integers(0, len(digits) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    bent = {**child, field: "0x" + digits.hex()}
    found = ours.read(json.dumps({"version": 1, "chains": {"eip155:5": [root, bent]}}).encode())
    assert {one.contract for one in found} == {"VaultDeployer"}
