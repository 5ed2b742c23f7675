"""Where payments and sends stand, which steps there are between, and the values that are read back of them. Pure."""

from enum import StrEnum

import msgspec

from fluxdesk.chains.sending.ports import Payment


class Stand(StrEnum):
    """Of a payment."""

    QUEUED = "queued"
    SENDING = "sending"
    """In a live send: it may land."""
    PAID = "paid"
    FAILED = "failed"
    """Its transaction landed and did nothing."""
    CANCELLED = "cancelled"
    REFUSED = "refused"
    """By the signer, or because it can never be paid."""
    SUPERSEDED = "superseded"
    """Its nonce went to a transaction that is not ours; whether that paid it is for the user to say."""


ENDED = frozenset({Stand.PAID, Stand.FAILED, Stand.CANCELLED, Stand.REFUSED, Stand.SUPERSEDED})


class Place(StrEnum):
    """Of a send."""

    OPEN = "open"
    INCLUDED = "included"
    FINAL = "final"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"
    """Nothing of it was ever signed, or nothing can land any more; its payments went elsewhere or ended."""


LIVE = frozenset({Place.OPEN, Place.INCLUDED})

NEXT: dict[Place, frozenset[Place]] = {
    Place.OPEN: frozenset(Place),
    Place.INCLUDED: frozenset(Place) - {Place.DROPPED},
    **{place: frozenset({place}) for place in Place if place not in LIVE},
}
"""Legal steps. From a final place there is none."""

PAYMENTS_OF: dict[Place, Stand] = {
    Place.OPEN: Stand.SENDING,
    Place.INCLUDED: Stand.SENDING,
    Place.FINAL: Stand.PAID,
    Place.FAILED: Stand.FAILED,
    Place.CANCELLED: Stand.CANCELLED,
    Place.SUPERSEDED: Stand.SUPERSEDED,
}
"""How payments stand whose send is there; those of a dropped one are queued again or refused."""


class Progress(msgspec.Struct, frozen=True):
    """A payment and all that is known of it.

    Attributes:
        included: Its transaction is on the chain, not yet for good.
        txs: Names on the chain of every attempt that was signed, oldest first.
        held: Every endpoint refused it; it is watched, and not broadcast.
        shared: How many payments its transaction holds.
        cost_most: Of the last attempt.
        last_cancels: The last attempt takes the payment back.
        fee: Of the whole transaction, which other payments may share; once it is final.
        included_ns: When its transaction was first seen on the chain, wall clock.
    """

    payment: Payment
    stand: Stand
    reason: str = ""
    included: bool = False
    send: int | None = None
    nonce: int | None = None
    held: bool = False
    shared: int = 1
    cost_most: int | None = None
    last_cancels: bool = False
    txs: tuple[str, ...] = ()
    block: int | None = None
    fee: int | None = None
    asked_ns: int = 0
    included_ns: int | None = None
    ended_ns: int | None = None


class OpenAttempt(msgspec.Struct, frozen=True):
    """An attempt of a live send. `raw` and `tx` are None until it is signed."""

    id: int
    payload: bytes
    raw: bytes | None
    tx: str | None
    expires: int | None
    cancels: bool


class OpenSend(msgspec.Struct, frozen=True):
    """A live send: its payments, and its attempts that may land, oldest first."""

    id: int
    account: str
    place: Place
    nonce: int | None
    held: bool
    payments: tuple[Payment, ...]
    attempts: tuple[OpenAttempt, ...]


class IllegalStep(AssertionError):
    """A send was to leave a final place: a defect, stopped before it was written."""


def step(now: Place, then: Place) -> Place:
    """The place after; raises `IllegalStep` when there is no way there."""
    if then not in NEXT[now]:
        raise IllegalStep(f"{now} -> {then}")
    return then
