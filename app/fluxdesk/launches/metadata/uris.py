"""From a token's `uri` to the web addresses to try, in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from fluxdesk.launches.metadata.errors import NotAllowed

URI_MAX = 2_048
ARWEAVE = "https://arweave.net/"
_CID_PATH = re.compile(r"[A-Za-z0-9]{32,128}(/[^\s\\?#]{0,1024})?")
_ARWEAVE_PATH = re.compile(r"[A-Za-z0-9_-]{43}(/[^\s\\?#]{0,1024})?")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A checked http or https address. `target` is path and query, percent-encoded."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: the value of the Host header (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse_web(url: str) -> WebAddress:
    """The parts of an http(s) URL. Raises `NotAllowed` for anything else, or for one with credentials or odd
    characters."""
    if len(url) > URI_MAX:
        raise NotAllowed("the address is too long")
    if _CONTROL.search(url) or "\\" in url:
        raise NotAllowed("the address holds characters that do not belong there")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise NotAllowed("the address is not a web address") from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise NotAllowed("only http, https, ipfs and ar addresses are fetched")
    if not host or "%" in host:
        raise NotAllowed("the address names no host")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("the address holds a user name")
    target = quote(parts.path or "/", safe=_PATH_SAFE)
    if parts.query:
        target += "?" + quote(parts.query, safe=_PATH_SAFE + "?")
    return WebAddress(scheme, host, port or (443 if scheme == "https" else 80), target)


def redirected(here: WebAddress, location: str) -> WebAddress:
    """Where a redirect leads. Raises `NotAllowed` for what `parse_web` refuses, and for a way from https to http."""
    there = parse_web(urljoin(str(here), location))
    if here.scheme == "https" and there.scheme == "http":
        raise NotAllowed(f"{here.host} leads from https to http")
    return there


def to_try(uri: str, gateways: Sequence[str]) -> list[WebAddress]:
    """The addresses under which a `uri` may be found, best first. Raises `NotAllowed`."""
    uri = uri.strip()
    scheme, _, rest = uri.partition("://")
    if scheme.lower() == "ipfs":
        path = rest.removeprefix("ipfs/")
        if not _CID_PATH.fullmatch(path) or ".." in path:
            raise NotAllowed("the ipfs address is not a content id")
        if not gateways:
            raise NotAllowed("no IPFS gateway is set")
        return [parse_web(f"{gateway.rstrip('/')}/{path}") for gateway in gateways]
    if scheme.lower() == "ar":
        if not _ARWEAVE_PATH.fullmatch(rest) or ".." in rest:
            raise NotAllowed("the ar address is not a transaction id")
        return [parse_web(ARWEAVE + rest)]
    return [parse_web(uri)]


def never_changes(uri: str) -> bool:
    """True when the address names its content, so that what it holds cannot change."""
    return uri.strip().lower().startswith(("ipfs://", "ar://"))
