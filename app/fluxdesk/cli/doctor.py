"""`fluxdesk doctor`: what this installation has and lacks, in words. Looks at this machine only; contacts no one.

Each finding is `ok`, `note` (works, with less) or `missing` (something does not work), with what to do about it.
"""

import contextlib
import os
import platform
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import msgspec

from fluxdesk.core.paths import Mode, Profile, runtime_dir

State = Literal["ok", "note", "missing"]

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""System libraries that Qt's X11 platform needs and PySide6-Essentials does not bring, with their Debian packages."""


class Finding(msgspec.Struct, frozen=True):
    """One line of the report."""

    name: str
    state: State
    detail: str
    advice: str | None = None


def run(json: bool, missing_packages: bool) -> int:
    """Print the findings. Exit code 1 if something is missing."""
    if missing_packages:
        print(" ".join(sorted(lacking_packages())))
        return 0
    worst = 0
    for finding in findings():
        if json:
            print(msgspec.json.encode(finding).decode())
        else:
            print(f"{finding.state:<8} {finding.name:<18} {finding.detail}")
            if finding.advice:
                print(f"{'':<27} {finding.advice}")
        worst = max(worst, 1 if finding.state == "missing" else 0)
    return worst


def findings() -> Iterator[Finding]:
    """The whole report, in reading order."""
    yield _program()
    yield Finding(
        "python", "ok", f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}"
    )
    yield from _qt()
    yield _display()
    yield _kernel()
    yield _fonts()
    yield _resources()
    yield _runtime_folder()
    yield from _sockets()
    for mode in get_args(Mode):
        yield from _profile(Profile.of(mode))


def lacking_packages() -> set[str]:
    """Debian packages of the system libraries that the window needs and the loader does not find."""
    import ctypes

    lacking = set()
    for library, package in QT_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            lacking.add(package)
    return lacking


def _program() -> Finding:
    from fluxdesk import __version__
    from fluxdesk.core.resources import checkout

    root = checkout()
    return Finding("fluxdesk", "ok", f"{__version__}, {'checkout ' + str(root) if root else 'installed as a package'}")


def _qt() -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        yield Finding("qt", "ok", f"PySide6-Essentials {version('PySide6-Essentials')}")
    except PackageNotFoundError:
        yield Finding("qt", "missing", "PySide6-Essentials is not installed", "Run make install.")
        return
    lacking = sorted(lacking_packages())
    if lacking:
        advice = f"Run: apt-get install {' '.join(lacking)}"
        yield Finding("qt libraries", "missing", f"{len(lacking)} system libraries of the window are missing", advice)
    else:
        yield Finding("qt libraries", "ok", f"all {len(QT_LIBRARIES)} found")


def _display() -> Finding:
    from fluxdesk.cli.desktop import has_display

    if not has_display():
        advice = "fluxdesk watch shows launches in the terminal."
        return Finding("display", "note", "none; the window cannot open here", advice)
    names = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    return Finding("display", "ok", ", ".join(f"{name}={os.environ[name]}" for name in names if os.environ.get(name)))


def _kernel() -> Finding:
    from fluxdesk.native import kernel

    if kernel() is not None:
        return Finding("kernel", "ok", "the C kernel is loaded")
    if os.environ.get("FLUXDESK_NO_KERNEL") == "1":
        return Finding("kernel", "note", "switched off by FLUXDESK_NO_KERNEL; results are the same, slower")
    advice = "Run python -m fluxdesk.native.build with the package ziglang installed; it says why it fails."
    return Finding(
        "kernel", "note", "not built for this machine: the fallback runs; results are the same, slower", advice
    )


def _fonts() -> Finding:
    from fluxdesk.core.resources import FONT_PACKAGES, font_files

    files = font_files()
    if len({f.parent for f in files}) == len(FONT_PACKAGES):
        return Finding("fonts", "ok", "Inter and JetBrains Mono")
    return Finding("fonts", "note", "the program's fonts are missing; system fonts are used", "Run make install.")


def _resources() -> Finding:
    from fluxdesk.core.resources import ResourceMissing, path

    try:
        tables = sorted(f.stem for f in path("layouts").glob("*.json"))
    except ResourceMissing as missing:
        return Finding("layouts", "missing", str(missing))
    return Finding("layouts", "ok" if tables else "missing", ", ".join(tables) or "no layout table is installed")


def _runtime_folder() -> Finding:
    folder = runtime_dir()
    try:
        info = folder.lstat()
    except FileNotFoundError:
        return Finding("runtime folder", "ok", f"{folder}, made at the node's first start")
    except OSError as e:
        return Finding(
            "runtime folder", "missing", f"{folder}: {e.strerror}", "Set FLUXDESK_RUNTIME to a folder of yours."
        )
    if info.st_uid != os.getuid() or stat.S_IMODE(info.st_mode) != 0o700 or not stat.S_ISDIR(info.st_mode):
        detail = f"{folder} belongs to user {info.st_uid} with mode {stat.S_IMODE(info.st_mode):o}; the node refuses it"
        return Finding("runtime folder", "missing", detail, "Make it yours with mode 700, or set FLUXDESK_RUNTIME.")
    return Finding("runtime folder", "ok", str(folder))


def _sockets() -> Iterator[Finding]:
    import socket

    try:
        paths = sorted(runtime_dir().glob("node-*.sock"))
    except OSError:  # the folder's own finding says so
        return
    for path in paths:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            try:
                line.connect(str(path))
            except OSError:
                yield Finding("socket", "note", f"{path}: left behind, no node answers", "The next node removes it.")
            else:
                yield Finding("socket", "ok", f"{path}: a node is listening")


def _profile(profile: Profile) -> Iterator[Finding]:
    name = f"{profile.mode} data"
    folder = profile.folder
    try:
        is_used = folder.exists()
    except OSError as e:
        yield Finding(name, "missing", f"{folder}: {e.strerror}", "Give it to your user or use --data.")
        return
    if not is_used:
        yield Finding(name, "ok", f"{folder}, not used yet")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(name, "missing", f"{folder} cannot be written", "Give it to your user or use --data.")
    else:
        size = _size(folder)
        yield Finding(name, "ok", f"{folder}, {size / 1e6:,.1f} MB, {_free(folder)} free")
    yield from _settings(profile)


def _size(folder: Path) -> int:
    """Bytes of everything in it; what a running node removes meanwhile does not count."""
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            about = path.lstat()
            size += about.st_size if stat.S_ISREG(about.st_mode) else 0
    return size


def _settings(profile: Profile) -> Iterator[Finding]:
    """What the settings of a profile say, without moving a corrupt file as a program that uses it would."""
    from fluxdesk.core.redaction import redact
    from fluxdesk.core.settings_file import inspect

    name = f"{profile.mode} settings"
    looked = inspect(profile.settings)
    for problem in looked.problems:
        yield Finding(name, "note", redact(problem), "fluxdesk settings set or reset mends it.")
    if profile.mode == "live":
        for key in ("solana_rpc", "solana_http", "evm_rpc"):
            for endpoint in looked.settings.lines(key):
                yield Finding("endpoint", "ok", f"{redact(endpoint)} ({key}, not contacted)")


def _free(folder: Path) -> str:
    import shutil

    return f"{shutil.disk_usage(folder).free / 1e9:,.1f} GB"
