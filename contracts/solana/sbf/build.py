"""Compile one C file into a Solana program with the compiler inside the `ziglang` wheel, and our own linker.

Zig's clang knows the BPF target but its linker does not. The same source gives the same bytes in any folder:
no debug information, no paths, no time.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from sbf.linker import link

SOLANA = Path(__file__).resolve().parents[1]
FLAGS = [
    *("-target", "bpfel-freestanding", "-mcpu=v2", "-std=c11", "-O2", "-g0", "-ffreestanding", "-fno-builtin"),
    *("-fno-sanitize=all", "-fno-strict-aliasing", "-fno-jump-tables", "-mllvm", "-bpf-stack-size=4096"),
    *("-Wall", "-Wextra", "-Werror"),
]


class CannotCompile(Exception):
    """The compiler's own words."""


def build(source: Path, include: Path = SOLANA / "include") -> bytes:
    """The program as a shared object. Raises `CannotCompile`, `CannotLink`."""
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "program.o"
        command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, f"-I{include}", "-c", str(source)]
        done = subprocess.run([*command, "-o", str(compiled)], check=False, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            raise CannotCompile(done.stderr)
        return link(compiled.read_bytes())
