"""The application object and the asyncio loop that runs on Qt's."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from fluxdesk.desktop.i18n import install_translation
from fluxdesk.desktop.qt import QApplication

T = TypeVar("T")


def application(arguments: list[str] | None = None) -> QApplication:
    """The one application object, made when there is none."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication(arguments or ["fluxdesk"])
    app.setApplicationName("fluxdesk")
    app.setApplicationDisplayName("Fluxdesk")
    app.setDesktopFileName("fluxdesk")
    app.setStyle("Fusion")
    # The tray may outlive the window, so closing it never ends the program by itself.
    app.setQuitOnLastWindowClosed(False)
    install_translation()
    return app


def run_on_qt(app: QApplication, work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end while Qt's events go on."""
    import asyncio

    import qasync

    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        result: T = loop.run_until_complete(work)
    return result
