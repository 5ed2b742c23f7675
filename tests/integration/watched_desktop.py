"""Runs the real desktop with an audit hook that notes every address it talks to. Not a test: a program they start.

`python watched_desktop.py FILE` quits the desktop when a line comes in on standard input, then writes what it saw.
"""

import json
import sys
import threading
from pathlib import Path

seen: list[list[str]] = []


def hook(event: str, args: tuple[object, ...]) -> None:
    """Notes connections, bound addresses and looked-up names."""
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        family = getattr(getattr(args[0], "family", None), "name", "?")
        seen.append([event, family, repr(args[1])[:200]])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        seen.append([event, "name", repr(args[0])[:200]])


def main() -> None:
    """Run the console script without arguments, which opens the desktop."""
    out = Path(sys.argv.pop())
    sys.addaudithook(hook)
    from PySide6.QtCore import QMetaObject, Qt

    from fluxdesk.cli.main import main as fluxdesk
    from fluxdesk.desktop import app

    desktops: list[app.Desktop] = []

    class Noted(app.Desktop):
        """The desktop, remembered, so that it can be told to quit."""

        def __init__(self, data: Path | None = None) -> None:
            super().__init__(data)
            desktops.append(self)

    def quit_on_a_line() -> None:
        sys.stdin.readline()
        QMetaObject.invokeMethod(desktops[0], "quit", Qt.ConnectionType.QueuedConnection)

    app.Desktop = Noted  # type: ignore[misc]
    threading.Thread(target=quit_on_a_line, daemon=True).start()
    try:
        fluxdesk()
    finally:
        out.write_text(json.dumps(seen))


if __name__ == "__main__":
    main()
