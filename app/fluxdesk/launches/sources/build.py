"""From settings to sources: which endpoints are followed, who fills whose gaps, who resolves transactions.

A line of the settings that cannot be used becomes a source that says so; it never keeps the others from starting.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.endpoint import BadEndpoint, Endpoint
from fluxdesk.core.events import Raw
from fluxdesk.core.ids import SOLANA
from fluxdesk.core.paths import Mode
from fluxdesk.core.settings import Settings
from fluxdesk.core.views import GapView, SourceView
from fluxdesk.launches.context import PROGRAMS, DecodeContext
from fluxdesk.launches.ports import Source
from fluxdesk.launches.sources.backfill import SolanaBackfill
from fluxdesk.launches.sources.evm_ws import EvmLogs
from fluxdesk.launches.sources.files import FileSource
from fluxdesk.launches.sources.gaps import GapTracker
from fluxdesk.launches.sources.resolver import TransactionResolver
from fluxdesk.launches.sources.rpc import RpcHttp
from fluxdesk.launches.sources.solana_ws import Commitment, SolanaLogs

_WS, _HTTP = ("ws", "wss"), ("http", "https")


@dataclass(slots=True)
class SourceSet:
    """Everything the pipeline reads from, and what serves it.

    Attributes:
        sources: One task each reads `batches`.
        resolver: Whole Solana transactions; None where no Solana endpoint is followed.
        trackers: Gap trackers by source id: `load` them before reading, `save` them now and then.
    """

    sources: list[Source] = field(default_factory=list)
    resolver: TransactionResolver | None = None
    trackers: dict[str, GapTracker] = field(default_factory=dict)
    _clients: list[RpcHttp] = field(default_factory=list)

    async def close(self) -> None:
        """Close every source, the resolver and the HTTP clients."""
        for source in self.sources:
            await source.close()
        if self.resolver is not None:
            await self.resolver.close()
        for client in self._clients:
            await client.close()


class UnusableSource:
    """Stands for an endpoint that cannot be used as written; it delivers nothing and says why."""

    def __init__(self, source_id: str, network: str, kind: Literal["solana_ws", "solana_backfill", "evm_ws"], why: str):
        self.id, self.network = source_id, network
        self._view = SourceView(id=source_id, kind=kind, endpoint="", network=network, state="down", message=why)
        self._stop = asyncio.Event()

    async def batches(self) -> AsyncIterator[list[Raw]]:
        """Nothing, until closed."""
        await self._stop.wait()
        for _ in ():
            yield []

    def health(self) -> SourceView:
        """Why it cannot be used."""
        return self._view

    def gaps(self) -> list[GapView]:
        """None."""
        return []

    async def close(self) -> None:
        """End `batches`."""
        self._stop.set()


def build_sources(
    settings: Settings,
    mode: Mode,
    *,
    recordings: Sequence[Path] = (),
    speed: float | None = None,
    pairs: Iterable[str] = (),
    clock: Clock | None = None,
) -> SourceSet:
    """The sources of a mode: endpoints for `live`, `recordings` for `replay`; the practice market is not built here.

    Args:
        settings: Endpoints, launchpads, commitment, limits.
        mode: Of the profile.
        recordings: Files and folders to replay.
        speed: Multiple of recorded time for a replay; None = as fast as possible.
        pairs: Uniswap V2 pairs known from earlier runs.
        clock: Both clocks.
    """
    clock = clock or SystemClock()
    built = SourceSet()
    if mode == "replay":
        built.sources.append(FileSource(recordings, speed=speed, clock=clock))
    elif mode == "live":
        _solana(built, settings, clock)
        _evm(built, settings, tuple(pairs), clock)
    return built


def _solana(built: SourceSet, settings: Settings, clock: Clock) -> None:
    urls = settings.lines("solana_rpc")
    wanted = set(settings.lines("solana_launchpads"))
    programs = {program: venue.value for program, venue in PROGRAMS.items() if venue.value in wanted}
    if not urls or not programs:
        return
    commitment = cast(Commitment, settings.text("solana_commitment"))
    sockets: list[Endpoint] = []
    for i, url in enumerate(urls):
        source_id = f"logs {_letter(i)}"
        try:
            endpoint = Endpoint.parse(url, _WS)
        except BadEndpoint as error:
            built.sources.append(UnusableSource(source_id, SOLANA, "solana_ws", str(error)))
            continue
        sockets.append(endpoint)
        tracker = built.trackers[source_id] = GapTracker(source_id, clock)
        built.sources.append(SolanaLogs(source_id, endpoint, programs, commitment, gaps=tracker, clock=clock))
    clients = _clients(built, settings, "solana_http", sockets)
    built.resolver = TransactionResolver(clients, clock=clock)
    trackers = list(built.trackers.values())
    limit = settings.integer("gap_fill_max")
    built.sources.append(SolanaBackfill(clients, list(programs), trackers, max_signatures=limit, clock=clock))


def _evm(built: SourceSet, settings: Settings, pairs: tuple[str, ...], clock: Clock) -> None:
    factories = (*DecodeContext().factories, *settings.lines("evm_factories"))
    own = settings.lines("evm_http")
    for i, url in enumerate(settings.lines("evm_rpc")):
        source_id = f"evm {_letter(i)}"
        try:
            endpoint = Endpoint.parse(url, _WS)
            http = Endpoint.parse(own[i], _HTTP) if i < len(own) else endpoint.http()
        except BadEndpoint as error:
            built.sources.append(UnusableSource(source_id, "evm", "evm_ws", str(error)))
            continue
        client = RpcHttp(http, settings.integer("rpc_per_second"))
        built._clients.append(client)
        tracker = built.trackers[source_id] = GapTracker(source_id, clock)
        built.sources.append(EvmLogs(source_id, endpoint, client, factories, pairs=pairs, gaps=tracker, clock=clock))


def _clients(built: SourceSet, settings: Settings, key: str, sockets: Sequence[Endpoint]) -> list[RpcHttp]:
    """HTTP clients of the endpoints in the settings, else of those beside the WebSocket ones."""
    endpoints: list[Endpoint] = []
    for url in settings.lines(key):
        try:
            endpoints.append(Endpoint.parse(url, _HTTP))
        except BadEndpoint as error:
            built.sources.append(
                UnusableSource(f"http {_letter(len(endpoints))}", SOLANA, "solana_backfill", str(error))
            )
    if not settings.lines(key):
        endpoints = [endpoint.http() for endpoint in sockets]
    clients = [RpcHttp(endpoint, settings.integer("rpc_per_second")) for endpoint in endpoints]
    built._clients += clients
    return clients


def _letter(i: int) -> str:
    return chr(ord("A") + i) if i < 26 else str(i + 1)
