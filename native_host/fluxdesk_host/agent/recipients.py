"""Who a request reaches, as the owner knows them: contacts, own accounts, whom was signed for before, known-bad ones.

What is found becomes reasons of the request's reading. A look-alike and a known-bad address raise its danger above what
any allowance may cover; a first contact is for the owner's eyes alone, as allowances have their own cool-down. Labels
of contacts stand in readings, which only the owner gets, and in nothing that is logged or said to a site.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from fluxdesk_host.agent.known_bad import Entry, KnownBad
from fluxdesk_host.agent.limits import TAKES, Ledger, canonical
from fluxdesk_host.keys.addresses import to_checksum
from fluxdesk_host.keys.lookalike import Known, LookAlikes
from fluxdesk_host.signing.reading import Danger, Effect, EffectKind, Reading, Reason
from fluxdesk_host.signing.text import visible

REASONS: Final[Mapping[str, tuple[Danger, str]]] = MappingProxyType(
    {
        "known-bad": (Danger.ALL, "{address} is on the known-bad list of {date}: {why}."),
        "look-alike": (
            Danger.HIGH,
            "{address} looks like {other} ({whose}) and is another address. Compare every character.",
        ),
        "first-contact": (Danger.CAREFUL, "This account has never signed anything for {address} before."),
    }
)
"""Said of addresses here, beside what `signing/reasons.py` says of the bytes. docs/agent.md has the table."""
REMEMBERED: Final = 4_096
"""Verdicts that are kept; a strategy asks for the same few addresses all day."""
_HANDS_OVER: Final = frozenset({EffectKind.OWNERSHIP, EffectKind.DELEGATE})


class Recipient(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one address. `label` is the contact's or the own account's, empty for others."""

    account: str
    kind: Literal["contact", "own", "sent", "new"]
    label: str = ""
    alike: tuple[Known, ...] = ()
    bad: Entry | None = None
    bad_date: str = ""
    """Of the list that names it."""


class Recipients:
    """The index of all addresses the owner knows. Rebuilt when the book changes; recipients are added as they come."""

    def __init__(self, ledger: Ledger, bad: KnownBad) -> None:
        self._ledger, self.bad = ledger, bad
        self._index = LookAlikes()
        self._taken = 0
        self._verdicts: dict[str, Recipient] = {}

    def set_own(self, known: Iterable[Known]) -> None:
        """Contacts and own accounts; none at lock."""
        self._index, self._taken = LookAlikes(), 0
        for one in known:
            self._index.add(one)
        self._verdicts.clear()

    def set_ledger(self, ledger: Ledger) -> None:
        """Another day's record, after the log was begun anew."""
        self._ledger, self._taken = ledger, 0

    def forget_verdicts(self) -> None:
        """The known-bad list changed."""
        self._verdicts.clear()

    def of(self, account: str) -> Recipient:
        """What is known of an account name in canonical form."""
        self._catch_up()
        found = self._verdicts.get(account)
        if found is None:
            found = self._judge(account)
            if len(self._verdicts) >= REMEMBERED:
                self._verdicts.pop(next(iter(self._verdicts)))
            self._verdicts[account] = found
        return found

    def warn(self, reading: Reading, account: str, chain: str) -> Reading:
        """The reading with what is known of the addresses it reaches: look-alikes and known-bad ones."""
        family = "evm" if chain.startswith("eip155:") else "solana"
        reasons: list[Reason] = []
        for address in _reached(reading):
            name = f"{family}:{canonical(address)}"
            if name != account:
                reasons += _warnings(self.of(name), alike=False)
        for address in _recipients(reading):
            name = f"{family}:{canonical(address)}"
            if name != account:
                reasons += _warnings(self.of(name), alike=True)
        return _with(reading, reasons)

    def first(self, reading: Reading, account: str, chain: str) -> Reading:
        """The reading with a reason for each recipient that the account never signed for; for the owner's eyes."""
        family = "evm" if chain.startswith("eip155:") else "solana"
        listed = {c.target for c in reading.calls if c.known}
        reasons = []
        for address in _recipients(reading):
            name = f"{family}:{canonical(address)}"
            since = self._ledger.known_since(account, chain, canonical(address))
            if name != account and address not in listed and since is None and self.of(name).kind != "own":
                danger, words = REASONS["first-contact"]
                reasons.append(Reason("first-contact", int(danger), words.format(address=_address(name))))
        return _with(reading, reasons)

    def _catch_up(self) -> None:
        sent = self._ledger.recipients
        if self._taken == len(sent):
            return
        for at in range(self._taken, len(sent)):
            since, account = sent[at]
            self._index.add(Known(account, "", "sent", since))
        self._taken = len(sent)
        self._verdicts.clear()

    def _judge(self, account: str) -> Recipient:
        itself = self._index.known(account)
        bad = self.bad.find(account)
        return Recipient(
            account,
            "new" if itself is None else itself.kind,
            "" if itself is None else itself.label,
            self._index.of(account),
            bad,
            self.bad.date if bad is not None else "",
        )


def _warnings(found: Recipient, alike: bool) -> Iterator[Reason]:
    if not alike and found.bad is not None:
        danger, words = REASONS["known-bad"]
        why = visible(found.bad.why or "no reason given", 120)
        yield Reason(
            "known-bad", int(danger), words.format(address=_address(found.account), date=found.bad_date, why=why)
        )
    if alike and found.alike:
        danger, words = REASONS["look-alike"]
        other = found.alike[0]
        whose = {
            "contact": f"your contact {visible(other.label, 64)}",
            "own": f"your account {visible(other.label, 64)}",
            "sent": "you signed for it before",
        }[other.kind]
        yield Reason(
            "look-alike",
            int(danger),
            words.format(address=_address(found.account), other=_address(other.account), whose=whose),
        )


def _with(reading: Reading, reasons: list[Reason]) -> Reading:
    if not reasons:
        return reading
    danger = max(reading.danger, *(r.danger for r in reasons))
    return msgspec.structs.replace(reading, danger=danger, reasons=(*reading.reasons, *dict.fromkeys(reasons)))


def _recipients(reading: Reading) -> list[str]:
    """Who gets something or may take it, or is handed control."""
    effects = [e for e in reading.effects if e.kind in TAKES or e.kind in _HANDS_OVER]
    return _unique(a for e in effects for a in _receivers(e))


def _receivers(effect: Effect) -> tuple[str | None, ...]:
    return (effect.owner or effect.to, effect.spender)


def _reached(reading: Reading) -> list[str]:
    """Every address that the request names as acting, acted on, or given to."""
    named = [a for e in reading.effects for a in (e.to, e.owner, e.spender, e.by, e.source)]
    return _unique([*named, *(c.target for c in reading.calls), *reading.signers])


def _unique(addresses: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(a for a in addresses if a))


def _address(name: str) -> str:
    """As chains write it."""
    family, _, address = name.partition(":")
    if family != "evm" or len(address) != 42:
        return address
    return to_checksum(bytes.fromhex(address[2:]))
