"""What was built of a contract: its code, ABI and the hashes of its sources, from `resources/contracts`.

The files are written by packaging/bindings.py from what the pinned compiler gave. Reads files of the installation only.
"""

import re
from pathlib import Path
from typing import Any

import msgspec

from fluxdesk.core.resources import path

FOLDER = "contracts"
_METADATA = re.compile(r"a2646970667358221220[0-9a-f]{64}(?=64736f6c6343)")
"""The hash of the metadata in CBOR, before solc's version (Solidity documentation, Contract Metadata); also that of
contracts whose code a contract carries."""
_NO_HASH = "a2646970667358221220" + "0" * 64


class Optimizer(msgspec.Struct, frozen=True):
    """As solc's metadata name it."""

    enabled: bool
    runs: int


class Compiler(msgspec.Struct, frozen=True):
    """What it was compiled with and for."""

    version: str
    evmVersion: str  # noqa: N815 - solc's name
    optimizer: Optimizer
    viaIR: bool  # noqa: N815 - solc's name


class NotBuilt(ValueError):
    """There is no such contract; the message names those there are."""


class Built(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contract.

    Attributes:
        source: Its file below contracts/evm.
        sources: Every file it was compiled from -> Keccak-256 of it.
        immutables: (start, length) of values in the runtime code that its constructor wrote.
        creation, runtime: Code in hex with 0x; immutables are zero in `runtime`.
        abi: As solc gives it, sorted.
    """

    name: str
    source: str
    compiler: Compiler
    sources: dict[str, str]
    immutables: list[tuple[int, int]]
    creation: str
    runtime: str
    abi: list[dict[str, Any]]

    def code(self, arguments: bytes = b"") -> bytes:
        """What makes it: creation code and constructor arguments."""
        return bytes.fromhex(self.creation[2:]) + arguments

    def same_as(self, other: "Built") -> bool:
        """Whether the two are one build: all equal, and the code but for the hash of the compiler's metadata.

        That hash also covers settings that change no instruction, such as where packages were found.
        """
        return self._bare() == other._bare()

    def _bare(self) -> "Built":
        return msgspec.structs.replace(self, creation=without_hash(self.creation), runtime=without_hash(self.runtime))

    def is_runtime(self, code: bytes) -> bool:
        """Whether code on a chain is this contract's, whatever its immutables are."""
        mine = bytearray.fromhex(self.runtime[2:])
        if len(code) != len(mine):
            return False
        theirs = bytearray(code)
        for start, length in self.immutables:
            mine[start : start + length] = theirs[start : start + length] = bytes(length)
        return mine == theirs

    def text(self) -> str:
        """The file's JSON, one member a line; the same contract gives the same bytes."""
        lines = (f'"{name}": {_json(getattr(self, name))}' for name in self.__struct_fields__)
        return "{\n" + ",\n".join(lines) + "\n}\n"

    def changed_sources(self, root: Path) -> list[str]:
        """Sources below `root` (contracts/evm) that are other or gone since it was built.

        Those of packages are looked at where the packages are installed.
        """
        return [name for name, recorded in self.sources.items() if _differs(root, name, recorded)]


def names() -> list[str]:
    """All that was built. Raises `ResourceMissing`."""
    return sorted(file.stem for file in path(FOLDER).glob("*.json"))


def load(name: str) -> Built:
    """One contract. Raises `NotBuilt`, `ResourceMissing`."""
    if name not in names():
        raise NotBuilt(f"There is no contract {name!r:.60}. There are: {', '.join(names())}.")
    return msgspec.json.decode((path(FOLDER) / f"{name}.json").read_bytes(), type=Built)


def without_hash(code: str) -> str:
    """Code in hex with zeros for each hash of metadata."""
    return _METADATA.sub(_NO_HASH, code)


def keccak256(data: bytes) -> bytes:
    """Keccak-256."""
    from Crypto.Hash import keccak

    return keccak.new(digest_bits=256, data=data).digest()


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def _differs(root: Path, name: str, recorded: str) -> bool:
    try:
        return "0x" + keccak256((root / name).read_bytes()).hex() != recorded
    except OSError:
        return name.startswith("src/") or (root / ".." / "node_modules").is_dir()
