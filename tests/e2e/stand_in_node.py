"""A stand-in for the chains that the node does not serve yet: a real anvil behind the address the bridge asks."""

import contextlib
import json
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import needs

LAUNCHES = {
    "items": [{"mint": "a", "symbol": "KELPO", "name": "Kelp Emperor", "first_seen_wall_ns": 1_795_000_000_000_000_000}]
}


@contextlib.contextmanager
def anvil(chain: int = 1) -> Iterator[str]:
    """The address of a fresh chain; by itself with the id of Ethereum, so that a site needs no switch."""
    program = needs.tool(needs.TOOLS / "@foundry-rs/anvil-linux-amd64/bin/anvil")
    process = subprocess.Popen(
        [str(program), "--port", "0", "--chain-id", str(chain)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = ""
        while not address:
            line = process.stdout.readline()
            assert line, "anvil did not start"
            if line.startswith("Listening on "):
                address = "http://" + line.split()[-1]
        yield address
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class StandInNode(BaseHTTPRequestHandler):
    """`rpc` is the chain's address. The answer to transaction number `loses`, counted from one, never leaves."""

    rpc = ""
    loses = 0

    def do_GET(self) -> None:
        self._say(200 if self.path.startswith("/v1/launches") else 404, LAUNCHES)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chains/eip155%3A1/rpc":
            return self._say(404, {})
        body = json.dumps({"jsonrpc": "2.0", "id": 1, **asked}).encode()
        request = urllib.request.Request(self.rpc, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            said = json.load(answer)
        if asked["method"] == "eth_sendRawTransaction":
            type(self).loses -= 1
            if type(self).loses == 0:
                self.close_connection = True
                return None
        return self._say(200, {key: said[key] for key in ("result", "error") if key in said})

    def _say(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *args: object) -> None:
        pass


@contextlib.contextmanager
def node(socket: Path, loses: int = 0) -> Iterator[str]:
    """Serves at `socket`; the chain's own address. `loses`: see `StandInNode`."""
    with anvil() as rpc:
        handler = type("Handler", (StandInNode,), {"rpc": rpc, "loses": loses})
        with ThreadingUnixStreamServer(str(socket), handler) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.02,))
            thread.start()
            try:
                yield rpc
            finally:
                server.shutdown()
                thread.join()
                socket.unlink()
