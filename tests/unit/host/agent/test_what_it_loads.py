"""What runs with the keys: few libraries, none that reaches a network or draws a window."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec

import fluxdesk_host
from fluxdesk_host.agent.policy import Policy

PACKAGE = Path(fluxdesk_host.__file__).parent
ALLOWED = {"msgspec", "cryptography", "coincurve", "Crypto", "keyring"}
"""The direct dependencies, each with its line in docs/adr/0014-keys.md."""
FORBIDDEN = {"PySide6", "web3", "sklearn", "numpy", "solders", "httpx", "requests", "aiohttp", "urllib3", "fluxdesk"}


def test_its_direct_dependencies_are_those_of_the_adr() -> None:
    import ast

    named: set[str] = set()
    for folder in ("agent", "keys", "keystore", "protocol", "signing"):
        for file in (PACKAGE / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    named |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    named.add(node.module.partition(".")[0])
    assert named - set(sys.stdlib_module_names) - {"fluxdesk_host"} == ALLOWED
    assert len(ALLOWED) <= 8


def test_loaded_whole_it_holds_nothing_that_reaches_a_network() -> None:
    code = (
        "import importlib, json, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    names = [f"fluxdesk_host.agent.{f.stem}" for f in (PACKAGE / "agent").glob("*.py") if f.stem[0] != "_"]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert FORBIDDEN & set(json.loads(done.stdout)) == set()


BROUGHT = {
    "cffi", "_cffi_backend", "pycparser", "_libsecp256k1",
    "secretstorage", "jeepney", "jaraco", "more_itertools", "importlib_metadata", "lazy_importer", "zipp", "backports",
    "typing_extensions",
}  # fmt: skip
"""What the direct dependencies bring along, named in docs/adr/0014-keys.md."""

SITE = f"import sys; sys.path[:0] = {sys.path!r}\n"
"""Without the `.pth` files of a development environment, which load what they like."""

AT_WORK = """
import importlib, json, sys
for name in sys.argv[2:]: importlib.import_module(name)
from pathlib import Path
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.selftest import check
from fluxdesk_host.keystore import device
from fluxdesk_host.keystore.kdf import Cost
from fluxdesk_host.keystore.store import Keystore
from tempfile import TemporaryDirectory
for file in Path(sys.argv[1]).glob("*.json"):
    case = json.loads(file.read_text(encoding="utf-8"))[0]
    assert check(case) == [], (file, check(case))
with TemporaryDirectory() as folder:
    Keystore.create(Path(folder, "k"), "x", Secret(b"x"), Cost()).close()
    device.available()
tops = {name.partition(".")[0] for name in sys.modules}
print(json.dumps(sorted(t for t in tops if getattr(sys.modules.get(t), "__file__", None))))
"""


def test_at_work_it_has_loaded_what_the_adr_names_and_nothing_else() -> None:
    names = []
    for folder in ("agent", "keys", "keystore", "protocol", "signing"):
        for file in sorted((PACKAGE / folder).rglob("*.py")):
            parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    fixtures = str(Path(__file__).parents[3] / "fixtures" / "keys")
    command = [sys.executable, "-S", "-c", SITE + AT_WORK, fixtures, *(n for n in names if not n.endswith("__main__"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1])) - set(sys.stdlib_module_names)
    assert loaded - {"fluxdesk_host", "__main__"} <= ALLOWED | BROUGHT
    assert loaded >= ALLOWED
    adr = (PACKAGE.parents[1] / "docs" / "adr" / "0014-keys.md").read_text(encoding="utf-8").lower()
    for name in (ALLOWED | BROUGHT) - {"_cffi_backend", "_libsecp256k1", "Crypto"}:
        assert name.lower().replace("_", "-") in adr, name


def test_the_policy_of_the_documentation_is_one() -> None:
    text = (PACKAGE.parents[1] / "docs" / "agent.md").read_text(encoding="utf-8")
    example = text.split("```json")[1].split("```")[0]
    policy = msgspec.json.decode(example, type=Policy)
    assert policy.allowances[0].name == "weekly buy"
    for field in msgspec.structs.fields(Policy):
        assert f"`{field.name}`" in text or field.name == "version", field.name
