"""web3 comes without what it does to the whole process."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import fluxdesk

PACKAGE = Path(fluxdesk.__file__).parent

CODE = """
import sys
before = sys.getrecursionlimit()
{way}
assert "py_ecc" in sys.modules and sys.getrecursionlimit() == before
"""
WAYS = {
    "a client": "from fluxdesk.chains.evm.libraries import load; load()",
    "a node": "from fluxdesk.node import wallet; wallet._load(wallet.Family.EVM)",
    "two threads": """
import threading
from fluxdesk.chains.evm.libraries import load
first = threading.Thread(target=load)
first.start()
while sys.getrecursionlimit() == before and first.is_alive():
    pass
load()
first.join()
""",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_the_recursion_limit_of_the_process_stays_what_it_was(way: str) -> None:
    done = subprocess.run([sys.executable, "-c", CODE.format(way=way)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def brought(node: ast.AST) -> bool:
    """Whether a statement imports something that brings `py_ecc`."""
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
    names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
    return any(name.partition(".")[0] in {"web3", "eth_account", "eth_keys"} for name in names)


def test_every_function_that_imports_web3_loads_it_first() -> None:
    found = 0
    for file in PACKAGE.rglob("*.py"):
        for function in ast.walk(ast.parse(file.read_bytes())):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or function.name == "load":
                continue
            imports = [at for at, line in enumerate(function.body) if brought(line)]
            if imports:
                before = [ast.unparse(line) for line in function.body[: imports[0]]]
                assert "load()" in before, f"{file.name}: {function.name}"
                found += 1
    assert found >= 5
