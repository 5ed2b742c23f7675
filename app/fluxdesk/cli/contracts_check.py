"""`fluxdesk contracts check`: what was built is what the sources give. Compiles again where the pinned compiler is
installed; else compares the recorded hashes of the sources, and says which of the two it did.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from fluxdesk.chains.evm.contracts.artefact import ArtefactError, built
from fluxdesk.chains.evm.contracts.built import Built, NotBuilt, load, names
from fluxdesk.cli.attach import fail
from fluxdesk.core.resources import ResourceMissing, checkout

COMMAND = "contracts check"
_WITHIN_S = 3_600.0


class Finding(msgspec.Struct, frozen=True):
    """One contract. `compared`: `code`, or `sources` where nothing was compiled. `problem`: empty when all is well."""

    contract: str
    compared: str
    problem: str


def run(only: Sequence[str] = (), rebuild: bool = True, json: bool = False, out: TextIO | None = None) -> int:
    """Exit code: 0 equal, 1 not, 2 there is nothing to compare with. `only`: names of contracts; none means all."""
    out = out or sys.stdout
    root = checkout()
    if root is None or not (root / "contracts" / "evm").is_dir():
        return fail(COMMAND, "The sources are not here: this works from a checkout. Nothing was compared.")
    evm = root / "contracts" / "evm"
    try:
        contracts = [load(name) for name in dict.fromkeys(only or names())]
    except NotBuilt as error:
        return fail(COMMAND, str(error))
    except (ResourceMissing, msgspec.MsgspecError) as error:
        return fail(COMMAND, f"What was built cannot be read: {error}.", 1)
    findings = [Finding(c.name, "sources", _sources(c, evm)) for c in contracts]
    why = "" if rebuild else "it was not asked for"
    if not why and not any(f.problem for f in findings):
        why, findings = _rebuilt(evm, contracts, findings)
    elif not why:
        why = "sources differ"
    for finding in findings:
        if json:
            print(msgspec.json.encode(finding).decode(), file=out)
        else:
            print(f"{finding.contract}: {finding.problem or _WELL[finding.compared]}", file=out)
    if not json:
        compiled = "Compiled again and compared." if not why else f"Not compiled again: {why}."
        print(f"{len(findings)} contracts, {sum(bool(f.problem) for f in findings)} differ. {compiled}", file=out)
    return 1 if any(f.problem for f in findings) else 0


_WELL = {"code": "the sources give the same code", "sources": "built from these sources (by their hashes)"}


def _sources(contract: Built, evm: Path) -> str:
    changed = contract.changed_sources(evm)
    return f"sources differ since it was built: {', '.join(changed)}" if changed else ""


def _rebuilt(evm: Path, contracts: Sequence[Built], before: list[Finding]) -> tuple[str, list[Finding]]:
    """Why nothing was compiled (empty: it was), and the findings."""
    forge = next(iter(sorted((evm.parent / "node_modules" / "@foundry-rs").glob("forge-*/bin/forge"))), None)
    if forge is None or shutil.which("node") is None:
        return "the compiler is not installed (npm ci in contracts/)", before
    with tempfile.TemporaryDirectory(prefix="fluxdesk-contracts-") as folder:
        places = ["--out", f"{folder}/out", "--cache-path", f"{folder}/cache"]
        line = [str(forge), "build", *places, *sorted({c.source for c in contracts})]
        try:
            done = subprocess.run(line, cwd=evm, capture_output=True, text=True, timeout=_WITHIN_S, check=False)  # noqa: S603 - the pinned compiler, no shell
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"the compiler did not run ({error})", before
        if done.returncode != 0:
            last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["no reason was given"]
            return f"the compiler failed ({last[0]:.200})", [
                Finding(c.name, "code", "it does not compile") for c in contracts
            ]
        try:
            fresh = {c.name: c for c in built(Path(folder) / "out", evm)}
        except ArtefactError as error:
            return f"the compiler's output cannot be used ({error})", before
    return "", [Finding(c.name, "code", _code(c, fresh.get(c.name))) for c in contracts]


def _code(kept: Built, fresh: Built | None) -> str:
    if fresh is None:
        return "the sources no longer give this contract"
    if kept.same_as(fresh):
        return ""
    if kept.same_as(msgspec.structs.replace(kept, creation=fresh.creation, runtime=fresh.runtime)):
        return "the sources give the same code with another interface or other settings"
    return "the sources give other code than is kept"
