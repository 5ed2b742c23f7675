"""Every visible string passes through here to Qt's translation, with the screen as its context."""

from fluxdesk.core.resources import ResourceMissing, path
from fluxdesk.desktop.qt import QCoreApplication, QLocale, QTranslator


def install_translation() -> QTranslator | None:
    """Loads resources/translations/fluxdesk_<language>.qm of the user's language; None when there is none."""
    try:
        folder = path("translations")
    except ResourceMissing:
        return None
    if not any(folder.glob("*.qm")):
        return None
    translator = QTranslator(QCoreApplication.instance())
    if not translator.load(QLocale(), "fluxdesk", "_", str(folder), ".qm"):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def tr(context: str, text: str, /, **values: object) -> str:
    """The text in the user's language, with `{names}` filled in afterwards so that a translator may reorder them."""
    translated = QCoreApplication.translate(context, text)
    return translated.format(**values) if values else translated


def plural(context: str, number: int, one: str, many: str) -> str:
    """One of two forms, with `{n}` as a grouped number."""
    return tr(context, one if number == 1 else many, n=f"{number:,}")
