"""The HTTP client of endpoints and the resolver, against `hostile_rpc_standin`: HTTP that does as it likes."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from fluxdesk.core.endpoint import Endpoint
from fluxdesk.launches.sources.resolver import TransactionResolver
from fluxdesk.launches.sources.rpc import RpcFailed, RpcHttp, RpcUnavailable
from integration.web import Answer, Web, page

KEY = "sEcReTkEy0123456789"


@contextmanager
def hostile_rpc_standin(answer: Answer) -> Iterator[Web]:
    with Web({f"/{KEY}": answer}) as web:
        yield web


def client(web: Web, **options: Any) -> RpcHttp:
    return RpcHttp(Endpoint.parse(web.url(f"/{KEY}"), ("http",)), **({"per_second": 1_000} | options))


def replies(*steps: Callable[[Any], object]) -> Answer:
    """Answers each request by the next step, the last one for good; a step turns the request into the body's object."""
    left = list(steps)

    def answer(request: BaseHTTPRequestHandler) -> None:
        step = left.pop(0) if len(left) > 1 else left[0]
        said = step(json.loads(request.body))
        if callable(said):
            said(request)
        else:
            page(json.dumps(said).encode())(request)

    return answer


def result(value: object) -> Callable[[Any], object]:
    return lambda request: {"jsonrpc": "2.0", "id": request["id"], "result": value}


def error(code: int, message: str) -> Callable[[Any], object]:
    return lambda request: {"jsonrpc": "2.0", "id": request["id"], "error": {"code": code, "message": message}}


def raw(answer: Answer) -> Callable[[Any], object]:
    return lambda _: answer


async def test_a_result_comes_back_as_the_bytes_that_were_sent() -> None:
    body = b'{"jsonrpc":"2.0","id":1,"result":{"b" : 1.50, "a":"\\u00e9"}}'
    with hostile_rpc_standin(page(body)) as web:
        async with client(web) as rpc:
            assert await rpc.call("getTransaction", []) == b'{"b" : 1.50, "a":"\\u00e9"}'


async def test_429_is_waited_out_for_as_long_as_the_server_asks() -> None:
    busy = raw(page(b"slow down", status=429, Retry_After="1"))
    with hostile_rpc_standin(replies(busy, result("ok"))) as web:
        async with client(web) as rpc:
            began = time.monotonic()
            assert await rpc.call("getSlot", []) == b'"ok"'
            assert time.monotonic() - began >= 1.0


async def test_an_outage_is_tried_again_and_then_said() -> None:
    with hostile_rpc_standin(replies(raw(page(b"", status=502)), error(-32005, "Node is behind"), result(7))) as web:
        async with client(web) as rpc:
            assert await rpc.call("getSlot", []) == b"7"
            assert len(web.asked) == 3
    with hostile_rpc_standin(replies(raw(page(b"", status=502)))) as web:
        async with client(web) as rpc:
            with pytest.raises(RpcUnavailable, match="HTTP 502"):
                await rpc.call("getSlot", [], tries=2)
            assert len(web.asked) == 2


async def test_a_refusal_is_not_tried_again_and_holds_no_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with hostile_rpc_standin(replies(error(-32602, f"key {KEY} may not\n do this"))) as web:
        async with client(web) as rpc:
            with pytest.raises(RpcFailed) as refused:
                await rpc.call("getSlot", [])
            assert len(web.asked) == 1
    assert str(refused.value) == "key … may not  do this (code -32602)"
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(b"<html>"), "not JSON-RPC"),
        (page(b'{"jsonrpc":"2.0","id":99,"result":1}'), "another request"),
        (page(b"[" * 1_000_000), "not JSON-RPC"),
        (page(b'{"id":1,"result":1}', status=403), "HTTP 403"),
        (page(b"", status=302, Location="http://127.0.0.1:1/"), "HTTP 302"),
    ],
)
async def test_a_useless_answer_is_named(answer: Answer, words: str) -> None:
    with hostile_rpc_standin(answer) as web:
        async with client(web) as rpc:
            with pytest.raises(RpcUnavailable, match=words):
                await rpc.call("getSlot", [], tries=1)


async def test_an_answer_without_end_is_cut_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from integration.web import endless

    monkeypatch.setattr("fluxdesk.launches.sources.rpc.ANSWER_MAX_BYTES", 1 << 20)
    with hostile_rpc_standin(endless) as web:
        async with client(web) as rpc:
            with pytest.raises(RpcUnavailable, match="larger than 1 MB"):
                await rpc.call("getSlot", [], tries=1)


async def test_nobody_listening_is_said_without_the_address() -> None:
    with hostile_rpc_standin(page(b"")) as web:
        gone = client(web)
    async with gone:
        with pytest.raises(RpcUnavailable, match="connection failed") as failed:
            await gone.call("getSlot", [], tries=1)
    assert KEY not in str(failed.value)


async def test_no_more_requests_at_once_than_allowed() -> None:
    under_way, most = 0, 0

    def answer(request: BaseHTTPRequestHandler) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        time.sleep(0.02)
        under_way -= 1
        replies(result(1))(request)

    with hostile_rpc_standin(answer) as web:
        async with client(web, concurrency=3) as rpc:
            await asyncio.gather(*(rpc.call("getSlot", []) for _ in range(20)))
    assert most == 3


# --- the resolver ---


async def test_a_transaction_that_is_not_there_yet_is_asked_for_again() -> None:
    with hostile_rpc_standin(replies(result(None), result(None), result({"slot": 5}))) as web:
        async with client(web) as rpc:
            resolver = TransactionResolver([rpc], waits_s=(0.01, 0.01, 0.01))
            found = await resolver.transaction("sig")
    assert found is not None
    assert (found.slot, found.payload, found.source) == (5, b'{"slot": 5}', "resolve")


async def test_the_next_endpoint_is_asked_when_one_does_not_have_it() -> None:
    lacking, having = replies(error(-32009, "skipped")), replies(result({"slot": 5}))
    with hostile_rpc_standin(lacking) as one, hostile_rpc_standin(having) as two:
        async with client(one) as first, client(two) as second:
            assert await TransactionResolver([first, second], waits_s=()).transaction("sig") is not None


async def test_what_was_given_up_is_not_asked_for_again_at_once_and_has_a_reason() -> None:
    with hostile_rpc_standin(replies(result(None))) as web:
        async with client(web) as rpc:
            resolver = TransactionResolver([rpc], waits_s=())
            assert await resolver.transaction("sig") is None
            assert await resolver.transaction("sig") is None
            assert len(web.asked) == 1
            assert resolver.reason("sig") == "not available yet"


async def test_too_many_requests_at_once_are_turned_away_in_words() -> None:
    with hostile_rpc_standin(replies(result({"slot": 5}))) as web:
        async with client(web) as rpc:
            resolver = TransactionResolver([rpc], waiting_max=2)
            found = await asyncio.gather(*(resolver.transaction(f"sig{i}") for i in range(5)))
    assert [item is not None for item in found] == [True, True, False, False, False]
    assert "already being fetched" in str(resolver.reason("sig4"))


async def test_one_asker_leaving_does_not_take_the_answer_from_another() -> None:
    with hostile_rpc_standin(replies(result(None), result({"slot": 5}))) as web:
        async with client(web) as rpc:
            resolver = TransactionResolver([rpc], waits_s=(0.05,))
            leaving = asyncio.create_task(resolver.transaction("sig"))
            staying = asyncio.create_task(resolver.transaction("sig"))
            await asyncio.sleep(0)
            leaving.cancel()
            assert await staying is not None
