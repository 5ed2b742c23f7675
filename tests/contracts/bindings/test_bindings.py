"""resources/contracts and the typed modules say what was compiled: they are made again here and compared."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from binding_build.kinds import signature
from binding_build.module import file_name, module
from bindings import BY_HAND, EVM, MODULES, RESOURCES, ROOT, expected

from fluxdesk.chains.evm.contracts import built as kept
from fluxdesk.chains.evm.contracts.artefact import ArtefactError, built, read
from fluxdesk.chains.evm.contracts.built import Built, keccak256
from needs import require

NAMES = kept.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_what_its_resource_gives(name: str) -> None:
    contract = kept.load(name)
    assert (MODULES / file_name(name)).read_text() == module(contract)
    assert (RESOURCES / f"{name}.json").read_text() == contract.text()


@pytest.mark.parametrize("name", NAMES)
def test_a_resource_was_built_from_the_sources_that_are_there(name: str) -> None:
    assert kept.load(name).changed_sources(EVM) == [], "run forge build, then python packaging/bindings.py"


def test_there_is_no_module_without_a_contract() -> None:
    there = {file.name for file in MODULES.glob("*.py")} - BY_HAND
    assert there == {file_name(name) for name in NAMES}


def test_what_forge_built_is_what_is_kept() -> None:
    require("contracts/evm/out", (EVM / "out").is_dir(), "run forge build in contracts/evm")
    try:
        fresh = expected(built(EVM / "out", EVM))
    except ArtefactError as nothing:
        require("a build of these sources", False, str(nothing))
        raise
    for file, text in fresh.items():
        assert file.read_text() == text, f"{file.name}: run python packaging/bindings.py"


def test_code_that_was_changed_by_a_byte_is_not_the_contracts() -> None:
    contract = kept.load("LiquidityPoolManager")
    code = bytearray.fromhex(contract.runtime[2:])
    start, length = contract.immutables[0]
    code[start : start + length] = b"\x07" * length
    assert contract.is_runtime(bytes(code))
    code[start - 1] ^= 1
    assert not contract.is_runtime(bytes(code))
    assert not contract.is_runtime(bytes(code[:-1]))
    assert not contract.is_runtime(b"")


def test_another_metadata_hash_is_the_same_build_and_another_instruction_is_not() -> None:
    contract = kept.load("SyntheticAssetFactory")
    at = contract.runtime.rindex("a2646970667358221220") + 24
    other = contract.runtime[:at] + "00" * 4 + contract.runtime[at + 8 :]
    assert contract.same_as(msgspec.structs.replace(contract, runtime=other))
    assert not contract.same_as(msgspec.structs.replace(contract, runtime="0x00" + contract.runtime[4:]))
    assert not contract.same_as(msgspec.structs.replace(contract, sources={}))


def test_a_changed_source_is_named(tmp_path: Path) -> None:
    contract = kept.load("LiquidityPoolManager")
    for name in contract.sources:
        if name.startswith("src/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes((EVM / name).read_bytes())
    assert contract.changed_sources(tmp_path) == []
    (tmp_path / contract.source).write_bytes((EVM / contract.source).read_bytes() + b" ")
    assert contract.changed_sources(tmp_path) == [contract.source]
    (tmp_path / contract.source).unlink()
    assert contract.changed_sources(tmp_path) == [contract.source]


def artefact(folder: Path, **changed: object) -> Path:
    """What forge leaves of a contract, cut down."""
    metadata = {
        "compiler": {"version": "0.8.37"},
        "settings": {
            "compilationTarget": {"src/x/X.sol": "X"}, "evmVersion": "cancun", "viaIR": True,
            "optimizer": {"enabled": True, "runs": 1},
        },
        "sources": {"src/x/X.sol": {"keccak256": "0x" + keccak256(b"contract X {}").hex()}},
    }  # fmt: skip
    body = {
        "abi": [{"type": "function", "name": "f", "inputs": [], "outputs": []}],
        "bytecode": {"object": "0x01", "linkReferences": {}},
        "deployedBytecode": {"object": "0x02", "immutableReferences": {}},
        "metadata": metadata,
    }
    (folder / "X.sol").mkdir(parents=True, exist_ok=True)
    file = folder / "X.sol" / "X.json"
    file.write_text(json.dumps(body | changed))
    return file


def test_interfaces_and_abstract_contracts_are_not_taken(tmp_path: Path) -> None:
    assert read(artefact(tmp_path, bytecode={"object": "0x", "linkReferences": {}})) is None


def test_code_that_needs_a_library_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="X needs a library"):
        read(artefact(tmp_path, bytecode={"object": "0x01", "linkReferences": {"src/L.sol": {}}}))


def test_a_build_of_other_sources_is_not_taken(tmp_path: Path) -> None:
    artefact(tmp_path / "out")
    (tmp_path / "src/x").mkdir(parents=True)
    (tmp_path / "src/x/X.sol").write_text("contract X {}")
    assert [contract.name for contract in built(tmp_path / "out", tmp_path)] == ["X"]
    (tmp_path / "src/x/X.sol").write_text("contract X { }")
    with pytest.raises(ArtefactError, match="X: built from other sources; run forge build"):
        built(tmp_path / "out", tmp_path)
    (tmp_path / "src/x/X.sol").unlink()  # a contract that is gone leaves its build behind
    with pytest.raises(ArtefactError, match="nothing in"):
        built(tmp_path / "out", tmp_path)


def test_the_check_fails_where_something_would_be_written(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "packaging" / "bindings.py"), "--check", "--out", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "run forge build" in done.stderr


def every(kind: str) -> list[tuple[Built, dict[str, object]]]:
    return [(c, e) for c in map(kept.load, NAMES) for e in c.abi if e["type"] == kind]


def test_every_function_event_and_error_has_its_class() -> None:
    import importlib

    for name in NAMES:
        made = importlib.import_module(f"fluxdesk.chains.evm.contracts.{file_name(name)[:-3]}")
        contract = kept.load(name)
        for kind, table, length in (("function", "CALLS", 4), ("event", "EVENTS", 32), ("error", "ERRORS", 4)):
            wanted = {keccak256(signature(e).encode())[:length] for e in contract.abi if e["type"] == kind}
            assert getattr(made, table, {}).keys() == wanted


def test_nothing_of_web3_is_imported_with_a_module() -> None:
    code = (
        "import sys, fluxdesk.chains.evm.contracts.liquidity_pool_manager;"
        "sys.exit(any(m in sys.modules for m in ('web3', 'eth_abi', 'eth_utils')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
