"""Settings as one list under headings. A value is saved when it is entered; a bad one says what would fit."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from fluxdesk.core.settings import TABLE, Settings
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QLineEdit, QScrollArea, Qt, QWidget, Signal, Slot
from fluxdesk.desktop.screens.settings.chains import Chains
from fluxdesk.desktop.screens.settings.fields import Field
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.tokens import BAR
from fluxdesk.desktop.widgets.basics import Button, Label, box, frame, hbox, rule, vbox
from fluxdesk.desktop.widgets.state_page import StatePage

if TYPE_CHECKING:
    from fluxdesk.desktop.wallet_node import WalletNode

_C = "Settings"
CHAIN_KEYS: Final = ("chain_rpc", "chains_added")
"""Edited in the list of chains; as text for who wants that."""


class SettingsScreen(QWidget):
    """Everything that can be set.

    Signals:
        edited: Key and value to save.
        restart_asked: Restart the node now.
        mode_asked: Choose another mode.
        folder_asked: Show the data folder.
    """

    edited = Signal(str, object)
    restart_asked = Signal()
    mode_asked = Signal()
    folder_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.chains = Chains()
        self._groups: list[tuple[QWidget, list[Field]]] = []
        self._as_text: list[Field] = []
        self._rules: dict[str, QWidget] = {}
        self._text_shown = False
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(_C, "Search settings"))
        self.search.setAccessibleName(tr(_C, "Search settings"))
        self.search.setFixedWidth(look().px(220))
        set_role(self.search, "small")
        self._note = Label("", "small", "text3", elide=True)
        self._note.setToolTip(tr(_C, "Settings are kept per mode, in its data folder."))
        self._mode = Button(tr(_C, "Change mode"), role="small", tip=tr(_C, "Practice, live or a recording"))
        self._folder = Button(tr(_C, "Open data folder"), icon="folder", role="small")
        restart = Button(tr(_C, "Restart the node"), "primary", role="small")
        words = tr(
            _C,
            "Saved. Some changes take effect when the node restarts; it takes a second, and the gap is "
            "filled or marked.",
        )
        self.restart_bar = box(
            vbox(
                frame("warn", hbox((Label(words, "small", wrap=True), 1), restart, margins=(12, 6, 6, 6))),
                margins=(16, 12, 16, 0),
            )
        )
        self.restart_bar.hide()
        head = box(hbox(self.search, (self._note, 1), self._folder, self._mode, margins=(16, 0, 16, 0)))
        head.setFixedHeight(look().px(BAR))
        column = vbox(gap=0, margins=(16, 8, 16, 32))
        for group in dict.fromkeys(setting.group for setting in TABLE):
            column.addWidget(self._group(group))
        self._nothing = StatePage()
        self._nothing.show_state(
            "search", "accent", tr(_C, "No setting holds these words"), [tr(_C, "Try a shorter word.")]
        )
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addStretch(1)
        inner = box(column)
        inner.setMaximumWidth(look().px(920))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName(tr(_C, "Settings"))
        area.setWidget(box(hbox((inner, 10), None, gap=0)))
        self._area = area
        self.setLayout(vbox(frame("flat", vbox(head, rule(), self.restart_bar, (area, 1), gap=0)), gap=0))
        self.home: QWidget = area
        self.search.textChanged.connect(self._filter)
        self._filter("")
        self._mode.clicked.connect(self.mode_asked)
        self._folder.clicked.connect(self.folder_asked)
        restart.clicked.connect(self.restart_asked)

    def _group(self, group: str) -> QWidget:
        rows: list[QWidget] = [Label(tr(_C, group), "title")]
        fields = []
        if group == "Wallet":
            head = Label(tr(_C, "Chains"), "medium")
            head.setContentsMargins(0, 10, 0, 0)
            rows += [rule(), head, self.chains]
            self.chains.edited.connect(self.edited)
        for setting in TABLE:
            if setting.group == group:
                field = Field(setting)
                field.edited.connect(self.edited)
                self.fields[setting.key] = field
                fields.append(field)
                if setting.key in CHAIN_KEYS:
                    self._as_text.append(field)
                self._rules[setting.key] = rule()
                rows += [self._rules[setting.key], field]
        if group == "Wallet":
            show = Button(tr(_C, "Edit the chains as text"), "link", role="small", checkable=True)
            show.toggled.connect(self._show_text)
            rows.insert(4, box(hbox(show, None)))
        made = box(vbox(*rows, gap=0, margins=(0, 20, 0, 0)))
        rows[0].setContentsMargins(0, 0, 0, 10)
        self._groups.append((made, fields))
        return made

    # --- what the window calls ---

    def show_settings(self, settings: Settings, where: str) -> None:
        """Shows saved values; `where` names the data folder."""
        self._note.set(where)
        for key, field in self.fields.items():
            field.show_value(settings.value(key))
        self.chains.show_settings(settings)

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """What could not be saved, at its field."""
        for key, message in errors.items():
            self.fields[key].show_error(message)

    def set_node(self, node: "WalletNode | None") -> None:
        """The node, which asks endpoints for the list of chains."""
        self.chains.set_node(node)

    @Slot(bool)
    def _show_text(self, shown: bool) -> None:
        self._text_shown = shown
        self._filter(self.search.text())

    def offer_restart(self, needed: bool) -> None:
        """Says that a saved change waits for a restart."""
        self.restart_bar.setVisible(needed)

    @Slot(str)
    def _filter(self, typed: str) -> None:
        needle = typed.lower().split()
        shown = False
        for group, fields in self._groups:
            some = False
            for field in fields:
                setting = field.setting
                hay = f"{setting.title} {setting.help} {setting.key} {setting.group}".lower()
                fits = all(word in hay for word in needle)
                seen = fits and (field not in self._as_text or self._text_shown or bool(needle))
                field.setVisible(seen)
                self._rules[setting.key].setVisible(seen)
                some = some or fits
            group.setVisible(some)
            shown = shown or some
        self._nothing.setVisible(not shown)
