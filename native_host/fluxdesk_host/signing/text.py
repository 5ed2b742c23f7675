"""Text for display out of bytes nobody vouches for: what hides or turns text becomes visible, lengths are bounded.

Also how amounts and addresses are written. Pure.
"""

import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST_NAME = 64
LONGEST_VALUE = 512
LONGEST_MESSAGE = 16_384

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_INVISIBLE = frozenset(
    chr(c)
    for low, high in (
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164),
        (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFFC, 0xFFFC), (0x16FE4, 0x16FE4), (0x1D159, 0x1D159),
        (0xE0100, 0xE01EF),
    )
    for c in range(low, high + 1)
)  # fmt: skip
"""Characters that draw nothing although Unicode does not file them under control or format."""
_QUOTES = {ord(mark): "'" for mark in '“”„‟"«»'}
_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 3
"""More combining marks in a row than any script writes would paint over the lines around them."""


def visible(text: str, most: int = LONGEST_VALUE, *, lines: bool = False) -> str:
    """`text` with every control, format, bidi and invisible character written as `⟨U+202E⟩`, cut after `most`
    characters.

    Plain spaces stay; line feeds stay where `lines` says so.
    """
    cut = text[:most]
    if not _plain(cut.replace("\n", "") if lines else cut):
        cut = _boxed(cut, lines)
    return cut if len(text) <= most else f"{cut}… ({len(text) - most:,} more characters)"


def quoted(text: str, most: int = LONGEST_VALUE) -> str:
    """`visible(text)` in quotation marks that nothing within can close: others' words stay apart from ours."""
    return f"“{visible(text.translate(_QUOTES), most)}”"


def hides(text: str) -> bool:
    """Whether `text` holds a character that `visible` would box; line feeds, returns and tabs do not count.

    Looks at each character that occurs once, and at the text itself only where an order of characters matters.
    """
    if text.isascii() and text.isprintable():
        return False
    occurring = set(text) - {"\r", "\t", "\n"}
    if any(_hidden(c) for c in occurring if c != "\ufe0f"):
        return True
    if "\ufe0f" not in occurring and not any(unicodedata.category(c) in _MARKS for c in occurring):
        return False
    return _disordered(text)


def _hidden(c: str) -> bool:
    category = unicodedata.category(c)
    return category in _HIDDEN or c in _INVISIBLE or (category == "Zs" and c != " ")


def _disordered(text: str) -> bool:
    """Whether a mark of colour stands where no emoji does, or more combining marks in a row than any script writes."""
    marks, before = 0, ""
    for c in text:
        category = unicodedata.category(c)
        marks = marks + 1 if category in _MARKS else 0
        if marks > _MOST_MARKS or (c == "\ufe0f" and before != "So"):
            return True
        before = category
    return False


_ALIKE = ("LATIN ", "CYRILLIC ", "GREEK ", "ARMENIAN ", "CHEROKEE ")
"""Alphabets some of whose letters look the same."""
_WORD = re.compile(r"[^\W\d_]+")


def mixed_word(text: str) -> str:
    """The first word that mixes letters of alphabets which look alike, as an imitation does; empty for none."""
    if text.isascii():
        return ""
    for word in _WORD.findall(text):
        if len(word) > 2 and not word.isascii() and len({a for c in set(word) if (a := _alphabet(c))}) > 1:
            return str(word[:LONGEST_NAME])
    return ""


@lru_cache(maxsize=4096)
def _alphabet(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if name.startswith(("FULLWIDTH LATIN", "MATHEMATICAL ")):
        return "STYLED"
    return next((a for a in _ALIKE if name.startswith(a)), "")


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _boxed(text: str, lines: bool) -> str:
    out, marks, before = [], 0, ""
    for c in text:
        category = unicodedata.category(c)
        marks = marks + 1 if category in _MARKS else 0
        if (c == "\n" and lines) or (c == "\ufe0f" and before == "So"):  # an emoji in its usual, coloured form
            out.append(c)
        elif _hidden(c) or marks > _MOST_MARKS:
            out.append(f"⟨U+{ord(c):04X}⟩")
        else:
            out.append(c)
        before = category
    return "".join(out)


def units(amount: int, decimals: int) -> str:
    """The exact decimal form of an amount in base units: `units(1_500, 3)` is `1.5`, thousands with commas."""
    whole, rest = divmod(amount, 10**decimals)
    fraction = str(rest).rjust(decimals, "0").rstrip("0") if decimals else ""
    return f"{whole:,}.{fraction}" if fraction else f"{whole:,}"


@lru_cache(maxsize=4096)
def checksummed(address: str) -> str:
    """The EIP-55 form of a lower-case 0x address, as explorers write it; anything else unchanged."""
    if len(address) != 42 or not address.startswith("0x"):
        return address
    from Crypto.Hash import keccak

    digest = keccak.new(digest_bits=256, data=address[2:].encode()).hexdigest()
    return "0x" + "".join(c.upper() if int(d, 16) > 7 else c for c, d in zip(address[2:], digest, strict=False))


def moment(at: int) -> str:
    """Unix seconds as `21 Dec 2026 14:03 UTC`. Only below the year 10000."""
    when = datetime.fromtimestamp(at, UTC)
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year} {when.hour:02}:{when.minute:02} UTC"


def until(at: int | None) -> str:
    """What an end adds to a sentence: ` until …`, nothing where there is none."""
    return f" until {moment(at)}" if at is not None else ""


def counted(number: int, thing: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def short_hex(data: bytes, most: int = 64) -> str:
    """0x-hex of bytes, cut after `most` of them with what is left out said."""
    return f"0x{data[:most].hex()}" + (f"… ({len(data) - most:,} more bytes)" if len(data) > most else "")
