"""The vectors that the contracts are held against are what the models say today."""

import runpy
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[3] / "contracts" / "evm" / "test" / "vectors"


def test_the_vectors_in_the_repository_are_those_of_the_models() -> None:
    written = runpy.run_path(str(VECTORS / "make.py"))["files"]()
    for name, text in written.items():
        assert (VECTORS / name).read_text() == text, f"{name}: run {VECTORS / 'make.py'}"
