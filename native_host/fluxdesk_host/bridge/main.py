"""The bridge: native messaging on standard streams on one side, the agent's and the node's sockets on the other.

Started by the browser with `python -IS`, so it imports the standard library alone, and little of it before the first
answer. It cannot read channel `agent`, holds no key and approves nothing. It ends when the browser closes its stream.
"""

import binascii
import json
import os
import sys
import threading

from fluxdesk_host.bridge import sockets
from fluxdesk_host.bridge.identity import CALLER
from fluxdesk_host.protocol import PROTOCOL, VERSION, frames
from fluxdesk_host.protocol.errors import ProtocolError

TYPE_CHECKING = False  # `typing`, `socket` and what they bring would double the time to the first answer
if TYPE_CHECKING:
    from socket import socket

MAX_NOISE_BYTES = 65535
MOST_READS = 32
READ_BYTES = 1 << 16


class Bridge:
    """One browser's connection. Three threads at most write to it; `say` keeps their frames whole."""

    def __init__(self, browser_in: int, browser_out: int) -> None:
        self._in = browser_in
        self._out = browser_out
        self._writing = threading.Lock()
        self._agent: socket | None = None
        self._greeted = False
        self._reads = threading.BoundedSemaphore(MOST_READS)

    def run(self, caller: str) -> int:
        """Serves until the browser is gone. Exit code: 0 in order, 1 if the other side broke the rules."""
        if caller != CALLER:
            self.fail(ProtocolError("wrong_caller"))
            return 1
        reader = frames.FrameReader()
        try:
            while data := os.read(self._in, READ_BYTES):
                for frame in reader.feed(data):
                    self._take(frame)
        except frames.FrameTooLarge as error:
            self.fail(ProtocolError("too_large", str(error)))
            return 1
        except BrokenPipeError:
            return 0
        return 1 if reader.midway else 0

    def say(self, message: dict[str, object]) -> None:
        """One message to the browser."""
        wire = memoryview(frames.encode(json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()))
        with self._writing:
            while wire:
                wire = wire[os.write(self._out, wire) :]

    def fail(self, error: ProtocolError, read: int | None = None) -> None:
        """Tells the browser what could not be done."""
        about = {} if read is None else {"id": read}
        self.say({"op": "failed", "code": error.code, "reason": error.reason[:400], **about})

    def _take(self, frame: bytes) -> None:
        try:
            message = json.loads(frame)
            if not isinstance(message, dict):
                raise ValueError("not an object")
        except (ValueError, RecursionError):
            self.fail(ProtocolError("malformed", "A message is no JSON object."))
            return
        op = message.get("op")
        try:
            if op == "hello":
                self._hello(message)
            elif not self._greeted:
                raise ProtocolError("version_mismatch", "The first message is `hello`.")
            elif op == "bytes":
                self._carry(message)
            elif op == "ask":
                self._ask(message)
            elif op == "open":
                self._open()
            elif op == "close":
                if self._agent is None:
                    raise ProtocolError("closed", "The channel to the agent is not open.")
                self._drop(self._agent, "closed", "The browser closed the channel.")
            elif op == "start":
                self._start()
            else:
                raise ProtocolError("not_allowed", "The bridge knows no such message.")
        except ProtocolError as error:
            self.fail(error)

    def _hello(self, message: dict[str, object]) -> None:
        theirs = message.get("protocol")
        if type(theirs) is not int or theirs != PROTOCOL:
            raise ProtocolError(
                "version_mismatch",
                f"The extension speaks protocol {str(theirs)[:20]}, Fluxdesk {VERSION} speaks {PROTOCOL}. "
                "Update the older of the two.",
            )
        self._greeted = True
        app = "running" if sockets.exists("agent") else "stopped"
        can_start = bool(os.environ.get("FLUXDESK_START"))
        self.say({"op": "welcome", "protocol": PROTOCOL, "version": VERSION, "app": app, "can_start": can_start})

    def _open(self) -> None:
        if self._agent is not None:
            raise ProtocolError("malformed", "The channel is open already.")
        try:
            agent = sockets.connect("agent")
            agent.sendall(frames.encode(b'{"op":"greeting","protocol":%d,"role":"browser"}' % PROTOCOL))
        except sockets.Unsafe as error:
            raise ProtocolError("unsafe_runtime", str(error)) from error
        except (sockets.NotThere, OSError) as error:
            raise ProtocolError("app_not_running", str(error)) from error
        self._agent = agent
        self.say({"op": "opened"})
        threading.Thread(target=self._listen, args=(agent,), daemon=True).start()

    def _carry(self, message: dict[str, object]) -> None:
        data = message.get("data")
        if not isinstance(data, str):
            raise ProtocolError("malformed", "`data` is base64.")
        try:
            noise = binascii.a2b_base64(data, strict_mode=True)
        except ValueError as error:
            raise ProtocolError("malformed", "`data` is base64.") from error
        if len(noise) > MAX_NOISE_BYTES:
            raise ProtocolError("too_large", "A Noise message has at most 65,535 bytes.")
        agent = self._agent
        if agent is None:
            raise ProtocolError("closed", "The channel to the agent is not open.")
        try:
            agent.sendall(frames.encode(noise))
        except OSError:
            self._drop(agent, "closed", "The agent no longer answers.")

    def _listen(self, agent: "socket") -> None:
        """Carries what the agent says, until it ends. Its own thread, so that neither direction waits for the other."""
        reader = frames.FrameReader()
        code, reason = "closed", "Fluxdesk ended the channel."
        try:
            while data := agent.recv(READ_BYTES):
                for noise in reader.feed(data):
                    if len(noise) > MAX_NOISE_BYTES:
                        raise frames.FrameTooLarge("A Noise message has at most 65,535 bytes.")
                    self.say({"op": "bytes", "data": binascii.b2a_base64(noise, newline=False).decode()})
        except frames.FrameTooLarge as error:
            code, reason = "too_large", str(error)
        except OSError:
            pass
        self._drop(agent, code, reason)

    def _drop(self, agent: "socket | None", code: str, reason: str) -> None:
        """Ends the channel once, whichever thread sees its end first."""
        with self._writing:
            if agent is None or self._agent is not agent:
                return
            self._agent = None
        from socket import SHUT_RDWR

        try:
            agent.shutdown(SHUT_RDWR)
        except OSError:
            pass  # the other side was first
        agent.close()
        try:
            self.say({"op": "closed", "code": code, "reason": reason})
        except OSError:
            pass  # the browser is gone as well

    def _ask(self, message: dict[str, object]) -> None:
        number = message.get("id")
        if type(number) is not int or not 0 <= number < 2**53:
            raise ProtocolError("malformed", "A question has a number.")
        if not self._reads.acquire(blocking=False):
            self.fail(ProtocolError("busy", f"{MOST_READS} questions are on their way already."), number)
            return
        threading.Thread(
            target=self._read, args=(number, message.get("what"), message.get("with", {})), daemon=True
        ).start()

    def _read(self, number: int, what: object, given: object) -> None:
        from fluxdesk_host.bridge import node_link

        try:
            try:
                self.say({"op": "answer", "id": number, "body": node_link.read(what, given)})
            except ProtocolError as error:
                self.fail(error, number)
            except frames.FrameTooLarge as error:
                self.fail(ProtocolError("too_large", str(error)), number)
        except OSError:
            pass  # the browser is gone
        finally:
            self._reads.release()

    def _start(self) -> None:
        from fluxdesk_host.bridge import starting

        starting.start()
        self.say({"op": "started"})


def main() -> None:
    """`sys.argv[1]` is the caller's address, as browsers give it."""
    code = 1
    try:
        code = Bridge(0, 1).run(sys.argv[1] if len(sys.argv) > 1 else "")
    except (BrokenPipeError, KeyboardInterrupt):
        code = 0
    finally:
        os._exit(code)  # a thread that waits for a node must not keep a bridge alive whose browser is gone


if __name__ == "__main__":
    main()
