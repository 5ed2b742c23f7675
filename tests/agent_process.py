"""A real agent in a process of its own, with the owner's end of its channel and programs that ask on its socket.

The keystore is made here, at the least cost its file may have, so that a test does not wait for a calibrated one.
"""

import base64
import hashlib
import json
import os
import socket
import struct
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from fluxdesk_host.agent.vault import Vault, wallet_from
from fluxdesk_host.keystore.kdf import Cost
from fluxdesk_host.protocol import PROTOCOL

WORDS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"
PASSPHRASE = "correct horse battery"
EVM = "evm:0x9858effd232b4033e47d90003d41ec34ecaeda94"
SHOP = "0x" + "b2" * 20
WITHIN_S = 60.0


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def make_keystore(data: Path) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    wallet = wallet_from(bytearray(WORDS.encode()), bytearray(), "Test")
    Vault.create(data / "keystore.fdk", bytearray(PASSPHRASE.encode()), wallet, Cost()).close()


class Framed:
    """One socket with frames of JSON."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        link.settimeout(WITHIN_S)
        self._rest = b""

    def send(self, message: object) -> None:
        self.send_raw(json.dumps(message).encode())

    def send_raw(self, body: bytes) -> None:
        self.link.sendall(struct.pack("<I", len(body)) + body)

    def receive(self) -> dict[str, Any] | None:
        """The next message; None at the end."""
        body = self.receive_raw()
        if body is None:
            return None
        answer: dict[str, Any] = json.loads(body)
        return answer

    def receive_raw(self) -> bytes | None:
        """The next frame; None at the end."""
        while len(self._rest) < 4 or len(self._rest) < 4 + struct.unpack_from("<I", self._rest)[0]:
            try:
                more = self.link.recv(1 << 16)
            except ConnectionError:
                return None
            if not more:
                return None
            self._rest += more
        (length,) = struct.unpack_from("<I", self._rest)
        body, self._rest = self._rest[4 : 4 + length], self._rest[4 + length :]
        return body

    def close(self) -> None:
        self.link.close()


class Owner(Framed):
    """The desktop's end of the channel. What is not a reply is kept in `pushed`."""

    def __init__(self, link: socket.socket) -> None:
        super().__init__(link)
        self.pushed: list[dict[str, Any]] = []
        self._n = 0

    def begin(self, op: str, **fields: object) -> int:
        self._n += 1
        self.send({"op": op, "n": self._n, **fields})
        return self._n

    def reply(self, n: int) -> dict[str, Any]:
        while True:
            message = self.receive()
            assert message is not None, "the channel ended"
            if message["op"] in ("ok", "error") and message["n"] == n:
                return message
            self.pushed.append(message)

    def do(self, op: str, **fields: object) -> Any:
        """The body of an `ok`."""
        answer = self.reply(self.begin(op, **fields))
        assert answer["op"] == "ok", answer
        return answer.get("body")

    def fails(self, op: str, **fields: object) -> str:
        """The reason of an `error`."""
        answer = self.reply(self.begin(op, **fields))
        assert answer["op"] == "error", answer
        return str(answer["reason"])

    def push(self, op: str, **wanted: object) -> dict[str, Any]:
        """The next push of a kind."""
        while True:
            for i, message in enumerate(self.pushed):
                if message["op"] == op and all(message.get(k) == v for k, v in wanted.items()):
                    return self.pushed.pop(i)
            message_ = self.receive()
            assert message_ is not None, f"the channel ended before {op}"
            self.pushed.append(message_)

    def unlock(self) -> None:
        self.do("unlock", passphrase=encoded(PASSPHRASE))


class Asker(Framed):
    """A program that greets as the node."""

    def __init__(self, path: str, role: str = "node") -> None:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.connect(path)
        super().__init__(link)
        self.send({"op": "greeting", "protocol": PROTOCOL, "role": role})

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        self.send(request)
        answer = self.receive()
        assert answer is not None
        return answer


def transfer(value: int = 1, to: str = SHOP, nonce: int = 0, **more: object) -> dict[str, Any]:
    """A request to sign a plain transfer."""
    request: dict[str, Any] = {
        "op": "sign",
        "id": str(uuid.uuid4()),
        "origin": "node:dca",
        "account": EVM,
        "chain": "eip155:1",
        "kind": "evm_tx",
        "payload": {
            "type": "0x2",
            "chainId": "0x1",
            "nonce": hex(nonce),
            "gas": hex(21000),
            "maxFeePerGas": "0x1",
            "maxPriorityFeePerGas": "0x1",
            "to": to,
            "value": hex(value),
            "data": "0x",
        },
    }
    return request | more


POLICY: dict[str, Any] = {
    "allowances": [
        {
            "name": "dca",
            "account": EVM,
            "origin": "node:dca",
            "chain": "eip155:1",
            "kinds": ["evm_tx"],
            "methods": ["native_out"],
            "assets": {"native": {"per_transaction": 100_000, "per_day": 1_000_000}},
            "recipients": [SHOP],
        }
    ],
    "requests_per_second": 100_000,
}


class AgentProcess:
    """Started on construction; ended by `close`, by the end of the owner's channel, or by the test."""

    def __init__(self, data: Path, run: Path, *arguments: str, headless: Path | None = None) -> None:
        self.data, self.path = data, str(run / "a.sock")
        command = [sys.executable, "-m", "fluxdesk_host.agent", "--data", str(data), "--socket", self.path, *arguments]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        self.owner: Owner | None = None
        theirs: socket.socket | None = None
        if headless is None:
            mine, theirs = socket.socketpair()
            command += ["--channel", str(theirs.fileno())]
            self.owner = Owner(mine)
        else:
            command += ["--policy", str(headless)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            pass_fds=(theirs.fileno(),) if theirs is not None else (),
        )
        if theirs is not None:
            theirs.close()
        assert self.process.stdin is not None
        if headless is not None:
            self.process.stdin.write(PASSPHRASE.encode() + b"\n")
        self.process.stdin.close()

    def ready(self) -> Self:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith(b"ready "), line + self.errors().encode()
        return self

    def errors(self) -> str:
        """All it said on standard error; only once it has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    @property
    def desk(self) -> Owner:
        assert self.owner is not None
        return self.owner

    def asker(self, role: str = "node") -> Asker:
        return Asker(self.path, role)

    def admitted(self) -> Asker:
        """An asker that the owner named as the node: this very process."""
        self.desk.do("admit_node", process=os.getpid())
        return self.asker()

    def memory_mib(self, field: str = "VmRSS") -> float:
        """Of its memory: what it has now, or `VmHWM`, the most it ever had."""
        text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line for line in text.splitlines() if line.startswith(field)).split()[1]) / 1024

    def close(self) -> None:
        if self.owner is not None:
            self.owner.close()
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(WITHIN_S)
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def unlocked(data: Path, run: Path, policy: dict[str, Any] | None = None) -> Iterator[AgentProcess]:
    """An agent with the test wallet, unlocked, under a policy."""
    if not (data / "keystore.fdk").exists():
        make_keystore(data)
    with AgentProcess(data, run) as agent:
        agent.ready()
        agent.desk.unlock()
        if policy is not None:
            agent.desk.do("set_policy", policy=policy)
        yield agent


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
