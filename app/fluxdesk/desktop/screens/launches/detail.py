"""The panel at the right of Launches: what the selected token is, what it does, and where to read more."""

from fluxdesk.core.views import LaunchView
from fluxdesk.desktop import words
from fluxdesk.desktop.filters import age_s
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.paint import draw_area, rounded, text
from fluxdesk.desktop.qt import (
    CENTER,
    QGridLayout,
    QPainter,
    QPaintEvent,
    QRectF,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    Qt,
    QWidget,
    Signal,
    Slot,
)
from fluxdesk.desktop.screens.launches.columns import FINAL_STRETCH_PPM
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import DETAIL
from fluxdesk.desktop.widgets.basics import Button, Key, Label, Picture, box, frame, hbox, rule, vbox

_C = "Launches"


class AreaChart(QWidget):
    """The price line of one launch. Without two prices it says so instead of drawing one."""

    def __init__(self) -> None:
        super().__init__()
        self._values: list[float] = []
        self.setMinimumHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr(_C, "Price since first seen"))

    def show_values(self, values: list[float]) -> None:
        """Shows another line."""
        self._values = values
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line on a fading ground."""
        p = QPainter(self)
        if len(self._values) > 1:
            draw_area(p, QRectF(self.rect()), self._values)
        else:
            rounded(p, QRectF(self.rect()), None, "line", 6)
            text(p, QRectF(self.rect()), tr(_C, "A line needs two trades"), "micro", "text3", CENTER)


class CurveBar(QWidget):
    """Progress of the bonding curve with marks at each quarter."""

    def __init__(self) -> None:
        super().__init__()
        self._part: float | None = None
        self.setFixedHeight(6)

    def show_part(self, part: float | None) -> None:
        """0 to 1; None is unknown and draws a dashed outline."""
        self._part = part
        self.setAccessibleName(tr(_C, "Curve {part}", part=words.percent(part)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar that fills from the left."""
        p, area = QPainter(self), QRectF(self.rect())
        if self._part is None:
            pen = p.pen()
            pen.setColor(look().colour("control"))
            pen.setStyle(Qt.PenStyle.DashLine)
            p.setPen(pen)
            p.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            return
        rounded(p, area, "line_strong", radius=3)
        if self._part > 0:
            rounded(p, QRectF(0, 0, max(6.0, area.width() * min(1.0, self._part)), 6), "accent", radius=3)
        for mark in (0.25, 0.5, 0.75):
            p.fillRect(QRectF(round(area.width() * mark), 0, 1, 6), look().colour("panel"))


class Stat(QWidget):
    """A small title over a figure."""

    def __init__(self, title: str, meaning: str = "") -> None:
        super().__init__()
        self.title = Label(title, "micro", "text3")
        self.value = Label("", "medium", elide=True)
        self.setToolTip(meaning)
        self.setLayout(vbox(self.title, self.value, gap=2))

    def show_value(self, value: str) -> None:
        """Shows a figure; an unknown one is grey."""
        self.value.set(value, "text3" if value == words.UNKNOWN else "text1")
        self.setAccessibleName(f"{self.title.words}: {value}")


class DetailPanel(QWidget):
    """The selected launch.

    Signals:
        open_asked: Mint to show on the Token screen.
        copy_asked: Text to put on the clipboard, and what it is.
        raw_asked: Mint whose launch transaction is wanted.
    """

    open_asked = Signal(str)
    copy_asked = Signal(str, str)
    raw_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._mint = ""
        self._creator = ""
        self._avatar = Picture("avatar", "?", size=40)
        self._symbol = Label("", "h2", elide=True)
        self._name = Label("", "small", "text3", elide=True)
        self._address = Label("", "mono_micro", "text2")
        self._copy = Button("", "ghost", "copy", tip=tr(_C, "Copy the full address: C"))
        self._pad = Label("", "micro", "text3")
        self._price = Label("", "display")
        self._unit = Label("", "small", "text3")
        self._change = Label("", "medium")
        self._area = AreaChart()
        self._curve_words = Label("", "small")
        self._curve = CurveBar()
        self._stats = {
            "mcap": Stat(tr(_C, "Mkt cap"), tr(_C, "Price × total supply.")),
            "liq": Stat(tr(_C, "Liquidity"), tr(_C, "The quote side of the pool.")),
            "vol": Stat(tr(_C, "Vol 5m"), tr(_C, "Quote traded in the last 5 minutes.")),
            "trades": Stat(tr(_C, "Trades"), tr(_C, "Since Fluxdesk first saw it.")),
            "buyers": Stat(tr(_C, "Buyers"), tr(_C, "Distinct buying wallets since first seen.")),
            "holders": Stat(tr(_C, "Holders"), tr(_C, "As the trades seen so far imply them.")),
        }
        self._buys = Label("", "small", "buy")
        self._sells = Label("", "small", "sell")
        self._facts = {key: Label("", "small", elide=True) for key in ("age", "created", "seen", "lead")}
        self._creator_label = Label("", "mono_micro", "text2")
        self._creator_copy = Button("", "ghost", "copy", tip=tr(_C, "Copy the creator's address"))
        self._open = Button(tr(_C, "Open"), "primary", large=True)
        self._raw = Button(
            tr(_C, "Launch transaction"), icon="bytes", role="small", tip=tr(_C, "Raw bytes and the decoded row: T")
        )
        self._stack = QStackedWidget()
        nothing = Label(tr(_C, "Select a launch to see what stands behind it."), "small", "text3", wrap=True)
        nothing.setAlignment(CENTER)
        self._stack.addWidget(box(vbox(None, nothing, None, margins=(32, 16, 32, 16))))
        self._stack.addWidget(self._content())
        ground = frame("flat", vbox(self._stack, gap=0))
        self.setLayout(vbox(ground, gap=0))
        self._connect()
        self.restyle()

    def _content(self) -> QWidget:
        stats = QGridLayout()
        stats.setContentsMargins(0, 0, 0, 0)
        stats.setHorizontalSpacing(8)
        stats.setVerticalSpacing(12)
        for place, stat in enumerate(self._stats.values()):
            stats.addWidget(stat, place // 3, place % 3)
            stats.setColumnStretch(place % 3, 1)
        facts = QGridLayout()
        facts.setContentsMargins(0, 0, 0, 0)
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(6)
        titles = {
            "age": tr(_C, "Age"),
            "created": tr(_C, "Created"),
            "seen": tr(_C, "First seen"),
            "lead": tr(_C, "Lead"),
        }
        for row, (key, title) in enumerate(titles.items()):
            facts.addWidget(Label(title, "small", "text3"), row, 0)
            facts.addWidget(self._facts[key], row, 1)
        facts.addWidget(Label(tr(_C, "Creator"), "small", "text3"), len(titles), 0)
        facts.addLayout(hbox(self._creator_label, self._creator_copy, None, gap=4), len(titles), 1)
        facts.setColumnStretch(1, 1)
        names = vbox(
            hbox((self._symbol, 1), self._pad),
            self._name,
            gap=2,
        )
        body = vbox(
            hbox(self._avatar, names, gap=12),
            hbox(self._address, self._copy, None, gap=4),
            hbox(self._price, self._unit, None, self._change),
            self._area,
            rule(),
            hbox(Label(tr(_C, "Curve"), "strong"), None, self._curve_words),
            self._curve,
            rule(),
            stats,
            rule(),
            hbox(Label(tr(_C, "Last 5 minutes"), "strong"), None, self._buys, self._sells, gap=12),
            rule(),
            facts,
            None,
            gap=12,
            margins=(16, 16, 16, 8),
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(box(body))
        keys = hbox(Key(tr(_C, "Enter")), Label(tr(_C, "open"), "micro", "text3"), gap=4)
        foot = vbox(self._open, hbox(self._raw, Key("T"), None, keys), gap=8, margins=(16, 10, 16, 12))
        return box(vbox((area, 1), rule(), foot, gap=0))

    def _connect(self) -> None:
        self._open.clicked.connect(lambda: self.open_asked.emit(self._mint))
        self._raw.clicked.connect(lambda: self.raw_asked.emit(self._mint))
        self._copy.clicked.connect(self.copy_address)
        self._creator_copy.clicked.connect(lambda: self.copy_asked.emit(self._creator, tr(_C, "Creator's address")))

    def restyle(self) -> None:
        """Takes its width from the text scale in force."""
        self.setFixedWidth(look().px(DETAIL))

    @Slot()
    def copy_address(self) -> None:
        """Copies the full address of the launch shown."""
        if self._mint:
            self.copy_asked.emit(self._mint, tr(_C, "Address"))

    @property
    def mint(self) -> str:
        """The launch shown, or an empty string."""
        return self._mint

    def show_launch(self, view: LaunchView | None, now_s: float) -> None:
        """Shows a launch, or that none is selected."""
        self._stack.setCurrentIndex(0 if view is None else 1)
        self._mint = "" if view is None else view.mint
        if view is None:
            return
        symbol = words.remote(view.symbol, 24) or words.short_address(view.mint)
        unit = words.remote(view.quote_symbol, 8)
        self.setAccessibleName(tr(_C, "Details of {symbol}", symbol=symbol))
        self._avatar.set(symbol)
        self._symbol.set(symbol)
        self._name.set(words.remote(view.name) or tr(_C, "no name stated"))
        self._address.set(words.short_address(view.mint, 8, 8))
        self._address.setToolTip(view.mint)
        self._pad.set(words.launchpad(view.venue, view.brand))
        self._price.set(words.price(view.price_f64), "text3" if view.price_f64 is None else "text1")
        self._unit.set("" if view.price_f64 is None else unit)
        tone = "text3" if view.change_f64 is None else "buy" if view.change_f64 >= 0 else "sell"
        unpriced = tr(_C, "no price yet") if view.price_f64 is None else ""
        self._change.set(unpriced or words.change(view.change_f64), tone)
        self._area.show_values(view.spark_f64)
        self._show_curve(view)
        self._show_stats(view, unit)
        age = age_s(view, now_s)
        self._facts["age"].set(words.long_age(age))
        self._facts["created"].set(words.moment(view.created_s) if view.created_s else tr(_C, "block time not known"))
        self._facts["seen"].set(
            tr(
                _C,
                "{source}, {time}",
                source=words.remote(view.first_source, 24),
                time=words.clock(view.first_seen_wall_ns / 1e9),
            )
        )
        self._facts["lead"].set(
            tr(_C, "no second source yet")
            if view.lead_ms is None
            else tr(_C, "{time} before the next", time=words.duration_ms(view.lead_ms))
        )
        self._creator = view.creator or ""
        self._creator_label.set(words.short_address(view.creator, 8, 8) if view.creator else tr(_C, "not stated"))
        self._creator_copy.setVisible(bool(view.creator))
        self._open.setText(tr(_C, "Open {symbol}", symbol=words.remote(symbol, 16)))
        self._open.setAccessibleName(self._open.text())

    def _show_curve(self, view: LaunchView) -> None:
        if view.stage == "graduated":
            self._curve_words.set(tr(_C, "Graduated to a pool"), "text2")
            self._curve.show_part(1.0)
        elif view.stage == "pool":
            self._curve_words.set(tr(_C, "A pool from the start"), "text2")
            self._curve.show_part(None)
        elif view.progress_ppm is None:
            self._curve_words.set(tr(_C, "not known yet"), "text3")
            self._curve.show_part(None)
        else:
            part = view.progress_ppm / 1e6
            tail = ""
            if view.stage == "complete":
                tail = tr(_C, ", sold out")
            elif view.progress_ppm >= FINAL_STRETCH_PPM:
                tail = tr(_C, ", final stretch")
            self._curve_words.set(words.percent(part) + tail, "text1")
            self._curve.show_part(part)

    def _show_stats(self, view: LaunchView, unit: str) -> None:
        def of(value: float | None) -> str:
            number = words.short_number(value)
            return number if number == words.UNKNOWN or not unit else f"{number} {unit}"

        self._stats["mcap"].show_value(of(view.mcap_f64))
        self._stats["liq"].show_value(of(view.liquidity_f64))
        self._stats["vol"].show_value(of(view.volume_5m_f64))
        self._stats["trades"].show_value(words.count(view.trades))
        self._stats["buyers"].show_value(words.count(view.buyers))
        self._stats["holders"].show_value(words.count(view.holders))
        self._buys.set(tr(_C, "▲ {n} buys", n=words.count(view.buys_5m)))
        self._sells.set(tr(_C, "▼ {n} sells", n=words.count(view.sells_5m)))
