"""Reads and writes `settings.json` of a profile: only what differs from the defaults, whole or not at all.

Keys of a newer version are kept as they are. A file that is no JSON object is renamed aside, never deleted, and said.
"""

import contextlib
import errno
import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fluxdesk.core.private_file import write_private
from fluxdesk.core.settings import BY_KEY, BadSetting, Settings, Value, check

MAX_BYTES = 16 * 1024 * 1024


class SettingsUnreadable(OSError):
    """The file is there but cannot be read or written; the message says which and why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the file held: the settings, the keys this version does not know, and sentences about what was wrong."""

    settings: Settings
    unknown: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def load(file: Path) -> Loaded:
    """The settings of `file`; the defaults when there is none. A corrupt file is moved aside and named in `problems`.

    Raises:
        SettingsUnreadable: the file exists but cannot be opened or moved.
    """
    try:
        return _understood(file, _read(file))
    except _Corrupt as e:
        return Loaded(Settings({}), problems=(_move_aside(file, str(e)),))


def inspect(file: Path) -> Loaded:
    """As `load`, for one who only looks: nothing is moved and nothing is raised, all is said in `problems`."""
    try:
        return _understood(file, _read(file))
    except _Corrupt as e:
        return Loaded(Settings({}), problems=(f"{file} is corrupt ({e}); the defaults are used.",))
    except SettingsUnreadable as e:
        return Loaded(Settings({}), problems=(str(e),))


def change(file: Path, values: Mapping[str, object | None]) -> Loaded:
    """Lay `values` over what the file holds (None: back to the default) and write it whole; returns what it holds now.

    Safe against a second writer (desktop and command line) and against a kill at any moment.

    Raises:
        BadSetting: a key or value does not fit the table; nothing was written.
        SettingsUnreadable: the file or its folder cannot be read or written.
    """
    for key, value in values.items():
        if value is None and key not in BY_KEY:
            raise BadSetting(f"There is no setting named {key}.")
    try:
        checked = {key: None if value is None else check(key, value) for key, value in values.items()}
    except BadSetting as e:
        raise BadSetting(f"{e} Nothing was changed.") from e
    with _locked(file):
        before = load(file)
        moved_aside = () if file.exists() else before.problems
        merged: dict[str, object] = {**before.unknown, **before.settings.changed}
        for key, new in checked.items():
            merged.pop(key, None)
            if new is not None and new != BY_KEY[key].default:
                merged[key] = new
        _write(file, json.dumps(merged, indent=2, sort_keys=True).encode() + b"\n")
        after = load(file)
    return Loaded(after.settings, after.unknown, (*moved_aside, *after.problems))


class _Corrupt(ValueError):
    """The bytes are not a JSON object."""


def _read(file: Path) -> dict[str, object]:
    """The JSON object of the file, empty when there is no file. Raises `_Corrupt` and `SettingsUnreadable`."""
    try:
        found = json.loads(_content(file))
    except FileNotFoundError:
        return {}
    except OSError as e:
        raise SettingsUnreadable(f"{file} cannot be read: {e.strerror or e}. Nothing was changed.") from e
    except (ValueError, RecursionError) as e:
        raise _Corrupt(str(e)) from e
    if not isinstance(found, dict):
        raise _Corrupt(f"it holds a JSON {type(found).__name__}, not an object")
    return found


def _content(file: Path) -> bytes:
    """The bytes of a regular file: a pipe in its place would be waited for, a device would never end."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as opened:
        about = os.fstat(descriptor)
        if stat.S_ISDIR(about.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(about.st_mode):
            raise OSError("it is no ordinary file")
        if about.st_size > MAX_BYTES:
            raise OSError(f"it has {about.st_size:,} bytes, and settings have at most {MAX_BYTES:,}")
        return opened.read(MAX_BYTES)


def _understood(file: Path, found: Mapping[str, object]) -> Loaded:
    changed: dict[str, Value] = {}
    unknown: dict[str, object] = {}
    problems: list[str] = []
    for key, value in found.items():
        try:
            if key in BY_KEY:
                changed[key] = check(key, value)
            else:
                unknown[key] = value
        except BadSetting as e:
            problems.append(f"{file}: {e} The file keeps it; the default is used until it is set again.")
            unknown[key] = value
    return Loaded(Settings(changed), unknown, tuple(problems))


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(file.with_name(file.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as e:
        raise SettingsUnreadable(f"{file.parent} cannot be written: {e.strerror or e}. Nothing was changed.") from e
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _write(file: Path, data: bytes) -> None:
    """Replace the file in one step; its bytes are on disk before its name is."""
    try:
        write_private(file, data)
    except OSError as e:
        raise SettingsUnreadable(f"{file} cannot be written: {e.strerror or e}. The old settings are kept.") from e


def _move_aside(file: Path, why: str) -> str:
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    aside, n = file.with_name(f"{file.name}.corrupt-{stamp}"), 1
    while aside.exists():
        aside, n = file.with_name(f"{file.name}.corrupt-{stamp}-{n}"), n + 1
    try:
        os.replace(file, aside)
    except OSError as e:
        raise SettingsUnreadable(f"{file} is corrupt ({why}) and cannot be moved aside: {e.strerror or e}.") from e
    return f"{file} was corrupt ({why}). It was kept as {aside.name}; the defaults are used."
