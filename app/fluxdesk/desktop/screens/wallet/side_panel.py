"""The panel beside a list that is read from a chain: facts under each other, and what is asked of the node for them."""

from typing import TYPE_CHECKING

from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.operation import Operation
from fluxdesk.desktop.qt import QLayout, QScrollArea, QSizePolicy, Qt, QWidget, Signal
from fluxdesk.desktop.theme import look
from fluxdesk.desktop.tokens import DETAIL
from fluxdesk.desktop.widgets.basics import Button, Label, box, clear, frame, hbox, rule, vbox

if TYPE_CHECKING:
    from fluxdesk.core.wallet_views import ChainView
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Wallet"
WIDEST = 420
"""Pixels; the list needs the rest where text is large."""


class SidePanel(QWidget):
    """What the panels share.

    Signals:
        copied: Text and its name.
    """

    copied = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._node: WalletNode | None = None
        self._chain: ChainView | None = None
        self._asking: Operation | None = None
        self._facts = vbox(gap=8)

    def _compose(self, inner: QLayout) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(frame("flat", inner))
        self.setLayout(hbox(rule("v"), (area, 1), gap=0))
        self.restyle()

    def restyle(self) -> None:
        """Takes its width from the text scale in force."""
        self.setFixedWidth(min(look().px(DETAIL) + 24, WIDEST))

    def set_node(self, node: "WalletNode | None") -> None:
        """Who is asked."""
        self._node = node

    def forget(self) -> None:
        """Shows nothing."""
        self._ask_no_more()
        clear(self._facts)

    def _ask_no_more(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _fact(self, title: str, said: str, *, mono: bool = False, copy: bool = False, tone: str = "text1") -> None:
        value = Label("", "mono_micro" if mono else "small", tone, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        value.setAccessibleName(f"{title}: {said}")
        value.set("\u200b".join(said[at : at + 8] for at in range(0, len(said), 8)) if mono else said)
        column = box(vbox(Label(title, "micro", "text3"), value, gap=1))
        if not copy:
            self._facts.addWidget(column)
            return
        button = Button("", "ghost", "copy", tip=tr(_C, "Copy: {what}", what=title))
        button.clicked.connect(lambda: self.copied.emit(said, title))
        self._facts.addWidget(box(hbox((column, 1), button, gap=4)))
