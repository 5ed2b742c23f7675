"""What may be signed without asking, what needs the user, and what is refused. Pure: decides, keeps and does nothing.

Two kinds of rule. A *cap* holds for everything, what the user approves included; above it is refused. An *allowance*
lets a request through without asking, if it covers it wholly; whatever no allowance covers is for the user to approve,
and refused where there is no user. Amounts are in base units and hold without any price; fiat limits come on top of
them and only ever ask.
"""

import functools
from collections.abc import Mapping
from enum import IntEnum
from typing import Annotated, Final, NamedTuple

import msgspec
from msgspec import Meta

from fluxdesk_host.agent.audit import Spend
from fluxdesk_host.agent.limits import FIAT, REQUESTS, Key, Ledger, Price, canonical
from fluxdesk_host.signing.reading import Danger, EffectKind, Reading
from fluxdesk_host.signing.text import units

ANY: Final = "*"
Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[int, Meta(ge=0, le=365 * 86_400)]
_NATIVE_DECIMALS: Final = {"eip155": 18, "solana": 9}
FEW: Final = 5
"""Amounts that must have been seen before one can be out of the ordinary."""


class Amounts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Limits in base units; None: no such limit. A day is the last 24 hours, not a date."""

    per_transaction: Count | None = None
    per_day: Count | None = None
    per_recipient_day: Count | None = None
    per_method_day: Count | None = None


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Holds for all that it names together; `*` is every one of them added up."""

    account: str = ANY
    origin: str = ANY
    chain: str = ANY
    asset: str
    method: str = ANY
    amounts: Amounts


class Allowance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What one origin may have signed by one account without asking. `assets` is the list of all it may touch."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    account: str
    origin: str
    chain: str
    kinds: tuple[str, ...]
    methods: tuple[str, ...]
    assets: dict[str, Amounts] = {}
    recipients: tuple[str, ...] | None = None
    """Addresses, contracts called among them; None: any, new ones after the cool-down."""
    danger: Annotated[int, Meta(ge=0, le=int(Danger.CAREFUL))] = int(Danger.BOUNDED)
    count_per_day: Count | None = None


class Fiat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Limits in millionths of a fiat currency on what goes without asking. A price over `max_age_s` old is none."""

    per_transaction_micro: Count | None = None
    per_day_micro: Count | None = None
    max_age_s: Seconds = 300


class Anomaly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When an allowance is put on hold: too many in a minute, or an amount far over the largest of the newest."""

    count_per_minute: Count | None = None
    factor: Annotated[int, Meta(ge=1)] | None = None


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A whole policy. The empty one asks for everything and refuses nothing."""

    version: Annotated[int, Meta(ge=1, le=1)] = 1
    caps: tuple[Cap, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    fiat: Fiat | None = None
    anomaly: Anomaly = Anomaly()
    cooldown_s: Seconds = 86_400
    loosen_delay_s: Seconds = 86_400
    second_factor_above: dict[str, Count] = {}
    """Asset -> base units in one request from which on an approval needs a code as well."""
    approval_s: Annotated[int, Meta(ge=5, le=3600)] = 120
    idle_lock_s: Seconds | None = 900
    requests_per_second: Annotated[int, Meta(ge=1, le=100_000)] = 5
    """Of one origin; a burst is four seconds' worth."""
    trust_any_node: bool = False
    """Headless: every program of this user that greets as the node is taken for it."""


class Verdict(IntEnum):
    """From least to most strict."""

    ALLOW = 0
    ASK = 1
    REFUSE = 2


class Decision(NamedTuple):
    """What is to happen, under which allowance, why, and whether an approval needs the second factor.

    `hold` names the allowance to be put on hold because of what was seen.
    """

    verdict: Verdict
    allowance: str = ""
    reasons: tuple[str, ...] = ()
    second_factor: bool = False
    hold: str = ""


class Asked(NamedTuple):
    """A request as a policy sees it. `proven`: the connection has shown that it may speak for the origin."""

    account: str
    origin: str
    chain: str
    kind: str
    reading: Reading
    spends: tuple[Spend, ...]
    proven: bool


class Sight(NamedTuple):
    """What a policy looks at beside the request."""

    now: int
    ledger: Ledger
    prices: Mapping[tuple[str, str], Price]
    held: frozenset[str] = frozenset()
    in_last_minute: int = 0


def decide(policy: Policy, asked: Asked, sight: Sight) -> Decision:
    """The decision of one policy."""
    over = tuple(said for cap in policy.caps for said in _over_cap(cap, asked, sight))
    second = _needs_code(policy, asked)
    if over:
        return Decision(Verdict.REFUSE, reasons=over, second_factor=second)
    reasons: list[str] = []
    for allowance in policy.allowances:
        if not _names(allowance, asked):
            continue
        why = _not_covered(policy, allowance, asked, sight)
        if not why and second:
            why = ["The amount needs the second factor."]
        if not why and (odd := _odd(policy.anomaly, asked, sight)):
            return Decision(Verdict.ASK, reasons=(odd,), second_factor=second, hold=allowance.name)
        if not why:
            return Decision(Verdict.ALLOW, allowance.name)
        reasons += [f"{allowance.name}: {said}" for said in why]
    return Decision(Verdict.ASK, reasons=tuple(reasons) or ("No allowance names this.",), second_factor=second)


def strictest(decisions: list[Decision]) -> Decision:
    """What satisfies all of them: the strictest verdict with every reason for it."""
    worst = max(d.verdict for d in decisions)
    chosen = [d for d in decisions if d.verdict == worst]
    return Decision(
        worst,
        chosen[0].allowance,
        tuple(dict.fromkeys(said for d in chosen for said in d.reasons)),
        any(d.second_factor for d in decisions),
        next((d.hold for d in decisions if d.hold), ""),
    )


def _fits(wanted: str, given: str) -> bool:
    return wanted in {ANY, given}


def _part(wanted: str, given: str) -> str | None:
    return None if wanted == ANY else given


def _names(allowance: Allowance, asked: Asked) -> bool:
    return (
        _fits(_account(allowance.account), asked.account)
        and _fits(allowance.origin, asked.origin)
        and _fits(allowance.chain, asked.chain)
        and asked.kind in allowance.kinds
    )


@functools.lru_cache(1024)
def _account(text: str) -> str:
    family, colon, address = text.partition(":")
    return family + colon + canonical(address)


def _over_cap(cap: Cap, asked: Asked, sight: Sight) -> list[str]:
    account = _account(cap.account)
    if not (_fits(account, asked.account) and _fits(cap.origin, asked.origin) and _fits(cap.chain, asked.chain)):
        return []
    mine = [s for s in asked.spends if s.asset == cap.asset and _fits(cap.method, s.method)]
    if not mine:
        return []
    if any(s.amount is None for s in mine):
        return [f"The cap on {cap.asset} holds, and how much this takes is not bounded."]
    key = Key(
        _part(account, asked.account),
        _part(cap.origin, asked.origin),
        _part(cap.chain, asked.chain),
        cap.asset,
        _part(cap.method, cap.method),
    )
    return [f"Cap: {said}" for said in _over(cap.amounts, mine, key, sight)]


def _sum(amount: int, asset: str | None, chain: str | None) -> str:
    """In whole coins where the chain says what one is; of anything else only base units are certain."""
    decimals = _NATIVE_DECIMALS.get((chain or "").partition(":")[0]) if asset == "native" else None
    return f"{amount:,} base units of {asset}" if decimals is None else f"{units(amount, decimals)} of the native coin"


def _over(amounts: Amounts, mine: list[Spend], key: Key, sight: Sight) -> list[str]:
    """Which limits this request would break, together with the last day. All its parts count, however it is cut up."""
    now, ledger = sight.now, sight.ledger
    sum_of = functools.partial(_sum, asset=key.asset, chain=key.chain)
    whole = sum(s.amount or 0 for s in mine)
    said = []
    if amounts.per_transaction is not None and whole > amounts.per_transaction:
        said.append(f"{sum_of(whole)} in one request; the limit is {sum_of(amounts.per_transaction)}.")
    if amounts.per_day is not None:
        day = ledger.total(now, key) + whole
        if day > amounts.per_day:
            said.append(f"{sum_of(day)} in 24 hours; the limit is {sum_of(amounts.per_day)}.")
    for limit, field, what in (
        (amounts.per_recipient_day, "to", "to one recipient"),
        (amounts.per_method_day, "method", "by one method"),
    ):
        if limit is None:
            continue
        for part in {getattr(s, field) for s in mine}:
            here = sum(s.amount or 0 for s in mine if getattr(s, field) == part)
            day = ledger.total(now, key._replace(**{field: part})) + here
            if day > limit:
                said.append(f"{sum_of(day)} {what} in 24 hours; the limit is {sum_of(limit)}.")
    return said


def _not_covered(policy: Policy, allowance: Allowance, asked: Asked, sight: Sight) -> list[str]:
    """Why an allowance that names the request does not let it through; empty when it does."""
    reading = asked.reading
    said: list[str] = []
    if not asked.proven:
        said.append("the connection has not shown that it speaks for this origin.")
    if allowance.name in sight.held:
        said.append("it is on hold.")
    if not reading.complete or reading.unknown:
        said.append("not everything in it could be read.")
    if reading.danger > allowance.danger:
        said.append(f"its danger is {reading.danger}; the limit is {allowance.danger}.")
    methods = {str(e.kind) for e in reading.effects}
    if EffectKind.UNKNOWN in methods or not methods <= set(allowance.methods):
        others = ", ".join(sorted(methods - set(allowance.methods))) or "unknown"
        said.append(f"it does what is not named: {others}.")
    if not reading.effects:
        said.append("nothing is known of what it does.")
    said += _assets_not_covered(allowance, asked, sight)
    said += _recipients_not_covered(policy, allowance, asked, sight)
    if allowance.count_per_day is not None:
        done = sight.ledger.total(sight.now, _day_key(allowance, asked, REQUESTS))
        if done + 1 > allowance.count_per_day:
            said.append(f"{done} requests were signed in 24 hours; the limit is {allowance.count_per_day}.")
    if policy.fiat is not None:
        said += _fiat(policy.fiat, allowance, asked, sight)
    return said


def _day_key(allowance: Allowance, asked: Asked, asset: str) -> Key:
    return Key(
        _part(allowance.account, asked.account),
        _part(allowance.origin, asked.origin),
        _part(allowance.chain, asked.chain),
        asset,
    )


def _assets_not_covered(allowance: Allowance, asked: Asked, sight: Sight) -> list[str]:
    said = []
    for asset in dict.fromkeys(s.asset for s in asked.spends):
        amounts = allowance.assets.get(asset)
        mine = [s for s in asked.spends if s.asset == asset]
        if amounts is None:
            said.append(f"{asset or 'what it takes'} is not on its list.")
        elif any(s.amount is None for s in mine):
            said.append(f"how much {asset} it takes is not bounded.")
        else:
            said += _over(amounts, mine, _day_key(allowance, asked, asset), sight)
    return said


def _recipients_not_covered(policy: Policy, allowance: Allowance, asked: Asked, sight: Sight) -> list[str]:
    """Listed recipients; else known ones, once the cool-down is over. Contracts that are called must be listed."""
    named = {canonical(c.target) for c in asked.reading.calls if c.target is not None}
    if any(c.target is None for c in asked.reading.calls):
        return ["it calls what the bytes do not name."]
    named |= {canonical(s.to) for s in asked.spends if s.to}
    if any(not s.to and s.method != "fee" for s in asked.spends):
        return ["the bytes do not say who receives it."]
    if allowance.recipients is not None:
        listed = {canonical(r) for r in allowance.recipients}
        return [f"{other} is not among its recipients." for other in sorted(named - listed)]
    said = []
    for to in sorted({s.to for s in asked.spends if s.to}):
        since = sight.ledger.known_since(asked.account, asked.chain, to)
        if since is None:
            said.append(f"{to} is a new recipient.")
        elif sight.now - since < policy.cooldown_s * 1000:
            said.append(f"{to} is known for less than the cool-down of {policy.cooldown_s} s.")
    return said


def _fiat(fiat: Fiat, allowance: Allowance, asked: Asked, sight: Sight) -> list[str]:
    whole = 0
    for spend in asked.spends:
        price = sight.prices.get((asked.chain, spend.asset))
        if price is None or spend.fiat_micro is None:
            return [f"there is no price for {spend.asset}."]
        if sight.now - price.at > fiat.max_age_s * 1000:
            return [f"the price of {spend.asset} is {(sight.now - price.at) // 1000} s old."]
        whole += spend.fiat_micro
    said = []
    if fiat.per_transaction_micro is not None and whole > fiat.per_transaction_micro:
        said.append(f"it is worth {whole} millionths; the limit is {fiat.per_transaction_micro}.")
    if fiat.per_day_micro is not None:
        day = sight.ledger.total(sight.now, _day_key(allowance, asked, FIAT)) + whole
        if day > fiat.per_day_micro:
            said.append(f"{day} millionths in 24 hours; the limit is {fiat.per_day_micro}.")
    return said


def _odd(anomaly: Anomaly, asked: Asked, sight: Sight) -> str:
    if anomaly.count_per_minute is not None and sight.in_last_minute + 1 > anomaly.count_per_minute:
        return f"On hold: more than {anomaly.count_per_minute} requests in a minute."
    if anomaly.factor is None:
        return ""
    for spend in asked.spends:
        usual = sight.ledger.usual(asked.account, asked.origin, spend.asset)
        if spend.method == "fee" or len(usual) < FEW:
            continue
        if (spend.amount or 0) > anomaly.factor * max(usual):
            return f"On hold: {spend.amount} of {spend.asset} is over {anomaly.factor} times the largest yet."
    return ""


def _needs_code(policy: Policy, asked: Asked) -> bool:
    for asset, above in policy.second_factor_above.items():
        mine = [s for s in asked.spends if s.asset == asset]
        if any(s.amount is None for s in mine) or sum(s.amount or 0 for s in mine) > above:
            return True
    return False
