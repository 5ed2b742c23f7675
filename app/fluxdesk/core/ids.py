"""Networks by name, and the two local clocks as distinct types, so that one is never subtracted from the other."""

from typing import NewType

WallNanos = NewType("WallNanos", int)
"""This machine's wall clock, nanoseconds since the Unix epoch. May step; for display and for joins with chain time."""

MonoNanos = NewType("MonoNanos", int)
"""This machine's monotonic clock, nanoseconds. Comparable within one boot only; the one to subtract."""

Network = NewType("Network", str)
"""`solana`, `practice`, or `evm:<chain id>`."""

SOLANA = Network("solana")
PRACTICE = Network("practice")


def evm_network(chain_id: int) -> Network:
    """The network name of an EVM chain."""
    return Network(f"evm:{chain_id}")
