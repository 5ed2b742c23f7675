"""Takes secrets out of text before it reaches a log file or an error report. Hides too much rather than too little.

Hidden: credentials, queries and key-like path parts of URLs; values of fields with a secret's name; bearer tokens and
JWTs; seed phrases; 32 bytes and more in hex, base58 or as a list of numbers (the first characters stay, so that two
lines about the same transaction can still be matched). Kept: addresses and mints, which are public and shorter.
"""

import re
from collections.abc import Mapping, Sequence

HIDDEN = "[hidden]"
_SECRET_NAME = (
    r"(?:x[-_])?api[-_ ]?key|apikey|access[-_ ]?key|(?:access|auth|refresh|id|session|bearer)[-_ ]?token"
    r"|client[-_ ]?secret|secret(?:[-_ ]?key)?|passw(?:or)?d|passphrase|pwd|(?:proxy[-_])?authorization"
    r"|private[-_ ]?key|priv[-_ ]?key|signing[-_ ]?key|mnemonic|seed(?:[-_ ]?phrase)?|recovery[-_ ]?phrase|(?:set[-_])?cookie|credentials?"
)
SECRET_FIELD = re.compile(rf"(?:{_SECRET_NAME})", re.IGNORECASE)
"""Matches the whole name of a structured field whose value is never written."""

_URL = re.compile(r"\b([a-z][a-z0-9+.\-]{1,15})://([^\s\"'<>`\\]+)", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?<![a-z0-9])({_SECRET_NAME})([\"']?\s*(?:[:=]|=>|\bis\b)\s*)(\"[^\"]*\"|'[^']*'|(?:basic|bearer)\s+\S+|[^\s,;}}\])]+)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9+/=_.\-]{8,}", re.IGNORECASE)
_JWT = re.compile(r"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{4,}(?:\.[A-Za-z0-9_\-]*)?")
_HEX = re.compile(r"(?<![0-9a-zA-Z])(0x)?([0-9a-fA-F]{64,})(?![0-9a-zA-Z])")
_BASE58 = re.compile(r"(?<![0-9a-zA-Z])([1-9A-HJ-NP-Za-km-z]{64,})(?![0-9a-zA-Z])")
_WIF = re.compile(r"(?<![0-9a-zA-Z])[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?![0-9a-zA-Z])")
_NUMBERS = re.compile(r"(?<![\d.])\d{1,3}(?:[,\s]{1,3}\d{1,3}){31,}(?![\d.])")
_WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,8}(?:[^A-Za-z\n]{1,6}[A-Za-z]{3,8}){11,}(?![A-Za-z])|"
                    r"(?<![A-Za-z])[A-Za-z]{3,8}(?:\s*\n[^A-Za-z]{0,6}[A-Za-z]{3,8}){11,}(?![A-Za-z])")  # fmt: skip
_NOT_IN_A_PHRASE = re.compile(
    r"\b(?:the|and|for|not|was|are|has|its|from|were|but|than|then|been|which|does|did)\b", re.IGNORECASE
)
"""English words that no BIP-39 list holds: a run of words that has one of them within every twelve is a sentence."""


def redact(text: str) -> str:
    """The text with everything hidden that looks like a secret. Takes time linear in its length; never raises."""
    text = _URL.sub(lambda m: f"{m[1]}://{_bare(m[2])}", text)
    text = _NAMED.sub(lambda m: f"{m[1]}{m[2]}{HIDDEN}", text)
    text = _BEARER.sub(lambda m: f"{m[1]} {HIDDEN}", text)
    text = _JWT.sub(HIDDEN, text)
    text = _HEX.sub(lambda m: f"{m[1] or ''}{m[2][:6]}[{len(m[2]) // 2} bytes]", text)
    text = _BASE58.sub(lambda m: f"{m[1][:6]}[{len(m[1])} base58]", text)
    text = _WIF.sub(HIDDEN, text)
    text = _NUMBERS.sub(HIDDEN, text)
    return _WORDS.sub(_phrase, text)


def redact_value(name: str, value: object) -> object:
    """A structured field ready for a log line: text redacted, containers walked, all hidden under a secret's name."""
    if SECRET_FIELD.fullmatch(name):
        return HIDDEN
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(k): redact_value(str(k), v) for k, v in value.items()}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"[{len(value)} bytes]"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) >= 32 and all(isinstance(x, int) for x in value):
            return HIDDEN
        if len(value) >= 12 and all(isinstance(x, str) for x in value):
            return redact(" ".join(value))
        return [redact_value(name, x) for x in value]
    return redact(str(value))


def _bare(rest: str) -> str:
    """What may be seen of a URL after its scheme: host, port and the parts of the path that do not look like a key."""
    head, *_ = re.split(r"[?#]", rest, maxsplit=1)
    host, slash, path = head.partition("/")
    host = host.rpartition("@")[2]
    if "@" in path.split("/", 1)[0]:  # a password with a slash in it
        return HIDDEN
    parts = [HIDDEN if _looks_like_a_key(part) else part for part in path.split("/")]
    query = f"?{HIDDEN}" if len(head) < len(rest) else ""
    return f"{host}{slash}{'/'.join(parts)}{query}"


def _looks_like_a_key(part: str) -> bool:
    return len(part) >= 16 and any(c.isdigit() for c in part) and bool(re.fullmatch(r"[A-Za-z0-9_\-.~%]+", part))


def _phrase(found: re.Match[str]) -> str:
    """Hide a run of words unless it is plainly a sentence."""
    words = re.findall(r"[A-Za-z]+", found[0])
    longest = run = 0
    for word in words:
        run = 0 if _NOT_IN_A_PHRASE.fullmatch(word) else run + 1
        longest = max(longest, run)
    return HIDDEN if longest >= 12 else found[0]
