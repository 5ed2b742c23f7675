"""The build hook puts the kernel where it belongs, and a machine that cannot compile it still gets a package."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from kernel_hook import NATIVE, KernelHook

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / NATIVE, tmp_path / NATIVE, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    return tmp_path


def initialized(tree: Path, version: str) -> dict[str, Any]:
    data: dict[str, Any] = {"force_include": {}, "pure_python": True}
    hook = KernelHook(str(tree), {}, None, None, str(tree / "dist"), "wheel")
    hook.initialize(version, data)
    return data


def test_a_wheel_carries_kernel_and_resources_and_is_tagged_for_this_machine(tree: Path) -> None:
    data = initialized(tree, "standard")
    assert set(data["force_include"].values()) == {"fluxdesk/resources", "fluxdesk/native/kernel.so"}
    assert data["pure_python"] is False
    assert data["tag"].startswith("py3-none-linux_")
    assert not (tree / NATIVE / "kernel.so").exists()


def test_an_editable_install_gets_the_kernel_beside_its_sources(tree: Path) -> None:
    data = initialized(tree, "editable")
    assert (tree / NATIVE / "kernel.so").is_file()
    assert data == {"force_include": {}, "pure_python": True}


def test_a_kernel_that_does_not_compile_is_said_and_left_out(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / NATIVE / "src" / "broken.c").write_text("this is no C\n")
    data = initialized(tree, "standard")
    assert set(data["force_include"].values()) == {"fluxdesk/resources"}
    assert data["pure_python"] is True
    assert "fallback" in capsys.readouterr().err
