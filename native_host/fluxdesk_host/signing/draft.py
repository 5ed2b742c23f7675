"""Where recognisers write down what they find; becomes a `Reading` at the end. Mutable, lives for one parse."""

from collections.abc import Iterable

from fluxdesk_host.signing.reading import (
    Argument,
    Called,
    Danger,
    Effect,
    EffectKind,
    Fact,
    Fee,
    Reading,
    Reason,
    Source,
    Unknown,
)
from fluxdesk_host.signing.reasons import REASONS
from fluxdesk_host.signing.text import LONGEST_NAME, LONGEST_VALUE, visible

MOST_PARTS = 512
"""Calls, effects, arguments and facts above this are not listed; the draft is then not complete and says so."""
LONGEST_SENTENCE = 1_200
LONGEST_RAW = 196_608
"""Bytes of one unread part that a reading carries: more than any transaction has, and a reading still fits a frame."""
UNLIMITED_EVM = 1 << 120
"""Amounts from here on count as unlimited: 1.3e36 base units, a thousand times SHIB's whole supply of 1e33."""
UNLIMITED_SPL = 1 << 63
"""The same for SPL tokens, whose amounts are u64; BONK's supply of 8.9e18 base units lies just below."""
_NEVER = 253_402_300_800
"""Unix seconds of the year 10000."""


class Draft:
    """What has been found so far."""

    __slots__ = (
        "account",
        "calls",
        "chain",
        "complete",
        "effects",
        "facts",
        "fee",
        "origin",
        "reasons",
        "signers",
        "text",
        "unknown",
    )

    def __init__(self, chain: str | None = None, account: str | None = None, origin: str = "") -> None:
        self.chain = chain
        self.account = account
        self.origin = origin
        self.complete = True
        self.effects: list[Effect] = []
        self.calls: list[Called] = []
        self.unknown: list[Unknown] = []
        self.facts: list[Fact] = []
        self.reasons: dict[tuple[str, str], Reason] = {}
        self.fee: Fee | None = None
        self.signers: tuple[str, ...] = ()
        self.text = ""

    def warn(self, code: str, place: str = "", **values: object) -> None:
        """Add a reason of the table; the same sentence is not added twice."""
        danger, words = REASONS[code]
        text = words.format_map({k: visible(str(v)) for k, v in values.items()}) if values else words
        self.reasons.setdefault((code, text), Reason(code, int(danger), text, place))

    def effect(self, kind: EffectKind, **fields: object) -> None:
        """Add an effect; `fields` are those of `Effect`."""
        if len(self.effects) < MOST_PARTS:
            self.effects.append(Effect(kind=kind, **fields))  # type: ignore[arg-type]
        else:
            self._overflow("effects")

    def called(self, call: Called) -> None:
        """Add a call."""
        if len(self.calls) < MOST_PARTS:
            self.calls.append(call)
        else:
            self._overflow("calls")

    def unread(self, place: str, what: str, raw: bytes) -> None:
        """Note bytes that could not be read: the reading is not complete from here on. The reason is the caller's."""
        self.complete = False
        if len(raw) > LONGEST_RAW:
            what, raw = f"{what}, the first {LONGEST_RAW:,} of {len(raw):,} bytes", raw[:LONGEST_RAW]
        if len(self.unknown) < MOST_PARTS:
            self.unknown.append(Unknown(place, what, raw))

    def fact(self, label: str, value: object) -> None:
        """Add a labelled value of the signed bytes."""
        if len(self.facts) < MOST_PARTS:
            self.facts.append(Fact(visible(label, LONGEST_NAME), visible(str(value), LONGEST_VALUE)))
        else:
            self._overflow("fields")

    def _overflow(self, what: str) -> None:
        self.complete = False
        self.warn("too-many", what=what)

    def expiry(self, at: int, place: str = "") -> int | None:
        """Unix seconds of a deadline; warns and gives None for one that never comes."""
        if at < _NEVER:
            return at
        self.warn("never-expires", place)
        return None

    def reading(self, source: Source, sentence: str) -> Reading:
        """The finished reading; reasons with the highest danger first."""
        reasons = sorted(self.reasons.values(), key=lambda r: -r.danger)
        danger = reasons[0].danger if reasons else int(Danger.NOTHING)
        if not self.complete:
            danger = max(danger, int(Danger.CAREFUL))
        return Reading(
            source=source,
            sentence=sentence[:1].upper()
            + sentence[1:LONGEST_SENTENCE]
            + ("…" if len(sentence) > LONGEST_SENTENCE else ""),
            danger=danger,
            complete=self.complete,
            reasons=tuple(reasons),
            effects=tuple(self.effects),
            calls=tuple(self.calls),
            unknown=tuple(self.unknown),
            facts=tuple(self.facts),
            fee=self.fee,
            chain=self.chain,
            account=self.account,
            signers=self.signers,
            text=self.text,
            origin=visible(self.origin, 255),
        )


def refused(source: Source, draft: Draft, what: str, raw: bytes, code: str = "malformed") -> Reading:
    """The reading of something that does not even have its outer form: nothing in it is believed."""
    draft.effects.clear()
    draft.calls.clear()
    draft.facts.clear()
    draft.unread("", what, raw)
    draft.warn(code, what=what)
    draft.effect(EffectKind.UNKNOWN)
    return draft.reading(source, "cannot be read; what it would do is not known.")


def arguments(names: Iterable[str], types: Iterable[str], values: Iterable[str]) -> tuple[Argument, ...]:
    """Decoded values for display, in order."""
    return tuple(Argument(n, t, v) for n, t, v in zip(names, types, values, strict=True))
