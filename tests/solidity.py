"""Solidity compiled for one test, by the compiler and with the remappings of contracts/evm.

For contracts that are only tests' own, such as stand-ins: what is shipped comes from `fluxdesk.chains.evm.contracts`.
The result is kept in `.cache/contracts` under the hash of all that went in: the compiler takes half a minute.
"""

import hashlib
import json
import re
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from needs import ROOT, program, require

EVM = ROOT / "contracts" / "evm"
KEPT = ROOT / ".cache" / "contracts"
_IMPORT = re.compile(r'^\s*import\s+(?:[^"\';]*\bfrom\s+)?["\']([^"\']+)["\']', re.MULTILINE | re.DOTALL)


class Compiled(NamedTuple):
    """A contract's interface and creation code (0x...)."""

    abi: list[dict[str, Any]]
    code: str


def _sources(files: Sequence[str], remappings: Sequence[str]) -> dict[str, str]:
    """Every file that is needed, by its path from contracts/evm."""
    prefixes = sorted((tuple(line.split("=", 1)) for line in remappings), key=lambda pair: -len(pair[0]))
    found: dict[str, str] = {}
    waiting = list(files)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = (EVM / name).read_text()
        for said in _IMPORT.findall(found[name]):
            if said.startswith("."):
                path = (EVM / name).parent / said
            else:
                prefix, folder = next(pair for pair in prefixes if said.startswith(pair[0]))
                path = EVM / (folder + said[len(prefix) :])
            waiting.append(_name(path))
    return found


def _name(path: Path) -> str:
    """A path as the remappings write it: from contracts/evm, with `../` for the packages beside it."""
    whole = path.resolve()
    if whole.is_relative_to(EVM):
        return str(whole.relative_to(EVM))
    parts = whole.parts
    return str(Path("..", *parts[parts.index("node_modules") :]))


def compiled(files: Sequence[str], names: Sequence[str]) -> dict[str, Compiled]:
    """The contracts `names` of `files` (paths from contracts/evm).

    Raises:
        AssertionError: The compiler found an error; its first.
    """
    require("the compiler of contracts", (EVM.parent / "node_modules" / "solc").exists(), "run `make contracts`")
    remappings = tomllib.loads((EVM / "foundry.toml").read_text())["profile"]["default"]["remappings"]
    asked = {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in sorted(_sources(files, remappings).items())},
        "settings": {
            "remappings": remappings,
            "optimizer": {"enabled": True, "runs": 200},
            "evmVersion": "cancun",
            "outputSelection": {"*": {"*": ["abi", "evm.bytecode.object"]}},
        },
    }
    text = json.dumps(asked)
    kept = KEPT / f"{hashlib.sha256(text.encode()).hexdigest()}.json"
    if kept.exists():
        answer = json.loads(kept.read_text())
    else:
        run = subprocess.run(
            [program("node", "nodejs"), "tools/solc", "--standard-json"],
            cwd=EVM,
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        answer = json.loads(run.stdout)
        errors = [said["formattedMessage"] for said in answer.get("errors", ()) if said["severity"] == "error"]
        assert not errors, errors[0]
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_text(run.stdout)
    found = {name: made for file in answer["contracts"].values() for name, made in file.items() if name in names}
    return {name: Compiled(made["abi"], "0x" + made["evm"]["bytecode"]["object"]) for name, made in found.items()}
