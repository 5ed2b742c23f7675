"""Several endpoints of one chain, each a `hostile_rpc_standin` that serves it, another one, badly, or not at all."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from fluxdesk.chains.rpc import http as rpc_http
from fluxdesk.chains.rpc.errors import Refused, Unreachable
from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.rpc.port import State
from fluxdesk.core.chains import TABLE, Chain
from fluxdesk.core.endpoint import Endpoint
from integration.web import Answer, Web, endless, page

KEY = "sEcReTkEy0123456789"
ETHEREUM = next(c for c in TABLE if c.number == 1)
LOCAL = next(c for c in TABLE if c.id == "solana:local")


def serving(methods: dict[str, Any]) -> Answer:
    """Answers each method by a value, or by what a callable does; batches too."""

    def one(request: Any) -> object:
        value = methods.get(request["method"], KeyError)
        if value is KeyError:
            return {"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32601, "message": "no such method"}}
        if isinstance(value, dict) and "error" in value:
            return {"jsonrpc": "2.0", "id": request["id"], **value}
        return {"jsonrpc": "2.0", "id": request["id"], "result": value}

    def answer(request: BaseHTTPRequestHandler) -> None:
        body = json.loads(request.body)  # type: ignore[attr-defined]
        if isinstance(body, dict) and callable(methods.get(body["method"])):
            methods[body["method"]](request)
            return
        said = [one(item) for item in body] if isinstance(body, list) else one(body)
        page(json.dumps(said).encode())(request)

    return answer


Build = Callable[..., EndpointPool]


@pytest.fixture
def pool() -> Iterator[Build]:
    with ExitStack() as stack:

        def build(*answers: Answer, chain: Chain = ETHEREUM, **options: Any) -> EndpointPool:
            webs = [stack.enter_context(Web({f"/{KEY}": answer})) for answer in answers]
            endpoints = [Endpoint.parse(web.url(f"/{KEY}"), ("http",)) for web in webs]
            return EndpointPool(chain, endpoints, **({"per_second": 10_000.0} | options))

        yield build


GOOD = {"eth_chainId": "0x1", "eth_blockNumber": "0x64", "eth_gasPrice": "0x7"}


async def test_an_endpoint_of_another_chain_is_never_asked_for_anything_else(pool: Build) -> None:
    wrong = {"eth_chainId": "0x38", "eth_gasPrice": "0x666"}
    both = pool(serving(wrong), serving(GOOD))
    assert await both.call("eth_gasPrice", []) == b'"0x7"'
    assert both.health()[0].state is State.OTHER_CHAIN
    assert both.health()[0].reason == "it serves chain 56, not 1"
    await both.close()
    alone = pool(serving(wrong))
    with pytest.raises(Unreachable, match="serves chain 56, not 1"):
        await alone.call("eth_gasPrice", [])
    await alone.close()


async def test_the_next_endpoint_is_asked_when_one_fails_and_the_failed_one_rests(pool: Build) -> None:
    broken = serving(GOOD | {"eth_gasPrice": page(b"", status=502)})
    both = pool(broken, serving(GOOD))
    for _ in range(3):
        assert await both.call("eth_gasPrice", []) == b'"0x7"'
    assert [h.state for h in both.health()] == [State.FAILING, State.GOOD]
    await both.close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (page(b"<html>"), "not JSON-RPC"),
        (page(b'{"jsonrpc":"2.0","id":99,"result":1}'), "another request"),
        (page(b"", status=500), "HTTP 500"),
        (page(b"", status=403), "does not accept the key"),
        (page(b"", status=302, Location="http://127.0.0.1:1/"), "HTTP 302"),
        (page(b"[" * 100_000), "not JSON-RPC"),
        (lambda request: time.sleep(3), "no answer within 1.5 s"),
    ],
)
async def test_why_an_endpoint_was_no_use_is_said_in_our_words(pool: Build, answer: Answer, words: str) -> None:
    alone = pool(serving(GOOD | {"eth_gasPrice": answer}), timeout_s=1.5 if "within" in words else 30.0)
    with pytest.raises(Unreachable, match=words):
        await alone.call("eth_gasPrice", [])
    await alone.close()


async def test_a_slow_endpoint_gives_way(pool: Build) -> None:
    def late(request: BaseHTTPRequestHandler) -> None:
        time.sleep(3)

    both = pool(serving(GOOD | {"eth_gasPrice": late}), serving(GOOD), timeout_s=1.5)
    assert await both.call("eth_gasPrice", []) == b'"0x7"'
    assert both.health()[0].reason == "no answer within 1.5 s"
    await both.close()


async def test_one_that_fell_behind_is_asked_last(pool: Build) -> None:
    behind = serving(GOOD | {"eth_blockNumber": "0x1", "eth_gasPrice": "0x6"})
    both = pool(behind, serving(GOOD))
    await both.check()
    assert [h.state for h in both.health()] == [State.BEHIND, State.GOOD]
    assert await both.call("eth_gasPrice", []) == b'"0x7"'
    await both.close()


async def test_a_refusal_is_an_answer_and_not_a_fault(pool: Build) -> None:
    refusing = serving(GOOD | {"eth_call": {"error": {"code": 3, "message": f"no for {KEY}\n", "data": "0x08"}}})
    both = pool(refusing, serving(GOOD))
    with pytest.raises(Refused) as refused:
        await both.call("eth_call", [])
    assert (refused.value.code, refused.value.said, refused.value.data) == (3, "no for …", b'"0x08"')
    assert both.health()[0].state is State.GOOD
    await both.close()


async def test_a_method_one_endpoint_lacks_is_asked_of_the_next(pool: Build) -> None:
    both = pool(serving({"eth_chainId": "0x1"}), serving(GOOD))
    assert await both.call("eth_gasPrice", []) == b'"0x7"'
    await both.close()


async def test_a_batch_is_answered_in_order_and_refusals_stand_in_their_place(pool: Build) -> None:
    answer = serving(GOOD | {"eth_call": {"error": {"code": 3, "message": "no"}}})
    alone = pool(answer)
    got = await alone.batch([("eth_gasPrice", []), ("eth_call", []), ("eth_blockNumber", [])])
    assert got[0] == b'"0x7"' and isinstance(got[1], Refused) and got[2] == b'"0x64"'
    await alone.close()


async def test_an_endpoint_that_takes_no_batches_is_asked_one_by_one(pool: Build) -> None:
    singles = serving(GOOD)

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.body.startswith(b"["):  # type: ignore[attr-defined]
            page(b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}')(request)
        else:
            singles(request)

    alone = pool(answer)
    assert await alone.batch([("eth_gasPrice", []), ("eth_blockNumber", [])]) == [b'"0x7"', b'"0x64"']
    await alone.close()


async def test_all_are_asked_when_something_is_to_be_everywhere(pool: Build) -> None:
    three = pool(serving(GOOD), page(b"", status=500), serving(GOOD | {"eth_gasPrice": "0x8"}))
    assert sorted(await three.everywhere("eth_gasPrice", [])) == [b'"0x7"', b'"0x8"']  # type: ignore[type-var]
    await three.close()


async def test_endpoints_of_two_local_clusters_are_not_mixed(pool: Build) -> None:
    one = serving({"getGenesisHash": "A", "getSlot": 5})
    other = serving({"getGenesisHash": "B", "getSlot": 900})
    both = pool(one, other, chain=LOCAL)
    assert await both.call("getSlot", []) == b"5"
    assert [h.state for h in await both.check()] == [State.GOOD, State.OTHER_CHAIN]
    await both.close()


@pytest.mark.parametrize("ask", ["call", "check", "everywhere"])
async def test_the_first_of_the_list_says_which_local_cluster_it_is_and_not_the_quickest(pool: Build, ask: str) -> None:
    other_asked = threading.Event()

    def late(request: BaseHTTPRequestHandler) -> None:
        other_asked.wait(0.5)
        page(b'{"jsonrpc": "2.0", "id": 1, "result": "A"}')(request)

    def early(request: BaseHTTPRequestHandler) -> None:
        page(b'{"jsonrpc": "2.0", "id": 1, "result": "B"}')(request)
        other_asked.set()

    slots = [serving({"getGenesisHash": late, "getSlot": 5}), serving({"getGenesisHash": early, "getSlot": 900})]
    both = pool(*slots, chain=LOCAL)
    await (both.check() if ask == "check" else getattr(both, ask)("getSlot", []))
    assert [h.state for h in await both.check()] == [State.GOOD, State.OTHER_CHAIN]
    await both.close()


async def test_no_key_of_an_address_is_said_or_logged(pool: Build, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    failing = page(f"bad key {KEY}".encode(), status=500)
    alone = pool(serving(GOOD | {"eth_gasPrice": failing}))
    with pytest.raises(Unreachable) as failed:
        await alone.call("eth_gasPrice", [])
    said = str(failed.value) + repr(failed.value.tried) + repr(alone.health()) + repr(failed.value.__cause__)
    assert KEY not in said
    assert KEY not in caplog.text
    await alone.close()


async def test_an_answer_without_end_is_cut(pool: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rpc_http, "ANSWER_MAX_BYTES", 1 << 20)
    alone = pool(serving(GOOD | {"eth_gasPrice": endless}))
    with pytest.raises(Unreachable, match="larger than 1 MB"):
        await alone.call("eth_gasPrice", [])
    await alone.close()


async def test_without_endpoints_that_is_what_is_said() -> None:
    with pytest.raises(Unreachable, match="none is set"):
        await EndpointPool(ETHEREUM, []).call("eth_gasPrice", [])
