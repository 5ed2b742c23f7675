"""JSON-RPC 2.0 with one endpoint over HTTP: one try, bounded in time and size; who asks again, and whom, is `pool`.

Answers come back as raw JSON. Nothing said here contains the endpoint's URL.
"""

import asyncio
import itertools
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from fluxdesk.chains.rpc.errors import Refused, RpcError
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.pacing import Pace

if TYPE_CHECKING:
    import httpx

ANSWER_MAX_BYTES = 32 * 1024 * 1024
CONNECT_S = 5.0
CONNECTIONS = 8
RETRY_AFTER_CAP_S = 120.0

Call = tuple[str, Sequence[object]]
"""Method and parameters."""

BUSY = frozenset({-32004, -32005, -32014, -32016, 429, -32429})
"""The endpoint's trouble, not the request's: block not there yet, node behind, rate limits as several providers say
them."""
UNKNOWN_METHOD = -32601


class EndpointFault(Exception):
    """The endpoint did not serve the request; another one may. `after_s` is how long it asked to be left alone."""

    def __init__(self, why: str, after_s: float = 0.0, slow: bool = False):
        super().__init__(why)
        self.after_s, self.slow = after_s, slow


class _Answer(msgspec.Struct):
    id: int | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: RpcError | None = None


_one = msgspec.json.Decoder(_Answer)
_many = msgspec.json.Decoder(list[_Answer])


class RpcConnection:
    """The connections to one endpoint."""

    def __init__(self, endpoint: Endpoint, per_second: float):
        self.endpoint = endpoint
        self._pace = Pace(per_second, burst=CONNECTIONS)
        self._ids = itertools.count(1)
        self._client: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Release the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def call(self, method: str, params: Sequence[object], timeout_s: float) -> bytes:
        """The `result` as JSON.

        Raises:
            Refused: The endpoint understood and said no.
            EndpointFault: No usable answer.
        """
        ident = next(self._ids)
        content = await self._post(msgspec.json.encode(_request(ident, method, params)), timeout_s)
        try:
            answer = _one.decode(content)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise EndpointFault("the answer is not JSON-RPC") from None
        if answer.error is None and answer.id != ident:
            raise EndpointFault("the answer belongs to another request")
        found = self._read(answer)
        if isinstance(found, Refused):
            raise found
        return found

    async def batch(self, calls: Sequence[Call], timeout_s: float) -> list[bytes | Refused]:
        """Several calls in one request, answered in their order. Raises `EndpointFault`."""
        first = next(self._ids)
        self._ids = itertools.count(first + len(calls))
        body = [_request(first + i, method, params) for i, (method, params) in enumerate(calls)]
        content = await self._post(msgspec.json.encode(body), timeout_s)
        try:
            answers = {answer.id: answer for answer in _many.decode(content)}
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise EndpointFault("the endpoint does not answer several requests at once") from None
        if any(first + i not in answers for i in range(len(calls))):
            raise EndpointFault("the endpoint left requests unanswered")
        return [self._read(answers[first + i]) for i in range(len(calls))]

    def _read(self, answer: _Answer) -> bytes | Refused:
        if answer.error is None:
            return bytes(answer.result)
        said = self.endpoint.scrub(answer.error.message)
        if answer.error.code in BUSY:
            raise EndpointFault(f"the endpoint is busy (code {answer.error.code})", 1.0)
        if answer.error.code == UNKNOWN_METHOD:
            raise EndpointFault("the endpoint does not offer this method")
        return Refused(answer.error.code, said, data=bytes(answer.error.data))

    async def _post(self, body: bytes, timeout_s: float) -> bytes:
        import httpx

        await self._pace.turn()
        try:
            async with asyncio.timeout(timeout_s):
                return await self._send(body)
        except TimeoutError:
            raise EndpointFault(f"no answer within {timeout_s:g} s", slow=True) from None
        except httpx.TimeoutException:
            raise EndpointFault("the connection timed out", slow=True) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise EndpointFault(f"the connection failed ({type(error).__name__})") from None

    async def _send(self, body: bytes) -> bytes:
        async with self._http().stream("POST", self.endpoint.url, content=body) as response:
            wait_s = _retry_after_s(response.headers.get("retry-after", ""))
            if response.status_code == 429:
                self._pace.hold(wait_s or 1.0)
                raise EndpointFault("the endpoint limits requests (HTTP 429)", wait_s or 1.0)
            if response.status_code in (401, 403):
                raise EndpointFault(
                    f"the endpoint does not accept the key in its address (HTTP {response.status_code})"
                )
            parts, size = [], 0
            async for part in response.aiter_bytes():
                size += len(part)
                if size > ANSWER_MAX_BYTES:
                    raise EndpointFault(f"the answer is larger than {ANSWER_MAX_BYTES >> 20} MB")
                parts.append(part)
            content = b"".join(parts)
            # Some providers answer a refused call with 400 and a JSON-RPC error in the body.
            if response.status_code not in (200, 400) or (response.status_code == 400 and b'"error"' not in content):
                raise EndpointFault(f"the endpoint is failing (HTTP {response.status_code})", wait_s)
            return content

    def _http(self) -> "httpx.AsyncClient":
        import httpx

        if self._client is None:
            from fluxdesk.core.trust import trust

            for name in ("httpx", "httpcore.connection", "httpcore.http11"):
                logging.getLogger(name).addFilter(_no_urls)
            self._client = httpx.AsyncClient(
                trust_env=False,
                verify=trust(),
                follow_redirects=False,
                timeout=httpx.Timeout(None, connect=CONNECT_S),
                headers={"user-agent": "Fluxdesk", "content-type": "application/json"},
                limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            )
        return self._client


def _request(ident: int, method: str, params: Sequence[object]) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": ident, "method": method, "params": params}


def _retry_after_s(value: str) -> float:
    """Seconds of a `Retry-After` header, capped; 0 when it is missing or a date (RFC 9110, 10.2.3)."""
    value = value.strip()
    return min(float(value), RETRY_AFTER_CAP_S) if value.isascii() and value.isdigit() else 0.0


def _no_urls(record: logging.LogRecord) -> bool:
    """httpx logs every request with its full URL, key included, at INFO."""
    return record.levelno >= logging.ERROR
