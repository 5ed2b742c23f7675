"""Writes what is made from the protocol: docs/protocol.schema.json, the table of docs/protocol.md,
extension/src/protocol.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- refusals: made by packaging/protocol_pages.py -->", "<!-- end of refusals -->"


def pages() -> dict[Path, str]:
    """Every file that is made from the protocol, with the text it is to have."""
    sys.path.append(str(ROOT / "native_host"))
    from fluxdesk_host.protocol import schemas

    schema = schemas.as_json()
    guide = ROOT / "docs" / "protocol.md"
    table = f"{BEGIN}\n{schemas.refusals_table()}\n{END}"
    return {
        ROOT / "docs" / "protocol.schema.json": schema,
        ROOT / "extension" / "src" / "protocol" / "schema.json": schema,
        ROOT / "extension" / "src" / "protocol" / "types.ts": schemas.as_typescript(),
        guide: re.sub(f"{BEGIN}.*{END}", lambda _: table, guide.read_text(encoding="utf-8"), flags=re.DOTALL),
    }


def main() -> None:
    """Write them all."""
    for file, text in pages().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
