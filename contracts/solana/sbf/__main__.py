"""Build every program: `python -m sbf [FOLDER]` in contracts/solana writes them there and records their hashes.

Without a folder only programs.json is renewed.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

from sbf.build import SOLANA, build

LIST = SOLANA / "programs.json"


def main(folder: Path | None) -> None:
    """Build, record, and write where a folder is given."""
    programs = json.loads(LIST.read_text(encoding="utf-8"))
    for name, program in programs.items():
        so = build(SOLANA / program["source"])
        program |= {"sha256": sha256(so).hexdigest(), "bytes": len(so)}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.so").write_bytes(so)
    LIST.write_text(json.dumps(programs, indent=1) + "\n", encoding="utf-8")


main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
