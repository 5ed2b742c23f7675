"""How often something may be tried: `core.pacing`, under the name that the sources use."""

from fluxdesk.core.pacing import BACKOFF_CAP_S, BACKOFF_FIRST_S, Backoff, Pace, SparseLog

__all__ = ["BACKOFF_CAP_S", "BACKOFF_FIRST_S", "Backoff", "Pace", "SparseLog"]
