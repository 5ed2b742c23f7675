"""The Move compiler of contracts/move/tools, as tests use it."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from needs import ROOT, require

MOVE = ROOT / "contracts" / "move"
_RESULT = re.compile(r"^\[ (PASS|FAIL|TIMEOUT) +\] \S+::(\w+)$", re.MULTILINE)


def compiler() -> ModuleType:
    """The module contracts/move/tools/compiler.py; the library behind it is there and is the recorded one."""
    name = "move_compiler"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, MOVE / "tools" / "compiler.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    module = sys.modules[name]
    try:
        module.library()
    except module.CompilerMissing as missing:
        require("the Move compiler", False, str(missing))
    return module


def results(output: str) -> dict[str, str]:
    """Name of a Move test -> PASS, FAIL or TIMEOUT."""
    return {name: verdict for verdict, name in _RESULT.findall(output)}


def package_beside(folder: Path, sources: dict[str, str]) -> Path:
    """A package of test modules that depends on `fluxus_meme`; `sources` is file name -> text."""
    (folder / "sources").mkdir(parents=True)
    for name, text in sources.items():
        (folder / "sources" / name).write_text(text)
    (folder / "Move.toml").write_text(
        '[package]\nname = "Differential"\nversion = "0.0.0"\n\n[dependencies]\n'
        f'FluxusMeme = {{ local = "{MOVE / "fluxus_meme"}" }}\n\n[addresses]\ndifferential = "0xd1"\n'
    )
    return folder
