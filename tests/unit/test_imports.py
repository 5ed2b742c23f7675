"""What importing does: nothing is opened, started or contacted, and what is heavy waits until it is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import fluxdesk

PACKAGE = Path(fluxdesk.__file__).parent
HEAVY = ["web3", "solana", "sklearn", "pandas", "onnxruntime", "tantivy", "PIL", "alembic", "pyqtgraph", "numpy"]


def modules(under: str = "") -> list[str]:
    """Dotted names of every module below a package, migrations and entry points left out."""
    found = []
    for file in sorted((PACKAGE / under).rglob("*.py")):
        parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
        if "versions" not in parts and parts[-1] not in ("__main__", "env"):
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-X", "utf8", "-B", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


WATCHED = """
import importlib, json, sys, threading
seen = []
def hook(event, args):
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append(f"{event} {args[0]}")
    elif event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.mkdir", "os.remove",
                   "os.posix_spawn", "os.fork", "sqlite3.connect", "os.exec", "os.kill"):
        seen.append(f"{event} {args!r:.80}")
sys.addaudithook(hook)
out = {}
for name in sys.argv[1:]:
    importlib.import_module(name)
    if threading.active_count() > 1:
        seen.append(f"{threading.active_count()} threads")
    if seen:
        out[name] = list(seen)
        seen.clear()
print(json.dumps(out))
"""


def test_importing_any_module_opens_starts_and_contacts_nothing() -> None:
    assert json.loads(python(WATCHED, *modules())) == {}


@pytest.mark.parametrize("package", ["core", "client", "cli", "chains", "native"])
def test_the_light_packages_load_nothing_heavy(package: str) -> None:
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    code += f"print(*(set({HEAVY!r}) & sys.modules.keys()))"
    assert python(code, *modules(package)).split() == []


def test_every_package_is_a_real_one() -> None:
    folders = {f.parent for f in PACKAGE.rglob("*.py")}
    missing = [f for f in folders if not (f / "__init__.py").exists()]
    assert missing == []


def test_every_module_says_what_it_is_for() -> None:
    import ast

    silent = [f for f in PACKAGE.rglob("*.py") if not ast.get_docstring(ast.parse(f.read_text(encoding="utf-8")))]
    assert silent == []
