"""`fluxdesk practice install`: fetches anvil and Surfpool from npm where Node exists. `fluxdesk practice solana`: runs
Surfpool.

A practice profile needs Surfpool for nothing: its Solana is LiteSVM, inside. Surfpool is a cluster of its own, with an
RPC address, for a live profile to be tried out on. The packages run none of their own scripts while they are installed.
"""

import contextlib
import os
import platform
import shutil
import subprocess
from pathlib import Path

from fluxdesk.cli.attach import fail

VERSION = "1.7.1"
SURFPOOL, SURFPOOL_VERSION = "@solana/surfpool-linux-x64-gnu", "1.5.0"
SLOT_MS = 400
_SCRIPT = """
const { Surfnet } = require('PACKAGE');
const net = Surfnet.startWithConfig({ offline: true, blockProductionMode: 'clock', slotTimeMs: SLOT });
const drain = setInterval(() => net.drainEvents(), 200);  // its event queue grows until somebody reads it
console.log(net.rpcUrl);
process.stdin.resume();
process.stdin.on('end', () => { clearInterval(drain); net.stop(); process.exit(0); });
"""
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
    if machine != "amd64":
        print(f"There is no Surfpool for {platform.machine()}; Solana is practised without it.")
        return 0
    if why := _fetch(npm, f"{SURFPOOL}@{SURFPOOL_VERSION}", folder):
        return fail("practice install", f"npm did not install Surfpool: {why}. anvil is there all the same.", 1)
    print(f"Surfpool {SURFPOOL_VERSION} is there as well: `fluxdesk practice solana` runs it.")
    return 0


def solana() -> int:
    """Runs Surfpool until it is interrupted. 0 it ended, 1 it did not start, 2 it or Node is not there."""
    from fluxdesk.node.wallet_anvil import tools_folder

    modules = tools_folder() / "node_modules"
    node = shutil.which("node")
    if node is None or not (modules / SURFPOOL).exists():
        what = "Node.js is not installed" if node is None else "Surfpool is not installed"
        return fail("practice solana", f"{what}. `fluxdesk practice install` fetches Surfpool where Node.js is there.")
    script = _SCRIPT.replace("PACKAGE", SURFPOOL).replace("SLOT", str(SLOT_MS))
    environment = {**os.environ, "NODE_PATH": str(modules)}
    with subprocess.Popen(  # noqa: S603 - node of the PATH, our own script
        [node, "-e", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            return fail("practice solana", "Surfpool did not start; what it said is above.", 1)
        print(f"Surfpool answers on {url}, with slots of {SLOT_MS} ms, until Ctrl+C.", flush=True)
        print(f"For a live profile: Settings, Wallet endpoints, the line  solana:local {url}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            process.wait()
        process.communicate()  # the end of its input is the end of it
    return 0


def _fetch(npm: str, package: str, folder: Path) -> str:
    """Why it failed; empty when it did not."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        return f"{folder} cannot be made ({error.strerror or error})"
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
