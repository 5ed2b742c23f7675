"""Calls of Fluxdesk's own contracts: read where the address follows from their code, and what any call is elsewhere."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from eth_abi.abi import encode

from fluxdesk.chains.evm.contracts import built as kept
from fluxdesk.chains.evm.contracts.deployer import address_of
from fluxdesk_host.signing import EffectKind, Reading, read_evm_transaction
from fluxdesk_host.signing.abi import split_types
from fluxdesk_host.signing.ours import deployments as ours
from fluxdesk_host.signing.ours.families import BELIEVED, METHODS
from fluxdesk_host.signing.registry import selector_of
from fluxdesk_host.signing.standard import standard
from fluxdesk_host.signing.text import checksummed
from requests_to_sign import FRIEND, ME, OTHER, SOON, TOKEN, calldata, codes, effects, only, transaction

ARGUMENTS = {
    "LiquidityPoolManager": encode(["address", "address", "uint256"], [ME, ME, 5]),
    "SyntheticAssetFactory": encode(["address", "address"], [ME, OTHER]),
    "CrossChainLiquidity": b"",
    "GovernanceDeployment": b"",
    "Distribution": b"",
    "OrderSettlement": b"",
    "PoolIncentives": b"",
    "TokenGenerator": b"",
}
"""Of constructors; what they are does not matter to an address."""
NO_SALT = bytes(32)


def claim(contract: str, /, **changed: str) -> dict[str, str]:
    arguments = ARGUMENTS[contract]
    address = address_of(kept.load(contract).code(arguments))
    return {
        "name": "x", "contract": contract, "address": address, "salt": "0x" + NO_SALT.hex(),
        "arguments": "0x" + arguments.hex(), "tx": "", **changed,
    }  # fmt: skip


def file(*claims: dict[str, str], chain: str = "eip155:1", version: int = 1) -> bytes:
    return json.dumps({"version": version, "chains": {chain: list(claims)}}).encode()


ALL = ours.read(file(*(claim(name) for name in ARGUMENTS)))
AT = {one.contract: one.address for one in ALL}
REGISTRY = ours.registry_with(standard(), ALL, METHODS)


def call(contract: str, signature: str, *values: Any, value: int = 0, to: str | None = None) -> Reading:
    fields = transaction(calldata(signature, *values), to or AT[contract], value)
    return read_evm_transaction(fields, "node:wallet", account=ME, chain=1, registry=REGISTRY)


SWAP = "swapExactIn(uint256,uint256,uint256,uint256,uint256,address,uint256)"
POOLS = "LiquidityPoolManager"


def test_the_agent_carries_the_code_that_was_built() -> None:
    from binding_build.kinds import constructor

    assert ours.codes().keys() == {name for name in BELIEVED if name in kept.names()}
    for name, known in ours.codes().items():
        assert known == ours.Code(constructor(kept.load(name)), kept.load(name).code())


@pytest.mark.parametrize("contract", METHODS)
def test_every_method_is_one_of_the_contract_with_its_names(contract: str) -> None:
    from binding_build.kinds import canonical

    functions = {
        f"{e['name']}({','.join(canonical(i) + ' ' + i['name'] for i in e['inputs'])})"
        for e in kept.load(contract).abi
        if e["type"] == "function"
    }
    assert {m.signature for m in METHODS[contract]} <= functions


def test_a_claim_is_believed_when_its_address_follows_from_our_code() -> None:
    assert {one.contract for one in ALL} == {*ARGUMENTS, "GovernanceToken", "Registry"}
    assert ours.read(file(claim(POOLS))) == (ours.Believed(1, AT[POOLS], POOLS),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": FRIEND},
        {"salt": "0x" + "01" * 32},
        {"arguments": "0x" + encode(["address", "address", "uint256"], [FRIEND, ME, 5]).hex()},
        {"arguments": "0x"},
        {"contract": "SyntheticAssetFactory"},
        {"contract": "PoolCurve"},
        {"contract": "Anything"},
    ],
)
def test_a_claim_that_does_not_follow_is_not_believed(wrong: dict[str, str]) -> None:
    assert ours.read(file(claim(POOLS, **wrong))) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"\xff", b"[" * 100_000, file(claim(POOLS), version=2),
        file(claim(POOLS), chain="solana:local"),
        file(claim(POOLS), chain="eip155:x"), file(claim(POOLS), chain="eip155:" + "9" * 40),
        file(claim(POOLS, address="0x12")), b" " * (ours.MOST_BYTES + 1),
    ],
)  # fmt: skip
def test_a_file_that_is_not_understood_holds_nothing(data: bytes) -> None:
    assert ours.read(data) == ()


def test_a_swap_says_what_is_bounded_and_that_the_tokens_are_not_named() -> None:
    reading = call(POOLS, SWAP, 7, 0, 1, 1000, 990, ME, SOON)
    out, back = only(reading, EffectKind.TOKEN_OUT), only(reading, EffectKind.TOKEN_IN)
    assert (out.asset, out.amount, out.bound, out.source) == (f"held:{AT[POOLS]}:7:0", 1000, "exact", ME)
    assert (back.asset, back.amount, back.bound, back.to) == (f"held:{AT[POOLS]}:7:1", 990, "least", ME)
    assert (reading.danger, reading.complete, reading.calls[0].known) == (3, True, f"Fluxdesk's {POOLS}")
    assert {"our-contract", "token-by-place"} <= codes(reading)
    assert "1,000 base units of asset 0 of pool 7 for at least 990 base units of asset 1" in reading.sentence


@pytest.mark.parametrize(
    ("chain", "to"),
    [(1, OTHER), (10, AT[POOLS]), (1, AT["SyntheticAssetFactory"])],
    ids=["address", "chain", "another"],
)
def test_the_same_call_elsewhere_is_an_unknown_one(chain: int, to: str) -> None:
    fields = transaction(calldata(SWAP, 7, 0, 1, 1000, 990, ME, SOON), to, chainId=hex(chain))
    reading = read_evm_transaction(fields, "node:wallet", account=ME, chain=chain, registry=REGISTRY)
    assert not reading.complete
    assert {"unknown-call"} <= codes(reading)
    assert reading.danger == 4


def test_tricks_with_a_swap_are_said() -> None:
    assert "result-to-other" in codes(call(POOLS, SWAP, 7, 0, 1, 10, 9, FRIEND, SOON))
    assert "no-minimum" in codes(call(POOLS, SWAP, 7, 0, 1, 10, 0, ME, SOON))
    assert "never-expires" in codes(call(POOLS, SWAP, 7, 0, 1, 10, 9, ME, 2**256 - 1))
    assert "value-with-call" in codes(call(POOLS, SWAP, 7, 0, 1, 10, 9, ME, SOON, value=1))
    path = "swapPath((uint256,uint256,uint256)[],uint256,uint256,uint8,bool,address,uint256,bytes)"
    good = call(POOLS, path, [(1, 0, 1), (2, 3, 0)], 10, 9, 0, False, ME, SOON, b"")
    assert (good.complete, only(good, EffectKind.TOKEN_IN).asset) == (True, f"held:{AT[POOLS]}:2:0")
    for payment, data, hops in ((2, b"", [(1, 0, 1)]), (0, b"x", [(1, 0, 1)]), (0, b"", [])):
        bad = call(POOLS, path, hops, 10, 9, payment, False, ME, SOON, data)
        assert (bad.complete, bad.danger) == (False, 4)


def test_every_reading_of_a_family_is_complete_and_bounded() -> None:
    """Values of every type, and not one method that says less than the contract's code and its amounts."""
    for contract, listed in METHODS.items():
        if contract not in AT:
            continue
        for method in listed:
            pairs = zip(method.names, method.types, strict=True)
            values = [PROOF if name == "proof" else sample(t.text) for name, t in pairs]
            reading = call(contract, method.canonical, *values)
            assert reading.complete, method.signature
            assert "our-contract" in codes(reading), method.signature
            assert checksummed(AT[contract]) in reading.sentence
            for effect in effects(reading, EffectKind.TOKEN_OUT):
                assert effect.amount is not None, method.signature
                assert effect.bound in ("exact", "most"), method.signature


_KINDS = ["uint256", "uint256", "bytes32[]", "(bytes32,uint64,uint64)", "bytes"]
PROOF = encode(_KINDS, [4, 77, [bytes(32)], (bytes(32), 0, 0), b""])


def sample(kind: str) -> Any:
    if kind.endswith("[]"):
        return [sample(kind[:-2])] * 2
    if kind.startswith("("):
        return tuple(sample(part) for part in split_types(kind[1:-1]))
    made: dict[str, Callable[[], Any]] = {
        "address": lambda: ME, "bool": lambda: False, "bytes": lambda: b"", "bytes32": lambda: b"\x07" * 32,
        "uint8": lambda: 1, "uint64": lambda: 5, "string": lambda: "Name",
    }  # fmt: skip
    return made.get(kind, lambda: 1_800_000_000)()


def test_a_synthetic_is_owed_and_its_collateral_named_by_the_asset() -> None:
    asset = b"\x05" * 32
    both = call("SyntheticAssetFactory", "depositAndMint(bytes32,uint256,uint256)", asset, 100, 40)
    assert only(both, EffectKind.TOKEN_OUT).amount == 100
    made = only(both, EffectKind.MINT)
    assert (made.amount, made.to) == (40, ME)
    assert "owes" in codes(both)
    burned = only(call("SyntheticAssetFactory", "burnSynthetic(bytes32,uint256)", asset, 9), EffectKind.BURN)
    assert (burned.amount, burned.bound) == (9, "most")


def test_stake_and_votes_of_the_token_that_the_deployment_made() -> None:
    staked = only(call("GovernanceToken", "stake(uint256)", 10), EffectKind.STAKE)
    assert (staked.amount, staked.asset) == (10, f"token:{AT['GovernanceToken']}")
    assert "votes" in codes(call("GovernanceToken", "delegate(address)", FRIEND))
    moved = call("GovernanceToken", "migrateStake(uint256,address)", 10, FRIEND)
    assert "migrates" in codes(moved)
    assert checksummed(FRIEND) in moved.sentence


def test_a_send_to_another_chain_names_recipient_lane_and_fee() -> None:
    send = "send(uint64,address,uint256,address,uint256,uint256)"
    reading = call("CrossChainLiquidity", send, 99, FRIEND, 10, TOKEN, 3, SOON)
    assert {"other-chain", "result-to-other"} <= codes(reading)
    assert sorted((e.asset, e.amount) for e in effects(reading, EffectKind.TOKEN_OUT)) == [
        (f"held:{AT['CrossChainLiquidity']}:liquidity", 10), (f"token:{TOKEN}", 3),
    ]  # fmt: skip
    assert checksummed(FRIEND) in reading.sentence


def test_distributions_are_funded_claimed_and_paid_out() -> None:
    method = METHODS["Distribution"][0].canonical
    words = [bytes(32)] * 3
    terms = (*words, TOKEN, 1000, 10, 100, 1, SOON, 0, 0, 0, 0, ME, ME, "0x" + "00" * 20, 2, [ME, OTHER, FRIEND])
    made = call("Distribution", method, terms)
    assert only(made, EffectKind.TOKEN_OUT).amount == 1000
    assert "2 of 3 verifiers having to attest" in made.sentence
    claim_ = "claimTokens(bytes32,bytes)"
    assert only(call("Distribution", claim_, b"\x01" * 32, PROOF), EffectKind.TOKEN_IN).amount == 77
    for bad in (b"", PROOF + b"\0", PROOF[:-1]):
        assert not call("Distribution", claim_, b"\x01" * 32, bad).complete
    paid = call("Distribution", "payout(address,address[],uint256[],uint256)", TOKEN, [FRIEND, OTHER], [3, 4], 7)
    assert sorted((e.to, e.amount) for e in effects(paid, EffectKind.TOKEN_OUT)) == [(FRIEND, 3), (OTHER, 4)]
    wrong = call("Distribution", "payout(address,address[],uint256[],uint256)", TOKEN, [FRIEND], [3, 4], 7)
    assert "malformed" in codes(wrong)


def test_a_token_is_made_with_what_it_may_do_in_words() -> None:
    generate = METHODS["TokenGenerator"][0].canonical
    fixed = (bytes(32), b"\x09" * 32, ME, ("Good", "GOOD", 1000, 1000, True, "0x" + "00" * 20, 0, 0))
    reading = call("TokenGenerator", generate, fixed)
    made = only(reading, EffectKind.MINT)
    assert (made.amount, made.to) == (1000, ME)
    assert "“Good” (GOOD) with 1,000 base units" in reading.sentence
    assert "never more, which holders may burn" in reading.sentence
    elastic = (bytes(32), bytes(32), FRIEND, ("\u202egood", "G", 1, 9, False, OTHER, 3, 60))
    other = call("TokenGenerator", generate, elastic)
    assert "result-to-other" in codes(other)
    assert f"minted by {checksummed(OTHER)} up to 9, 3 in 60 seconds" in other.sentence
    assert "\u202e" not in other.sentence
    pool = (TOKEN, 500, 70, 5 * 10**17, 10**16, FRIEND, 2**64 - 1)
    both = call("TokenGenerator", METHODS["TokenGenerator"][2].canonical, fixed, pool)
    assert only(both, EffectKind.TOKEN_OUT).amount == 70
    assert "locks-shares" in codes(both)
    assert "locked for good" in both.sentence


def test_a_deployment_of_ours_shows_its_arguments() -> None:
    code = kept.load(POOLS).code(ARGUMENTS[POOLS])
    reading = proxy(NO_SALT + code)
    assert (reading.complete, reading.danger) == (True, 3)
    assert {"creates-ours"} == codes(reading)
    assert [(a.name, a.value) for a in reading.calls[0].arguments] == [
        ("initialOwner", checksummed(ME)), ("initialGuardian", checksummed(ME)), ("protocolShare", "5"),
    ]  # fmt: skip
    assert only(reading, EffectKind.DEPLOY).to == AT[POOLS]
    assert checksummed(AT[POOLS]) in reading.sentence


@pytest.mark.parametrize("change", [lambda c: c[:-1], lambda c: c + bytes(32), lambda c: c[:99] + b"\xff" + c[100:]])
def test_a_deployment_of_other_code_is_not_read(change: Callable[[bytes], bytes]) -> None:
    reading = proxy(NO_SALT + change(kept.load(POOLS).code(ARGUMENTS[POOLS])))
    assert not reading.complete
    assert "creates-contract" in codes(reading)
    assert only(reading, EffectKind.DEPLOY).to is not None


def test_the_proxy_without_code_is_an_unknown_call() -> None:
    assert "unknown-call" in codes(proxy(bytes(32)))


def proxy(data: bytes) -> Reading:
    return read_evm_transaction(transaction(data, ours.PROXY), "node:wallet", account=ME, chain=1)


def test_an_owners_call_of_ours_is_not_known() -> None:
    """What only the owner may do is not recognised: it stays an unknown call, and no allowance lets it through."""
    reading = call(POOLS, "setSupplyCap(uint256,uint256)", 1, 2)
    assert not reading.complete
    assert selector_of("setSupplyCap(uint256,uint256)").hex() in reading.calls[0].selector
