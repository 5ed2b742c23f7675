"""`fluxdesk contracts`: what an endpoint says is held to what it can be, and every mistake has its sentence."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from fluxdesk.chains.evm.contracts.codec import encode
from fluxdesk.chains.evm.contracts.recorded import Recorded, RecordUnreadable
from fluxdesk.chains.evm.contracts.vaults import DISTRIBUTION, Log, found
from fluxdesk.chains.rpc.errors import Refused
from fluxdesk.chains.rpc.http import RpcConnection
from fluxdesk.cli.contracts_chain import ChainUnusable, OfUrl, Place, Through, _number, _same
from fluxdesk.cli.contracts_vaults import OfRpc
from fluxdesk.cli.main import run
from fluxdesk.core.endpoint import Endpoint

ACCOUNT = "0x" + "11" * 20
HASH = "0x" + "ab" * 32


@contextmanager
def endpoint(result: bytes) -> Iterator[str]:
    """A stand-in for an endpoint whose every first answer has these bytes for its result."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            body = b'{"jsonrpc":"2.0","id":1,"result":' + result + b"}"
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def number_of(result: bytes) -> int:
    async def asked(url: str) -> int:
        connection = RpcConnection(Endpoint.parse(url, ("http",)), 100.0)
        try:
            return await _number(OfUrl(connection))
        finally:
            await connection.close()

    with endpoint(result) as url:
        return asyncio.run(asked(url))


def test_the_number_of_a_chain_is_asked_of_its_endpoint() -> None:
    assert number_of(b'"0x7a69"') == 31337


@pytest.mark.parametrize(
    "result",
    [b"null", b"5", b'"latest"', b'"-0x1"', b'"0x0"', b'"0x' + b"f" * 6000 + b'"', b'"\xff"', b"[" * 900 + b"]" * 900],
)
def test_an_answer_that_is_no_number_of_a_chain_is_said(result: bytes) -> None:
    with pytest.raises(ChainUnusable):
        number_of(result)


class Says:
    """A stand-in for the reads of a chain: what it answers to each method, or raises."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.ranges: list[int] = []

    async def ask(self, method: str, params: list[Any]) -> Any:
        if method == "eth_getLogs":
            self.ranges.append(int(params[0]["toBlock"], 16) - int(params[0]["fromBlock"], 16) + 1)
        answer = self.answers[method]
        answer = answer(params) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        return answer


async def logs_of(reads: Says) -> list[Log]:
    return [log async for log in OfRpc(reads).of(ACCOUNT, bytes(32), 0)]


ROW = {"topics": [HASH], "data": "0x", "transactionHash": HASH, "blockNumber": "0x5"}


def test_logs_are_read_as_they_stand() -> None:
    [log] = asyncio.run(logs_of(Says(eth_blockNumber="0x9", eth_getLogs=[ROW])))
    assert (log.tx, log.block) == (HASH, 5)


@pytest.mark.parametrize(
    "rows",
    [
        None, {}, "", [1], [ROW | {"topics": [5]}], [ROW | {"data": None}], [ROW | {"transactionHash": "0x12"}],
        [ROW | {"transactionHash": 5}], [ROW | {"blockNumber": "0x" + "f" * 900}], [ROW | {"blockNumber": "-0x5"}],
    ],
)  # fmt: skip
def test_logs_that_are_none_are_said_and_not_taken_for_an_empty_chain(rows: object) -> None:
    with pytest.raises(ChainUnusable, match="eth_getLogs"):
        asyncio.run(logs_of(Says(eth_blockNumber="0x9", eth_getLogs=rows)))


@pytest.mark.parametrize("head", [None, "latest", "-0x1", "0x" + "f" * 900])
def test_a_head_that_is_no_block_is_not_scanned_towards(head: object) -> None:
    with pytest.raises(ChainUnusable, match="no number"):
        asyncio.run(logs_of(Says(eth_blockNumber=head, eth_getLogs=[])))


def test_blocks_are_asked_for_in_larger_parts_again_after_a_refusal() -> None:
    refusals = iter([True] * 4)
    reads = Says(eth_blockNumber=hex(99_999), eth_getLogs=lambda _: Refused(-32000, "") if next(refusals, 0) else [])
    asyncio.run(logs_of(reads))
    assert reads.ranges[:6] == [10_000, 5_000, 2_500, 1_250, 625, 1_250]
    assert reads.ranges[-2] == 10_000
    assert sum(reads.ranges[4:]) == 100_000


def test_a_refused_read_is_said() -> None:
    says = Says(eth_getCode=Refused(-32000, "pruned"), eth_getBlockByNumber=Refused(-32000, "pruned"))
    with pytest.raises(ChainUnusable, match="does not say what stands at"):
        asyncio.run(Through(Place("eip155:1", "Ethereum", None, says)).code(ACCOUNT))  # type: ignore[arg-type]
    with pytest.raises(ChainUnusable, match="first block"):
        asyncio.run(_same(says, says, Place("eip155:1", "Ethereum", None, says)))  # type: ignore[arg-type]


def test_a_factory_noted_with_half_its_arguments_is_said() -> None:
    half = "0x" + encode(["address"], [ACCOUNT]).hex()
    noted = Recorded("claims", DISTRIBUTION, ACCOUNT, "0x" + "00" * 32, half)

    async def read() -> None:
        async for _ in found([noted], OfRpc(Says())):
            pass

    with pytest.raises(RecordUnreadable, match="cut short"):
        asyncio.run(read())


def test_a_plan_without_end_is_not_read_to_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deploy = ["contracts", "deploy", "--chain", "practice", "--account", ACCOUNT, "--data", str(tmp_path)]
    assert run([*deploy, "--plan", "/dev/zero"]) == 2
    assert "at most 1,000,000 bytes. Nothing was sent." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_before_npm_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("npm", "node"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "data").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert run(["practice", "install"]) == 1
    assert "cannot be made" in capsys.readouterr().err
