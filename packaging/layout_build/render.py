"""Write a table as JSON that people can read in a diff: sorted keys, one entry a line where it fits. Pure."""

import json
from typing import Any

COLUMNS = 120


def render(table: dict[str, Any]) -> str:
    """The whole file, with a newline at its end."""
    return _value(table, 0, 0) + "\n"


def _value(value: Any, indent: int, used: int) -> str:
    flat = json.dumps(value, sort_keys=True, ensure_ascii=False)
    if (indent and len(flat) + used <= COLUMNS) or not isinstance(value, dict | list) or not value:
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        pairs = [(json.dumps(key) + ": ", value[key]) for key in sorted(value)]
        lines = [pad + key + _value(item, indent + 1, len(pad + key) + 1) for key, item in pairs]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    lines = [pad]
    for place, item in enumerate(value):
        text = _value(item, indent + 1, len(pad) + 1) + ("," if place + 1 < len(value) else "")
        if lines[-1] != pad and len(lines[-1]) + len(text) + 1 > COLUMNS:
            lines.append(pad)
        lines[-1] += (" " if lines[-1] != pad else "") + text
    return "[\n" + "\n".join(lines) + "\n" + " " * indent + "]"
