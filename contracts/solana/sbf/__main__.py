"""Build every program: `python -m sbf [FOLDER]` in contracts/solana.

Records lengths and hashes in programs.json, puts the bytes where the app finds them (resources/contracts/solana), and
writes FOLDER/<name>.so where a folder is given.
"""

import base64
import json
import sys
from hashlib import sha256
from pathlib import Path

from sbf.build import SOLANA, build

LIST = SOLANA / "programs.json"
RESOURCES = SOLANA.parents[1] / "resources" / "contracts" / "solana"


def resource(name: str, so: bytes) -> str:
    """A program as the app reads it."""
    said = {"name": name, "sha256": sha256(so).hexdigest(), "so": base64.b64encode(so).decode()}
    return json.dumps(said, indent=1) + "\n"


def main(folder: Path | None) -> None:
    """Build, record, and write where a folder is given."""
    programs = json.loads(LIST.read_text(encoding="utf-8"))
    RESOURCES.mkdir(parents=True, exist_ok=True)
    for name, program in programs.items():
        so = build(SOLANA / program["source"])
        program |= {"sha256": sha256(so).hexdigest(), "bytes": len(so)}
        (RESOURCES / f"{name}.json").write_text(resource(name, so), encoding="utf-8")
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.so").write_bytes(so)
    LIST.write_text(json.dumps(programs, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
