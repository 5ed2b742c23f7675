"""Every visible string passes through here to Qt's translation, with the screen as its context."""

from fluxdesk.desktop.qt import QCoreApplication


def tr(context: str, text: str, /, **values: object) -> str:
    """The text in the user's language, with `{names}` filled in afterwards so that a translator may reorder them."""
    translated = QCoreApplication.translate(context, text)
    return translated.format(**values) if values else translated


def plural(context: str, number: int, one: str, many: str) -> str:
    """One of two forms, with `{n}` as a grouped number."""
    return tr(context, one if number == 1 else many, n=f"{number:,}")
