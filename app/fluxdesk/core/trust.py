"""Which certificate authorities outgoing TLS trusts: certifi's, shipped with Fluxdesk, and the ones of this machine.

A bare Debian has none of its own; an office may have one of its own. Nothing here reaches a network.
"""

import ssl
from functools import cache


@cache
def trust() -> ssl.SSLContext:
    """The one client context, made at first use: it takes tens of milliseconds."""
    import httpcore

    context = httpcore.default_ssl_context()
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context
