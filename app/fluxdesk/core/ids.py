"""Identifiers and units as distinct types, so that a slot is never passed where a lamport is meant."""

from typing import NewType

Address = NewType("Address", str)
"""A Solana public key in base58, or an EVM address as lower-case 0x-hex."""

TxId = NewType("TxId", str)
"""A Solana signature in base58, or an EVM transaction hash as lower-case 0x-hex."""

Slot = NewType("Slot", int)
"""A Solana slot, or an EVM block number."""

BaseUnits = NewType("BaseUnits", int)
"""An amount of one mint in its smallest unit (u64 on Solana, u256 on EVM). Never a float."""

UnixSeconds = NewType("UnixSeconds", int)
"""Chain clock: the block time stated by the ledger."""

WallNanos = NewType("WallNanos", int)
"""This machine's wall clock, nanoseconds since the Unix epoch. May step; for display and for joins with chain time."""

MonoNanos = NewType("MonoNanos", int)
"""This machine's monotonic clock, nanoseconds. Comparable within one boot only; the one to subtract."""

Seq = NewType("Seq", int)
"""Journal sequence number: 1, 2, 3 ... per data folder, assigned when the bytes are durable."""

Network = NewType("Network", str)
"""`solana`, `practice`, or `evm:<chain id>`."""

SOLANA = Network("solana")
PRACTICE = Network("practice")


def evm_network(chain_id: int) -> Network:
    """The network name of an EVM chain."""
    return Network(f"evm:{chain_id}")
