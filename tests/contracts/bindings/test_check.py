"""`fluxdesk contracts check`: compiles again where it can, says which of the two it did, and tells a difference."""

import io
import json
import subprocess
import sys

import msgspec
import pytest
from bindings import EVM

from fluxdesk.chains.evm.contracts.built import Built
from fluxdesk.chains.evm.contracts.built import load as kept
from fluxdesk.cli import contracts_check
from needs import require

FORGE = EVM.parent / "node_modules" / "@foundry-rs" / "forge-linux-amd64" / "bin" / "forge"
SMALL = "PairOracle"


def check(*only: str, rebuild: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    code = contracts_check.run(only, rebuild, False, out)
    return code, out.getvalue()


def changed(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    """What is kept of a contract is other than what was built."""

    def load(name: str) -> Built:
        return msgspec.structs.replace(kept(name), **values)

    monkeypatch.setattr(contracts_check, "load", load)


def test_it_compiles_the_sources_and_finds_the_same_code() -> None:
    require("the compiler of the contracts", FORGE.exists(), "run npm ci in contracts/")
    code, said = check(SMALL, rebuild=True)
    assert (code, said) == (
        0, f"{SMALL}: the sources give the same code\n1 contracts, 0 differ. Compiled again and compared.\n",
    )  # fmt: skip


def test_code_that_the_sources_do_not_give_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    require("the compiler of the contracts", FORGE.exists(), "run npm ci in contracts/")
    changed(monkeypatch, runtime=kept(SMALL).runtime[:-2] + "00")
    code, said = check(SMALL, rebuild=True)
    assert code == 1
    assert f"{SMALL}: the sources give other code than is kept" in said


def test_sources_that_changed_are_told_and_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    changed(monkeypatch, sources=kept(SMALL).sources | {kept(SMALL).source: "0x" + "00" * 32})
    code, said = check(SMALL, rebuild=True)
    assert code == 1
    assert f"sources differ since it was built: {kept(SMALL).source}" in said
    assert "Not compiled again: sources differ." in said


def test_without_compiling_it_says_so() -> None:
    code, said = check(SMALL)
    assert code == 0
    assert "built from these sources (by their hashes)" in said
    assert "Not compiled again: it was not asked for." in said


def test_an_unknown_contract_is_answered_with_those_there_are() -> None:
    line = [sys.executable, "-m", "fluxdesk", "contracts", "check", "Nothing"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no contract 'Nothing'. There are: " in done.stderr


def test_each_line_is_an_object_for_programs() -> None:
    line = [sys.executable, "-m", "fluxdesk", "contracts", "check", SMALL, "--no-rebuild", "--json"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout) == {"contract": SMALL, "compared": "sources", "problem": ""}
