# ruff: noqa: INP001 - a program of its own, not a package
"""Build and unit-test Move packages with the compiler that npm's `@initia/builder.js` carries.

    python compiler.py build|test PACKAGE [FILTER]

The library is loaded only when its hash is the recorded one, and only in a process of its own: it prints what it likes,
and a panic inside it ends the process. No node and no network are used. It is a tool for development: its licence
(Business Source) forbids more, and nothing of it is shipped.

Arguments cross the border in BCS (Binary Canonical Serialization, docs.rs/bcs); the fields and their order are those of
`dist/types/bcs.js` and `dist/compiler.js` in the npm package.
"""

import ctypes
import hashlib
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LIBRARY_SHA256 = {
    "x86_64": "5f16fe2eeebdc2b460d73707791a09f27c45909c03b47f22061475bbbd923102",
    "aarch64": "5c3317b6d805bedcd5e865cb19cd29af6bbf3e404d82d0f39decbd957a16e5e8",
}
"""libcompiler.<machine>.so of @initia/builder.js 0.2.12."""
BYTECODE_VERSION = 7
LANGUAGE_VERSION = "2.1"
_LIBRARIES = Path(__file__).resolve().parents[2] / "node_modules" / "@initia" / "builder.js" / "library"
_TIMEOUT = 300.0


class CompilerMissing(Exception):
    """The library is not installed, not made for this machine, or not the recorded one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the compiler said. `ok` is its own verdict; `output` is all that it printed."""

    ok: bool
    output: str


def library() -> Path:
    """The compiler's library, its hash checked.

    Raises:
        CompilerMissing: with what to do about it.
    """
    machine = platform.machine()
    expected = LIBRARY_SHA256.get(machine)
    if sys.platform != "linux" or expected is None:
        raise CompilerMissing(f"the Move compiler is recorded for Linux on x86_64 and aarch64, not for {machine}")
    path = _LIBRARIES / f"libcompiler.{machine}.so"
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise CompilerMissing("the Move compiler is not installed: run npm ci in contracts/") from None
    if found != expected:
        raise CompilerMissing(f"{path.name} is not the recorded one: SHA-256 {found}, recorded {expected}")
    return path


def run(verb: str, package: Path, only: str = "", timeout: float = _TIMEOUT) -> Outcome:
    """`build` or `test` a package in a process of its own; `only` picks tests whose name contains it.

    Raises:
        CompilerMissing: no compiler, or not the recorded one.
        subprocess.TimeoutExpired: it took longer than `timeout` seconds.
    """
    library()
    command = [sys.executable, "-I", str(Path(__file__).resolve()), verb, str(package), only]
    done = subprocess.run(  # noqa: S603 - our own file, no shell
        command, capture_output=True, text=True, timeout=timeout, check=False, env={}
    )
    return Outcome(done.returncode == 0, done.stdout + done.stderr)


class _Bytes(ctypes.Structure):
    _fields_ = (("is_nil", ctypes.c_bool), ("data", ctypes.c_char_p), ("length", ctypes.c_size_t))


class _Owned(ctypes.Structure):
    _fields_ = (
        ("is_none", ctypes.c_bool),
        ("data", ctypes.c_void_p),
        ("length", ctypes.c_size_t),
        ("capacity", ctypes.c_size_t),
    )


def _size(value: int) -> bytes:
    """ULEB128, as BCS writes lengths."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _text(value: str) -> bytes:
    return _size(len(value.encode())) + value.encode()


def _some(value: str) -> bytes:
    return b"\x01" + _text(value)


def _flags(*values: bool) -> bytes:
    return bytes(values)


def arguments(package: str, test: bool) -> bytes:
    """What both entry points are told about a package, in BCS."""
    dev, docs, abis = False, False, not test
    force, fetch_only, skip_fetch = True, False, True
    return (
        _some(package)
        + _flags(False)
        + _flags(dev, test, docs, abis)
        + _some("")
        + _flags(force, fetch_only, skip_fetch)
        + BYTECODE_VERSION.to_bytes(4, "little")
        + _text(LANGUAGE_VERSION)
        + _text(LANGUAGE_VERSION)
        + _size(0)
    )


def _inside(verb: str, package: str, only: str) -> int:
    """In the process of its own: call the library, print its error, and answer with the exit code."""
    loaded = ctypes.CDLL(str(library()))
    test = verb == "test"
    settings = arguments(package, test)
    given = [_Bytes(False, settings, len(settings))]
    if test:
        options = _some(only) + _flags(False, False, False, False)
        given.append(_Bytes(False, options, len(options)))
    function = loaded.test_move_package if test else loaded.build_move_package
    function.restype = _Owned
    error = _Owned(True, None, 0, 0)
    function(ctypes.byref(error), *given)
    if error.is_none or not error.data:
        return 0
    sys.stderr.write(ctypes.string_at(error.data, error.length).decode(errors="replace") + "\n")
    return 1


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in ("build", "test"):
        sys.exit("usage: compiler.py build|test PACKAGE [FILTER]")
    try:
        sys.exit(_inside(sys.argv[1], str(Path(sys.argv[2]).resolve()), sys.argv[3] if len(sys.argv) == 4 else ""))
    except CompilerMissing as missing:
        sys.exit(str(missing))
