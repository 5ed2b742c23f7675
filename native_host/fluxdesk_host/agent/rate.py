"""How often one origin may ask. Pure; time is the agent's, in milliseconds."""

from collections import OrderedDict
from typing import Final

BURST_S: Final = 4
REMEMBERED: Final = 1024


class Rates:
    """A bucket an origin, filled at the given rate. The origin that asked longest ago is forgotten first."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allow(self, origin: str, now: int, per_second: int) -> bool:
        """Takes one request's worth; False when the origin has to wait."""
        full = float(per_second * BURST_S)
        level, at = self._buckets.pop(origin, (full, now))
        level = min(full, level + (now - at) * per_second / 1000)
        allowed = level >= 1
        self._buckets[origin] = (level - 1 if allowed else level, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return allowed
