"""Balancer v3's contracts, compiled once for the packages that are there.

npm carries their sources alone, and they take minutes: `make gas` compiles them (tools/balancer.js) and keeps the code
in .cache, under the hash of what it was made of. `make test` neither compiles nor measures them, and nothing of them is
shipped.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from proofs.sources import EVM, ROOT

PACKAGES = ROOT / "contracts" / "node_modules"
TOOLS = (EVM / "tools" / "balancer.js", EVM / "tools" / "peers.js")
SOURCES = (
    *(f"@balancer-labs/v3-{name}" for name in ("interfaces", "pool-stable", "pool-utils", "pool-weighted")),
    *("@balancer-labs/v3-solidity-utils", "@balancer-labs/v3-vault", "@openzeppelin/contracts-5.0.2"),
)
COMPILER = "solc-0.8.26/soljson.js"
KEPT = ROOT / ".cache" / "contracts" / "balancer"


class NotCompiled(Exception):
    """Why there is no code of Balancer's, as a sentence."""


def hash_of(packages: Path) -> str:
    """SHA-256 of every source of the packages, of the compiler and of what says how it is asked.

    Raises:
        NotCompiled: one of them is not there.
    """
    whole = hashlib.sha256()
    files = {tool.name: tool for tool in TOOLS} | {COMPILER: packages / COMPILER}
    for name in SOURCES:
        found = {file.relative_to(packages).as_posix(): file for file in (packages / name).rglob("*.sol")}
        if not found:
            raise NotCompiled(f"{name} is not installed: run `make contracts`")
        files |= found
    for name, file in sorted(files.items()):
        if not file.exists():
            raise NotCompiled(f"{name} is not installed: run `make contracts`")
        whole.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def balancer() -> Path:
    """The folder with NAME.hex of each contract: kept from an earlier run, or compiled now, which takes minutes.

    Raises:
        NotCompiled: the packages or Node.js are not there, or the compiler refused.
    """
    home = KEPT / hash_of(PACKAGES)[:16]
    if home.exists():
        return home
    node = shutil.which("node")
    if node is None:
        raise NotCompiled("Node.js is not installed")
    print("gas: compiling Balancer v3 from its npm packages, once; this takes minutes.", file=sys.stderr)
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        made = Path(folder) / home.name
        run = subprocess.run(  # noqa: S603 - Node.js, a program of ours, fixed words
            [node, str(TOOLS[0]), str(made)], capture_output=True, text=True, check=False
        )
        if run.returncode:
            raise NotCompiled(f"the compiler refused Balancer v3: {run.stderr.strip()[-2000:]}")
        made.rename(home)  # all of it or nothing
    return home
