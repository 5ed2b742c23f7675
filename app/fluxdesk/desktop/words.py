"""Numbers, times and names as the screens write them. Pure: no Qt, no clock of its own.

Lists show three significant figures; exact amounts come from integers in base units. Unknown is "?" and never zero.
"""

import math
import time
import unicodedata
from functools import lru_cache

UNKNOWN = "?"
PLAIN_BELOW = 9.995e14
MINUS = "−"
BOX = "□"
NAME_LIMIT = 64
LAST_SECOND = 250_000_000_000
"""Some eight thousand years from 1970, either way."""
MOST_MARKS = 3
"""Accents on one letter; living scripts pile up no more, and a tower of them would cover the rows above."""
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))
LAUNCHPADS = {
    "pumpfun": "pump.fun",
    "pumpswap": "PumpSwap",
    "meteora_dbc": "Meteora DBC",
    "meteora_damm_v2": "DAMM v2",
    "raydium_launchlab": "LaunchLab",
    "uniswap_v2": "Uniswap V2",
}


def short_number(value: float | None) -> str:
    """Three significant figures with K, M, B, T: 7.21K, 48.2K, 854, 0.0213; larger ones with their power of ten."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    size = abs(value)
    sign = MINUS if value < 0 else ""
    if size >= PLAIN_BELOW:
        mantissa, exponent = f"{size:.2e}".split("e")
        return f"{sign}{mantissa}e{int(exponent)}"
    for step, letter in _STEPS:
        # 999.5 rounds up to a four-figure number, so it takes the next letter.
        if size >= step * 0.9995:
            return f"{sign}{_three(size / step)}{letter}"
    return sign + (_three(size) if size >= 0.001 or size == 0 else price(size))


def _three(size: float) -> str:
    if size == 0:
        return "0"
    exponent = int(f"{size:.2e}".split("e")[1])
    return f"{size:.{max(0, 2 - exponent)}f}"


def price(value: float | None) -> str:
    """Four significant figures; four or more zeros after the point are counted in a subscript: 0.0₄4821."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    sign, size = (MINUS if value < 0 else ""), abs(value)
    exponent = math.floor(math.log10(float(f"{size:.3e}")))
    if exponent >= 5:
        return sign + short_number(size)
    if exponent >= -4:
        return f"{sign}{size:,.{max(0, 3 - exponent)}f}"
    digits = f"{size:.3e}".split("e")[0].replace(".", "")
    return f"{sign}0.0{str(-exponent - 1).translate(_SUBSCRIPT)}{digits}"


def percent(ratio: float | None, signed: bool = False) -> str:
    """A ratio as a percentage with one decimal; three significant figures from 1,000 %."""
    if ratio is None or not math.isfinite(ratio):
        return UNKNOWN
    value = ratio * 100
    body = f"{abs(value):.1f}" if abs(value) < 1000 else short_number(abs(value))
    mark = MINUS if value < 0 and body != "0.0" else "+" if signed else ""
    return f"{mark}{body}%"


def change(ratio: float | None) -> str:
    """A change with its arrow: colour is only its second signal."""
    if ratio is None or not math.isfinite(ratio):
        return UNKNOWN
    return f"{'▲' if ratio >= 0 else '▼'} {percent(ratio, signed=True)}"


def count(value: int | None) -> str:
    """A count with thousands separated, shortened from 100,000."""
    if value is None:
        return UNKNOWN
    return f"{value:,}" if value < 100_000 else short_number(value)


def age(seconds: float | None) -> str:
    """Time since, in its largest unit: 3s, 44s, 1m, 2h, 5d."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, int(seconds))
    for size, letter in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if whole >= size:
            return f"{whole // size}{letter}"
    return f"{whole}s"


def long_age(seconds: float | None) -> str:
    """Time since in two units: 44s, 12m 05s, 2h 04m, 5d 3h."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3_600:
        return f"{whole // 60}m {whole % 60:02d}s"
    if whole < 86_400:
        return f"{whole // 3_600}h {whole % 3_600 // 60:02d}m"
    return f"{whole // 86_400}d {whole % 86_400 // 3_600}h"


def duration_ms(milliseconds: float | None) -> str:
    """A lag: 4 ms, 0.38 s, 2.4 s, 3 min, 5 h, 7.21 days."""
    if milliseconds is None or not math.isfinite(milliseconds):
        return UNKNOWN
    if abs(milliseconds) < 100:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if abs(seconds) < 1:
        return f"{seconds:.2f} s"
    for unit, length, most in (("s", 1, 100), ("min", 60, 6_000), ("h", 3_600, 360_000)):
        if abs(seconds) < most:
            return f"{seconds:.1f} s" if unit == "s" else f"{seconds / length:.0f} {unit}"
    return f"{short_number(seconds / 86_400)} days"


def size(value: int) -> str:
    """Bytes in decimal units: 2.1 GB."""
    for step, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= step:
            return f"{value / step:.1f} {unit}"
    return f"{value} B"


def amount(base: str | None, decimals: int | None, places: int | None = None) -> str:
    """An exact amount from a decimal string of base units; unknown decimals leave it in base units, said so.

    `places` cuts, never rounds, the decimals shown.
    """
    if base is None:
        return UNKNOWN
    if decimals is None:
        return f"{int(base):,} base units"
    digits = base.rjust(decimals + 1, "0")
    whole, part = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    if places is not None:
        part = part[:places]
    part = part.rstrip("0")
    return f"{int(whole):,}" + (f".{part}" if part else "")


def short_address(text: str | None, head: int = 4, tail: int = 4) -> str:
    """The ends of an address; a short one is shown whole."""
    if not text:
        return UNKNOWN
    return text if len(text) <= head + tail + 1 else f"{text[:head]}…{text[-tail:]}"


def address_key(text: str) -> str:
    """An address as one that can be looked up: case says nothing in hex, and everything in base58."""
    return text.lower() if text.startswith(("0x", "0X")) else text


@lru_cache(maxsize=16_384)
def remote(text: str | None, limit: int = NAME_LIMIT) -> str:
    """Text that someone else wrote: control, bidi and private characters become boxes, and so do accents piled on one
    letter; it is cut at `limit`. Right-to-left text is isolated: it changes the order of nothing around it (UAX 9).
    """
    if not text:
        return ""
    if text[0] == ISOLATE and text[-1] == END_OF_ISOLATE:
        text = text[1:-1]
    marks, rightward, out = 0, True, ""
    for character in text[: limit + 1]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        out += BOX if marks > MOST_MARKS or _hostile(character) else character
        rightward = rightward and unicodedata.bidirectional(character) not in ("R", "AL", "AN")
    if len(out) > limit:
        out = out[: limit - 1] + "…"
    return out if rightward else ISOLATE + out + END_OF_ISOLATE


def no_markup(text: str) -> str:
    """Text for where Qt or the desktop would read `<b>` as bold and cannot be told not to (tips, notifications): the
    two characters that markup begins with become their look-alikes.
    """
    return text.replace("<", "‹").replace("&", "＆")


def _hostile(character: str) -> bool:
    if character == " ":
        return False
    # Cc control, Cf format (bidi, zero width), Cs surrogate, Co private, Cn unassigned, Zl / Zp line separators, and
    # the Hangul fillers and Braille blank, which are letters that draw nothing.
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or character in "ᅟᅠㅤﾠ⠀"


def launchpad(venue: str, brand: str | None = None) -> str:
    """The launchpad's own name; its brand where the user's list knows it."""
    return remote(brand, 24) if brand else LAUNCHPADS.get(venue, venue)


def clock(seconds: float | None) -> str:
    """Local time of day, 24 h: 14:02:11."""
    return local("%H:%M:%S", seconds)


def moment(seconds: float | None) -> str:
    """Local date and time: 21 Nov 2026, 14:02:11."""
    return local("%-d %b %Y, %H:%M:%S", seconds)


def local(form: str, seconds: float | None) -> str:
    """A moment of Unix time in local time; unknown when no calendar of ours holds it, as a bad event may claim."""
    if seconds is None or not abs(seconds) <= LAST_SECOND:
        return UNKNOWN
    return time.strftime(form, time.localtime(seconds))
