"""Limits before anything is read into a request: length of the URL, size of the body. Answers are `Problem`s."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect

from fluxdesk.core.views import Problem

MAX_URL_BYTES = 4_096
MAX_BODY_BYTES = 131_072

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class _BodyTooLarge(Exception):
    pass


async def _refuse(send: Send, problem: Problem) -> None:
    body = msgspec.json.encode(problem)
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Limits:
    """ASGI middleware."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on when it is small enough."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        if length > MAX_URL_BYTES:
            text = f"The address has {length:,} bytes; at most {MAX_URL_BYTES:,} are read."
            await _refuse(send, Problem(title="Address too long", detail=text, status=414))
            return
        too_large = Problem(
            title="Body too large", detail=f"At most {MAX_BODY_BYTES:,} bytes of body are read.", status=413
        )
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if stated.isdigit() and int(stated) > MAX_BODY_BYTES:
            await _refuse(send, too_large)
            return
        taken = 0
        started = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MAX_BODY_BYTES:
                raise _BodyTooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _BodyTooLarge:
            if not started:
                await _refuse(send, too_large)
        except ClientDisconnect:
            return  # who asked went away in the middle of the body: nobody is left to answer
