"""Reads what forge leaves in `contracts/evm/out`: the contracts of ours that can be deployed, cut down to `Built`."""

import json
from pathlib import Path

import msgspec

from fluxdesk.chains.evm.contracts.built import Built

OURS = "src/"
_LIBRARIES = "src/libraries/"


class ArtefactError(Exception):
    """A build cannot be used; the message says why."""


def read(file: Path) -> Built | None:
    """A forge artefact; None for what is not deployed: interfaces, abstract contracts, libraries, tests, and theirs.

    Raises:
        ArtefactError: its code is not linked, or it was built without metadata.
    """
    found = json.loads(file.read_bytes())
    creation = found.get("bytecode", {}).get("object", "0x")
    metadata = found.get("metadata")
    if creation == "0x" or not found.get("abi"):
        return None
    if not isinstance(metadata, dict):
        raise ArtefactError(f"{file.name} has no metadata")
    settings = metadata["settings"]
    [(source, name)] = settings["compilationTarget"].items()
    if not source.startswith(OURS) or source.startswith(_LIBRARIES):
        return None
    if found["bytecode"]["linkReferences"]:
        raise ArtefactError(f"{name} needs a library to be linked")
    references = found["deployedBytecode"].get("immutableReferences") or {}
    body = {
        "name": name,
        "source": source,
        "compiler": {
            "version": metadata["compiler"]["version"],
            "evmVersion": settings["evmVersion"],
            "optimizer": settings["optimizer"],
            "viaIR": settings.get("viaIR", False),
        },
        "sources": {path: entry["keccak256"] for path, entry in sorted(metadata["sources"].items())},
        "immutables": sorted((at["start"], at["length"]) for places in references.values() for at in places),
        "creation": creation,
        "runtime": found["deployedBytecode"]["object"],
        "abi": sorted(found["abi"], key=lambda entry: (entry["type"], entry.get("name", ""), json.dumps(entry))),
    }
    return msgspec.convert(body, Built)


def built(out: Path, root: Path) -> list[Built]:
    """Every contract of ours that was built from the sources that are there, by name. `root` is contracts/evm.

    Raises:
        ArtefactError: nothing was built, something was built from other sources, or two builds stand for the same.
    """
    found: dict[str, Built] = {}
    stale: list[str] = []
    for file in sorted(out.glob("*.sol/*.json")):
        contract = read(file)
        if contract is None or not (root / contract.source).exists():
            continue
        if contract.changed_sources(root):
            stale.append(contract.name)
            continue
        if contract.name in found and found[contract.name] != contract:
            raise ArtefactError(f"two builds of {contract.name}; run forge clean, then forge build")
        found[contract.name] = contract
    if stale := sorted(set(stale) - found.keys()):
        raise ArtefactError(f"{', '.join(stale)}: built from other sources; run forge build in contracts/evm")
    if not found:
        raise ArtefactError(f"nothing in {out} was built from these sources; run forge build in contracts/evm")
    return [found[name] for name in sorted(found)]
