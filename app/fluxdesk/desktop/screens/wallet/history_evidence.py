"""What stands behind a line of the history: hash, block, clock, fee, every change, the bytes, and what nobody decoded.

There is no link to follow: an explorer would learn which account is whose. The bytes are fetched when they are asked
for, from the user's own endpoint.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import Operation, run
from fluxdesk.desktop.qt import QPlainTextEdit, QScrollArea, QSizePolicy, Qt, QTextOption, QWidget, Signal
from fluxdesk.desktop.screens.wallet import history_rows as rows
from fluxdesk.desktop.screens.wallet.history_proof import Proof, proof, question, undecoded
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.tokens import DETAIL
from fluxdesk.desktop.widgets.basics import Button, Label, box, clear, frame, hbox, rule, vbox
from fluxdesk.desktop.words import MINUS, moment, remote
from fluxdesk.desktop.words import amount as exact

if TYPE_CHECKING:
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "History"
SHOWN_MOST = 60_000
"""Characters of bytes shown; all of them are copied."""


class Evidence(QWidget):
    """The panel beside the list.

    Signals:
        copied: Text and its name.
    """

    copied = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._node: WalletNode | None = None
        self._line: rows.Line | None = None
        self._chain: ChainView | None = None
        self._asking: Operation | None = None
        self.proof: Proof | None = None
        self._title = Label("", "title")
        self._facts = vbox(gap=8)
        self.fetch_button = Button(tr(_C, "Read its bytes"), role="small")
        self.fetch_button.setToolTip(tr(_C, "Asks your endpoint for the transaction itself"))
        self.verdict = Label("", "small", "text2", wrap=True)
        self.said = Label("", "small", wrap=True)
        self.gaps = Label("", "small", "warn", wrap=True)
        self.raw = QPlainTextEdit()
        self.raw.setReadOnly(True)
        self.raw.setAccessibleName(tr(_C, "Bytes of the transaction"))
        self.raw.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        self.raw.setTabChangesFocus(True)
        self.raw.setMinimumHeight(look().px(150))
        set_role(self.raw, "mono_micro")
        self.copy_raw = Button("", "ghost", "copy", tip=tr(_C, "Copy all bytes"))
        self._raw_head = box(hbox(Label(tr(_C, "Signed bytes"), "small_strong"), None, self.copy_raw))
        inner = vbox(
            self._title,
            self._facts,
            rule(),
            hbox(Label(tr(_C, "What was signed"), "strong"), None, self.fetch_button),
            self.verdict,
            self.said,
            self.gaps,
            self._raw_head,
            (self.raw, 1),
            None,
            gap=8,
            margins=(16, 12, 16, 16),
        )
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(frame("flat", inner))
        self.setLayout(hbox(rule("v"), (area, 1), gap=0))
        self.setFixedWidth(look().px(DETAIL) + 24)
        self.fetch_button.clicked.connect(self.fetch)
        self.copy_raw.clicked.connect(self._copy)
        self.forget()

    def restyle(self) -> None:
        """Takes its width from the text scale in force."""
        self.setFixedWidth(look().px(DETAIL) + 24)

    def set_node(self, node: "WalletNode | None") -> None:
        """Who is asked for the bytes."""
        self._node = node

    def forget(self) -> None:
        """Shows nothing."""
        self._line = None
        self._drop_proof()
        clear(self._facts)
        self._title.set(tr(_C, "No line is selected"), "text2")
        self.fetch_button.setEnabled(False)

    def show_line(
        self, line: rows.Line, chain: ChainView, units: Mapping[str, rows.Unit], names: Mapping[str, str]
    ) -> None:
        """Shows what is known of a line's transaction."""
        if self._line is not None and self._chain is chain and self._line.item.tx == line.item.tx:
            return
        self._line, self._chain = line, chain
        self._drop_proof()
        self.fetch_button.setEnabled(self._node is not None)
        self._title.set(tr(_C, "Transaction"), "text1")
        clear(self._facts)
        item = line.item
        name = tr(_C, "Signature") if chain.family == "solana" else tr(_C, "Hash")
        self._fact(name, item.tx, mono=True, copy=True)
        self._fact(rows.height_word(chain), f"{rows.height(item)} · {remote(chain.name, 32)}")
        if item.time_s is None:
            self._fact(tr(_C, "Time"), tr(_C, "The chain said none"), tone="warn")
        else:
            self._fact(tr(_C, "Time"), tr(_C, "{moment}, by the block: the chain's clock", moment=moment(item.time_s)))
        self._fact(tr(_C, "State"), rows.state_word(item), tone=rows.state_tone(item))
        self._fact(tr(_C, "Fee paid by this account"), rows.fee_words(item, chain))
        for change in item.changes:
            unit = units.get(change.asset)
            base = int(change.change_base)
            said = exact(str(abs(base)), None if unit is None else unit.decimals)
            asset = "" if change.asset == rows.NATIVE else change.asset
            words = f"{'+' if base > 0 else MINUS}{said} {rows.asset_words(change.asset, units)}"
            self._fact(tr(_C, "Changed by"), f"{words}\n{asset}".strip())
        if line.other:
            self._fact(tr(_C, "Other side"), line.other, mono=True, copy=True)
            if known := names.get(line.other.lower()):
                self._fact(tr(_C, "Your name for it"), remote(known))

    def fetch(self) -> None:
        """Asks the endpoint for the transaction itself."""
        if self._node is None or self._line is None or self._chain is None:
            return
        chain, tx = self._chain, self._line.item.tx
        self.fetch_button.setEnabled(False)
        self.verdict.set(tr(_C, "Asking the endpoint…"), "text2")
        self.verdict.show()
        self._asking = run(self, _found(self._node, chain, tx), self._show_proof, self._fail)

    def _show_proof(self, found: Proof) -> None:
        self._asking, self.proof = None, found
        self.fetch_button.setEnabled(True)
        self.verdict.set(found.checked, "text2" if found.raw else "warn")
        read = found.reading
        self.said.set("" if read is None else read.sentence)
        self.said.setVisible(read is not None)
        missing = undecoded(found)
        self.gaps.set("\n".join(missing))
        self.gaps.setVisible(bool(missing))
        text = found.raw.hex() if found.raw else found.answer
        shown = text[:SHOWN_MOST]
        if len(text) > SHOWN_MOST:
            shown += tr(_C, "\n… {n} more characters; Copy takes them all", n=f"{len(text) - SHOWN_MOST:,}")
        self.raw.setPlainText(shown)
        self._raw_head.setVisible(bool(text))
        self.raw.setVisible(bool(text))

    def _fail(self, error: BaseException) -> None:
        self._asking = None
        self.fetch_button.setEnabled(True)
        self.verdict.set(str(error), "warn")

    def _drop_proof(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self.proof = None
        self.raw.clear()
        for part in (self.verdict, self.said, self.gaps, self._raw_head, self.raw):
            part.setVisible(False)

    def _copy(self) -> None:
        if self.proof is not None:
            self.copied.emit(self.proof.raw.hex() if self.proof.raw else self.proof.answer, tr(_C, "Bytes"))

    def _fact(self, title: str, said: str, *, mono: bool = False, copy: bool = False, tone: str = "text1") -> None:
        value = Label("", "mono_micro" if mono else "small", tone, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        value.setAccessibleName(f"{title}: {said}")
        value.set("\u200b".join(said[at : at + 8] for at in range(0, len(said), 8)) if mono else said)
        head = Label(title, "micro", "text3")
        if not copy:
            self._facts.addWidget(box(vbox(head, value, gap=1)))
            return
        button = Button("", "ghost", "copy", tip=tr(_C, "Copy: {what}", what=title))
        button.clicked.connect(lambda: self.copied.emit(said, title))
        self._facts.addWidget(box(hbox((box(vbox(head, value, gap=1)), 1), button, gap=4)))


async def _found(node: "WalletNode", chain: ChainView, tx: str) -> Proof:
    method, params = question(chain, tx)
    answer = await node.rpc(chain.id, method, params)
    if answer.error is not None:
        said = tr(_C, "The endpoint refused: {why}", why=remote(answer.error.message, 200))
        return Proof(b"", said, None, "")
    return proof(chain, tx, bytes(answer.result))
