"""JSON-RPC 2.0 over HTTP, for what subscriptions cannot give: whole transactions, past signatures, past logs.

One client per endpoint: paced, capped in concurrency and in answer size, patient with 429 and brief outages, without
cookies, redirects or proxies from the environment. Answers come back as raw bytes; nothing is decoded here beyond the
envelope."""

import asyncio
import itertools
import logging
import ssl
from collections.abc import Mapping
from types import TracebackType

import httpx
import msgspec

from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.pacing import Backoff, Pace
from fluxdesk.core.trust import trust

ANSWER_MAX_BYTES = 32 * 1024 * 1024
CALL_TIMEOUT_S = 20.0
TRIES = 4
RETRY_AFTER_CAP_S = 120.0
USER_AGENT = "Fluxdesk"

_BUSY_CODES = frozenset({-32004, -32005, -32014, -32016, 429, -32429})
"""Answers worth another try: block not available yet, node behind, slot not yet rooted, rate limits as several
providers say them."""


class RpcFailed(Exception):
    """The endpoint answered with an error. `code` is the JSON-RPC code; the text is scrubbed of credentials."""

    def __init__(self, code: int, text: str):
        super().__init__(f"{text} (code {code})")
        self.code, self.text = code, text


class RpcUnavailable(Exception):
    """No usable answer: unreachable, too slow, too large, rate-limited, or not JSON-RPC. The text names which."""


class _Error(msgspec.Struct):
    code: int = 0
    message: str = ""


class _Answer(msgspec.Struct):
    id: int | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: _Error | None = None


class _Retry(Exception):
    def __init__(self, why: str, after_s: float = 0.0):
        super().__init__(why)
        self.after_s = after_s


class RpcHttp:
    """One endpoint. Close it, or use it as an async context manager."""

    def __init__(self, endpoint: Endpoint, per_second: float = 4.0, concurrency: int = 4):
        quiet_http_logs()
        self.endpoint = endpoint
        self._client = httpx.AsyncClient(
            trust_env=False,
            verify=trust(),
            follow_redirects=False,
            timeout=httpx.Timeout(CALL_TIMEOUT_S, connect=8.0),
            headers={"user-agent": USER_AGENT, "content-type": "application/json"},
            limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
        )
        self._pace = Pace(per_second, burst=concurrency)
        self._slots = asyncio.Semaphore(concurrency)
        self._ids = itertools.count(1)

    async def __aenter__(self) -> "RpcHttp":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Release the connections."""
        await self._client.aclose()

    async def call(self, method: str, params: list[object], tries: int = TRIES) -> bytes:
        """The `result` of a call as JSON bytes.

        Raises:
            RpcFailed: The endpoint understood and refused.
            RpcUnavailable: No usable answer after `tries` attempts.
        """
        backoff = Backoff(first_s=0.4, cap_s=8.0)
        why = ""
        for attempt in range(tries):
            try:
                async with self._slots:
                    await self._pace.turn()
                    return await self._once(method, params)
            except _Retry as retry:
                why = str(retry)
                if attempt + 1 < tries:
                    wait_s = backoff.next_s(min(retry.after_s, RETRY_AFTER_CAP_S))
                    if retry.after_s:
                        self._pace.hold(wait_s)
                    await asyncio.sleep(wait_s)
        raise RpcUnavailable(why)

    async def _once(self, method: str, params: list[object]) -> bytes:
        ident = next(self._ids)
        body = msgspec.json.encode({"jsonrpc": "2.0", "id": ident, "method": method, "params": params})
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                status, headers, content = await self._post(body)
        except TimeoutError:
            raise _Retry(f"no answer within {CALL_TIMEOUT_S:.0f} s") from None
        except httpx.TimeoutException:
            raise _Retry("the connection timed out") from None
        except (httpx.TransportError, ssl.SSLError, OSError) as error:
            raise _Retry(f"the connection failed ({type(error).__name__})") from None
        except httpx.HTTPError as error:
            raise RpcUnavailable(f"the request could not be made ({type(error).__name__})") from None
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise _Retry("the endpoint limits requests (HTTP 429)", retry_after_s(headers) or 1.0)
        if status >= 500:
            raise _Retry(f"the endpoint is failing (HTTP {status})", retry_after_s(headers))
        return self._result(status, content, ident)

    def _result(self, status: int, content: bytes, ident: int) -> bytes:
        try:
            answer = msgspec.json.decode(content, type=_Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise RpcUnavailable(f"the answer is not JSON-RPC (HTTP {status})") from None
        if answer.error is not None:
            text = self.endpoint.scrub(answer.error.message)
            if answer.error.code in _BUSY_CODES:
                raise _Retry(f"{text} (code {answer.error.code})", 1.0)
            raise RpcFailed(answer.error.code, text)
        if status != httpx.codes.OK:
            raise RpcUnavailable(f"the endpoint refused the request (HTTP {status})")
        if answer.id != ident:
            raise RpcUnavailable("the answer belongs to another request")
        return bytes(answer.result)

    async def _post(self, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        async with self._client.stream("POST", self.endpoint.url, content=body) as response:
            parts, size = [], 0
            async for part in response.aiter_bytes():
                size += len(part)
                if size > ANSWER_MAX_BYTES:
                    raise RpcUnavailable(f"the answer is larger than {ANSWER_MAX_BYTES >> 20} MB")
                parts.append(part)
            return response.status_code, response.headers, b"".join(parts)


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds a `Retry-After` header asks for, capped; 0 when it is missing or a date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    return min(float(value), RETRY_AFTER_CAP_S) if value.isascii() and value.isdigit() else 0.0


class _NoUrls(logging.Filter):
    """httpx logs every request with its full URL, key included, at INFO; httpcore more at DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR


_NO_URLS = _NoUrls()


def quiet_http_logs() -> None:
    """Keep URLs out of the log. Safe to call again."""
    for name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy"):
        logging.getLogger(name).addFilter(_NO_URLS)
