"""One bounded GET on behalf of a token: resolved by us, connected to the address that was checked, redirects checked
again.

No cookies, no proxy, no compression (a small answer must not become a large one), no connection kept. Built on httpcore
rather than httpx, whose clients read proxies from the environment and resolve names out of our sight."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from fluxdesk.core.trust import trust
from fluxdesk.launches.metadata.addresses import STRICT, AddressPolicy, IpAddress
from fluxdesk.launches.metadata.errors import NotAllowed, NotFetched
from fluxdesk.launches.metadata.uris import WebAddress, redirected

REDIRECTS_MAX = 3
CONNECT_S = 5.0
USER_AGENT = b"Fluxdesk"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an answer may be.

    Attributes:
        what: For messages, such as `a JSON document`.
        max_bytes: Cap on the body.
        types: Allowed media types; an answer without one is allowed.
    """

    what: str
    max_bytes: int
    types: frozenset[str]


class _CheckedConnections(httpcore.AsyncNetworkBackend):
    """Resolves a name, checks every address it has, connects to the first by its number: nothing to rebind in
    between."""

    def __init__(self, policy: AddressPolicy):
        self._policy = policy
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await _resolve(host, port)
        for address in addresses:
            if why := self._policy.refuses(address, port):
                raise NotAllowed(f"{host} is not asked: {why}")
        return await self._inner.connect_tcp(str(addresses[0]), port, timeout, local_address, socket_options)


async def _resolve(host: str, port: int) -> list[IpAddress]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched(f"the host name {host} is not known") from None
    addresses: list[IpAddress] = []
    for _, _, _, _, where in found:
        address: IpAddress = ipaddress.ip_address(str(where[0]).partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        addresses.append(address)
    if not addresses:
        raise NotFetched(f"the host name {host} has no address")
    return addresses


async def download(start: WebAddress, wanted: Wanted, within_s: float, policy: AddressPolicy = STRICT) -> bytes:
    """The body at an address, after at most `REDIRECTS_MAX` redirects.

    Args:
        start: Where to begin.
        wanted: What is accepted.
        within_s: Seconds for everything together.
        policy: What may be connected to.

    Raises:
        NotAllowed: A rule of ours forbids it.
        NotFetched: It could not be had.
    """
    address = start
    try:
        async with asyncio.timeout(within_s):
            for _ in range(REDIRECTS_MAX + 1):
                answer = await _get(address, wanted, policy)
                if isinstance(answer, bytes):
                    return answer
                address = answer
    except TimeoutError:
        raise NotFetched(f"{address.host} did not answer within {within_s:.0f} s") from None
    raise NotAllowed(f"{start.host} leads on more than {REDIRECTS_MAX} times")


async def _get(address: WebAddress, wanted: Wanted, policy: AddressPolicy) -> bytes | WebAddress:
    url = httpcore.URL(
        scheme=address.scheme.encode(), host=address.host.encode(), port=address.port, target=address.target.encode()
    )
    headers = [
        (b"host", address.authority.encode()),
        (b"user-agent", USER_AGENT),
        (b"accept", ", ".join(sorted(wanted.types)).encode()),
        (b"accept-encoding", b"identity"),
        (b"connection", b"close"),
    ]
    waits = {"connect": CONNECT_S, "read": CONNECT_S, "write": CONNECT_S, "pool": CONNECT_S}
    try:
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=trust(), max_connections=1, retries=0, network_backend=_CheckedConnections(policy)
            ) as pool,
            pool.stream("GET", url, headers=headers, extensions={"timeout": waits}) as response,
        ):
            return await _read(address, response, wanted)
    except httpcore.TimeoutException:
        raise NotFetched(f"{address.host} did not answer in time") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NotFetched(f"the connection to {address.host} failed ({type(error).__name__})") from None


async def _read(address: WebAddress, response: httpcore.Response, wanted: Wanted) -> bytes | WebAddress:
    headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    if response.status in (301, 302, 303, 307, 308):
        if not (location := headers.get(b"location")):
            raise NotFetched(f"{address.host} leads on without saying where")
        return redirected(address, location)
    if response.status != 200:
        raise NotFetched(f"{address.host} answered HTTP {response.status}")
    media_type = headers.get(b"content-type", "").partition(";")[0].strip().lower()
    if media_type and media_type not in wanted.types:
        shown = media_type if media_type.isascii() and len(media_type) <= 60 else "something else"
        raise NotAllowed(f"{address.host} sends {shown}, not {wanted.what}")
    if headers.get(b"content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise NotAllowed(f"{address.host} sends compressed data although asked not to")
    length = headers.get(b"content-length", "")
    too_large = NotAllowed(f"{address.host} sends more than {wanted.max_bytes >> 10:,} kB")
    if length.isascii() and length.isdigit() and int(length[:20]) > wanted.max_bytes:
        raise too_large
    body = bytearray()
    async for part in response.aiter_stream():
        body += part
        if len(body) > wanted.max_bytes:
            raise too_large
    return bytes(body)
