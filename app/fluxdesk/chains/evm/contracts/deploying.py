"""Carries a plan out: what stands is left alone, what is missing is ordered, and what stands is held to what was built.

No state of its own: every address follows from the plan, and the send queue keeps what was ordered, so a run that was
killed goes on with the next one. Knows no key and no endpoint; it is given a chain to ask and a queue to order from.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from fluxdesk.chains.evm.contracts.built import Built
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER, DEPLOYER_CODE
from fluxdesk.chains.evm.contracts.plan import Step
from fluxdesk.chains.evm.contracts.rules import check_rules


class Chain(Protocol):
    """Reads of one chain."""

    async def code(self, address: str) -> bytes:
        """Code of an account at the head."""
        ...

    async def run(self, code: bytes, at: str, sender: str) -> bytes | None:
        """What creation code gives when it runs at an address that is otherwise empty; None where the endpoint does not
        run code that is not on the chain.
        """
        ...

    async def tried(self, code: bytes) -> bytes | None:
        """See `rules.Trial`."""
        ...


class Orders(Protocol):
    """Has a step's transaction made, signed and included."""

    async def make(self, step: Step) -> tuple[str, int]:
        """Hash and block. Raises `NotMade`."""
        ...


class NotMade(Exception):
    """A contract was not deployed; the message says why, for the user."""


class OtherCode(Exception):
    """What stands at an address is not what was built; the message says where, and how it differs."""


class NoDeployer(Exception):
    """The chain has no deterministic deployment proxy at its address."""


class How(StrEnum):
    """How a contract comes to stand."""

    THERE = "was there"
    MADE = "was deployed"


@dataclass(frozen=True, slots=True)
class Stands:
    """A contract whose code was compared. `immutables`: whether those were as well."""

    step: Step
    how: How
    immutables: bool
    tx: str = ""
    block: int = 0


async def deploy(plan: Sequence[Step], chain: Chain, orders: Orders) -> AsyncIterator[Stands]:
    """Each step as it stands. Raises `RulesLacking`, `NoDeployer`, `NotMade`, `OtherCode`."""
    checked = False
    for step in plan:
        code = await chain.code(step.address)
        tx, block = "", 0
        if not code:
            if not checked:
                await check_rules(chain)
                await _check_deployer(chain)
                checked = True
            tx, block = await orders.make(step)
            code = await chain.code(step.address)
            if not code:
                raise NotMade(f"{step.name}: transaction {tx} is on the chain, and nothing stands at {step.address}.")
        immutables = await verify(step, code, chain)
        yield Stands(step, How.MADE if tx else How.THERE, immutables, tx, block)


async def verify(step: Step, code: bytes, chain: Chain) -> bool:
    """Holds code at a step's address to what was built; whether immutables could be compared. Raises `OtherCode`."""
    where = f"{step.name}: what stands at {step.address}"
    if not step.built.is_runtime(code):
        raise OtherCode(f"{where} is not {step.built.name} as it was built: {_difference(step.built, code)}.")
    if not step.built.immutables:
        return True
    expected = await chain.run(step.code, step.address, step.maker)
    if expected is None:
        return False
    if expected != code:
        raise OtherCode(f"{where} is {step.built.name} with other immutables than these arguments give.")
    return True


async def _check_deployer(chain: Chain) -> None:
    code = await chain.code(DEPLOYER)
    if code != DEPLOYER_CODE:
        what = "other code" if code else "nothing"
        raise NoDeployer(
            f"At {DEPLOYER}, where the deterministic deployment proxy should be, the chain has {what}. Nothing was "
            "sent. Have the proxy deployed there first (github.com/Arachnid/deterministic-deployment-proxy)."
        )


def _difference(built: Built, code: bytes) -> str:
    mine = bytes.fromhex(built.runtime[2:])
    if len(code) != len(mine):
        return f"it has {len(code):,} bytes, not {len(mine):,}"
    free = {at for start, length in built.immutables for at in range(start, start + length)}
    first = next(i for i, (a, b) in enumerate(zip(mine, code, strict=True)) if a != b and i not in free)
    return f"the first difference is at byte {first:,}"
