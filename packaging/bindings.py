"""Writes resources/contracts and the typed modules of chains/evm/contracts from what forge built.

Usage: python packaging/bindings.py [--out contracts/evm/out] [--check]

A contract is taken only when it was built from the sources that are there, so build first: `forge build` in
contracts/evm. A contract that is gone from the sources goes from both places. `--check` writes nothing and ends with 1
when something would be written.
"""

import argparse
import base64
import json
import sys
import zlib
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "packaging"), str(ROOT / "app"), str(ROOT / "native_host")]

from binding_build.kinds import constructor  # noqa: E402
from binding_build.module import TwoStructs, file_name, module  # noqa: E402

from fluxdesk.chains.evm.contracts.artefact import ArtefactError, built  # noqa: E402
from fluxdesk.chains.evm.contracts.built import Built  # noqa: E402
from fluxdesk_host.signing.ours.deployments import Code  # noqa: E402
from fluxdesk_host.signing.ours.deployments import codes as kept  # noqa: E402
from fluxdesk_host.signing.ours.families import BELIEVED  # noqa: E402

EVM = ROOT / "contracts" / "evm"
RESOURCES = ROOT / "resources" / "contracts"
MODULES = ROOT / "app" / "fluxdesk" / "chains" / "evm" / "contracts"
CODES = ROOT / "native_host" / "fluxdesk_host" / "signing" / "ours" / "codes.py"
BY_HAND = frozenset(
    {
        "__init__.py",
        "codec.py",
        "built.py",
        "artefact.py",
        "deployer.py",
        "deploying.py",
        "plan.py",
        "recorded.py",
        "rules.py",
        "vaults.py",
    }
)


def expected(contracts: list[Built]) -> dict[Path, str]:
    """Every generated file and its text."""
    files: dict[Path, str] = {}
    for contract in map(settled, contracts):
        files[RESOURCES / f"{contract.name}.json"] = contract.text()
        files[MODULES / file_name(contract.name)] = module(contract)
    return files


def settled(contract: Built) -> Built:
    """What is kept, where it is the same build: an address follows from every byte, metadata included."""
    kept_as = RESOURCES / f"{contract.name}.json"
    if not kept_as.exists():
        return contract
    there = msgspec.json.decode(kept_as.read_bytes(), type=Built)
    return there if there.same_as(contract) else contract


def codes(contracts: list[Built]) -> dict[str, Code]:
    """What the agent carries: the contracts that its recognisers know."""
    return {c.name: Code(constructor(c), c.code()) for c in map(settled, contracts) if c.name in BELIEVED}


_CODES_HEAD = '''# fmt: off
# ruff: noqa: E501
"""Creation code of our contracts, packed: what an address of theirs follows from. Written by packaging/bindings.py.

Contract -> (its constructor's arguments, zlib in base 64).
"""

CODES: dict[str, tuple[str, str]] = {
'''


def codes_text(contracts: dict[str, Code]) -> str:
    """One contract a line."""
    lines = []
    for name, code in sorted(contracts.items()):
        packed = base64.b64encode(zlib.compress(code.code, 9)).decode()
        lines.append(f"    {json.dumps(name)}: ({json.dumps(code.constructor)}, {json.dumps(packed)}),\n")
    return _CODES_HEAD + "".join(lines) + "}\n"


def kept_codes() -> dict[str, Code]:
    """What the agent carries now."""
    return dict(kept())


def there() -> set[Path]:
    """The generated files that are there now."""
    return set(RESOURCES.glob("*.json")) | {file for file in MODULES.glob("*.py") if file.name not in BY_HAND}


def main(arguments: list[str] | None = None) -> int:
    """0 all is as it should be, 1 it was not (`--check`) or cannot be made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=EVM / "out")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args(arguments)
    try:
        contracts = built(asked.out, EVM)
        files = expected(contracts)
    except (ArtefactError, TwoStructs) as error:
        print(f"bindings: {error}.", file=sys.stderr)
        return 1
    changed = [file for file, text in files.items() if not file.exists() or file.read_text() != text]
    gone = sorted(there() - files.keys())
    if kept_codes() != codes(contracts):  # packed bytes may differ between versions of zlib
        files[CODES] = codes_text(codes(contracts))
        changed.append(CODES)
    for file in changed + gone:
        print(("would write " if asked.check else "wrote ") + str(file.relative_to(ROOT)))
    if asked.check:
        return 1 if changed or gone else 0
    RESOURCES.mkdir(parents=True, exist_ok=True)
    for file in changed:
        file.write_text(files[file])
    for file in gone:
        file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
