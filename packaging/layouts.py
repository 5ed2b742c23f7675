"""Build `resources/layouts/<venue>.json` from the launchpads' npm packages and our own tables (`make layouts`).

`layout_sources/manifest.json` names every package with exact versions and sha512 integrity; a tarball that does not
match stops the build. The same inputs give the same bytes. The formats are described in `docs/layouts.md`.

Usage: python packaging/layouts.py [--cache FOLDER] [--out FOLDER] [VENUE...]
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from layout_build.bundles import idls_in  # noqa: E402
from layout_build.merge import merge  # noqa: E402
from layout_build.render import render  # noqa: E402
from layout_build.snapshot import LayoutError, Snapshot, cut, from_idl, from_table  # noqa: E402

SOURCES = HERE / "layout_sources"
NPM_TIMEOUT_S = 120


def tarball(package: str, version: str, integrity: str, cache: Path) -> bytes:
    """The npm tarball of one version, from the cache or through `npm pack`.

    Raises:
        LayoutError: its sha512 is not the one in the manifest.
    """
    file = cache / f"{package.replace('@', '').replace('/', '-')}-{version}.tgz"
    if not file.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", f"{package}@{version}", "--silent", "--pack-destination", str(cache)]
        subprocess.run(command, check=True, capture_output=True, timeout=NPM_TIMEOUT_S)  # noqa: S603
    data = file.read_bytes()
    if integrity != "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode():
        raise LayoutError(f"{package}@{version}: the tarball's sha512 is not the one in the manifest")
    return data


def snapshots(venue: dict[str, Any], cache: Path) -> list[Snapshot]:
    """Every version of a venue's program, oldest first: in the order of the manifest's sources.

    Raises:
        LayoutError: a package holds no IDL of the program, or more than one.
    """
    out: list[Snapshot] = []
    for source in venue["sources"]:
        if "table" in source:
            table = json.loads((SOURCES / source["table"]).read_text())
            out.append(from_table(source["table"], table))
            continue
        for version, integrity in source["versions"]:
            label = f"{source['package']}@{version}"
            found = idls_in(tarball(source["package"], version, integrity, cache), venue["program"])
            if len(found) != 1:
                raise LayoutError(f"{label}: {len(found)} IDLs of {venue['program']}")
            snapshot = from_idl(label, found[0], venue["events"], venue["market"])
            out.append(cut(snapshot, venue.get("cut", {}).get(label, {})))
    return out


def sources_of(venue: dict[str, Any]) -> list[dict[str, str]]:
    """The table's `sources`: one entry a version, or the text of one of our own tables."""
    out: list[dict[str, str]] = []
    for source in venue["sources"]:
        if "table" in source:
            out.append({"text": json.loads((SOURCES / source["table"]).read_text())["source"]})
            continue
        for version, integrity in source["versions"]:
            out.append(
                {
                    "package": source["package"],
                    "version": version,
                    "licence": source["licence"],
                    "integrity": integrity,
                }
            )
    return out


def build(name: str, venue: dict[str, Any], cache: Path) -> dict[str, Any]:
    """The finished table of one venue."""
    return {
        "venue": name,
        "program": venue["program"],
        "sources": sources_of(venue),
        **merge(snapshots(venue, cache)),
    }


def main() -> int:
    """Write the tables of the named venues, or of all; 2 with one line when a source is not what the manifest says."""
    root = HERE.parent
    parser = argparse.ArgumentParser(description="Build the layout tables.")
    parser.add_argument("venues", nargs="*", metavar="VENUE")
    parser.add_argument("--cache", type=Path, default=root / ".cache" / "layouts")
    parser.add_argument("--out", type=Path, default=root / "resources" / "layouts")
    asked = parser.parse_args()
    manifest = json.loads((SOURCES / "manifest.json").read_text())
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in asked.venues or sorted(manifest):
        try:
            table = build(name, manifest[name], asked.cache)
        except (LayoutError, subprocess.SubprocessError) as reason:
            print(f"{name}: not built, the table on disk is unchanged. {reason}", file=sys.stderr)
            return 2
        (asked.out / f"{name}.json").write_text(render(table))
        print(f"{name}: {len(table['events'])} events, {len(table['instructions'])} instructions")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
