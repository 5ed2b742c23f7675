"""Files that travel with the program are found from a checkout and from a wheel."""

from pathlib import Path

import pytest

from fluxdesk.core import resources


def test_a_checkout_is_recognised_by_its_project_file() -> None:
    root = resources.checkout()
    assert root is not None
    assert (root / "pyproject.toml").is_file()


def test_the_folder_beside_the_package_wins_over_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel, tree = tmp_path / "wheel", tmp_path / "tree"
    for folder in (wheel, tree):
        folder.mkdir()
        (folder / "a.json").write_text(folder.name)
    (tree / "b.json").write_text("only here")
    monkeypatch.setattr(resources, "roots", lambda: (wheel, tree))
    assert resources.path("a.json").read_text() == "wheel"
    assert resources.path("b.json").read_text() == "only here"


def test_a_missing_file_is_named_with_the_places_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "roots", lambda: (tmp_path,))
    with pytest.raises(resources.ResourceMissing, match=r"layouts/none\.json .* not in"):
        resources.path("layouts/none.json")


def test_both_font_families_are_installed_with_the_program() -> None:
    names = [f.name for f in resources.font_files()]
    assert any(n.startswith("Inter[") for n in names)
    assert any(n.startswith("JetBrainsMono[") for n in names)


def test_without_the_font_packages_there_are_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "FONT_PACKAGES", ("fluxdesk_no_such_package",))
    assert resources.font_files() == ()
