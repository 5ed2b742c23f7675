"""Where things live: data per profile, and the runtime folder with the node's socket. Pure: nothing is created here."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mode = Literal["practice", "live", "replay"]


def data_home() -> Path:
    """`$XDG_DATA_HOME/fluxdesk`, else `~/.local/share/fluxdesk`."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "fluxdesk"


def runtime_dir() -> Path:
    """`$FLUXDESK_RUNTIME`, else `$XDG_RUNTIME_DIR/fluxdesk`, else a per-user folder in the temporary directory."""
    if own := os.environ.get("FLUXDESK_RUNTIME"):
        return Path(own)
    if xdg := os.environ.get("XDG_RUNTIME_DIR"):
        return Path(xdg) / "fluxdesk"
    return Path(tempfile.gettempdir()) / f"fluxdesk-{os.getuid()}"


@dataclass(frozen=True, slots=True)
class Profile:
    """One data folder. Practice, live and replay never share one."""

    mode: Mode
    folder: Path

    @staticmethod
    def of(mode: Mode, data: Path | None = None) -> "Profile":
        """The profile of a mode, at its usual place or where `--data` says."""
        return Profile(mode, data if data is not None else data_home() / mode)

    @property
    def journal(self) -> Path:
        """The journal database."""
        return self.folder / "journal.sqlite"

    @property
    def store(self) -> Path:
        """The tables."""
        return self.folder / "store.sqlite"

    @property
    def search(self) -> Path:
        """The search index, rebuilt from the tables when missing."""
        return self.folder / "search"

    @property
    def settings(self) -> Path:
        """What the user changed."""
        return self.folder / "settings.json"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.folder / "logs"

    @property
    def lock(self) -> Path:
        """Held by the one node of this profile."""
        return self.folder / "node.lock"

    @property
    def socket(self) -> Path:
        """The node's socket: in the runtime folder, named so that it fits sun_path (108 bytes)."""
        import hashlib

        return runtime_dir() / f"node-{hashlib.sha256(str(self.folder.absolute()).encode()).hexdigest()[:16]}.sock"
