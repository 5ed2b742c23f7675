"""Which certificate authorities are trusted: `core.trust`, under the name that the launches use."""

from fluxdesk.core.trust import trust

__all__ = ["trust"]
