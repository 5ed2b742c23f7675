"""Requests that wait for the owner. Each is bound to its id and to the sha256 of its exact bytes, and can be used once.

What is approved is what was shown: the bytes are kept here and signed from here, so nothing can be put in their place.
Expiry is by a clock nobody sets. At lock, account switch and chain switch all of them die.
"""

import hashlib
import hmac
from collections import OrderedDict
from typing import Final

import msgspec

from fluxdesk_host.agent.policy import Decision
from fluxdesk_host.signing.reading import Reading

MOST: Final = 64
MOST_OF_ONE_ORIGIN: Final = 8
REMEMBERED: Final = 8192
"""Used ids that are remembered, the oldest forgotten first; a forgotten one has no request to stand for any more."""


class NotApproved(Exception):
    """An approval or a request that is refused; `code` is one of `protocol.errors.REFUSALS`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Pending(msgspec.Struct, frozen=True):
    """One request that waits. `body` are the bytes that were asked for; `peer` is who gets the answer."""

    id: str
    body: bytes
    origin: str
    account: str
    chain: str
    kind: str
    reading: Reading | None
    decision: Decision
    expires: int
    peer: int

    @property
    def digest(self) -> str:
        """sha256 of the bytes, in hex: what an approval has to name."""
        return hashlib.sha256(self.body).hexdigest()


class Approvals:
    """All that waits, in the order it came."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Pending] = OrderedDict()
        self._used: OrderedDict[str, None] = OrderedDict()

    def add(self, pending: Pending) -> None:
        """Lets a request wait. Raises `NotApproved` for an id that was there before, and when too many wait."""
        self.check_new(pending.id)
        theirs = sum(1 for p in self._waiting.values() if p.origin == pending.origin)
        if len(self._waiting) >= MOST or theirs >= MOST_OF_ONE_ORIGIN:
            raise NotApproved("too_many", "Too many requests wait for you already. Answer those first.")
        self._waiting[pending.id] = pending

    def check_new(self, identifier: str) -> None:
        """Raises `NotApproved` when a request of this id waits or was answered."""
        if identifier in self._waiting:
            raise NotApproved("already_waiting", "A request of this id waits already.")
        if identifier in self._used:
            raise NotApproved("malformed", "The id of this request was used before.")

    def take(self, identifier: str, digest: str, now: int) -> Pending:
        """The request that the owner approves; it does not wait any more. Raises `NotApproved`."""
        pending = self._find(identifier)
        if not hmac.compare_digest(pending.digest.encode(), digest.encode()):
            raise NotApproved("malformed", "The approval is for other bytes than those that wait. Nothing was signed.")
        if now >= pending.expires:  # who asked is told when `expired` takes it out
            raise NotApproved("user_rejected", "The request ran out before it was approved. Nothing was signed.")
        self.use(identifier)
        return pending

    def peek(self, identifier: str) -> Pending | None:
        """A request that waits."""
        return self._waiting.get(identifier)

    def reject(self, identifier: str) -> Pending:
        """The owner says no, or who asked is gone. Raises `NotApproved`."""
        pending = self._find(identifier)
        self.use(identifier)
        return pending

    def use(self, identifier: str) -> None:
        """Marks an id as answered."""
        self._waiting.pop(identifier, None)
        self._used[identifier] = None
        while len(self._used) > REMEMBERED:
            self._used.popitem(last=False)

    def expired(self, now: int) -> list[Pending]:
        """Takes out all that ran out."""
        return self._take([p for p in self._waiting.values() if now >= p.expires])

    def of_peer(self, peer: int) -> list[Pending]:
        """Takes out all that one connection asked for."""
        return self._take([p for p in self._waiting.values() if p.peer == peer])

    def clear(self) -> list[Pending]:
        """Takes out everything: lock, account switch, chain switch, emergency stop."""
        return self._take(list(self._waiting.values()))

    def all(self) -> list[Pending]:
        """All that waits."""
        return list(self._waiting.values())

    def _take(self, gone: list[Pending]) -> list[Pending]:
        for pending in gone:
            self.use(pending.id)
        return gone

    def _find(self, identifier: str) -> Pending:
        pending = self._waiting.get(identifier)
        if pending is None:
            used = identifier in self._used
            what = "was answered or died before" if used else "is not known"
            raise NotApproved("malformed", f"The request {what}. Nothing was signed.")
        return pending
