"""Native-messaging manifests: written for the browsers found, removed on request; snap and flatpak browsers are named.

Places: https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging and each browser's own folder.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fluxdesk_host.bridge import launcher
from fluxdesk_host.bridge.identity import CALLER, HOST_NAME

Packaging = Literal["system", "snap", "flatpak"]

BROWSERS: dict[str, tuple[str, str, str]] = {
    # name: folder below the configuration home, snap, flatpak
    "Chromium": ("chromium", "chromium", "org.chromium.Chromium"),
    "Google Chrome": ("google-chrome", "", "com.google.Chrome"),
    "Microsoft Edge": ("microsoft-edge", "", "com.microsoft.Edge"),
    "Brave": ("BraveSoftware/Brave-Browser", "brave", "com.brave.Browser"),
    "Vivaldi": ("vivaldi", "vivaldi", "com.vivaldi.Vivaldi"),
}
WHY_NOT: dict[Packaging, str] = {
    "snap": "It is installed as a snap, which is not allowed to start a program outside. Install it from a package.",
    "flatpak": "It is installed as a flatpak, which cannot start a program outside. Install it from a package.",
}


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser of this user.

    Attributes:
        profile: its configuration folder; the manifest goes below it.
        why_not: why Fluxdesk cannot work with it, in words; empty if it can.
        installed: whether our manifest is there and names our launcher.
    """

    name: str
    packaging: Packaging
    profile: Path
    why_not: str
    installed: bool

    @property
    def manifest(self) -> Path:
        """Where its manifest is, or would be."""
        return self.profile / "NativeMessagingHosts" / f"{HOST_NAME}.json"


def config_home(home: Path) -> Path:
    """`$XDG_CONFIG_HOME`, else `~/.config`."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")


def found(home: Path) -> list[Browser]:
    """The browsers that have been used by the owner of this home, of whatever packaging. Reads only."""
    browsers = []
    for name, (folder, snap, flatpak) in BROWSERS.items():
        places: list[tuple[Packaging, Path]] = [("system", config_home(home) / folder)]
        if snap:
            places.append(("snap", home / "snap" / snap / "common" / folder.rpartition("/")[2]))
        places.append(("flatpak", home / ".var" / "app" / flatpak / "config" / folder))
        for packaging, profile in places:
            if _is_there(packaging, home, profile, snap, flatpak):
                browsers.append(_look_at(name, packaging, profile))
    return browsers


def install(home: Path, data: Path, places: launcher.Places) -> list[Browser]:
    """Writes the launcher below `data`, and a manifest for every browser that can use one. The browsers found.

    Raises:
        OSError: a file could not be written; what was written before stays.
    """
    path = launcher.write(data / "bridge", places)
    text = json.dumps(
        {
            "name": HOST_NAME,
            "description": "Fluxdesk: connects its extension with its desktop app. Holds no key.",
            "path": str(path),
            "type": "stdio",
            "allowed_origins": [CALLER],
        },
        indent=1,
    )
    for browser in found(home):
        if browser.why_not:
            continue
        browser.manifest.parent.mkdir(mode=0o700, exist_ok=True)
        if not browser.manifest.is_file() or browser.manifest.read_text(encoding="utf-8") != text:
            launcher.write_whole(browser.manifest, text, 0o600)
    return found(home)


def remove(home: Path, data: Path) -> list[Path]:
    """Removes every manifest of ours and the launcher. What was removed."""
    files = [browser.manifest for browser in found(home)]
    files.append(data / "bridge" / launcher.NAME)
    gone = [file for file in files if file.is_file() or file.is_symlink()]
    for file in gone:
        file.unlink()
    return gone


def _is_there(packaging: Packaging, home: Path, profile: Path, snap: str, flatpak: str) -> bool:
    if packaging == "snap":
        return (home / "snap" / snap).is_dir()
    if packaging == "flatpak":
        return (home / ".var" / "app" / flatpak).is_dir()
    return profile.is_dir()


def _look_at(name: str, packaging: Packaging, profile: Path) -> Browser:
    browser = Browser(name, packaging, profile, WHY_NOT.get(packaging, ""), False)
    try:
        path = Path(json.loads(browser.manifest.read_text(encoding="utf-8"))["path"])
        installed = path.name == launcher.NAME and os.access(path, os.X_OK)
    except (OSError, ValueError, KeyError, TypeError):
        installed = False
    return Browser(name, packaging, profile, browser.why_not, installed)
