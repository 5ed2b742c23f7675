"""A stand-in for the agent: the real session code on a real socket, real signatures; no keystore, policy or window.

It holds two known keys and does at once what its switches say. The tests that need the real agent use the real one.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fluxdesk_host.keys.addresses import evm_address, solana_address
from fluxdesk_host.keys.curves import sign_ed25519
from fluxdesk_host.keys.eip191 import sign_personal
from fluxdesk_host.keys.eip712 import read_typed_data, sign_typed_data
from fluxdesk_host.keys.evm_fields import read_transaction
from fluxdesk_host.keys.evm_tx import sign_evm_transaction
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.solana_message import sign_transaction
from fluxdesk_host.protocol import frames, messages
from fluxdesk_host.protocol.errors import ProtocolError
from fluxdesk_host.protocol.noise import new_static_key
from fluxdesk_host.protocol.pairing import Attempts
from fluxdesk_host.protocol.session import BrowserSession, Compare, Known

EVM_PRIVATE = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
"""The first account of every anvil: known to everyone, worth nothing."""
SOLANA_PRIVATE = bytes(range(32))


class StandInAgent:
    """Switches: `locked`, `rejects`, `chain`. What was asked for is in `asked`, what the owner would see in `codes`."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.static = new_static_key()
        self.known: set[bytes] = set()
        self.locked = False
        self.rejects = False
        self.waits = False
        self.asked: list[messages.ToAgent] = []
        self.codes: list[str] = []
        self.evm = Secret(bytearray(EVM_PRIVATE))
        self.solana = Secret(bytearray(SOLANA_PRIVATE))
        self.accounts = [f"evm:{evm_address(self.evm)}", f"solana:{solana_address(self.solana)}"]
        self.grants: dict[tuple[str, str], messages.Grant] = {}
        self.waiting: list[messages.Waiting] = []
        self._sessions: dict[BrowserSession, asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self._attempts = Attempts()

    async def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self.socket)
        os.chmod(self.socket, 0o600)

    async def stop(self) -> None:
        """As when the desktop is closed."""
        assert self._server is not None
        self._server.close()
        for writer in self._sessions.values():
            writer.close()
        self.socket.unlink(missing_ok=True)
        await asyncio.sleep(0)

    def owner_says(self, yes: bool) -> None:
        """The owner's answer in the window to the code shown last."""
        for session in list(self._sessions):
            for event in session.owner_says(yes):
                self._event(session, event)
            self._flush(session)

    def changed(self) -> None:
        """Pushes the state to every known browser."""
        for session in list(self._sessions):
            if session.trusted:
                session.send(self.state())
                self._flush(session)

    def state(self, to: str | None = None) -> messages.State:
        shown = not self.locked
        return messages.State(
            locked=self.locked,
            mode="practice",
            accounts=[messages.Account(id=one, label=f"Main {n}") for n, one in enumerate(self.accounts, 1)]
            if shown
            else [],
            grants=list(self.grants.values()) if shown else [],
            waiting=self.waiting if shown else [],
            id=to,
        )

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        cutter = frames.FrameReader()
        session: BrowserSession | None = None
        try:
            while data := await reader.read(1 << 16):
                for frame in cutter.feed(data):
                    if session is None:
                        assert messages.greeting(frame).role == "browser"
                        session = BrowserSession(
                            self.static, lambda key: key in self.known, self._attempts, "Stand-in desktop"
                        )
                        self._sessions[session] = writer
                        continue
                    for event in session.receive(frame):
                        self._event(session, event)
                    self._flush(session)
        except (ProtocolError, ConnectionError, frames.FrameTooLarge):
            pass
        finally:
            if session is not None:
                self._sessions.pop(session, None)
            writer.close()

    def _flush(self, session: BrowserSession) -> None:
        writer = self._sessions.get(session)
        for part in session.outgoing:
            if writer is not None:
                writer.write(frames.encode(part))
        session.outgoing.clear()

    def _event(self, session: BrowserSession, event: object) -> None:
        if isinstance(event, Compare):
            self.codes.append(event.code)
        elif isinstance(event, Known):
            self.known.add(event.key)
            session.welcome()
        else:
            self.asked.append(event)  # type: ignore[arg-type]
            answer = self._answer(event)
            if isinstance(answer, messages.Connected | messages.Done):
                session.send(self.state())
            if answer is not None:
                session.send(answer)

    def _answer(self, event: Any) -> messages.FromAgent | None:
        if isinstance(event, messages.Status):
            return self.state(event.id)
        if isinstance(event, messages.Cancel) or self.waits:
            return None
        if self.locked:
            return messages.Refused(code="locked", reason="The agent is locked.", id=event.id)
        if self.rejects:
            return messages.Refused(code="user_rejected", reason="The user said no.", id=event.id)
        if isinstance(event, messages.Connect):
            return self._connect(event)
        if isinstance(event, messages.Disconnect):
            for family in [event.family] if event.family else ["evm", "solana"]:
                self.grants.pop((event.origin, family), None)
            return messages.Done(id=event.id)
        if isinstance(event, messages.SwitchChain):
            grant = self.grants.get((event.origin, "evm"))
            if event.chain not in ("eip155:1", "eip155:10", "eip155:31337") or grant is None:
                return messages.Refused(code="unknown_chain", reason="The chain is not in the list.", id=event.id)
            self.grants[event.origin, "evm"] = messages.Grant(event.origin, grant.accounts, event.chain)
            return messages.Done(id=event.id)
        if isinstance(event, messages.Sign):
            return messages.Signed(id=event.id, result=SIGNERS[event.kind](self, event.payload))
        return messages.Done(id=event.id)

    def _connect(self, event: messages.Connect) -> messages.FromAgent:
        key = (event.origin, event.family)
        chain = "eip155:1" if event.family == "evm" else "solana:mainnet"
        if key not in self.grants and event.silent:
            return messages.Connected(id=event.id, accounts=[], chain=chain)
        mine = [one for one in self.accounts if one.startswith(event.family)]
        grant = self.grants.setdefault(key, messages.Grant(event.origin, mine, chain))
        return messages.Connected(id=event.id, accounts=grant.accounts, chain=grant.chain)


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


SIGNERS: dict[str, Callable[[StandInAgent, Any], str]] = {
    "evm_message": lambda agent, payload: _hex(sign_personal(agent.evm, base64.b64decode(payload))),
    "evm_typed": lambda agent, payload: _hex(sign_typed_data(agent.evm, read_typed_data(payload))),
    "evm_tx": lambda agent, payload: _hex(sign_evm_transaction(agent.evm, read_transaction(payload))),
    "solana_message": lambda agent, payload: _b64(sign_ed25519(agent.solana, base64.b64decode(payload))),
    "solana_tx": lambda agent, payload: _b64(sign_transaction(agent.solana, base64.b64decode(payload))),
}
