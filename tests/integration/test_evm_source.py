"""The EVM source against a real node (anvil) with Uniswap V2 core as its authors published it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection

from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.events import Kind, Shape
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.sources.evm_logs import MINT, PAIR_CREATED, SWAP, LogRanges
from fluxdesk.launches.sources.evm_ws import EvmLogs
from fluxdesk.launches.sources.rpc import RpcHttp
from fluxdesk.launches.sources.socket_source import Line
from fluxdesk.launches.sources.wire import WireTiming
from integration.reading import Reader
from integration.servers import Anvil, Relay, UniswapV2
from integration.standins import HostileRpcStandin, answers, notification, silence
from waiting import eventually

QUICK = Line(WireTiming(look_every_s=0.1, idle_s=60), backoff_first_s=0.05, backoff_cap_s=0.2)


@pytest.fixture
async def http(anvil: Anvil) -> AsyncIterator[RpcHttp]:
    async with RpcHttp(Endpoint.parse(anvil.rpc_url, ("http",)), per_second=500) as client:
        yield client


def source_at(url: str, http: RpcHttp | None, uniswap: UniswapV2, start_blocks: int = 0) -> EvmLogs:
    return EvmLogs(
        "evm A", Endpoint.parse(url, ("ws",)), http, [uniswap.factory], start_blocks=start_blocks, line=QUICK,
        fill_every_s=0.05,
    )  # fmt: skip


def topics(reader: Reader) -> list[str]:
    return [json.loads(raw.payload)["topics"][0] for raw in reader.raws]


def launch(uniswap: UniswapV2) -> tuple[str, str, str]:
    """A pair of two new tokens with liquidity: (pair, token0, token1)."""
    token0, token1 = sorted([uniswap.token(), uniswap.token()], key=lambda t: int(t, 16))
    pair = uniswap.pair(token0, token1)
    uniswap.mint(pair, {token0: 10**20, token1: 10**18})
    return pair, token0, token1


async def test_a_new_pair_its_liquidity_and_a_swap_arrive_in_order_and_decode(
    anvil: Anvil, uniswap: UniswapV2, http: RpcHttp
) -> None:
    async with Reader(source_at(anvil.ws_url, http, uniswap)) as reader:
        await reader.up()
        pair, token0, _ = await asyncio.to_thread(launch, uniswap)
        swap = await asyncio.to_thread(uniswap.swap, pair, token0, 10**18, 0, 9 * 10**15)
        await reader.holding(swap["transactionHash"])
        health = reader.source.health()

    assert topics(reader) == [PAIR_CREATED, MINT, SWAP]
    assert {raw.network for raw in reader.raws} == {"evm:31337"} == {health.network}
    assert all(raw.shape is Shape.EVM_LOG for raw in reader.raws)
    assert [raw.slot for raw in reader.raws] == sorted(raw.slot for raw in reader.raws)
    context = DecodeContext(factories=(uniswap.factory,))
    kinds = [row.kind for raw in reader.raws for row in decode_raw(raw, context)]
    assert Kind.TRADE in kinds
    assert health.last_slot == int(swap["blockNumber"], 16)
    assert health.lag_ms is not None


async def test_logs_of_another_factory_and_of_unknown_pairs_are_left_out(
    anvil: Anvil, uniswap: UniswapV2, http: RpcHttp
) -> None:
    stranger = await asyncio.to_thread(UniswapV2, anvil)
    async with Reader(source_at(anvil.ws_url, http, uniswap)) as reader:
        await reader.up()
        foreign, _, _ = await asyncio.to_thread(launch, stranger)
        own, _, _ = await asyncio.to_thread(launch, uniswap)
        await reader.holding(own[2:])
    assert foreign[2:] not in reader.texts


async def test_what_happened_shortly_before_the_start_is_read(anvil: Anvil, uniswap: UniswapV2, http: RpcHttp) -> None:
    pair, _, _ = await asyncio.to_thread(launch, uniswap)
    async with Reader(source_at(anvil.ws_url, http, uniswap, start_blocks=50)) as reader:
        await reader.up()
        await asyncio.to_thread(anvil.rpc, "evm_mine")
        await eventually(lambda: MINT in topics(reader), said=reader.source.gaps)
        await eventually(lambda: reader.source.health().open_gaps == 0)
    assert topics(reader) == [PAIR_CREATED, MINT]
    assert pair in reader.source.pairs


async def test_a_cut_line_opens_a_gap_that_eth_get_logs_fills_with_trades_of_pairs_learnt_in_it(
    anvil: Anvil, uniswap: UniswapV2, http: RpcHttp
) -> None:
    async with Relay(anvil.ws_url) as line, Reader(source_at(line.url, http, uniswap)) as reader:
        await reader.up()
        first, _, _ = await asyncio.to_thread(launch, uniswap)
        await reader.holding(first[2:], MINT)
        await line.cut()
        await eventually(lambda: reader.source.health().state == "down")
        pair, token0, _ = await asyncio.to_thread(launch, uniswap)
        missed = await asyncio.to_thread(uniswap.swap, pair, token0, 10**18, 0, 9 * 10**15)
        line.mend()
        await reader.up()
        after = await asyncio.to_thread(uniswap.swap, pair, token0, 10**18, 0, 8 * 10**15)
        await reader.holding(missed["transactionHash"], after["transactionHash"])
        await eventually(lambda: reader.source.health().open_gaps == 0)
        (gap,) = [g for g in reader.source.gaps() if "Disconnected" in g.reason]
    assert gap.filled_by == "evm A"
    assert sorted(topics(reader)) == sorted([PAIR_CREATED, MINT] * 2 + [SWAP] * 2), "nothing twice, nothing missing"


async def test_it_follows_on_after_a_reorganisation(anvil: Anvil, uniswap: UniswapV2, http: RpcHttp) -> None:
    async with Reader(source_at(anvil.ws_url, http, uniswap)) as reader:
        await reader.up()
        pair, token0, _ = await asyncio.to_thread(launch, uniswap)
        swap = await asyncio.to_thread(uniswap.swap, pair, token0, 10**18, 0, 9 * 10**15)
        await reader.holding(swap["transactionHash"])
        await asyncio.to_thread(anvil.rpc, "anvil_reorg", [1, []])
        again = await asyncio.to_thread(uniswap.swap, pair, token0, 10**18, 0, 8 * 10**15)
        await reader.holding(again["transactionHash"])
        assert reader.source.health().state == "up"


async def test_a_withdrawn_log_is_passed_on_as_such(anvil: Anvil, uniswap: UniswapV2) -> None:
    """anvil never sends `removed: true`, so a labelled stand-in sends anvil's own log again as geth withdraws one."""
    pair, token0, _ = await asyncio.to_thread(launch, uniswap)
    receipt = await asyncio.to_thread(uniswap.swap, pair, token0, 10**18, 0, 9 * 10**15)
    log = next(entry for entry in receipt["logs"] if entry["topics"][0] == SWAP) | {"removed": False}

    async def behaviour(connection: ServerConnection) -> None:
        subscriptions = {"eth_chainId": "0x7a69", "eth_subscribe": "0xa"}
        await answers(connection, subscriptions, 3)
        for result in (log, log, log | {"removed": True}):
            await connection.send(notification("eth_subscription", "0xa", result))
        await silence(connection)

    async with HostileRpcStandin(behaviour) as withdrawing_rpc_standin:
        source = EvmLogs("evm A", Endpoint.parse(withdrawing_rpc_standin.url, ("ws",)), None, [], pairs=[pair])
        async with Reader(source) as reader:
            await eventually(lambda: len(reader.raws) == 2)
    assert [json.loads(raw.payload)["removed"] for raw in reader.raws] == [False, True]
    rows = [row for raw in reader.raws for row in decode_raw(raw, DecodeContext())]
    assert rows[-1].reason is Reason.LOG_REMOVED


async def test_a_node_that_comes_back_as_another_chain_is_left_alone(
    anvil: Anvil, uniswap: UniswapV2, http: RpcHttp
) -> None:
    with Anvil(chain_id=5) as other:
        async with Relay(anvil.ws_url) as line, Reader(source_at(line.url, http, uniswap)) as reader:
            await reader.up()
            await line.cut()
            line.mend(other.ws_url)
            await eventually(lambda: "now on evm:5" in reader.source.health().message)
            assert reader.source.health().state == "down"


async def test_a_restarted_node_with_the_same_id_but_another_history_leaves_the_gap_open(
    anvil: Anvil, uniswap: UniswapV2
) -> None:
    with Anvil() as other:
        async with (
            Relay(anvil.ws_url) as line,
            Relay(anvil.rpc_url) as http_line,
            RpcHttp(Endpoint.parse(http_line.url, ("http",)), per_second=500) as client,
            Reader(source_at(line.url, client, uniswap)) as reader,
        ):
            await reader.up()
            await asyncio.to_thread(launch, uniswap)
            await reader.holding(MINT)
            await eventually(lambda: reader.source.health().open_gaps == 0)
            await line.cut()
            await http_line.cut()
            await asyncio.to_thread(other.rpc, "anvil_mine", [hex(60)])
            line.mend(other.ws_url)
            http_line.mend(other.rpc_url)
            await reader.up()
            await asyncio.to_thread(other.rpc, "evm_mine")
            await eventually(
                lambda: any("another chain" in gap.reason for gap in reader.source.gaps()), said=reader.source.gaps
            )
            assert reader.source.health().open_gaps == 1


async def test_ranges_shrink_until_the_node_accepts_them_and_nothing_is_lost(
    anvil: Anvil, uniswap: UniswapV2, http: RpcHttp
) -> None:
    """anvil itself takes any range, so the limit that hosted nodes have is put in front of the real answers."""
    pairs = [(await asyncio.to_thread(launch, uniswap))[0] for _ in range(3)]

    class AtMostTwoBlocks(RpcHttp):
        refused = 0

        async def call(self, method: str, params: list[Any], tries: int = 1) -> bytes:
            if method == "eth_getLogs" and int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) > 1:
                AtMostTwoBlocks.refused += 1
                return await super().call("eth_getLogs", [{"fromBlock": "a range too large"}], tries)
            return await super().call(method, params, tries)

    async with AtMostTwoBlocks(Endpoint.parse(anvil.rpc_url, ("http",)), per_second=500) as limited:
        ranges = LogRanges(limited)
        head = await ranges.head()
        found = await ranges.logs([uniswap.factory, *pairs], [PAIR_CREATED, MINT], 0, head)
    whole = await LogRanges(http).logs([uniswap.factory, *pairs], [PAIR_CREATED, MINT], 0, head)
    assert AtMostTwoBlocks.refused > 0
    assert [raw for _, raw in found] == [raw for _, raw in whole]
    assert len(found) == 6
