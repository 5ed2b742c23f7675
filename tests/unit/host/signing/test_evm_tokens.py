"""Tokens and permissions over them, in calls."""

from typing import Any

import pytest

from fluxdesk_host.signing import EffectKind, Reading
from fluxdesk_host.signing.draft import UNLIMITED_EVM
from requests_to_sign import (
    FRIEND,
    MAX,
    ME,
    OTHER,
    PERMIT2,
    SOON,
    SPENDER,
    TOKEN,
    WETH,
    assert_not_believed,
    call,
    calldata,
    codes,
    effects,
    only,
    read,
)


def test_a_token_transfer_names_token_amount_and_recipient() -> None:
    reading = call("transfer(address,uint256)", FRIEND, 1_500)
    sent = only(reading, EffectKind.TOKEN_OUT)
    assert (sent.asset, sent.amount, sent.to, sent.source, sent.by) == (f"token:{TOKEN}", 1_500, FRIEND, ME, None)
    assert (reading.danger, reading.complete) == (1, True)
    assert [(a.name, a.value.lower()) for a in reading.calls[0].arguments] == [("to", FRIEND), ("amount", "1500")]


def test_sending_tokens_to_their_own_contract_is_said() -> None:
    assert "own-contract" in codes(call("transfer(address,uint256)", TOKEN, 1))


def test_taking_from_another_account_is_said() -> None:
    assert "transfer-of-others" in codes(call("transferFrom(address,address,uint256)", OTHER, ME, 1))
    own = call("transferFrom(address,address,uint256)", ME, OTHER, 1)
    assert "transfer-of-others" not in codes(own)
    assert only(own, EffectKind.TOKEN_OUT).source == ME


def test_the_number_of_an_approval_may_be_an_amount_or_an_nft() -> None:
    reading = call("approve(address,uint256)", SPENDER, 77)
    given = only(reading, EffectKind.APPROVAL)
    assert (given.amount, given.spender, given.unlimited) == (77, SPENDER, False)
    assert reading.danger == 2
    assert "approval-token-or-nft" in codes(reading)


@pytest.mark.parametrize("amount", [MAX, 2**160 - 1, 2**128 - 1, UNLIMITED_EVM])
def test_more_than_any_supply_is_unlimited(amount: int) -> None:
    reading = call("approve(address,uint256)", SPENDER, amount)
    assert only(reading, EffectKind.APPROVAL).unlimited
    assert reading.danger == 4


def test_just_below_the_threshold_is_an_amount() -> None:
    assert not only(call("approve(address,uint256)", SPENDER, UNLIMITED_EVM - 1), EffectKind.APPROVAL).unlimited


@pytest.mark.parametrize(
    ("signature", "values"),
    [
        ("approve(address,uint256)", ("0x" + "00" * 20, 0)),
        ("setApprovalForAll(address,bool)", (SPENDER, False)),
        ("decreaseAllowance(address,uint256)", (SPENDER, 5)),
    ],
)
def test_taking_back_a_permission_is_no_danger(signature: str, values: tuple[Any, ...]) -> None:
    reading = call(signature, *values)
    assert only(reading, EffectKind.REVOKE).spender == values[0]
    assert reading.danger == 0


def test_an_approval_of_zero_may_still_give_nft_zero_away() -> None:
    reading = call("approve(address,uint256)", SPENDER, 0)
    assert only(reading, EffectKind.REVOKE).spender == SPENDER
    given = only(reading, EffectKind.NFT_APPROVAL)
    assert (given.token_id, given.spender, reading.danger) == (0, SPENDER, 2)


@pytest.mark.parametrize("signature", ["increaseAllowance(address,uint256)", "increaseApproval(address,uint256)"])
def test_a_raise_is_at_least_what_it_says(signature: str) -> None:
    reading = call(signature, SPENDER, 10)
    assert (only(reading, EffectKind.APPROVAL).bound, reading.danger) == ("least", 2)
    assert call(signature, SPENDER, MAX).danger == 4


def test_the_right_to_every_nft_is_high_danger() -> None:
    reading = call("setApprovalForAll(address,bool)", SPENDER, True)
    given = only(reading, EffectKind.NFT_APPROVAL)
    assert (given.spender, given.unlimited, reading.danger) == (SPENDER, True, 4)


def test_nft_transfers_name_each_item() -> None:
    one = call("safeTransferFrom(address,address,uint256)", ME, FRIEND, 7)
    assert (only(one, EffectKind.NFT_OUT).asset, only(one, EffectKind.NFT_OUT).token_id) == (f"erc721:{TOKEN}", 7)
    some = call("safeTransferFrom(address,address,uint256,uint256,bytes)", ME, FRIEND, 7, 3, b"")
    assert (only(some, EffectKind.NFT_OUT).asset, only(some, EffectKind.NFT_OUT).amount) == (f"erc1155:{TOKEN}", 3)
    batch = call("safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)", ME, FRIEND, [1, 2], [3, 4], b"")
    assert [(e.token_id, e.amount) for e in effects(batch, EffectKind.NFT_OUT)] == [(1, 3), (2, 4)]


def test_lists_that_do_not_match_are_malformed() -> None:
    reading = call("safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)", ME, FRIEND, [1, 2], [3], b"")
    assert reading.danger == 5


def test_wrapping_is_plain_at_the_listed_contract_only() -> None:
    known = call("deposit()", to=WETH, value=5)
    assert codes(known) == {"wraps", "value-with-call"}
    assert "wraps-unknown" in codes(call("deposit()", to=TOKEN, value=5))
    back = call("withdraw(uint256)", 5, to=WETH)
    assert only(back, EffectKind.NATIVE_IN).amount == 5
    assert only(call("withdraw(uint256)", 5, to=TOKEN), EffectKind.UNKNOWN).amount == 5


def test_a_submitted_permit_names_its_owner() -> None:
    signature = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"
    reading = call(signature, OTHER, SPENDER, 50, SOON, 27, b"\1" * 32, b"\2" * 32)
    given = only(reading, EffectKind.APPROVAL)
    assert (given.source, given.spender, given.amount) == (OTHER, SPENDER, 50)
    assert "permit-submitted" in codes(reading)


def test_dais_permit_is_all_or_nothing() -> None:
    signature = "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)"
    assert call(signature, ME, SPENDER, 0, 0, True, 27, b"\1" * 32, b"\2" * 32).danger == 4
    assert only(call(signature, ME, SPENDER, 0, 0, False, 27, b"\1" * 32, b"\2" * 32), EffectKind.REVOKE)


def permit2_calls() -> list[tuple[str, tuple[Any, ...], list[tuple[str, int]]]]:
    details = (TOKEN, 9, SOON, 0)
    return [
        ("approve(address,address,uint160,uint48)", (TOKEN, SPENDER, 9, SOON), [(TOKEN, 9)]),
        ("permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)",
         (ME, (details, SPENDER, SOON), b"s"), [(TOKEN, 9)]),
        ("permit(address,((address,uint160,uint48,uint48)[],address,uint256),bytes)",
         (ME, ([details, (WETH, 8, SOON, 0)], SPENDER, SOON), b"s"), [(TOKEN, 9), (WETH, 8)]),
        ("transferFrom(address,address,uint160,address)", (ME, FRIEND, 9, TOKEN), [(TOKEN, 9)]),
        ("transferFrom((address,address,uint160,address)[])", ([(ME, FRIEND, 9, TOKEN)],), [(TOKEN, 9)]),
        ("permitTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes)",
         (((TOKEN, 9), 1, SOON), (FRIEND, 9), ME, b"s"), [(TOKEN, 9)]),
        ("permitTransferFrom(((address,uint256)[],uint256,uint256),(address,uint256)[],address,bytes)",
         (([(TOKEN, 9), (WETH, 8)], 1, SOON), [(FRIEND, 9), (FRIEND, 8)], ME, b"s"), [(TOKEN, 9), (WETH, 8)]),
        ("permitWitnessTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes32,string,bytes)",
         (((TOKEN, 9), 1, SOON), (FRIEND, 9), ME, b"\1" * 32, "W w)", b"s"), [(TOKEN, 9)]),
        ("lockdown((address,address)[])", ([(TOKEN, SPENDER)],), [(TOKEN, 0)]),
    ]  # fmt: skip


@pytest.mark.parametrize(("signature", "values", "wanted"), permit2_calls(), ids=[c[0][:40] for c in permit2_calls()])
def test_permit2_is_read_token_by_token(signature: str, values: tuple[Any, ...], wanted: list[tuple[str, int]]) -> None:
    reading = call(signature, *values, to=PERMIT2)
    assert reading.complete
    assert [(e.asset, e.amount or 0) for e in reading.effects] == [(f"token:{t}", n) for t, n in wanted]
    assert "not-permit2" not in codes(reading)
    assert "not-permit2" in codes(call(signature, *values, to=OTHER))


def test_a_permit2_allowance_says_when_it_ends() -> None:
    timed = call("approve(address,address,uint160,uint48)", TOKEN, SPENDER, 9, SOON, to=PERMIT2)
    assert only(timed, EffectKind.APPROVAL).expires == SOON
    forever = call("approve(address,address,uint160,uint48)", TOKEN, SPENDER, 2**160 - 1, 2**48 - 1, to=PERMIT2)
    assert only(forever, EffectKind.APPROVAL).expires is None
    assert codes(forever) >= {"approval-unlimited", "never-expires"}


def dirty() -> list[bytes]:
    """A transfer's bytes changed so that some decoders read them and others do not."""
    good = calldata("transfer(address,uint256)", FRIEND, 5)
    return [good[:-1], good[:4] + b"\1" + good[5:], good[:36], good[:4]]


@pytest.mark.parametrize("data", dirty())
def test_arguments_that_are_not_exact_are_not_believed(data: bytes) -> None:
    reading = read(data)
    assert_not_believed(reading)
    assert effects(reading, EffectKind.TOKEN_OUT) == []
    assert "unread-arguments" in codes(reading)


def test_an_offset_that_points_elsewhere_is_not_believed() -> None:
    data = bytearray(calldata("multicall(bytes[])", [b"", b""]))
    data[4 + 31] = 0x40
    assert_not_believed(read(bytes(data)))


def test_the_same_words_are_said_once() -> None:
    twice: Reading = call("transferFrom((address,address,uint160,address)[])", [(ME, FRIEND, 9, TOKEN)] * 2, to=PERMIT2)
    assert len([r for r in twice.reasons if r.code == "token-transfer"]) == 1
