"""Slither over the sources: nothing medium or above stays without a sentence in contracts/evm/proofs/triage.json."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from proofs.environments import environment
from proofs.sources import EVM, PROOFS, ROOT

Run = Callable[[list[str], str, int, Path], tuple[int, str]]
FOUND = Path("slither.json")


def place(element: dict[str, Any]) -> str:
    """`src/File.sol:function` of one element of a finding."""
    name = element["name"]
    parent = element.get("type_specific_fields", {}).get("parent", {})
    function = parent.get("name", name) if element["type"] in {"node", "variable"} else name
    return f"{element['source_mapping']['filename_relative']}:{function}"


def findings(report: dict[str, Any]) -> list[dict[str, str]]:
    """What was found in our sources, as detector, impact and place; once each."""
    found: dict[tuple[str, str, str], None] = {}
    for one in report["results"].get("detectors", []):
        if one["impact"] not in {"High", "Medium"} or not one["elements"]:
            continue
        key = (one["check"], one["impact"], place(one["elements"][0]))
        if key[2].startswith("src/"):
            found[key] = None
    return [dict(zip(("detector", "impact", "place"), key, strict=True)) for key in sorted(found)]


def prove(_run: Callable[..., tuple[int, str]]) -> dict[str, Any]:
    """Builds a copy of the sources without tests, for Slither cleans what forge built, and compares with the triage."""
    home = environment("slither")
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / ".cache") as folder:
        copy = Path(folder) / "evm"
        shutil.copytree(EVM / "src", copy / "src")
        shutil.copytree(EVM / "tools", copy / "tools")
        shutil.copy(EVM / "foundry.toml", copy / "foundry.toml")
        (Path(folder) / "node_modules").symlink_to(ROOT / "contracts" / "node_modules")
        os.environ["SOLC_ONLY_AST"] = "1"
        words = [str(home / "slither"), str(copy), "--filter-paths", "node_modules", "--json", str(copy / FOUND)]
        _, said = _run(
            [*words, "--exclude-informational", "--exclude-low", "--exclude-optimization"], "default", 7200, home
        )
        del os.environ["SOLC_ONLY_AST"]
        if not (copy / FOUND).exists():
            return {"passed": False, "why": said[-2000:]}
        report = json.loads((copy / FOUND).read_text())
    if not report["success"]:
        return {"passed": False, "why": str(report["error"])[-2000:]}
    found = findings(report)
    triage = {(one["detector"], one["place"]): one["why"] for one in json.loads((PROOFS / "triage.json").read_text())}
    unexplained = [one for one in found if (one["detector"], one["place"]) not in triage]
    there = {(one["detector"], one["place"]) for one in found}
    gone = [f"{detector} at {where}" for detector, where in sorted(triage) if (detector, where) not in there]
    return {"passed": not unexplained, "found": len(found), "unexplained": unexplained, "explained_but_gone": gone}
