"""Copies of contracts/evm that hold some tests and what those read, and nothing else.

forge compiles every source that lies in src/ whatever is asked of it: where a build lives for one run, less lies there.
"""

from collections.abc import Iterable
from pathlib import Path

from proofs.sources import EVM, ROOT, files_of

PACKAGES = ROOT / "contracts" / "node_modules"
# One test asks whether code fits a chain's limit, which code that is not optimised does not.
NOT_ASKED = ("--no-match-test", "test_the_governor_is_what_was_said_and_deployed_once")
_BESIDE = ("foundry.toml", "tools/solc", "tools/parts.js", "tools/trees.js")


def home(folder: Path, patterns: Iterable[str]) -> Path:
    """The copy in `folder`, brought up to date; what was built there stays. The checkout is never touched."""
    place = folder / "evm"
    wanted = {file.relative_to(EVM.resolve()) for file in files_of(patterns)} | {Path(name) for name in _BESIDE}
    for kind in ("src", "test", "tools"):
        (place / kind).mkdir(parents=True, exist_ok=True)
        for file in (place / kind).rglob("*"):
            if file.is_file() and file.relative_to(place) not in wanted:
                file.unlink()
    for name in wanted:
        content = (EVM / name).read_bytes()
        if name == Path("foundry.toml"):  # forge's own parser follows no link
            content = content.replace(b"../node_modules", str(PACKAGES.resolve()).encode())
        copied = place / name
        if not copied.exists() or copied.read_bytes() != content:
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(content)
            copied.chmod((EVM / name).stat().st_mode)
    link = folder / "node_modules"  # where the compiler's wrapper looks for it
    if not link.is_symlink():
        link.symlink_to(PACKAGES)
    return place
