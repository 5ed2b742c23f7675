"""The wallet's routes over the real node side: what is wrong is refused in words, before anything is made."""

import json
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest

from fluxdesk.core.paths import Mode, Profile
from fluxdesk.gateway.app import make_app
from fluxdesk.gateway.desk import Desk
from fluxdesk.gateway.hub import Hub
from fluxdesk.gateway.limits import MAX_BODY_BYTES
from fluxdesk.node.wallet import SENDS_FILE, NodeWallet

LOCAL = "/v1/chains/solana:local"
EVM = "/v1/chains/eip155:100"
KEY = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"
ADDRESS = "0x" + "ab" * 20
PAY = {"what": "pay", "id": "order-1234", "asset": "native", "recipient": KEY, "amount_base": "5"}
ORDER: dict[str, Any] = {"account": KEY, "items": [PAY]}
TRANSFER = {"account": KEY, "asset": "native", "recipient": KEY, "amount_base": "5"}


class Served:
    """The routes over a node's wallet, in this process."""

    def __init__(self, mode: Mode, folder: Path, settings: dict[str, object]) -> None:
        self.profile = Profile.of(mode, folder / "data")
        self.profile.folder.mkdir(mode=0o700)
        self.profile.settings.write_bytes(msgspec.json.encode(settings))
        self.wallet = NodeWallet(self.profile, lambda: None)
        app = make_app(cast(Desk, None), cast(Hub, None), self.wallet)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node", timeout=60)

    async def post(self, path: str, body: object, status: int, **headers: str) -> str:
        """The detail of the problem that must come."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content-type": "application/json"} | {name.replace("_", "-"): v for name, v in headers.items()}
        return self._detail(await self.http.post(path, content=content, headers=given), status)

    async def get(self, path: str, status: int) -> str:
        return self._detail(await self.http.get(path), status)

    @staticmethod
    def _detail(reply: httpx.Response, status: int) -> str:
        assert reply.status_code == status, reply.text
        assert reply.headers["content-type"] == "application/problem+json"
        return str(reply.json()["detail"])

    async def close(self) -> None:
        await self.http.aclose()
        await self.wallet.close()


@pytest.fixture
async def practice() -> AsyncIterator[Served]:
    with tempfile.TemporaryDirectory() as folder:
        served = Served("practice", Path(folder), {})
        yield served
        await served.close()


@pytest.fixture
async def away() -> AsyncIterator[Served]:
    """A live profile whose one endpoint does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        endpoints = ["eip155:100 http://127.0.0.1:9/secret"]
        settings = {"solana_rpc": [], "chain_rpc": endpoints, "chains_added": ["100 Gnosis xDAI"]}
        served = Served("live", Path(folder), settings)
        yield served
        await served.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{LOCAL}/orders", b"{"),
        (f"{LOCAL}/orders", b"\xff"),
        (f"{LOCAL}/orders", b"[" * 60_000),
        (f"{LOCAL}/orders", []),
        (f"{LOCAL}/orders", ORDER | {"extra": 1}),
        (f"{LOCAL}/orders", ORDER | {"items": []}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY] * 65}),
        (f"{LOCAL}/orders", ORDER | {"priority": 0.5}),
        (f"{LOCAL}/orders", ORDER | {"priority": 3}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY | {"what": "steal"}]}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY | {"amount_base": "-5"}]}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY | {"amount_base": "05"}]}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY | {"amount_base": 5}]}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY | {"id": "short"}]}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY | {"id": "../../../etc"}]}),
        (f"{LOCAL}/orders", ORDER | {"items": [PAY | {"recipient": ADDRESS}]}),
        (f"{LOCAL}/orders", ORDER | {"account": ADDRESS}),
        (f"{LOCAL}/transfers", TRANSFER | {"recipient": "0x1"}),
        (f"{LOCAL}/simulations", {"account": KEY, "payload_b64": "AAAA"}),
        (f"{LOCAL}/simulations", {"account": KEY, "payload_b64": "A" * 3}),
        (f"{LOCAL}/broadcasts", {"id": "order-1234", "account": KEY, "signed_b64": "AAA="}),
        (f"{LOCAL}/rpc", {"method": "requestAirdrop", "params": [KEY, 1]}),
        (f"{LOCAL}/rpc", {"method": "getBalance", "params": [1] * 17}),
        (f"{LOCAL}/funds", {"account": ADDRESS}),
        ("/v1/endpoints", {"chain": "eip155:5", "url": "https://example.org", "number": "0"}),
        ("/v1/sends/order-1234/cancel", {"why": "so"}),
    ],
)
async def test_a_bad_body_is_refused_and_nothing_is_made(practice: Served, path: str, body: object) -> None:
    reply = await practice.http.post(
        path, content=body if isinstance(body, bytes) else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )  # fmt: skip
    assert reply.status_code in (400, 409), reply.text
    assert len(reply.json()["detail"]) < 2_000
    assert (await practice.http.get("/v1/sends")).json()["items"] == []


async def test_what_is_no_json_or_too_long_is_not_read(practice: Served) -> None:
    assert "application/json" in await practice.post(f"{LOCAL}/orders", ORDER, 415, content_type="text/plain")
    assert "at most" in (await practice.post(f"{LOCAL}/orders", b"x" * (MAX_BODY_BYTES + 1), 413)).lower()
    assert "at most" in await practice.get(f"{LOCAL}/balances?account=" + "1" * 5_000, 414)


async def test_what_there_is_not_is_said(practice: Served) -> None:
    assert "eip155:77" in await practice.get("/v1/chains/eip155:77", 404)
    assert "eip155:77" in await practice.post("/v1/chains/eip155:77/orders", ORDER | {"account": ADDRESS}, 404)
    assert "no payment order-1234" in await practice.get("/v1/sends/order-1234", 404)
    assert "no payment order-1234" in await practice.post("/v1/sends/order-1234/cancel", {}, 404)
    assert not (practice.profile.folder / SENDS_FILE).exists()
    for path in (
        f"{LOCAL}/accounts/me/history",
        "/v1/chains/btc:main",
        f"{LOCAL}/transactions/0x12",
        f"{LOCAL}/tables",
    ):
        assert (await practice.http.get(path)).status_code == 422
    assert "no lookup table" in (await practice.http.get(f"{LOCAL}/tables?table={KEY}")).json()["items"][0]["problem"]
    assert "No endpoint has" in await practice.get(f"{LOCAL}/transactions/{'5' * 88}", 404)


async def test_what_cannot_be_paid_is_said_with_a_plan_and_ordered_all_the_same(practice: Served) -> None:
    assert "does not hold" in await practice.post(f"{LOCAL}/plans", ORDER, 409)
    ordered = await practice.http.post(f"{LOCAL}/orders", json=ORDER)
    assert [item["state"] for item in ordered.json()["items"]] == ["queued"]
    other = ORDER | {"items": [PAY | {"amount_base": "6"}]}
    assert "belongs to another payment" in await practice.post(f"{LOCAL}/orders", other, 409)
    gone = await practice.http.post("/v1/sends/order-1234/cancel", json={})
    assert (gone.json()["state"], gone.json()["can"]) == ("cancelled", [])
    assert "not under way" in await practice.post("/v1/sends/order-1234/cancel", {}, 409)


async def test_a_chain_that_is_away_is_said_without_what_may_be_a_key(away: Served) -> None:
    order = {"account": ADDRESS, "items": [PAY | {"recipient": ADDRESS}]}
    told = [
        await away.get(f"{EVM}/fees", 503),
        await away.get(f"{EVM}/accounts/{ADDRESS}/history", 503),
        await away.get(f"{EVM}/accounts/{ADDRESS}/allowances", 503),
        await away.get(f"{EVM}/transactions/0x{'ab' * 32}", 503),
        await away.post(f"{EVM}/plans", order, 503),
        await away.post(f"{EVM}/rpc", {"method": "eth_blockNumber"}, 503),
    ]
    assert all("No endpoint of Gnosis" in text and "secret" not in text for text in told)
    held = (await away.http.get(f"{EVM}/balances?account={ADDRESS}")).json()["items"][0]
    assert held["native_base"] is None and "secret" not in held["problem"]
    # An order is kept all the same, and goes on once the chain is there.
    assert (await away.http.post(f"{EVM}/orders", json=order)).json()["items"][0]["state"] == "queued"
    asked = {"chain": "eip155:100", "url": "http://127.0.0.1:9/secret"}
    tried = (await away.http.post("/v1/endpoints", json=asked)).json()
    assert tried["state"] == "failing" and "secret" not in json.dumps(tried)
    wrong = (await away.http.post("/v1/endpoints", json={"chain": "eip155:1", "url": "ftp://example.org"})).json()
    assert wrong["state"] == "failing" and "http" in wrong["reason"]
    assert "no chain eip155:7" in await away.post("/v1/endpoints", {"chain": "eip155:7", "url": "https://e.org"}, 404)


async def test_each_family_has_what_only_it_has(away: Served, practice: Served) -> None:
    assert "Solana only" in await away.get(f"{EVM}/accounts/{ADDRESS}/nonces", 409)
    assert "no EVM address" in await away.get(f"{EVM}/tables?table={KEY}", 400)
    made = {"account": ADDRESS, "items": [{"what": "make_nonce", "id": "order-5555"}]}
    assert "Solana only" in await away.post(f"{EVM}/orders", made, 400)
    durable = {"account": ADDRESS, "items": [PAY | {"recipient": ADDRESS}], "durable": True}
    assert "Solana only" in await away.post(f"{EVM}/orders", durable, 400)
    take = {"what": "revoke", "id": "order-6666", "asset": KEY, "spender": KEY, "kind": "erc20"}
    assert "delegate" in await practice.post(f"{LOCAL}/orders", {"account": KEY, "items": [take]}, 400)
    nft = {"what": "revoke", "id": "order-7777", "asset": ADDRESS, "spender": ADDRESS, "kind": "nft"}
    assert "token_id" in await away.post(f"{EVM}/orders", {"account": ADDRESS, "items": [nft]}, 400)
