"""Takes secrets out of text before it reaches a log file or an error report. Hides too much rather than too little.

Hidden: credentials, queries and key-like path parts of URLs; values of fields with a secret's name; bearer tokens and
JWTs; seed phrases; 32 bytes and more in hex, base58 or as a list of numbers (the first characters stay, so that two
lines about the same transaction can still be matched); the home folder, shown as `~`. Kept: addresses and mints, which
are public and shorter; module names and lines of a traceback, without the folders they lie in.
"""

import functools
import os
import re
from collections.abc import Mapping, Sequence

HIDDEN = "[hidden]"
_SECRET_NAME = (
    r"(?:x[-_])?api[-_ ]?key|apikey|access[-_ ]?key|(?:access|auth|refresh|id|session|bearer)[-_ ]?token"
    r"|client[-_ ]?secret|secret(?:[-_ ]?key)?|passw(?:or)?d|passphrase|pwd|(?:proxy[-_])?authorization"
    r"|private[-_ ]?key|priv[-_ ]?key|signing[-_ ]?key|mnemonic|(?:recovery[-_ ]?|seed[-_ ]?)phrase|seed"
    r"|(?:set[-_])?cookie|credentials?"
)
_VALUE = r"\"[^\"]*\"|'[^']*'|(?:basic|bearer)\s+\S+|[^\s,;}\])]+"
_WORD = "[A-Za-z]{3,8}"
_PATTERNS = {
    # a path is short words in a row, as a seed phrase is: of a traceback's, what lies behind the library folder stays
    "frame": r"(?<=File \")(?:[^\"\n]*/(?:site-packages|dist-packages|lib/python3\.\d+|app(?=/fluxdesk/))/|[^\"\n]*/)"
    r"([^\"\n]*)(?=\", line \d)",
    "field": rf"(?:{_SECRET_NAME})",
    "url": r"\b([a-z][a-z0-9+.\-]{1,15})://([^\s\"'<>`\\]+)",
    "named": rf"(?<![a-z0-9])({_SECRET_NAME})([\"']?\s*(?:[:=]|=>|\bis\b)\s*)({_VALUE})",
    "bearer": r"\b(bearer|basic)\s+[a-z0-9+/=_.\-]{8,}",
    "jwt": r"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{4,}(?:\.[A-Za-z0-9_\-]*)?",
    "hex": r"(?<![0-9a-z])(0x)?([0-9a-f]{64,})(?![0-9a-z])",
    "base58": r"(?<![0-9a-zA-Z])([1-9A-HJ-NP-Za-km-z]{64,})(?![0-9a-zA-Z])",
    "wif": r"(?<![0-9a-zA-Z])[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?![0-9a-zA-Z])",
    "numbers": r"(?<![\d.])\d{1,3}(?:[,\s]{1,3}\d{1,3}){31,}(?![\d.])",
    "words": rf"(?<![A-Za-z]){_WORD}(?:(?:[^A-Za-z\n]{{1,6}}|\s*\n[^A-Za-z]{{0,6}}){_WORD}){{11,}}(?![A-Za-z])",
    # English words that no BIP-39 list holds: they end a run of words that could be a phrase
    "stop": "the|and|for|not|was|are|has|its|from|were|but|than|then|been|which|does|did",
}
_CASE_MATTERS = frozenset({"jwt", "base58", "wif"})


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    """Compiled when first needed: all together take longer than a program that logs nothing should wait."""
    return re.compile(_PATTERNS[name], 0 if name in _CASE_MATTERS else re.IGNORECASE)


def redact(text: str) -> str:
    """The text with everything hidden that looks like a secret. Takes time linear in its length; never raises."""
    text = _pattern("frame").sub(lambda m: m[1], text)
    text = _without_home(text)
    text = _pattern("url").sub(lambda m: f"{m[1]}://{_bare(m[2])}", text)
    text = _pattern("named").sub(lambda m: f"{m[1]}{m[2]}{HIDDEN}", text)
    text = _pattern("bearer").sub(lambda m: f"{m[1]} {HIDDEN}", text)
    text = _pattern("jwt").sub(HIDDEN, text)
    text = _pattern("hex").sub(lambda m: f"{m[1] or ''}{m[2][:6]}[{len(m[2]) // 2} bytes]", text)
    text = _pattern("base58").sub(lambda m: f"{m[1][:6]}[{len(m[1])} base58]", text)
    text = _pattern("wif").sub(HIDDEN, text)
    text = _pattern("numbers").sub(HIDDEN, text)
    return _pattern("words").sub(_phrase, text)


def redact_value(name: str, value: object) -> object:
    """A structured field ready for a log line: text redacted, containers walked, all hidden under a secret's name."""
    if _pattern("field").fullmatch(name):
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


def _without_home(text: str) -> str:
    home = os.environ.get("HOME", "").rstrip("/")
    if not home or home not in text:
        return text
    return re.sub(rf"(?<![\w.\-]){re.escape(home)}(?![\w.\-])", "~", text)


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
        run = 0 if _pattern("stop").fullmatch(word) else run + 1
        longest = max(longest, run)
    return HIDDEN if longest >= 12 else found[0]
