"""The agent's side of one browser: handshake, who it is, pairing, and messages in and out. Sans I/O, holds no signing
key.

The caller carries frames: each frame of the socket goes into `receive`, and `outgoing` is sent. What `receive`
returns is for the agent to act on. Until the browser's key is known, everything but pairing is answered with
`not_paired`.
"""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from fluxdesk_host.protocol import PROTOCOL, messages
from fluxdesk_host.protocol.channel import Channel
from fluxdesk_host.protocol.errors import ProtocolError
from fluxdesk_host.protocol.noise import Handshake, NoiseError
from fluxdesk_host.protocol.pairing import Attempts, PairingError, Responder, Step

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


@dataclass(frozen=True, slots=True)
class Compare:
    """The owner is to compare these digits with those in the browser, and say yes or no:
    `BrowserSession.owner_says`.
    """

    code: str
    browser: str


@dataclass(frozen=True, slots=True)
class Known:
    """Owner and browser both said yes: the caller stores this key. The browser has not been told yet: `welcome`."""

    key: bytes
    browser: str


Event: TypeAlias = messages.ToAgent | Compare | Known


def prologue() -> bytes:
    """What both sides mix into the handshake, so that no one between them can pretend another version."""
    return b"fluxdesk agent channel %d" % PROTOCOL


class BrowserSession:
    """One connection of one browser, from its first Noise message to its end.

    Args:
        static: the agent's lasting key.
        is_known: whether a browser's public key has been paired.
        attempts: shared by all sessions of the agent.
        desktop: the name shown in the browser.
    """

    def __init__(
        self,
        static: "X25519PrivateKey",
        is_known: Callable[[bytes], bool],
        attempts: Attempts,
        desktop: str,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._handshake = Handshake(initiator=False, static=static, prologue=prologue())
        self._is_known = is_known
        self._attempts = attempts
        self._desktop = desktop
        self._clock_s = clock_s
        self._channel: Channel | None = None
        self._pairing: Responder | None = None
        self._browser = ""
        self._said = {"owner": False, "browser": False}
        self.trusted = False
        self.outgoing: list[bytes] = []

    @property
    def key(self) -> bytes | None:
        """The browser's public key once the handshake is over."""
        return None if self._channel is None else self._channel.remote_static

    def receive(self, frame: bytes) -> list[Event]:
        """What one frame means. Raises `ProtocolError`; the connection is then to be closed."""
        try:
            if self._channel is None:
                self._shake(frame)
                return []
            body = self._channel.open(frame)
        except NoiseError as error:
            raise ProtocolError("closed", str(error)) from error
        return [] if body is None else self._take(body)

    def send(self, message: messages.FromAgent) -> None:
        """Seals a message into `outgoing`. Raises `ProtocolError` before the handshake is over or when it is too
        long.
        """
        if self._channel is None:
            raise ProtocolError("closed", "The handshake is not over.")
        try:
            self.outgoing += self._channel.seal(messages.encode(message))
        except NoiseError as error:
            raise ProtocolError("too_large", str(error)) from error

    def owner_says(self, yes: bool) -> list[Event]:
        """The owner's answer to `Compare`."""
        if self._pairing is None or self._pairing.step is not Step.COMPARING:
            return []
        if not yes:
            self._end_pairing("The codes were not accepted in the Fluxdesk window.")
            return []
        return self._agreed("owner")

    def welcome(self) -> None:
        """Tells the browser that its key is stored. Call it only after that is so."""
        self.trusted = True
        self.send(messages.Paired(desktop=self._desktop))

    def _shake(self, frame: bytes) -> None:
        self._handshake.read(frame)
        if self._handshake.done:
            self._channel = Channel(self._handshake)
            self.trusted = self._is_known(self._channel.remote_static)
        else:
            self.outgoing.append(self._handshake.write())

    def _take(self, body: bytes) -> list[Event]:
        try:
            message = messages.to_agent(body)
        except msgspec.MsgspecError as error:
            raise ProtocolError("malformed", f"A message is not understood ({error}).") from error
        if isinstance(message, messages.PairCommit | messages.PairReveal | messages.PairConfirm):
            return self._pair(message)
        if not self.trusted:
            self.send(messages.Refused(code="not_paired", reason=_PAIR_FIRST, id=message.id))
            return []
        if getattr(message, "origin", "https").startswith("node:"):
            raise ProtocolError("malformed", "A browser does not speak for the node.")
        return [message]

    def _pair(self, message: messages.PairCommit | messages.PairReveal | messages.PairConfirm) -> list[Event]:
        assert self._channel is not None
        try:
            if isinstance(message, messages.PairCommit):
                if self._pairing is not None or self.trusted or not self._attempts.allow(self._clock_s()):
                    raise PairingError("Too many attempts, or one is under way. Wait ten minutes, then try again.")
                self._pairing, self._browser = Responder(self._channel.hash), message.browser
                nonce = self._pairing.answer(base64.b64decode(message.commitment))
                self.send(messages.PairNonce(nonce=base64.b64encode(nonce).decode()))
                return []
            if self._pairing is None:
                raise PairingError("No pairing was begun.")
            if isinstance(message, messages.PairReveal):
                return [Compare(self._pairing.check(base64.b64decode(message.nonce)), self._browser)]
            if self._pairing.step is not Step.COMPARING:
                raise PairingError("There is no code to confirm.")
        except PairingError as error:
            self._end_pairing(str(error))
            return []
        return self._agreed("browser")

    def _agreed(self, who: str) -> list[Event]:
        self._said[who] = True
        if not all(self._said.values()):
            return []
        assert self._pairing is not None
        assert self._channel is not None
        self._pairing.step = Step.OVER
        return [Known(self._channel.remote_static, self._browser)]

    def _end_pairing(self, reason: str) -> None:
        if self._pairing is not None:
            self._pairing.step = Step.OVER
        self._said = {"owner": False, "browser": False}
        self.send(messages.Refused(code="pairing_failed", reason=reason))


_PAIR_FIRST = "This browser has not been paired with Fluxdesk. Open the Fluxdesk popup and choose Pair."
