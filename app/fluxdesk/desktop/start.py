"""Starts the desktop: one program a user, the first paint before everything that takes time to load.

Imports Qt only when it starts: the collector rests from before that until the window stands.
"""

import gc
import sys
from pathlib import Path


def main(data: Path | None = None) -> int:
    """Runs the desktop until it is quit; the exit code."""
    # What is made while the program loads stays: walking it meanwhile costs a tenth of the time to the first paint.
    gc.disable()
    from fluxdesk.desktop import app, loop
    from fluxdesk.desktop.i18n import tr
    from fluxdesk.desktop.single import OnlyOne, UnsafeRuntimeFolder

    qt = loop.application()
    try:
        only = OnlyOne()
    except UnsafeRuntimeFolder as error:
        return _refuse(str(error))
    if not only.first:
        return (
            0 if only.raise_first() else _refuse(tr("Window", "Fluxdesk runs already, but its window does not answer."))
        )
    desktop = app.Desktop(data)
    desktop.window.show()
    # The first paint comes before the loop, the client and everything else that takes time to load.
    qt.processEvents()
    only.asked_up.connect(desktop.window.raise_up)
    only.listen()
    loop.run_on_qt(qt, desktop.run())
    only.release()
    return 0


def _refuse(message: str) -> int:
    sys.stderr.write(f"fluxdesk: {message}\n")
    return 1
