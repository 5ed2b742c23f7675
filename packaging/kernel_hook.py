"""Hatch build hook: puts the compiled C kernel and `resources/` where the installed package looks for them.

A wheel carries both inside the package and is tagged for this machine type. An editable install gets the kernel beside
its sources and reads `resources/` from the checkout. Where the kernel does not compile the build goes on without it:
the package then runs its fallback, and `fluxdesk doctor` says so.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIVE = Path("app", "fluxdesk", "native")


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles the kernel with `fluxdesk.native.build`, loaded by its path because the package is not installed yet."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the kernel and the resources to the wheel, or the kernel to the checkout when `version` is editable."""
        root = Path(self.root)
        editable = version == "editable"
        if not editable:
            build_data["force_include"][str(root / "resources")] = "fluxdesk/resources"
        builder = _load(root / NATIVE / "build.py")
        try:
            library = builder.build(root / NATIVE if editable else root / "build" / "kernel")
        except builder.KernelBuildError as error:
            print(f"fluxdesk: {error}", file=sys.stderr)
            return
        if not editable:
            build_data["force_include"][str(library)] = f"fluxdesk/native/{library.name}"
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{_platform()}"


def _load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("fluxdesk_kernel_build", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _platform() -> str:
    import sysconfig

    return sysconfig.get_platform().replace("-", "_").replace(".", "_")
