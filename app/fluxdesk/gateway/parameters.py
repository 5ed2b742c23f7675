"""Query parameters of the lists, checked by pydantic before a handler runs. Unknown names are refused, not ignored."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fluxdesk.core.events import Venue
from fluxdesk.core.views import Interval, Sort, Tab
from fluxdesk.gateway.cursor import MAX_CHARS
from fluxdesk.gateway.listing import NUMBERS, Bound, LaunchesQuery

Cursor = Annotated[str, Field(min_length=1, max_length=MAX_CHARS, pattern=r"^[A-Za-z0-9_.-]+$")]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e30, le=1e30)]


class Strict(BaseModel):
    """No parameter that we do not know."""

    model_config = ConfigDict(extra="forbid")


class NoParameters(Strict):
    """For answers that take none."""


class Page(Strict):
    """Where to go on, and how many."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class LaunchesParameters(Page):
    """Filters, sort and page of the Launches list. Each `min_` and `max_` names a number of docs/definitions.md."""

    tab: Tab | None = None
    venue: Annotated[list[Venue], Field(max_length=6)] = []
    network: Annotated[list[Annotated[str, Field(min_length=1, max_length=32)]], Field(max_length=8)] = []
    text: Annotated[str, Field(max_length=64)] = ""
    sort: Sort = "age"
    order: Literal["asc", "desc"] = "desc"
    min_mcap: Number | None = None
    max_mcap: Number | None = None
    min_liquidity: Number | None = None
    max_liquidity: Number | None = None
    min_volume_5m: Number | None = None
    max_volume_5m: Number | None = None
    min_price: Number | None = None
    max_price: Number | None = None
    min_change: Number | None = None
    max_change: Number | None = None
    min_progress: Number | None = None
    max_progress: Number | None = None
    min_age_s: Number | None = None
    max_age_s: Number | None = None
    min_trades: Number | None = None
    max_trades: Number | None = None
    min_buys_5m: Number | None = None
    max_buys_5m: Number | None = None
    min_sells_5m: Number | None = None
    max_sells_5m: Number | None = None
    min_buyers: Number | None = None
    max_buyers: Number | None = None
    min_holders: Number | None = None
    max_holders: Number | None = None
    min_lead_ms: Number | None = None
    max_lead_ms: Number | None = None

    def query(self, now_s: float) -> LaunchesQuery:
        """The query these parameters ask."""
        bounds = []
        for number in NUMBERS:
            for prefix in ("min", "max"):
                value = getattr(self, f"{prefix}_{number}")
                if value is not None:
                    bounds.append(Bound(f"{prefix}_{number}", number, value, prefix == "min"))
        return LaunchesQuery(
            tab=self.tab,
            venues=frozenset(self.venue),
            networks=frozenset(self.network),
            text=self.text.strip(),
            bounds=tuple(bounds),
            sort=self.sort,
            descending=self.order == "desc",
            cursor=self.cursor,
            limit=self.limit,
            now_s=now_s,
        )


class CandlesParameters(Strict):
    """Which bars: the last `limit` that start before `end_s`."""

    interval: Interval = "1m"
    end_s: Annotated[int, Field(ge=0, le=4_102_444_800)] | None = None
    limit: Annotated[int, Field(ge=1, le=5000)] = 500


class HoldersParameters(Strict):
    """How many wallets."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 50


class SearchParameters(Strict):
    """Words of a name, symbol, description, creator or mint."""

    q: Annotated[str, Field(min_length=1, max_length=256)]
    limit: Annotated[int, Field(ge=1, le=100)] = 20
