"""Prints Slither's mutants of a folder of sources as JSON. Runs in the environment of requirements/slither.lock.

Usage: python mutants.py FOLDER [FILE]...
"""
# mypy: ignore-errors
# Slither is not installed where the types are checked.

import inspect
import json
import sys
from pathlib import Path

from slither import Slither
from slither.tools.mutator.mutators import all_mutators
from slither.tools.mutator.mutators.abstract_mutator import AbstractMutator

# Comments, literals that only move an initialisation, and headers of functions change no behaviour a test could see.
LEFT_OUT = {"CR", "MVIV", "MVIE", "FHR"}


def main() -> None:
    """One list: file, place, what stands there, what is put there, and the operator."""
    folder = Path(sys.argv[1]).resolve()
    wanted = {str((folder / name).resolve()) for name in sys.argv[2:]}
    kinds = [
        kind
        for _, kind in inspect.getmembers(all_mutators, inspect.isclass)
        if issubclass(kind, AbstractMutator) and kind is not AbstractMutator and kind.NAME not in LEFT_OUT
    ]
    found = {}
    for unit in Slither(str(folder)).compilation_units:
        for contract in unit.contracts:
            file = contract.source_mapping.filename.absolute
            if file not in wanted or contract.is_interface:
                continue
            for kind in kinds:
                made = kind(unit, 60, "", "", contract, None, False, folder, [])
                try:
                    patches = made._mutate().get("patches", {})
                except Exception as error:  # noqa: BLE001 - an operator that stumbles says so and leaves the others
                    print(f"{kind.NAME} on {contract.name}: {error}", file=sys.stderr)
                    continue
                for one in patches.get(file, []):
                    key = (file, one["start"], one["end"], one["new_string"])
                    found[key] = {
                        "file": str(Path(file).relative_to(folder)),
                        "start": one["start"],
                        "end": one["end"],
                        "old": one["old_string"],
                        "new": one["new_string"],
                        "operator": kind.NAME,
                    }
    print(json.dumps(list(found.values())))


if __name__ == "__main__":
    main()
