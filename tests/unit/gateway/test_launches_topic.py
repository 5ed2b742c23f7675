"""The launches topic over a real book: snapshots and large changes leave in pieces, whole, and are resumed."""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

import msgspec

from fluxdesk.core.events import Venue
from fluxdesk.core.views import LaunchesFrame, ServerMessage, Subscribe
from fluxdesk.gateway.desk import Desk
from fluxdesk.gateway.topics import FRAME_ROWS, LaunchesTopic
from fluxdesk.launches.publication import Publication
from fluxdesk.launches.token_state import TokenState
from fluxdesk.launches.views import Book

T = TypeVar("T")
decode = msgspec.json.Decoder(ServerMessage).decode


class BookDesk:
    """Stands in for the node: answers from a real book at once, on the caller's thread."""

    def __init__(self, tokens: int) -> None:
        self.book = Book()
        for number in range(1, tokens + 1):
            self.launch(number)

    async def ask(self, question: Callable[[Book], T]) -> T:
        return question(self.book)

    def launch(self, number: int) -> str:
        """Token `number` comes into being with journal record `number`."""
        mint = f"mint{number}"
        seen = {"first_seen_wall_ns": number, "first_source": "test", "first_seq": number, "last_seq": number}
        self.book.put(TokenState(mint=mint, network="solana", venue=Venue.PUMPFUN, stage="curve", **seen))
        self.book.last_seq = max(self.book.last_seq, number)
        return mint

    def trade(self, mint: str) -> str:
        """The next journal record is a trade of a token."""
        self.book.last_seq += 1
        token = self.book.tokens[mint]
        token.trades, token.last_seq = token.trades + 1, self.book.last_seq
        return mint

    def topic(self, since: int | None = None) -> LaunchesTopic:
        return LaunchesTopic(cast(Desk, self), Subscribe(topic="launches", since=since))

    def said(self, touched: Iterable[str], new: Iterable[str] = ()) -> Publication:
        seq = self.book.last_seq
        return Publication(seq, seq, [], [], set(touched) | set(new), list(new))


async def next_frame(topic: LaunchesTopic) -> LaunchesFrame:
    (text,) = await topic.frames()
    message = decode(text)
    assert isinstance(message, LaunchesFrame)
    return message


async def whole_set(topic: LaunchesTopic) -> list[LaunchesFrame]:
    pieces = [await next_frame(topic)]
    while pieces[-1].more:
        assert topic.dirty
        pieces.append(await next_frame(topic))
    return pieces


def mints(pieces: Iterable[LaunchesFrame]) -> list[str]:
    return [row.mint for piece in pieces for row in piece.upserts]


async def test_a_snapshot_comes_in_bounded_pieces_each_row_once_the_newest_first() -> None:
    desk = BookDesk(1_500)
    pieces = await whole_set(desk.topic())
    assert [piece.snapshot for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert max(len(piece.upserts) for piece in pieces) == FRAME_ROWS
    assert mints(pieces)[:1_000] == [f"mint{number}" for number in range(1_500, 500, -1)]
    assert len(set(mints(pieces))) == len(mints(pieces))


async def test_a_snapshot_holds_the_old_token_that_trades() -> None:
    desk = BookDesk(3_000)
    desk.trade("mint7")
    assert "mint7" in mints(await whole_set(desk.topic()))


async def test_an_empty_book_is_a_snapshot_too() -> None:
    frame = await next_frame(BookDesk(0).topic())
    assert frame.snapshot
    assert not frame.more


async def test_a_change_while_the_snapshot_is_on_its_way_follows_it() -> None:
    desk = BookDesk(600)
    topic = desk.topic()
    first = await next_frame(topic)
    topic.publish(desk.said([desk.trade(first.upserts[0].mint)]))
    rest = await whole_set(topic)
    assert first.upserts[0].mint not in mints(rest)
    (after,) = await whole_set(topic)
    assert [(row.mint, row.trades) for row in after.upserts] == [(first.upserts[0].mint, 1)]
    assert not topic.dirty


async def test_a_row_is_as_new_as_its_piece() -> None:
    desk = BookDesk(600)
    topic = desk.topic()
    await next_frame(topic)
    topic.publish(desk.said([desk.trade("mint1")]))
    rows = {row.mint: row for piece in await whole_set(topic) for row in piece.upserts}
    assert rows["mint1"].trades == 1


async def test_only_the_end_of_a_set_is_a_point_to_resume_from() -> None:
    desk = BookDesk(600)
    topic = desk.topic()
    pieces = [await next_frame(topic)]
    # it happens after the snapshot began, so it must not lie below the number that the snapshot is resumed from
    topic.publish(desk.said([desk.trade(pieces[0].upserts[0].mint)]))
    pieces += await whole_set(topic)
    assert [piece.more for piece in pieces] == [True, True, False]
    assert {piece.seq for piece in pieces} == {600}
    resumed = await whole_set(desk.topic(since=pieces[-1].seq))
    assert not resumed[0].snapshot
    assert mints(resumed) == [pieces[0].upserts[0].mint]


async def test_a_resumed_subscription_names_what_is_new_since() -> None:
    desk = BookDesk(5)
    born = desk.launch(6)
    (frame,) = await whole_set(desk.topic(since=5))
    assert frame.new == [born]
    assert mints([frame]) == [born]


async def test_a_large_change_comes_in_pieces_news_first() -> None:
    desk = BookDesk(500)
    topic = desk.topic()
    await whole_set(topic)
    traded = [desk.trade(f"mint{number}") for number in range(1, 301)]
    born = desk.launch(900)
    topic.publish(desk.said(traded, [born]))
    pieces = await whole_set(topic)
    assert [len(piece.upserts) for piece in pieces] == [200, 101]
    assert pieces[0].new == [born]
    assert pieces[0].upserts[0].mint == born
    assert set(mints(pieces)) == {*traded, born}


async def test_a_token_that_is_forgotten_meanwhile_ends_the_set_all_the_same() -> None:
    desk = BookDesk(FRAME_ROWS + 1)
    topic = desk.topic()
    await next_frame(topic)
    desk.book.drop("mint1")
    last = await next_frame(topic)
    assert not last.upserts
    assert not last.more
