"""Calls inside calls, trades, and changes of control."""

from typing import Any

import pytest
from eth_abi.abi import encode

from fluxdesk_host.signing import EffectKind
from fluxdesk_host.signing.draft import MOST_PARTS
from requests_to_sign import (
    FRIEND,
    MAX,
    ME,
    OTHER,
    ROUTER,
    SENDER,
    SOON,
    SPENDER,
    TOKEN,
    UNIVERSAL,
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
    read,
    universal,
)

TRANSFER = calldata("transfer(address,uint256)", FRIEND, 5)
APPROVE_ALL = calldata("approve(address,uint256)", SPENDER, MAX)
MULTICALL3 = "0xca11bde05977b3631167028862be2a173976ca11"


@pytest.mark.parametrize(
    ("signature", "values"),
    [
        ("multicall(bytes[])", ([TRANSFER, APPROVE_ALL],)),
        ("multicall(uint256,bytes[])", (SOON, [TRANSFER, APPROVE_ALL])),
        ("multicall(bytes32,bytes[])", (b"\1" * 32, [TRANSFER, APPROVE_ALL])),
    ],
)
def test_a_multicall_hides_nothing(signature: str, values: tuple[Any, ...]) -> None:
    reading = call(signature, *values)
    assert [c.place for c in reading.calls] == ["0", "0.0", "0.1"]
    assert only(reading, EffectKind.TOKEN_OUT).by is None
    assert only(reading, EffectKind.APPROVAL).unlimited
    assert (reading.danger, reading.complete) == (4, True)


@pytest.mark.parametrize(
    ("signature", "values"),
    [
        ("aggregate((address,bytes)[])", ([(TOKEN, TRANSFER)],)),
        ("tryAggregate(bool,(address,bytes)[])", (False, [(TOKEN, TRANSFER)])),
        ("blockAndAggregate((address,bytes)[])", ([(TOKEN, TRANSFER)],)),
        ("tryBlockAndAggregate(bool,(address,bytes)[])", (True, [(TOKEN, TRANSFER)])),
        ("aggregate3((address,bool,bytes)[])", ([(TOKEN, True, TRANSFER)],)),
        ("aggregate3Value((address,bool,uint256,bytes)[])", ([(TOKEN, False, 0, TRANSFER)],)),
    ],
)
def test_calls_of_multicall3_are_its_own_and_not_ours(signature: str, values: tuple[Any, ...]) -> None:
    reading = call(signature, *values, to=MULTICALL3)
    sent = only(reading, EffectKind.TOKEN_OUT)
    assert (sent.source, sent.by, sent.amount) == (MULTICALL3, MULTICALL3, 5)
    assert "acts-through" in codes(reading)


def test_an_amount_that_is_passed_on_is_not_counted_twice() -> None:
    reading = call("aggregate3Value((address,bool,uint256,bytes)[])", [(FRIEND, False, 9, b"")], to=MULTICALL3, value=9)
    assert [(e.amount, e.through) for e in effects(reading, EffectKind.NATIVE_OUT)] == [(9, False)]


def test_a_multicall_that_may_fail_in_part_says_so() -> None:
    assert "may-fail" in codes(call("aggregate3((address,bool,bytes)[])", [(TOKEN, True, TRANSFER)], to=MULTICALL3))
    assert "may-fail" not in codes(
        call("aggregate3((address,bool,bytes)[])", [(TOKEN, False, TRANSFER)], to=MULTICALL3)
    )


def test_the_accounts_own_execute_spends_the_accounts_own() -> None:
    reading = call("execute(address,uint256,bytes)", FRIEND, 12, b"", to=ME)
    sent = only(reading, EffectKind.NATIVE_OUT)
    assert (sent.amount, sent.source, sent.to, sent.through) == (12, ME, FRIEND, False)
    assert "acts-as-account" in codes(reading)
    other = call("execute(address,uint256,bytes)", FRIEND, 12, b"", to=OTHER)
    assert only(other, EffectKind.NATIVE_OUT).source == OTHER


@pytest.mark.parametrize(
    ("signature", "values"),
    [
        ("executeBatch(address[],uint256[],bytes[])", ([TOKEN], [0], [TRANSFER])),
        ("executeBatch(address[],bytes[])", ([TOKEN], [TRANSFER])),
        ("executeBatch((address,uint256,bytes)[])", ([(TOKEN, 0, TRANSFER)],)),
    ],
)
def test_batches_of_an_account_are_read(signature: str, values: tuple[Any, ...]) -> None:
    assert only(call(signature, *values, to=ME), EffectKind.TOKEN_OUT).amount == 5


def test_lists_of_a_batch_that_do_not_match_are_malformed() -> None:
    assert call("executeBatch(address[],uint256[],bytes[])", [TOKEN], [], [TRANSFER], to=ME).danger == 5


def safe(operation: int, to: str = TOKEN, data: bytes = TRANSFER, gas_price: int = 0) -> tuple[Any, ...]:
    nobody = "0x" + "00" * 20
    return (to, 0, data, operation, 0, 0, gas_price, nobody, nobody, b"sig")


SAFE_CALL = "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)"


def test_a_safes_transaction_is_read_inside() -> None:
    reading = call(SAFE_CALL, *safe(0), to=OTHER)
    assert only(reading, EffectKind.TOKEN_OUT).by == OTHER
    assert reading.complete


def test_a_safes_delegatecall_is_never_read_as_a_call() -> None:
    reading = call(SAFE_CALL, *safe(1), to=OTHER)
    assert_not_believed(reading)
    assert (reading.danger, effects(reading, EffectKind.TOKEN_OUT)) == (5, [])


def test_a_safe_that_sends_many_calls_through_its_own_tool_is_read() -> None:
    data = calldata("multiSend(bytes)", packed() + packed(data=APPROVE_ALL))
    reading = call(SAFE_CALL, *safe(1, "0x40a2accbd92bca938b02010e17a5b8929b49130d", data), to=OTHER)
    assert only(reading, EffectKind.TOKEN_OUT).source == OTHER
    assert only(reading, EffectKind.APPROVAL).by == OTHER
    assert_not_believed(call(SAFE_CALL, *safe(1, FRIEND, data), to=OTHER))


def packed(operation: int = 0, data: bytes = TRANSFER, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return bytes([operation]) + bytes.fromhex(TOKEN[2:]) + bytes(32) + size.to_bytes(32, "big") + data


def test_packed_calls_are_read_one_by_one() -> None:
    reading = call("multiSend(bytes)", packed() + packed(data=APPROVE_ALL))
    assert only(reading, EffectKind.TOKEN_OUT).amount == 5
    assert only(reading, EffectKind.APPROVAL).unlimited


@pytest.mark.parametrize(
    "given", [packed(operation=1), packed(length=10_000), packed()[:-1], b"\0", packed(length=2**255)]
)
def test_packed_calls_that_are_not_exact_are_not_believed(given: bytes) -> None:
    assert_not_believed(call("multiSend(bytes)", given))


def test_a_bundle_of_more_calls_than_are_listed_is_not_complete() -> None:
    reading = call("multicall(bytes[])", [TRANSFER] * (MOST_PARTS + 50))
    assert not reading.complete
    assert "too-many" in codes(reading)
    assert reading.danger >= 4
    assert len(reading.calls) == MOST_PARTS


def test_calls_nested_without_end_are_not_read() -> None:
    data = TRANSFER
    for _ in range(12):
        data = calldata("multicall(bytes[])", [data])
    reading = read(data)
    assert_not_believed(reading)
    assert "nested-deep" in codes(reading)


PATH = [TOKEN, WETH]
_TIMED = "address[],address,uint256"
TRADES: list[tuple[str, tuple[Any, ...], int, str, EffectKind, int]] = [
    (
        f"swapExactTokensForTokens(uint256,uint256,{_TIMED})",
        (10, 3, PATH, ME, SOON),
        10,
        "exact",
        EffectKind.TOKEN_IN,
        3,
    ),
    (
        f"swapTokensForExactTokens(uint256,uint256,{_TIMED})",
        (3, 10, PATH, ME, SOON),
        10,
        "most",
        EffectKind.TOKEN_IN,
        3,
    ),
    (f"swapExactTokensForETH(uint256,uint256,{_TIMED})", (10, 3, PATH, ME, SOON), 10, "exact", EffectKind.NATIVE_IN, 3),
    (f"swapTokensForExactETH(uint256,uint256,{_TIMED})", (3, 10, PATH, ME, SOON), 10, "most", EffectKind.NATIVE_IN, 3),
]


@pytest.mark.parametrize(
    ("signature", "values", "paid", "bound", "kind", "least"), TRADES, ids=[t[0][:25] for t in TRADES]
)
def test_a_v2_trade_is_bounded_on_both_sides(
    signature: str, values: tuple[Any, ...], paid: int, bound: str, kind: EffectKind, least: int
) -> None:
    reading = call(signature, *values, to=V2_ROUTER)
    out, back = only(reading, EffectKind.TOKEN_OUT), only(reading, kind)
    assert (out.asset, out.amount, out.bound) == (f"token:{TOKEN}", paid, bound)
    assert (back.amount, back.to) == (least, ME)
    assert (reading.danger, reading.complete) == (2, True)


def test_a_trade_for_the_native_coin_sent_along_takes_no_tokens() -> None:
    reading = call("swapExactETHForTokens(uint256,address[],address,uint256)", 3, [WETH, TOKEN], ME, SOON,
                   to=V2_ROUTER, value=10)  # fmt: skip
    assert effects(reading, EffectKind.TOKEN_OUT) == []
    assert only(reading, EffectKind.NATIVE_OUT).amount == 10


def test_who_gets_what_is_bought_and_how_little_it_may_be_is_judged() -> None:
    signature = f"swapExactTokensForTokens(uint256,uint256,{_TIMED})"
    assert "result-to-other" in codes(call(signature, 10, 3, PATH, OTHER, SOON, to=V2_ROUTER))
    assert "no-minimum" in codes(call(signature, 10, 0, PATH, ME, SOON, to=V2_ROUTER))
    assert "router-unknown" in codes(call(signature, 10, 3, PATH, ME, SOON, to=OTHER))
    assert call(signature, 10, 3, [TOKEN], ME, SOON, to=V2_ROUTER).danger == 5


def test_v3_trades_are_read_in_both_router_forms() -> None:
    old = call("exactInputSingle((address,address,uint24,address,uint256,uint256,uint256,uint160))",
               (TOKEN, WETH, 500, ME, SOON, 10, 3, 0), to="0xe592427a0aece92de3edee1f18e0157c05861564")  # fmt: skip
    new = call("exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))",
               (TOKEN, WETH, 500, SENDER, 10, 3, 0), to=V3_02)  # fmt: skip
    for reading in (old, new):
        assert only(reading, EffectKind.TOKEN_OUT).amount == 10
        assert (only(reading, EffectKind.TOKEN_IN).amount, only(reading, EffectKind.TOKEN_IN).to) == (3, ME)
        assert reading.danger == 2
    out = call("exactOutputSingle((address,address,uint24,address,uint256,uint256,uint160))",
               (TOKEN, WETH, 500, ME, 3, 10, 0), to=V3_02)  # fmt: skip
    assert (only(out, EffectKind.TOKEN_OUT).amount, only(out, EffectKind.TOKEN_OUT).bound) == (10, "most")


def test_a_v3_path_names_its_ends_and_an_exact_output_runs_backwards() -> None:
    there = call("exactInput((bytes,address,uint256,uint256))", (hops(TOKEN, OTHER, WETH), ME, 10, 3), to=V3_02)
    back = call("exactOutput((bytes,address,uint256,uint256))", (hops(WETH, OTHER, TOKEN), ME, 3, 10), to=V3_02)
    for reading in (there, back):
        assert only(reading, EffectKind.TOKEN_OUT).asset == f"token:{TOKEN}"
        assert only(reading, EffectKind.TOKEN_IN).asset == f"token:{WETH}"
    assert_not_believed(call("exactInput((bytes,address,uint256,uint256))", (b"\1" * 42, ME, 10, 3), to=V3_02))


DETAILS = "(address,uint160,uint48,uint48)"
SWAP = ["address", "uint256", "uint256", "bytes", "bool"]


def test_the_universal_routers_commands_are_read() -> None:
    permit = encode([f"({DETAILS},address,uint256)", "bytes"], [((TOKEN, 100, SOON, 0), UNIVERSAL, SOON), b"s"])
    swap = encode(SWAP, [ROUTER, 10, 0, hops(TOKEN, WETH), True])
    unwrap = encode(["address", "uint256"], [SENDER, 3])
    reading = universal((0x0A, permit), (0x00, swap), (0x0C, unwrap))
    assert [c.name for c in reading.calls[1:]] == ["PERMIT2_PERMIT", "V3_SWAP_EXACT_IN", "UNWRAP_WETH"]
    assert (only(reading, EffectKind.APPROVAL).spender, only(reading, EffectKind.APPROVAL).source) == (UNIVERSAL, ME)
    assert (only(reading, EffectKind.TOKEN_OUT).amount, only(reading, EffectKind.NATIVE_IN).amount) == (10, 3)
    assert (reading.danger, reading.complete) == (2, True)


def test_what_the_router_pays_to_others_is_said() -> None:
    sweep = encode(["address", "address", "uint256"], [TOKEN, OTHER, 5])
    reading = universal((0x04, sweep))
    assert "result-to-other" in codes(reading)
    assert only(reading, EffectKind.TOKEN_IN).to == OTHER
    assert "no-minimum" in codes(universal((0x0C, encode(["address", "uint256"], [SENDER, 0]))))


def test_a_plan_inside_a_plan_is_read() -> None:
    take = encode(["address", "address", "uint160"], [TOKEN, OTHER, 5])
    plan = encode(["bytes", "bytes[]"], [b"\x02", [take]])
    reading = universal((0x21, plan))
    taken = only(reading, EffectKind.TOKEN_OUT)
    assert (taken.source, taken.to, taken.amount) == (ME, OTHER, 5)


@pytest.mark.parametrize("command", [0x07, 0x10, 0x14, 0x22, 0x3F, 0x40, 0x7F])
def test_a_command_that_is_not_known_is_not_believed(command: int) -> None:
    assert_not_believed(universal((command, encode(SWAP, [ME, 10, 3, hops(TOKEN, WETH), True]))))


def test_inputs_that_are_not_exact_are_not_believed() -> None:
    good = encode(SWAP, [ME, 10, 3, hops(TOKEN, WETH), True])
    for bad in (good[:-1], good + bytes(32), b"", good[:64]):
        reading = universal((0x00, bad))
        assert_not_believed(reading)
        assert effects(reading, EffectKind.TOKEN_OUT) == []


def test_the_same_commands_elsewhere_mean_nothing() -> None:
    reading = universal((0x00, encode(SWAP, [ME, 10, 3, hops(TOKEN, WETH), True])), to=OTHER)
    assert_not_believed(reading)
    assert effects(reading, EffectKind.TOKEN_IN) == []


CONTROL: list[tuple[str, tuple[Any, ...]]] = [
    ("transferOwnership(address)", (OTHER,)),
    ("renounceOwnership()", ()),
    ("acceptOwnership()", ()),
    ("changeAdmin(address)", (OTHER,)),
    ("grantRole(bytes32,address)", (bytes(32), OTHER)),
    ("renounceRole(bytes32,address)", (bytes(32), OTHER)),
    ("upgradeTo(address)", (OTHER,)),
    ("upgradeToAndCall(address,bytes)", (OTHER, b"")),
    ("upgradeAndCall(address,address,bytes)", (TOKEN, OTHER, b"x")),
    ("diamondCut((address,uint8,bytes4[])[],address,bytes)", ([(OTHER, 0, [b"abcd"])], OTHER, b"x")),
    ("addOwnerWithThreshold(address,uint256)", (OTHER, 1)),
    ("removeOwner(address,address,uint256)", (FRIEND, OTHER, 1)),
    ("swapOwner(address,address,address)", (FRIEND, ME, OTHER)),
    ("changeThreshold(uint256)", (1,)),
    ("enableModule(address)", (OTHER,)),
    ("disableModule(address,address)", (FRIEND, OTHER)),
    ("setGuard(address)", (OTHER,)),
    ("setFallbackHandler(address)", (OTHER,)),
]


@pytest.mark.parametrize(("signature", "values"), CONTROL, ids=[c[0] for c in CONTROL])
def test_a_change_of_control_is_the_highest_danger(signature: str, values: tuple[Any, ...]) -> None:
    reading = call(signature, *values)
    assert reading.danger == 5
    changed = effects(reading, EffectKind.OWNERSHIP)
    assert changed
    if OTHER in values:
        assert changed[0].to == OTHER


def test_code_that_an_upgrade_runs_at_once_is_not_called_read() -> None:
    reading = call("upgradeToAndCall(address,bytes)", OTHER, b"x")
    assert not reading.complete
    assert "delegatecall" in codes(reading)


def test_a_timelock_is_read_inside() -> None:
    reading = call("execute(address,uint256,bytes,bytes32,bytes32)", TOKEN, 0, TRANSFER, bytes(32), bytes(32), to=OTHER)
    assert only(reading, EffectKind.TOKEN_OUT).by == OTHER
