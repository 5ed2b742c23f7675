"""Pairing by six digits: who proves that the key at the other end is the one the user looks at. Sans I/O.

A program between the two sides has two sessions with two transcripts and would have to make both codes equal. It
cannot search for that: the initiator commits to its nonce before it sees the responder's, and the responder gives its
nonce before it sees the initiator's (the order of ZRTP, RFC 6189 section 4.4.1.1, and of Bluetooth's numeric
comparison). What is left is one blind guess in a million for each attempt, and each attempt needs the user's yes on
both sides.

    initiator                                             responder
    commit(SHA-256(label | transcript | nonce_i))   ->
                                                    <-    nonce_r
    nonce_i                                         ->    checks the commitment
    both show code(transcript, nonce_i, nonce_r); the user compares them and says yes twice
"""

import hashlib
import hmac
import secrets
from enum import Enum
from typing import Literal

NONCE_BYTES = 32
COMMIT_LABEL = b"fluxdesk pairing commitment 1"
CODE_LABEL = b"fluxdesk pairing code 1"
DIGITS = 6
ATTEMPTS = 5
ATTEMPTS_WITHIN_S = 600.0


class PairingError(Exception):
    """The other side broke the order, or its nonce is not the one it committed to. Nothing was stored."""


def commitment(transcript: bytes, nonce: bytes) -> bytes:
    """What the initiator says first. 32 bytes."""
    return hashlib.sha256(COMMIT_LABEL + transcript + nonce).digest()


def code(transcript: bytes, initiator_nonce: bytes, responder_nonce: bytes) -> str:
    """The six digits both sides show."""
    digest = hashlib.sha256(CODE_LABEL + transcript + initiator_nonce + responder_nonce).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def judge(pinned: bytes | None, presented: bytes) -> Literal["known", "unknown", "changed"]:
    """What a public key is to a side that has pinned one, or none. "changed" is refused until the user forgets the
    old one.
    """
    if pinned is None:
        return "unknown"
    return "known" if hmac.compare_digest(pinned, presented) else "changed"


class Step(Enum):
    """Where a pairing stands."""

    START = "start"
    COMMITTED = "committed"
    COMPARING = "comparing"
    OVER = "over"


class Initiator:
    """The extension's side: `commit`, then `reveal` with the responder's nonce, then `code` is there to be compared."""

    def __init__(self, transcript: bytes, nonce: bytes | None = None) -> None:
        self._transcript = transcript
        self._nonce = nonce or secrets.token_bytes(NONCE_BYTES)
        self.step = Step.START
        self.code: str | None = None

    def commit(self) -> bytes:
        """The commitment to send. Raises `PairingError` a second time."""
        self._at(Step.START, Step.COMMITTED)
        return commitment(self._transcript, self._nonce)

    def reveal(self, responder_nonce: bytes) -> bytes:
        """The nonce to send, once the responder's is known. Raises `PairingError`."""
        self._at(Step.COMMITTED, Step.COMPARING, fits=len(responder_nonce) == NONCE_BYTES)
        self.code = code(self._transcript, self._nonce, responder_nonce)
        return self._nonce

    def _at(self, step: Step, then: Step, *, fits: bool = True) -> None:
        came, self.step = self.step, Step.OVER
        if came is not step or not fits:
            raise PairingError("The pairing is out of order.")
        self.step = then


class Responder:
    """The agent's side: `answer` the commitment with a nonce, then `check` what was revealed; then `code` is there."""

    def __init__(self, transcript: bytes, nonce: bytes | None = None) -> None:
        self._transcript = transcript
        self._nonce = nonce or secrets.token_bytes(NONCE_BYTES)
        self._commitment = b""
        self.step = Step.START
        self.code: str | None = None

    def answer(self, commitment_: bytes) -> bytes:
        """The nonce to send, now that the initiator is bound. Raises `PairingError` a second time."""
        came, self.step = self.step, Step.OVER
        if came is not Step.START or len(commitment_) != hashlib.sha256().digest_size:
            raise PairingError("The pairing is out of order.")
        self._commitment, self.step = commitment_, Step.COMMITTED
        return self._nonce

    def check(self, initiator_nonce: bytes) -> str:
        """The code to show. Raises `PairingError` if the nonce is not the committed one."""
        came, self.step = self.step, Step.OVER
        if came is not Step.COMMITTED or len(initiator_nonce) != NONCE_BYTES:
            raise PairingError("The pairing is out of order.")
        if not hmac.compare_digest(commitment(self._transcript, initiator_nonce), self._commitment):
            raise PairingError("The other side changed its number after it had committed to it.")
        self.code = code(self._transcript, initiator_nonce, self._nonce)
        self.step = Step.COMPARING
        return self.code


class Attempts:
    """How often pairing may be tried: `ATTEMPTS` in `ATTEMPTS_WITHIN_S`, over all connections of one agent."""

    def __init__(self) -> None:
        self._times: list[float] = []

    def allow(self, now_s: float) -> bool:
        """Whether another attempt may begin at this reading of a monotonic clock; if so it is counted."""
        self._times = [t for t in self._times if now_s - t < ATTEMPTS_WITHIN_S]
        if len(self._times) >= ATTEMPTS:
            return False
        self._times.append(now_s)
        return True
