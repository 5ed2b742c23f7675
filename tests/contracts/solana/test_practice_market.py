"""The practice market on the practice launchpad: the program runs every trade, and the feed says the same."""

import asyncio
from collections import Counter

import msgspec
import pytest

from contracts.solana.stage import program
from fluxdesk.core.curves import pumpfun
from fluxdesk.core.events import Kind, Raw, Row, Shape, Venue
from fluxdesk.launches.context import DecodeContext
from fluxdesk.launches.decode import decode_raw
from fluxdesk.launches.practice import PracticeSource, generate
from fluxdesk.launches.practice.on_chain import Disagreement, OnChainScribe
from fluxdesk.launches.practice.simulation import Simulation

SECONDS, SEED = 60, 11


def rows(raws: list[Raw]) -> list[Row]:
    context = DecodeContext()
    return [row for raw in raws for row in decode_raw(raw, context)]


@pytest.fixture(scope="module")
def told() -> tuple[list[Raw], list[Raw]]:
    """The same market on the chain and on paper."""
    on_chain = list(generate(SEED, seconds=SECONDS, scribe=OnChainScribe(program("launchpad"))))
    return on_chain, list(generate(SEED, seconds=SECONDS))


def test_the_feed_of_the_chain_says_what_the_books_say(told: tuple[list[Raw], list[Raw]]) -> None:
    """Row for row: amounts, reserves, fees, sides, times, of every venue."""
    on_chain, on_paper = rows(told[0]), rows(told[1])
    assert len(on_chain) == len(on_paper) > 500
    for there, here in zip(on_chain, on_paper, strict=True):
        assert there == here


def test_pump_funs_part_really_ran_in_the_program(told: tuple[list[Raw], list[Raw]]) -> None:
    ran: Counter[tuple[Venue | None, Kind]] = Counter()
    for there, here in zip(*told, strict=True):
        same = there.payload == here.payload
        kinds = {(row.venue, row.kind) for row in rows([here])}
        if there.shape is Shape.SOLANA_LOGS and not same:
            lines = msgspec.json.decode(there.payload)["logs"]
            assert any(line.endswith("of 399700 compute units") for line in lines), lines
            ran.update(kinds)
    assert ran[Venue.PUMPFUN, Kind.TRADE] > 300
    assert ran[Venue.PUMPFUN, Kind.LAUNCH] > 10
    assert {venue for venue, _ in ran} == {Venue.PUMPFUN}


def test_a_program_that_counts_otherwise_is_found_out() -> None:
    """The curve on the chain moved by one unit behind the books' back."""
    scribe = OnChainScribe(program("launchpad"))
    simulation = Simulation(SEED, 1_790_000_000)
    with pytest.raises(Disagreement, match="the chain has"):
        tell(scribe, simulation)


def tell(scribe: OnChainScribe, simulation: Simulation) -> None:
    for _ in range(2_000):
        for happening in simulation.step():
            scribe.write(nudged(happening))


def nudged(happening):  # type: ignore[no-untyped-def]
    """Books that are one lamport off after a trade."""
    if not happening.fills or not isinstance(happening.fills[-1].after, pumpfun.Curve):
        return happening
    after = happening.fills[-1].after
    off = msgspec.structs.replace(after, real_quote=after.real_quote + 1)
    return happening._replace(fills=(*happening.fills[:-1], happening.fills[-1]._replace(after=off)))


def test_the_source_delivers_it() -> None:
    source = PracticeSource(SEED, start_s=1_790_000_000, warm_up_s=120, scribe=OnChainScribe(program("launchpad")))

    async def first() -> list[Raw]:
        async for batch in source.batches():
            await source.close()
            return batch
        return []

    batch = asyncio.run(first())
    assert batch
    assert {Kind.LAUNCH, Kind.TRADE} <= {row.kind for row in rows(batch)}
