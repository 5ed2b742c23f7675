"""The address of an RPC endpoint, kept apart from what may be shown of it.

Providers put their keys into the path, the query, the user part: none of them may reach a log, a health view or an
error. Whatever is said about an endpoint is `Endpoint.shown`, or passed through `Endpoint.scrub`."""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

_LOCAL_WS_PORT, _LOCAL_HTTP_PORT = 8900, 8899
"""The pair of ports a Solana validator opens when none is configured (docs.anza.xyz, `--rpc-port`: WebSocket = port +
1)."""
_SECRET_MIN = 6
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class BadEndpoint(ValueError):
    """A URL cannot be used; the message says why without repeating the URL."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One RPC URL. `repr`, `str` and `shown` never hold credentials.

    Attributes:
        url: The full URL, credentials included. Goes to the connection and nowhere else.
        shown: Scheme and host, with an ellipsis when there is more.
    """

    url: str = field(repr=False)
    shown: str

    @staticmethod
    def parse(url: str, schemes: tuple[str, ...]) -> "Endpoint":
        """The endpoint of a URL as the user typed it. Raises `BadEndpoint`."""
        url = url.strip()
        if any(c.isspace() or not c.isprintable() for c in url):
            raise BadEndpoint("The address holds a space or an invisible character.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadEndpoint("The address is not a URL.") from None
        if parts.scheme.lower() not in schemes:
            raise BadEndpoint(f"The address must begin with {' or '.join(s + '://' for s in schemes)}.")
        if not parts.hostname:
            raise BadEndpoint("The address names no host.")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        shown = f"{parts.scheme.lower()}://{host}" + (f":{port}" if port else "")
        if parts.path.strip("/") or parts.query or parts.username:
            shown += "/…"
        return Endpoint(urlunsplit(parts._replace(fragment="")), shown)

    def http(self) -> "Endpoint":
        """The HTTP endpoint beside a WebSocket one: `http` in place of `ws`; port 8900 becomes 8899 (a local
        validator)."""
        parts = urlsplit(self.url)
        scheme = {"ws": "http", "wss": "https"}.get(parts.scheme.lower(), parts.scheme)
        netloc = parts.netloc
        if parts.port == _LOCAL_WS_PORT:
            netloc = netloc.removesuffix(str(_LOCAL_WS_PORT)) + str(_LOCAL_HTTP_PORT)
        return Endpoint.parse(urlunsplit(parts._replace(scheme=scheme, netloc=netloc)), ("http", "https"))

    def scrub(self, text: str, limit: int = 160) -> str:
        """Remote or library text made fit to show: one line, cut to `limit`, without any part of this URL that may be a
        key."""
        for secret in sorted(self._secrets(urlsplit(self.url)), key=len, reverse=True):
            text = text.replace(secret, "…")
        text = _CONTROL.sub(" ", text).strip()
        return text if len(text) <= limit else text[: limit - 1] + "…"

    @staticmethod
    def _secrets(parts: SplitResult) -> set[str]:
        found = {unquote(s) for s in parts.path.split("/")} | set(parts.path.split("/")) | {parts.query, parts.path}
        found |= {value for _, value in parse_qsl(parts.query)}
        found |= {part for part in (parts.username, parts.password) if part}
        return {s for s in found if len(s) >= _SECRET_MIN}

    def __str__(self) -> str:
        return self.shown
