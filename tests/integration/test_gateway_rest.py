"""The REST side on a real node's socket: the answers agree with each other, and every error is a `Problem`."""

import asyncio
import base64
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from fluxdesk.client import NodeClient, NodeProblem
from fluxdesk.core.events import PRINTED
from fluxdesk.core.settings import TABLE
from fluxdesk.core.views import HolderPage, LaunchView, SearchHit, TradeView
from fluxdesk.gateway.limits import MAX_BODY_BYTES
from integration.nodes import RunningNode, practice_node
from ledger import rows as decoded
from waiting import eventually


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    """A practice node that has begun to trade and goes on."""
    with practice_node(11) as started:
        asyncio.run(_has_traded(started))
        yield started


async def _has_traded(node: RunningNode) -> None:
    """Return when some token has traded."""
    client = NodeClient(node.socket)
    try:
        await eventually(lambda: _trades_lead(client))
    finally:
        await client.close()


async def _trades_lead(client: NodeClient) -> bool:
    status = await client.status()
    return status.trades > status.launches


@pytest.fixture
async def client(node: RunningNode) -> AsyncIterator[NodeClient]:
    """A client of it."""
    made = NodeClient(node.socket)
    yield made
    await made.close()


@pytest.fixture
async def http(node: RunningNode) -> AsyncIterator[httpx.AsyncClient]:
    """Requests as anybody could send them."""
    transport = httpx.AsyncHTTPTransport(uds=str(node.socket))
    async with httpx.AsyncClient(transport=transport, base_url="http://node", timeout=30) as made:
        yield made


async def busiest(client: NodeClient) -> LaunchView:
    return (await client.launches(sort="trades", limit=1)).items[0]


async def test_status_counts_what_was_published(client: NodeClient) -> None:
    status = await client.status()
    assert status.mode == "practice"
    assert status.launches > 0
    assert status.trades > status.launches
    assert status.decoded >= status.launches + status.trades
    assert status.journal_bytes > 0
    assert status.journal_message == ""


async def test_every_page_of_launches_together_is_the_list(client: NodeClient) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = await client.launches(sort="age", order="asc", limit=50, cursor=cursor)
        seen += [row.mint for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) >= page.total


async def some_traded_more(client: NodeClient) -> list[LaunchView]:
    """The tokens of pump.fun, once some of them traded more than others."""
    rows = (await client.launches(venue=["pumpfun"], limit=1000)).items
    return rows if len({row.trades for row in rows}) > 1 else []


async def in_tab(client: NodeClient, tab: str) -> list[LaunchView]:
    """The launches of a tab."""
    return (await client.launches(tab=tab, limit=1000)).items


async def test_filters_and_tabs_agree_with_the_rows(client: NodeClient) -> None:
    rows = await eventually(lambda: some_traded_more(client))
    floor = max(row.trades for row in rows)  # a count of trades only grows, so this one stays
    page = await client.launches(min_trades=floor, venue=["pumpfun"], limit=1000)
    assert {row.mint for row in rows if row.trades == floor} <= {row.mint for row in page.items}
    assert all(row.trades >= floor and row.venue == "pumpfun" for row in page.items)
    assert sum(page.counts.values()) == page.matched
    graduated = await eventually(lambda: in_tab(client, "graduated"))
    assert all(row.stage in ("graduated", "pool") for row in graduated)


async def every_trade(client: NodeClient, mint: str) -> list[TradeView]:
    """All pages of a token's trades."""
    trades: list[TradeView] = []
    cursor = None
    while True:
        page = await client.trades(mint, limit=200, cursor=cursor)
        trades += page.items
        cursor = page.next_cursor
        if cursor is None:
            return trades


async def told_between_two_trades(client: NodeClient) -> tuple[LaunchView, list[TradeView], HolderPage] | None:
    """The token that traded most, its trades and its holders, when it did not trade while they were asked for."""
    row = await busiest(client)
    trades = await every_trade(client, row.mint)
    holders = await client.holders(row.mint, limit=1000)
    after = (await client.token(row.mint)).launch
    assert row.trades <= len(trades) <= after.trades
    return (after, trades, holders) if row.trades == after.trades else None


async def test_a_token_its_trades_candles_and_holders_tell_one_story(client: NodeClient) -> None:
    row, trades, holders = await eventually(lambda: told_between_two_trades(client))
    assert len(trades) == row.trades > 1
    assert [trade.time_s for trade in trades] == sorted((trade.time_s for trade in trades), reverse=True)

    bought: dict[str, int] = {}
    for trade in trades:
        if trade.trader is None:
            continue  # LaunchLab's logs name no trader, so no wallet is known to hold what was bought
        amount = int(trade.token_base) * (1 if trade.side == "buy" else -1)
        bought[trade.trader] = bought.get(trade.trader, 0) + amount
    assert {h.wallet: int(h.balance_base) for h in holders.items} == {w: b for w, b in bought.items() if b > 0}
    assert holders.total == row.holders
    assert [int(h.balance_base) for h in holders.items] == sorted(int(h.balance_base) for h in holders.items)[::-1]

    drawn = [trade for trade in trades if trade.ghost is None and trade.price_f64 is not None]
    for interval in ("1s", "15s", "1m", "5m", "1h"):
        bars = (await client.candles(row.mint, interval, limit=5000)).items
        assert sum(bar.trades for bar in bars) >= len(drawn)
        assert all(bar.low_f64 <= min(bar.open_f64, bar.close_f64) <= bar.high_f64 for bar in bars)
    newest = await client.candles(row.mint, "1m", limit=1)
    older = await client.candles(row.mint, "1m", end_s=newest.items[0].start_s, limit=1)
    assert older.items == [] or older.items[0].start_s < newest.items[0].start_s


async def test_the_raw_transaction_is_one_step_away_and_says_what_the_row_says(client: NodeClient) -> None:
    row = await busiest(client)
    trade = (await client.trades(row.mint, limit=1)).items[0]
    found = await client.transaction(trade.signature)
    record = next(one for one in found.records if one.seq == trade.seq)
    assert {row.signature for row in decoded(json.loads(record.payload))} == {trade.signature}
    assert base64.b64decode(record.payload_b64) == record.payload.encode()
    rows = [json.loads(bytes(raw)) for raw in record.rows]
    assert all(tuple(one) == PRINTED for one in rows)
    assert (trade.token_base, trade.quote_base) in {(one["token_amount"], one["quote_amount"]) for one in rows}
    assert (await client.record(trade.seq)).payload == record.payload


async def found(client: NodeClient, words: str) -> list[SearchHit]:
    return (await client.search(words)).items


async def test_search_finds_by_exact_mint_first_and_by_name(client: NodeClient) -> None:
    row = await busiest(client)
    hits = await eventually(lambda: found(client, row.mint))
    assert hits[0].mint == row.mint
    assert hits[0].matched == "mint"
    assert row.name is not None
    assert any(hit.name == row.name for hit in (await client.search(row.name)).items)


async def test_metadata_can_be_asked_for_any_token(client: NodeClient) -> None:
    row = await busiest(client)
    assert (await client.metadata(row.mint)).mint == row.mint


async def test_settings_are_changed_all_or_none(client: NodeClient) -> None:
    before = {line.key: line.value for line in (await client.settings()).items}
    assert list(before) == [line.key for line in TABLE]
    with pytest.raises(NodeProblem, match="Journal age") as refused:
        await client.change_settings({"journal_max_mb": 100, "journal_max_days": 0})
    assert refused.value.problem.status == 400
    assert {line.key: line.value for line in (await client.settings()).items} == before
    after = await client.change_settings({"journal_max_days": 3, "solana_rpc": ["wss://example.org"]})
    values = {line.key: line.value for line in after.items}
    assert (values["journal_max_days"], values["solana_rpc"]) == (3, ["wss://example.org"])
    assert after.restart_needed
    with pytest.raises(NodeProblem, match="no setting named"):
        await client.change_settings({"nonsense": 1})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/tokens/nobody", 404),
        ("GET", "/v1/tokens/no%20body", 422),
        ("GET", "/v1/transactions/nobody", 404),
        ("GET", "/v1/journal/999999999999", 404),
        ("GET", "/v1/journal/0", 422),
        ("GET", "/v1/journal/x", 422),
        ("GET", "/v1/launches?limit=0", 422),
        ("GET", "/v1/launches?limit=1001", 422),
        ("GET", "/v1/launches?min_mcap=nan", 422),
        ("GET", "/v1/launches?colour=red", 422),
        ("GET", "/v1/launches?cursor=rubbish", 400),
        ("GET", "/v1/status?x=1", 422),
        ("GET", "/v1/search", 422),
        ("GET", "/v1/search?q=", 422),
        ("GET", f"/v1/search?q={'x' * 5000}", 414),
        ("POST", "/v1/status", 405),
        ("DELETE", "/v1/settings", 405),
    ],
)
async def test_errors_are_problems_in_words(http: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    reply = await http.request(method, path)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"not json", "application/json", 400),
        (b'{"theme": null}', "application/json", 400),
        (b'{"theme": "light"}', "text/plain", 415),
        (b'{"theme": "' + b"x" * MAX_BODY_BYTES + b'"}', "application/json", 413),
    ],
)
async def test_bad_bodies_are_problems_too(http: httpx.AsyncClient, body: bytes, kind: str, status: int) -> None:
    reply = await http.patch("/v1/settings", content=body, headers={"content-type": kind})
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"


async def test_a_body_that_does_not_say_its_length_is_cut_off_as_well(http: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 1000 + 1):
            yield b"x" * 1000

    headers = {"content-type": "application/json"}
    reply = await http.patch("/v1/settings", content=endless(), headers=headers)
    assert reply.status_code == 413


@pytest.mark.parametrize("chunks", [1, 20], ids=["a small body", "one that is too large"])
def test_who_goes_away_in_the_middle_of_a_body_leaves_no_error(node: RunningNode, chunks: int) -> None:
    lines = (
        b"PATCH /v1/settings HTTP/1.1",
        b"Host: x",
        b"Content-Type: application/json",
        b"Transfer-Encoding: chunked",
    )
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(node.socket))
        raw.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(chunks):
                raw.sendall(b"4000\r\n" + b"x" * 16_384 + b"\r\n")
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(node.socket)), base_url="http://node") as http:
        for _ in range(5):
            assert http.get("/v1/status").status_code == 200
    log = (node.profile.logs / "node.log").read_text()
    assert "Exception in ASGI application" not in log


def test_rubbish_on_the_socket_does_not_end_the_node(node: RunningNode) -> None:
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(str(node.socket))
        raw.sendall(b"\x16\x03\x01" + bytes(500))
        raw.settimeout(10)
        raw.recv(1000)
    assert node.process.poll() is None
