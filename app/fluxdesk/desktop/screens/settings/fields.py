"""One editor for each kind of setting. Every editor says at once what is wrong with what was typed."""

from collections.abc import Callable

from fluxdesk.core.settings import BadSetting, Setting, Value, check
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.qt import QLineEdit, QPlainTextEdit, QWidget, Signal, Slot
from fluxdesk.desktop.theme import look, set_role
from fluxdesk.desktop.widgets.basics import Button, Label, Segmented, box, hbox, vbox
from fluxdesk.desktop.widgets.switch import Switch

_C = "Settings"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class Field(QWidget):
    """A setting with title, help, editor and error.

    Signals:
        edited: Key and new value, when it fits the table.
    """

    edited = Signal(str, object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setting = setting
        self._value: Value = setting.default
        self._set: Callable[[Value], None]
        self.error = Label("", "small", "warn", wrap=True)
        self.error.hide()
        self._reset = Button(
            tr(_C, "Default"), "link", role="small", tip=tr(_C, "Back to the default of {title}", title=setting.title)
        )
        self._reset.clicked.connect(self._to_default)
        self._editor = self._make_editor()
        tail = tr(_C, " Takes effect when the node restarts.") if setting.restart_node else ""
        words = vbox(
            Label(tr(_C, setting.title), "medium"),
            Label(tr(_C, setting.help) + tail, "small", "text3", wrap=True),
            gap=2,
        )
        side = vbox(hbox(self._editor, Label(setting.unit, "small", "text3"), self._reset, None), self.error, gap=4)
        if setting.kind == "lines":
            self.setLayout(vbox(words, side, gap=6, margins=(0, 10, 0, 10)))
        else:
            self.setLayout(hbox((box(words), 3), (box(side), 2), gap=24, margins=(0, 10, 0, 10)))
        self.show_value(setting.default)

    # --- the kinds ---

    def _make_editor(self) -> QWidget:
        make = {
            "choice": self._choice,
            "switch": self._switch,
            "integer": self._line,
            "text": self._line,
            "lines": self._lines,
        }
        editor = make[self.setting.kind]()
        editor.setAccessibleName(self.setting.title)
        editor.setAccessibleDescription(self.setting.help)
        return editor

    def _choice(self) -> QWidget:
        choice = Segmented([_capital(tr(_C, one)) for one in self.setting.choices], name=self.setting.title)
        choice.chosen.connect(lambda place: self._take(self.setting.choices[place]))
        self._set = lambda value: choice.choose(self.setting.choices.index(str(value)))
        return choice

    def _switch(self) -> QWidget:
        switch = Switch()
        switch.clicked.connect(self._take)
        self._set = lambda value: switch.setChecked(bool(value))
        return switch

    def _line(self) -> QWidget:
        line = QLineEdit()
        line.setMaxLength(200)
        line.setFixedWidth(look().px(112) if self.setting.kind == "integer" else look().px(240))
        set_role(line, "body")
        line.editingFinished.connect(lambda: self._take_line(line))
        line.textEdited.connect(lambda typed: self._check_line(line, typed))
        self._set = lambda value: line.setText(f"{value:,}" if isinstance(value, int) else str(value))
        return line

    def _lines(self) -> QWidget:
        lines = QPlainTextEdit()
        lines.setTabChangesFocus(True)
        lines.setAccessibleName(self.setting.title)
        lines.setMinimumWidth(look().px(440))
        set_role(lines, "mono_micro")
        save = Button(tr(_C, "Save"), role="small")
        save.setEnabled(False)
        lines.textChanged.connect(lambda: save.setEnabled(self._typed_lines(lines) != self._value))
        save.clicked.connect(lambda: self._take(self._typed_lines(lines)))
        save.setAccessibleName(tr(_C, "Save {title}", title=self.setting.title))
        save.setObjectName("save")
        both = QWidget()
        both.setLayout(hbox((lines, 1), save, gap=8))
        both.setFocusProxy(lines)

        def put(value: Value) -> None:
            shown = value if isinstance(value, tuple) else ()
            lines.setPlainText("\n".join(shown))
            lines.setFixedHeight(look().px(18) * max(2, min(6, len(shown) + 1)) + 12)
            save.setEnabled(False)

        self._set = put
        self._plain = lines
        return both

    @staticmethod
    def _typed_lines(lines: QPlainTextEdit) -> tuple[str, ...]:
        return tuple(line.strip() for line in lines.toPlainText().splitlines() if line.strip())

    # --- what happens ---

    def show_value(self, value: Value) -> None:
        """Shows a saved value."""
        self._value = value
        self._set(value)
        self.show_error("")
        self._reset.setVisible(value != self.setting.default)

    def show_error(self, message: str) -> None:
        """Shows what is wrong, or that nothing is."""
        self.error.set(message)
        self.error.setVisible(bool(message))
        editor = self._editor
        editor.setProperty("wrong", bool(message))
        editor.style().unpolish(editor)
        editor.style().polish(editor)

    def _check_line(self, line: QLineEdit, typed: str) -> None:
        try:
            check(self.setting.key, self._parsed(typed))
        except BadSetting as error:
            self.show_error(str(error))
        else:
            self.show_error("")

    def _parsed(self, typed: str) -> object:
        if self.setting.kind != "integer":
            return typed
        plain = typed.replace(",", "").replace(" ", "")
        if not plain.removeprefix("-").isdecimal() or len(plain) > 15:
            raise BadSetting(tr(_C, "{title} is a whole number.", title=self.setting.title))
        return int(plain)

    def _take_line(self, line: QLineEdit) -> None:
        try:
            value = check(self.setting.key, self._parsed(line.text()))
        except BadSetting as error:
            self.show_error(str(error))
            return
        if value != self._value:
            self._take(value)

    def _take(self, value: object) -> None:
        try:
            checked = check(self.setting.key, value)
        except BadSetting as error:
            self.show_error(str(error))
            return
        self.edited.emit(self.setting.key, checked)

    @Slot()
    def _to_default(self) -> None:
        self._take(list(self.setting.default) if isinstance(self.setting.default, tuple) else self.setting.default)
