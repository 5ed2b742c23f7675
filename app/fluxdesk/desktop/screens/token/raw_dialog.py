"""One transaction as it was journalled: the bytes, which source delivered them when by which clock, and the
decoded rows.
"""

import json
from collections.abc import Sequence

from fluxdesk.core.views import RecordView, TransactionView
from fluxdesk.desktop import words
from fluxdesk.desktop.i18n import plural, tr
from fluxdesk.desktop.qt import QFrame, QGridLayout, QPlainTextEdit, QTextOption, Signal
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Key, Label, Segmented, clear, hbox, rule, vbox

_C = "Transaction"
BYTES_LIMIT = 200_000
"""Characters of bytes shown; the whole is copied."""


class RawPanel(QFrame):
    """The panel; it lies over the window.

    Signals:
        copy_asked: Text for the clipboard, and what it is.
        close_asked: The user has seen enough.
    """

    copy_asked = Signal(str, str)
    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "dialog")
        self.setAccessibleName(tr(_C, "Transaction"))
        self._signature = ""
        self._note = ""
        self._records: Sequence[RecordView] = ()
        self._title = Label(tr(_C, "Transaction"), "title")
        self._hash = Label("", "mono_micro", "text2", elide=True)
        self._copy_hash = Button("", "ghost", "copy", tip=tr(_C, "Copy the signature"))
        self._close = Button(tr(_C, "Close"), role="small")
        self._choice = hbox(gap=0)
        self._facts = QGridLayout()
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self._rows_title = Label("", "strong")
        self._rows = self._viewer(tr(_C, "Decoded rows"))
        self._bytes_title = Label("", "strong")
        self._bytes = self._viewer(tr(_C, "Bytes as delivered"))
        self._copy_rows = Button(tr(_C, "Copy"), "ghost", "copy", role="small", tip=tr(_C, "Copy the decoded rows"))
        self._copy_bytes = Button(tr(_C, "Copy"), "ghost", "copy", role="small", tip=tr(_C, "Copy all bytes"))
        self.setLayout(
            vbox(
                hbox(self._title, None, Key("Esc"), self._close),
                hbox((self._hash, 1), self._copy_hash, gap=4),
                rule(),
                self._choice,
                self._facts,
                hbox(
                    self._rows_title,
                    Label(tr(_C, "read by the decoder from these bytes now"), "micro", "text3"),
                    None,
                    self._copy_rows,
                ),
                (self._rows, 3),
                hbox(
                    self._bytes_title,
                    Label(tr(_C, "unchanged, as the source delivered them"), "micro", "text3"),
                    None,
                    self._copy_bytes,
                ),
                (self._bytes, 2),
                margins=(20, 16, 20, 18),
            )
        )
        self._close.clicked.connect(self.close_asked)
        self._copy_hash.clicked.connect(lambda: self.copy_asked.emit(self._signature, tr(_C, "Signature")))
        self._copy_rows.clicked.connect(lambda: self.copy_asked.emit(self._rows.toPlainText(), tr(_C, "Decoded rows")))
        self._copy_bytes.clicked.connect(self._copy_payload)
        self.home = self._close
        self.restyle()

    @staticmethod
    def _viewer(name: str) -> QPlainTextEdit:
        view = QPlainTextEdit()
        view.setReadOnly(True)
        view.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        view.setAccessibleName(name)
        view.setTabChangesFocus(True)
        set_role(view, "mono_micro")
        return view

    def restyle(self) -> None:
        """Takes its size from the text scale in force."""
        self.setFixedSize(min(look().px(820), 1160), min(look().px(600), 720))

    def show_waiting(self, signature: str, note: str = "") -> None:
        """The node is looking the transaction up."""
        self._signature, self._note, self._records = signature, note, ()
        self._hash.set(signature)
        clear(self._choice)
        clear(self._facts)
        self._facts.addWidget(Label(tr(_C, "Looking it up in the journal…"), "small", "text3"), 0, 0)
        self._rows.setPlainText("")
        self._bytes.setPlainText("")
        self._rows_title.set(tr(_C, "Decoded rows"))
        self._bytes_title.set(tr(_C, "Bytes"))

    def show_failure(self, message: str) -> None:
        """It could not be looked up."""
        clear(self._facts)
        self._facts.addWidget(Label(message, "small", "warn", wrap=True), 0, 0)

    def show_transaction(self, found: TransactionView) -> None:
        """Every delivery of it, the first one shown."""
        self._records = found.records
        clear(self._choice)
        if not found.records:
            self.show_failure(
                tr(
                    _C,
                    "The journal holds no bytes of it any more: they were older or larger than Settings, "
                    "Journal keeps.",
                )
            )
            return
        if len(found.records) > 1:
            names = [
                tr(_C, "{place}. {source}", place=n + 1, source=words.remote(r.source, 20))
                for n, r in enumerate(found.records[:5])
            ]
            choice = Segmented(names, name=tr(_C, "Deliveries"))
            choice.chosen.connect(self._show_record)
            self._choice.addWidget(choice)
            self._choice.addStretch(1)
        self._show_record(0)

    def _show_record(self, place: int) -> None:
        record = self._records[place]
        clear(self._facts)
        moment = record.wall_ns / 1e9
        rows = [
            (
                tr(_C, "Source"),
                tr(
                    _C,
                    "{source} on {network}, shape {shape}",
                    source=words.remote(record.source),
                    network=record.network,
                    shape=record.shape,
                ),
            ),
            (
                tr(_C, "Arrived"),
                tr(
                    _C,
                    "{moment}.{ms} by this computer's clock",
                    moment=words.moment(moment),
                    ms=f"{int(moment * 1000) % 1000:03d}",
                ),
            ),
            (
                tr(_C, "Order"),
                tr(
                    _C,
                    "journal number {seq}, monotonic clock {mono} ns",
                    seq=f"{record.seq:,}",
                    mono=f"{record.mono_ns:,}",
                ),
            ),
            (tr(_C, "Slot"), f"{record.slot:,}" if record.slot is not None else tr(_C, "not stated")),
        ]
        if self._note:
            rows.append((tr(_C, "Chart"), self._note))
        for row, (title, said) in enumerate(rows):
            self._facts.addWidget(Label(title, "small", "text3"), row, 0)
            self._facts.addWidget(
                Label(said, "small", "warn" if title == tr(_C, "Chart") else "text1", wrap=True), row, 1
            )
        self._rows_title.set(plural(_C, len(record.rows), "{n} decoded row", "{n} decoded rows"))
        self._rows.setPlainText("\n\n".join(_pretty(bytes(row)) for row in record.rows))
        size = len(record.payload.encode())
        self._bytes_title.set(plural(_C, size, "{n} byte", "{n} bytes"))
        shown = record.payload[:BYTES_LIMIT]
        if len(record.payload) > BYTES_LIMIT:
            shown += tr(_C, "\n… {n} more characters; Copy takes them all", n=f"{len(record.payload) - BYTES_LIMIT:,}")
        self._bytes.setPlainText(shown)

    def _copy_payload(self) -> None:
        if self._records:
            self.copy_asked.emit(self._records[0].payload, tr(_C, "Bytes"))


def _pretty(row: bytes) -> str:
    """A printed row with one key a line, hostile characters escaped by JSON itself."""
    return json.dumps(json.loads(row), indent=1, ensure_ascii=True)
