"""What the node says of itself: status, sources, gaps. Reads counters of other threads without waiting."""

from collections.abc import Callable, Sequence

from fluxdesk import __version__
from fluxdesk.core.clock import Clock
from fluxdesk.core.paths import Profile
from fluxdesk.core.views import GapView, SourceView, StatusView
from fluxdesk.core.wallet_views import ChainStateView
from fluxdesk.launches.ports import Source
from fluxdesk.launches.publication import Publication
from fluxdesk.node.engine import Engine
from fluxdesk.node.rate import Rate
from fluxdesk.node.vault import Vault


class NodeHealth:
    """See `node.desk.Health`. Lives on the event loop."""

    def __init__(self, vault: Vault, engine: Engine, sources: Sequence[Source], profile: Profile, clock: Clock) -> None:
        self._vault = vault
        self._engine = engine
        self._sources = sources
        self._profile = profile
        self._clock = clock
        self.chains: Callable[[], list[ChainStateView]] = list
        self._rate = Rate()
        self._started = clock.now().wall
        self._seq = vault.pipeline.book.last_seq

    def published(self, publication: Publication) -> None:
        """Takes note of a step of the pipeline."""
        self._seq = publication.last_seq
        self._rate.add(self._clock.now().mono, len(publication.items))

    def status(self) -> StatusView:
        """The node in one object. `seq` is the newest published number."""
        book = self._vault.pipeline.book
        counts = book.counts
        slots = [clock.slot for clock in book.clocks.values() if clock.slot >= 0]
        return StatusView(
            version=__version__,
            mode=self._profile.mode,
            profile=str(self._profile.folder),
            started_wall_ns=self._started,
            seq=self._seq,
            last_slot=max(slots, default=None),
            launches=counts.launches,
            trades=counts.trades,
            decoded=counts.decoded,
            unknown=counts.unknown,
            refused=counts.refused,
            open_gaps=sum(gap.filled_by is None for gap in self.gaps()),
            journal_bytes=self._vault.journal.size_bytes(),
            journal_message=self._engine.message or self._vault.keeper.message,
            events_per_s=round(self._rate.per_second(self._clock.now().mono), 1),
            chains=self.chains(),
        )

    def sources(self) -> list[SourceView]:
        """Health of every source, decode counts of this run filled in."""
        return [self._with_counts(source) for source in self._sources]

    def gaps(self) -> list[GapView]:
        """Gaps that are open or were filled in the last hour, as the sources' trackers say."""
        return [gap for source in self._sources for gap in source.gaps()]

    def _with_counts(self, source: Source) -> SourceView:
        view = source.health()
        pipeline = self._vault.pipeline
        view.first_seen = pipeline.dedup.first_seen.get(source.id, 0)
        view.open_gaps = sum(gap.filled_by is None for gap in source.gaps())
        counts = pipeline.book.per_source.get(source.id)
        if counts is not None:
            view.decoded, view.unknown, view.refused = counts.decoded, counts.unknown, counts.refused
        if self._engine.message and view.state == "up":
            view.state, view.message = "paused", self._engine.message
        return view
