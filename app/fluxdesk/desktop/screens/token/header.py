"""The head of the Token screen: who it is, its price, and its figures in one line."""

from fluxdesk.core.views import LaunchView
from fluxdesk.desktop import words
from fluxdesk.desktop.filters import age_s
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QResizeEvent, QSizePolicy, QWidget, Signal
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button, Label, Picture, box, hbox, vbox

_C = "Token"


class Figure(QWidget):
    """A small title over a figure that keeps its width."""

    def __init__(self, title: str, meaning: str) -> None:
        super().__init__()
        self._title = Label(title, "micro", "text3")
        self._value = Label("", "medium")
        self.setToolTip(meaning)
        self.setLayout(vbox(self._title, self._value, gap=2))

    def show_value(self, value: str) -> None:
        """Shows a figure; an unknown one is grey."""
        self._value.set(value, "text3" if value.startswith(words.UNKNOWN) else "text1")
        self.setAccessibleName(f"{self._title.words}: {value}")


class TokenHeader(QWidget):
    """Head of the screen.

    Signals:
        back_asked: Return to the list.
        copy_asked: Text for the clipboard, and what it is.
    """

    back_asked = Signal()
    copy_asked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._mint = ""
        self._back = Button("", "ghost", "back", tip=tr(_C, "Back to Launches: Esc"))
        self._avatar = Picture("avatar", "?", size=40)
        self._symbol = Label("", "h2", elide=True)
        self._name = Label("", "small", "text2", elide=True)
        for label in (self._symbol, self._name):
            # It may shrink, but it never takes more than its words need.
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._address = Label("", "mono_micro", "text3")
        self._copy = Button("", "ghost", "copy", tip=tr(_C, "Copy the full address: C"))
        self._pad = Label("", "micro", "text3")
        self._price = Label("", "display")
        self._unit = Label("", "small", "text3")
        self._change = Label("", "medium")
        self._figures = {
            "mcap": Figure(tr(_C, "Mkt cap"), tr(_C, "Price × total supply.")),
            "liq": Figure(tr(_C, "Liquidity"), tr(_C, "The quote side of the pool.")),
            "vol": Figure(tr(_C, "Vol 5m"), tr(_C, "Quote traded in the last 5 minutes.")),
            "holders": Figure(tr(_C, "Holders"), tr(_C, "As the trades seen so far imply them.")),
            "curve": Figure(tr(_C, "Curve"), tr(_C, "Quote collected / quote needed to graduate.")),
            "age": Figure(tr(_C, "Age"), tr(_C, "Since creation by block time.")),
        }
        who = vbox(hbox(self._symbol, self._name, None), hbox(self._address, self._copy, self._pad, None, gap=4), gap=0)
        self.setLayout(
            hbox(
                self._back,
                self._avatar,
                4,
                box(who),
                8,
                self._price,
                self._unit,
                self._change,
                None,
                *self._figures.values(),
                gap=10,
                margins=(8, 0, 16, 0),
            )
        )
        self._back.clicked.connect(self.back_asked)
        self._copy.clicked.connect(self.copy_address)
        self.restyle()

    def restyle(self) -> None:
        """Takes its height from the text scale in force."""
        self.setFixedHeight(look().px(64))
        # Whatever a launch calls itself, it does not widen the window.
        self.setMinimumWidth(look().px(320))

    def copy_address(self) -> None:
        """Copies the full address."""
        if self._mint:
            self.copy_asked.emit(self._mint, tr(_C, "Address"))

    def show_launch(self, view: LaunchView, now_s: float) -> None:
        """Shows the figures of a launch."""
        self._mint = view.mint
        symbol = words.remote(view.symbol, 16) or words.short_address(view.mint)
        unit = words.remote(view.quote_symbol, 8)
        self._avatar.set(symbol)
        self._symbol.set(symbol)
        self._name.set(words.remote(view.name))
        self._address.set(words.short_address(view.mint, 6, 6))
        self._address.setToolTip(view.mint)
        self._pad.set(words.launchpad(view.venue, view.brand))
        self._price.set(words.price(view.price_f64), "text3" if view.price_f64 is None else "text1")
        self._unit.set("" if view.price_f64 is None else unit)
        tone = "text3" if view.change_f64 is None else "buy" if view.change_f64 >= 0 else "sell"
        unpriced = tr(_C, "no price yet") if view.price_f64 is None else ""
        self._change.set(unpriced or words.change(view.change_f64), tone)

        def of(value: float | None) -> str:
            number = words.short_number(value)
            return number if number == words.UNKNOWN or not unit else f"{number} {unit}"

        curve = {"graduated": tr(_C, "graduated"), "pool": tr(_C, "none"), "complete": tr(_C, "sold out")}.get(
            view.stage
        )
        self._figures["mcap"].show_value(of(view.mcap_f64))
        self._figures["liq"].show_value(of(view.liquidity_f64))
        self._figures["vol"].show_value(of(view.volume_5m_f64))
        self._figures["holders"].show_value(words.count(view.holders))
        self._figures["curve"].show_value(
            curve or words.percent(None if view.progress_ppm is None else view.progress_ppm / 1e6)
        )
        self._figures["age"].show_value(words.long_age(age_s(view, now_s)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Figures leave from the left of importance when there is no room."""
        super().resizeEvent(event)
        room = self.width() / look().px(100)
        for place, key in enumerate(("curve", "vol", "liq", "holders", "age", "mcap")):
            self._figures[key].setVisible(room >= 9.6 - place * 0.7)
