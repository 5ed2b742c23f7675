"""Slow clients, without a network between: what they get, when they have to go, and that nothing is kept for them."""

import asyncio
from typing import cast

import msgspec
import pytest

from fluxdesk.core.views import Denied, EventsFrame, Heartbeat, ServerMessage, Subscribe
from fluxdesk.gateway import hub as hubs
from fluxdesk.gateway.desk import Desk
from fluxdesk.gateway.hub import Goodbye, Hub, Session
from fluxdesk.gateway.ring import Ring
from fluxdesk.launches.publication import Publication
from waiting import eventually

decode = msgspec.json.Decoder(ServerMessage).decode


class Wire:
    """The far end of a connection: reads only while `open` is set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.got: list[ServerMessage] = []

    async def send(self, text: str) -> None:
        await self.open.wait()
        self.got.append(decode(text))

    @property
    def events(self) -> list[EventsFrame]:
        return [message for message in self.got if isinstance(message, EventsFrame)]


def make_hub(max_items: int = 20_000) -> Hub:
    # The events topic asks nothing of the desk.
    return Hub(cast(Desk, None), Ring(0, max_items=max_items))


def publish(hub: Hub, first: int, last: int) -> None:
    for seq in range(first, last + 1):
        item = b'{"seq":%d,"kind":"trade","row":{}}' % seq
        hub.publish(Publication(seq, seq, [seq], [item], set(), []))


async def subscribed(hub: Hub, wire: Wire, every: bool) -> tuple[Session, asyncio.Task[None]]:
    session = hub.join(wire.send)
    await session.receive(msgspec.json.encode(Subscribe(topic="events", since=0, every=every)).decode())
    return session, asyncio.create_task(session.run())


async def stopped(hub: Hub, session: Session, task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await hub.leave(session)


async def test_who_asks_for_every_event_gets_every_one_once_and_in_order() -> None:
    hub, wire = make_hub(), Wire()
    session, task = await subscribed(hub, wire, every=True)
    for start in range(1, 3_000, 50):
        publish(hub, start, start + 49)
        await asyncio.sleep(0)
    await eventually(lambda: wire.events and wire.events[-1].seq == 3_000)
    assert [item.seq for frame in wire.events for item in frame.items] == list(range(1, 3_001))
    await stopped(hub, session, task)


async def test_who_does_not_gets_the_newest_and_the_count_of_the_rest() -> None:
    hub, wire = make_hub(), Wire()
    wire.open.clear()
    session, task = await subscribed(hub, wire, every=False)
    await asyncio.sleep(0)
    publish(hub, 1, 5_000)
    wire.open.set()
    await eventually(lambda: wire.events and wire.events[-1].seq == 5_000)
    got = sum(len(frame.items) for frame in wire.events)
    assert got + sum(frame.dropped for frame in wire.events) == 5_000
    assert got <= 1_000
    assert wire.events[-1].items[-1].seq == 5_000
    await stopped(hub, session, task)


async def test_conflated_frames_come_at_most_twenty_a_second() -> None:
    hub, wire = make_hub(), Wire()
    session, task = await subscribed(hub, wire, every=False)
    loop = asyncio.get_running_loop()
    start, seq = loop.time(), 0
    while loop.time() - start < 0.5:
        seq += 1
        publish(hub, seq, seq)
        await asyncio.sleep(0.001)
    assert len(wire.events) <= 12
    await stopped(hub, session, task)


async def test_who_wants_every_event_and_falls_behind_memory_is_told_and_has_to_go() -> None:
    hub, wire = make_hub(max_items=100), Wire()
    wire.open.clear()
    session, task = await subscribed(hub, wire, every=True)
    await asyncio.sleep(0)
    publish(hub, 1, 1_000)
    wire.open.set()
    with pytest.raises(Goodbye, match="behind"):
        await asyncio.wait_for(task, 10)
    assert isinstance(wire.got[-1], Denied)
    await hub.leave(session)


async def test_a_slow_client_does_not_hold_up_another() -> None:
    hub, slow, fast = make_hub(), Wire(), Wire()
    slow.open.clear()
    first = await subscribed(hub, slow, every=True)
    second = await subscribed(hub, fast, every=True)
    publish(hub, 1, 500)
    await eventually(lambda: fast.events and fast.events[-1].seq == 500)
    assert slow.got == []
    await stopped(hub, *first)
    await stopped(hub, *second)


async def test_who_reads_nothing_at_all_is_given_up_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "SEND_TIMEOUT_S", 0.05)
    hub, wire = make_hub(), Wire()
    wire.open.clear()
    session, task = await subscribed(hub, wire, every=True)
    with pytest.raises(Goodbye, match="read nothing"):
        await asyncio.wait_for(task, 10)
    await hub.leave(session)


async def test_a_number_from_another_journal_is_not_resumed_from() -> None:
    hub, wire = make_hub(), Wire()
    publish(hub, 1, 3)
    session = hub.join(wire.send)
    await session.receive(msgspec.json.encode(Subscribe(topic="events", since=999, every=True)).decode())
    task = asyncio.create_task(session.run())
    publish(hub, 4, 4)
    await eventually(lambda: any(frame.items for frame in wire.events))
    assert [item.seq for frame in wire.events for item in frame.items] == [4]
    await stopped(hub, session, task)


async def test_an_idle_connection_hears_a_heartbeat_at_once() -> None:
    hub, wire = make_hub(), Wire()
    session = hub.join(wire.send)
    task = asyncio.create_task(session.run())
    await eventually(lambda: wire.got)
    assert isinstance(wire.got[0], Heartbeat)
    await stopped(hub, session, task)
