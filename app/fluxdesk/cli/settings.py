"""`fluxdesk settings list|get|set|reset`: the one settings table on the command line. Writes through settings_file."""

import json as jsonlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from fluxdesk.core.paths import Mode, Profile
from fluxdesk.core.redaction import redact
from fluxdesk.core.settings import BY_KEY, TABLE, BadSetting, Setting, Value
from fluxdesk.core.settings_file import Loaded, SettingsUnreadable, change, load

_ON, _OFF = ("on", "true", "yes", "1"), ("off", "false", "no", "0")


def show_all(profile: str, data: Path | None, json: bool) -> int:
    """Print every line of the table with its value. Endpoints are shown whole: this is the user's own screen."""
    loaded = _load(profile, data)
    if loaded is None:
        return 2
    if json:
        for setting in TABLE:
            _print_json(setting, loaded)
        return 0
    group = ""
    for setting in TABLE:
        if setting.group != group:
            group = setting.group
            print(f"\n{group}" if setting is not TABLE[0] else group)
        changed = "changed" if setting.key in loaded.settings.changed else "default"
        print(f"  {setting.key:<20} {_words(setting, loaded.settings.value(setting.key))}  ({changed})")
        print(f"  {'':<20} {setting.help}")
    return 0


def show(key: str, profile: str, data: Path | None, json: bool) -> int:
    """Print one value: lists one line each."""
    loaded = _load(profile, data)
    if loaded is None:
        return 2
    if key not in BY_KEY:
        return _fail(f"There is no setting named {key}. `fluxdesk settings list` names them all.")
    if json:
        _print_json(BY_KEY[key], loaded)
        return 0
    value = loaded.settings.value(key)
    for line in value if isinstance(value, tuple) else (_words(BY_KEY[key], value, bare=True),):
        print(line)
    return 0


def put(key: str, values: Sequence[str], profile: str, data: Path | None) -> int:
    """Store a value given as words of the command line."""
    setting = BY_KEY.get(key)
    if setting is None:
        return _fail(f"There is no setting named {key}. `fluxdesk settings list` names them all.")
    try:
        return _change(key, _parse(setting, values), profile, data)
    except BadSetting as wrong:
        return _fail(str(wrong))


def reset(key: str, profile: str, data: Path | None) -> int:
    """Back to the default."""
    if key not in BY_KEY:
        return _fail(f"There is no setting named {key}. `fluxdesk settings list` names them all.")
    return _change(key, None, profile, data)


def _change(key: str, value: object | None, profile: str, data: Path | None) -> int:
    file = _file(profile, data)
    if file is None:
        return 2
    try:
        loaded = change(file, {key: value})
    except (BadSetting, SettingsUnreadable) as wrong:
        return _fail(str(wrong))
    for problem in loaded.problems:
        print(f"fluxdesk settings: {problem}", file=sys.stderr)
    setting = BY_KEY[key]
    restart = " A running node uses it after its next start." if setting.restart_node else ""
    print(f"{key} is now {redact(_words(setting, loaded.settings.value(key)))} in {file}.{restart}")
    return 0


def _parse(setting: Setting, values: Sequence[str]) -> object:
    """The words as the kind of the setting. Raises `BadSetting`."""
    if setting.kind == "lines":
        return list(values)
    if len(values) != 1:
        raise BadSetting(f"{setting.title} takes one value, not {len(values)}.")
    (word,) = values
    if setting.kind == "switch":
        if word.lower() not in _ON + _OFF:
            raise BadSetting(f"{setting.title} is on or off, not {word!r}.")
        return word.lower() in _ON
    if setting.kind == "integer":
        try:
            return int(word.replace(",", "").replace("_", ""))
        except ValueError:
            raise BadSetting(f"{setting.title} takes a whole number, not {word!r}.") from None
    return word


def _words(setting: Setting, value: Value, bare: bool = False) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value) or "empty"
    if isinstance(value, int) and not bare:
        return f"{value:,} {setting.unit}".rstrip()
    return str(value)


def _print_json(setting: Setting, loaded: Loaded) -> None:
    line = {
        "key": setting.key,
        "value": loaded.settings.value(setting.key),
        "default": setting.default,
        "kind": setting.kind,
        "unit": setting.unit or None,
        "title": setting.title,
    }
    print(jsonlib.dumps(line))


def _file(profile: str, data: Path | None) -> Path | None:
    for mode in get_args(Mode):
        if mode == profile:
            return Profile.of(mode, data).settings
    _fail(f"There is no profile {profile}; it is one of {', '.join(get_args(Mode))}.")
    return None


def _load(profile: str, data: Path | None) -> Loaded | None:
    file = _file(profile, data)
    if file is None:
        return None
    try:
        loaded = load(file)
    except SettingsUnreadable as wrong:
        _fail(str(wrong))
        return None
    for problem in loaded.problems:
        print(f"fluxdesk settings: {problem}", file=sys.stderr)
    return loaded


def _fail(sentence: str) -> int:
    print(f"fluxdesk settings: {sentence}", file=sys.stderr)
    return 2
