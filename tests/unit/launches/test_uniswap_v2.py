"""Uniswap V2 logs: pairs, liquidity and swaps, with the tokens proven or the row unknown."""

from typing import Any

import pytest

from fluxdesk.core.events import Kind, Side
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import DecodeContext, PoolInfo, Pools
from fluxdesk.launches.venues.uniswap_v2 import MINT, PAIR_CREATED, SWAP, TRANSFER, pair_address
from ledger import rows

FACTORY = "0x5c69bee701ef814a2b6a3edd4b1652cb9cc5aa6f"
WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"
USDC = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"
USDC_WETH = "0xb4e16d0168e52d35cacd2c6185b44281ec28c9dc"
"""The real pair of the two, which its CREATE2 address must give."""
COIN = "0x" + "11" * 20
TX = "0x" + "ab" * 32


def topic(address: str) -> str:
    return "0x" + "0" * 24 + address[2:]


def words(*values: int) -> str:
    return "0x" + "".join(f"{v:064x}" for v in values)


def log(address: str, topics: list[str], data: str, index: int = 0, **extra: Any) -> dict[str, Any]:
    return {
        "address": address,
        "topics": topics,
        "data": data,
        "transactionHash": TX,
        "blockNumber": "0x10",
        "logIndex": hex(index),
        **extra,
    }


def swap_log(pair: str, *amounts: int, index: int = 2) -> dict[str, Any]:
    return log(pair, [SWAP, topic(COIN), topic("0x" + "22" * 20)], words(*amounts), index)


def receipt(logs: list[dict[str, Any]], status: object = "0x1") -> dict[str, Any]:
    return {"transactionHash": TX, "blockNumber": "0x10", "from": "0x" + "99" * 20, "status": status, "logs": logs}


def transfers(pair: str, token_in: str, token_out: str) -> list[dict[str, Any]]:
    other = "0x" + "33" * 20
    return [
        log(token_in, [TRANSFER, topic(other), topic(pair)], words(5), 0),
        log(token_out, [TRANSFER, topic(pair), topic(other)], words(6), 1),
    ]


def test_the_pair_address_is_the_one_on_mainnet() -> None:
    assert pair_address(FACTORY, USDC, WETH) == USDC_WETH


def test_a_new_pair_of_a_listed_factory_is_a_pool_and_of_another_one_unknown() -> None:
    created = [PAIR_CREATED, topic(COIN), topic(WETH)]
    data = words(int("44" * 20, 16), 1)
    (pool,) = rows([log(FACTORY, created, data)])
    assert (pool.kind, pool.token_mint, pool.quote_mint, pool.pool) == (Kind.POOL, COIN, WETH, "0x" + "44" * 20)
    (other,) = rows([log(COIN, created, data)])
    assert (other.kind, other.reason) == (Kind.UNKNOWN, Reason.UNKNOWN_FACTORY)


@pytest.mark.parametrize(
    ("amounts", "side", "legs"),
    [((1000, 0, 0, 7), Side.SELL, (7, 1000)), ((0, 7, 1000, 0), Side.BUY, (7, 1000))],
)
def test_a_swap_in_a_receipt_takes_its_tokens_from_the_transfers(
    amounts: tuple[int, ...], side: Side, legs: tuple[int, int]
) -> None:
    # token0 = USDC, token1 = WETH; WETH comes first in the quotes, so USDC is the token
    (row,) = rows(receipt([*transfers(USDC_WETH, USDC, WETH), swap_log(USDC_WETH, *amounts)]))
    assert (row.kind, row.token_mint, row.quote_mint) == (Kind.TRADE, USDC, WETH)
    assert (row.side, row.quote_amount, row.token_amount) == (side, *legs)
    assert (row.trader, row.index, row.slot) == ("0x" + "99" * 20, "2", 16)


def test_a_swap_of_a_contract_that_is_no_pair_of_a_listed_factory_is_unknown() -> None:
    fake = "0x" + "55" * 20
    (row,) = rows(receipt([*transfers(fake, USDC, WETH), swap_log(fake, 1, 0, 0, 1)]))
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.UNKNOWN_FACTORY)


def test_a_swap_without_its_tokens_is_unknown_until_the_pair_was_seen() -> None:
    swap = [swap_log(USDC_WETH, 0, 7, 1000, 0)]
    (unseen,) = rows(swap)
    assert (unseen.kind, unseen.reason) == (Kind.UNKNOWN, Reason.POOL_MINTS_UNKNOWN)
    (seen,) = rows(swap, DecodeContext(pools=Pools({USDC_WETH: PoolInfo(USDC, WETH)})))
    assert seen.kind is Kind.TRADE


def test_dust_on_the_other_side_does_not_hide_the_legs_and_two_ways_are_ambiguous() -> None:
    ctx = DecodeContext(pools=Pools({USDC_WETH: PoolInfo(USDC, WETH)}))
    (dust,) = rows([swap_log(USDC_WETH, 3, 7, 1000, 0)], ctx)
    assert (dust.side, dust.token_amount, dust.quote_amount) == (Side.BUY, 1000, 7)
    (both,) = rows([swap_log(USDC_WETH, 9, 9, 1, 1)], ctx)
    assert (both.kind, both.reason) == (Kind.UNKNOWN, Reason.AMBIGUOUS_LEGS)


def test_minting_liquidity_names_both_legs() -> None:
    ctx = DecodeContext(pools=Pools({USDC_WETH: PoolInfo(USDC, WETH)}))
    (row,) = rows([log(USDC_WETH, [MINT, topic(COIN)], words(10, 20))], ctx)
    assert (row.kind, row.reason, row.token_amount, row.quote_amount) == (
        Kind.LIQUIDITY,
        Reason.LIQUIDITY_ADDED,
        10,
        20,
    )


def test_a_withdrawn_log_and_a_reverted_receipt_are_refused() -> None:
    (removed,) = rows([log(FACTORY, [PAIR_CREATED, topic(COIN), topic(WETH)], words(1, 1), removed=True)])
    assert (removed.kind, removed.reason) == (Kind.REFUSED, Reason.LOG_REMOVED)
    (reverted,) = rows(receipt([], status="0x0"))
    assert (reverted.kind, reverted.reason, reverted.signature) == (Kind.REFUSED, Reason.TRANSACTION_FAILED, TX)


def test_other_logs_are_one_unknown_row() -> None:
    (row,) = rows(receipt(transfers(USDC_WETH, USDC, WETH)))
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.NO_KNOWN_PROGRAM)


ROUTER = "0x" + "77" * 20
USER = "0x" + "99" * 20


def moved(token: str, source: str, target: str) -> dict[str, Any]:
    return log(token, [TRANSFER, topic(source), topic(target)], words(5))


def swapped(pair: str, to: str, *amounts: int) -> dict[str, Any]:
    return log(pair, [SWAP, topic(ROUTER), topic(to)], words(*amounts), 2)


def test_without_a_signer_the_last_pair_of_a_route_names_the_trader() -> None:
    second = pair_address(FACTORY, COIN, USDC)
    route = [
        moved(WETH, USER, USDC_WETH),
        moved(USDC, USDC_WETH, second),
        swapped(USDC_WETH, second, 0, 7, 1000, 0),
        moved(COIN, second, USER),
        swapped(second, USER, 0, 1000, 3, 0),
    ]
    assert [r.trader for r in rows(route)] == [USER, USER]


def test_without_a_signer_a_router_that_takes_the_ether_itself_is_not_the_trader() -> None:
    sale = [moved(USDC, USER, USDC_WETH), moved(WETH, USDC_WETH, ROUTER), swapped(USDC_WETH, ROUTER, 1000, 0, 0, 7)]
    assert [r.trader for r in rows(sale)] == [USER]
    ctx = DecodeContext(pools=Pools({USDC_WETH: PoolInfo(USDC, WETH)}))
    assert [r.trader for r in rows(sale[2:], ctx)] == [None]
    (signed,) = rows(receipt(sale))
    assert signed.trader == "0x" + "99" * 20


def test_a_contract_that_moves_a_crowd_of_tokens_is_no_pair_and_costs_no_time() -> None:
    fake = "0x" + "55" * 20
    crowd = [moved(f"0x{n:040x}", USER, fake) for n in range(1, 2_000)]
    (row,) = rows([*crowd, swapped(fake, USER, 1, 0, 0, 1)])
    assert (row.kind, row.reason) == (Kind.UNKNOWN, Reason.UNKNOWN_FACTORY)


@pytest.mark.parametrize(("stated", "index"), [("0x", "0"), ("0x0", "0"), (12, "12"), (None, None)])
def test_a_log_index_is_read_as_nodes_explorers_and_libraries_write_it(stated: object, index: str | None) -> None:
    (row,) = rows([{**log(FACTORY, [PAIR_CREATED, topic(COIN), topic(WETH)], words(1, 1)), "logIndex": stated}])
    assert row.index == index


@pytest.mark.parametrize("block", ["0x" + "f" * 17, "0x8000000000000000", "0x-1", -1, 1 << 63, "12", True])
def test_a_block_number_that_no_chain_reaches_is_malformed(block: object) -> None:
    (row,) = rows([{**log(FACTORY, [PAIR_CREATED, topic(COIN), topic(WETH)], words(1, 1)), "blockNumber": block}])
    assert (row.kind, row.reason) == (Kind.REFUSED, Reason.MALFORMED_TRANSACTION)


@pytest.mark.parametrize(
    ("status", "failed"),
    [
        *[("success", False), ("failure", True), ("reverted", True), ("SUCCESS", False), (1, False), (0, True)],
        *[("1", False), ("0", True), (True, False), (False, True), ("0x1", False), ("0x0", True), (None, False)],
    ],
)
def test_a_receipts_status_is_read_as_any_tool_writes_it(status: object, failed: bool) -> None:
    found = rows(receipt([], status=status))
    assert [row.reason for row in found] == [Reason.TRANSACTION_FAILED if failed else Reason.NO_KNOWN_PROGRAM]


def test_a_status_that_is_neither_is_malformed() -> None:
    for status in ("maybe", -1, 1.0, []):
        (row,) = rows(receipt([], status=status))
        assert row.reason is Reason.MALFORMED_TRANSACTION


def test_a_receipt_from_before_statuses_and_one_of_a_whole_block_are_read() -> None:
    one = receipt([*transfers(USDC_WETH, USDC, WETH), swap_log(USDC_WETH, 1000, 0, 0, 7)])
    old = {k: v for k, v in one.items() if k != "status"} | {"root": "0x" + "0" * 64}
    assert [r.kind for r in rows({"jsonrpc": "2.0", "id": 1, "result": [old, one, receipt([], "0x0")]})] == [
        Kind.TRADE,
        Kind.TRADE,
        Kind.REFUSED,
    ]


def test_an_anonymous_log_is_passed_over() -> None:
    (row,) = rows([log(USDC_WETH, [], words(1)), log(FACTORY, [PAIR_CREATED, topic(COIN), topic(WETH)], words(1, 1))])
    assert row.kind is Kind.POOL


def test_a_log_that_cannot_be_read_is_refused_by_itself() -> None:
    created = log(FACTORY, [PAIR_CREATED, topic(COIN), topic(WETH)], words(1, 1))
    good, bad = rows([{**created, "blockNumber": "soon"}, created])
    assert (good.kind, bad.kind, bad.reason) == (Kind.POOL, Kind.REFUSED, Reason.MALFORMED_TRANSACTION)
    assert bad.signature == TX
    (whole,) = rows(receipt([{**created, "data": "0xzz"}]))
    assert (whole.kind, whole.signature) == (Kind.REFUSED, TX)
