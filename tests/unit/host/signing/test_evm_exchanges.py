"""Exchanges that find the way themselves, Uniswap V4, accounts by mode, and what tokens can beside the common."""

from typing import Any

import pytest
from eth_abi.abi import encode

from fluxdesk_host.keys.evm_fields import EvmTransaction
from fluxdesk_host.signing import EffectKind, Reading, read_evm_transaction
from requests_to_sign import (
    COW,
    FRIEND,
    MAX,
    ME,
    NATIVE,
    ONE_INCH,
    ONE_INCH_5,
    OTHER,
    ROUTER,
    SENDER,
    SOON,
    SPENDER,
    TOKEN,
    UNIVERSAL,
    WETH,
    ZERO,
    ZERO_EX,
    assert_not_believed,
    call,
    calldata,
    codes,
    effects,
    only,
    transaction,
)

HOLDER = "0x0000000000001ff3684f28c67538d4d072c22734"
DESCRIPTION = "(address,address,address,address,uint256,uint256,uint256)"
SWAP_6 = f"swap(address,{DESCRIPTION},bytes)"
SWAP_5 = f"swap(address,{DESCRIPTION},bytes,bytes)"


def described(
    pays: str = TOKEN, gets: str = OTHER, to: str = ME, amount: int = 10, least: int = 3, flags: int = 0
) -> Any:
    return (pays, gets, SPENDER, to, amount, least, flags)


def test_a_trade_at_1inch_is_bounded_on_both_sides() -> None:
    for to in (ME, ZERO):
        reading = call(SWAP_6, SPENDER, described(to=to), b"way", to=ONE_INCH)
        out, back = only(reading, EffectKind.TOKEN_OUT), only(reading, EffectKind.TOKEN_IN)
        assert (out.asset, out.amount, out.source) == (f"token:{TOKEN}", 10, ME)
        assert (back.asset, back.amount, back.bound, back.to) == (f"token:{OTHER}", 3, "least", ME)
        assert (reading.danger, reading.complete) == (2, True)
    coins = call(SWAP_6, SPENDER, described(pays=NATIVE), b"way", to=ONE_INCH, value=10)
    assert effects(coins, EffectKind.TOKEN_OUT) == []
    assert (only(coins, EffectKind.NATIVE_OUT).amount, "left-in-router" in codes(coins)) == (10, False)


def test_tricks_with_a_trade_at_1inch_are_said() -> None:
    assert "result-to-other" in codes(call(SWAP_6, SPENDER, described(to=FRIEND), b"", to=ONE_INCH))
    assert "no-minimum" in codes(call(SWAP_6, SPENDER, described(least=0), b"", to=ONE_INCH))
    assert "may-fail" in codes(call(SWAP_6, SPENDER, described(flags=1), b"", to=ONE_INCH))
    assert call(SWAP_5, SPENDER, described(), b"", b"way", to=ONE_INCH_5).complete
    assert_unfinished(call(SWAP_5, SPENDER, described(), b"permit", b"way", to=ONE_INCH_5))
    for elsewhere in (OTHER, ONE_INCH_5, ZERO_EX):
        assert_not_believed(call(SWAP_6, SPENDER, described(), b"way", to=elsewhere))


def assert_unfinished(reading: Reading) -> None:
    assert (reading.complete, reading.danger >= 4, bool(reading.unknown)) == (False, True, True)


def test_trades_at_0x_are_read_in_every_form() -> None:
    path = bytes.fromhex(TOKEN[2:]) + b"\0\1\2" + bytes.fromhex(OTHER[2:])
    for signature, values in (
        ("transformERC20(address,address,uint256,uint256,(uint32,bytes)[])", (TOKEN, OTHER, 10, 3, [(1, b"x")])),
        ("sellToUniswap(address[],uint256,uint256,bool)", ([TOKEN, WETH, OTHER], 10, 3, False)),
        ("sellTokenForTokenToUniswapV3(bytes,uint256,uint256,address)", (path, 10, 3, ZERO)),
    ):
        reading = call(signature, *values, to=ZERO_EX)
        assert (only(reading, EffectKind.TOKEN_OUT).amount, only(reading, EffectKind.TOKEN_IN).amount) == (10, 3)
        assert (reading.danger, reading.complete) == (2, True)
        assert_not_believed(call(signature, *values, to=OTHER))
    coins = call("sellEthForTokenToUniswapV3(bytes,uint256,address)", path, 3, ZERO, to=ZERO_EX, value=10)
    assert (only(coins, EffectKind.NATIVE_OUT).amount, effects(coins, EffectKind.TOKEN_OUT)) == (10, [])
    back = call("sellTokenForEthToUniswapV3(bytes,uint256,uint256,address)", path, 10, 3, ZERO, to=ZERO_EX)
    assert only(back, EffectKind.NATIVE_IN).amount == 3
    for bad in (path[:-1], b""):
        assert_not_believed(
            call("sellTokenForEthToUniswapV3(bytes,uint256,uint256,address)", bad, 10, 3, ZERO, to=ZERO_EX)
        )


def test_all_of_a_token_is_no_amount() -> None:
    reading = call(
        "transformERC20(address,address,uint256,uint256,(uint32,bytes)[])", TOKEN, OTHER, MAX, 3, [], to=ZERO_EX
    )
    assert only(reading, EffectKind.TOKEN_OUT).amount is None
    held = call("exec(address,address,uint256,address,bytes)", SPENDER, TOKEN, MAX, SPENDER, b"", to=HOLDER)
    assert only(held, EffectKind.TOKEN_OUT).amount is None


def test_an_allowance_for_one_call_is_what_leaves_at_most_and_the_steps_are_said_to_be_unread() -> None:
    settle = calldata("execute((address,address,uint256),bytes[],bytes32)", (ME, OTHER, 3), [b"step"], bytes(32))
    reading = call("exec(address,address,uint256,address,bytes)", SPENDER, TOKEN, 10, SPENDER, settle, to=HOLDER)
    out = only(reading, EffectKind.TOKEN_OUT)
    assert (out.amount, out.bound, out.to) == (10, "most", SPENDER)
    assert only(reading, EffectKind.TOKEN_IN).amount == 3
    assert_unfinished(reading)
    assert_not_believed(
        call("exec(address,address,uint256,address,bytes)", SPENDER, TOKEN, 10, SPENDER, settle, to=OTHER)
    )


KEY = "(address,address,uint24,int24,address)"
HOP = "(address,uint24,int24,address,bytes)"


def v4(
    *steps: tuple[int, bytes], value: int = 0, before: tuple[tuple[int, bytes], ...] = (), to: str = UNIVERSAL
) -> Reading:
    swap = encode(["bytes", "bytes[]"], [bytes(a for a, _ in steps), [given for _, given in steps]])
    plan = (*before, (0x10, swap))
    return call("execute(bytes,bytes[],uint256)", bytes(c for c, _ in plan), [given for _, given in plan], SOON, to=to,
                value=value)  # fmt: skip


def single(most: int, least: int, pays: str = TOKEN, gets: str = OTHER) -> bytes:
    low, high = sorted((pays, gets))
    return encode(
        [f"({KEY},bool,uint128,uint128,bytes)"], [((low, high, 500, 10, ZERO), pays == low, most, least, b"")]
    )


def test_a_trade_at_v4_is_bounded_by_what_settles_it() -> None:
    pay, take = encode(["address", "uint256"], [TOKEN, 10]), encode(["address", "uint256"], [OTHER, 3])
    reading = v4((0x06, single(10, 3)), (0x0C, pay), (0x0F, take))
    out, back = only(reading, EffectKind.TOKEN_OUT), only(reading, EffectKind.TOKEN_IN)
    assert (out.asset, out.amount, out.bound, out.source) == (f"token:{TOKEN}", 10, "most", ME)
    assert (back.asset, back.amount, back.to) == (f"token:{OTHER}", 3, ME)
    assert (reading.danger, reading.complete) == (2, True)


def test_an_open_debt_at_v4_is_what_its_trades_may_take_and_unbounded_without_one() -> None:
    settle = encode(["address", "uint256", "bool"], [TOKEN, 0, True])
    take = encode(["address", "address", "uint256"], [OTHER, SENDER, 0])
    reading = v4((0x06, single(10, 3)), (0x06, single(7, 3)), (0x0B, settle), (0x0E, take))
    assert only(reading, EffectKind.TOKEN_OUT).amount == 17
    assert (only(reading, EffectKind.TOKEN_IN).amount, only(reading, EffectKind.TOKEN_IN).to) == (6, ME)
    assert only(v4((0x0B, settle)), EffectKind.TOKEN_OUT).amount is None
    whole = encode(["address", "uint256", "bool"], [TOKEN, 1 << 255, True])
    assert only(v4((0x0B, whole)), EffectKind.TOKEN_OUT).amount is None


def test_paths_at_v4_name_their_ends() -> None:
    hops = [(WETH, 500, 10, ZERO, b""), (OTHER, 500, 10, ZERO, b"")]
    there = encode([f"(address,{HOP}[],uint128,uint128)"], [(TOKEN, hops, 10, 3)])
    settle, take = encode(["address", "uint256", "bool"], [TOKEN, 0, True]), encode(["address", "uint256"], [OTHER, 3])
    assert only(v4((0x07, there), (0x0B, settle), (0x0F, take)), EffectKind.TOKEN_OUT).amount == 10
    back = encode([f"(address,{HOP}[],uint128,uint128)"], [(OTHER, [(TOKEN, 500, 10, ZERO, b"")], 3, 10)])
    exact_out = v4((0x09, back), (0x0B, settle), (0x0F, take))
    assert only(exact_out, EffectKind.TOKEN_OUT).amount == 10
    assert_not_believed(v4((0x07, encode([f"(address,{HOP}[],uint128,uint128)"], [(TOKEN, [], 10, 3)]))))


def test_tricks_at_v4_are_said() -> None:
    pay = encode(["address", "uint256"], [TOKEN, 10])
    stranger = encode(["address", "address", "uint256"], [OTHER, FRIEND, 0])
    assert "result-to-other" in codes(v4((0x06, single(10, 3)), (0x0C, pay), (0x0E, stranger)))
    kept = encode(["address", "address", "uint256"], [OTHER, ROUTER, 0])
    assert "left-in-router" in codes(v4((0x06, single(10, 3)), (0x0C, pay), (0x0E, kept)))
    nothing = encode(["address", "uint256"], [OTHER, 0])
    assert "no-minimum" in codes(v4((0x06, single(10, 0)), (0x0C, pay), (0x0F, nothing)))
    for unknown in ((0x02, b""), (0x12, pay), (0x06, single(10, 3) + bytes(32)), (0x0C, pay[:-1]), (0xFF, b"")):
        assert_not_believed(v4(unknown))
    short = encode(["bytes", "bytes[]"], [b"\x06", []])
    assert_not_believed(call("execute(bytes,bytes[],uint256)", b"\x10", [short], SOON, to=UNIVERSAL))


def test_coins_at_v4_are_paid_once() -> None:
    trade = single(10, 3, ZERO, TOKEN)
    pay, take = encode(["address", "uint256"], [ZERO, 10]), encode(["address", "uint256"], [TOKEN, 3])
    sweep = (0x04, encode(["address", "address", "uint256"], [ZERO, SENDER, 0]))
    reading = v4((0x06, trade), (0x0C, pay), (0x0F, take), value=10)
    assert (only(reading, EffectKind.NATIVE_OUT).amount, effects(reading, EffectKind.TOKEN_OUT)) == (10, [])
    assert "left-in-router" in codes(v4((0x0F, take), value=10))
    assert "left-in-router" not in codes(v4((0x0F, take), value=10, before=(sweep,)))


INNER = calldata("transfer(address,uint256)", FRIEND, 5)
BATCH, SINGLE, TRY = b"\1".ljust(32, b"\0"), bytes(32), b"\1\1".ljust(32, b"\0")
WITH_MORE = (b"\1" + bytes(5) + bytes.fromhex("78210001")).ljust(32, b"\0")
CALLS = encode(["(address,uint256,bytes)[]"], [[(TOKEN, 0, INNER), (FRIEND, 7, b"")]])
EXECUTE = "execute(bytes32,bytes)"


def test_calls_of_an_account_by_mode_are_read() -> None:
    for mode, data in ((BATCH, CALLS), (WITH_MORE, CALLS), (TRY, CALLS)):
        reading = call(EXECUTE, mode, data, to=ME)
        assert (only(reading, EffectKind.TOKEN_OUT).amount, only(reading, EffectKind.NATIVE_OUT).amount) == (5, 7)
        assert (reading.complete, "may-fail" in codes(reading)) == (True, mode == TRY)
    packed = bytes.fromhex(TOKEN[2:]) + bytes(32) + INNER
    assert only(call(EXECUTE, SINGLE, packed, to=ME), EffectKind.TOKEN_OUT).source == ME
    own = encode(["(address,uint256,bytes)[]"], [[(ZERO, 0, calldata("transferOwnership(address)", OTHER))]])
    assert only(call(EXECUTE, BATCH, own, to=ME), EffectKind.OWNERSHIP).asset == f"contract:{ME}"


@pytest.mark.parametrize(
    ("mode", "data"),
    [
        (b"\xff".ljust(32, b"\0"), bytes.fromhex(TOKEN[2:]) + INNER),
        (b"\2".ljust(32, b"\0"), CALLS),
        (b"\1\2".ljust(32, b"\0"), CALLS),
        (b"\1\0\1".ljust(32, b"\0"), CALLS),
        (BATCH[:-1] + b"\1", CALLS),
        (BATCH, CALLS + bytes(32)),
        (BATCH, CALLS[:-1]),
        (SINGLE, b"\1" * 51),
        (WITH_MORE, encode(["(address,uint256,bytes)[]", "bytes"], [[(TOKEN, 0, INNER)], b"more"])),
    ],
)
def test_modes_and_data_that_are_not_known_exactly_are_not_believed(mode: bytes, data: bytes) -> None:
    reading = call(EXECUTE, mode, data, to=ME)
    assert_not_believed(reading)
    assert effects(reading, EffectKind.TOKEN_OUT, EffectKind.NATIVE_OUT) == []
    assert (reading.danger == 5) == (mode[0] == 0xFF)


def test_an_operation_that_runs_foreign_code_is_never_read_as_a_call() -> None:
    signature = "execTransactionFromModule(address,uint256,bytes,uint8)"
    assert only(call(signature, TOKEN, 0, INNER, 0, to=OTHER), EffectKind.TOKEN_OUT).by == OTHER
    foreign = call(signature, TOKEN, 0, INNER, 1, to=OTHER)
    assert_not_believed(foreign)
    assert (foreign.danger, effects(foreign, EffectKind.TOKEN_OUT)) == (5, [])


VRS = (27, b"\1" * 32, b"\2" * 32)
EXTRAS: list[tuple[str, tuple[Any, ...], str, EffectKind, int]] = [
    ("burn(uint256)", (5,), "token-burn", EffectKind.BURN, 3),
    ("burnFrom(address,uint256)", (OTHER, 5), "transfer-of-others", EffectKind.BURN, 3),
    ("transferAndCall(address,uint256)", (FRIEND, 5), "token-transfer", EffectKind.TOKEN_OUT, 1),
    ("transferAndCall(address,uint256,bytes)", (FRIEND, 5, b"x"), "token-transfer", EffectKind.TOKEN_OUT, 1),
    ("send(address,uint256,bytes)", (FRIEND, 5, b""), "token-transfer", EffectKind.TOKEN_OUT, 1),
    ("authorizeOperator(address)", (SPENDER,), "approval-unlimited", EffectKind.APPROVAL, 4),
    ("revokeOperator(address)", (SPENDER,), "revoke", EffectKind.REVOKE, 0),
    ("setOperator(address,bool)", (SPENDER, True), "approval-unlimited", EffectKind.APPROVAL, 4),
    ("setOperator(address,bool)", (SPENDER, False), "revoke", EffectKind.REVOKE, 0),
    ("approve(address,uint256,uint256)", (SPENDER, 7, 5), "approval", EffectKind.APPROVAL, 2),
    ("transfer(address,uint256,uint256)", (FRIEND, 7, 5), "token-transfer", EffectKind.TOKEN_OUT, 1),
    ("transferFrom(address,address,uint256,uint256)", (OTHER, FRIEND, 7, 5), "transfer-of-others",
     EffectKind.TOKEN_OUT, 3),
    ("delegate(address)", (FRIEND,), "votes", EffectKind.PERMIT, 2),
    ("delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)", (FRIEND, 0, SOON, *VRS), "votes",
     EffectKind.PERMIT, 2),
    ("approveDelegation(address,uint256)", (SPENDER, 5), "credit", EffectKind.APPROVAL, 4),
    ("approveDelegation(address,uint256)", (SPENDER, MAX), "credit-unlimited", EffectKind.APPROVAL, 5),
    ("approveDelegation(address,uint256)", (SPENDER, 0), "revoke", EffectKind.REVOKE, 0),
    ("transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
     (OTHER, FRIEND, 5, 0, SOON, bytes(32), *VRS), "transfer-of-others", EffectKind.TOKEN_OUT, 3),
    ("cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)", (ME, bytes(32), *VRS), "revoke",
     EffectKind.REVOKE, 0),
    ("selfPermit(address,uint256,uint256,uint8,bytes32,bytes32)", (OTHER, 5, SOON, *VRS), "permit-submitted",
     EffectKind.APPROVAL, 2),
    ("selfPermitAllowed(address,uint256,uint256,uint8,bytes32,bytes32)", (OTHER, 0, SOON, *VRS),
     "approval-unlimited", EffectKind.APPROVAL, 4),
    ("permit(address,uint256,uint256,uint8,bytes32,bytes32)", (SPENDER, 7, SOON, *VRS), "approval",
     EffectKind.NFT_APPROVAL, 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("signature", "values", "code", "kind", "danger"), EXTRAS, ids=[f"{e[0][:30]} {e[4]}" for e in EXTRAS]
)
def test_what_tokens_can_beside_the_common_is_read(
    signature: str, values: tuple[Any, ...], code: str, kind: EffectKind, danger: int
) -> None:
    reading = call(signature, *values)
    assert code in codes(reading)
    assert only(reading, kind)
    assert (reading.danger, reading.complete) == (danger, True)


def test_an_approval_that_calls_the_spender_at_once_is_not_complete() -> None:
    for signature, values in (
        ("approveAndCall(address,uint256)", (SPENDER, 5)),
        ("approveAndCall(address,uint256,bytes)", (SPENDER, 5, b"do")),
    ):
        reading = call(signature, *values)
        assert_not_believed(reading)
        assert (only(reading, EffectKind.APPROVAL).amount, "calls-spender" in codes(reading)) == (5, True)


def test_an_order_signed_by_a_call_is_hidden_behind_its_hash() -> None:
    reading = call("setPreSignature(bytes,bool)", b"\1" * 56, True, to=COW)
    assert (reading.danger, reading.complete, only(reading, EffectKind.ORDER).amount) == (5, False, None)
    assert call("setPreSignature(bytes,bool)", b"\1" * 56, False, to=COW).danger == 0


def test_who_may_take_something_and_is_not_listed_is_said() -> None:
    approve = "approve(address,uint256)"
    assert "spender-unlisted" in codes(call(approve, SPENDER, 5))
    assert "spender-unlisted" not in codes(call(approve, UNIVERSAL, 5))
    assert "spender-unlisted" not in codes(call(approve, SPENDER, 0))


def test_a_fee_that_no_field_bounds_is_said_where_the_network_takes_one() -> None:
    for chain, taken in ((1, False), (10, True), (8453, True)):
        reading = read_evm_transaction(transaction(chainId=hex(chain)), account=ME, chain=chain)
        assert ("data-fee" in codes(reading)) == taken


def test_the_signers_own_transaction_without_a_chain_holds_on_every_chain() -> None:
    old = EvmTransaction(type=0, chain_id=None, nonce=0, gas=21000, to=bytes.fromhex(FRIEND[2:]), value=5, gas_price=1)
    assert "chain-missing" in codes(read_evm_transaction(old, account=ME, chain=1))
    unfilled = {k: v for k, v in transaction().items() if k != "chainId"}
    assert "chain-missing" not in codes(read_evm_transaction(unfilled, account=ME, chain=1))


def test_a_fee_that_is_the_point_of_a_transaction_is_said() -> None:
    dear = {"gas": hex(21_000), "maxFeePerGas": hex(10**14), "maxPriorityFeePerGas": hex(10**14)}
    reading = read_evm_transaction(transaction(**dear), account=ME, chain=1)
    assert (reading.danger, "high-fee" in codes(reading)) == (4, True)
    usual = {**dear, "maxFeePerGas": hex(5 * 10**10), "maxPriorityFeePerGas": hex(10**9)}
    assert "high-fee" not in codes(read_evm_transaction(transaction(**usual), account=ME, chain=1))
