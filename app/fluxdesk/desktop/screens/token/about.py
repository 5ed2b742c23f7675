"""The panel at the right of the Token screen: links and description on demand, facts of the launch, gaps."""

from collections.abc import Callable, Sequence

from fluxdesk.core.views import GapView, MetadataView, TokenView
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import (
    QByteArray,
    QGridLayout,
    QLabel,
    QPixmap,
    QScrollArea,
    Qt,
    QWidget,
    Signal,
)
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.widgets.basics import Button, Label, box, clear, frame, hbox, rule, vbox

_C = "Token"
WIDTH = 312


class AboutPanel(QWidget):
    """What the token says about itself, and what the chain says.

    Signals:
        copy_asked: Text for the clipboard, and what it is.
        link_asked: A web address to open in the browser, after the user has seen it whole.
        metadata_asked: Fetch what the uri holds.
        raw_asked: Signature of the launch transaction.
    """

    copy_asked = Signal(str, str)
    link_asked = Signal(str)
    metadata_asked = Signal()
    raw_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._signature = ""
        self._asked = False
        self._picture = QLabel()
        self._picture.setAccessibleName(tr(_C, "Picture of the token"))
        self._picture.hide()
        self._state = Label("", "small", "text3", wrap=True)
        self._fetch = Button(tr(_C, "Fetch links and picture"), icon="link", role="small")
        self._description = Label("", "small", "text2", wrap=True)
        self._description.hide()
        self._links = QGridLayout()
        self._links.setContentsMargins(0, 0, 0, 0)
        self._links.setHorizontalSpacing(4)
        self._links.setVerticalSpacing(0)
        self._links.setColumnStretch(1, 1)
        self._links.setColumnMinimumWidth(0, look().px(56))
        self._facts = QGridLayout()
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(0)
        self._facts.setColumnStretch(1, 1)
        self._facts.setColumnMinimumWidth(0, look().px(48))
        self._told = (rule(), Label(tr(_C, "What the chain says"), "strong"))
        self._gap_rule = rule()
        self._gap_title = Label(tr(_C, "Gaps"), "strong")
        self._gaps = vbox(gap=6)
        self._raw = Button(
            tr(_C, "Launch transaction"), icon="bytes", role="small", tip=tr(_C, "Raw bytes and the decoded row")
        )
        body = vbox(
            hbox(Label(tr(_C, "What it says about itself"), "strong"), None),
            hbox(self._picture, self._description, gap=12),
            self._state,
            self._links,
            hbox(self._fetch, None),
            *self._told,
            self._facts,
            hbox(self._raw, None),
            self._gap_rule,
            self._gap_title,
            self._gaps,
            None,
            gap=10,
            margins=(16, 14, 12, 12),
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(box(body))
        self.setLayout(vbox(frame("flat", vbox((area, 1), gap=0)), gap=0))
        self._fetch.clicked.connect(self.metadata_asked)
        self._raw.clicked.connect(lambda: self.raw_asked.emit(self._signature))
        self.restyle()

    def restyle(self) -> None:
        """Takes its width from the text scale in force."""
        self.setFixedWidth(look().px(WIDTH))

    # --- facts ---

    def show_token(self, token: TokenView) -> None:
        """Facts of the launch and gaps of the sources."""
        launch = token.launch
        self._signature = token.launch_signature or ""
        self._raw.setVisible(bool(self._signature))
        for part in (*self._told, self._gap_rule, self._gap_title):
            part.show()
        clear(self._facts)
        supply = words.amount(token.supply_base, launch.token_decimals, 0) if token.supply_base else words.UNKNOWN
        rows = [
            (
                tr(_C, "Created"),
                words.moment(launch.created_s) if launch.created_s else tr(_C, "block time not known"),
                "",
            ),
            (tr(_C, "Creator"), words.short_address(launch.creator, 8, 8), launch.creator or ""),
            (tr(_C, "Supply"), supply, ""),
            (
                tr(_C, "Quote"),
                words.remote(launch.quote_symbol, 12) or words.short_address(launch.quote_mint),
                launch.quote_mint or "",
            ),
            (tr(_C, "Program"), words.short_address(token.token_program, 8, 8), token.token_program or ""),
        ]
        for place, pool in enumerate(token.pools[:4]):
            rows.append((tr(_C, "Pool") if not place else "", words.short_address(pool, 8, 8), pool))
        rows.append((tr(_C, "URI"), words.remote(token.uri, 28) or tr(_C, "none stated"), token.uri or ""))
        for row, (title, said, full) in enumerate(rows):
            self._facts.addWidget(Label(title, "small", "text3"), row, 0)
            self._facts.setRowMinimumHeight(row, look().px(28))
            mono = bool(full) and title not in (tr(_C, "Quote"), tr(_C, "URI"))
            value = Label(said, "mono_micro" if mono else "small", "text2" if full else "text1", elide=True)
            if full:
                value.setToolTip(words.remote(full, 300))
                copy = Button("", "ghost", "copy", tip=tr(_C, "Copy: {what}", what=title or tr(_C, "Pool")))
                copy.clicked.connect(self._copier(full, title or tr(_C, "Pool")))
                self._facts.addLayout(hbox((value, 1), copy, gap=2), row, 1)
            else:
                self._facts.addWidget(value, row, 1)
        self.show_gaps(token.gaps)
        if not token.uri:
            self._fetch.hide()
            self._state.set(tr(_C, "The launch names no address to read more from."))
        elif not self._asked:
            self._fetch.show()
            self._state.set(tr(_C, "Nothing is fetched before you ask: the server it names sees your IP address."))

    def _copier(self, full: str, what: str) -> Callable[[], None]:
        def copy() -> None:
            self.copy_asked.emit(full, what)

        return copy

    def show_gaps(self, gaps: Sequence[GapView]) -> None:
        """Slots that sources missed while this token was known."""
        clear(self._gaps)
        if not gaps:
            self._gaps.addWidget(
                Label(tr(_C, "No source missed a slot since this token was first seen."), "small", "text3", wrap=True)
            )
        for gap in gaps[:6]:
            self._gaps.addWidget(Label(gap_words(gap), "small", "text2" if gap.filled_by else "warn", wrap=True))
        if len(gaps) > 6:
            self._gaps.addWidget(Label(tr(_C, "{n} more under Sources", n=len(gaps) - 6), "small", "text3"))

    # --- metadata ---

    def forget(self) -> None:
        """Another token is shown: nothing of the last one may stay."""
        clear(self._links)
        clear(self._facts)
        clear(self._gaps)
        self._state.set(tr(_C, "Reading…"), "text3")
        self._asked = False
        for part in (
            *self._told,
            self._gap_rule,
            self._gap_title,
            self._description,
            self._picture,
            self._fetch,
            self._raw,
        ):
            part.hide()
        self._state.show()
        self._fetch.setText(tr(_C, "Fetch links and picture"))
        self._fetch.setEnabled(True)

    def show_fetching(self) -> None:
        """The node is asking the address."""
        self._asked = True
        self._fetch.setEnabled(False)
        self._state.set(tr(_C, "The node is asking the address…"))
        self._state.show()

    def show_failure(self, message: str) -> None:
        """It could not be asked."""
        self._fetch.setEnabled(True)
        self._state.set(message, "warn")

    def show_metadata(self, found: MetadataView) -> None:
        """What came back, as plain text; a picture only as the node re-encoded it."""
        self._fetch.setEnabled(True)
        self._fetch.setVisible(found.state in ("failed", "blocked"))
        self._fetch.setText(tr(_C, "Try again"))
        clear(self._links)
        self._state.set(
            words.remote(found.message, 300) or self._state_words(found.state),
            "text3" if found.state == "ok" else "warn",
        )
        self._state.setVisible(found.state != "ok")
        self._description.set(words.remote(found.description, 280))
        self._description.setVisible(bool(found.description))
        self._show_picture(found.image_png_b64)
        for title, address in (
            (tr(_C, "Website"), found.website),
            (tr(_C, "X"), found.twitter),
            (tr(_C, "Telegram"), found.telegram),
        ):
            if address:
                self._link_row(title, address)
        if found.state == "ok" and not self._links.count():
            self._state.set(tr(_C, "It names no website, X account or Telegram group."), "text3")
            self._state.show()

    @staticmethod
    def _state_words(state: str) -> str:
        return {
            "ok": "",
            "off": tr(_C, "Fetching is off under Settings, Privacy."),
            "blocked": tr(_C, "The address leads into a private network and was not asked."),
            "failed": tr(_C, "The address gave nothing that could be read."),
            "none": tr(_C, "The launch names no address to read more from."),
        }[state]

    def _show_picture(self, encoded: str | None) -> None:
        picture = QPixmap()
        if encoded and picture.loadFromData(QByteArray.fromBase64(QByteArray(encoded.encode())), b"PNG"):  # type: ignore[call-overload]
            self._picture.setPixmap(
                picture.scaled(48, 48, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            )
            self._picture.show()
        else:
            self._picture.hide()

    def _link_row(self, title: str, address: str) -> None:
        row = self._links.rowCount()
        shown = Label(words.remote(address, 120), "small", "text2", elide=True)
        shown.setToolTip(words.remote(address, 300))
        copy = Button("", "ghost", "copy", tip=tr(_C, "Copy: {what}", what=title))
        copy.clicked.connect(self._copier(address, title))
        for column, part in enumerate((Label(title, "small", "text3"), shown, copy)):
            self._links.addWidget(part, row, column)
        if address.startswith(("https://", "http://")):
            opener = Button("", "ghost", "external", tip=tr(_C, "Open {title} in the browser", title=title))
            opener.clicked.connect(lambda: self.link_asked.emit(address))
            self._links.addWidget(opener, row, 3)


def gap_words(gap: GapView) -> str:
    """A gap in a sentence: source, slots, and who filled it."""
    slots = f"{gap.to_slot - gap.from_slot + 1:,}"
    if gap.filled_by:
        return tr(
            _C,
            "{source} missed {n} slots, filled by {filler}",
            source=words.remote(gap.source, 24),
            n=slots,
            filler=words.remote(gap.filled_by, 24),
        )
    return tr(_C, "{source} missed {n} slots, still open", source=words.remote(gap.source, 24), n=slots)
