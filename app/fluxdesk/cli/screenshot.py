"""`fluxdesk screenshot SCREEN --out FILE`: a screen with a fixed set of invented data; needs no display."""

import sys
from pathlib import Path


def run(screen: str, out: Path, size: str, theme: str, state: str) -> int:
    """Exit code: 0 written, 1 not writable, 2 no such screen, size, theme or state."""
    from fluxdesk.desktop.screenshots import NoSuchScreen, check, paint_one

    try:
        shot = check(screen, size, theme, state)
    except NoSuchScreen as error:
        sys.stderr.write(f"fluxdesk screenshot: {error}\n")
        return 2
    if not paint_one(shot, out):
        sys.stderr.write(f"fluxdesk screenshot: {out} could not be written. Nothing was changed.\n")
        return 1
    return 0
