"""From settings to sources."""

from pathlib import Path

from fluxdesk.core.settings import Settings
from fluxdesk.launches.sources.backfill import SolanaBackfill
from fluxdesk.launches.sources.build import SourceSet, UnusableSource, build_sources
from fluxdesk.launches.sources.evm_ws import EvmLogs
from fluxdesk.launches.sources.files import FileSource
from fluxdesk.launches.sources.solana_ws import SolanaLogs

KEY = "0123456789abcdef"


def ids(built: SourceSet) -> list[str]:
    return [source.id for source in built.sources]


async def test_the_default_follows_the_public_endpoint_and_can_fill_its_gaps() -> None:
    built = build_sources(Settings({}), "live")
    assert ids(built) == ["logs A", "fill"]
    logs = built.sources[0]
    assert isinstance(logs, SolanaLogs)
    assert sorted(logs.programs.values()) == sorted(Settings({}).lines("solana_launchpads"))
    assert set(built.trackers) == {"logs A"}
    assert built.resolver is not None
    assert built.sources[1].health().endpoint == "https://api.mainnet-beta.solana.com"
    await built.close()


async def test_every_endpoint_is_a_source_of_its_own_and_only_chosen_launchpads_are_followed() -> None:
    settings = Settings({
        "solana_rpc": ("wss://one.example", f"wss://two.example/?key={KEY}"),
        "solana_launchpads": ("pumpfun",),
        "solana_http": ("https://three.example",),
        "evm_rpc": ("wss://evm.example",),
        "evm_factories": ("0xAbC0000000000000000000000000000000000001",),
    })  # fmt: skip
    built = build_sources(settings, "live", pairs=["0xPAIR"])
    assert ids(built) == ["logs A", "logs B", "fill", "evm A"]
    assert list(built.sources[1].programs.values()) == ["pumpfun"]
    evm = built.sources[3]
    assert isinstance(evm, EvmLogs)
    assert "0xabc0000000000000000000000000000000000001" in evm.factories
    assert len(evm.factories) > 1
    assert list(evm.pairs) == ["0xpair"]
    assert isinstance(built.sources[2], SolanaBackfill)
    assert built.sources[2].health().endpoint == "https://three.example"
    assert KEY not in str([source.health() for source in built.sources])
    await built.close()


async def test_an_address_that_cannot_be_used_is_said_and_stops_nobody_else() -> None:
    settings = Settings({"solana_rpc": (f"https://{KEY}.example", "wss://good.example"), "evm_rpc": ("nonsense",)})
    built = build_sources(settings, "live")
    assert ids(built) == ["logs A", "logs B", "fill", "evm A"]
    bad = built.sources[0]
    assert isinstance(bad, UnusableSource)
    assert (bad.health().state, KEY in bad.health().message) == ("down", False)
    assert "ws:// or wss://" in bad.health().message
    await built.close()
    assert [batch async for batch in bad.batches()] == []


async def test_nothing_is_followed_where_nothing_is_chosen() -> None:
    assert build_sources(Settings({"solana_rpc": ()}), "live").sources == []
    assert build_sources(Settings({"solana_launchpads": ()}), "live").sources == []
    assert build_sources(Settings({}), "practice").sources == []


async def test_a_replay_reads_its_recordings_and_no_endpoint(tmp_path: Path) -> None:
    built = build_sources(Settings({}), "replay", recordings=[tmp_path])
    assert [type(source) for source in built.sources] == [FileSource]
    assert (built.resolver, built.trackers) == (None, {})
