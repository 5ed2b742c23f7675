"""Who is connected and what they get: one sender a client, woken by the pipeline, paced by the client's own reading.

A slow client never slows another one or the pipeline: nothing is queued for it, its next frame is made when the one
before has left. Only the event loop touches these objects.
"""

import asyncio
from collections.abc import Awaitable, Callable

from fluxdesk.core.clock import Clock, SystemClock
from fluxdesk.core.views import Heartbeat, Subscribe, Unsubscribe
from fluxdesk.gateway.desk import BadRequest, Desk, NoSuchThing
from fluxdesk.gateway.frames import BadMessage, denied, frame, read_request
from fluxdesk.gateway.ring import Ring
from fluxdesk.gateway.topics import (
    TOPICS,
    EventsTopic,
    LaunchesTopic,
    SendsTopic,
    SlowTopic,
    TokenTopic,
    TooSlow,
    Topic,
    sources_frame,
    status_frame,
)
from fluxdesk.gateway.wallet_desk import Wallet
from fluxdesk.launches.publication import Publication

FRAME_GAP_S = 0.05
SLOW_GAP_S = 1.0
HEARTBEAT_S = 2.0
SEND_TIMEOUT_S = 20.0
MAX_TOPICS = 32

Send = Callable[[str], Awaitable[None]]


class Goodbye(Exception):
    """The connection ends; the text is the reason the client is given."""


class Session:
    """One client. `receive` and `run` are two tasks of the same connection."""

    def __init__(self, hub: "Hub", send: Send) -> None:
        self._hub = hub
        self._send = send
        self._topics: dict[str, Topic] = {}
        self._next_at: dict[str, float] = {}
        self._replies: list[str] = []
        self._wake = asyncio.Event()

    def publish(self, publication: Publication) -> None:
        """Takes note of a step of the pipeline."""
        for topic in self._topics.values():
            topic.publish(publication)
            if topic.dirty:
                self._wake.set()

    def touch(self, name: str) -> None:
        """A topic that no step of the pipeline changes has something to say."""
        if (topic := self._topics.get(name)) is not None:
            topic.dirty = True
            self._wake.set()

    async def receive(self, text: str) -> None:
        """Acts on a client's message; what is wrong with it is answered, not raised."""
        try:
            message = read_request(text)
            if isinstance(message, Unsubscribe):
                await self._leave(message.topic)
            else:
                await self._join(message)
        except (BadMessage, BadRequest, NoSuchThing) as error:
            if len(self._replies) < MAX_TOPICS:
                self._replies.append(denied(str(error)))
        self._wake.set()

    async def run(self) -> None:
        """Sends until cancelled. Raises `Goodbye` when the client has to go."""
        loop = asyncio.get_running_loop()
        heartbeat_at = loop.time()
        while True:
            now = loop.time()
            due_at = heartbeat_at
            replies, self._replies = self._replies, []
            for text in replies:
                await self._deliver(text)
            for name, topic in list(self._topics.items()):
                at = self._next_at.get(name, 0.0)
                if isinstance(topic, SlowTopic) and now >= at:
                    topic.dirty = True
                if topic.dirty and (topic.eager or now >= at):
                    await self._send_topic(topic)
                    gap = SLOW_GAP_S if isinstance(topic, SlowTopic) else FRAME_GAP_S
                    self._next_at[name] = at = now + gap
                if topic.dirty and topic.eager:
                    due_at = now
                elif topic.dirty or isinstance(topic, SlowTopic):
                    due_at = min(due_at, at)
            if now >= heartbeat_at:
                await self._deliver(frame(Heartbeat(seq=self._hub.ring.last_seq, wall_ns=self._hub.clock.now().wall)))
                heartbeat_at = now + HEARTBEAT_S
                due_at = min(due_at, heartbeat_at) if due_at > now else due_at
            await self._pause(due_at - loop.time())

    async def close(self) -> None:
        """Leaves every topic."""
        for name in list(self._topics):
            await self._leave(name)

    async def _pause(self, seconds: float) -> None:
        if seconds <= 0.0:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def _send_topic(self, topic: Topic) -> None:
        try:
            texts = await topic.frames()
        except TooSlow as error:
            await self._deliver(denied(str(error)))
            raise Goodbye(str(error)) from error
        for text in texts:
            await self._deliver(text)

    async def _deliver(self, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._send(text)
        except TimeoutError as error:
            raise Goodbye(f"The client read nothing for {SEND_TIMEOUT_S:.0f} s.") from error

    async def _join(self, request: Subscribe) -> None:
        if request.since is not None and request.since < 0:
            raise BadRequest("`since` is a sequence number: 0 or more.")
        if len(self._topics) >= MAX_TOPICS and request.topic not in self._topics:
            raise BadRequest(f"At most {MAX_TOPICS} topics a connection.")
        await self._leave(request.topic)
        topic = await self._hub.topic(request)
        self._topics[request.topic] = topic
        self._next_at.pop(request.topic, None)
        await topic.start()

    async def _leave(self, name: str) -> None:
        topic = self._topics.pop(name, None)
        if topic is not None:
            await topic.close()


class Hub:
    """All sessions and the ring they share."""

    def __init__(self, desk: Desk, ring: Ring, clock: Clock | None = None, wallet: Wallet | None = None) -> None:
        self.ring = ring
        self._wallet = wallet
        self.clock: Clock = clock or SystemClock()
        self._desk = desk
        self._sessions: set[Session] = set()

    def publish(self, publication: Publication) -> None:
        """Takes a step of the pipeline and wakes whom it concerns."""
        self.ring.append(publication)
        for session in self._sessions:
            session.publish(publication)

    def touch(self, name: str) -> None:
        """Tells everyone who follows a topic that it has something to say."""
        for session in self._sessions:
            session.touch(name)

    def join(self, send: Send) -> Session:
        """A client connected."""
        session = Session(self, send)
        self._sessions.add(session)
        return session

    async def leave(self, session: Session) -> None:
        """A client is gone."""
        self._sessions.discard(session)
        await session.close()

    async def topic(self, request: Subscribe) -> Topic:
        """A new subscription. Raises `BadRequest` or `NoSuchThing`."""
        if request.since is not None and request.since > self.ring.last_seq:
            # The client knows a later number than this journal has: another data folder, so nothing to resume.
            request.since = None
        if request.topic == "events":
            return EventsTopic(self.ring, request)
        if request.topic == "launches":
            return LaunchesTopic(self._desk, request)
        if request.topic == "sources":
            return SlowTopic("sources", lambda: sources_frame(self._desk, self.ring))
        if request.topic == "status":
            return SlowTopic("status", lambda: status_frame(self._desk, self.ring))
        if request.topic == "sends" and self._wallet is not None:
            return SendsTopic(self._wallet, self.ring)
        if request.topic.startswith("token:"):
            key = await self._desk.token_key(request.topic.removeprefix("token:"))
            await self._desk.ask(lambda book: book.watch(key))
            return TokenTopic(self._desk, request, key)
        raise BadRequest(f"There is no topic {request.topic[:80]!r}. Topics: {', '.join(TOPICS)}.")
