"""Real servers for tests: Surfpool (a Solana validator), anvil (an EVM node), and a TCP relay that can be cut.

Each listens on loopback at a port of its own choosing and ends with its owner. Import as `from integration.servers
import ...`."""

import asyncio
import base64
import contextlib
import json
import subprocess
import tempfile
import threading
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cache
from types import TracebackType
from typing import Any, Literal, Self

from needs import TOOLS
from waiting import until

SCRIPTS = TOOLS.parent
SURFPOOL = TOOLS / "@solana" / "surfpool-linux-x64-gnu"
ANVIL = TOOLS / "@foundry-rs" / "anvil-linux-amd64" / "bin" / "anvil"
UNISWAP_V2 = TOOLS / "@uniswap" / "v2-core" / "build"

Mode = Literal["log", "self_cpi", "failed", "truncated"]
_MODES: tuple[Mode, ...] = ("log", "self_cpi", "failed", "truncated")
START_WITHIN_S = 30.0


class RpcProblem(Exception):
    """The server answered a call of the test with an error."""


def rpc(url: str, method: str, params: Sequence[Any] = ()) -> Any:
    """One JSON-RPC call of the test itself, blocking. Raises `RpcProblem`."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=START_WITHIN_S) as answer:
        said = json.loads(answer.read())
    if "error" in said:
        raise RpcProblem(said["error"])
    return said["result"]


class _Process:
    """A child that ends with its owner."""

    process: subprocess.Popen[str]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it and wait."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()


@cache
def echo_program_standin() -> bytes:
    """The compiled stand-in for a launchpad: see tools/sbf/echo_program_standin.c."""
    from sbf.build import build

    return build(SCRIPTS / "sbf" / "echo_program_standin.c")


class Surfpool(_Process):
    """A Solana validator with the stand-in program installed at the ids given.

    Attributes:
        rpc_url: HTTP.
        ws_url: WebSocket.
    """

    def __init__(self, programs: Sequence[str], slot_ms: int = 50):
        from solders.keypair import Keypair

        with tempfile.NamedTemporaryFile(suffix=".so") as file:
            file.write(echo_program_standin())
            file.flush()
            wanted = {"slotTimeMs": slot_ms, "programs": [{"id": p, "path": file.name} for p in programs]}
            self.process = subprocess.Popen(
                ["node", str(SCRIPTS / "surfpool.js"), json.dumps(wanted)],
                cwd=SCRIPTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
        if not line:
            assert self.process.stderr is not None
            raise RuntimeError(f"Surfpool did not start: {self.process.stderr.read()[-400:]}")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        said = json.loads(line)
        self.rpc_url: str = said["rpc"]
        self.ws_url: str = said["ws"]
        self._payer = Keypair.from_bytes(bytes(said["payer"]))

    def rpc(self, method: str, params: Sequence[Any] = ()) -> Any:
        """One call."""
        return rpc(self.rpc_url, method, params)

    def say(self, program: str, event: bytes, name: str, discriminator: bytes = bytes(8), mode: Mode = "log") -> str:
        """Have the stand-in at `program` state an event; the signature, once the transaction is confirmed."""
        from solders.hash import Hash
        from solders.instruction import AccountMeta, Instruction
        from solders.keypair import Keypair
        from solders.message import Message
        from solders.pubkey import Pubkey
        from solders.transaction import Transaction

        text = f"Instruction: {name}".encode()
        data = discriminator + bytes([_MODES.index(mode), len(text)]) + text + event
        key = Pubkey.from_string(program)
        blockhash = Hash.from_string(self.rpc("getLatestBlockhash")["value"]["blockhash"])
        # A fresh account makes two equal statements in one block two transactions.
        accounts = [AccountMeta(key, False, False), AccountMeta(Keypair().pubkey(), False, False)]
        call = Instruction(key, data, accounts)
        message = Message.new_with_blockhash([call], self._payer.pubkey(), blockhash)
        sent = base64.b64encode(bytes(Transaction([self._payer], message, blockhash))).decode()
        signature: str = self.rpc("sendTransaction", [sent, {"encoding": "base64", "skipPreflight": True}])
        until(lambda: self._confirmed(signature), START_WITHIN_S)
        return signature

    def _confirmed(self, signature: str) -> bool:
        status = self.rpc("getSignatureStatuses", [[signature]])["value"][0]
        return bool(status) and status["confirmationStatus"] in ("confirmed", "finalized")


class Anvil(_Process):
    """An EVM node with unlocked, funded accounts.

    Attributes:
        rpc_url: HTTP.
        ws_url: WebSocket, on the same port.
        accounts: Addresses that may send.
    """

    def __init__(
        self, chain_id: int = 31337, block_time_s: float | None = None, port: int = 0, hardfork: str = ""
    ) -> None:
        port = port or free_port()
        command = [str(ANVIL), "--port", str(port), "--chain-id", str(chain_id), "--silent", "--accounts", "4"]
        if block_time_s is not None:
            command += ["--block-time", str(block_time_s)]
        if hardfork:
            command += ["--hardfork", hardfork]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
        self.rpc_url, self.ws_url = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}"
        try:
            self.accounts: list[str] = until(self._answer, START_WITHIN_S)
        except BaseException:
            self.stop()
            raise

    def _answer(self) -> list[str] | None:
        """Its accounts, None while it does not listen yet."""
        try:
            accounts: list[str] = self.rpc("eth_accounts")
        except OSError:
            if self.process.poll() is not None:
                raise
            return None
        return accounts

    def rpc(self, method: str, params: Sequence[Any] = ()) -> Any:
        """One call."""
        return rpc(self.rpc_url, method, params)

    def send(self, data: str, to: str | None = None, sender: int = 0) -> dict[str, Any]:
        """Send a transaction from an unlocked account; its receipt. Raises `RpcProblem` when it reverts."""
        tx = {"from": self.accounts[sender], "data": data, "gas": hex(8_000_000)} | ({"to": to} if to else {})
        receipt = self.mined(tx)
        if receipt["status"] != "0x1":
            raise RpcProblem(f"{receipt['transactionHash']} reverted")
        return receipt

    def mined(self, tx: Mapping[str, str]) -> dict[str, Any]:
        """The receipt of a transaction from an unlocked account."""
        return self.receipt(self.rpc("eth_sendTransaction", [dict(tx)]))

    def receipt(self, tx: str) -> dict[str, Any]:
        """The receipt of a transaction that was sent, once its block is there: its hash is answered before."""
        return dict(until(lambda: self.rpc("eth_getTransactionReceipt", [tx]), START_WITHIN_S))


class UniswapV2:
    """The published Uniswap V2 core on a local chain: factory, pairs and its test token, from the npm build folder."""

    def __init__(self, chain: Anvil):
        self.chain = chain
        self.factory = self._deploy("UniswapV2Factory", word(chain.accounts[0]))

    def token(self, supply: int = 10**24) -> str:
        """A new token, all of it with the first account."""
        return self._deploy("ERC20", word(supply))

    def pair(self, token_a: str, token_b: str) -> str:
        """A new pair; PairCreated is logged by the factory."""
        receipt = self.chain.send("0xc9c65396" + word(token_a) + word(token_b), self.factory)
        data: str = receipt["logs"][0]["data"]
        return "0x" + data[26:66]

    def mint(self, pair: str, tokens: Mapping[str, int]) -> dict[str, Any]:
        """Add liquidity: amounts per token, then Mint."""
        for token, amount in tokens.items():
            self._transfer(token, pair, amount)
        return self.chain.send("0x6a627842" + word(self.chain.accounts[0]), pair)

    def swap(self, pair: str, token_in: str, amount_in: int, out0: int, out1: int) -> dict[str, Any]:
        """Pay in, then Swap the amounts out."""
        self._transfer(token_in, pair, amount_in)
        data = "0x022c0d9f" + word(out0) + word(out1) + word(self.chain.accounts[0]) + word(0x80) + word(0)
        return self.chain.send(data, pair)

    def _transfer(self, token: str, to: str, amount: int) -> None:
        self.chain.send("0xa9059cbb" + word(to) + word(amount), token)

    def _deploy(self, contract: str, arguments: str) -> str:
        bytecode = json.loads((UNISWAP_V2 / f"{contract}.json").read_text())["bytecode"]
        code = bytecode if bytecode.startswith("0x") else "0x" + bytecode
        return str(self.chain.send(code + arguments)["contractAddress"])


def word(value: int | str) -> str:
    """An integer or an address as one ABI word, hex without prefix (Solidity ABI, static types)."""
    return f"{value if isinstance(value, int) else int(value, 16):064x}"


def free_port() -> int:
    """A port nobody listens on now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Relay:
    """A TCP relay between a client and a real server, so that a test can cut the line and mend it, or move it
    elsewhere."""

    def __init__(self, url: str):
        self.target = url
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = free_port()
        self._lets_through = True

    @property
    def url(self) -> str:
        """The relay's own address, in the target's scheme."""
        return f"{self.target.split('://')[0]}://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.cut()
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self._lets_through = False
        for writer in list(self._open):
            writer.transport.abort()

    def mend(self, url: str | None = None) -> None:
        """Let connections through again, perhaps to another server."""
        self.target = url or self.target
        self._lets_through = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._lets_through:
            writer.transport.abort()
            return
        host, port = self.target.split("://")[1].rstrip("/").split(":")
        try:
            there_reader, there_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, there_writer}
        for source, sink in ((reader, there_writer), (there_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        sink.close()
        self._open.discard(sink)
