"""`fluxdesk` and `fluxdesk desktop`: opens the window, or says that there is no display and watches practice."""

import os
import sys
from pathlib import Path


def has_display() -> bool:
    """Whether Qt has somewhere to draw: an X or Wayland display, or a platform named on purpose."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def run(data: Path | None = None) -> int:
    """Exit code of the desktop, or of `watch --practice` where there is no display."""
    if not has_display():
        sys.stderr.write(
            "fluxdesk: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be shown.\n"
            "The practice market follows as text, as `fluxdesk watch --practice` shows it. Ctrl+C ends it.\n"
        )
        from fluxdesk.cli.watch import run as watch

        return watch(True, None, (), data, None, False)
    from fluxdesk.desktop.start import main

    return main(data)
