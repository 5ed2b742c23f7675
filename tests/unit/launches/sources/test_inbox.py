"""The queue between a connection and the pipeline: bounded, honest about room, aware of what was handed on."""

import asyncio

import pytest

from fluxdesk.core.events import Raw, Shape
from fluxdesk.launches.sources.inbox import MAX_BATCH, Inbox, InboxClosed


def raw(number: int, size: int = 1) -> Raw:
    return Raw("logs A", "solana", Shape.SOLANA_LOGS, number, 0, 0, b"x" * size)


def slots(batch: list[Raw]) -> list[int | None]:
    return [item.slot for item in batch]


async def test_what_goes_in_comes_out_in_order() -> None:
    inbox = Inbox()
    assert [inbox.offer(raw(i)) for i in range(3)] == [True] * 3
    assert slots(await inbox.take()) == [0, 1, 2]


async def test_a_batch_has_a_limit_and_loses_nothing() -> None:
    inbox = Inbox()
    for i in range(MAX_BATCH + 1):
        inbox.offer(raw(i))
    assert slots(await inbox.take()) == list(range(MAX_BATCH))
    assert slots(await inbox.take()) == [MAX_BATCH]


async def test_a_full_queue_says_so_by_items_and_by_bytes() -> None:
    inbox = Inbox(max_items=2, max_bytes=10)
    assert inbox.offer(raw(0, 8))
    assert not inbox.offer(raw(1, 3))
    assert inbox.offer(raw(2, 2))
    assert not inbox.offer(raw(3, 0))
    assert slots(await inbox.take()) == [0, 2]
    assert inbox.offer(raw(4, 10)), "the bytes taken are room again"


@pytest.mark.parametrize(
    ("limits", "fit"), [({}, 4), ({"max_items": 3}, 2), ({"max_bytes": 10}, 3), ({"max_items": 1}, 0)]
)
async def test_of_items_that_came_together_the_first_that_fit_are_accepted(limits: dict[str, int], fit: int) -> None:
    inbox = Inbox(**limits)
    assert inbox.offer(raw(0, 1))
    assert inbox.offer_all([raw(n, 3) for n in range(1, 5)]) == fit
    assert inbox.accepted == 1 + fit
    assert slots(await inbox.take()) == list(range(1 + fit))
    assert inbox.offer_all([raw(9, 1)]) == 1, "what was taken is room again"


async def test_a_closed_queue_accepts_nothing_of_what_came_together() -> None:
    inbox = Inbox()
    inbox.close()
    assert inbox.offer_all([raw(0)]) == 0


async def test_one_item_larger_than_the_limit_still_gets_through_alone() -> None:
    inbox = Inbox(max_bytes=10)
    async with asyncio.timeout(30):
        await inbox.put(raw(0, 50))
        waiting = asyncio.create_task(inbox.put(raw(1, 50)))
        assert slots(await inbox.take()) == [0]
        await waiting
        assert slots(await inbox.take()) == [1]


async def test_a_writer_goes_on_as_soon_as_a_batch_was_taken_not_when_it_was_worked_off() -> None:
    inbox = Inbox(max_items=1)
    reading = asyncio.create_task(inbox.take())
    await asyncio.sleep(0)
    assert inbox.offer(raw(0))
    async with asyncio.timeout(30):
        await inbox.put(raw(1))
    assert slots(await reading) == [0]


async def test_an_item_is_handed_on_only_when_the_reader_comes_back_for_more() -> None:
    inbox = Inbox()
    await inbox.put(raw(0))
    done = asyncio.create_task(inbox.handed_on(inbox.accepted))
    await inbox.take()
    await asyncio.sleep(0)
    assert not done.done()
    inbox.offer(raw(1))
    await inbox.take()
    async with asyncio.timeout(30):
        await done


async def test_closing_lets_the_reader_finish_and_tells_the_writers() -> None:
    inbox = Inbox(max_items=1)
    await inbox.put(raw(0))
    blocked = asyncio.create_task(inbox.put(raw(1)))
    await asyncio.sleep(0)
    inbox.close()
    with pytest.raises(InboxClosed):
        await blocked
    assert slots(await inbox.take()) == [0]
    assert await inbox.take() == []
    await inbox.handed_on(1)
    with pytest.raises(InboxClosed):
        await inbox.handed_on(2)
    assert not inbox.offer(raw(2))
