"""Builds the C kernel with the compiler of PyPI `ziglang`; run at install, or by `python -m fluxdesk.native.build`.

The library is freestanding (no libc, no Python headers), so one build serves every Python and every libc of a machine
type; equal sources and an equal compiler give equal bytes. It is never needed: without it the fallbacks run.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

LIBRARY = "kernel.so"
SOURCES = Path(__file__).with_name("src")
_TARGETS = {"x86_64": ("x86_64-linux-none", "x86_64_v2"), "aarch64": ("aarch64-linux-none", "generic")}
_FLAGS = ("-std=c11", "-O3", "-ffreestanding", "-nostdlib", "-shared", "-fPIC", "-s", "-fvisibility=hidden")
_WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Wno-sign-conversion", "-Werror")


class KernelBuildError(Exception):
    """The kernel could not be built; the message says why, and the fallbacks are used instead."""


def build(out_dir: Path, extra_flags: Sequence[str] = ()) -> Path:
    """Compile `src/*.c` into `out_dir/kernel.so` and return that path. `extra_flags` are for builds under test.

    Raises:
        KernelBuildError: no `ziglang` in this Python, a machine type without a target here, or a compiler error.
    """
    machine = os.uname().machine
    if machine not in _TARGETS:
        raise KernelBuildError(f"no kernel for machine type {machine}; the Python fallback is used")
    target, cpu = _TARGETS[machine]
    sources = [source.name for source in sorted(SOURCES.glob("*.c"))]
    out_dir.mkdir(parents=True, exist_ok=True)
    library = (out_dir / LIBRARY).absolute()
    with tempfile.TemporaryDirectory(dir=out_dir, prefix=".kernel-") as scratch:
        fresh = Path(scratch).absolute() / LIBRARY
        command = [
            sys.executable,
            "-m",
            "ziglang",
            "cc",
            "-target",
            target,
            f"-mcpu={cpu}",
            *_FLAGS,
            *_WARNINGS,
            *extra_flags,
        ]
        done = subprocess.run(  # noqa: S603 - our own compiler on our own sources
            [*command, "-o", str(fresh), *sources], cwd=SOURCES, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise KernelBuildError(f"the C kernel did not compile; the Python fallback is used\n{done.stderr.strip()}")
        os.replace(fresh, library)
    return library


if __name__ == "__main__":
    print(build(Path(__file__).parent))
