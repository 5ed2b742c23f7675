"""The terminal's live table of launches, and a row as a sentence. Chain text is shown without control characters."""

import shutil
import time
import unicodedata

import msgspec

from fluxdesk.client import Link
from fluxdesk.core.views import EventItem, LaunchesFrame, LaunchView, StatusView

KEPT = 2_000
_HOME_AND_CLEAR = "\x1b[H\x1b[J"
_HEADER = (
    f"{'age':>6}  {'symbol':<10} {'name':<24} {'launchpad':<18} {'price':>11} {'mcap':>9} {'vol 5m':>9}"
    f" {'trades':>7} {'buyers':>7} {'curve':>6}"
)


def plain(text: str | None, width: int) -> str:
    """Remote text cut to a width, control and direction characters as boxes."""
    shown = "".join("□" if unicodedata.category(char).startswith("C") else char for char in text or "–")
    return shown[: width - 1] + "…" if len(shown) > width else shown


def number(value: float | None) -> str:
    """Three significant figures."""
    if value is None:
        return "–"
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def age(seconds: float) -> str:
    """How long ago, in one unit."""
    for size, letter in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds / size:.0f}{letter}"
    return f"{max(0.0, seconds):.0f}s"


def line(item: EventItem) -> str:
    """A row of the printed contract with its journal number as the last key."""
    return f'{bytes(item.row)[:-1].decode()},"seq":{item.seq}}}'


def sentence(row: bytes) -> str:
    """One printed row as a line for people."""
    fields: dict[str, object] = msgspec.json.decode(row)
    kind, venue = str(fields["kind"]), str(fields["venue"] or "–")
    what = plain(str(fields["symbol"] or fields["token_mint"] or fields["signature"] or "–"), 44)
    if kind == "trade":
        tail = f"{fields['side']} {fields['token_amount']} for {fields['quote_amount']} (base units)"
    elif kind == "launch":
        tail = f"{plain(str(fields['name'] or '–'), 40)} by {fields['creator'] or 'unknown'}"
    else:
        tail = str(fields["reason"] or fields["pool"] or "")
    return f"{kind:<9} {venue:<17} {what:<44} {tail}".rstrip()


class LiveTable:
    """Newest launches first, as many as the terminal has lines for."""

    def __init__(self) -> None:
        self.status: StatusView | None = None
        self.link: Link | None = None
        self._rows: dict[str, LaunchView] = {}

    def take(self, frame: LaunchesFrame) -> None:
        """Applies a change set."""
        if frame.snapshot:
            self._rows.clear()
        for row in frame.upserts:
            self._rows[row.mint] = row
        if len(self._rows) > KEPT:
            for row in self._newest()[KEPT * 3 // 4 :]:
                del self._rows[row.mint]

    def paint(self) -> str:
        """The whole screen."""
        size = shutil.get_terminal_size()
        now = time.time()
        lines = [self._status_line(), _HEADER]
        lines += [_row(row, now) for row in self._newest()[: max(1, size.lines - 3)]]
        return _HOME_AND_CLEAR + "\n".join(text[: size.columns] for text in lines) + "\n"

    def _newest(self) -> list[LaunchView]:
        return sorted(self._rows.values(), key=lambda row: -_born(row))

    def _status_line(self) -> str:
        if self.link is not None and self.link.state != "up":
            return f"Node {self.link.state}. {self.link.reason}"
        if self.status is None:
            return "Connecting."
        s = self.status
        paused = f"  Paused: {s.journal_message}" if s.journal_message else ""
        return (
            f"{s.mode.upper()}  {s.launches:,} launches  {s.trades:,} trades  {s.events_per_s:,.0f} events/s  "
            f"{s.unknown:,} unknown  {s.refused:,} refused  {s.open_gaps:,} open gaps{paused}"
        )


def _born(row: LaunchView) -> float:
    return row.created_s if row.created_s is not None else row.first_seen_wall_ns / 1e9


def _row(row: LaunchView, now: float) -> str:
    curve = "–" if row.progress_ppm is None else f"{row.progress_ppm / 10_000:.0f}%"
    quote = row.quote_symbol or ""
    return (
        f"{age(now - _born(row)):>6}  {plain(row.symbol, 10):<10} {plain(row.name, 24):<24} {row.venue:<18}"
        f" {number(row.price_f64):>11} {number(row.mcap_f64):>9} {number(row.volume_5m_f64) + ' ' + quote:>9}"
        f" {row.trades:>7,} {row.buyers:>7,} {curve:>6}"
    )
