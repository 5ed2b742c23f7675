"""Writes resources/translations/fluxdesk.ts: every string of the desktop, by screen, ready for Qt Linguist.

A translation is a copy named fluxdesk_<language>.ts, compiled with pyside6-lrelease into the .qm beside it; the desktop
loads the one of the user's language. Run without arguments; `--check` only says whether the file is current.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
DESKTOP = ROOT / "app" / "fluxdesk" / "desktop"
OUT = ROOT / "resources" / "translations" / "fluxdesk.ts"


def strings() -> dict[str, dict[str, None]]:
    """Context to source strings, in the order in which they stand."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for file in sorted(DESKTOP.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        context = _context(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "plural"):
                where = node.args[0].value if isinstance(node.args[0], ast.Constant) else context
                for argument in node.args[1:]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found[str(where)][argument.value] = None
    sys.path.insert(0, str(ROOT / "app"))
    from fluxdesk.core.settings import TABLE

    for setting in TABLE:
        for text in (setting.title, setting.help, setting.group, *setting.choices):
            found["Settings"][text] = None
    return found


def _context(tree: ast.Module) -> str:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "_C":
            assert isinstance(node.value, ast.Constant)
            return str(node.value.value)
    return ""


def template() -> str:
    """The file's text."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>", '<TS version="2.1" sourcelanguage="en">']
    for context, texts in sorted(strings().items()):
        lines += ["<context>", f"    <name>{escape(context)}</name>"]
        for text in texts:
            lines.append(f'    <message><source>{escape(text)}</source><translation type="unfinished"/></message>')
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def main() -> int:
    """0 when the file is current or was written, 1 when `--check` finds it stale."""
    text = template()
    if "--check" in sys.argv:
        return 0 if OUT.exists() and OUT.read_text(encoding="utf-8") == text else 1
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
