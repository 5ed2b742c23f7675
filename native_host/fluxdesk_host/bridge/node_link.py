"""One read from the node: HTTP/1.1 over its Unix socket. Only what `protocol.reading` lists, and at most 1 MiB back."""

import http.client
import json
import socket

from fluxdesk_host.bridge import sockets
from fluxdesk_host.protocol.errors import ProtocolError
from fluxdesk_host.protocol.frames import MAX_FRAME_BYTES
from fluxdesk_host.protocol.reading import NotAllowed, request

ANSWER_S = 20.0
ROOM_FOR_THE_ENVELOPE = 1024
DEEPEST = 100
"""Levels of an answer; a chain's endpoint writes part of it, and a browser ends the whole bridge over more than 200."""


class _OverSocket(http.client.HTTPConnection):
    def __init__(self) -> None:
        super().__init__("node", timeout=ANSWER_S)

    def connect(self) -> None:
        link = sockets.connect("node")
        link.settimeout(ANSWER_S)
        self.sock: socket.socket = link


def read(what: object, given: object) -> object:
    """The node's JSON. Raises `ProtocolError` with the reason in one of the bridge's words."""
    try:
        method, path, body = request(what, given)
    except NotAllowed as error:
        raise ProtocolError("not_allowed", str(error)) from error
    connection = _OverSocket()
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json"} if content else {})
        answer = connection.getresponse()
        data = answer.read(MAX_FRAME_BYTES - ROOM_FOR_THE_ENVELOPE + 1)
    except sockets.Unsafe as error:
        raise ProtocolError("unsafe_runtime", str(error)) from error
    except sockets.NotThere as error:
        raise ProtocolError("node_not_running", str(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise ProtocolError("node_failed", f"The node broke off ({type(error).__name__}).") from error
    finally:
        connection.close()
    if answer.status == 404 and what in ("rpc", "chains", "balances"):
        raise ProtocolError("node_lacks", "The node serves no such chain.")
    if len(data) > MAX_FRAME_BYTES - ROOM_FOR_THE_ENVELOPE:
        raise ProtocolError("too_large", "The node's answer is over one mebibyte. Ask for less.")
    try:
        found: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("node_failed", "The node's answer is no JSON.") from error
    if _too_deep(found):
        raise ProtocolError("node_failed", f"The node's answer is nested more than {DEEPEST} levels deep.")
    if answer.status != 200:
        detail = found.get("detail") if isinstance(found, dict) else None
        raise ProtocolError("node_failed", f"The node says {answer.status}: {str(detail)[:300]}")
    return found


def _too_deep(found: object) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        inside: list[object] = []
        for one in level:
            inside.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        if not inside:
            return False
        level = inside
    return True
