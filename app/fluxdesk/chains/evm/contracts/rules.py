"""What our contracts need of a chain's rules, and which of it a chain lacks.

They are built for Cancun: the compiler uses `PUSH0` and `MCOPY`, and locks are in transient storage. A chain is asked
by having it run code of each kind as creation code (`eth_call` without a receiver), which leaves nothing behind.
"""

from typing import Protocol

_NEEDED = (
    # 2a in memory, by two pushes of zero
    ("PUSH0 (EIP-3855)", "602a5f5260205ff3"),
    # 2a to slot 0 of transient storage, and read again
    ("transient storage (EIP-1153)", "602a60005d60005c60005260206000f3"),
    # 2a in memory, copied to the next word
    ("MCOPY (EIP-5656)", "602a6000526020600060205e60206020f3"),
)
_CONTROL = "602a60005260206000f3"
"""The same answer by what every chain has."""
_ANSWER = (0x2A).to_bytes(32, "big")


class Trial(Protocol):
    """Runs creation code at the head."""

    async def tried(self, code: bytes) -> bytes | None:
        """What it gives; None where the endpoint refuses to run it."""
        ...


class RulesLacking(Exception):
    """The chain has not, or not for certain, the rules our contracts are built for; the message is for the user."""


async def lacking(chain: Trial) -> tuple[str, ...]:
    """What the chain lacks, by name. Raises `RulesLacking` where the endpoint runs no creation code at all: a chain
    without transient storage takes the contracts and refuses their first call.
    """
    if await chain.tried(bytes.fromhex(_CONTROL)) != _ANSWER:
        raise RulesLacking(
            "The endpoint runs no creation code (eth_call without a receiver), so it cannot be told whether the chain "
            "has the rules of Cancun. Nothing was sent. Another endpoint of the chain may run it."
        )
    return tuple([name for name, code in _NEEDED if await chain.tried(bytes.fromhex(code)) != _ANSWER])


async def check_rules(chain: Trial) -> None:
    """Raises `RulesLacking`."""
    if lacks := await lacking(chain):
        raise RulesLacking(
            f"This chain lacks {' and '.join(lacks)}. The contracts are built for the rules of Cancun and lock with "
            "transient storage; there is no build for a chain without it. Nothing was sent."
        )
