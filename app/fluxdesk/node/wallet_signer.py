"""The agent as the send queue's signer: asked on its socket as `node:wallet`; the owner or an allowance decides.

One connection for all requests, made when the first is asked and again after it ended. Who answers on the socket must
be this user, and of the node's own mode. A request that is not waited for any more is taken back: its window closes.
"""

import asyncio
import base64
import contextlib
import itertools
import os
import secrets
import socket
import struct
from pathlib import Path

import msgspec

from fluxdesk.chains.sending.ports import SignerAway, SignRefused, SignRequest
from fluxdesk.core.paths import Mode, runtime_dir
from fluxdesk.core.private_folder import what_is_wrong
from fluxdesk_host.protocol import PROTOCOL, messages
from fluxdesk_host.protocol.frames import FrameReader, FrameTooLarge, encode

ORIGIN = "node:wallet"
AGENT_SOCKET = "agent.sock"
ANSWER_S = 5.0
_SOLANA_SIGNATURE = 64
_AWAY = frozenset({"locked", "too_many", "busy", "already_waiting", "closed", "version_mismatch", "app_not_running"})
"""Refusals that say nothing about the request."""
NOT_RUNNING = "It waits for its signature: the agent does not run. It goes on once Fluxdesk's window is open."
LOCKED = "It waits for its signature: the agent is locked. It goes on once it is unlocked."
_TO_AGENT = messages.Sign | messages.Status | messages.Cancel | messages.Greeting


class AgentSigner:
    """See `chains.sending.ports.Signer`. Lives on the event loop; close it."""

    def __init__(self, path: Path, mode: Mode) -> None:
        self._path, self._mode = path, mode
        self._numbers = itertools.count(1)
        self._asked: dict[str, asyncio.Future[messages.FromAgent]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        """Ends the connection; the agent lets what waits there die."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            self._reading = None

    async def sign(self, request: SignRequest) -> bytes:
        """See `Signer`. The id is another one each time: the agent takes none twice, and the bytes are the same."""
        await self._open()
        await self._unlocked()
        number = f"{request.id[:50]}-{secrets.token_hex(4)}"
        family, payload = _payload(request)
        sign = messages.Sign(number, ORIGIN, f"{family}:{request.account}", request.chain, request.kind, payload)
        answer = await self._ask(number, sign, withdrawn=True)
        if isinstance(answer, messages.Signed):
            return _signed(request, answer.result)
        if isinstance(answer, messages.Refused) and answer.code in _AWAY:
            raise SignerAway(LOCKED if answer.code == "locked" else f"It waits for its signature: {answer.reason}")
        why = answer.reason if isinstance(answer, messages.Refused) else "Its answer was not understood."
        raise SignRefused(f"Not signed: {why} Nothing was sent.")

    async def _unlocked(self) -> None:
        """Raises `SignerAway` while it is locked, which an audit log need not hold a refusal for."""
        number = f"status-{next(self._numbers)}"
        try:
            answer = await asyncio.wait_for(self._ask(number, messages.Status(number), withdrawn=False), ANSWER_S)
        except TimeoutError:
            raise SignerAway("It waits for its signature: the agent does not answer.") from None
        if not isinstance(answer, messages.State) or answer.locked:
            raise SignerAway(LOCKED)
        if answer.mode != self._mode:
            raise SignerAway(f"It waits for its signature: the agent that runs is that of the {answer.mode} profile.")

    async def _ask(self, number: str, message: _TO_AGENT, withdrawn: bool) -> messages.FromAgent:
        answer: asyncio.Future[messages.FromAgent] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            self._send(message)
            return await answer
        except asyncio.CancelledError:
            if withdrawn:
                with contextlib.suppress(SignerAway):
                    self._send(messages.Cancel(number))
            raise
        finally:
            self._asked.pop(number, None)

    def _send(self, message: _TO_AGENT) -> None:
        if self._writer is None or self._writer.is_closing():
            raise SignerAway(NOT_RUNNING)
        try:
            self._writer.write(encode(messages.encode(message)))
        except FrameTooLarge as error:
            raise SignRefused(f"Not signed: {error} Nothing was sent.") from None

    async def _open(self) -> None:
        async with self._opening:
            if self._writer is not None and not self._writer.is_closing():
                return
            if self._path.parent.exists() and (problem := what_is_wrong(self._path.parent)) is not None:
                raise SignerAway(f"It waits for its signature: {problem}")
            try:
                reader, writer = await asyncio.open_unix_connection(str(self._path))
            except OSError:
                raise SignerAway(NOT_RUNNING) from None
            peer = writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            _, user, _ = struct.unpack("3i", peer)
            if user != os.getuid():
                writer.close()
                raise SignerAway(f"It waits for its signature: user {user} answers in place of the agent.")
            self._writer = writer
            self._send(messages.Greeting(PROTOCOL, "node"))
            self._reading = asyncio.create_task(self._read(reader, writer))

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        try:
            while data := await reader.read(1 << 16):
                for frame in frames.feed(data):
                    self._take(messages.from_agent(frame))
        except (OSError, FrameTooLarge, msgspec.MsgspecError, RecursionError):
            return
        finally:
            self._writer = None
            writer.close()
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(SignerAway(NOT_RUNNING))

    def _take(self, message: messages.FromAgent) -> None:
        number = getattr(message, "id", None)
        answer = self._asked.get(number) if isinstance(number, str) else None
        if answer is not None and not answer.done():
            answer.set_result(message)


def agent_socket() -> Path:
    """Where the agent listens: as the bridge finds it, `$FLUXDESK_AGENT_SOCKET` a name in the runtime folder."""
    return runtime_dir() / (Path(os.environ.get("FLUXDESK_AGENT_SOCKET", "")).name or AGENT_SOCKET)


def _payload(request: SignRequest) -> tuple[str, str | dict[str, object]]:
    if request.kind == "evm_tx":
        return "evm", msgspec.json.decode(request.payload, type=dict[str, object])
    return "solana", base64.b64encode(request.payload).decode()


def _signed(request: SignRequest, result: str) -> bytes:
    """Raises `SignRefused` for what is neither form; the rail then checks that it belongs to the request."""
    try:
        if request.kind == "evm_tx":
            return bytes.fromhex(result.removeprefix("0x"))
        signed = base64.b64decode(result, validate=True)
    except ValueError:
        raise SignRefused("Not signed: the agent's answer was not understood. Nothing was sent.") from None
    return signed if len(signed) == _SOLANA_SIGNATURE else signed[1 : 1 + _SOLANA_SIGNATURE]
