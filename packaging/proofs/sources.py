"""Which sources a proof holds for, and their hash."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVM = ROOT / "contracts" / "evm"
PROOFS = EVM / "proofs"

INPUTS: dict[str, tuple[str, ...]] = {
    "tests": ("foundry.toml", "test/[!fgmv]*/*.t.sol", "test/governance/*.t.sol"),
    "halmos": ("test/formal/*.sol",),
    "slither": ("src/**/*.sol",),
    "mutation": ("src/**/*.sol",),
    "coverage": ("src/**/*.sol",),
}
"""What each step reads, below contracts/evm. Mutation and coverage say what tests do to the sources: they are asked
again when a source changes, not when a test was added. What a named file imports by a relative path, and the vectors
it names, are read as well. Tests that measure gas (`...Gas.t.sol`) are no proof and are left out."""

_IMPORT = re.compile(r'^import [^;"]*"(\.[^"]+)";', re.MULTILINE)
_VECTORS = re.compile(r"\btest/vectors/\w+\.json")


def _with_imports(files: set[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        if file.suffix == ".sol":
            text = file.read_text()
            waiting += [(file.parent / name).resolve() for name in _IMPORT.findall(text)]
            waiting += [(EVM / name).resolve() for name in _VECTORS.findall(text)]
    return found


def files_of(patterns: Iterable[str]) -> set[Path]:
    """What the patterns name, and all that reads."""
    named = {
        file.resolve() for pattern in patterns for file in EVM.glob(pattern) if not file.name.endswith("Gas.t.sol")
    }
    return _with_imports({file for file in named if file.is_file()})


def hash_of_files(patterns: Iterable[str]) -> str:
    """SHA-256 over names and contents of those files, in the order of the names."""
    whole = hashlib.sha256()
    for file in sorted(files_of(patterns)):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(EVM.resolve()).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def place_of(lines: list[str], number: int) -> tuple[str, int]:
    """A line, counted from one, as sentences name it: its text, and how many with that text there are up to it."""
    text = lines[number - 1].strip()
    return text, sum(line.strip() == text for line in lines[:number])


def hash_of_settings(*settings: object) -> str:
    """A short hash of what a step is run with, under which its outcomes are kept."""
    return hashlib.sha256(repr(settings).encode()).hexdigest()[:8]


def hash_of(step: str) -> str:
    """The hash of a step's inputs."""
    return hash_of_files(INPUTS[step])
