"""Whether lists and objects are nested deeper than any request is, told without recursion.

Parsers and printers recurse, and how deep they may is not ours to say: what is deep is turned away before them. Pure.
"""

import re

_MOST_OPEN = 64
"""Brackets inside each other, those of values that no type names included."""
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{\]}]', re.DOTALL)


def is_deep_text(text: str | bytes) -> bool:
    """Whether JSON text opens more brackets inside each other than any document may; those in strings count not."""
    depth = 0
    for token in _BRACKETS.finditer(text if isinstance(text, str) else text.decode(errors="replace")):
        opens = token[0] in "[{"
        depth += opens - (not opens and token[0][0] != '"')
        if depth > _MOST_OPEN:
            return True
    return False


def is_deep(value: object) -> bool:
    """Whether lists and objects are nested deeper than any document may be; without recursion."""
    level: list[object] = [value]
    for _ in range(_MOST_OPEN):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list, tuple))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list, tuple))
        ]
        if not level:
            return False
    return True
