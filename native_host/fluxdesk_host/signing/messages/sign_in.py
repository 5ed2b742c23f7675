"""Sign-in messages: EIP-4361 and Sign-In With Solana, checked against who asks.

Sources: EIP-4361 (its ABNF); phantom/sign-in-with-solana (the same text, every field optional). A text that only
resembles one is not a sign-in. No clock here: when it ends is said, whether that has passed is for the caller to
know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fluxdesk_host.signing.draft import Draft
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.text import LONGEST_NAME, visible

_HEAD = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,31})://)?(?P<domain>[^\s/?#]{1,255}) wants you to sign in with your"
    r" (?P<ledger>Ethereum|Solana) account:\Z"
)
_RESEMBLES = "wants you to sign in with your"
_FIELDS = ("URI", "Version", "Chain ID", "Nonce", "Issued At", "Expiration Time", "Not Before", "Request ID")
_NEEDED = frozenset({"URI", "Version", "Chain ID", "Nonce", "Issued At"})
_TIMES = frozenset({"Issued At", "Expiration Time", "Not Before"})
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)\Z")
_NONCE = re.compile(r"[A-Za-z0-9]{8,}\Z")
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,31}):(?://([^/?#\s]*))?\S*\Z")
_ADDRESSES = {"Ethereum": re.compile(r"0x[0-9a-fA-F]{40}\Z"), "Solana": re.compile(r"[1-9A-HJ-NP-Za-km-z]{32,44}\Z")}
_PORTS = {"https": ":443", "http": ":80"}
_MOST_RESOURCES = 64


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in message in its parts."""

    scheme: str | None
    domain: str
    ledger: str
    address: str
    statement: str | None
    fields: dict[str, str]
    resources: tuple[str, ...]
    expires: int | None
    begins: int | None


def resembles_sign_in(text: str) -> bool:
    """Whether a reader could take the text for a sign-in message."""
    return _RESEMBLES in " ".join(text.split()).lower()


def parse_sign_in(text: str) -> SignIn | None:
    """The message in its parts; None where it does not have exactly the form of one."""
    lines = text.split("\n")
    head = _HEAD.match(lines[0])
    if head is None or len(lines) < 2 or not _ADDRESSES[head["ledger"]].match(lines[1]):
        return None
    rest = lines[2:]
    statement: str | None = None
    if rest and rest[0] != "":
        return None
    rest = rest[1:]
    if rest and rest[0] == "":
        rest = rest[1:]
    elif rest and not _starts_field(rest[0]):
        statement, rest = rest[0], rest[1:]
        if rest:
            if rest[0] != "":
                return None
            rest = rest[1:]
    parsed = _fields(rest)
    if parsed is None:
        return None
    fields, resources = parsed
    if head["ledger"] == "Ethereum" and not fields.keys() >= _NEEDED:
        return None
    times = {name: _moment(fields[name]) for name in _TIMES & fields.keys()}
    if None in times.values():
        return None
    expires, begins = times.get("Expiration Time"), times.get("Not Before")
    if fields.get("Version", "1") != "1" or ("URI" in fields and not _URI.match(fields["URI"])):
        return None
    return SignIn(
        head["scheme"], head["domain"], head["ledger"], lines[1], statement, fields, resources, expires, begins
    )


def _starts_field(line: str) -> bool:
    return line == "Resources:" or any(line.startswith(f"{name}: ") for name in _FIELDS)


def _fields(lines: list[str]) -> tuple[dict[str, str], tuple[str, ...]] | None:
    """The labelled lines in their order, then the resources; None for any other line."""
    fields: dict[str, str] = {}
    names: Iterator[str] = iter(_FIELDS)
    for at, line in enumerate(lines):
        if line == "Resources:":
            resources = lines[at + 1 :]
            if len(resources) > _MOST_RESOURCES or not all(r.startswith("- ") and len(r) > 2 for r in resources):
                return None
            return fields, tuple(r[2:] for r in resources)
        name, colon, value = line.partition(": ")
        if not colon or name not in names:  # consumes the iterator: a field out of order or twice is not found
            return None
        fields[name] = value
    return fields, ()


def _moment(text: str) -> int | None:
    """Unix seconds of an RFC 3339 time."""
    if not _TIME.match(text):
        return None
    try:
        fraction = re.sub(r"\.\d+", "", text.upper().replace("Z", "+00:00"))
        return int(datetime.fromisoformat(fraction).timestamp())
    except (ValueError, OverflowError):
        return None


def origin_parts(origin: str) -> tuple[str, str] | None:
    """(scheme, authority) of a web origin, lower-case, without the scheme's usual port; None for anything else."""
    scheme, mark, authority = origin.lower().partition("://")
    if not mark or scheme not in _PORTS or not authority or any(c in authority for c in "/?#@\\ "):
        return None
    return scheme, authority.removesuffix(_PORTS[scheme])


def judge(draft: Draft, sign_in: SignIn, account: str | None, chain: str | None, now: int | None) -> str:
    """Compare a sign-in with who asks, who signs, where and when; the phrase says what it does."""
    domain = sign_in.domain
    draft.warn("sign-in", domain=domain)
    asked = origin_parts(draft.origin)
    own = domain.lower()
    if asked is None:
        draft.warn("no-origin")
    else:
        if own.removesuffix(_PORTS[asked[0]]) != asked[1]:
            draft.warn("sign-in-domain", domain=domain, origin=draft.origin)
        if sign_in.scheme is not None and sign_in.scheme.lower() != asked[0]:
            draft.warn("sign-in-scheme", scheme=sign_in.scheme, origin=draft.origin)
    if not domain.isascii() or any(label.startswith("xn--") for label in own.split(".")):
        draft.warn("mixed-letters", domain=domain)
    uri = _URI.match(sign_in.fields.get("URI", ""))
    if uri and uri[2] is not None and not _same_place(uri[1].lower(), uri[2].lower(), own):
        draft.warn("sign-in-uri", uri=sign_in.fields["URI"], domain=domain)
    _judge_account(draft, sign_in, account, chain)
    nonce = sign_in.fields.get("Nonce")
    if nonce is not None and not _NONCE.match(nonce):
        draft.warn("sign-in-nonce")
    if sign_in.expires is None:
        draft.warn("sign-in-no-expiry")
    elif now is not None and sign_in.expires <= now:
        draft.warn("sign-in-over")
    if sign_in.begins is not None and now is not None and sign_in.begins > now:
        draft.warn("sign-in-early")
    if sign_in.resources:
        draft.warn("sign-in-resources", count=len(sign_in.resources))
    _state(draft, sign_in)
    draft.effect(
        EffectKind.SIGN_IN, asset=f"domain:{visible(own, 255)}", source=sign_in.address, expires=sign_in.expires
    )
    return f"signs in at {visible(domain, 255)} as {sign_in.address}"


def _same_place(scheme: str, authority: str, domain: str) -> bool:
    port = _PORTS.get(scheme, "")
    return authority == domain or (bool(port) and authority.removesuffix(port) == domain.removesuffix(port))


def _judge_account(draft: Draft, sign_in: SignIn, account: str | None, chain: str | None) -> None:
    fold = sign_in.ledger == "Ethereum"
    stated = sign_in.address.lower() if fold else sign_in.address
    if account is not None and stated != (account.lower() if fold else account):
        draft.warn("sign-in-account", stated=sign_in.address, wanted=account)
    named = sign_in.fields.get("Chain ID")
    if named is None or chain is None:
        return
    wanted = chain.rpartition(":")[2]
    if named.removeprefix("solana:").removeprefix("eip155:") != wanted and not (
        wanted == "mainnet" and named == "mainnet-beta"
    ):
        draft.warn("sign-in-chain", stated=named, wanted=wanted)


def _state(draft: Draft, sign_in: SignIn) -> None:
    draft.fact("domain", sign_in.domain)
    draft.fact("account", sign_in.address)
    if sign_in.statement is not None:
        draft.fact("statement", sign_in.statement)
    for name, value in sign_in.fields.items():
        draft.fact(visible(name, LONGEST_NAME), value)
    for resource in sign_in.resources:
        draft.fact("resource", resource)
