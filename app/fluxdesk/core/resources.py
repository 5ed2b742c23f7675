"""Finds the files that travel with the program: `resources/` of a checkout or of the wheel, and the two fonts.

Only looks; nothing is read, created or imported here, and nothing happens at import.
"""

from pathlib import Path

FONT_PACKAGES = ("fontpkg_inter", "fontpkg_jetbrains_mono")
"""Packages whose `files/` folder holds the variable fonts (docs/adr/0004-fonts.md)."""


class ResourceMissing(FileNotFoundError):
    """The installation lacks a file it should carry; the message names it and says where it was looked for."""


def roots() -> tuple[Path, ...]:
    """Folders searched, in order: beside the package (wheel), then at the root of the checkout."""
    package = Path(__file__).resolve().parents[1]
    return (package / "resources", package.parents[1] / "resources")


def path(name: str) -> Path:
    """The file or folder `name`, a relative path such as `layouts/pumpfun.json`.

    Raises:
        ResourceMissing: it is in none of the roots.
    """
    for root in roots():
        if (found := root / name).exists():
            return found
    places = ", ".join(str(root) for root in roots())
    raise ResourceMissing(f"The file {name} of Fluxdesk is not in {places}. Install Fluxdesk again.")


def checkout() -> Path | None:
    """Root folder of the checkout this package runs from, or None when it was installed as a wheel."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() and (root / "app" / "fluxdesk").is_dir() else None


def font_files() -> tuple[Path, ...]:
    """TrueType files of Inter and JetBrains Mono (upright, italic); a family whose package is missing is left out."""
    from importlib.util import find_spec

    found: list[Path] = []
    for package in FONT_PACKAGES:
        spec = find_spec(package)
        for location in (spec.submodule_search_locations or ()) if spec else ():
            found += sorted(Path(location, "files").glob("*.ttf"))
    return tuple(found)
