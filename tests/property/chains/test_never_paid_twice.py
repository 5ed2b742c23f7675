"""However often the program is killed, and wherever: a payment is made once or not at all, and it is known which."""

import asyncio
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdesk.chains.rpc.errors import ChainError
from fluxdesk.chains.sending import queue as queue_module
from fluxdesk.chains.sending.ports import NATIVE, NotNow, Payment, PaymentId, Unpayable
from fluxdesk.chains.sending.queue import SendQueue
from fluxdesk.chains.sending.repository import SendRepository
from fluxdesk.chains.sending.states import ENDED, Stand
from fluxdesk.core.chains import ChainId
from property.chains.ledger_standin import Fuse, Killed, LedgerStandin, RailStandin, SignerStandin

CHAIN = ChainId("eip155:77")
IDS = [PaymentId(f"p{i}") for i in range(7)]


class FusedRepository(SendRepository):
    """The real repository, killed before or after it writes."""

    fuse: Fuse

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name in ("open", "add_attempt", "signed", "bury", "requeue", "drop", "move", "end_queued"):
            return fused(found, super().__getattribute__("fuse"))
        return found


def fused(function: Callable[..., Any], fuse: Fuse) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        fuse.tick()
        found = function(*args, **kwargs)
        fuse.tick()
        return found

    return call


async def life(
    path: Path, ledger: LedgerStandin, fuse: Fuse, refuses: set[PaymentId], turns: int, meddle: bool
) -> bool:
    """One run of the program, to its end or its death; whether all payments have come to theirs."""
    repository = FusedRepository(path)
    repository.fuse = fuse
    queue = SendQueue(repository, SignerStandin(ledger, fuse, refuses), [RailStandin(ledger, fuse)], in_flight=3)
    try:
        await queue.submit([Payment(i, CHAIN, "a", NATIVE, "b", 1, n % 3) for n, i in enumerate(IDS)])
        for _ in range(turns):
            try:
                await queue.turn(CHAIN)
                if meddle and ledger.rng.random() < 0.2:
                    verb = queue.cancel if ledger.rng.random() < 0.5 else queue.speed_up
                    await verb(ledger.rng.choice(IDS))
            except (ChainError, NotNow, Unpayable):
                pass
            if fuse.blown:
                raise Killed
            ledger.mine()
            if ledger.rng.random() < ledger.trouble / 2:
                ledger.reorganise()
            if all(p.stand in ENDED for p in await queue.progress(IDS)):
                return True
        return False
    except Killed:
        return False
    finally:
        fuse.left, fuse.blown = 0, True
        await queue.close()
        repository.close()


@settings(max_examples=settings().max_examples // 4)  # each one syncs a real file some hundred times
@given(
    st.sampled_from(["nonce", "expiry"]),
    st.integers(0, 2**32),
    st.lists(st.integers(1, 90), max_size=6),
    st.sets(st.sampled_from(IDS), max_size=2),
    st.booleans(),
)
def test_a_payment_is_made_once_or_not_at_all(
    style: Literal["nonce", "expiry"], seed: int, kills: list[int], refuses: set[PaymentId], meddle: bool
) -> None:
    queue_module.LATER_S = queue_module.AGAIN_AT_LEAST_S = queue_module.FILL_AGAIN_S = 0.0
    ledger = LedgerStandin(style, random.Random(seed))

    async def story(path: Path) -> None:
        for kill in kills:
            await life(path, ledger, Fuse(kill), refuses, 30, meddle)
        ledger.trouble = 0.0
        assert await life(path, ledger, Fuse(0), refuses, 200, False), "not at its end"
        # A block further, and what ended is still so.
        repository = SendRepository(path)
        stands = {p.payment.id: p.stand for p in repository.progress(IDS)}
        repository.close()
        ledger.check()
        assert {i for i, stand in stands.items() if stand is Stand.PAID} == ledger.paid()
        assert set(stands.values()) <= {Stand.PAID, Stand.REFUSED, Stand.CANCELLED}
        assert all(stands[i] in (Stand.REFUSED, Stand.CANCELLED) for i in refuses)
        assert meddle or {i for i, stand in stands.items() if stand is Stand.REFUSED} >= refuses

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder) / "sends.sqlite"))
