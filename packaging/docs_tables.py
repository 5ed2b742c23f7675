"""Writes the parts of docs/ that repeat a table of the program, so that nothing is stated in two places by hand.

`make docs` runs it; a test holds that the committed files are what it would write. It changes files under docs/ only.
"""

import sys
from pathlib import Path

from fluxdesk.core.entries import Form
from fluxdesk.core.events import PRINTED, Kind, Provenance, Venue
from fluxdesk.core.refusals import EXPLAINED, Reason
from fluxdesk.core.settings import TABLE, Setting

DOCS = Path(__file__).resolve().parents[1] / "docs"
START, END = "<!-- made by make docs: {} -->", "<!-- end -->"


def settings_page() -> str:
    """docs/settings.md, whole."""
    lines = [
        "# Settings",
        "",
        "Made by `make docs` from the one table in `app/fluxdesk/core/settings.py`, which also drives the Settings",
        "screen and `fluxdesk settings`. A profile keeps what you changed in `settings.json` of its data folder;",
        "everything else is the default. A file that is not JSON is renamed aside and said; keys of another version",
        "are kept.",
        "",
        "    fluxdesk settings list",
        "    fluxdesk settings set solana_rpc wss://one.example wss://two.example",
        "    fluxdesk settings reset theme --profile practice",
    ]
    for group in dict.fromkeys(s.group for s in TABLE):
        lines += ["", f"## {group}", "", "| key | takes | default | what it does |", "| --- | --- | --- | --- |"]
        lines += [_setting(s) for s in TABLE if s.group == group]
    return "\n".join(lines) + "\n"


def reasons() -> str:
    """The closed list of reasons."""
    rows = [f"| `{reason}` | {EXPLAINED[reason]} |" for reason in Reason]
    return "\n".join(["| reason | what it means |", "| --- | --- |", *rows])


def words() -> str:
    """The closed lists of the other fields, and the keys in their order."""
    return "\n".join(
        [
            f"Keys, in this order, every one always present: {_code(PRINTED)}.",
            "",
            f"- `kind`: {_code(Kind)}",
            f"- `venue`: {_code(Venue)}",
            f"- `provenance`: {_code(Provenance)}",
        ]
    )


def filled(page: str) -> str:
    """A page with its generated blocks renewed.

    Raises:
        ValueError: a block that is not closed.
    """
    for name, make in {"reasons": reasons, "words": words}.items():
        start = START.format(name)
        if start not in page:
            continue
        before, _, rest = page.partition(start)
        _, end, after = rest.partition(END)
        if not end:
            raise ValueError(f"the block {name} is not closed by {END}")
        page = f"{before}{start}\n{make()}\n{END}{after}"
    return page


def decisions_page() -> str:
    """docs/adr/README.md, whole: the decisions by number, from their headings."""
    rows = []
    for file in sorted((DOCS / "adr").glob("[0-9]*.md")):
        number, _, title = file.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ").partition(" ")
        rows.append(f"| [{number}]({file.name}) | {title} |")
    return "\n".join(["# Decisions", "", "Made by `make docs`.", "", "| | decision |", "| --- | --- |", *rows]) + "\n"


def pages() -> dict[Path, str]:
    """Every generated page with the content it should have."""
    decode = DOCS / "decode.md"
    return {
        DOCS / "settings.md": settings_page(),
        DOCS / "adr" / "README.md": decisions_page(),
        decode: filled(decode.read_text(encoding="utf-8")),
    }


_ENTRIES: dict[Form, str] = {
    "any": "texts",
    "websocket": "ws:// or wss:// addresses",
    "web": "http:// or https:// addresses",
    "gateway": "http:// or https:// addresses without a query",
    "solana_key": "Solana addresses",
    "evm_address": "EVM addresses",
    "module_level": "module=level lines",
    "chain_endpoint": "chains, each with an HTTP address",
    "added_chain": "chains: number, name and symbol",
}


def _setting(s: Setting) -> str:
    entries = f"a list of: {', '.join(s.choices)}" if s.choices else f"a list of {_ENTRIES[s.form]}"
    takes = {"switch": "on or off", "lines": entries, "text": "text", "choice": ", ".join(s.choices)}.get(s.kind)
    if s.kind == "integer":
        takes = (
            f"{s.minimum:,} to {s.maximum:,} {s.unit}"
            if s.minimum is not None and s.maximum is not None
            else "a number"
        )
    value = s.default
    if isinstance(value, bool):
        default = "on" if value else "off"
    elif isinstance(value, tuple):
        default = "<br>".join(f"`{x}`" for x in value) or "empty"
    else:
        default = f"{value:,} {s.unit}".strip() if isinstance(value, int) else value
    node = " Used after the node's next start." if s.restart_node else ""
    return f"| `{s.key}` | {str(takes).strip()} | {default} | **{s.title}.** {s.help}{node} |"


def _code(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names)  # type: ignore[attr-defined]


if __name__ == "__main__":
    for file, content in pages().items():
        file.write_text(content, encoding="utf-8")
        print(file.name, file=sys.stderr)
