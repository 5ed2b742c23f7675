"""What the user types as an endpoint: checked before it is saved, shown without the keys it may carry."""

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QUrl

_C = "Endpoint"


class BadEndpoint(ValueError):
    """The text is not an endpoint; the message says what would be."""


def check_endpoint(text: str) -> str:
    """A WebSocket URL as the node takes it.

    Raises:
        BadEndpoint: with a sentence for the user.
    """
    typed = text.strip()
    if not typed:
        raise BadEndpoint(tr(_C, "An endpoint is needed, such as wss://api.mainnet-beta.solana.com."))
    url = QUrl(typed, QUrl.ParsingMode.StrictMode)
    if url.scheme() not in ("ws", "wss"):
        raise BadEndpoint(tr(_C, "An endpoint starts with wss:// or, on this computer, ws://."))
    if not url.isValid() or not url.host() or any(letter.isspace() for letter in typed):
        raise BadEndpoint(tr(_C, "This is not a web address: a host name is missing or wrong."))
    return typed


def without_secrets(endpoint: str) -> str:
    """An endpoint without user name, password and query, which is where keys are kept."""
    url = QUrl(endpoint)
    keyed = url.hasQuery()
    url.setUserInfo("")
    url.setQuery("")
    return url.toString().replace("//@", "//").rstrip("?") + ("?…" if keyed else "")
