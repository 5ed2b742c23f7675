"""docs/SECURITY_INVARIANTS.md names tests that exist, for every promise."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "SECURITY_INVARIANTS.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)
NAMED_OF_CONTRACTS = re.findall(r"`(contracts/evm/test/[\w/]+\.t\.sol)::(\w+)`", PAGE)
PROMISES = re.findall(r"^(\d+)\. \*\*(.+?)(?=^\d+\. |^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)), ids=lambda x: x.removeprefix("tests/"))
def test_a_named_test_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = {n.name for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
    assert name in functions


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED_OF_CONTRACTS)), ids=lambda x: x.rpartition("/")[2])
def test_a_named_test_of_a_contract_exists(file: str, name: str) -> None:
    assert re.search(rf"function {name}\(", (ROOT / file).read_text(encoding="utf-8"))


def test_promises_are_numbered_without_a_gap() -> None:
    """From 200 on stand those of the contracts, where each program has a range of its own."""
    numbers = [int(number) for number, _ in PROMISES]
    assert len(numbers) == len(set(numbers))
    desk = [number for number in numbers if number < 200]
    assert desk == list(range(1, len(desk) + 1))
    assert len(desk) > 20


@pytest.mark.parametrize(("number", "text"), PROMISES, ids=lambda x: x[:40] if x.isdigit() else "")
def test_every_promise_names_a_test(number: str, text: str) -> None:
    named = r"`(tests/[\w/]+\.py::test_\w+|contracts/evm/test/[\w/]+\.t\.sol::(test|invariant)\w+)`"
    assert re.search(named, text), f"promise {number}"


def test_the_named_contracts_exist() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = {
        n for line in re.findall(r"import-linter contracts ([^(]+)\(", PAGE) for n in re.findall(r"`([\w-]+)`", line)
    }
    assert named
    assert named <= {c["id"] for c in contracts}
