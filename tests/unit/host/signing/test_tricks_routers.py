"""Tricks with routers: what a trade takes is never less than what the bytes let it take."""

from typing import Any

import pytest
from eth_abi.abi import encode

from fluxdesk_host.signing import EffectKind
from requests_to_sign import (
    FRIEND,
    ME,
    OTHER,
    ROUTER,
    SENDER,
    SINGLE,
    SOON,
    TOKEN,
    V2_ROUTER,
    V3_02,
    WETH,
    assert_not_believed,
    call,
    calldata,
    codes,
    effects,
    hops,
    only,
    universal,
)

V3 = "0xe592427a0aece92de3edee1f18e0157c05861564"
FIRST_UNIVERSAL = "0x3fc91a3afd70395cd496c647d5a6cc9d4b2b7fad"
ALL_IT_HOLDS = 1 << 255
SWAP = ["address", "uint256", "uint256", "bytes", "bool"]
OLD_SINGLE = "exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))"
OUT_SINGLE = "exactOutputSingle((address,address,uint24,address,uint256,uint256,uint160))"


def swap(to: str, amount: int, least: int, path: bytes, from_user: bool) -> bytes:
    return encode(SWAP, [to, amount, least, path, from_user])


def test_one_wei_sent_along_does_not_hide_wrapped_coins_that_are_taken() -> None:
    taken = only(call(SINGLE, (WETH, TOKEN, 500, ME, 10**20, 3, 0), to=V3_02, value=1), EffectKind.TOKEN_OUT)
    assert (taken.asset, taken.amount, taken.source) == (f"token:{WETH}", 10**20, ME)


def test_coins_that_cover_the_amount_are_counted_once() -> None:
    for reading in (
        call(SINGLE, (WETH, TOKEN, 500, ME, 9, 3, 0), to=V3_02, value=9),
        call("multicall(bytes[])", [calldata(SINGLE, (WETH, TOKEN, 500, ME, 9, 3, 0))], to=V3_02, value=9),
    ):
        assert effects(reading, EffectKind.TOKEN_OUT) == []
        assert only(reading, EffectKind.NATIVE_OUT).amount == 9
        assert "left-in-router" not in codes(reading)


def test_a_router_that_is_not_listed_is_not_trusted_to_pay_with_the_coins_it_was_sent() -> None:
    reading = call(SINGLE, (WETH, TOKEN, 500, ME, 9, 3, 0), to=OTHER, value=9)
    assert (only(reading, EffectKind.TOKEN_OUT).amount, only(reading, EffectKind.NATIVE_OUT).amount) == (9, 9)


def test_coins_are_not_counted_for_two_trades() -> None:
    one = calldata(SINGLE, (WETH, TOKEN, 500, ME, 9, 3, 0))
    reading = call("multicall(bytes[])", [one, one], to=V3_02, value=10)
    assert [e.amount for e in effects(reading, EffectKind.TOKEN_OUT)] == [9]
    back = calldata("refundETH()")
    reading = call("multicall(bytes[])", [back, one], to=V3_02, value=9)
    assert [e.amount for e in effects(reading, EffectKind.TOKEN_OUT)] == [9]


def test_the_universal_router_takes_wrapped_coins_whatever_is_sent_along() -> None:
    reading = universal((0x00, swap(ME, 10**20, 3, hops(WETH, TOKEN), True)), value=10**20)
    assert only(reading, EffectKind.TOKEN_OUT).amount == 10**20
    assert "left-in-router" in codes(reading)  # the coins themselves are not used by anything


@pytest.mark.parametrize("command", [0x00, 0x01, 0x08, 0x09])
def test_an_amount_that_stands_for_the_routers_balance_is_unbounded_where_the_user_pays(command: int) -> None:
    path: Any = hops(TOKEN, WETH) if command < 8 else [TOKEN, WETH]
    kinds = SWAP if command < 8 else [*SWAP[:3], "address[]", "bool"]
    exact_out = command in (0x01, 0x09)
    amounts = (3, ALL_IT_HOLDS) if exact_out else (ALL_IT_HOLDS, 3)
    reading = universal((command, encode(kinds, [ME, *amounts, path[::-1] if exact_out else path, True])))
    taken = only(reading, EffectKind.TOKEN_OUT)
    assert (taken.amount, taken.source) == (None, ME)


def test_a_recipient_of_the_v2_router_is_who_it_says() -> None:
    signature = "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)"
    for nobody in (SENDER, ROUTER):
        reading = call(signature, 10, 3, [TOKEN, WETH], nobody, SOON, to=V2_ROUTER)
        assert only(reading, EffectKind.TOKEN_IN).to == nobody
        assert {"result-to-other", "burns"} <= codes(reading)
        assert reading.danger >= 4


def test_short_forms_of_recipients_belong_to_their_routers() -> None:
    assert only(call(SINGLE, (TOKEN, WETH, 500, SENDER, 9, 3, 0), to=V3_02), EffectKind.TOKEN_IN).to == ME
    assert "result-to-other" in codes(call(OLD_SINGLE, (TOKEN, WETH, 500, SENDER, SOON, 9, 3, 0), to=V3))
    zero = "0x" + "00" * 20
    assert "keeps-in-router" in codes(call(OLD_SINGLE, (TOKEN, WETH, 500, zero, SOON, 9, 3, 0), to=V3))
    assert "burns" in codes(call(SINGLE, (TOKEN, WETH, 500, zero, 9, 3, 0), to=V3_02))


def test_what_stays_with_a_router_is_said() -> None:
    left = universal((0x00, swap(ROUTER, 10, 0, hops(TOKEN, WETH), True)))
    assert "left-in-router" in codes(left)
    assert left.danger >= 4
    unwrap = encode(["address", "uint256"], [SENDER, 3])
    assert "left-in-router" not in codes(
        universal((0x00, swap(ROUTER, 10, 0, hops(TOKEN, WETH), True)), (0x0C, unwrap))
    )
    sweep_another = encode(["address", "address", "uint256"], [OTHER, SENDER, 3])
    assert "left-in-router" in codes(
        universal((0x00, swap(ROUTER, 10, 0, hops(TOKEN, WETH), True)), (0x04, sweep_another))
    )
    assert "left-in-router" in codes(call(SINGLE, (TOKEN, WETH, 500, ROUTER, 9, 0, 0), to=V3_02))


def test_wrapped_coins_that_are_traded_are_not_left() -> None:
    wrap = encode(["address", "uint256"], [ROUTER, 9])
    traded = universal((0x0B, wrap), (0x00, swap(ME, 9, 3, hops(WETH, TOKEN), False)), value=9)
    assert "left-in-router" not in codes(traded)
    assert (only(traded, EffectKind.NATIVE_OUT).amount, only(traded, EffectKind.TOKEN_IN).amount) == (9, 3)
    assert "left-in-router" in codes(universal((0x0B, wrap), value=9))
    assert "left-in-router" in codes(
        universal((0x0B, encode(["address", "uint256"], [ROUTER, 4])), (0x00, swap(ME, 4, 3, hops(WETH, TOKEN), False)),
                  value=9)
    )  # fmt: skip


def test_an_exact_output_paid_with_coins_may_leave_some() -> None:
    one = calldata(OUT_SINGLE, (WETH, TOKEN, 500, ME, 3, 9, 0))
    assert "left-in-router" in codes(call("multicall(bytes[])", [one], to=V3_02, value=9))
    refunded = call("multicall(bytes[])", [one, calldata("refundETH()")], to=V3_02, value=9)
    assert "left-in-router" not in codes(refunded)


def test_an_amount_of_zero_at_router_02_is_what_it_holds() -> None:
    first = calldata(SINGLE, (TOKEN, WETH, 500, ROUTER, 9, 0, 0))
    reading = call("multicall(bytes[])", [first, calldata(SINGLE, (WETH, OTHER, 500, ME, 0, 3, 0))], to=V3_02)
    assert [(e.asset, e.amount) for e in effects(reading, EffectKind.TOKEN_OUT)] == [(f"token:{TOKEN}", 9)]
    assert "left-in-router" not in codes(reading)


def test_commands_that_the_first_universal_router_numbers_differently_are_not_read_there() -> None:
    take = encode(["address", "address", "uint160"], [TOKEN, OTHER, 5])
    plan = (0x21, encode(["bytes", "bytes[]"], [b"\x02", [take]]))
    assert universal(plan).complete
    assert_not_believed(universal(plan, to=FIRST_UNIVERSAL))
    assert universal((0x02, take), to=FIRST_UNIVERSAL).complete


def test_calls_left_to_a_contract_that_is_not_listed_are_high() -> None:
    inner = calldata("transfer(address,uint256)", FRIEND, 5)
    for signature, values in (
        ("aggregate3((address,bool,bytes)[])", ([(TOKEN, False, inner)],)),
        ("execute(address,uint256,bytes)", (TOKEN, 0, inner)),
        ("execute(address,uint256,bytes,bytes32,bytes32)", (TOKEN, 0, inner, bytes(32), bytes(32))),
    ):
        reading = call(signature, *values, to=OTHER)
        assert "acts-through-unknown" in codes(reading)
        assert reading.danger >= 4


def test_packed_calls_are_the_safes_only_where_the_safe_runs_the_code() -> None:
    inner = calldata("transfer(address,uint256)", FRIEND, 5)
    one = b"\0" + bytes.fromhex(TOKEN[2:]) + bytes(32) + len(inner).to_bytes(32, "big") + inner
    tool = "0x40a2accbd92bca938b02010e17a5b8929b49130d"
    direct = call("multiSend(bytes)", one, to=tool)
    assert (only(direct, EffectKind.TOKEN_OUT).source, "acts-through" in codes(direct)) == (tool, True)
