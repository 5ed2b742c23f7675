"""Chooses how a transaction of the practice market is delivered: by its logs where these say everything, else whole."""

from fluxdesk.core.events import Shape, Venue
from fluxdesk.launches.practice import said_in_calls
from fluxdesk.launches.practice.said_in_logs import LogScribe
from fluxdesk.launches.practice.simulation import Happening


class Scribe:
    """Turns what happened into bytes."""

    def __init__(self) -> None:
        self._logs = LogScribe()

    def write(self, h: Happening) -> tuple[Shape, bytes]:
        """A `logsNotification` value for pump.fun, PumpSwap and LaunchLab's trades, a `getTransaction` answer for the
        rest.
        """
        if h.venue in (Venue.PUMPFUN, Venue.PUMPSWAP) or (
            h.venue is Venue.RAYDIUM_LAUNCHLAB and h.deed in ("trade", "failed")
        ):
            return Shape.SOLANA_LOGS, self._logs.write(h)
        return Shape.SOLANA_TX, said_in_calls.write(h)
