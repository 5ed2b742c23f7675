"""`fluxdesk browsers`: writes, shows and removes what browsers need to find the bridge."""

import json
import sys
from pathlib import Path

from fluxdesk.core.paths import Profile
from fluxdesk.desktop.browsers import install, remove
from fluxdesk_host.bridge import manifests


def run(action: str, mode: str, data: Path | None, as_json: bool) -> int:
    """`action` is install, list or remove. 0 done, 1 a file could not be written, 2 no such action."""
    try:
        if action == "install":
            browsers = install(Profile.of("live" if mode == "live" else "practice", data))
        elif action == "remove":
            for file in remove():
                print(f"removed {file}")
            print("Fluxdesk writes them no more until `fluxdesk browsers install`.", file=sys.stderr)
            return 0
        elif action == "list":
            browsers = manifests.found(Path.home())
        else:
            print("Choose install, list or remove.", file=sys.stderr)
            return 2
    except OSError as error:
        print(f"{error.filename}: {error.strerror}. What was written before stays.", file=sys.stderr)
        return 1
    for browser in browsers:
        print(_line(browser, as_json))
    if not browsers and not as_json:
        print("No browser was found that Fluxdesk works with: Chromium, Chrome, Edge, Brave, Vivaldi.")
    return 0


def _line(browser: manifests.Browser, as_json: bool) -> str:
    if as_json:
        return json.dumps({
            "name": browser.name, "packaging": browser.packaging, "manifest": str(browser.manifest),
            "installed": browser.installed, "why_not": browser.why_not,
        })  # fmt: skip
    return (
        f"{browser.name} ({browser.packaging}): {browser.why_not or ('ready' if browser.installed else 'not set up')}"
    )
