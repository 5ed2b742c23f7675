"""The columns of the Launches table as data: titles, widths, order of leaving, and what each number means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fluxdesk.core.views import LaunchView
from fluxdesk.desktop.i18n import tr

_C = "Launches"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        width: Pixels at 100 % text; 0 takes what is left.
        rank: Columns with the highest rank leave first when the window is too narrow.
        wide: Extra pixels when every column is shown.
    """

    key: str
    title: str
    width: int
    right: bool
    rank: int
    wide: int
    meaning: str


def columns() -> tuple[Column, ...]:
    """All columns, left to right, in the user's language."""
    return (
        Column(
            "token", tr(_C, "Token"), 0, False, 0, 0, tr(_C, "Symbol, launchpad and name, as the launch states them.")
        ),
        Column(
            "age",
            tr(_C, "Age"),
            54,
            True,
            1,
            8,
            tr(_C, "Since creation by block time; with ~ since its first event arrived, while block time is unknown."),
        ),
        Column("price", tr(_C, "Price"), 88, True, 2, 8, tr(_C, "Last trade: whole quote units for one whole token.")),
        Column(
            "mcap",
            tr(_C, "Mkt cap"),
            92,
            True,
            1,
            12,
            tr(
                _C,
                "Price × total supply, in the quote of the pool. Below it: last price against the first known price.",
            ),
        ),
        Column(
            "spark",
            tr(_C, "Since launch"),
            80,
            False,
            6,
            48,
            tr(_C, "Price since Fluxdesk first saw it, linear; dotted at the first."),
        ),
        Column(
            "curve",
            tr(_C, "Curve"),
            88,
            False,
            3,
            40,
            tr(_C, "Quote collected / quote needed to graduate; marks at 25, 50, 75%."),
        ),
        Column(
            "volume",
            tr(_C, "Vol 5m / liq"),
            92,
            True,
            4,
            12,
            tr(_C, "Quote traded in the last 5 minutes. Below it: the quote side of the pool."),
        ),
        Column(
            "trades",
            tr(_C, "Buys / sells"),
            92,
            False,
            5,
            28,
            tr(_C, "Trades of the last 5 minutes by side; inner instructions count."),
        ),
        Column(
            "buyers",
            tr(_C, "Buyers"),
            64,
            True,
            7,
            8,
            tr(_C, "Distinct buying wallets since first seen. Below it: holders as the trades seen so far imply them."),
        ),
        Column("total", tr(_C, "Trades"), 64, True, 9, 8, tr(_C, "Trades since Fluxdesk first saw the token.")),
        Column(
            "creator",
            tr(_C, "Creator"),
            92,
            False,
            10,
            8,
            tr(_C, "Wallet that created the token, as the launch states it."),
        ),
        Column(
            "source",
            tr(_C, "First seen"),
            104,
            False,
            8,
            24,
            tr(_C, "Source that delivered it first, and its lead over the next source."),
        ),
    )


DESCENDING_FIRST = {"age": False, "token": False, "creator": False, "source": False}
"""Columns that start ascending when clicked; every other number starts with its largest."""


def _born_ns(view: LaunchView) -> int:
    # Newer first when ascending: a smaller age is a larger birth time.
    return -(view.created_s * 1_000_000_000 if view.created_s is not None else view.first_seen_wall_ns)


SORT_KEYS: Mapping[str, Callable[[LaunchView], float | str | None]] = {
    "age": _born_ns,
    "price": lambda view: view.price_f64,
    "mcap": lambda view: view.mcap_f64,
    "spark": lambda view: view.change_f64,
    "curve": lambda view: view.progress_ppm,
    "volume": lambda view: view.volume_5m_f64,
    "trades": lambda view: view.buys_5m + view.sells_5m,
    "buyers": lambda view: view.buyers,
    "total": lambda view: view.trades,
    "creator": lambda view: view.creator,
    "source": lambda view: view.first_source,
    "token": lambda view: (view.symbol or view.name or view.mint).lower(),
}
"""What a column sorts by; None is unknown and goes last in both directions."""
LASTING = frozenset({"age", "creator", "source", "token"})
"""Columns whose values never change, so that a trade never changes the order."""


FINAL_STRETCH_PPM = 800_000
TABS = ("new", "final", "graduated")


def tab_of(view: LaunchView) -> str:
    """Which tab a launch is under: `final` from 80 % of the curve or when it sold out, `graduated` once it has a
    pool.
    """
    if view.stage in ("graduated", "pool"):
        return "graduated"
    near = view.progress_ppm is not None and view.progress_ppm >= FINAL_STRETCH_PPM
    return "final" if near or view.stage == "complete" else "new"
