"""Child of test_store_survives_kill: applies batches without end, printing each checkpoint once it is reached."""

import sys
from pathlib import Path

from fluxdesk.core.events import Kind, Provenance, Row, Side, Venue
from fluxdesk.store.facts import Batch, Sighting
from fluxdesk.store.writer import Store


def trade(n: int) -> Row:
    """The n-th trade; the same number always states the same trade."""
    return Row(
        kind=Kind.TRADE,
        venue=Venue.PUMPSWAP,
        signature=f"sig{n}",
        slot=n,
        pool="P",
        token_mint=f"mint{n % 7}",
        quote_mint="Q",
        side=Side.BUY if n % 3 else Side.SELL,
        token_amount=1000 + n,
        quote_amount=n,
        trader=f"w{n % 11}",
        provenance=Provenance.EVENT_LOG,
        block_time=1_790_000_000 + n // 5,
    )


def batch(first: int) -> Batch:
    """Fifty trades from journal number `first`."""
    return Batch(first + 49, [Sighting(n, "logs A", "solana", n, trade(n)) for n in range(first, first + 50)])


def main() -> None:
    """Goes on from the checkpoint."""
    store = Store(Path(sys.argv[1]))
    while True:
        store.apply(batch(store.checkpoint() + 1))
        print(store.checkpoint(), flush=True)


if __name__ == "__main__":
    main()
