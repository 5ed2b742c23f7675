"""The look in force: palette, text scale and motion, with the fonts and colours made from them.

One object a process. Widgets read it while painting, so that a change of theme or scale needs no rebuilt window.
"""

from functools import lru_cache

from fluxdesk.desktop.qt import QApplication, QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, Qt, QWidget
from fluxdesk.desktop.tokens import DARK, MONO, PALETTES, SANS, TYPE, Palette, Role, ThemeName

WINDOW = "window"
"""Object name of top-level windows. They carry the stylesheet, not the application: a screen that is built before
it gets
its parent is styled once, with the application's sheet it would be styled again for every layout it is put into.
"""


class Look:
    """What every widget paints with.

    Attributes:
        palette: Colours of the theme in force.
        name: `dark` or `light`.
        scale: Text scale in percent, 100 to 150.
        still: True when nothing may flash or shimmer.
    """

    def __init__(self) -> None:
        self.palette: Palette = DARK
        self.name: ThemeName = "dark"
        self.scale = 100
        self.still = False

    def px(self, size: int) -> int:
        """A length that carries text, at the text scale in force."""
        return round(size * self.scale / 100)

    def font(self, role: Role) -> QFont:
        """The font of a role."""
        return _font(role, self.scale)

    def metrics(self, role: Role) -> QFontMetrics:
        """Its metrics."""
        return _metrics(role, self.scale)

    def width(self, text: str, role: Role) -> int:
        """Advance width of a text in pixels."""
        return _metrics(role, self.scale).horizontalAdvance(text)

    def colour(self, role: str, alpha: int = 255) -> QColor:
        """A colour of the palette by the name of its role."""
        return paint_colour(getattr(self.palette, role), alpha)


_LOOK = Look()


def look() -> Look:
    """The look in force."""
    return _LOOK


@lru_cache(maxsize=512)
def paint_colour(code: str, alpha: int = 255) -> QColor:
    """A colour from `#RRGGBB` or `#RRGGBBAA`; the code's own alpha wins."""
    colour = QColor(code[:7])
    colour.setAlpha(int(code[7:9], 16) if len(code) == 9 else alpha)
    return colour


@lru_cache(maxsize=64)
def _font(role: Role, scale: int) -> QFont:
    face = TYPE[role]
    font = QFont()
    font.setFamilies(list(MONO if face.mono else SANS))
    font.setPixelSize(max(11, round(face.px * scale / 100)))
    font.setWeight(QFont.Weight(face.weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if not face.mono:
        font.setFeature(QFont.Tag("tnum"), 1)
    # Contextual alternates would draw the x of 0x as a multiplication sign: an address is shown as it is.
    font.setFeature(QFont.Tag("calt"), 0)
    return font


@lru_cache(maxsize=64)
def _metrics(role: Role, scale: int) -> QFontMetrics:
    return QFontMetrics(_font(role, scale))


def load_fonts() -> list[str]:
    """Registers the fonts that travel with the program; the family names found. Without them the system's are used."""
    from fluxdesk.core.resources import font_files

    families: list[str] = []
    for file in font_files():
        if "Italic" not in file.name:
            number = QFontDatabase.addApplicationFont(str(file))
            families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families


def resolve(theme: str) -> ThemeName:
    """`dark` or `light` from the setting; `system` asks the platform and takes dark when it does not say."""
    if theme == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return "light" if scheme == Qt.ColorScheme.Light else "dark"
    return "light" if theme == "light" else "dark"


def apply(theme: str, scale: int = 100, still: bool = False) -> None:
    """Puts a look in force for the whole application and repaints it."""
    from fluxdesk.desktop.style import stylesheet

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    current = look()
    rescaled = current.scale != scale
    current.name = resolve(theme)
    current.palette = PALETTES[current.name]
    current.scale = scale
    current.still = still
    app.setFont(current.font("body"))
    sheet = stylesheet(current)
    windows = [top for top in QApplication.topLevelWidgets() if top.objectName() == WINDOW]
    for window in windows:
        window.setStyleSheet(sheet)
    # Not QApplication.allWidgets(): while old windows are being taken down it hands out widgets that are half gone.
    for widget in (w for window in windows for w in (window, *window.findChildren(QWidget))):
        if rescaled and (role := widget.property("role")):
            widget.setFont(current.font(role))
        refresh = getattr(widget, "restyle", None)
        if callable(refresh):
            refresh()
        widget.update()


def dress(window: QWidget) -> None:
    """Gives a finished top-level window the look in force."""
    from fluxdesk.desktop.style import stylesheet

    window.setObjectName(WINDOW)
    window.setStyleSheet(stylesheet(look()))


def set_role(widget: QWidget, role: Role) -> None:
    """Gives a widget the font of a role and remembers the role for a later change of scale."""
    widget.setProperty("role", role)
    widget.setFont(look().font(role))
