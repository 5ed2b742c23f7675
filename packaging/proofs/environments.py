"""Locked environments of tools that pin other versions of shared packages than Fluxdesk does.

Usage: python packaging/proofs/environments.py NAME... makes them ahead of time.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from proofs.sources import EVM, ROOT

FORGE = ROOT / "contracts" / "node_modules" / "@foundry-rs" / "forge-linux-amd64" / "bin" / "forge"
__all__ = ["EVM", "FORGE", "environment"]


def environment(name: str) -> Path:
    """The folder of programs of requirements/NAME.lock, installed in .cache when the lock is new."""
    lock = ROOT / "requirements" / f"{name}.lock"
    home = ROOT / ".cache" / "tools" / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    if not (home / ".installed").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)  # noqa: S603 - this Python
        subprocess.run(  # noqa: S603 - the lock file's packages, by hash
            [
                *(str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
                *("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)),
            ],
            check=True,
        )
        (home / ".installed").touch()
    return home / "bin"


if __name__ == "__main__":
    for asked in sys.argv[1:]:
        environment(asked)
