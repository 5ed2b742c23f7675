"""Calls of Fluxdesk's own contracts: read where the address follows from their code, and what any call is elsewhere."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from eth_abi.abi import encode

from fluxdesk.chains.evm.contracts import built as kept
from fluxdesk.chains.evm.contracts.deployer import address_of
from fluxdesk_host.keys import rlp
from fluxdesk_host.keys.keccak import keccak256
from fluxdesk_host.signing import EffectKind, Reading, read_evm_transaction
from fluxdesk_host.signing.abi import split_types
from fluxdesk_host.signing.ours import deployments as ours
from fluxdesk_host.signing.ours.families import BELIEVED, METHODS
from fluxdesk_host.signing.registry import selector_of
from fluxdesk_host.signing.standard import standard
from fluxdesk_host.signing.text import checksummed
from requests_to_sign import FRIEND, ME, OTHER, SOON, TOKEN, calldata, codes, effects, only, transaction

NO_SALT = bytes(32)
NOBODY = "0x" + "00" * 20


def governance(governor: bytes) -> bytes:
    """Arguments of a deployment that has agreed on a governor's code."""
    terms = ("Votes", "VOTE", 10**24, ME, ME, 10**21, keccak256(governor))
    return encode(["(string,string,uint256,address,address,uint256,bytes32)"], [terms])


def stands(contract: str, arguments: bytes = b"") -> str:
    return address_of(kept.load(contract).code(arguments))


ARGUMENTS = {
    "LiquidityPoolManager": encode(["address", "address", "uint256"], [ME, ME, 5]),
    "SyntheticVaultDeployer": b"",
    "SyntheticAssetFactory": encode(["address", "address"], [ME, stands("SyntheticVaultDeployer")]),
    "CrossChainLiquidity": b"",
    "GovernanceDeployment": governance(kept.load("FluxdeskGovernor").code()),
    "Distribution": b"",
    "VaultDeployer": b"",
    "OrderSettlement": b"",
    "PoolIncentives": b"",
    "TokenGenerator": b"",
    "SupplyChainTracker": b"",
    "PoolMigrator": b"",
    "VaultMigrator": b"",
    "PythVaultRouter": b"",
    "PythAdapter": b"",
}
"""Of constructors; what they are does not matter to an address."""
CHILDREN = {"GovernanceToken", "Registry", "FluxdeskGovernor", "LiquidityLock"}


def claim(contract: str, /, **changed: str) -> dict[str, str]:
    arguments = ARGUMENTS[contract]
    return {
        "name": "x", "contract": contract, "address": stands(contract, arguments), "salt": "0x" + NO_SALT.hex(),
        "arguments": "0x" + arguments.hex(), "tx": "", **changed,
    }  # fmt: skip


def synthetic_vault(asset: bytes = b"\x05" * 32, factory: str = "", deployer: str = "") -> dict[str, str]:
    """What the factory's own deployment comes to: CREATE2 by the deployer of vaults, salted with factory and asset."""
    factory = factory or stands("SyntheticAssetFactory", ARGUMENTS["SyntheticAssetFactory"])
    terms = ("A", "B", *[1] * 9, ME, ME)
    kinds = ["address", "address", "address", "address", f"(string,string,{'uint256,' * 9}address,address)"]
    arguments = encode(kinds, [factory, OTHER, TOKEN, ME, terms])
    salt = keccak256(encode(["address", "bytes32"], [factory, asset]))
    address = address_of(
        kept.load("SyntheticVault").code(arguments), salt, deployer or stands("SyntheticVaultDeployer")
    )
    return {
        "contract": "SyntheticVault", "address": address, "salt": "0x" + asset.hex(),
        "arguments": "0x" + arguments.hex(),
    }  # fmt: skip


def distribution_vault(number: int = 7, deployer: str = "") -> dict[str, str]:
    deployer = deployer or stands("VaultDeployer")
    body = rlp.encode([bytes.fromhex(deployer[2:]), number])
    return {
        "contract": "DistributionVault", "address": "0x" + keccak256(body)[12:].hex(), "salt": f"0x{number:064x}",
        "arguments": "0x" + encode(["address"], [deployer]).hex(),
    }  # fmt: skip


def file(*claims: dict[str, str], chain: str = "eip155:1", version: int = 1) -> bytes:
    return json.dumps({"version": version, "chains": {chain: list(claims)}}).encode()


ALL = ours.read(file(*(claim(name) for name in ARGUMENTS), synthetic_vault(), distribution_vault()))
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
    assert {one.contract for one in ALL} == {*ARGUMENTS, *CHILDREN, "SyntheticVault", "DistributionVault"}
    assert set(METHODS) == set(AT) - {"Registry", "SyntheticVaultDeployer", "VaultDeployer"}
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
        for method in listed:
            if method.canonical == "deployGovernor(bytes)":
                continue  # complete for one code alone: below
            pairs = zip(method.names, method.types, strict=True)
            values = [PROOF if (name, t.text) == ("proof", "bytes") else sample(t.text) for name, t in pairs]
            reading = call(contract, method.canonical, *values)
            assert reading.complete, method.signature
            assert "our-contract" in codes(reading), method.signature
            assert checksummed(AT[contract]) in reading.sentence, method.signature
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
        "uint8": lambda: 1, "uint64": lambda: 5, "uint128": lambda: 5, "string": lambda: "Name",
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


@pytest.mark.parametrize(
    "wrong",
    [
        [synthetic_vault(deployer=OTHER)],
        [synthetic_vault(factory=OTHER)],
        [{**synthetic_vault(), "address": FRIEND}],
        [{**synthetic_vault(), "salt": "0x" + "06" * 32}],
        [{**synthetic_vault(), "arguments": "0x"}],
        [distribution_vault(deployer=OTHER)],
        [{**distribution_vault(), "address": FRIEND}],
        [{**distribution_vault(), "salt": f"0x{8:064x}"}],
        [{**distribution_vault(0)}],
        [{**distribution_vault(), "arguments": "0x" + "01" * 32}],
        [{**distribution_vault(), "contract": "SyntheticVault"}],
    ],
)
def test_a_vault_counts_only_where_its_maker_alone_can_have_put_it(wrong: list[dict[str, str]]) -> None:
    roots = [claim(name) for name in ("SyntheticVaultDeployer", "SyntheticAssetFactory", "VaultDeployer")]
    assert {one.contract for one in ours.read(file(*roots, *wrong))} == {one["contract"] for one in roots}


def test_a_vault_counts_on_the_chain_of_its_maker_and_with_it_alone() -> None:
    factory, deployer = claim("SyntheticAssetFactory"), claim("SyntheticVaultDeployer")
    assert not ours.read(file(synthetic_vault(), distribution_vault()))
    for roots in ([factory], [deployer], [factory, {**deployer, "salt": "0x" + "01" * 32}]):
        assert all(one.contract != "SyntheticVault" for one in ours.read(file(*roots, synthetic_vault())))
    elsewhere = json.dumps(
        {"version": 1, "chains": {"eip155:1": [factory, deployer], "eip155:10": [synthetic_vault()]}}
    ).encode()  # fmt: skip
    assert {one.chain for one in ours.read(elsewhere)} == {1}
    assert ours.read(file(synthetic_vault(), deployer, factory))[-1].contract == "SyntheticVault"


@pytest.mark.parametrize("number", [1, 127, 128, 255, 256, 1 << 16, (1 << 64) - 1])
def test_the_vaults_of_a_deployer_are_found_by_their_number(number: int) -> None:
    found = ours.read(file(claim("VaultDeployer"), distribution_vault(number)))
    assert [one.contract for one in found] == ["VaultDeployer", "DistributionVault"]


def test_a_governor_counts_only_where_the_deployment_agreed_on_its_code() -> None:
    other = governance(b"other code")
    arguments = ARGUMENTS["GovernanceDeployment"]
    moved = (64).to_bytes(32, "big") + bytes(32) + other[32:]  # the struct elsewhere than where it is looked for
    moved = moved[:224] + arguments[224:256] + moved[256:]
    for made_with in (other, arguments[:-160] + b"", moved):
        one = claim("GovernanceDeployment", arguments="0x" + made_with.hex())
        one["address"] = stands("GovernanceDeployment", made_with)
        known = {one.contract for one in ours.read(file(one))}
        assert ("FluxdeskGovernor" in known) == (made_with[224:256] == arguments[224:256] and made_with[31] == 32)
    assert "FluxdeskGovernor" not in {
        one.contract for one in ours.read(file({**one, "address": stands("GovernanceDeployment", moved)}))
    }


def test_a_vault_of_a_synthetic_is_read_where_it_is_called_itself() -> None:
    at = AT["SyntheticVault"]
    both = call("SyntheticVault", "depositAndMint(address,uint256,uint256,address)", ME, 100, 40, ME)
    assert (only(both, EffectKind.TOKEN_OUT).asset, only(both, EffectKind.TOKEN_OUT).amount) == (
        f"held:{at}:collateral",
        100,
    )
    assert (only(both, EffectKind.MINT).amount, only(both, EffectKind.MINT).to) == (40, ME)
    assert {"owes", "our-contract"} <= codes(both)
    assert "result-to-other" in codes(call("SyntheticVault", "mintSynthetic(address,uint256,address)", ME, 4, FRIEND))
    assert "transfer-of-others" in codes(call("SyntheticVault", "withdraw(address,uint256,address)", OTHER, 4, ME))
    done = call("SyntheticVault", "liquidate(address,uint256,uint256,address)", OTHER, 70, 9, ME)
    assert (only(done, EffectKind.BURN).amount, only(done, EffectKind.BURN).bound) == (70, "most")
    assert (only(done, EffectKind.TOKEN_IN).amount, only(done, EffectKind.TOKEN_IN).bound) == (9, "least")
    assert "no-minimum" in codes(call("SyntheticVault", "liquidate(address,uint256,uint256,address)", OTHER, 70, 0, ME))
    for signature in ("burnAndWithdraw(address,uint256,uint256,address)", "redeem(address,uint256,uint256,address)"):
        taken = call("SyntheticVault", signature, ME, 30, 20, FRIEND)
        assert (only(taken, EffectKind.BURN).amount, only(taken, EffectKind.TOKEN_IN).to) == (30, FRIEND)
    ended = call("SyntheticVault", "shutdown()")
    assert ("shuts-down" in codes(ended), ended.danger) == (True, 4)


def test_whoever_may_act_on_a_position_may_do_everything_with_it() -> None:
    set_operator = "setOperator(address,bool)"
    given = call("SyntheticVault", set_operator, FRIEND, True)
    approval = only(given, EffectKind.APPROVAL)
    assert (approval.spender, approval.unlimited, given.danger) == (FRIEND, True, 5)
    assert "take out its collateral" in given.sentence
    assert only(call("SyntheticVault", set_operator, FRIEND, False), EffectKind.REVOKE).spender == FRIEND


def test_claims_at_a_distributions_own_vault_say_what_is_paid_to_whom() -> None:
    assert (
        only(
            call("DistributionVault", "claimWithProof(uint256,uint256,bytes32[])", 3, 9, []), EffectKind.TOKEN_IN
        ).amount
        == 9
    )
    attested = "claimWithAttestations(uint256,uint256,bytes32[],(bytes32,uint64,uint64),bytes)"
    person = call("DistributionVault", attested, 0, 0, [], (bytes(32), 1, 2), b"")
    assert (only(person, EffectKind.TOKEN_IN).amount, "what each person gets" in person.sentence) == (None, True)
    for_ = "claimFor((uint256,address,uint256),bytes32[],(bytes32,uint64,uint64),bytes,address,uint256,bytes)"
    other = call("DistributionVault", for_, (4, ME, 50), [], (bytes(32), 1, 2), b"", FRIEND, SOON, b"")
    assert (only(other, EffectKind.TOKEN_IN).to, "result-to-other" in codes(other)) == (FRIEND, True)
    many = "claimBatch((uint256,address,uint256)[],bytes32[],bool[])"
    paid = call("DistributionVault", many, [(1, FRIEND, 3), (2, OTHER, 4)], [], [])
    assert sorted((e.to, e.amount) for e in effects(paid, EffectKind.TOKEN_IN)) == [(FRIEND, 3), (OTHER, 4)]
    assert "2 claims (7 base units in all)" in paid.sentence
    assert only(call("DistributionVault", "clawBack()"), EffectKind.TOKEN_IN).to == ME
    changed = call("DistributionVault", "scheduleVerifiers(address[],uint256)", [FRIEND, OTHER], 2)
    assert ("verifiers" in codes(changed), "2 must sign" in changed.sentence) == (True, True)


CALLS = ([TOKEN, OTHER], [0, 5], [calldata("transfer(address,uint256)", FRIEND, 7), b""])


def test_a_proposal_moves_nothing_and_shows_its_calls() -> None:
    for signature, last in (
        ("propose(address[],uint256[],bytes[],string)", "Pay\u202e them"),
        ("queue(address[],uint256[],bytes[],bytes32)", b"\x01" * 32),
        ("cancel(address[],uint256[],bytes[],bytes32)", b"\x01" * 32),
    ):
        reading = call("FluxdeskGovernor", signature, *CALLS, last)
        assert (reading.complete, reading.effects, reading.danger) == (True, (), 3)
        assert {"proposes", "our-contract"} == codes(reading)
        facts = {f.label: f.value for f in reading.facts}
        assert facts["Call 1"].startswith(f"{checksummed(TOKEN)}: 0xa9059cbb")
        assert facts["Call 2"].startswith(f"{checksummed(OTHER)} with 0.000000000000000005 ETH")
        assert "\u202e" not in reading.sentence
        short = call("FluxdeskGovernor", signature, CALLS[0], [0], CALLS[2], last)
        assert (short.complete, short.danger) == (False, 5)


def test_a_proposal_that_is_carried_out_is_read_call_by_call() -> None:
    execute = "execute(address[],uint256[],bytes[],bytes32)"
    reading = call("FluxdeskGovernor", execute, *CALLS, bytes(32))
    out = only(reading, EffectKind.TOKEN_OUT)
    assert (out.amount, out.to, out.by) == (7, FRIEND, AT["FluxdeskGovernor"])
    assert "acts-for-timelock" in codes(reading)
    hidden = call("FluxdeskGovernor", execute, [TOKEN], [0], [b"\xde\xad\xbe\xef"], bytes(32))
    assert (hidden.complete, "unknown-call" in codes(hidden)) == (False, True)
    assert not call("FluxdeskGovernor", execute, [TOKEN], [], [b""], bytes(32)).complete


def test_votes_say_which_way_and_whose() -> None:
    for support, said in (
        (0, "votes against"),
        (1, "votes for"),
        (2, "neither for nor against"),
        (9, "not counted (9)"),
    ):
        assert said in call("FluxdeskGovernor", "castVote(uint256,uint8)", 77, support).sentence.lower()
    signed = call("FluxdeskGovernor", "castVoteBySig(uint256,uint8,address,bytes)", 77, 1, FRIEND, b"")
    assert {"casts-vote", "submits-vote"} <= codes(signed)
    reason = call("FluxdeskGovernor", "castVoteWithReason(uint256,uint8,string)", 77, 1, "good\u202e")
    assert ("saying “good" in reason.sentence, "\u202e" in reason.sentence) == (True, False)


def test_the_governor_is_deployed_from_our_code_or_not_read() -> None:
    code = kept.load("FluxdeskGovernor").code()
    assert call("GovernanceDeployment", "deployGovernor(bytes)", code).complete
    other = call("GovernanceDeployment", "deployGovernor(bytes)", code[:-1])
    assert (other.complete, "creates-contract" in codes(other)) == (False, True)


def test_records_of_items_are_said_in_words() -> None:
    payload = (b"\x0c" * 32, 0x55)
    item = b"\x07" * 32
    moved = call("SupplyChainTracker", "changeStatus(bytes32,uint8,(bytes32,uint64))", item, 3, payload)
    assert ("is in transit" in moved.sentence, moved.effects) == (True, ())
    offered = call("SupplyChainTracker", "offerCustody(bytes32,address)", item, FRIEND)
    assert ("custody" in codes(offered), checksummed(FRIEND) in offered.sentence) == (True, True)
    assert (
        "takes back an offer"
        in call("SupplyChainTracker", "offerCustody(bytes32,address)", item, NOBODY).sentence.lower()
    )
    assert (
        "number 200"
        in call("SupplyChainTracker", "changeStatus(bytes32,uint8,(bytes32,uint64))", item, 200, payload).sentence
    )


def test_what_a_mover_is_given_must_be_listed_as_what_it_should_be() -> None:
    good, vault = AT["LiquidityPoolManager"], AT["SyntheticVault"]
    pools = "migrate((address,uint256,uint256,address,uint256,uint256[],uint256[],uint256,uint256))"
    moved = call("PoolMigrator", pools, (good, 1, 50, good, 2, [1, 1], [700, 9], 40, SOON))
    assert (moved.complete, "not-listed-as" in codes(moved), "no-minimum" in codes(moved)) == (True, False, False)
    assert "at least 700, 9 base units of its assets, for at least 40 shares" in moved.sentence
    assert (only(moved, EffectKind.TOKEN_OUT).asset, only(moved, EffectKind.TOKEN_IN).amount) == (
        f"held:{good}:1:shares",
        40,
    )
    assert "not-listed-as" in codes(call("PoolMigrator", pools, (good, 1, 50, OTHER, 2, [1, 1], [1, 1], 40, SOON)))
    for least, used, shares in (([1, 0], [1, 1], 40), ([1, 1], [0, 1], 40), ([1, 1], [], 40), ([1, 1], [1, 1], 0)):
        loose = call("PoolMigrator", pools, (good, 1, 50, good, 2, least, used, shares, SOON))
        assert "no-minimum" in codes(loose), (least, used, shares)
    vaults = "migrate((address,address,uint256,uint256,uint256,uint256))"
    both = call("VaultMigrator", vaults, (vault, vault, 10, 20, 5, SOON))
    assert (
        only(both, EffectKind.BURN).amount,
        only(both, EffectKind.TOKEN_OUT).amount,
        only(both, EffectKind.MINT).amount,
    ) == (10, 20, 5)
    assert "not-listed-as" in codes(call("VaultMigrator", vaults, (vault, OTHER, 10, 20, 5, SOON)))
    bring = "updateAndDepositAndMint(address,bytes[],address,uint256,uint256,address)"
    brought = call("PythVaultRouter", bring, AT["PythAdapter"], [b"x"], vault, 10, 5, FRIEND, value=3)
    assert {"value-with-call", "owes", "result-to-other"} <= codes(brought)
    assert "not-listed-as" not in codes(brought)
    assert "not-listed-as" in codes(call("PythVaultRouter", bring, OTHER, [b"x"], vault, 10, 5, ME))


def test_a_pool_is_opened_with_its_tokens_as_facts() -> None:
    create = "createPool((uint8,address[],uint256[],uint256[],uint256,uint256,uint256,uint256))"
    reading = call(POOLS, create, (0, [TOKEN, OTHER], [5 * 10**17] * 2, [], 0, 10**15, 0, 0))
    assert {"Asset 0", "Asset 1"} <= {f.label for f in reading.facts}
    assert "a weighted pool of 2 tokens" in reading.sentence
    assert "not known" in call(POOLS, create, (9, [TOKEN, OTHER], [], [], 0, 10**15, 0, 0)).sentence


def test_a_lock_says_for_how_long_and_for_whom() -> None:
    lock = "lock(uint256,uint256,address,uint256)"
    reading = call("LiquidityLock", lock, 1, 50, FRIEND, 2**256 - 1)
    assert {"locks-shares", "result-to-other"} <= codes(reading)
    assert "for good" in reading.sentence
    assert only(reading, EffectKind.TOKEN_OUT).amount == 50


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
