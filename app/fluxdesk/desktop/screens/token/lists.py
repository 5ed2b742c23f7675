"""The two lists under the chart: the trades tape and the holders known so far."""

from collections.abc import Callable

from fluxdesk.core.views import HolderView, TradeView
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.widgets.grid import Cell, GridColumn, GridModel

_C = "Token"
TAPE_LIMIT = 2_000


class Units:
    """Decimals and symbols of the token shown; the lists read it while painting."""

    def __init__(self) -> None:
        self.quote_decimals: int | None = None
        self.token_decimals: int | None = None
        self.quote_symbol = ""
        self.creator = ""
        self.largest_share = 1.0


def _side(trade: TradeView) -> Cell:
    buy = trade.side == "buy"
    return Cell(tr(_C, "▲ Buy") if buy else tr(_C, "▼ Sell"), "buy" if buy else "sell")


def _tag(trade: TradeView, units: Units) -> Cell:
    if trade.ghost:
        return Cell(tr(_C, "ghost"), "warn")
    return Cell(tr(_C, "creator") if trade.trader and trade.trader == units.creator else "", "accent")


def _amount(base: str, decimals: int | None, tone: str) -> Cell:
    """Three figures of an exact amount: the dialog of a trade shows it whole."""
    if decimals is None:
        return Cell(words.UNKNOWN, "text3")
    return Cell(words.short_number(int(base) / 10**decimals), tone)


def trade_columns(units: Units) -> tuple[GridColumn[TradeView], ...]:
    """Columns of the tape."""
    return (
        GridColumn(
            tr(_C, "Time"),
            72,
            False,
            lambda t: Cell(words.clock(t.time_s or t.seen_wall_ns / 1e9), "text3"),
            tr(_C, "Block time; arrival while that is unknown."),
        ),
        GridColumn(tr(_C, "Side"), 60, False, _side),
        GridColumn(tr(_C, "Price"), 84, True, lambda t: Cell(words.price(t.price_f64))),
        GridColumn(
            tr(_C, "Quote"),
            72,
            True,
            lambda t: _amount(t.quote_base, units.quote_decimals, "text1"),
            tr(_C, "Quote paid or received by the trader."),
        ),
        GridColumn(tr(_C, "Tokens"), 72, True, lambda t: _amount(t.token_base, units.token_decimals, "text2")),
        GridColumn(
            tr(_C, "Wallet"),
            0,
            True,
            lambda t: Cell(words.short_address(t.trader), "text2" if t.trader else "text3", "mono_micro"),
        ),
        GridColumn(
            tr(_C, "Tag"),
            64,
            True,
            lambda t: _tag(t, units),
            tr(
                _C, "creator: the wallet that made the token. ghost: left out of the chart; open the trade to read why."
            ),
        ),
    )


def trade_sentence(trade: TradeView) -> str:
    """What a screen reader says about a trade."""
    return tr(
        _C,
        "{side} at {price}, {time}, wallet {wallet}",
        side=tr(_C, "Buy") if trade.side == "buy" else tr(_C, "Sell"),
        price=words.price(trade.price_f64),
        time=words.clock(trade.time_s or trade.seen_wall_ns / 1e9),
        wallet=words.short_address(trade.trader),
    )


def tape(units: Units) -> GridModel[TradeView]:
    """The model of the tape."""
    return GridModel(trade_columns(units), lambda t: (t.seq, t.signature, t.index), trade_sentence)


def _tag_words() -> dict[str, str]:
    return {"creator": tr(_C, "creator"), "pool": tr(_C, "pool"), "": ""}


def holder_columns(units: Units) -> tuple[GridColumn[HolderView], ...]:
    """Columns of the holders."""

    def share(holder: HolderView) -> Cell:
        part = (holder.share_f64 or 0.0) / max(units.largest_share, 1e-9)
        return Cell("", "control" if holder.tag == "pool" else "accent", kind="bar", value=part)

    tone: Callable[[HolderView], str] = lambda h: "text2" if h.tag != "pool" else "text3"  # noqa: E731  one expression
    return (
        GridColumn(tr(_C, "Wallet"), 92, False, lambda h: Cell(words.short_address(h.wallet), tone(h), "mono_micro")),
        GridColumn("", 0, False, share, least=160),
        GridColumn(
            tr(_C, "Share"), 60, True, lambda h: Cell(words.percent(h.share_f64)), tr(_C, "Part of the total supply.")
        ),
        GridColumn(tr(_C, "Tag"), 64, True, lambda h: Cell(_tag_words()[h.tag], "text3")),
    )


def holder_list(units: Units) -> GridModel[HolderView]:
    """The model of the holders."""
    return GridModel(
        holder_columns(units),
        lambda h: h.wallet,
        lambda h: tr(
            _C,
            "Wallet {wallet}, {share} of supply",
            wallet=words.short_address(h.wallet),
            share=words.percent(h.share_f64),
        ),
    )
