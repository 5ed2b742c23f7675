"""Filters of the Launches list in plain numbers: `mcap >= 5k SOL`, `age <= 30m`, `launchpad = pump.fun, LaunchLab`.

Pure. A filter never hides what it cannot judge silently: an unknown value does not match, and the count of rows a
filter alone hides is available, so that an empty list can name the one to loosen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from fluxdesk.core.views import LaunchView
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import tr

_C = "Filters"


@dataclass(frozen=True, slots=True)
class Field:
    """A number a filter can ask about. `unit` is how its value is written: quote, percent, time, count or
    milliseconds.
    """

    key: str
    title: str
    unit: str
    read: Callable[[LaunchView, float], float | None]


def _ppm(view: LaunchView, now_s: float) -> float | None:
    return None if view.progress_ppm is None else view.progress_ppm / 1e6


def age_s(view: LaunchView, now_s: float) -> float:
    """Seconds since creation by the chain's clock, else since this machine first saw it."""
    born = view.created_s if view.created_s is not None else view.first_seen_wall_ns / 1e9
    return max(0.0, now_s - born)


FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        Field("mcap", "Mcap", "quote", lambda v, now: v.mcap_f64),
        Field("liq", "Liq", "quote", lambda v, now: v.liquidity_f64),
        Field("vol", "Vol 5m", "quote", lambda v, now: v.volume_5m_f64),
        Field("price", "Price", "quote", lambda v, now: v.price_f64),
        Field("change", "Change", "percent", lambda v, now: v.change_f64),
        Field("curve", "Curve", "percent", _ppm),
        Field("age", "Age", "time", age_s),
        Field("trades", "Trades", "count", lambda v, now: v.trades),
        Field("buys", "Buys 5m", "count", lambda v, now: v.buys_5m),
        Field("sells", "Sells 5m", "count", lambda v, now: v.sells_5m),
        Field("buyers", "Buyers", "count", lambda v, now: v.buyers),
        Field("holders", "Holders", "count", lambda v, now: v.holders),
        Field("lead", "Lead", "ms", lambda v, now: v.lead_ms),
    )
}
_ALIASES = {
    "market cap": "mcap",
    "mkt cap": "mcap",
    "liquidity": "liq",
    "volume": "vol",
    "vol 5m": "vol",
    "progress": "curve",
    "pad": "launchpad",
    "launchpads": "launchpad",
    "pads": "launchpad",
}
_SIZES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}
_TIMES = {"s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_QUOTES = ("SOL", "USDC", "USDT", "WETH", "ETH", "DAI", "USD1")
_SHAPE = re.compile(r"^\s*([a-z][a-z0-9 ]*?)\s*(>=|<=|≥|≤|>|<|=|:)\s*(.+?)\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"^([+\-−]?)\s*([\d][\d,_]*(?:\.\d+)?|\.\d+)\s*(.*)$")


_EXPONENT = re.compile(r"[eE][+\-]?\d")
MOST = 1e15
"""Largest number of a filter; age in minutes and counts in millions stay far below it."""


class BadFilter(ValueError):
    """The text is not a filter; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition. `value` is in whole units, ratios for percentages, seconds for times; `unit` is a quote symbol."""

    key: str
    sign: str
    value: float = 0.0
    unit: str = ""
    pads: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """How the gateway and the counts of hidden rows call it."""
        return self.text

    @property
    def text(self) -> str:
        """How its chip reads."""
        if self.key == "launchpad":
            known = [words.launchpad(pad) for pad in words.LAUNCHPADS if pad in self.pads]
            return tr(_C, "Launchpad: {pads}", pads=", ".join(known))
        field = FIELDS[self.key]
        return f"{field.title} {'≥' if self.sign == '>=' else '≤'} {self._number(field)}"

    def _number(self, field: Field) -> str:
        if field.unit == "percent":
            return words.percent(self.value).replace(".0%", "%")
        if field.unit == "time":
            letter, size = next((pair for pair in reversed(_TIMES.items()) if self.value % pair[1] == 0), ("s", 1.0))
            return f"{self.value / size:g}{letter}"
        number = f"{self.value:g}" if abs(self.value) < 1000 else words.short_number(self.value)
        number = re.sub(r"\.?0+([KMBT])$", r"\1", number) if "." in number else number
        tail = " ms" if field.unit == "ms" else f" {self.unit}" if self.unit else ""
        return number + tail

    @property
    def source(self) -> str:
        """Text that parses back to this filter; what the settings keep."""
        if self.key == "launchpad":
            return "launchpad = " + ", ".join(sorted(self.pads))
        field = FIELDS[self.key]
        if field.unit == "percent":
            return f"{self.key} {self.sign} {_plain(self.value, 100)}%"
        tail = {"time": "s", "ms": " ms"}.get(field.unit, f" {self.unit}" if self.unit else "")
        return f"{self.key} {self.sign} {_plain(self.value)}{tail}"

    def passes(self, view: LaunchView, now_s: float) -> bool:
        """Whether a row stays. An unknown value does not pass, nor does another quote than the one named."""
        if self.key == "launchpad":
            return view.venue in self.pads
        if self.unit and (view.quote_symbol or "").upper() != self.unit:
            return False
        value = FIELDS[self.key].read(view, now_s)
        if value is None:
            return False
        return value >= self.value if self.sign == ">=" else value <= self.value

    def loosened(self) -> "Filter | None":
        """The same condition made easier by a factor of four, rounded; None when that makes no sense."""
        if self.key == "launchpad" or self.value <= 0:
            return None
        factor = 0.25 if self.sign == ">=" else 4.0
        if FIELDS[self.key].unit == "time":
            return Filter(self.key, self.sign, self.value * factor)
        return Filter(self.key, self.sign, float(f"{self.value * factor:.1g}"), self.unit)


def _plain(value: float, times: int = 1) -> str:
    """A number without an exponent that reads back as the same float."""
    return format(Decimal(repr(value)) * times, "f")


def parse(text: str) -> Filter:
    """A filter from what someone typed.

    Raises:
        BadFilter: with a sentence for the user.
    """
    if not text.strip():
        raise BadFilter(tr(_C, "Type a condition such as mcap >= 5k SOL or age <= 30m."))
    shape = _SHAPE.match(text)
    if shape is None:
        raise BadFilter(tr(_C, "A filter is a name, >= or <=, and a number: mcap >= 5k SOL."))
    key = " ".join(shape[1].lower().split())
    key = _ALIASES.get(key, key)
    sign = {"≥": ">=", "≤": "<=", ">": ">=", "<": "<="}.get(shape[2], shape[2])
    if key == "launchpad":
        return _launchpads(shape[3])
    field = FIELDS.get(key)
    if field is None:
        shown = words.remote(shape[1], 24)
        raise BadFilter(
            tr(_C, "There is no number named {name}. Known: {known}, launchpad.", name=shown, known=", ".join(FIELDS))
        )
    if sign not in (">=", "<="):
        raise BadFilter(
            tr(_C, "Use >= or <= with {name}: an exact number would match almost nothing.", name=field.title)
        )
    return _numeric(field, sign, shape[3])


def _numeric(field: Field, sign: str, text: str) -> Filter:
    number = _NUMBER.match(text)
    if number is None:
        raise BadFilter(tr(_C, "{text} is not a number.", text=words.remote(text, 24)))
    value = float(number[2].replace(",", "").replace("_", ""))
    if _EXPONENT.match(number[3]):
        raise BadFilter(tr(_C, "Write the number out, or with k, M or B: {text}.", text=words.remote(text, 24)))
    if value * _SIZES.get(number[3][:1].lower(), 1.0) > MOST:
        raise BadFilter(tr(_C, "{text} is more than any launch has.", text=words.remote(text, 24)))
    value = -value if number[1] in ("-", "−") else value
    tail = number[3].strip()
    if field.unit == "time":
        if tail.lower() not in _TIMES:
            raise BadFilter(tr(_C, "Say the unit of time: 45s, 30m, 2h or 3d."))
        return Filter(field.key, sign, value * _TIMES[tail.lower()])
    if field.unit == "percent":
        if tail not in ("", "%"):
            raise BadFilter(tr(_C, "{name} is a percentage, such as 50%.", name=field.title))
        return Filter(field.key, sign, value / 100)
    if field.unit == "ms":
        if tail.lower() not in ("", "ms"):
            raise BadFilter(tr(_C, "{name} is in milliseconds, such as 200 ms.", name=field.title))
        return Filter(field.key, sign, value)
    return _scaled(field, sign, value, tail)


def _scaled(field: Field, sign: str, value: float, tail: str) -> Filter:
    parts = tail.split()
    letter = ""
    if parts and parts[0].lower() in ("k", "m", "b"):
        letter = parts.pop(0).lower()
    elif parts and parts[0][0].lower() in "kmb" and parts[0][1:].upper() in _QUOTES:
        letter, parts[0] = parts[0][0].lower(), parts[0][1:]
    unit = parts.pop(0).upper() if parts else ""
    if parts or (unit and (field.unit != "quote" or not re.fullmatch(r"[A-Z0-9]{2,12}", unit))):
        raise BadFilter(
            tr(_C, "{name} takes a number such as 5k or 1.2M, then a quote such as SOL.", name=field.title)
            if field.unit == "quote"
            else tr(_C, "{name} is a count, such as 25 or 1.5k.", name=field.title)
        )
    return Filter(field.key, sign, value * _SIZES[letter], unit)


def _launchpads(text: str) -> Filter:
    by_name = {name.lower().replace(" ", ""): pad for pad, name in words.LAUNCHPADS.items()}
    by_name |= {pad.replace("_", ""): pad for pad in words.LAUNCHPADS}
    chosen = set()
    for part in re.split(r"[,\s]*,[,\s]*|\s+or\s+", text):
        pad = by_name.get(part.lower().replace(" ", "").replace("_", ""))
        if pad is None:
            shown = words.remote(part, 24)
            known = ", ".join(words.LAUNCHPADS.values())
            raise BadFilter(tr(_C, "There is no launchpad named {name}. Known: {known}.", name=shown, known=known))
        chosen.add(pad)
    return Filter("launchpad", "=", pads=frozenset(chosen))


def passes(filters: tuple[Filter, ...], view: LaunchView, now_s: float) -> bool:
    """Whether a row passes every filter."""
    return all(one.passes(view, now_s) for one in filters)


def matches_words(view: LaunchView, needle: str) -> bool:
    """Whether the quick search finds a row: every word in name, symbol, address or creator, case ignored."""
    if not needle:
        return True
    hay = f"{view.name or ''} {view.symbol or ''} {view.mint} {view.creator or ''}".lower()
    return all(part in hay for part in needle.lower().split())
