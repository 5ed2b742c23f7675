"""The columns of the history and what a reader hears of a line."""

from collections.abc import Mapping

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.screens.wallet import history_rows as rows
from fluxdesk.desktop.widgets.grid import Cell, GridColumn, GridModel
from fluxdesk.desktop.words import address_key, amount, local

_C = "History"
_TONES = {"in": "buy", "out": "sell", "none": "text3"}


def _tone(line: rows.Line) -> str:
    return _TONES[line.direction] if rows.counts(line.item) else "text3"


def history_model(units: Mapping[str, rows.Unit], names: Mapping[str, str]) -> GridModel[rows.Line]:
    """The model; units and names are read while painting."""

    def time_cell(line: rows.Line) -> Cell:
        return Cell(local("%-d %b %Y, %H:%M:%S", line.item.time_s), "text2" if line.item.time_s is not None else "warn")

    def other_cell(line: rows.Line) -> Cell:
        known = address_key(line.other) in names
        return Cell(rows.other_words(line, names), "text1" if known else "text2", "small" if known else "mono_micro")

    def fee_cell(line: rows.Line) -> Cell:
        unit = units.get(rows.NATIVE)
        base = line.item.fee_base
        if base is None or line.place:
            return Cell("–", "text3")
        return Cell(amount(base, None if unit is None else unit.decimals), "text2")

    columns: tuple[GridColumn[rows.Line], ...] = (
        GridColumn(
            tr(_C, "Time"), 158, False, time_cell, tr(_C, "Of the block, by the chain's clock, in local time.")
        ),
        GridColumn(
            tr(_C, "What"), 96, False, lambda n: Cell(rows.direction_word(n), _tone(n), "medium"),
            tr(_C, "Whether this account gained or lost."),
        ),
        GridColumn(
            tr(_C, "Amount"), 164, True, lambda n: Cell(rows.amount_words(n, units), _tone(n), "medium"),
            tr(_C, "Exact. In base units where the asset's decimals are unknown. The fee is not in it."),
        ),
        GridColumn(
            tr(_C, "Asset"), 100, False, lambda n: Cell(rows.asset_words(n.asset, units), "text1"),
            tr(_C, "The coin, or what the token calls itself, or its address."),
        ),
        GridColumn(
            tr(_C, "Other side"), 0, False, other_cell,
            tr(_C, "Your own name for it where you gave one. Only where there is exactly one."), least=150,
        ),
        GridColumn(
            tr(_C, "Fee"), 92, True, fee_cell, tr(_C, "What this account paid for it, in the chain's coin.")
        ),
        GridColumn(
            tr(_C, "State"), 76, False, lambda n: Cell(rows.state_word(n.item), rows.state_tone(n.item)),
            tr(_C, "As the endpoint says it."),
        ),
    )  # fmt: skip

    def sentence(line: rows.Line) -> str:
        return tr(
            _C, "{time}: {what} {amount} {asset} {other}, {state}",
            time=time_cell(line).text, what=rows.direction_word(line), amount=rows.amount_words(line, units),
            asset=rows.asset_words(line.asset, units), other=rows.other_words(line, names),
            state=rows.state_word(line.item),
        )  # fmt: skip

    return GridModel(columns, lambda n: n.key, sentence)
