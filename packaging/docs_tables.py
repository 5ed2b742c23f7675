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


def formats() -> str:
    """Beginning, version and limits of every file that has them, from the code that reads them."""
    from fluxdesk.chains.history import tables as history
    from fluxdesk.chains.sending import tables as sends
    from fluxdesk.core import logs, settings_file
    from fluxdesk.launches.journal import blocks, database
    from fluxdesk.launches.metadata import cache
    from fluxdesk.launches.search import schema as search
    from fluxdesk.store import schema as store
    from fluxdesk_host.agent import audit_file, browsers, known_bad, vault
    from fluxdesk_host.keys import keystore_v3
    from fluxdesk_host.keystore import device, kdf, sealed
    from fluxdesk_host.signing.ours import deployments as claims

    cost = (
        f"Argon2id from {kdf.LEAST_MEMORY_KIB >> 10} MiB and {kdf.LEAST_PASSES} passes "
        f"to {kdf.MOST_MEMORY_KIB >> 10:,} MiB and {kdf.MOST_PASSES} passes"
    )
    key_file = f"scrypt up to {_size(keystore_v3.MOST_SCRYPT_MEMORY)}, PBKDF2 up to {keystore_v3.MOST_ROUNDS:,} rounds"
    rows = [
        ("keystore.fdk", _bytes(sealed.MAGIC), sealed.VERSION, f"{_size(sealed.LONGEST)}; {cost}"),
        ("its payload", "JSON", vault.VERSION, f"{vault.MOST_CONTACTS:,} contacts"),
        ("keystore.fdk.device", _bytes(device.MAGIC[:-1]), device.MAGIC[-1], f"{device.LENGTH} bytes, exactly"),
        ("audit.log", _bytes(audit_file.MAGIC[:7]), chr(audit_file.MAGIC[7]), f"{_size(audit_file.LONGEST)} a record"),
        ("audit.head", "", "", f"{audit_file.HEAD_SIZE} bytes, exactly"),
        ("policy.json", "JSON", 1, ""),
        ("browsers.json", "JSON", "", _size(browsers.LONGEST)),
        ("known-bad.txt", _bytes(known_bad.MAGIC.encode()[:-2]), known_bad.MAGIC[-2], f"{known_bad.MOST:,} addresses"),
        ("deployments.json", "JSON", claims.VERSION,
         f"{claims.MOST_BYTES:,} bytes, {claims.MOST_CLAIMS:,} claims of the agent's copy"),
        ("journal.sqlite", f"SQLite, application id `{database.APPLICATION_ID:#x}`", database.FORMAT,
         f"{blocks.MAX_RECORDS:,} records and {_size(blocks.MAX_BYTES)} a block"),
        ("store.sqlite", "SQLite", store.HEAD, ""),
        ("sends.sqlite", "SQLite", sends.VERSION, ""),
        ("history.sqlite", "SQLite", history.VERSION, ""),
        ("search/", "`mark.json`", search.VERSION, ""),
        ("metadata/", "", "", _size(cache.MAX_BYTES)),
        ("settings.json", "JSON", "", _size(settings_file.MAX_BYTES)),
        ("logs/*.log", "JSON lines", "", f"{logs.MAX_FILE_BYTES:,} bytes a file, {logs.KEPT_FILES} older ones kept"),
        ("a key file that is read", "JSON", 3, f"{_size(keystore_v3.LONGEST)}; {key_file}"),
    ]  # fmt: skip
    head = ["| file | begins with | version | at most |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *(f"| `{name}` | {start} | {version} | {most} |" for name, start, version, most in rows)])


def _bytes(data: bytes) -> str:
    return f"`{data.decode('ascii').encode('unicode_escape').decode()}`"


def _size(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"


def filled(page: str) -> str:
    """A page with its generated blocks renewed.

    Raises:
        ValueError: a block that is not closed.
    """
    for name, make in {"reasons": reasons, "words": words, "formats": formats}.items():
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
    decode, files = DOCS / "decode.md", DOCS / "file-formats.md"
    return {
        DOCS / "settings.md": settings_page(),
        DOCS / "adr" / "README.md": decisions_page(),
        decode: filled(decode.read_text(encoding="utf-8")),
        files: filled(files.read_text(encoding="utf-8")),
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
    "watched_token": "an EVM chain and a contract",
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
