"""A small real HTTP server for tests of fetching: what a token's creator might put behind an address."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

Answer = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """HTTP on a loopback port; `pages` maps a path to what answers it.

    Attributes:
        asked: (path, headers) of every request, in order.
    """

    def __init__(self, pages: dict[str, Answer]):
        self.asked: list[tuple[str, dict[str, str]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                try:
                    pages.get(self.path, not_found)(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def do_POST(self) -> None:
                self.body = self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self.port}{path}"


def page(body: bytes, content_type: str | None = "application/json", status: int = 200, **headers: str) -> Answer:
    """An ordinary answer."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        if content_type is not None:
            request.send_header("Content-Type", content_type)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def redirect(to: str, status: int = 302) -> Answer:
    """An answer that leads on."""
    return page(b"", None, status, Location=to)


def endless(request: BaseHTTPRequestHandler) -> None:
    """A body without length and without end."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Connection", "close")
    request.end_headers()
    request.close_connection = True
    while True:
        request.wfile.write(b" " * 65_536)


def drip(request: BaseHTTPRequestHandler) -> None:
    """A body that comes a byte at a time, each soon enough to keep a read timeout from firing."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", "100000")
    request.end_headers()
    for _ in range(1_000):
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.05)


def not_found(request: BaseHTTPRequestHandler) -> None:
    """404."""
    page(b"", None, 404)(request)
