"""The node: opens a profile, wires sources, pipeline, store and gateway, and takes them down in order.

One node a profile. Start: lock, socket, journal, tables, restore, then sources. Stop: sources, pipeline, the last cut
to the tables, journal; what was published is durable before and after.
"""

import asyncio
import logging
import secrets
import sys
from collections.abc import Coroutine
from socket import socket
from types import TracebackType
from typing import Any

import msgspec

from fluxdesk.core import settings_file
from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.logs import set_levels
from fluxdesk.core.settings import Settings
from fluxdesk.gateway.app import make_app
from fluxdesk.gateway.hub import Hub
from fluxdesk.gateway.ring import Ring
from fluxdesk.gateway.wallet_desk import ChainAway
from fluxdesk.launches.metadata.fetcher import MetadataFetcher
from fluxdesk.launches.publication import Publication
from fluxdesk.launches.sources.build import SourceSet, build_sources
from fluxdesk.node.desk import NodeDesk, Parts
from fluxdesk.node.engine import Engine
from fluxdesk.node.evidence import Evidence
from fluxdesk.node.health import NodeHealth
from fluxdesk.node.lock import ProfileLock
from fluxdesk.node.options import NodeOptions, session_seed
from fluxdesk.node.places import check_places
from fluxdesk.node.resolving import Resolving
from fluxdesk.node.serving import Serving
from fluxdesk.node.socket import bind
from fluxdesk.node.sourcing import last_slots, read_all, resume_gaps
from fluxdesk.node.vault import LAST_SLOTS, Vault
from fluxdesk.node.wallet import NodeWallet

log = logging.getLogger(__name__)
SWITCH_INTERVAL_S = 0.001
"""How long a thread may keep the interpreter while another one waits: the event loop must not wait for the pipeline."""
NOTES_EVERY_S = 1.0


class Node:
    """Use as an async context manager: inside it, the node is ready. `wait` returns when it was asked to stop."""

    def __init__(self, options: NodeOptions, clock: Clock | None = None) -> None:
        options.check()
        self.profile = options.profile()
        self.sources_done = asyncio.Event()
        """Set when every source has ended, as recordings do."""
        self.remarks: tuple[str, ...] = ()
        """What the settings file held that could not be used, in sentences for the user."""
        self._options = options
        self._clock: Clock = clock or SystemClock()
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._failure: BaseException | None = None
        self._listening: socket | None = None

    async def __aenter__(self) -> "Node":
        """Raises `PlaceTaken`, `ProfileBusy`, `UnsafeFolder`, `SocketInUse` and what `Vault.open` raises."""
        check_places(self.profile)
        self._lock = ProfileLock(self.profile.lock)
        try:
            await self._start()
        except BaseException:
            if self._listening is not None:
                self._listening.close()
                self.profile.socket.unlink(missing_ok=True)
            self._lock.release()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()
        self._lock.release()

    @property
    def first_seq(self) -> int:
        """The newest journal number when this run began: everything after it is of this run."""
        return self._first_seq

    @property
    def vault(self) -> Vault:
        """Journal, tables and the pipeline on them."""
        return self._vault

    async def wait(self) -> None:
        """Until somebody asks the node to stop. Raises the defect that ended a part of it, if one did."""
        await self._stop.wait()
        failure = self._engine.failure or self._vault.keeper.failure or self._failure
        if failure is not None:
            raise failure

    def ask_to_stop(self) -> None:
        """Begins an orderly shutdown; from the event loop's thread."""
        self._stop.set()

    async def _start(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        loaded = settings_file.load(self.profile.settings)
        settings, self.remarks = loaded.settings, loaded.problems
        for remark in self.remarks:
            log.warning("%s", remark)
        self._listening = listening = bind(self.profile.socket)
        self._vault = await asyncio.to_thread(Vault.open, self.profile, settings, self._clock, self._lock)
        vault = self._vault
        self._built = self._build(settings)
        self._engine = Engine(vault.pipeline, vault.keeper, self._publish, self._want, self.ask_to_stop)
        resolver = self._built.resolver
        self._resolving = None if resolver is None else Resolving(resolver, self._engine.feed)
        self._health = NodeHealth(vault, self._engine, self._built.sources, self.profile, self._clock)
        desk = NodeDesk(self._parts())
        self._first_seq = vault.pipeline.book.last_seq
        self._wallet = NodeWallet(self.profile, lambda: self._hub.touch("sends"))
        self._health.chains = self._wallet.states
        self._hub = Hub(desk, Ring(self._first_seq), self._clock, self._wallet)
        loop = asyncio.get_running_loop()
        vault.keeper.failed = lambda: loop.call_soon_threadsafe(self.ask_to_stop)
        vault.keeper.start()
        vault.search.start()
        self._engine.start()
        self._serving = Serving(make_app(desk, self._hub, self._wallet))
        self._task(self._serving.run_on(listening), "gateway")
        await self._serving.ready.wait()
        self._task(self._read(), "sources")
        self._task(self._take_notes(), "notes")
        self._task(self._resume_wallet(), "wallet")
        if self._resolving is not None:
            self._task(self._resolving.run(), "resolving")
        log.info("ready", extra={"socket": str(self.profile.socket), "restored_s": vault.restored.seconds})

    async def _end(self) -> None:
        """Sources first, then everything that was fed, then the tables; the socket goes last."""
        await self._built.close()
        for task in self._tasks:
            if task.get_name() != "gateway":
                task.cancel()
        await asyncio.gather(*(t for t in self._tasks if t.get_name() != "gateway"), return_exceptions=True)
        await self._wallet.close()
        self._note()
        last = await self._engine.stop()
        await asyncio.to_thread(self._vault.close, last)
        self._serving.should_exit = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.profile.socket.unlink(missing_ok=True)
        log.info("stopped")

    def _build(self, settings: Settings) -> SourceSet:
        options = self._options
        if options.mode == "practice":
            from fluxdesk.launches.practice.source import PracticeSource

            seed = options.seed if options.seed is not None else secrets.randbelow(1 << 31)
            seed = session_seed(seed, self._vault.pipeline.book.last_seq)
            scribe = None
            if options.on_chain:
                from fluxdesk.chains.solana.programs.built import program
                from fluxdesk.launches.practice.on_chain import OnChainScribe

                scribe = OnChainScribe(program("launchpad"))
            return SourceSet(sources=[PracticeSource(seed, clock=self._clock, scribe=scribe)])
        if options.rpc:
            settings = Settings({**settings.changed, "solana_rpc": tuple(options.rpc)})
        built = build_sources(
            settings,
            options.mode,
            recordings=options.recordings,
            speed=options.speed,
            pairs=[pool for pool in self._vault.pipeline.context.pools if pool.startswith("0x")],
            clock=self._clock,
        )
        resume_gaps(built, self._vault.gaps, self._vault.last_slots)
        return built

    def _parts(self) -> Parts:
        vault = self._vault
        return Parts(
            engine=self._engine,
            shelf=vault.shelf,
            evidence=Evidence(vault.journal, vault.pipeline.context, vault.shelf.signature_seqs),
            health=self._health,
            search=vault.search.search,
            fetch=MetadataFetcher(self.profile.folder / "metadata").fetch,
            describe=vault.store.describe,
            settings=self.profile.settings,
            apply_settings=self._apply,
            shut_down=self.ask_to_stop,
        )

    # --- while it runs; on the event loop ---

    def _publish(self, publication: Publication) -> None:
        self._health.published(publication)
        self._hub.publish(publication)

    def _want(self, asks: list[tuple[str, str]]) -> None:
        if self._resolving is not None:
            self._resolving.want(asks)

    def _apply(self, settings: Settings) -> None:
        """Settings that take effect at once."""
        self._vault.journal.limits(settings.integer("journal_max_mb"), settings.integer("journal_max_days"))
        self._vault.pipeline.book.believe = frozenset(settings.lines("believe_configs"))
        set_levels(settings.text("log_level"), settings.lines("log_levels"))

    async def _read(self) -> None:
        await read_all(self._built.sources, self._engine.feed)
        self.sources_done.set()

    async def _resume_wallet(self) -> None:
        try:
            await self._wallet.resume()
        except ChainAway as error:
            log.error("%s", error)

    async def _take_notes(self) -> None:
        while True:
            self._note()
            await asyncio.sleep(NOTES_EVERY_S)

    def _note(self) -> None:
        """Leaves with the pipeline what goes into the tables beside facts: gaps, and how far each source came."""
        vault = self._vault
        vault.last_slots = last_slots(self._built.sources, vault.last_slots)
        vault.pipeline.gaps = [gap for tracker in self._built.trackers.values() for gap in tracker.save()]
        vault.pipeline.notes = {LAST_SLOTS: msgspec.json.encode(vault.last_slots)}

    def _task(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A part that fails takes the node down in order, rather than leave half a node."""
        if not task.cancelled() and task.exception() is not None:
            log.critical("%s failed", task.get_name(), exc_info=task.exception())
            self._failure = self._failure or task.exception()
            self.ask_to_stop()
