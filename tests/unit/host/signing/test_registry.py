"""The registry: what is in it, and that more can be added without touching what is there."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from Crypto.Hash import keccak

from fluxdesk_host.signing import (
    EffectKind,
    Reading,
    read_evm_transaction,
    read_personal_message,
    read_solana_message,
    read_typed_data,
    standard,
)
from fluxdesk_host.signing.reasons import REASONS
from fluxdesk_host.signing.registry import EvmMethod, KnownContract, Registry, SolanaProgram, TypedKind
from fluxdesk_host.signing.text import checksummed, units, visible
from requests_to_sign import FRIEND, ME, OTHER, TOKEN, calldata, codes, document, fields, only, transaction

ROOT = Path(__file__).resolve().parents[4]
DOCS = (ROOT / "docs" / "signing.md").read_text(encoding="utf-8")
SOURCES = ROOT / "native_host" / "fluxdesk_host" / "signing"


@pytest.mark.parametrize(
    ("canonical", "selector"),
    [
        ("transfer(address,uint256)", "a9059cbb"),
        ("approve(address,uint256)", "095ea7b3"),
        ("setApprovalForAll(address,bool)", "a22cb465"),
        ("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", "d505accf"),
        ("multicall(bytes[])", "ac9650d8"),
        ("aggregate3((address,bool,bytes)[])", "82ad56cb"),
        ("execute(bytes,bytes[],uint256)", "3593564c"),
        ("swapExactTokensForTokens(uint256,uint256,address[],address,uint256)", "38ed1739"),
        ("exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))", "414bf389"),
        ("execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)", "6a761202"),
        ("upgradeToAndCall(address,bytes)", "4f1ef286"),
        ("transferOwnership(address)", "f2fde38b"),
    ],
)
def test_selectors_are_those_that_everybody_uses(canonical: str, selector: str) -> None:
    assert [m.selector.hex() for m in standard().methods if m.canonical == canonical] == [selector]


def test_no_two_methods_claim_the_same_selector() -> None:
    selectors = [m.selector for m in standard().methods]
    assert len(set(selectors)) == len(selectors)


def test_listed_addresses_are_written_in_the_form_they_are_looked_up_by() -> None:
    for contract in standard().contracts:
        assert re.fullmatch(r"0x[0-9a-f]{40}", contract.address), contract
    for program in standard().programs:
        assert re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{32,44}", program.address)


def test_the_checksum_form_is_that_of_eip_55() -> None:
    for text in ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"):
        assert checksummed(text.lower()) == text


def own_method(call: Any, values: tuple[Any, ...]) -> str:
    call.warn("token-transfer")
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=values[1], to=values[0])
    return f"claims {values[1]} for {values[0]}"


def test_a_method_of_our_own_contract_is_read_there_and_nowhere_else() -> None:
    method = EvmMethod("claim(address who,uint256 amount)", own_method, frozenset({(1, TOKEN)}))
    more = standard().plus(methods=[method])
    data = calldata("claim(address,uint256)", FRIEND, 9)
    here = read_evm_transaction(transaction(data), account=ME, chain=1, registry=more)
    assert (only(here, EffectKind.TOKEN_OUT).amount, here.complete) == (9, True)
    elsewhere = read_evm_transaction(transaction(data, OTHER), account=ME, chain=1, registry=more)
    assert "unknown-call" in codes(elsewhere)
    other_chain = read_evm_transaction(transaction(data, chainId="0xa"), account=ME, chain=10, registry=more)
    assert "unknown-call" in codes(other_chain)
    assert "unknown-call" in codes(read_evm_transaction(transaction(data), account=ME, chain=1))


def test_a_contracts_own_reading_comes_before_the_common_one() -> None:
    method = EvmMethod("transfer(address who,uint256 amount)", lambda call, values: "ours", frozenset({(1, TOKEN)}))
    more = standard().plus(methods=[method])
    assert (
        read_evm_transaction(transaction(calldata("transfer(address,uint256)", FRIEND, 9)), registry=more).sentence
        == "Ours."
    )


def test_kinds_programs_and_contracts_can_be_added() -> None:
    vote = TypedKind("Vote", {"Vote": (("topic", "string"),)}, lambda doc: f"votes on {doc.message['topic']}")
    program = SolanaProgram("So11111111111111111111111111111111111111112", "Ours", lambda ix: "does ours")
    known = KnownContract(1, TOKEN, "Our token", "token")
    more = standard().plus(typed=[vote], programs=[program], contracts=[known])
    assert read_typed_data(
        document("Vote", {"Vote": fields("string topic")}, {"topic": "fees"}), registry=more
    ).complete
    assert more.program(program.address) is program
    assert standard().program(program.address) is None
    assert read_evm_transaction(transaction(b"abcd"), registry=more).calls[0].known == "Our token"


def test_without_recognisers_everything_is_unknown() -> None:
    reading = read_evm_transaction(transaction(calldata("transfer(address,uint256)", FRIEND, 9)), registry=Registry())
    assert (codes(reading) >= {"unknown-call"}, reading.complete) == (True, False)
    assert read_solana_message(b"", registry=Registry()).danger == 5


def test_a_reading_travels_as_json_without_losing_a_digit() -> None:
    reading = read_evm_transaction(transaction(calldata("transfer(address,uint256)", FRIEND, 2**200 + 1)))
    again = msgspec.json.decode(msgspec.json.encode(reading), type=Reading)
    assert again == reading
    assert json.loads(msgspec.json.encode(reading))["effects"][0]["amount"] == 2**200 + 1


def test_every_reason_is_documented_with_its_level_and_words() -> None:
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (\d \| .+) \|$", DOCS, re.MULTILINE))
    assert rows == {code: f"{int(danger)} | {words}" for code, (danger, words) in REASONS.items()}


def test_every_reason_is_used_and_every_code_used_is_a_reason() -> None:
    source = "\n".join(f.read_text(encoding="utf-8") for f in SOURCES.rglob("*.py") if f.name != "reasons.py")
    strings = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', source))
    assert REASONS.keys() <= strings
    warned = set(re.findall(r'warn\(\s*"([a-z0-9-]+)"', source))
    assert warned <= REASONS.keys()


def test_every_effect_is_documented() -> None:
    for kind in EffectKind:
        assert f"`{kind.value}`" in DOCS, kind


def test_nothing_here_reaches_outside_itself() -> None:
    imported = set()
    for file in SOURCES.rglob("*.py"):
        imported |= set(re.findall(r"^\s*(?:from|import) ([a-z_A-Z]+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    assert imported <= {
        "collections", "dataclasses", "datetime", "enum", "functools", "hashlib", "json", "re", "types", "typing",
        "unicodedata", "msgspec", "Crypto", "binascii", "fluxdesk_host", "zlib",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [(0, 18, "0"), (1, 18, "0.000000000000000001"), (1_500, 3, "1.5"), (10**24, 18, "1,000,000"), (7, 0, "7")],
)
def test_amounts_are_written_exactly(amount: int, decimals: int, text: str) -> None:
    assert units(amount, decimals) == text


def test_an_emoji_in_its_usual_form_is_not_a_trick() -> None:
    assert visible("I ❤️ it") == "I ❤️ it"
    assert visible("e" + "\u0301" * 9).count("⟨U+0301⟩") == 6


def test_selectors_come_from_keccak_256() -> None:
    method = EvmMethod("f((uint256,bytes)[] items,bool on)", own_method)
    assert (method.canonical, method.names) == ("f((uint256,bytes)[],bool)", ("items", "on"))
    assert method.selector == keccak.new(digest_bits=256, data=b"f((uint256,bytes)[],bool)").digest()[:4]


def test_a_reading_has_a_bounded_size_whatever_it_was_made_of() -> None:
    blob = read_personal_message(b"\xff" * 1_000_000)
    assert len(msgspec.json.encode(blob)) < 1 << 19
    assert "of 1,000,000 bytes" in blob.unknown[0].what
    data = calldata("transfer(address,uint256)", FRIEND, 5)
    for _ in range(5):
        data = calldata("multicall(bytes[])", [data] * 3)
    deep = read_evm_transaction(transaction(data))
    assert len(deep.sentence) < 1_300
    assert len(msgspec.json.encode(deep)) < 1 << 19


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = "{'Crypto', 'coincurve', 'solders', 'web3'}"
    code = f"import sys, fluxdesk_host.signing; print(*({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == []
