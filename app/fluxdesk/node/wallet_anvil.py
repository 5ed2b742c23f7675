"""An EVM chain to practise on: anvil, when it was installed, as a child of the node on a loopback port of its own."""

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.rail import EvmRail
from fluxdesk.chains.rpc.errors import Refused, Unreachable
from fluxdesk.chains.rpc.http import Call
from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.rpc.port import Health, State
from fluxdesk.core.chains import Chain
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.paths import Profile, data_home
from fluxdesk.node.wallet_evm import EvmLine

FUND_WEI = 100 * 10**18
READY_S = 20.0
_EVERY_S = 0.05
_PR_SET_PDEATHSIG = 1
NOTE = "anvil on this machine: practice coins, no network. What happened is kept for the next start."
MISSING = "it is not installed; `fluxdesk practice install` fetches it"


def tools_folder() -> Path:
    """Where `fluxdesk practice install` puts programs."""
    return data_home() / "tools"


def find_anvil() -> Path | None:
    """The installed one, else one on the PATH."""
    for found in sorted(tools_folder().glob("node_modules/@foundry-rs/anvil-*/bin/anvil")):
        if os.access(found, os.X_OK):
            return found
    on_path = shutil.which("anvil")
    return Path(on_path) if on_path else None


class AnvilRpc:
    """See `chains.rpc.port.ChainRpc`. Started at the first call."""

    def __init__(self, chain: Chain, profile: Profile) -> None:
        self._chain, self._state = chain, profile.folder / "practice-evm.json"
        self._process: subprocess.Popen[bytes] | None = None
        self._pool: EndpointPool | None = None
        self._starting = asyncio.Lock()
        self._why = ""

    @property
    def chain(self) -> Chain:
        """The practice chain."""
        return self._chain

    async def call(self, method: str, params: Sequence[object]) -> bytes:
        """The `result`. Raises `Refused`, `Unreachable`."""
        return await (await self._ready()).call(method, params)

    async def batch(self, calls: Sequence[Call]) -> list[bytes | Refused]:
        """Several calls. Raises `Unreachable`."""
        return await (await self._ready()).batch(calls)

    async def everywhere(self, method: str, params: Sequence[object]) -> list[bytes | Refused]:
        """There is one of it. Raises `Unreachable`."""
        return await (await self._ready()).everywhere(method, params)

    async def check(self) -> list[Health]:
        """Starts it when it can be."""
        try:
            return await (await self._ready()).check()
        except Unreachable:
            return self.health()

    def health(self) -> list[Health]:
        """How it is, without starting it."""
        if self._pool is not None and self._runs():
            return [h._replace(shown="anvil") for h in self._pool.health()]
        reason = self._why or ("" if find_anvil() is not None else MISSING)
        return [Health("anvil", State.FAILING if reason else State.UNASKED, 0, 0, reason)]

    async def close(self) -> None:
        """Ends it; it writes its state."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                await asyncio.to_thread(process.wait, 5)
            except subprocess.TimeoutExpired:
                process.kill()
                await asyncio.to_thread(process.wait)

    async def fund(self, account: str) -> None:
        """A hundred more of its coins for an account. Raises `Unreachable`."""
        held = int((await self.call("eth_getBalance", [account, "latest"])).strip(b'"'), 16)
        await self.call("anvil_setBalance", [account, hex(held + FUND_WEI)])

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    async def _ready(self) -> EndpointPool:
        async with self._starting:
            if self._pool is None or not self._runs():
                await self.close()
                self._pool = await self._start()
            return self._pool

    async def _start(self) -> EndpointPool:
        program = find_anvil()
        if program is None:
            self._why = MISSING
            raise Unreachable(self._chain.name, [("anvil", MISSING)])
        port = _free_port()
        command = [
            str(program), "--host", "127.0.0.1", "--port", str(port), "--chain-id", str(self._chain.number), "--silent",
            "--block-time", str(self._chain.block_ms / 1000), "--accounts", "1", "--state", str(self._state),
        ]  # fmt: skip
        quiet = subprocess.DEVNULL
        # Not on another thread: the end of the thread that starts it would end it as well.
        self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - a program that the user installed
            command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 - one system call that was looked up before
        )  # fmt: skip
        if not await self._answers(port):
            await self.close()
            self._why = "it did not start"
            raise Unreachable(self._chain.name, [("anvil", self._why)])
        self._why = ""
        return EndpointPool(self._chain, [Endpoint.parse(f"http://127.0.0.1:{port}", ("http",))], per_second=1_000)

    async def _answers(self, port: int) -> bool:
        async def listens() -> None:
            while self._runs():
                with contextlib.suppress(OSError):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.close()
                    return
                await asyncio.sleep(_EVERY_S)

        try:
            await asyncio.wait_for(listens(), READY_S)
        except TimeoutError:
            return False
        return self._runs()


class PracticeEvmLine(EvmLine):
    """The practice chain: its coins are given away."""

    note = NOTE

    def __init__(self, rpc: AnvilRpc, history: Path) -> None:
        client = EvmClient(rpc)
        super().__init__(client, EvmRail(client), rpc, history, "anvil")
        self._anvil = rpc

    async def fund(self, account: str) -> None:
        """A hundred of its coins."""
        from fluxdesk.node.wallet_line import translated

        self.used = True
        with translated():
            await self._anvil.fund(account)


def _end_with_parent() -> Callable[[], object]:
    """Has the kernel end the child when the node dies, however it does (prctl(2), PR_SET_PDEATHSIG)."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    number = int(signal.SIGTERM)
    return lambda: prctl(_PR_SET_PDEATHSIG, number)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
