"""Compile one C file into a Solana program with the compiler inside the `ziglang` wheel, and our own linker.

Zig's clang knows the BPF target but its linker does not, and the Solana toolchain is in no package registry.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
FLAGS = [
    *("-target", "bpfel-freestanding", "-mcpu=v2", "-O2", "-ffreestanding", "-fno-builtin", "-fno-sanitize=all"),
    *("-mllvm", "-bpf-stack-size=4096", "-Wall", "-Werror"),
]


def build(source: Path) -> bytes:
    """The program as a shared object. Raises `subprocess.CalledProcessError` with the compiler's words."""
    from tools.sbf.linker import link

    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "program.o"
        command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, "-c", str(source), "-o", str(compiled)]
        subprocess.run(command, check=True, capture_output=True, text=True)
        return link(compiled.read_bytes())
