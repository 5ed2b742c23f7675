"""The `Resolver`: a whole transaction for the pipeline when logs were cut or a venue says nothing in them.

Asked twice for the same signature it fetches once. It waits while the transaction is not available yet, gives up with a
reason, and turns requests away once too many are waiting, rather than fall ever further behind."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.events import Raw, Shape
from fluxdesk.core.ids import SOLANA
from fluxdesk.launches.sources.rpc import RpcHttp
from fluxdesk.launches.sources.transactions import NOT_YET_S, NotFetched, fetch_transaction

WAITING_MAX = 2_000
REASONS_KEPT = 4_096
ASK_AGAIN_S = 60.0


class TransactionResolver:
    """Whole transactions from the first of several HTTP endpoints that has them.

    Attributes:
        id: The source id of what it returns.
    """

    def __init__(
        self,
        endpoints: Sequence[RpcHttp],
        source_id: str = "resolve",
        *,
        network: str = SOLANA,
        clock: Clock | None = None,
        waiting_max: int = WAITING_MAX,
        waits_s: Sequence[float] = NOT_YET_S,
    ):
        self.id = source_id
        self._endpoints, self._network, self._waits_s = endpoints, network, waits_s
        self._clock = clock or SystemClock()
        self._waiting_max = waiting_max
        self._under_way: dict[str, asyncio.Task[Raw | None]] = {}
        self._gave_up: OrderedDict[str, tuple[str, float]] = OrderedDict()

    @property
    def waiting(self) -> int:
        """Requests under way."""
        return len(self._under_way)

    async def transaction(self, signature: str) -> Raw | None:
        """The transaction, or None with `reason` saying why."""
        if (task := self._under_way.get(signature)) is None:
            gave_up = self._gave_up.get(signature)
            if gave_up is not None and time.monotonic() - gave_up[1] < ASK_AGAIN_S:
                return None
            if len(self._under_way) >= self._waiting_max:
                self._remember(signature, f"{self._waiting_max:,} transactions are already being fetched")
                return None
            task = asyncio.create_task(self._fetch(signature))
            self._under_way[signature] = task
            task.add_done_callback(lambda _: self._under_way.pop(signature, None))
        # Shielded: one asker going away must not take the answer from the others.
        return await asyncio.shield(task)

    def reason(self, signature: str) -> str | None:
        """Why the latest request for a signature came back empty; None when it did not, or long ago."""
        gave_up = self._gave_up.get(signature)
        return gave_up[0] if gave_up else None

    async def close(self) -> None:
        """Stop what is under way. The endpoints belong to whoever made them."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch(self, signature: str) -> Raw | None:
        try:
            slot, payload = await fetch_transaction(self._endpoints, signature, self._waits_s)
        except NotFetched as error:
            self._remember(signature, str(error))
            return None
        self._gave_up.pop(signature, None)
        now = self._clock.now()
        return Raw(self.id, self._network, Shape.SOLANA_TX, slot, now.wall, now.mono, payload)

    def _remember(self, signature: str, reason: str) -> None:
        self._gave_up[signature] = (reason, time.monotonic())
        self._gave_up.move_to_end(signature)
        if len(self._gave_up) > REASONS_KEPT:
            self._gave_up.popitem(last=False)
