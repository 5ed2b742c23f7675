"""`fluxdesk practice install`: fetches anvil, the EVM chain to practise on, from npm where Node exists.

Solana needs nothing: LiteSVM is inside. The package holds a program and runs none of its own scripts while installing.
"""

import platform
import shutil
import subprocess
from pathlib import Path

from fluxdesk.cli.attach import fail

VERSION = "1.7.1"
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
_WITHIN_S = 600.0


def install() -> int:
    """0 it is there, 1 it could not be fetched, 2 there is no Node or no such program for this machine."""
    from fluxdesk.node.wallet_anvil import find_anvil, tools_folder

    machine = _MACHINES.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        return fail("practice install", f"There is no anvil for {platform.system()} on {platform.machine()}.")
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return fail(
            "practice install",
            "Node.js is not installed (no node and npm on the PATH), so anvil cannot be fetched. Nothing was changed. "
            "Install Node.js, or put an anvil of your own on the PATH. Solana can be practised without.",
        )
    folder = tools_folder()
    why = _fetch(npm, f"@foundry-rs/anvil-linux-{machine}@{VERSION}", folder)
    found = find_anvil()
    if why or found is None:
        reason = why or "the package holds no program"
        return fail("practice install", f"npm did not install anvil: {reason}. What was there before is kept.", 1)
    print(f"anvil {VERSION} is in {folder}. A practice node starts it when the EVM chain is used.")
    return 0


def _fetch(npm: str, package: str, folder: Path) -> str:
    """Why it failed; empty when it did not."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"]
    try:
        done = subprocess.run(  # noqa: S603 - npm of the PATH, our own arguments
            [*command, package],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_WITHIN_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__}"
    if done.returncode == 0:
        return ""
    last = next((line for line in reversed(done.stderr.splitlines()) if "error" in line.lower()), "")
    return f"exit code {done.returncode} {last[:200]}".strip()
