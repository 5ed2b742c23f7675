"""What the desktop remembers between two starts that is no setting: mode, recordings, filters, size of the window."""

import os
from pathlib import Path
from typing import Literal

import msgspec

from fluxdesk.core.paths import data_home


class Remembered(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One file, written whole. `mode` is None before the first choice."""

    mode: Literal["practice", "live", "replay"] | None = None
    recordings: list[str] = []
    filters: list[str] = []
    width: int = 1280
    height: int = 800


def file() -> Path:
    """Where it is kept."""
    return data_home() / "desktop.json"


def load() -> Remembered:
    """What was kept; nothing remembered when there is no file or it cannot be read."""
    try:
        return msgspec.json.decode(file().read_bytes(), type=Remembered)
    except (OSError, msgspec.MsgspecError):
        return Remembered()


def save(remembered: Remembered) -> None:
    """Writes it whole; a disk that is full or read-only costs the memory, nothing else."""
    target = file()
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.write_bytes(msgspec.json.encode(remembered))
        os.replace(fresh, target)
    except OSError:
        fresh.unlink(missing_ok=True)
