"""Which sources a proof holds for, and their hash."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVM = ROOT / "contracts" / "evm"
PROOFS = EVM / "proofs"

INPUTS: dict[str, tuple[str, ...]] = {
    "tests": ("src/**/*.sol", "test/**/*.sol", "test/vectors/*.json", "foundry.toml"),
    "halmos": ("test/formal/*.sol",),
    "slither": ("src/**/*.sol",),
    "mutation": ("src/**/*.sol",),
    "coverage": ("src/**/*.sol",),
}
"""What each step reads, below contracts/evm. Mutation and coverage say what tests do to the sources: they are asked
again when a source changes, not when a test was added. What a named file imports by a relative path is read as well."""

_IMPORT = re.compile(r'^import [^;"]*"(\.[^"]+)";', re.MULTILINE)


def _with_imports(files: set[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        if file.suffix == ".sol":
            waiting += [(file.parent / name).resolve() for name in _IMPORT.findall(file.read_text())]
    return found


def hash_of(step: str) -> str:
    """SHA-256 over names and contents of the step's inputs, in the order of their names."""
    files = sorted(_with_imports({file.resolve() for pattern in INPUTS[step] for file in EVM.glob(pattern)}))
    whole = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(EVM.resolve()).as_posix()} {content}\n".encode())
    return whole.hexdigest()
