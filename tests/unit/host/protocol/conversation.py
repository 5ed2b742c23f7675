"""Two ends of one Noise session for tests, and the extension's side of a pairing, spoken by hand."""

import base64
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fluxdesk_host.protocol import messages
from fluxdesk_host.protocol.channel import Channel
from fluxdesk_host.protocol.noise import Handshake, new_static_key
from fluxdesk_host.protocol.pairing import Attempts, Initiator
from fluxdesk_host.protocol.session import BrowserSession, Event, prologue


def public(key: X25519PrivateKey) -> bytes:
    """The public half, 32 bytes."""
    return key.public_key().public_bytes_raw()


def handshakes(prologue_a: bytes = b"", prologue_b: bytes = b"") -> tuple[Handshake, Handshake]:
    """Initiator and responder, before their first message."""
    return (
        Handshake(initiator=True, static=new_static_key(), prologue=prologue_a),
        Handshake(initiator=False, static=new_static_key(), prologue=prologue_b),
    )


def channels() -> tuple[Channel, Channel]:
    """Both ends after a whole handshake."""
    a, b = handshakes()
    b.read(a.write())
    a.read(b.write())
    b.read(a.write())
    return Channel(a), Channel(b)


@dataclass
class Browser:
    """The extension's end of one `BrowserSession`."""

    session: BrowserSession
    channel: Channel
    events: list[Event] = field(default_factory=list)

    @staticmethod
    def joined(
        known: set[bytes],
        static: X25519PrivateKey | None = None,
        agent: X25519PrivateKey | None = None,
        attempts: Attempts | None = None,
    ) -> "Browser":
        """A browser whose handshake with an agent is over."""
        session = BrowserSession(
            agent or new_static_key(), known.__contains__, attempts or Attempts(), "A desktop", lambda: 0.0
        )
        shake = Handshake(initiator=True, static=static or new_static_key(), prologue=prologue())
        session.receive(shake.write())
        shake.read(session.outgoing.pop())
        session.receive(shake.write())
        return Browser(session, Channel(shake))

    def say(self, message: messages.ToAgent) -> list[messages.FromAgent]:
        """Sends one message; what the session answers at once."""
        for part in self.channel.seal(messages.encode(message)):
            self.events += self.session.receive(part)
        return self.heard()

    def heard(self) -> list[messages.FromAgent]:
        """What the session has to say by now."""
        bodies = [self.channel.open(frame) for frame in self.session.outgoing]
        self.session.outgoing.clear()
        return [messages.from_agent(body) for body in bodies if body is not None]

    def pair_up_to_the_code(self) -> str:
        """Commits and reveals; the code of this side."""
        side = Initiator(self.channel.hash)
        (answer,) = self.say(messages.PairCommit(commitment=text(side.commit()), browser="Chromium"))
        assert isinstance(answer, messages.PairNonce)
        self.say(messages.PairReveal(nonce=text(side.reveal(base64.b64decode(answer.nonce)))))
        assert side.code is not None
        return side.code


def text(data: bytes) -> str:
    """Base64, as messages carry bytes."""
    return base64.b64encode(data).decode()
