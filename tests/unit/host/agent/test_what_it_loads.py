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


def test_the_policy_of_the_documentation_is_one() -> None:
    text = (PACKAGE.parents[1] / "docs" / "agent.md").read_text(encoding="utf-8")
    example = text.split("```json")[1].split("```")[0]
    policy = msgspec.json.decode(example, type=Policy)
    assert policy.allowances[0].name == "weekly buy"
    for field in msgspec.structs.fields(Policy):
        assert f"`{field.name}`" in text or field.name == "version", field.name
