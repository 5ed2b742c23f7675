"""Several endpoints of one chain: the healthiest is asked, the next when it fails, none that serves another chain.

An endpoint is asked which chain it serves before its first use and again now and then; one that answers with another
chain is not used until it says otherwise. How far each has come is compared, so that one that fell behind comes last.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from fluxdesk.chains.rpc.errors import Refused, Unreachable
from fluxdesk.chains.rpc.http import Call, EndpointFault, RpcConnection
from fluxdesk.chains.rpc.port import Health, State
from fluxdesk.core.chains import Chain, Family
from fluxdesk.core.endpoint import Endpoint
from fluxdesk.core.pacing import Backoff

IDENTITY_AGAIN_S = 300.0
HEADS_AGAIN_S = 15.0
SLOW_S = 2.0
BEHIND_MS = 15_000
"""An endpoint whose head is older than that, at the chain's usual pace, is asked last."""
_SMOOTHING = 0.3


@dataclass(slots=True)
class _Member:
    connection: RpcConnection
    backoff: Backoff = field(default_factory=lambda: Backoff(1.0, 60.0))
    checked: float = float("-inf")
    resting_until: float = 0.0
    foreign: str = ""
    reason: str = ""
    latency_s: float = 0.0
    slow: bool = False
    head: int = 0

    @property
    def shown(self) -> str:
        return self.connection.endpoint.shown


class EndpointPool:
    """The `ChainRpc` over HTTP endpoints. Close it, or its connections stay open."""

    def __init__(self, chain: Chain, endpoints: Sequence[Endpoint], per_second: float = 10.0, timeout_s: float = 8.0):
        self._chain, self._timeout_s = chain, timeout_s
        self._members = [_Member(RpcConnection(endpoint, per_second)) for endpoint in endpoints]
        self._genesis = chain.genesis
        self._heads_at = float("-inf")
        self._asking_heads: asyncio.Task[None] | None = None

    @property
    def chain(self) -> Chain:
        """The chain that every endpoint used was found to serve."""
        return self._chain

    async def close(self) -> None:
        """Release the connections."""
        if self._asking_heads is not None:
            self._asking_heads.cancel()
            await asyncio.gather(self._asking_heads, return_exceptions=True)
        for member in self._members:
            await member.connection.close()

    async def call(self, method: str, params: Sequence[object]) -> bytes:
        """The `result` of the best endpoint. Raises `Refused`, `Unreachable`."""
        tried = []
        for member in self._order():
            try:
                return await self._ask(member, method, params)
            except EndpointFault as fault:
                tried.append((member.shown, str(fault)))
        raise Unreachable(self._chain.name, tried)

    async def batch(self, calls: Sequence[Call]) -> list[bytes | Refused]:
        """Several calls to one endpoint; one that takes no batches is asked one by one. Raises `Unreachable`."""
        if not calls:
            return []
        tried = []
        for member in self._order():
            try:
                await self._identify(member)
                began = time.monotonic()
                try:
                    answers = await member.connection.batch(calls, self._timeout_s)
                except EndpointFault:
                    answers = [await self._answer(member, call) for call in calls]
                self._served(member, time.monotonic() - began)
                return answers
            except EndpointFault as fault:
                self._failed(member, fault)
                tried.append((member.shown, str(fault)))
        raise Unreachable(self._chain.name, tried)

    async def everywhere(self, method: str, params: Sequence[object]) -> list[bytes | Refused]:
        """What each usable endpoint answers. Raises `Unreachable` when none does."""

        async def one(member: _Member) -> bytes | Refused | EndpointFault:
            try:
                return await self._ask(member, method, params)
            except Refused as refused:
                return refused
            except EndpointFault as fault:
                return fault

        await self._agree()
        members = self._order()
        answers = await asyncio.gather(*map(one, members))
        found = [answer for answer in answers if not isinstance(answer, EndpointFault)]
        if not found:
            raise Unreachable(self._chain.name, [(m.shown, str(a)) for m, a in zip(members, answers, strict=True)])
        return found

    async def check(self) -> list[Health]:
        """Ask every endpoint for its chain and its head; what is known of them then."""
        await self._agree()
        await asyncio.gather(*map(self._look_at, self._members))
        return self.health()

    def health(self) -> list[Health]:
        """Every endpoint, in the user's order."""
        best = max((m.head for m in self._members if not m.foreign), default=0)
        return [
            Health(m.shown, self._state(m, best), round(m.latency_s * 1000), m.head, m.reason) for m in self._members
        ]

    def _state(self, member: _Member, best: int) -> State:
        if member.foreign:
            return State.OTHER_CHAIN
        if member.resting_until > time.monotonic():
            return State.SLOW if member.slow else State.FAILING
        if member.checked == float("-inf"):
            return State.UNASKED
        if member.head and (best - member.head) * self._chain.block_ms > BEHIND_MS:
            return State.BEHIND
        return State.SLOW if member.latency_s > SLOW_S else State.GOOD

    def _order(self) -> list[_Member]:
        """Those that may be asked: healthy before slow before behind before failing, then as the user listed them."""
        self._refresh_heads()
        ranks = [State.GOOD, State.UNASKED, State.SLOW, State.BEHIND, State.FAILING, State.OTHER_CHAIN]
        best = max((m.head for m in self._members if not m.foreign), default=0)
        return sorted(self._members, key=lambda m: (ranks.index(self._state(m, best)), m.resting_until))

    def _agreed(self) -> bool:
        return self._chain.family is Family.EVM or bool(self._genesis)

    async def _agree(self) -> None:
        """A local cluster is a new one at each start. Which it is says the first of the user's list that answers,
        not the quickest.
        """
        for member in self._members:
            if self._agreed():
                break
            try:
                await self._identify(member)
            except EndpointFault as fault:
                self._failed(member, fault)

    def _refresh_heads(self) -> None:
        now = time.monotonic()
        if len(self._members) > 1 and self._agreed() and now - self._heads_at > HEADS_AGAIN_S:
            self._heads_at = now
            self._asking_heads = asyncio.create_task(self._ask_heads())

    async def _ask_heads(self) -> None:
        await asyncio.gather(*(self._look_at(m) for m in self._members if m.resting_until <= time.monotonic()))

    async def _look_at(self, member: _Member) -> None:
        method = "eth_blockNumber" if self._chain.family is Family.EVM else "getSlot"
        params: list[object] = [] if self._chain.family is Family.EVM else [{"commitment": "confirmed"}]
        try:
            member.head = _number(await self._ask(member, method, params))
        except (EndpointFault, Refused):
            return

    async def _answer(self, member: _Member, call: Call) -> bytes | Refused:
        try:
            return await member.connection.call(*call, self._timeout_s)
        except Refused as refused:
            return refused

    async def _ask(self, member: _Member, method: str, params: Sequence[object]) -> bytes:
        began = time.monotonic()
        try:
            await self._identify(member)
            began = time.monotonic()
            answer = await member.connection.call(method, params, self._timeout_s)
        except EndpointFault as fault:
            self._failed(member, fault)
            raise
        except Refused:
            self._served(member, time.monotonic() - began)
            raise
        self._served(member, time.monotonic() - began)
        return answer

    async def _identify(self, member: _Member) -> None:
        """Raises `EndpointFault` unless the endpoint serves this chain."""
        now = time.monotonic()
        if now - member.checked < IDENTITY_AGAIN_S:
            if member.foreign:
                raise EndpointFault(member.foreign)
            return
        method = "eth_chainId" if self._chain.family is Family.EVM else "getGenesisHash"
        try:
            raw = await member.connection.call(method, [], self._timeout_s)
        except Refused as refused:
            raise EndpointFault(f"the endpoint does not say which chain it serves (code {refused.code})") from None
        member.foreign = self._foreign(raw)
        member.checked = now
        if member.foreign:
            raise EndpointFault(member.foreign)

    def _foreign(self, raw: bytes) -> str:
        """Why an endpoint is none of this chain; empty when it is."""
        if self._chain.family is Family.EVM:
            number = _number(raw)
            return "" if number == self._chain.number else f"it serves chain {number:,}, not {self._chain.number:,}"
        try:
            genesis = msgspec.json.decode(raw, type=str)
        except msgspec.MsgspecError:
            return "it does not say which cluster it serves"
        # Of a local cluster all endpoints must at least agree.
        self._genesis = self._genesis or genesis
        return "" if genesis == self._genesis else f"it serves another cluster than {self._chain.name}"

    def _served(self, member: _Member, took_s: float) -> None:
        member.latency_s += (took_s - member.latency_s) * (_SMOOTHING if member.latency_s else 1.0)
        member.backoff.reset()
        member.resting_until, member.reason, member.slow = 0.0, "", False

    def _failed(self, member: _Member, fault: EndpointFault) -> None:
        if not member.foreign:
            member.resting_until = time.monotonic() + member.backoff.next_s(fault.after_s)
        member.reason, member.slow = str(fault), fault.slow


def _number(raw: bytes) -> int:
    """A JSON number, or the hex text that EVM endpoints answer with; -1 for anything else."""
    try:
        value = msgspec.json.decode(raw)
        number = int(value, 16) if isinstance(value, str) else value
    except (msgspec.MsgspecError, ValueError):
        return -1
    return number if type(number) is int and 0 <= number < 1 << 64 else -1
