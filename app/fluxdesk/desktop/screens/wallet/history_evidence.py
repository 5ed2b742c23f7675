"""What stands behind a line of the history: hash, block, clock, fee, every change, the bytes, and what nobody decoded.

There is no link to follow: an explorer would learn which account is whose. The bytes are fetched when they are asked
for, from the user's own endpoint.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fluxdesk.core.wallet_views import ChainView, HistoryItem, TxView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import run
from fluxdesk.desktop.qt import QPlainTextEdit, QTextOption
from fluxdesk.desktop.screens.wallet import history_rows as rows
from fluxdesk.desktop.screens.wallet.history_proof import Proof, proof, undecoded
from fluxdesk.desktop.screens.wallet.side_panel import SidePanel
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, box, clear, hbox, rule, vbox
from fluxdesk.desktop.words import address_key, moment, remote

if TYPE_CHECKING:
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "History"
SHOWN_MOST = 60_000
"""Characters of bytes shown; all of them are copied."""


class Evidence(SidePanel):
    """The panel beside the list."""

    def __init__(self) -> None:
        super().__init__()
        self._line: rows.Line | None = None
        self._text = ""
        self.proof: Proof | None = None
        self._title = Label("", "title")
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
        self._raw_words = Label("", "small_strong")
        self._raw_head = box(hbox(self._raw_words, None, self.copy_raw))
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
        self._compose(inner)
        self.fetch_button.clicked.connect(self.fetch)
        self.copy_raw.clicked.connect(self._copy)
        self.forget()

    def forget(self) -> None:
        """Shows nothing."""
        super().forget()
        self._line = None
        self._drop_proof()
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
        if item.block_hash:
            self._fact(tr(_C, "Block hash"), item.block_hash, mono=True)
        self._fact(tr(_C, "Time"), _time(item), tone="warn" if item.time_s is None else "text1")
        self._fact(tr(_C, "State"), rows.state_sentence(item), tone=rows.state_tone(item))
        self._fact(tr(_C, "Fee paid by this account"), rows.fee_words(item, chain))
        for one in rows.lines([item]):
            self._movement(one, units, names)

    def _movement(self, line: rows.Line, units: Mapping[str, rows.Unit], names: Mapping[str, str]) -> None:
        if line.direction == "none":
            return
        words = f"{rows.amount_words(line, units)} {rows.asset_words(line.asset, units)}"
        self._fact(rows.kind_word(line), words)
        if line.asset != rows.NATIVE:
            self._fact(tr(_C, "of the token"), line.asset, mono=True, copy=True)
        if line.other:
            known = names.get(address_key(line.other), "")
            to = tr(_C, "to") if line.direction == "out" else tr(_C, "from")
            self._fact(f"{to} {remote(known)}".strip(), line.other, mono=True, copy=True)

    def fetch(self) -> None:
        """Asks the endpoint for the transaction itself."""
        if self._node is None or self._line is None or self._chain is None:
            return
        chain, tx = self._chain, self._line.item.tx
        self.fetch_button.setEnabled(False)
        self.verdict.set(tr(_C, "Asking the endpoint…"), "text2")
        self.verdict.show()
        self._asking = run(self, _found(self._node, chain, tx), self._show_proof, self._fail)

    def _show_proof(self, answer: tuple[TxView, Proof]) -> None:
        fields, found = answer
        self._asking, self.proof = None, found
        self.fetch_button.setEnabled(True)
        self.verdict.set(found.checked, "text2" if found.raw else "warn")
        read = found.reading
        self.said.set("" if read is None else read.sentence)
        self.said.setVisible(read is not None)
        missing = undecoded(found)
        self.gaps.set("\n".join(missing))
        self.gaps.setVisible(bool(missing))
        lines = [f"{name}: {remote(value, 4_096)}" for name, value in fields.fields.items()]
        self._text = found.raw.hex() if found.raw else "\n".join(lines)
        text = self._text
        self._raw_words.set(tr(_C, "Signed bytes") if found.raw else tr(_C, "Fields, as the endpoint gives them"))
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
        self._ask_no_more()
        self.proof, self._text = None, ""
        self.raw.clear()
        for part in (self.verdict, self.said, self.gaps, self._raw_head, self.raw):
            part.setVisible(False)

    def _copy(self) -> None:
        if self.proof is not None:
            self.copied.emit(self._text, tr(_C, "Bytes"))


def _time(item: HistoryItem) -> str:
    if item.time_s is None:
        return tr(_C, "The chain said none")
    said = moment(item.time_s)
    if item.clock == "node":
        return tr(_C, "{moment}, when the node saw it: this computer's clock", moment=said)
    return tr(_C, "{moment}, of the block: the chain's clock", moment=said)


async def _found(node: "WalletNode", chain: ChainView, tx: str) -> tuple[TxView, Proof]:
    found = await node.chain_transaction(chain.id, tx)
    return found, proof(chain, found)
