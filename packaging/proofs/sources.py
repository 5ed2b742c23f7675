"""Which sources a proof holds for, and their hash."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVM = ROOT / "contracts" / "evm"
PROOFS = EVM / "proofs"

INPUTS: dict[str, tuple[str, ...]] = {
    "tests": ("src/**/*.sol", "test/**/*.sol", "test/vectors/*.json", "foundry.toml"),
    "halmos": ("src/**/*.sol", "test/formal/*.sol"),
    "slither": ("src/**/*.sol",),
    "mutation": ("src/**/*.sol",),
    "coverage": ("src/**/*.sol",),
}
"""What each step reads, below contracts/evm. Mutation and coverage say what tests do to the sources: they are asked
again when a source changes, not when a test was added."""


def hash_of(step: str) -> str:
    """SHA-256 over names and contents of the step's inputs, in the order of their names."""
    files = sorted({file for pattern in INPUTS[step] for file in EVM.glob(pattern)})
    whole = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(EVM).as_posix()} {content}\n".encode())
    return whole.hexdigest()
