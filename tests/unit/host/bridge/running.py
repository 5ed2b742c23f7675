"""A real bridge process with pipes for a browser, and a stand-in agent that echoes, for the tests beside this file."""

import base64
import json
import os
import select
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fluxdesk_host.bridge import launcher
from fluxdesk_host.bridge.identity import CALLER
from fluxdesk_host.protocol import PROTOCOL
from fluxdesk_host.protocol.frames import FrameReader, encode

ANSWER_S = 30.0


@dataclass
class Running:
    """The browser's end of one bridge."""

    process: subprocess.Popen[bytes]
    reader: FrameReader = field(default_factory=FrameReader)
    waiting: list[bytes] = field(default_factory=list)

    def send(self, message: object) -> None:
        self.send_raw(encode(json.dumps(message).encode()))

    def send_raw(self, wire: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(wire)
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """The next message; fails the test if none comes."""
        assert self.process.stdout is not None
        number = self.process.stdout.fileno()
        while not self.waiting:
            ready, _, _ = select.select([number], [], [], ANSWER_S)
            assert ready, "the bridge said nothing"
            data = os.read(number, 1 << 16)
            assert data, f"the bridge ended with {self.process.wait()}"
            self.waiting += self.reader.feed(data)
        answer = json.loads(self.waiting.pop(0))
        assert isinstance(answer, dict)
        return answer

    def asked(self, message: object) -> dict[str, Any]:
        self.send(message)
        return self.hear()

    def greet(self) -> dict[str, Any]:
        return self.asked({"op": "hello", "protocol": PROTOCOL, "version": "test"})

    def ended(self) -> int:
        """The exit code, once it has ended by itself."""
        return self.process.wait(ANSWER_S)


@contextmanager
def bridge(runtime: Path, caller: str = CALLER, places: launcher.Places | None = None) -> Iterator[Running]:
    """A bridge started as a browser does it: by the launcher's path, with an almost empty environment."""
    script = launcher.write(
        runtime.parent / "launcher", places or launcher.Places(runtime, "agent.sock", "node.sock", ())
    )
    process = subprocess.Popen(
        [str(script), caller], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]}
    )
    try:
        yield Running(process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                pass  # what was not taken yet


@contextmanager
def listening(file: Path) -> Iterator[socket.socket]:
    """A listening socket in a folder of mode 0700."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.parent.chmod(0o700)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(file))
        server.listen()
        server.settimeout(ANSWER_S)
        yield server


class StandInAgent(threading.Thread):
    """Not the agent: takes one connection, keeps its greeting, and says every frame back."""

    def __init__(self, server: socket.socket) -> None:
        super().__init__(daemon=True)
        self.server = server
        self.greeting: bytes | None = None
        self.link: socket.socket | None = None

    def run(self) -> None:
        self.link, _ = self.server.accept()
        reader = FrameReader()
        while data := self.link.recv(1 << 16):
            for frame in reader.feed(data):
                if self.greeting is None:
                    self.greeting = frame
                else:
                    self.link.sendall(struct.pack("<I", len(frame)) + frame)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
