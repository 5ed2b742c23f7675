"""The practice market: creators and traders simulated from a seed on the exact curve maths of `core.curves`.

It writes the programs' own byte formats under practice program ids, so everything from the journal to the screen runs
as it does on live bytes (docs/practice.md). Importing it loads no numpy and no solders.

`PracticeSource` paces it, `generate` does not; `PracticeMarket` is the port to trade on it.
"""

from fluxdesk.launches.practice.generate import START_S, generate
from fluxdesk.launches.practice.port import Order, PracticeMarket, Unfunded
from fluxdesk.launches.practice.source import PracticeSource

__all__ = ["START_S", "Order", "PracticeMarket", "PracticeSource", "Unfunded", "generate"]
